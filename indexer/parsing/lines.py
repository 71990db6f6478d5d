"""Which lines does the book have, and which of them only belong to the page?

Furniture is what the page carries and not the text: page numbers (``- 168 -``), rules, and running
heads. A running head is known by coming back beside page breaks, never by its words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from indexer.parsing import patterns
from indexer.parsing.characters import fold_line

_BESIDE_BREAK = 3
"""Non-blank lines above and below a page break that may be running heads."""
_RUNNING_HEAD_TIMES = 3
_WRAPPED_CHARACTERS = 20
_RUNNING_HEAD_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line: ``raw`` as printed, ``text`` folded, of the same length."""

    number: int
    raw: str
    text: str

    @property
    def is_blank(self) -> bool:
        """Nothing printed: spaces, form feeds and zero-width characters do not count."""
        return not self.text.strip()


@dataclass(slots=True)
class Furniture:
    """Lines of the page, and the page number each page number line prints."""

    lines: set[int] = field(default_factory=set)
    pages: dict[int, int] = field(default_factory=dict)
    breaks: list[int] = field(default_factory=list)


def read_lines(printed: Sequence[str]) -> tuple[Line, ...]:
    """Lines with their 1-based numbers and their folded text."""
    return tuple(Line(n, raw, fold_line(raw)) for n, raw in enumerate(printed, start=1))


def find_furniture(lines: Sequence[Line], keep: set[int]) -> Furniture:
    """Page numbers, rules and running heads; lines in ``keep`` are never running heads."""
    furniture = Furniture()
    for line in lines:
        if "\f" in line.raw:
            furniture.breaks.append(line.number)
        if line.is_blank or len(line.text) > 40:
            continue
        if patterns.RULE.match(line.text):
            furniture.lines.add(line.number)
        elif match := patterns.PAGE_LINE.match(line.text):
            page = match["dashed"] or match["p"] or match["bare"]
            furniture.pages[line.number] = int(page)
            furniture.lines.add(line.number)
            furniture.breaks.append(line.number)
    furniture.lines |= _running_heads(lines, furniture, keep)
    return furniture


def _running_heads(lines: Sequence[Line], furniture: Furniture, keep: set[int]) -> set[int]:
    if len(furniture.breaks) < _RUNNING_HEAD_TIMES - 1:
        return set()
    near: set[int] = set()
    for at in furniture.breaks:
        near |= _beside(lines, furniture, at, -1) | _beside(lines, furniture, at, 1)
        if "\f" in lines[at - 1].raw and not lines[at - 1].is_blank:
            near.add(at)
    shapes = Counter(_shape(lines[n - 1]) for n in near if n not in keep)
    return {
        n
        for n in near
        if n not in keep
        and shapes[_shape(lines[n - 1])] >= min(_RUNNING_HEAD_TIMES, len(furniture.breaks))
        and len(lines[n - 1].text) <= _RUNNING_HEAD_CHARACTERS
        and not _is_sentence(lines, n)
        and shapes[_shape(lines[n - 1])] > 1
    }


def _is_sentence(lines: Sequence[Line], number: int) -> bool:
    """The end of a wrapped sentence (``ます。``) comes back beside breaks too, and is no head."""
    text = lines[number - 1].text.rstrip()
    above = lines[number - 2].text.rstrip() if number > 1 else ""
    runs_on = len(above) >= _WRAPPED_CHARACTERS and above[-1:] not in patterns.SENTENCE_ENDS
    return text[-1:] in patterns.SENTENCE_ENDS or (runs_on and not patterns.PAGE_LINE.match(above))


def _beside(lines: Sequence[Line], furniture: Furniture, at: int, step: int) -> set[int]:
    found: set[int] = set()
    number = at + step
    while 1 <= number <= len(lines) and len(found) < _BESIDE_BREAK and abs(number - at) <= 12:
        line = lines[number - 1]
        if not line.is_blank and number not in furniture.lines:
            found.add(number)
        number += step
    return found


def _shape(line: Line) -> str:
    return re.sub(r"\d+", "0", re.sub(r"\s+", " ", line.text.strip()))
