"""Which table might this be, whose header nobody knows? Candidates for a person to correct.

Nothing here is read as an amount. A row of words over rows with figures is taken for a header, and
the columns that could be the name and the amount are proposed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from indexer.parsing.cells import DELIMITERS, SPACES, Row, Shape, has_delimiter, is_rule, read_rows
from indexer.parsing.characters import BREAK, fold_line
from indexer.parsing.columns import header_roles
from indexer.parsing.layout import Layout

_CELL_CHARACTERS = 40
_ROWS_LOOKED_AT = 200
_ROWS_BELOW = 20
UNTOLD = "…"
"""Stands for the header of a column that no candidate was found for."""
_FIGURE = re.compile(r"[△▲+-]? ?\d[\d,.]*(?:円|[兆億万千百十]{1,2}円)?|-")


@dataclass(frozen=True, slots=True)
class UnreadTable:
    """A header that says too little, with what its columns might hold."""

    line: int
    names: tuple[str, ...]
    has_unit: bool
    """Whether a header prints a unit."""
    guesses: Mapping[str, str]
    """``title`` and ``amount``, those of them that the header does not tell → a header cell."""


def find_unread_table(layout: Layout) -> UnreadTable | None:
    """The first header over figures."""
    for delimiter in DELIMITERS:
        if delimiter == SPACES:
            continue
        rows = _rows(layout, delimiter)
        for at, row in enumerate(rows):
            below = rows[at + 1 : at + 1 + _ROWS_BELOW]
            if _may_be_header(row) and (figures := _figure_columns(row, below)):
                return _table(layout, row, below, figures)
    return None


def _rows(layout: Layout, delimiter: str) -> list[Row]:
    found: list[Row] = []
    for row in read_rows(layout.lines, 1, Shape(delimiter)):
        line = layout.line(row.first_line)
        if has_delimiter(line, delimiter) and not is_rule(row, line) and row.filled:
            found.append(row)
        if len(found) == _ROWS_LOOKED_AT:
            break
    return found


def _may_be_header(row: Row) -> bool:
    """Short words, two at least, and no figure among them but years."""
    cells = [row.cells[index].strip() for index in row.filled]
    return len(cells) > 1 and all(
        len(cell) <= _CELL_CHARACTERS
        and "。" not in cell
        and (not _FIGURE.fullmatch(fold_line(cell)) or re.fullmatch(r"20\d\d", cell))
        for cell in cells
    )


def _figure_columns(header: Row, below: Sequence[Row]) -> list[int]:
    """Columns with a name above that hold figures in most of the rows below."""
    found = []
    for index in header.filled:
        cells = [row.cell(index).strip() for row in below if row.cell(index).strip()]
        figures = sum(_FIGURE.fullmatch(fold_line(cell)) is not None for cell in cells)
        if cells and figures * 2 > len(cells):
            found.append(index)
    return found


def _table(layout: Layout, row: Row, below: Sequence[Row], figures: Sequence[int]) -> UnreadTable:
    names = {index: BREAK.sub("", row.cells[index]).strip() for index in row.filled}
    roles = header_roles(row.cells, layout.profile)
    guesses: dict[str, str] = {}
    texts = [index for index in names if index not in figures]
    for role, candidates in (("title", texts), ("amount", figures)):
        if role in roles.values():
            continue
        free = [index for index in candidates if roles.get(index) == "other"]
        if role == "title":
            free = _most_different(free or list(candidates), below)
        guesses[role] = names[free[0]] if free else UNTOLD
    has_unit = any("円" in name for name in names.values())
    return UnreadTable(row.first_line, tuple(names.values()), has_unit, guesses)


def _most_different(columns: Sequence[int], below: Sequence[Row]) -> list[int]:
    """Names of programmes differ from row to row; kinds and divisions repeat."""

    def different(index: int) -> int:
        return len({row.cell(index).strip() for row in below if row.cell(index).strip()})

    return sorted(columns, key=lambda index: (-different(index), index))[:1]
