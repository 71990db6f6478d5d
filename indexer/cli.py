"""What can be asked from the command line? The table of commands; each one loads when it is used.

    yosan index corpus          yosan search 生成AI          yosan ask "…の予算はいくら？"

Data goes to stdout, talk to stderr. Exit codes are those of ``indexer.errors.ExitCode``.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import click

from indexer import __version__
from indexer.commands.base import (
    JapaneseHelp,
    ReaderLeftError,
    say,
    usage_sentence,
    write_definitions,
    writing_output,
)
from indexer.errors import ExitCode, YosanError, reason_of

COMMANDS: dict[str, str] = {
    "index": "予算書を読み、索引を作る・更新する",
    "describe": "ファイルを見て、manifest.toml に書く項目の案を出す",
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
            with writing_output():
                sys.stdout.flush()
        except click.ClickException as error:
            say(usage_sentence(error))
            return error.exit_code
        except ReaderLeftError:
            _abandon_stdout()
            return ExitCode.DONE
        except YosanError as error:
            say(str(error))
            _abandon_stdout()
            return error.exit_code
        except (KeyboardInterrupt, click.Abort):
            say("中断しました。")
            return ExitCode.INTERRUPTED
        except Exception as error:
            if os.environ.get("YOSAN_DEBUG"):
                raise
            _abandon_stdout()
            say(_unexpected(error))
            return ExitCode.FAILURE
        return result if isinstance(result, int) else ExitCode.DONE


def _abandon_stdout() -> None:
    """Throw away what could not be written: Python would try, and complain, again at exit."""
    with suppress(OSError, ValueError):
        sys.stdout.flush()
        return
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _unexpected(error: Exception) -> str:
    if isinstance(error, OSError):
        place = f"「{error.filename}」で" if error.filename else ""
        return (
            f"{place}読み書きに失敗しました（{reason_of(error)}）。空きと権限を確かめてください。"
        )
    if isinstance(error, MemoryError):
        return (
            "メモリが足りないので止まりました。索引は元のままです。"
            "ほかのプログラムを終えるか、一度に読むファイルを減らしてください。"
        )
    said = " ".join(f"{type(error).__name__}: {error}".split())
    return (
        f"プログラムの誤りで止まりました（{said}）。索引は元のままです。"
        "環境変数 YOSAN_DEBUG=1 を付けると詳しい記録が出るので、添えて知らせてください。"
    )


def _open_missing_streams() -> None:
    """Under ``>&-`` a stream is not there at all; nobody reads it, so that all is well."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            mode = "r" if number == 0 else "w"
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115


def _show_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if not wanted or ctx.resilient_parsing:
        return
    click.echo(f"yosan {__version__}")
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
    _open_missing_streams()
    cli.main()
