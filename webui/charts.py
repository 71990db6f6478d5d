"""Where do the shapes of a chart stand? Amounts → coordinates; templates draw them as SVG.

Every chart keeps the yen it draws, and its template prints the same yen in a table beside it.
Coordinates are rounded to a tenth of a unit of the chart's own ``viewBox``. An amount below zero
is drawn as nothing and said in words: a bar has no negative length.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from indexer.model import Program

COLUMN_WIDTH, COLUMN_GAP, PLOT_HEIGHT, LABEL_HEIGHT = 64, 16, 140, 28
SLOPE_HEIGHT, SLOPE_TOP, LABEL_LINE = 260, 34, 14
SPARKLINE_YEARS = 3
"""Two numbers are a change, which is said in words; a line needs three."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A horizontal bar: ``width`` in percent of the longest one."""

    label: str
    yen: int
    width: float


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a stacked share: from ``start``, ``width`` wide, in percent of the whole."""

    label: str
    yen: int
    start: float
    width: float
    place: int
    """0, 1, 2 …: which pattern and colour it is drawn in."""


@dataclass(frozen=True, slots=True)
class Column:
    """One year of a programme: drawn only when it has a number."""

    label: str
    note: str
    yen: int | None
    x: float
    y: float
    height: float
    kind: str
    """``previous``, ``amount`` or ``forecast`` (drawn hatched: a forecast is no budget)."""


@dataclass(frozen=True, slots=True)
class Columns:
    """A column chart and its frame."""

    columns: tuple[Column, ...]
    width: int
    height: int
    baseline: float


@dataclass(frozen=True, slots=True)
class Slope:
    """One line between two years."""

    label: str
    before: int
    after: int
    y_before: float
    y_after: float
    direction: str
    rank: int
    y_label: float
    """Where the rank stands beside its end: labels never overlap."""


def bars(rows: Sequence[tuple[str, int]]) -> tuple[Bar, ...]:
    """Bars in the order given, the largest amount 100 wide."""
    longest = max((yen for _, yen in rows), default=0)
    return tuple(Bar(label, yen, _percent(yen, longest)) for label, yen in rows)


def width_of(yen: int | None, longest: int) -> float:
    """The width of one bar in percent of ``longest``."""
    return _percent(yen or 0, longest)


def shares(rows: Sequence[tuple[str, int]]) -> tuple[Slice, ...]:
    """A stacked share of all amounts above zero, in the order given."""
    whole = sum(yen for _, yen in rows if yen > 0)
    slices: list[Slice] = []
    start = 0
    for place, (label, yen) in enumerate(row for row in rows if row[1] > 0):
        left, right = _percent(start, whole), _percent(start + yen, whole)
        slices.append(Slice(label, yen, left, round(right - left, 1), place))
        start += yen
    return tuple(slices)


def figures(program: Program, year: int | None, labels: dict[str, str]) -> Columns:
    """Last year, this year and the forecasts of one programme, oldest first."""
    rows: list[tuple[str, str, int | None, str]] = [
        (_year(year, -1), labels["previous"], program.previous_amount.yen, "previous"),
        (_year(year, 0), labels["amount"], program.amount.yen, "amount"),
    ]
    for forecast in program.forecasts:
        label = _year(forecast.fiscal_year, 0)
        rows.append((label, labels["forecast"], forecast.amount.yen, "forecast"))
    highest = max((yen for _, _, yen, _ in rows if yen), default=0)
    columns = []
    for place, (label, note, yen, kind) in enumerate(rows):
        height = round(PLOT_HEIGHT * max(yen or 0, 0) / highest, 1) if highest else 0.0
        x = COLUMN_GAP + place * (COLUMN_WIDTH + COLUMN_GAP)
        y = LABEL_HEIGHT + PLOT_HEIGHT - height
        columns.append(Column(label, note, yen, x, round(y, 1), height, kind))
    width = COLUMN_GAP + len(rows) * (COLUMN_WIDTH + COLUMN_GAP)
    baseline = LABEL_HEIGHT + PLOT_HEIGHT
    return Columns(tuple(columns), width, baseline + 2 * LABEL_HEIGHT, baseline)


def sparkline(amounts: Sequence[int | None]) -> str:
    """The points of a line through the years that have a number, in a 100 × 24 box."""
    drawn = [yen for yen in amounts if yen is not None]
    highest = max(drawn, default=0)
    if len(drawn) < SPARKLINE_YEARS or highest <= 0:
        return ""
    step = 96 / (len(amounts) - 1)
    return " ".join(
        f"{2 + place * step:.1f},{22 - 20 * max(yen, 0) / highest:.1f}"
        for place, yen in enumerate(amounts)
        if yen is not None
    )


def slopes(rows: Sequence[tuple[str, int, int]]) -> tuple[Slope, ...]:
    """Lines between two years in the order given, the highest amount at the top."""
    highest = max((max(before, after) for _, before, after in rows), default=0)

    def height(yen: int) -> float:
        share = 1 - max(yen, 0) / highest if highest else 1.0
        return round(SLOPE_TOP + (SLOPE_HEIGHT - SLOPE_TOP - 12) * share, 1)

    ends = [height(after) for _, _, after in rows]
    labels = _spread(ends)
    return tuple(
        Slope(label, before, after, height(before), ends[place], way, place + 1, labels[place])
        for place, (label, before, after) in enumerate(rows)
        for way in ("up" if after > before else "down" if after < before else "same",)
    )


def _spread(ends: Sequence[float]) -> list[float]:
    """Places for labels beside ``ends``: in the same order, at least a line apart."""
    places = [0.0] * len(ends)
    lowest = float(SLOPE_HEIGHT + LABEL_LINE)
    for place in sorted(range(len(ends)), key=lambda place: -ends[place]):
        lowest = min(ends[place] + 4, lowest - LABEL_LINE)
        places[place] = round(lowest, 1)
    return places


def _percent(part: int, whole: int) -> float:
    return round(100 * max(part, 0) / whole, 1) if whole > 0 else 0.0


def _year(year: int | None, offset: int) -> str:
    return str(year + offset) if year is not None else ""
