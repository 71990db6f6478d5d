"""Which programmes do the tables of a book describe, in which unit, under which headings?

A unit stated above a table, in its header, or at the end of its title row is that table's and no
other's. Headings between the tables and inside them count alike, by their line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from indexer.model import Severity
from indexer.parsing import patterns
from indexer.parsing.cells import DELIMITERS, SPACES, is_rule_line
from indexer.parsing.characters import fold_line
from indexer.parsing.columns import Header, cell_unit
from indexer.parsing.drafts import Draft
from indexer.parsing.grid import Grid, begins_table, find_grids
from indexer.parsing.layout import FoundHeading, Kind, Layout
from indexer.parsing.table_rows import TableReader

_ABOVE_HEADER = 4
"""Lines that are not blank, above a header, that may state its unit."""
_BELOW_TABLE = 3
"""Lines under a table that may be its notes."""


@dataclass(frozen=True, slots=True)
class ReadTable:
    """One table as it was read: for whoever asks what was made of it."""

    header: Header
    unit: str | None
    rows: int
    has_bare_figures: bool
    """Whether an amount of it is printed without its unit."""


@dataclass(slots=True)
class Rows:
    """What the tables of a book gave; ``place`` adds the headings of the text around them."""

    drafts: list[Draft] = field(default_factory=list)
    own_context: dict[int, set[str]] = field(default_factory=dict)
    """id of a draft → the headings its own row said."""
    departments: dict[int, str] = field(default_factory=dict)
    """Line of a row that is only a division → its name; it holds for the rows below."""
    tables: list[ReadTable] = field(default_factory=list)
    inferred_year: tuple[int, int] | None = None
    """The fiscal year the first dated header says where nothing else does, and its line."""

    def place(self, layout: Layout) -> list[Draft]:
        """Account, section, goal and division from above where the row itself says none."""
        current: dict[str, FoundHeading | None] = {}
        department: tuple[str, int] | None = None
        waiting = iter(sorted(self.drafts, key=lambda draft: draft.line))
        draft = next(waiting, None)
        for number in range(1, len(layout.lines) + 1):
            heading = layout.headings.get(number)
            if heading is not None:
                current[heading.kind] = heading
                if heading.kind == "section":
                    current["goal"] = department = None
            if number in self.departments:
                department = (self.departments[number], number)
            while draft is not None and draft.line <= number:
                self._place_one(draft, current, department)
                draft = next(waiting, None)
        return self.drafts

    def _place_one(
        self,
        draft: Draft,
        current: dict[str, FoundHeading | None],
        department: tuple[str, int] | None,
    ) -> None:
        said = self.own_context.get(id(draft), set())
        for kind in ("account", "section", "goal"):
            if kind not in said:
                setattr(draft, kind, current.get(kind))
        if not draft.departments and department:
            draft.departments.append(department)


def read_tables(layout: Layout) -> Rows:
    """Read every table; its lines leave the layout's text."""
    rows = Rows()
    units = _Units(layout)
    before: Grid | None = None
    start = 0
    for grid in find_grids(layout):
        _note_year(layout, grid.header, rows)
        above = grid.header.lines[0] - 1
        if not grid.header.is_resumed and above and is_rule_line(layout.line(above)):
            grid.rules.append(above)
        goes_on = before is not None and _goes_on(layout, before, grid)
        if not goes_on:
            start = grid.header.lines[0]
        unit = units.of(grid, before, goes_on)
        reader = TableReader(layout, grid, unit, start)
        reader.read()
        rows.tables.append(ReadTable(grid.header, unit, len(grid.rows), reader.has_bare_figures))
        rows.drafts += reader.drafts
        rows.own_context |= reader.own_context
        rows.departments |= reader.departments
        before = grid
    return rows


def _goes_on(layout: Layout, before: Grid, grid: Grid) -> bool:
    """The same columns after nothing but blank lines and page numbers: one table, two pages."""
    if grid.header.is_resumed:
        return True
    if grid.header.roles != before.header.roles:
        return False
    between = range(before.last_line + 1, grid.header.lines[0])
    return all(
        layout.kind(n) in (Kind.BLANK, Kind.FURNITURE)
        or patterns.PAGE_LINE.match(layout.line(n).text)
        for n in between
    )


