"""``yosan export``: how does someone take every matching programme away?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from indexer.commands.base import (
    declare,
    index_option,
    json_option,
    say,
    words_argument,
    write_bytes,
)
from indexer.commands.filters import filter_options, read_request
from indexer.errors import ExitCode
from indexer.exports import ExportItem, csv_bytes, json_bytes, jsonl_bytes
from indexer.library import Library

_WRITERS = {"jsonl": jsonl_bytes, "csv": csv_bytes, "json": json_bytes}


@declare("export")
@words_argument("query", metavar="[言葉]...")
@click.option(
    "--format",
    "form",
    type=click.Choice(["jsonl", "csv"]),
    default="jsonl",
    metavar="形式",
    help="jsonl（既定）は再び yosan index に渡せます。"
    "csv は表計算ソフトで開けます（BOM 付き UTF-8）。",
)
@click.option("--groups", is_flag=True, help="まとめ記載（見出しを共有する事業の組）も書き出す。")
@filter_options
@index_option
@json_option
def command(query: str, form: str, groups: bool, index: Path, as_json: bool, **options: Any) -> int:
    """条件に合う事業を、件数の上限なしにすべて標準出力に書き出す。

    言葉と絞り込みは yosan search と同じです。言葉を省くと全事業です。

    例:
      yosan export > 全事業.jsonl
      yosan export --format csv --status 新規 > 新規事業.csv
      yosan export 防災 --json

    一件もなければ終了コード 3 です。
    """
    with Library.open(index, follow=False) as library:
        request = read_request(library, query, options)
        counted = _Counted(library.export(request, groups=groups))
        for piece in _WRITERS["json" if as_json else form](counted):
            write_bytes(piece)
    if not counted.count:
        say("条件に合う事業がないので、何も書き出していません。")
        return ExitCode.NOTHING_FOUND
    return ExitCode.DONE


class _Counted:
    """The items, counted as they pass."""

    def __init__(self, items: Iterable[ExportItem]) -> None:
        self.count = 0
        self._items = items

    def __iter__(self) -> Iterator[ExportItem]:
        for item in self._items:
            self.count += 1
            yield item
