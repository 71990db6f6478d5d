"""What is each line of the book? The working sheet the steps of the parser fill in, line by line.

Every line starts as text or blank; each step turns lines it is sure of into something else. What
is still text at the end is body, or a problem.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from indexer.model import LineClaim, LineRole, Problem, Severity
from indexer.pages.book_lines import BookLines
from indexer.parsing.forecasts import ForecastLine
from indexer.parsing.heads import Figure, Head
from indexer.parsing.labels import Labels
from indexer.parsing.lines import Line
from indexer.parsing.profile import Profile
from indexer.sources.document import Merge

_STRUCTURE_CHARACTERS = 1000


class Kind(StrEnum):
    """What a line was read as."""

    BLANK = "blank"
    TEXT = "text"
    FURNITURE = "furniture"  # - 168 -
    FRONT = "front"  # 令和7年度 千代田区予算案の概要 / 目次
    NOTE = "note"  # (単位 千円), legends
    HEADING = "heading"  # <一般会計> / 5 政策経営部 / - 1 基本構想の実現に向けて
    CONTENTS = "contents"  # 組織変革の推進……………157
    HEAD = "head"  # 旧箱根千代田荘の解体 24,000千円 (— 千円)
    AMOUNT = "amount"  # 52,014千円 (33,706 千円)
    TITLE = "title"  # the title line of an amount on another line
    LABELS = "labels"  # 新規 ▶企画課
    FORECAST = "forecast"  # R8 見込額：8百万円 R9 見込額：完了
    TOTAL = "total"  # 合計 2,826,344千円
    TABLE = "table"


@dataclass(slots=True)
class FoundHeading:
    """A heading: of an ``account``, ``section``, ``goal`` or ``department``."""

    kind: str
    title: str
    line: int
    number: str | None = None
    last_line: int = 0
    page: int | None = None
    department: str | None = None
    """The division printed behind a bureau: ``総務部　防災課``."""


@dataclass(slots=True)
class DeclaredTotal:
    """A total or a count that the book prints."""

    line: int
    label: str
    figures: list[Figure]
    count: int | None = None
    section: str | None = None
    """The section (or account) it sums, when it names one."""
    starts: tuple[int, ...] = ()
    """Where the rows it may sum begin, the likeliest first (a total of a table)."""
    end: int | None = None
    """Where the rows below it end, for a total printed above them."""


@dataclass(slots=True)
class Entry:
    """A line of the contents list, or several when the title is wrapped."""

    lines: list[int]
    title: str
    page: int | None
    number: str | None = None
    account: FoundHeading | None = None
    section: FoundHeading | None = None
    goal: FoundHeading | None = None


@dataclass(slots=True)
class Layout:
    """The lines of one book and what they were read as so far."""

    path: str
    lines: Sequence[Line]
    profile: Profile
    fiscal_year: int | None
    amount_unit: str | None
    forecast_unit: str | None
    kinds: list[Kind] = field(default_factory=list)
    heads: dict[int, Head] = field(default_factory=dict)
    labels: dict[int, Labels] = field(default_factory=dict)
    forecasts: dict[int, ForecastLine] = field(default_factory=dict)
    headings: dict[int, FoundHeading] = field(default_factory=dict)
    totals: dict[int, DeclaredTotal] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    units: dict[int, str] = field(default_factory=dict)
    """Line of a unit declaration → unit; it holds until the next one."""
    pages: dict[int, int] = field(default_factory=dict)
    known_pages: BookLines | None = None
    """Of a file with pages: which line is on which, and which only belongs to its page."""
    problems: list[Problem] = field(default_factory=list)
    claims: dict[int, LineClaim] = field(default_factory=dict)
    merges: Sequence[Merge] = ()
    """Of a sheet: cells that are merged into one."""
    _merged_above: dict[tuple[int, int], int] = field(default_factory=dict)
    _unit_lines: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.kinds = [Kind.BLANK if line.is_blank else Kind.TEXT for line in self.lines]
        for merge in self.merges:
            for number in range(merge.first_line + 1, min(merge.last_line, len(self.lines)) + 1):
                self._merged_above[number, merge.first_column] = merge.first_line

    def merged_line(self, number: int, column: int) -> int | None:
        """The line above whose cell this one is merged into."""
        return self._merged_above.get((number, column))

    def kind(self, number: int) -> Kind:
        """The kind of line ``number``; blank outside the book."""
        if 1 <= number <= len(self.kinds):
            return self.kinds[number - 1]
        return Kind.BLANK

    def set(self, number: int, kind: Kind) -> None:
        """Settle what a line is."""
        self.kinds[number - 1] = kind

    def text_lines(self) -> Iterator[Line]:
        """Lines nobody has recognised so far; a line too long to be anything else is body."""
        return (
            line
            for line in self.lines
            if self.kinds[line.number - 1] is Kind.TEXT and len(line.text) <= _STRUCTURE_CHARACTERS
        )

    def unit_at(self, number: int) -> str | None:
        """The unit of a bare figure: the last declaration above, else the manifest's."""
        if len(self._unit_lines) != len(self.units):
            self._unit_lines = sorted(self.units)
        index = bisect_right(self._unit_lines, number)
        return self.units[self._unit_lines[index - 1]] if index else self.amount_unit

    def line(self, number: int) -> Line:
        """The line of that number."""
        return self.lines[number - 1]

    def neighbour(self, number: int, step: int) -> int | None:
        """The next line up (-1) or down (+1) that is neither blank nor furniture."""
        number += step
        while 1 <= number <= len(self.lines):
            if self.kinds[number - 1] not in (Kind.BLANK, Kind.FURNITURE):
                return number
            number += step
        return None

    def claim(self, number: int, role: LineRole, program: str | None = None) -> None:
        """Say whose line it is. Claiming a line twice is a mistake of the parser."""
        assert number not in self.claims, f"line {number} claimed twice"
        self.claims[number] = LineClaim(number, role, program)

    def problem(
        self, line: int | None, kind: str, message: str, severity: Severity = Severity.WARNING
    ) -> None:
        """Note a doubt."""
        self.problems.append(Problem(self.path, line, kind, message, severity))
