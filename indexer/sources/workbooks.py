"""Which documents does a workbook (.xlsx) hold? Every sheet with a table is one, a row is a line.

Merged cells are handed on as places, not filled in: the sheet prints them once. Hidden sheets are
drafts of somebody's and are left out, unless the manifest names them.
"""

from __future__ import annotations

import datetime
import hashlib
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import IO, Any

import orjson

from indexer.eras import find_years
from indexer.settings import LINE_CHARACTERS_MAXIMUM
from indexer.sources import refusals
from indexer.sources.document import Merge, SourceDocument, SourceFile, UnchangedDocument
from indexer.sources.number_formats import show_plain
from indexer.sources.row_text import row_line
from indexer.sources.workbook_parts import (
    BROKEN,
    WORKBOOK_PART,
    SheetFacts,
    WorkbookError,
    survey,
)

_FRONT_ROWS = 10
_ITEMS_ENOUGH = 3
_REPEATED_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    lines: tuple[str, ...]
    merges: tuple[Merge, ...]

    @property
    def front(self) -> tuple[str, ...]:
        """What its first rows say in one cell, a unit beside it or not: titles, no table."""
        rows = ([cell for cell in line.split("\t") if cell] for line in self.lines[:_FRONT_ROWS])
        return tuple(
            row[0] for row in rows if len(row) == 1 or (len(row) == 2 and "単位" in row[1])
        )

    @property
    def items(self) -> list[set[tuple[str, str]]]:
        """Of each row with figures: its names, those of no other row, each with each figure."""
        rows = [[cell for cell in line.split("\t") if cell] for line in self.lines]
        times = Counter(cell for row in rows for cell in set(row))
        pairs = (
            {(a, b) for a in row for b in row if times[a] == 1 and _is_name(a) and _is_figure(b)}
            for row in rows
        )
        return [found for found in pairs if found]

    @property
    def has_table(self) -> bool:
        """Two rows with two cells each, figures among them: a cover or a page of notes has none."""
        rows = [line for line in self.lines if "\t" in line.strip()]
        return len(rows) > 1 and any(any(c.isdigit() for c in row) for row in rows)


def _is_name(cell: str) -> bool:
    return len(cell) > 1 and not any(character.isdigit() for character in cell[-3:])


def _is_figure(cell: str) -> bool:
    return len(cell) > 1 and cell.replace(",", "").isdigit()


def is_workbook(stream: IO[bytes], head: bytes) -> bool:
    """Whether this is a zip with a workbook inside, whatever the file is called."""
    if not head.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(stream) as archive:
            return WORKBOOK_PART in archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return False
    finally:
        stream.seek(0)


def read_workbook(
    file: SourceFile, stream: IO[bytes], known: Mapping[str, str]
) -> Iterator[SourceDocument | UnchangedDocument]:
    """One document per sheet that holds a table; of those that are ``known``, the key alone.

    Raises :class:`SourceError` for a file that is broken, protected or too large.
    """
    found = _read_sheets(file, stream)
    sheets = _choose(file, found)
    visible = [sheet for sheet, is_visible in found.values() if is_visible]
    for sheet in sheets:
        front = tuple(line for other in visible if other is not sheet for line in other.front)
        repeats = next((other.name for other in sheets if _repeats(sheet, other)), None)
        content = [sheet.lines, sheet.merges, front, repeats]
        digest = hashlib.sha256(orjson.dumps(content)).hexdigest()
        name = sheet.name if len(sheets) > 1 else None
        key = (file.manifest.id if file.manifest else None) or file.shown_path
        key = f"{key}#{name}" if name else key
        fingerprint = _fingerprint(file, key, sheet.name, digest)
        if known.get(key) == fingerprint:
            yield UnchangedDocument(key)
            continue
        yield SourceDocument(
            path=f"{file.shown_path}#{name}" if name else file.shown_path,
            format="text",
            fingerprint=fingerprint,
            sha256=digest,
            encoding="utf-8",
            document_key=key,
            manifest=file.manifest,
            lines=sheet.lines,
            sheet=sheet.name,
            merges=sheet.merges,
            front=front,
            repeats=repeats,
        )


