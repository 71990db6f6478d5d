"""In which order is a page read? Tables and lines from top to bottom, two columns one by one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from indexer.model import Box
from indexer.pages.columns import rows_and_text, split_columns
from indexer.pages.furniture import page_number
from indexer.pages.glyphs import Drawing, Glyph
from indexer.pages.legibility import fault_of
from indexer.pages.page import LineKind, Page, PageLine, Rule
from indexer.pages.ruled import Grid, find_grids
from indexer.pages.runs import TextLine, clean, text_lines

_FACING = 1.2
"""A sheet this much wider than high may show two pages."""


def read_page(drawing: Drawing) -> list[Page]:
    """The page, or the two pages that the sheet shows side by side."""
    fault = fault_of(drawing)
    if fault is not None:
        return [Page(drawing.number, drawing.width, drawing.height, fault=fault)]
    glyphs = clean(drawing.glyphs)
    if _shows_two(drawing, glyphs):
        middle = drawing.width / 2
        halves = ((0.0, middle), (middle, drawing.width))
        return [_read(_within(drawing, *half), _between(glyphs, *half)) for half in halves]
    return [_read(drawing, glyphs)]


def _read(drawing: Drawing, glyphs: Sequence[Glyph]) -> Page:
    grids = find_grids(drawing.levels, drawing.uprights)
    outside = [glyph for glyph in glyphs if not any(grid.take(glyph) for grid in grids)]
    grids = [grid for grid in grids if grid.glyphs]
    levels = tuple(rule for grid in grids for rule in grid.levels)
    lines = tuple(_in_order(text_lines(outside), grids, drawing.width))
    return Page(drawing.number, drawing.width, drawing.height, lines, levels=levels)


def _in_order(lines: Sequence[TextLine], grids: Sequence[Grid], width: float) -> Iterable[PageLine]:
    """The text between the tables, and each table where it stands."""
    rest = list(lines)
    for grid in grids:
        top = grid.box.y0
        above = [line for line in rest if line.middle < top]
        rest = [line for line in rest if line.middle >= top]
        yield from _text(above, width)
        yield from grid.lines()
    yield from _text(rest, width)


def _text(lines: Sequence[TextLine], width: float) -> Iterable[PageLine]:
    for column in split_columns(lines, width) if lines else ():
        yield from rows_and_text(column)


def _shows_two(drawing: Drawing, glyphs: Sequence[Glyph]) -> bool:
    """Two page numbers in its last line (or first), one in each half, and a gutter between."""
    if drawing.width < drawing.height * _FACING or not glyphs:
        return False
    middle = drawing.width / 2
    lines = text_lines(glyphs)
    if any(run.box.x0 < middle < run.box.x1 for line in lines for run in line.runs):
        return False
    if any(rule.start < middle - 6 and rule.end > middle + 6 for rule in drawing.levels):
        return False
    return any(_has_two_numbers(line, middle) for line in (lines[-1], lines[0]))


def _has_two_numbers(line: TextLine, middle: float) -> bool:
    if len(line.runs) != 2:
        return False
    left, right = (page_number(PageLine(LineKind.TEXT, (run,))) for run in line.runs)
    if left is None or right is None:
        return False
    return right[0] == left[0] + 1 and line.runs[0].box.x1 < middle < line.runs[1].box.x0


def _between(glyphs: Sequence[Glyph], start: float, end: float) -> list[Glyph]:
    return [glyph for glyph in glyphs if start <= _middle(glyph.box) < end]


def _middle(box: Box) -> float:
    return (box.x0 + box.x1) / 2


def _within(drawing: Drawing, start: float, end: float) -> Drawing:
    """The drawing with the rules of one half."""
    return replace(
        drawing,
        levels=tuple(_clip(drawing.levels, start, end)),
        uprights=tuple(rule for rule in drawing.uprights if start <= rule.at < end),
    )


def _clip(rules: Iterable[Rule], start: float, end: float) -> Iterable[Rule]:
    return (rule for rule in rules if start - 6 <= rule.start and rule.end <= end + 6)
