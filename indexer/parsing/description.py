"""What would a manifest have to say of this book, as far as its text tells?

The entry is for a person to correct. It is read out of the layout the parser itself reads: what it
takes for a header, a unit or a year. What is printed nowhere is a proposal and marked so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from indexer import eras
from indexer.parsing.inference import Facts
from indexer.parsing.manifest_hints import UNIT_PROPOSED, manifest_key
from indexer.parsing.page_book import as_text
from indexer.parsing.tables import ReadTable, Rows, read_tables
from indexer.parsing.text_book import lay_out
from indexer.parsing.unread_tables import UNTOLD, find_unread_table
from indexer.sources.document import SourceDocument
from indexer.sources.manifest_fields import COLUMN_ROLES

Value = str | tuple[str, ...] | Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the entry."""

    key: str
    value: Value
    reason: str
    """Where it is printed, or what to look for."""
    is_told: bool = True
    """False for what the text does not say: a proposal, to be settled by a person."""
    is_needed: bool = True
    """False for what the book says by itself, so that the entry may leave it out."""


@dataclass(frozen=True, slots=True)
class Description:
    """The entry of one file, and what no field would take."""

    file: str
    items: tuple[Item, ...]
    unused: tuple[str, ...] = ()
    """Headers of columns that stay in the print only."""
    says_all_itself: bool = False
    """Records name publisher, year and unit one by one; there is nothing to add."""


@dataclass(frozen=True, slots=True)
class _Found:
    """What one document (a text, or one sheet) tells."""

    source: SourceDocument
    facts: Facts
    rows: Rows
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    proposed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Roles that the header does not tell."""
    line: int | None = None


def describe(sources: Sequence[SourceDocument]) -> Description:
    """The entry for the file the documents come from. Raises ``SourceError`` for garbage."""
    file = manifest_key(sources[0])
    if sources[0].format == "pages":
        text, is_statement = as_text(sources[0])
        if is_statement:
            return Description(file, tuple(_facts(_look(text))))
        sources = [text]
    if sources[0].format != "text":
        return Description(file, (), says_all_itself=True)
    found = [_look(source) for source in sources]
    items = (*_facts(found[0]), *_unit(found), *_sheets(found), *_columns(found))
    unused = (name for one in found for table in one.rows.tables for name in table.header.unused)
    return Description(file, items, tuple(dict.fromkeys(unused)))


def _look(source: SourceDocument) -> _Found:
    layout, facts = lay_out(source)
    rows = read_tables(layout)
    if rows.inferred_year is not None:
        facts.infer_year(*rows.inferred_year)
    columns = _roles(rows.tables[0]) if rows.tables else {}
    line = rows.tables[0].header.lines[0] if rows.tables else None
    if any(table.header.index("amount") is not None for table in rows.tables):
        return _Found(source, facts, rows, columns, line=line)
    unread = find_unread_table(layout)
    guesses = unread.guesses if unread else {}
    proposed = {role: (words,) for role, words in guesses.items() if words != UNTOLD}
    return _Found(source, facts, rows, columns, proposed, unread.line if unread else line)


def _roles(table: ReadTable) -> dict[str, tuple[str, ...]]:
    """Role → its headers; roles a manifest cannot name stay out."""
    columns: dict[str, tuple[str, ...]] = {}
    for column in table.header.columns:
        if column.role in COLUMN_ROLES and column.name:
            columns[column.role] = (*columns.get(column.role, ()), column.name)
    return columns


def _facts(found: _Found) -> Iterator[Item]:
    facts, entry = found.facts, found.source.manifest
    year = facts.fiscal_year
    values = {
        "title": facts.title.removesuffix(f"（{found.source.sheet}）"),
        "publisher": facts.publisher.name if facts.publisher else None,
        "publisher_code": facts.publisher.code if facts.publisher else None,
        "fiscal_year": eras.fiscal_year_label(year) if year is not None else None,
    }
    proposals = {"title": "令和7年度 主要事業一覧", "publisher": "○○市", "fiscal_year": "令和7年度"}
    for key, value in values.items():
        if value:
            stated = entry is not None and getattr(entry, key) is not None
            by_itself = "公的な団体コード" if key == "publisher_code" else ""
            reason = "manifest.toml" if stated else facts.reasons.get(key, by_itself)
            yield Item(key, value, reason)
        elif key in proposals:
            yield Item(key, proposals[key], "どこにも書かれていません", is_told=False)


def _unit(found: Sequence[_Found]) -> Iterator[Item]:
    """Only what is printed is a fact; a bare figure asks the person."""
    tables = [table for one in found for table in one.rows.tables]
    entry = found[0].source.manifest
    if entry is not None and entry.amount_unit:
        yield Item("amount_unit", entry.amount_unit, "manifest.toml")
    elif any(table.has_bare_figures for table in tables) or any(one.proposed for one in found):
        reason = "単位がどこにも書かれていないので、原本で確かめてください"
        yield Item("amount_unit", UNIT_PROPOSED, reason, is_told=False)
    else:
        units = {table.unit or table.header.unit for table in tables} - {None}
        for unit in sorted(filter(None, units)):
            yield Item("amount_unit", unit, "表に書かれているので要りません", is_needed=False)


def _sheets(found: Sequence[_Found]) -> Iterator[Item]:
    names = tuple(one.source.sheet for one in found if one.source.sheet)
    if names:
        yield Item("sheet", names, "読むシート。選ぶときだけ要ります", is_needed=False)


def _columns(found: Sequence[_Found]) -> Iterator[Item]:
    """The columns all sheets have alike, and what the header of one does not tell."""
    first, *others = found
    shared = {
        role: words
        for role, words in first.columns.items()
        if all(one.columns.get(role) == words for one in others)
    }
    asking = next((one for one in found if one.proposed), None)
    if asking is not None:
        where = f"シート「{asking.source.sheet}」の" if others else ""
        reason = f"{where}{asking.line}行目の見出しから、正しい列を選んでください"
        yield Item("columns", {**asking.columns, **asking.proposed}, reason, is_told=False)
    elif shared:
        yield Item("columns", shared, f"{first.line}行目の見出し", is_needed=False)
