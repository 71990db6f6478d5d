"""Which cells do the ruled lines of a page make, and what does each row of them say?

A row of a table is what stands between two level rules. Where a table rules its columns only, or a
tall cell holds several figures one under another, every line of text is a row: the rules do not
say more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from indexer.model import Box
from indexer.pages.glyphs import Glyph
from indexer.pages.page import LineKind, PageLine, Rule, Run
from indexer.pages.runs import TextLine, is_figure, text_lines

_TOUCH = 2.5
"""Rules nearer than this are meant to meet, or to be one."""
_SIDE = 5.0
_PAIRS_MAXIMUM = 2_000_000
"""Of level and upright rules; a page of the densest table has a few ten thousand."""


@dataclass(slots=True)
class Grid:
    """One ruled table: where its columns and rows lie, and which squares are one cell."""

    xs: list[float]
    ys: list[float]
    levels: list[Rule]
    cells: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    """Row and column of a square → those of the first square of its cell."""
    glyphs: dict[tuple[int, int], list[Glyph]] = field(default_factory=dict)

    @property
    def box(self) -> Box:
        """Its outer edge."""
        return Box(self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])

    def take(self, glyph: Glyph) -> bool:
        """Put a glyph into its cell, if it stands in the table."""
        x, y = (glyph.box.x0 + glyph.box.x1) / 2, (glyph.box.y0 + glyph.box.y1) / 2
        column, row = _slot(self.xs, x), _slot(self.ys, y)
        if column is None or row is None:
            return False
        self.glyphs.setdefault(self.cells[row, column], []).append(glyph)
        return True

    def lines(self) -> list[PageLine]:
        """Its rows from top to bottom."""
        texts = {cell: text_lines(glyphs) for cell, glyphs in self.glyphs.items()}
        texts = {cell: lines for cell, lines in texts.items() if lines}
        found: list[PageLine] = []
        for first, last in self._bands():
            band = {cell: lines for cell, lines in texts.items() if first <= cell[0] <= last}
            found += _apart(band) if self._is_open(band) else _together(band)
        return found

    def _bands(self) -> list[tuple[int, int]]:
        """Rows that a cell keeps together, first and last."""
        bottoms: dict[int, int] = {}
        for (row, _), (top, _) in self.cells.items():
            bottoms[top] = max(bottoms.get(top, top), row)
        bands: list[tuple[int, int]] = []
        for row in range(len(self.ys) - 1):
            bottom = bottoms.get(row, row)
            if bands and row <= bands[-1][1]:
                bands[-1] = (bands[-1][0], max(bands[-1][1], bottom))
            else:
                bands.append((row, bottom))
        return bands

    def _is_open(self, band: dict[tuple[int, int], list[TextLine]]) -> bool:
        """Whether a cell holds figures of several rows. A second one in brackets is last year's."""
        return any(sum(_has_figure(line) for line in lines) > 1 for lines in band.values())


def find_grids(levels: Sequence[Rule], uprights: Sequence[Rule]) -> list[Grid]:
    """The ruled tables of a page; a frame around a text is none."""
    found: list[Grid] = []
    if len(levels) * len(uprights) > _PAIRS_MAXIMUM:  # a drawing
        return found
    for level_group, upright_group in _groups(levels, uprights):
        grid = _grid(level_group, upright_group)
        if grid is not None:
            found.append(grid)
    return sorted(found, key=lambda grid: grid.box.y0)


def _has_figure(line: TextLine) -> bool:
    return any(is_figure(run.text) and run.text[0] not in "(（[〔" for run in line.runs)


def _apart(band: dict[tuple[int, int], list[TextLine]]) -> list[PageLine]:
    """Every line of text as a row of its own, lines of one height together."""
    pieces = [(line, column) for (_, column), lines in band.items() for line in lines]
    pieces.sort(key=lambda piece: piece[0].middle)
    rows: list[list[tuple[TextLine, int]]] = []
    for line, column in pieces:
        if rows and line.middle - rows[-1][0][0].middle < line.size * 0.5:
            rows[-1].append((line, column))
        else:
            rows.append([(line, column)])
    return [
        _row([replace(run, column=column) for line, column in row for run in line.runs])
        for row in rows
    ]