def _repeats(sheet: _Sheet, other: _Sheet) -> bool:
    """Whether most rows of a sheet are rows of a longer one: counting both would count twice.

    Sheets of different years share names and figures (last year's) and are no such thing.
    """
    years = [{found.year for found in find_years(one.name)} for one in (sheet, other)]
    own = sheet.items
    if sheet is other or years[0] != years[1] or not _ITEMS_ENOUGH <= len(own) <= len(other.items):
        return False
    there = set().union(*other.items)
    repeated = sum(not item.isdisjoint(there) for item in own)
    return repeated >= len(own) * _REPEATED_SHARE


def _fingerprint(file: SourceFile, key: str, sheet: str, digest: str) -> str:
    entry = asdict(file.manifest) if file.manifest else None
    return hashlib.sha256(orjson.dumps([digest, key, sheet, file.shown_path, entry])).hexdigest()


def _choose(file: SourceFile, sheets: Mapping[str, tuple[_Sheet, bool]]) -> list[_Sheet]:
    """The sheets the manifest names; else the visible ones with a table, else all visible ones."""
    wanted = file.manifest.sheet if file.manifest else None
    if wanted:
        for name in wanted:
            if name not in sheets:
                raise refusals.refuse(
                    file,
                    f"にシート「{name}」がない（あるのは「{'」「'.join(sheets)}」）ので、"
                    "マニフェストの sheet を直してください。",
                )
        return [sheets[name][0] for name in wanted]
    visible = [sheet for sheet, is_visible in sheets.values() if is_visible and any(sheet.lines)]
    if not visible:
        raise refusals.refuse(
            file, "は文字のあるシートがないので、中身を確かめて入手し直してください。"
        )
    return [sheet for sheet in visible if sheet.has_table] or visible


def _read_sheets(file: SourceFile, stream: IO[bytes]) -> dict[str, tuple[_Sheet, bool]]:
    """Every worksheet by name, and whether it is visible."""
    try:
        facts = survey(stream).sheets
    except WorkbookError as error:
        raise refusals.refuse(file, str(error)) from error
    from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

    stream.seek(0)
    found: dict[str, tuple[_Sheet, bool]] = {}
    try:
        with CalamineWorkbook.from_filelike(stream) as workbook:
            for metadata in workbook.sheets_metadata:
                if metadata.name not in facts:
                    continue
                values = workbook.get_sheet_by_name(metadata.name)
                rows = values.to_python(skip_empty_area=False)
                merges = values.merged_cell_ranges or []
                sheet = _sheet(file, metadata.name, rows, merges, facts[metadata.name])
                found[metadata.name] = (sheet, metadata.visible == SheetVisibleEnum.Visible)
    except CalamineError as error:
        raise refusals.refuse(file, BROKEN) from error
    return found


def _sheet(
    file: SourceFile,
    name: str,
    rows: Sequence[Sequence[Any]],
    merges: Sequence[tuple[tuple[int, int], tuple[int, int]]],
    facts: SheetFacts,
) -> _Sheet:
    places = [*facts.errors, *facts.formulas]
    height = max([len(rows), *(y + 1 for y, _ in places)])
    width = max([*map(len, rows[:1]), *(x + 1 for _, x in places)], default=0)
    lines = tuple(
        row_line([_text(_value(rows, y, x), (y, x), facts) for x in range(width)])
        for y in range(height)
    )
    for number, line in enumerate(lines, start=1):
        if len(line) > LINE_CHARACTERS_MAXIMUM:
            raise refusals.long_line(file, number, LINE_CHARACTERS_MAXIMUM)
    merged = tuple(
        Merge(top + 1, bottom + 1, left, right) for (top, left), (bottom, right) in merges
    )
    return _Sheet(name, lines, merged)


def _value(rows: Sequence[Sequence[Any]], y: int, x: int) -> Any:
    """Blank beyond the values: an error or an open formula may stand further out."""
    return rows[y][x] if y < len(rows) and x < len(rows[y]) else ""


def _text(value: object, place: tuple[int, int], facts: SheetFacts) -> str:
    """A value as the sheet shows it."""
    if place in facts.errors:
        return facts.errors[place]
    if place in facts.formulas:
        return facts.formulas[place]
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        known = facts.formats.get(place)
        return known.show(value) if known else show_plain(value)
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ", "minutes")
    return str(value)
