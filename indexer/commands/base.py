"""What do all commands share? The index option, JSON output, Japanese help and error sentences."""

from __future__ import annotations

import difflib
import inspect
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, TypeVar

import click

from indexer import settings
from indexer.commands.columns import pad, width, wrap
from indexer.commands.terminal import shown, shown_data
from indexer.errors import YosanError, reason_of

Decorated = TypeVar("Decorated", bound=Callable[..., Any])
_TERM_COLUMNS = 26


class JapaneseHelp(click.Command):
    """A command whose help is Japanese: headings, line breaks as written, aligned columns."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix="使い方: ")

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write("\n")
        for line in inspect.cleandoc(self.help or "").splitlines():
            formatter.write(f"  {line}".rstrip() + "\n")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        options = [item for item in self.get_params(ctx) if isinstance(item, click.Option)]
        records = ((item.get_help_record(ctx), item.help or "") for item in options)
        rows = [(record[0], meaning) for record, meaning in records if record]
        write_definitions(formatter, "オプション", rows)
        if isinstance(self, click.Group):
            self.format_commands(ctx, formatter)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "この説明を表示して終わる。"
        return option


def write_definitions(
    formatter: click.HelpFormatter, heading: str, rows: Sequence[tuple[str, str]]
) -> None:
    """Terms and their meanings in two columns, whatever the width of their characters."""
    left = min(max(width(term) for term, _ in rows), _TERM_COLUMNS) + 4
    formatter.write(f"\n{heading}:\n")
    for term, meaning in rows:
        lines = wrap(meaning, max(formatter.width - left, _TERM_COLUMNS))
        first = pad(f"  {term}", left)
        if width(first) > left:
            formatter.write(first + "\n")
            first = " " * left
        for line in lines or [""]:
            formatter.write((first + line).rstrip() + "\n")
            first = " " * left


def declare(name: str) -> Callable[[Callable[..., Any]], click.Command]:
    """Declare the command ``name``: Japanese help, ``-h`` and ``--help``."""
    return click.command(
        name,
        cls=JapaneseHelp,
        options_metavar="[オプション]",
        context_settings={"help_option_names": ["-h", "--help"]},
    )


def index_option(function: Decorated) -> Decorated:
    """``--index DIR``: after the command, before it, from ``YOSAN_INDEX``, or ``.yosan``."""
    return click.option(
        "--index",
        metavar="DIR",
        envvar="YOSAN_INDEX",
        show_envvar=False,
        callback=_find_index,
        help="索引のフォルダ。環境変数 YOSAN_INDEX でも指定できます"
        f"（既定: {settings.DEFAULT_INDEX}）。",
    )(function)


def _find_index(ctx: click.Context, parameter: click.Parameter, value: str | None) -> Path:
    before = ctx.parent.obj if ctx.parent else None
    typed = parameter.name and ctx.get_parameter_source(parameter.name)
    if before and typed is not click.core.ParameterSource.COMMANDLINE:
        return Path(before)
    return Path(value) if value else settings.DEFAULT_INDEX


json_option = click.option(
    "--json", "as_json", is_flag=True, help="結果を JSON 一つにして標準出力に書く。"
)


def clean(text: str) -> str:
    """A typed text without the halves of characters that a terminal's wrong encoding leaves."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")


