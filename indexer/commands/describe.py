"""``yosan describe``: what would a manifest have to say of this file?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from indexer.commands.base import declare, json_option, print_json, put
from indexer.errors import UsageError

if TYPE_CHECKING:
    from indexer.parsing.description import Description, Item, Value


@declare("describe")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@json_option
def command(file: Path, as_json: bool) -> None:
    """ファイルを見て、manifest.toml に書く項目の案を出す。

    書名、発行者、年度、単位、シート、列を、書かれているところから読み取ります。
    書かれていないものは行頭に # を付けた案にします。索引は変えません。

    例:
      yosan describe 予算書/主要事業.xlsx
      yosan describe 予算書/主要事業.csv >> 予算書/manifest.toml

    確かめて、違うところを直してから使ってください。
    """
    from indexer.parsing.description import describe
    from indexer.sources.discovery import find_files
    from indexer.sources.reading import read_documents

    if file.is_dir():
        raise UsageError(f"「{file}」はフォルダなので、ファイルを一つ指定してください。")
    (found,) = find_files([file])
    description = describe(list(read_documents(found)))
    if as_json:
        print_json(asdict(description))
    else:
        _put_entry(description)


def _put_entry(description: Description) -> None:
    from indexer.parsing.manifest_hints import quoted

    if description.says_all_itself:
        put(
            f"# {description.file} は記録ごとに値を持つので、manifest.toml に書く項目はありません。"
        )
        return
    put(f"[books.{quoted(description.file)}]")
    for item in description.items:
        put(_line(item))
    if description.unused:
        names = "」「".join(name[:20] for name in description.unused)
        put(f"# 読み取らない列: 「{names}」")


def _line(item: Item) -> str:
    """A line of TOML; what is not told, or not needed, is a comment."""
    mark = "" if item.is_told and item.is_needed else "# "
    reason = " ".join(item.reason.split())
    note = f"  # {reason}" if reason else ""
    return f"{mark}{item.key} = {_toml(item.value)}{note}"


def _toml(value: Value) -> str:
    from indexer.parsing.manifest_hints import quoted

    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, Mapping):
        pairs = (f"{role} = {_toml(words)}" for role, words in value.items())
        return f"{{ {', '.join(pairs)} }}"
    named = [quoted(word) for word in value]
    return named[0] if len(named) == 1 else f"[{', '.join(named)}]"