def _note_year(layout: Layout, header: Header, rows: Rows) -> None:
    """Years in the header decide which column is this year's; a book that differs is told."""
    year = header.latest_year
    if year is None or header.is_resumed:
        return
    line = header.lines[0]
    if layout.fiscal_year is None:
        layout.fiscal_year = year
        rows.inferred_year = (year, line)
    elif layout.fiscal_year != year:
        layout.problem(
            line,
            "table_year_differs",
            f"{line}行目の表の見出しには{year}年度の予算額とあり、この本の年度（{layout.fiscal_year}年度）と"
            "違います。表の年度の額として読みました。",
        )


class _Units:
    """Which unit holds for which table?"""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.book: str | None = None
        """Stated in the text above, not directly above one table."""
        self.last: str | None = None
        self.seen = 0

    def of(self, grid: Grid, before: Grid | None, goes_on: bool) -> str | None:
        """The unit for the columns of the table that print none."""
        header = grid.header
        top = before.last_line + 1 if before else 1
        own = None if header.is_resumed else self._own(header, top)
        self._read_book(top, header.lines[0])
        unit = own or header.unit
        if unit is None and goes_on:
            unit = self.last
        if unit is None:
            unit = self.book or self._below(grid) or self.layout.amount_unit
        if unit is None and self.last:
            unit = self.last
            self._note_assumed(header.lines[0], unit)
        self.last = unit or self.last
        return unit

    def _own(self, header: Header, top: int) -> str | None:
        """In the header's own lines, or among the last lines above it, the nearest first."""
        for number in header.lines:
            if number in self.layout.units:
                return self.layout.units[number]
        number = header.lines[0] - 1
        for _ in range(_ABOVE_HEADER):
            while number >= top and self.layout.kind(number) is Kind.BLANK:
                number -= 1
            if number < top:
                return None
            if unit := self._stated(number):
                return unit
            if "。" in self.layout.line(number).text:
                return None
            number -= 1
        return None

    def _below(self, grid: Grid) -> str | None:
        """In the notes under the table (``※単位：千円``); above another table it is that one's."""
        number: int | None = grid.last_line
        unit: str | None = None
        for _ in range(_BELOW_TABLE + _ABOVE_HEADER):
            number = self.layout.neighbour(number, 1) if number is not None else None
            if number is None:
                return unit
            if begins_table(self.layout, number):
                return None
            unit = unit or self.layout.units.get(number)
        return unit

    def _stated(self, number: int) -> str | None:
        """A declaration in the line, or a cell that is only a unit (``,,,（千円）``)."""
        layout = self.layout
        line = layout.line(number)
        if number in layout.units:
            return layout.units[number]
        if len(line.text) > 200:
            return None
        for delimiter in DELIMITERS:
            pattern = r" {2,}|\u3000" if delimiter == SPACES else re.escape(delimiter)
            cells = [cell.strip('" ') for cell in re.split(pattern, line.raw) if cell.strip('" ')]
            if unit := next((u for cell in cells if (u := cell_unit(cell))), None):
                if len(cells) == 1 and layout.kind(number) is Kind.TEXT:
                    layout.set(number, Kind.NOTE)
                return unit
        match = re.search(r"[(\[〔]([兆億万千百十]{0,2}円)[)\]〕]\s*$", fold_line(line.raw))
        return match[1] if match else None

    def _read_book(self, top: int, header: int) -> None:
        """A declaration that stands apart from the table is one for all that follow."""
        near = header
        for _ in range(_ABOVE_HEADER):
            near -= 1
            while near >= top and self.layout.kind(near) is Kind.BLANK:
                near -= 1
        first_own = next(
            (n for n in range(header - 1, max(near, top) - 1, -1) if n in self.layout.units), None
        )
        for number in range(max(top, self.seen), header):
            if number in self.layout.units and (number != first_own or self._is_apart(number)):
                self.book = self.layout.units[number]
        self.seen = header

    def _is_apart(self, number: int) -> bool:
        """A heading between the unit and the table: the unit is the book's, not the table's."""
        below = self.layout.neighbour(number, 1)
        while below is not None and self.layout.kind(below) is not Kind.TEXT:
            below = self.layout.neighbour(below, 1)
        if below is None:
            return False
        text = self.layout.line(below).text.strip()
        return text.startswith("#") or patterns.SECTION.match(text) is not None

    def _note_assumed(self, line: int, unit: str) -> None:
        self.layout.problem(
            line,
            "assumed_unit",
            f"{line}行目からの表には単位の表示がないため、前の表と同じ{unit}として読みました。",
            Severity.NOTE,
        )


__all__ = ["ReadTable", "Rows", "read_tables"]