def text_argument(name: str, **extra: Any) -> Callable[[Decorated], Decorated]:
    """A positional argument that takes any typed text."""

    def read(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
        return clean(value) if value is not None else None

    return click.argument(name, callback=read, **extra)


def words_argument(name: str, **extra: Any) -> Callable[[Decorated], Decorated]:
    """Any number of words, joined by spaces: ``yosan search 防災 アプリ`` needs no quotes."""

    def join(_: click.Context, __: click.Parameter, values: Sequence[str]) -> str:
        return " ".join(clean(value) for value in values)

    return click.argument(name, nargs=-1, callback=join, **extra)


def print_json(value: Mapping[str, Any] | list[Any]) -> None:
    """Exactly one JSON document, UTF-8 whatever the terminal's encoding is."""
    import orjson

    write_bytes(orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


class ReaderLeftError(Exception):
    """Whoever read our stdout (``head``, ``less``) has seen enough."""


@contextmanager
def writing_output() -> Iterator[None]:
    """Failures of stdout by their names: a reader that left is none, a full disk is."""
    try:
        yield
    except BrokenPipeError:
        raise ReaderLeftError from None
    except OSError as error:
        raise YosanError(
            f"結果を標準出力に書き込めません（{reason_of(error)}）。出力先を確かめてください。"
        ) from error


def write_bytes(data: bytes) -> None:
    """Data for other programs, past the terminal's encoding."""
    with writing_output():
        sys.stdout.flush()
        sys.stdout.buffer.write(shown_data(data) if sys.stdout.isatty() else data)
        sys.stdout.buffer.flush()


def say(message: str) -> None:
    """Talk for the person, on stderr; when nobody can hear it, the exit code still tells."""
    with suppress(OSError):
        _print(message, sys.stderr)


def put(text: str = "") -> None:
    """A line of the result for a person, on stdout."""
    with writing_output():
        _print(text, sys.stdout)


def _print(text: str, stream: IO[str]) -> None:
    """What the terminal's encoding cannot show (``—`` under CP932, any kanji under ASCII) is
    replaced rather than raised; what is no text but a command to the terminal is spelled out."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    stream.write(shown(text).encode(encoding, "replace").decode(encoding) + "\n")


def usage_sentence(error: click.ClickException) -> str:
    """A mistake on the command line as a Japanese sentence with the way out."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error.format_message()
    help_command = "yosan --help"
    context = getattr(error, "ctx", None)
    if context is not None:
        help_command = f"{context.command_path} --help"
    return f"{_fault(error)}使い方は {help_command} で見られます。"


def _fault(error: click.ClickException) -> str:
    if isinstance(error, click.NoSuchOption):
        near = "、".join(error.possibilities or ())
        return f"オプション {error.option_name} はありません。" + (
            f"{near} のことですか。" if near else ""
        )
    if isinstance(error, click.MissingParameter):
        return f"{_name(error.param)} を指定してください。"
    if isinstance(error, click.BadOptionUsage):
        return f"オプション {error.option_name} の書き方が違います（値が要るか、値を取りません）。"
    if isinstance(error, click.BadParameter):
        value = error.message.partition(" is not")[0].strip("'")
        return f"{_name(error.param)} に「{value}」は使えません。{_allowed(error.param)}"
    message = error.format_message()
    if isinstance(error, click.UsageError) and message.startswith("No such command"):
        typed = message.removeprefix("No such command").partition(".")[0].strip(" '")
        return f"「{typed}」というコマンドはありません。{_nearest_command(error, typed)}"
    if "unexpected extra argument" in message:
        return (
            f"引数が多すぎます（{message.partition('(')[2].rstrip(').')}）。"
            "空白を含む言葉は引用符で囲んでください。"
        )
    return message


def _nearest_command(error: click.UsageError, typed: str) -> str:
    group = error.ctx.command if error.ctx else None
    known = group.list_commands(error.ctx) if isinstance(group, click.Group) and error.ctx else []
    near = difflib.get_close_matches(typed, known, n=1)
    return f"{near[0]} のことですか。" if near else ""


def _name(parameter: click.Parameter | None) -> str:
    if isinstance(parameter, click.Option):
        return max(parameter.opts, key=len)
    return parameter.human_readable_name if parameter is not None else "引数"


def _allowed(parameter: click.Parameter | None) -> str:
    kind = parameter.type if parameter is not None else None
    if isinstance(kind, click.Choice):
        return f"使えるのは {'、'.join(map(str, kind.choices))} です。"
    if isinstance(kind, click.IntRange):
        return f"{kind.min} から {kind.max} までの整数にしてください。"
    return ""
