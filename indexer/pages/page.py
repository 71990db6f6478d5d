"""What does a page of a book hold, as read? Lines of text, each piece with its place.

Places are in points (1/72 inch) from the upper left corner of the page. Pages count from 1, as the
file has them; the number a page prints is another thing (``printed_number``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from indexer.model import Box
from indexer.sources.row_text import row_line

_WIDE_SPACE = "\u3000\u3000"


class LineKind(StrEnum):
    """What a line is on its page."""

    TEXT = "text"
    ROW = "row"  # of a table, ruled or not
    HEAD = "head"  # comes back on page after page
    NUMBER = "number"  # - 168 -


@dataclass(frozen=True, slots=True)
class Run:
    """Characters side by side, without a wide space between them."""

    text: str
    box: Box
    column: int = 0
    """Of a row: the column of the table it stands in."""
    row: int = 0
    """Of a cell with several lines of text: the line, from the top."""


@dataclass(frozen=True, slots=True)
class PageLine:
    """One line of text, or one row of a table."""

    kind: LineKind
    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        """As a line of the document: cells of a row between tabs."""
        if self.kind is not LineKind.ROW:
            return _join(self.runs)
        width = max(run.column for run in self.runs) + 1
        cells: list[list[Run]] = [[] for _ in range(width)]
        for run in self.runs:
            cells[run.column].append(run)
        return row_line([_cell(cell) for cell in cells])

    @property
    def box(self) -> Box:
        """Around all of it."""
        return around([run.box for run in self.runs])


@dataclass(frozen=True, slots=True)
class Rule:
    """A ruled line: along ``at`` (x of an upright one, y of a level one), from ``start``."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Page:
    """One page, or one half of a sheet that shows two pages side by side."""

    number: int
    """The page of the file, from 1."""
    width: float
    height: float
    lines: tuple[PageLine, ...] = ()
    printed_number: int | None = None
    levels: tuple[Rule, ...] = ()
    """The level rules of its tables, for whoever pairs the bands of facing pages."""
    fault: str | None = None
    """Why there is no text to be had: ``image``, ``garbled``, ``scanned``."""


@dataclass(frozen=True, slots=True)
class PageBook:
    """The pages of a file, in order."""

    pages: tuple[Page, ...]


def around(boxes: Sequence[Box]) -> Box:
    """The smallest box around all of them."""
    return Box(
        min(box.x0 for box in boxes),
        min(box.y0 for box in boxes),
        max(box.x1 for box in boxes),
        max(box.y1 for box in boxes),
    )


def _cell(runs: Sequence[Run]) -> str:
    """The lines of a cell one under another."""
    rows: dict[int, list[Run]] = {}
    for run in runs:
        rows.setdefault(run.row, []).append(run)
    return "\n".join(_join(rows[row]) for row in sorted(rows))


def _join(runs: Sequence[Run]) -> str:
    return _WIDE_SPACE.join(run.text for run in runs)
