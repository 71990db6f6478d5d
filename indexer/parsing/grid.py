"""Where are the tables of a text, and which cells does each line hold?

A table begins at a header row and ends where a line has another shape. Cells are separated by
tabs, pipes, commas (with quotes, cells may run over lines) or columns of spaces.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from indexer.parsing.characters import fold_line
from indexer.parsing.columns import Column, Header, is_header_cell, join_headers, read_header
from indexer.parsing.layout import Layout
from indexer.parsing.lines import Line

SPACES = "  "
_DELIMITERS = ("\t", "|", ",", SPACES)
_HEADER_ROWS = 3
_HEADER_CHARACTERS = 600
_ROW_LINES_MAXIMUM = 60
_MAY_BE_HEADER = re.compile(r"予算|事業|額|年度|費|名称")
"""Words without one of which no header row is: spares looking at every line of the text."""
_HOLDS_FIGURES = re.compile(r"\d *[千百万億兆]{0,2}円|\d,\d{3}|見込額? ?:|。")


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row and the lines it stands on."""

    cells: tuple[str, ...]
    first_line: int
    last_line: int


@dataclass(slots=True)
class Grid:
    """A table: its header, its rows, and lines inside it that are only rules."""

    header: Header
    rows: list[Row]
    rules: list[int]


def find_grids(layout: Layout) -> Iterator[Grid]:
    """The tables of the book from top to bottom."""
    number = 1
    while number <= len(layout.lines):
        header = _header_at(layout, number)
        if header is None:
            number += 1
            continue
        grid, following = _read_grid(layout, header)
        yield grid
        number = max(following, number + 1)


def _header_at(layout: Layout, number: int) -> Header | None:
    line = layout.line(number)
    if len(line.text) > _HEADER_CHARACTERS or not _MAY_BE_HEADER.search(line.text):
        return None
    if _HOLDS_FIGURES.search(line.text):
        return None
    for delimiter in _DELIMITERS:
        if delimiter not in line.raw and not (
            delimiter == SPACES and re.search(r"[ \u3000]", line.raw)
        ):
            continue
        rows = _header_rows(layout, number, delimiter)
        for count in range(len(rows), 0, -1):
            columns = _columns_of(layout, rows[:count])
            if columns is not None:
                lines = list(range(rows[0].first_line, rows[count - 1].last_line + 1))
                return Header(columns, lines, delimiter)
    return None


def _header_rows(layout: Layout, number: int, delimiter: str) -> list[Row]:
    """The row at ``number`` and those below it that hold nothing but header words."""
    found: list[Row] = []
    lines = layout.lines[number - 1 : number - 1 + _HEADER_ROWS * 3]
    for row in _rows(lines, delimiter):
        if all(_is_rule_cell(cell) for cell in row.cells):
            continue
        if not all(is_header_cell(cell, layout.profile) or len(cell) <= 8 for cell in row.cells):
            break
        if found and any(re.search(r"\d{3}", fold_line(cell)) for cell in row.cells):
            break
        if not any(cell.strip() for cell in row.cells):
            break
        found.append(row)
        if len(found) == _HEADER_ROWS:
            break
    return found


def _columns_of(layout: Layout, rows: Sequence[Row]) -> list[Column] | None:
    if not rows:
        return None
    cells = list(rows[0].cells)
    for row in rows[1:]:
        if not all(is_header_cell(cell, layout.profile) for cell in row.cells):
            return None
        cells = join_headers(cells, row.cells)
    return read_header(cells, layout.profile, layout.fiscal_year)


def _read_grid(layout: Layout, header: Header) -> tuple[Grid, int]:
    grid = Grid(header, [], [])
    start = header.lines[-1] + 1
    following = start
    blanks = 0
    for row in _rows(islice(layout.lines, start - 1, None), header.delimiter):
        if row.first_line > following + blanks and header.delimiter != SPACES:
            blanks = row.first_line - following
        if row.first_line in layout.units:
            break  # another table in another unit
        if not any(cell.strip() for cell in row.cells):
            if header.delimiter in ("|", ","):
                grid.rules.append(row.first_line)
            following = row.last_line + 1
            blanks += 1
            if blanks > 2:
                break
            continue
        if all(_is_rule_cell(cell) for cell in row.cells) and len(row.cells) > 1:
            grid.rules.append(row.first_line)
            following = row.last_line + 1
            continue
        if len(row.cells) < 2 and not _spanning(row, header):
            break
        if _is_new_header(layout, row, header):
            if [c.role for c in _new_columns(layout, row) or []] == [
                c.role for c in header.columns
            ]:
                grid.rules.append(row.first_line)
                following = row.last_line + 1
                continue
            break
        blanks = 0
        grid.rows.append(row)
        following = row.last_line + 1
    while grid.rows and len(grid.rows[-1].cells) < 2:
        following = grid.rows.pop().first_line
    return grid, following


def _new_columns(layout: Layout, row: Row) -> list[Column] | None:
    return read_header(row.cells, layout.profile, layout.fiscal_year)


def _is_new_header(layout: Layout, row: Row, header: Header) -> bool:
    if header.delimiter != "," and not _MAY_BE_HEADER.search(row.cells[0] + row.cells[-1]):
        if not any(_MAY_BE_HEADER.search(cell) for cell in row.cells):
            return False
    return len(row.cells) >= 2 and _new_columns(layout, row) is not None


def _spanning(row: Row, header: Header) -> bool:
    """A line inside a table that heads the rows below it: short, and no sentence."""
    text = row.cells[0].strip() if row.cells else ""
    return header.delimiter != SPACES and 0 < len(text) <= 40 and "。" not in text


def _is_rule_cell(cell: str) -> bool:
    return bool(re.fullmatch(r"\s*:?-{2,}:?\s*", fold_line(cell)))


def _rows(lines: Iterable[Line], delimiter: str) -> Iterator[Row]:
    if delimiter == ",":
        yield from _comma_rows(lines)
        return
    for line in lines:
        yield Row(tuple(_split(line, delimiter)), line.number, line.number)


def _comma_rows(lines: Iterable[Line]) -> Iterator[Row]:
    """Comma separated rows; a quoted cell may hold line breaks."""
    numbers: list[int] = []

    def feed() -> Iterator[str]:
        for line in lines:
            numbers.append(line.number)
            yield line.raw + "\n"

    reader = csv.reader(feed(), strict=False)
    before = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            return
        first, last = numbers[before], numbers[min(reader.line_num, len(numbers)) - 1]
        if reader.line_num - before > _ROW_LINES_MAXIMUM:
            return  # a quotation mark that never closes would swallow the rest of the book
        before = reader.line_num
        yield Row(tuple(cell.strip("\n") for cell in cells), first, last)


def _split(line: Line, delimiter: str) -> list[str]:
    raw = line.raw
    if delimiter == "|":
        text = raw.strip()
        if "|" not in text:
            return [text]
        inner = text.removeprefix("|").removesuffix("|")
        return [cell.strip().replace("\\|", "|") for cell in inner.split("|")]
    if delimiter == "\t":
        return [
            cell.strip().strip('"') if cell.strip().startswith('"') else cell.rstrip()
            for cell in raw.split("\t")
        ]
    return [cell for cell in re.split(r" {2,}|\u3000+", raw.strip()) if cell]