def _together(band: dict[tuple[int, int], list[TextLine]]) -> list[PageLine]:
    """A row of the grid as one row, lines of a cell one under another."""
    rows: dict[int, list[Run]] = {}
    for (row, column), lines in band.items():
        rows.setdefault(row, []).extend(
            replace(run, column=column, row=depth)
            for depth, line in enumerate(lines)
            for run in line.runs
        )
    return [_row(rows[row]) for row in sorted(rows)]


def _row(runs: Iterable[Run]) -> PageLine:
    ordered = sorted(runs, key=lambda run: (run.column, run.row, run.box.x0))
    return PageLine(LineKind.ROW, tuple(ordered))


def _groups(
    levels: Sequence[Rule], uprights: Sequence[Rule]
) -> Iterable[tuple[list[Rule], list[Rule]]]:
    """Rules that touch each other, directly or through others."""
    parents = list(range(len(levels) + len(uprights)))

    def find(index: int) -> int:
        while parents[index] != index:
            parents[index] = parents[parents[index]]
            index = parents[index]
        return index

    for i, level in enumerate(levels):
        for j, upright in enumerate(uprights, start=len(levels)):
            if _meet(level, upright):
                parents[find(i)] = find(j)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for i, level in enumerate(levels):
        groups.setdefault(find(i), ([], []))[0].append(level)
    for j, upright in enumerate(uprights, start=len(levels)):
        groups.setdefault(find(j), ([], []))[1].append(upright)
    return groups.values()


def _meet(level: Rule, upright: Rule) -> bool:
    return (
        level.start - _TOUCH <= upright.at <= level.end + _TOUCH
        and upright.start - _TOUCH <= level.at <= upright.end + _TOUCH
    )


def _grid(levels: list[Rule], uprights: list[Rule]) -> Grid | None:
    if len(levels) < 2 or not uprights:
        return None
    xs = _edges([rule.at for rule in uprights], levels)
    ys = _edges([rule.at for rule in levels], uprights)
    if len(xs) < 3 or len(ys) < 2:
        return None
    grid = Grid(xs, ys, levels)
    _join_squares(grid, uprights)
    return grid


def _edges(places: list[float], crossing: Sequence[Rule]) -> list[float]:
    """The distinct places, and the ends of the crossing rules where a table leaves a side open."""
    found: list[float] = []
    for place in sorted(places):
        if not found or place - found[-1] > _TOUCH:
            found.append(place)
    start, end = min(rule.start for rule in crossing), max(rule.end for rule in crossing)
    if start < found[0] - _SIDE:
        found.insert(0, start)
    if end > found[-1] + _SIDE:
        found.append(end)
    return found


def _join_squares(grid: Grid, uprights: Sequence[Rule]) -> None:
    """Squares without a rule between them are one cell."""
    rows, columns = len(grid.ys) - 1, len(grid.xs) - 1
    middles_y = [(a + b) / 2 for a, b in zip(grid.ys, grid.ys[1:], strict=False)]
    middles_x = [(a + b) / 2 for a, b in zip(grid.xs, grid.xs[1:], strict=False)]
    parents = {(r, c): (r, c) for r in range(rows) for c in range(columns)}

    def find(square: tuple[int, int]) -> tuple[int, int]:
        while parents[square] != square:
            square = parents[square]
        return square

    def join(one: tuple[int, int], other: tuple[int, int]) -> None:
        first, second = sorted((find(one), find(other)))
        parents[second] = first

    for r in range(rows):
        for c in range(columns):
            if c + 1 < columns and not _is_ruled(uprights, grid.xs[c + 1], middles_y[r]):
                join((r, c), (r, c + 1))
            if r + 1 < rows and not _is_ruled(grid.levels, grid.ys[r + 1], middles_x[c]):
                join((r, c), (r + 1, c))
    corners: dict[tuple[int, int], tuple[int, int]] = {}
    for square in parents:
        root = find(square)
        row, column = corners.get(root, square)
        corners[root] = (min(row, square[0]), min(column, square[1]))
    grid.cells = {square: corners[find(square)] for square in parents}


def _is_ruled(rules: Sequence[Rule], at: float, middle: float) -> bool:
    return any(abs(rule.at - at) <= _TOUCH and rule.start <= middle <= rule.end for rule in rules)


def _slot(edges: Sequence[float], place: float) -> int | None:
    if not edges[0] <= place <= edges[-1]:
        return None
    for index, edge in enumerate(edges[1:]):
        if place <= edge:
            return index
    return None
