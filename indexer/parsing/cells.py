"""Which cells does each line of a table hold, and on which line does each cell begin?

Cells are separated by tabs, commas (with quotes, cells may run over lines), pipes (with or without
the outer ones, also the box-drawing kind) or columns of spaces. A blank cell stays a cell: what
stands right of it must not slip to the left.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.parsing.characters import fold_line
from indexer.parsing.lines import Line

SPACES = "  "
DELIMITERS = ("\t", "|", ",", SPACES)
_RECORD_LINES = 60
"""A quoted cell longer than this is a quote that never closes."""
_BOX_PIPES = str.maketrans("│┃｜", "|||")
_RULE_LINE = re.compile(r"[\s|+:=\-─━│┃┌┐└┘├┤┬┴┼┏┓┗┛┣┫┳┻╋┠┨┯┷┿╂═╞╡╪]{3,}")
_SPACED_CELL = re.compile(r"[^\s\u3000]+(?: [^\s\u3000]+)*")
_FIGURE = re.compile(r"[-△▲+]? ?[\d,.]*\d(?:%|[千百万億]{0,2}円)?|-")


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row and the lines they stand on."""

    cells: tuple[str, ...]
    first_line: int
    last_line: int
    lines: tuple[int, ...] = ()
    """The line each cell begins on, where a quoted cell runs over lines."""
    is_misfit: bool = False
    """The cells could not be told apart by the columns of the header."""

    def cell(self, index: int | None) -> str:
        """The cell of a column; blank beyond the end of the row."""
        return self.cells[index] if index is not None and index < len(self.cells) else ""

    def line(self, index: int | None) -> int:
        """The line a cell begins on."""
        if index is None or index >= len(self.lines):
            return self.first_line
        return self.lines[index]

    @property
    def filled(self) -> list[int]:
        """The columns that hold anything."""
        return [index for index, cell in enumerate(self.cells) if cell.strip()]


@dataclass(frozen=True, slots=True)
class Shape:
    """How the lines of one table are cut into cells; the header tells all but the delimiter."""

    delimiter: str
    columns: int | None = None
    is_open: bool = False
    """A pipe table whose lines begin with a cell and not with a pipe."""
    edges: tuple[tuple[int, int], ...] = ()
    """Of a table of spaces: where each header cell begins and ends on the page."""


def read_rows(lines: Sequence[Line], start: int, shape: Shape) -> Iterator[Row]:
    """The rows from line ``start`` (1-based) on, each line as a row whatever it holds."""
    number = start
    while number <= len(lines):
        row = _row_at(lines, number, shape)
        yield row
        number = row.last_line + 1


def has_delimiter(line: Line, delimiter: str) -> bool:
    """Whether the line can be cut there at all."""
    if delimiter == SPACES:
        if "\t" in line.raw or "|" in line.raw:
            return False
        return re.search(r"\S(?: {2,}| *\u3000[ \u3000]*)\S", line.raw) is not None
    if delimiter == "|":
        return "|" in line.raw.translate(_BOX_PIPES)
    return delimiter in line.raw


def is_rule(row: Row, line: Line) -> bool:
    """``|---|---:|``, ``├──┼──┤``: a line that only draws."""
    if is_rule_line(line):
        return True
    return len(row.cells) > 1 and all(
        re.fullmatch(r"\s*:?-{2,}:?\s*", fold_line(cell)) for cell in row.cells
    )


def is_rule_line(line: Line) -> bool:
    """``┌──┬──┐``, ``+---+---+``, ``-----``."""
    return bool(_RULE_LINE.fullmatch(line.raw) and re.search(r"[-─━=═]{2}", line.raw))


def spaced_edges(line: Line) -> tuple[tuple[int, int], ...]:
    """Where the cells of a line of spaced columns begin and end, in half-width columns."""
    return tuple((start, end) for _, start, end in _spaced(line.raw))


def _row_at(lines: Sequence[Line], number: int, shape: Shape) -> Row:
    raw = lines[number - 1].raw
    if shape.delimiter in (",", "\t"):
        return _record(lines, number, shape.delimiter)
    if shape.delimiter == "|":
        return Row(tuple(_split_pipes(raw, shape)), number, number)
    return _spaced_row(raw, number, shape)


def _record(lines: Sequence[Line], number: int, delimiter: str) -> Row:
    """A record of delimited cells; a quote that never closes is only a sign of its line."""
    raw = lines[number - 1].raw
    if '"' not in raw:
        return Row(tuple(raw.split(delimiter)), number, number)
    window = (lines[n].raw + "\n" for n in range(number - 1, len(lines))[:_RECORD_LINES])
    reader = csv.reader(window, delimiter=delimiter, strict=True)
    try:
        cells = next(reader)
    except (csv.Error, StopIteration):
        return Row(tuple(raw.split(delimiter)), number, number)
    at, starts = number, []
    for cell in cells:
        starts.append(at + len(cell) - len(cell.lstrip("\n")))
        at += cell.count("\n")
    last = number + reader.line_num - 1
    return Row(tuple(cell.strip("\n") for cell in cells), number, last, tuple(starts))


def _split_pipes(raw: str, shape: Shape) -> list[str]:
    text = raw if "|" in raw else raw.translate(_BOX_PIPES)
    if "|" not in text:
        return [text.strip()]
    cells = [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", text)]
    spare = len(cells) - shape.columns if shape.columns is not None else None
    is_open = shape.is_open if shape.columns is not None else bool(cells[0])
    if spare == 0:
        return cells
    if spare == 1 and is_open and not cells[-1]:
        return cells[:-1]
    if not cells[0] and (not is_open or (spare is not None and spare >= 2)):
        cells = cells[1:]
    if not cells[-1] and (shape.columns is None or len(cells) > shape.columns):
        cells = cells[:-1]
    return cells


def _spaced(raw: str) -> list[tuple[str, int, int]]:
    """Cells between runs of spaces, with the half-width columns they stand in."""
    found = []
    at = before = 0
    for match in _SPACED_CELL.finditer(raw):
        at += _width(raw[before : match.start()])
        width = _width(match[0])
        found.append((match[0], at, at + width))
        at += width
        before = match.end()
    return found


def _width(text: str) -> int:
    wide = sum(unicodedata.east_asian_width(character) in "WFA" for character in text)
    return len(text) + wide


def _spaced_row(raw: str, number: int, shape: Shape) -> Row:
    cells = _spaced(raw)
    words = tuple(word for word, _, _ in cells)
    if shape.columns is None or len(cells) in (0, shape.columns) or not shape.edges:
        return Row(words, number, number)
    placed = [""] * shape.columns
    last = -1
    for word, start, end in cells:
        column = _column_of(word, start, end, shape.edges)
        is_figure = _FIGURE.fullmatch(fold_line(word)) is not None
        if column < last or (column == last and is_figure):
            return Row(words, number, number, is_misfit=len(words) > 1)
        placed[column] = f"{placed[column]}\u3000{word}" if placed[column] else word
        last = column
    return Row(tuple(placed), number, number)


def _column_of(word: str, start: int, end: int, edges: Sequence[tuple[int, int]]) -> int:
    """Figures stand under the right edge of their header, words under the left one."""
    side = 1 if _FIGURE.fullmatch(fold_line(word)) else 0
    place = end if side else start
    overlaps = [min(end, right) - max(start, left) for left, right in edges]
    best = max(range(len(edges)), key=lambda i: overlaps[i])
    if overlaps[best] > 0:
        return best
    return min(range(len(edges)), key=lambda i: abs(edges[i][side] - place))
