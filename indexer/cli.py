"""What can be asked from the command line? The table of commands; each one loads when it is used.

    yosan index corpus          yosan search 生成AI          yosan ask "…の予算はいくら？"

Data goes to stdout, talk to stderr. Exit codes are those of ``indexer.errors.ExitCode``.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from indexer import settings
from indexer.commands.base import JapaneseHelp, say, usage_sentence, write_definitions
from indexer.errors import ExitCode, YosanError

COMMANDS: dict[str, str] = {
    "index": "予算書を読み、索引を作る・更新する",
    "search": "事業を探す",
    "ask": "質問に、根拠の行を付けて答える",
    "show": "事業を一つ、印刷された行とともに見る",
    "export": "条件に合う事業をすべて書き出す（JSONL、CSV）",
    "check": "索引が壊れていないか、予算書の数字が合うかを調べる",
    "rollback": "一つ前の索引に戻す",
    "eval": "質問のファイルで、答えの正しさを測る",
    "serve": "ブラウザで使う画面を動かす",
}
"""Every command with the line the list of commands shows; ``indexer.commands.<name>`` runs it."""


class LazyGroup(JapaneseHelp, click.Group):
    """A group that imports a command's module when the command is run, and not before."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"indexer.commands.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        write_definitions(formatter, "コマンド", list(COMMANDS.items()))

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run a command line and leave with its exit code; no failure shows a stack trace."""
        code = self._run(args, prog_name=prog_name or "yosan", complete_var=complete_var, **extra)
        if standalone_mode:
            sys.exit(code)
        return code

    def _run(self, args: Sequence[str] | None, **extra: Any) -> int:
        try:
            result = super().main(args, standalone_mode=False, **extra)
            sys.stdout.flush()
        except click.ClickException as error:
            say(usage_sentence(error))
            return error.exit_code
        except YosanError as error:
            say(str(error))
            return error.exit_code
        except BrokenPipeError:
            # The reader (head, less) has seen enough. Python would complain again at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return ExitCode.DONE
        except (KeyboardInterrupt, click.Abort):
            say("中断しました。")
            return ExitCode.INTERRUPTED
        return result if isinstance(result, int) else ExitCode.DONE


def _show_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if not wanted or ctx.resilient_parsing:
        return
    click.echo(f"yosan {settings.version()}")
    ctx.exit()


@click.command(
    cls=LazyGroup,
    options_metavar="[オプション]",
    subcommand_metavar="コマンド …",
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="各コマンドの使い方と例は yosan コマンド --help で見られます。",
)
@click.option(
    "--index",
    "index",
    metavar="DIR",
    help="索引のフォルダ（コマンドの後にも書けます）。",
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help="版を表示して終わる。",
)
@click.pass_context
def cli(ctx: click.Context, index: str | None) -> None:
    """予算書を探し、質問し、金額を印刷された行までたどる。

    例:
      yosan index corpus
      yosan search 生成AI --status 拡充
      yosan ask "ホームタウンちよだ応援事業の予算はいくらですか"
    """
    ctx.obj = index


def main() -> None:
    """The entry point of the ``yosan`` command."""
    cli.main()
