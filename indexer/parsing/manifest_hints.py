"""Which line of the manifest would make this book readable? Sentences that name it exactly.

A unit or a column that nobody states is never guessed: thousand yen read as yen would be wrong by
a thousand, and no check would notice. The person who has the book knows; the line is theirs to
correct.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from indexer.errors import SourceError
from indexer.parsing.unread_tables import UnreadTable
from indexer.sources.document import SourceDocument
from indexer.sources.manifest import MANIFEST_NAME

UNIT_PROPOSED = "千円"
"""A unit to begin with; the sentence asks for the real one."""
_UNIT_LINE = f'amount_unit = "{UNIT_PROPOSED}"'
_COLUMNS_NAMED = 8


def manifest_key(source: SourceDocument) -> str:
    """Under which name a manifest beside the file speaks of it."""
    if source.manifest is not None:
        return source.manifest.file
    return source.path.partition("#")[0] if source.sheet else source.path


def manifest_heading(source: SourceDocument) -> str:
    """The first line of the book's entry: ``[books."2025/book.xlsx"]``."""
    return f"[books.{quoted(manifest_key(source))}]"


def quoted(text: str) -> str:
    """A TOML string; TOML takes what JSON writes."""
    return json.dumps(text, ensure_ascii=False)


def columns_line(columns: Mapping[str, str]) -> str:
    """``columns = { title = "取組", amount = "R7要求" }``."""
    pairs = (f"{role} = {quoted(words)}" for role, words in columns.items())
    return f"columns = {{ {', '.join(pairs)} }}"


def unit_missing(source: SourceDocument, lines: Iterable[int]) -> SourceError:
    """No amount of these tables has a unit, and no text says one."""
    first = min(lines)
    return SourceError(
        source.path,
        f"「{source.path}」の{first}行目からの表は金額の単位がどこにも書かれていないので、"
        f"{MANIFEST_NAME} の {manifest_heading(source)} の下に {_UNIT_LINE} の1行を、"
        "原本で確かめた単位（円、千円、百万円など）にして書き足してください。",
        first,
    )


def columns_missing(source: SourceDocument, table: UnreadTable, *, has_unit: bool) -> SourceError:
    """A table whose header does not tell the names or the amounts, nor perhaps the unit."""
    missing = {"title": "事業名", "amount": "予算額"}
    told = "と".join(missing[role] for role in table.guesses)
    lines = columns_line(table.guesses)
    count, correct = "1行", "正しい見出し"
    if not has_unit:
        lines = f"{lines} と {_UNIT_LINE}"
        count, correct = "2行", "正しい見出しと単位"
    return SourceError(
        source.path,
        f"「{source.path}」の{table.line}行目の見出し{_names(table)}からは{told}の列が分からないので、"
        f"{MANIFEST_NAME} の {manifest_heading(source)} の下に {lines} の{count}を、"
        f"{correct}にして書き足してください。",
        table.line,
    )


def revenue_sheet(source: SourceDocument) -> SourceError:
    """Revenue is never added to what programmes cost."""
    return SourceError(
        source.path,
        f"「{source.path}」は歳入の表で事業（歳出）ではないので、{MANIFEST_NAME} の "
        f"{manifest_heading(source)} の下に sheet で歳出のシートだけを書いてください。",
    )


def columns_not_found(
    source: SourceDocument, words: Sequence[str], table: UnreadTable | None
) -> SourceError:
    """The manifest names headers that no line of the book has."""
    there = f"（{table.line}行目の見出しは{_names(table)}）" if table else ""
    named = "」「".join(words)
    return SourceError(
        source.path,
        f"「{source.path}」にはマニフェストの columns にある見出し「{named}」がない{there}ので、"
        f"{manifest_heading(source)} の columns を印刷された見出しに直してください。",
    )


def _names(table: UnreadTable) -> str:
    return f"「{'」「'.join(name[:20] for name in table.names[:_COLUMNS_NAMED])}」"
