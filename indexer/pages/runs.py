"""Which characters stand side by side? Characters with places in, lines of runs out.

How wide a space is, the gap tells and not the signs of the file: some programs write spaces, some
only move on, and a name set wide (総　務　費) is one name. What is printed twice in one place, for
bold, is there once.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import fmean

from indexer.model import Box
from indexer.pages.glyphs import Glyph
from indexer.pages.page import Run, around
from indexer.radicals import plain_ideograph

_SAME_LINE = 0.45
"""Of the size: middles of one line lie closer than this."""
_SAME_PLACE = 0.2
_NARROW_GAP, _WORD_GAP, _CELL_GAP = 0.3, 0.6, 1.3
"""Of the size: no space below, a half-width one, a full-width one, and beyond it another run."""
_WRITTEN_GAP = 0.12
"""A narrow gap is a space where the file writes one."""
_NUMERIC = frozenset("0123456789０１２３４５６７８９,.，．")
_FIGURE = re.compile(
    r"[(（\[〔]?[△▲+\-－−–]?[\s\u3000]*[\d,.，．０-９]*[\d０-９](?:%|％|[千百万億兆]{0,3}円)?[)）\]〕]?"
    r"|[-－―—–─━‐−]|皆増|皆減"
)


@dataclass(frozen=True, slots=True)
class TextLine:
    """Runs on one base line, from left to right."""

    runs: tuple[Run, ...]
    size: float

    @property
    def box(self) -> Box:
        """Around its runs."""
        return around([run.box for run in self.runs])

    @property
    def middle(self) -> float:
        """Half way down."""
        box = self.box
        return (box.y0 + box.y1) / 2


def is_figure(text: str) -> bool:
    """``52,014`` ``△ 25`` ``(33,706千円)`` ``－``: what a column of money holds."""
    return _FIGURE.fullmatch(text.strip()) is not None


def clean(glyphs: Iterable[Glyph]) -> list[Glyph]:
    """The glyphs that are seen, and spaces: nothing twice in one place, kanji for radicals."""
    kept: dict[tuple[str, int, int], list[Glyph]] = {}
    found: list[Glyph] = []
    for glyph in glyphs:
        if glyph.is_hidden or _is_format(glyph.character):
            continue
        if glyph.character.isspace():
            found.append(glyph)
            continue
        character = plain_ideograph(glyph.character)
        glyph = replace(glyph, character=character) if character != glyph.character else glyph
        if not _is_repeated(glyph, kept):
            found.append(glyph)
    return found


def _is_format(character: str) -> bool:
    return unicodedata.category(character) == "Cf" or character == "\u200b"


def _is_repeated(glyph: Glyph, kept: dict[tuple[str, int, int], list[Glyph]]) -> bool:
    """Whether the same sign was drawn in the same place; drawn ones are kept by squares."""
    x, y = glyph.box.x0, glyph.box.y0
    column, row = int(x // 8), int(y // 8)
    for dx in (-1, 0, 1):
        for dy in (-1, 0, 1):
            for other in kept.get((glyph.character, column + dx, row + dy), ()):
                near = _SAME_PLACE * max(glyph.size, 1)
                if abs(other.box.x0 - x) < near and abs(other.box.y0 - y) < near:
                    return True
    kept.setdefault((glyph.character, column, row), []).append(glyph)
    return False


def text_lines(glyphs: Sequence[Glyph]) -> list[TextLine]:
    """Lines from top to bottom."""
    rows: list[list[Glyph]] = []
    middle = 0.0
    spaces = sorted((glyph for glyph in glyphs if glyph.character.isspace()), key=_middle)
    for glyph in sorted((g for g in glyphs if not g.character.isspace()), key=_middle):
        if rows and _middle(glyph) - middle < _SAME_LINE * max(glyph.size, rows[-1][0].size):
            rows[-1].append(glyph)
            middle += (_middle(glyph) - middle) / len(rows[-1])
        else:
            rows.append([glyph])
            middle = _middle(glyph)
    heights = [_middle(space) for space in spaces]
    return [
        TextLine(_runs(row, _beside(row, spaces, heights)), fmean(glyph.size for glyph in row))
        for row in rows
    ]


def _beside(row: Sequence[Glyph], spaces: Sequence[Glyph], heights: Sequence[float]) -> list[Glyph]:
    """The spaces on the line of these glyphs."""
    reach = _SAME_LINE * row[0].size
    first = bisect_left(heights, _middle(row[0]) - reach)
    last = bisect_right(heights, _middle(row[-1]) + reach)
    return list(spaces[first:last])


def _middle(glyph: Glyph) -> float:
    return (glyph.box.y0 + glyph.box.y1) / 2


def _runs(row: Sequence[Glyph], spaces: Sequence[Glyph]) -> tuple[Run, ...]:
    ordered = sorted(row, key=lambda glyph: (glyph.box.x0, glyph.box.x1))
    written = sorted(space.box.x0 for space in spaces)
    runs: list[Run] = []
    text, boxes = ordered[0].character, [ordered[0].box]
    for before, glyph in pairwise(ordered):
        at = bisect_left(written, before.box.x0)
        is_written = at < len(written) and written[at] < glyph.box.x0
        space = _space(before, glyph, is_written=is_written)
        if space is None:
            runs.append(Run(text, around(boxes)))
            text, boxes = "", []
        text += (space or "") + glyph.character
        boxes.append(glyph.box)
    runs.append(Run(text, around(boxes)))
    return tuple(runs)


def _space(before: Glyph, after: Glyph, *, is_written: bool) -> str | None:
    """What is seen between two characters: nothing, a space, or (``None``) another run."""
    gap = (after.box.x0 - before.box.x1) / max(before.size, after.size, 1)
    if gap >= _CELL_GAP:
        return None
    pair = before.character + after.character
    if gap < _WORD_GAP and _NUMERIC.issuperset(pair):
        return ""
    if gap >= _WORD_GAP:
        return "\u3000"
    if gap >= _NARROW_GAP or (gap >= _WRITTEN_GAP and (is_written or _is_latin(pair))):
        return " "
    return ""


def _is_latin(pair: str) -> bool:
    return pair.isascii() and pair.isalpha()
