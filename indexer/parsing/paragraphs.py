"""Where does a paragraph end? Lines that a narrow page broke are joined again, spans kept.

A line goes on in the next one when no blank line lies between, it does not end a sentence, and
the next line does not open a list item.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from indexer.model import Paragraph
from indexer.parsing import patterns
from indexer.parsing.characters import join_wrapped
from indexer.parsing.lines import Line

_SHORT_LINE = 12
"""A line shorter than this ended because it was over, not because the page did."""


@dataclass(slots=True)
class ParagraphBuilder:
    """Takes lines in order and gives paragraphs; ``width`` is the book's line width, or 0."""

    width: int = 0
    _parts: list[list[Line]] = field(default_factory=list)
    _open: bool = False

    def add(self, line: Line, gap_is_page: bool = False) -> None:
        """One more line of text; ``gap_is_page`` says only page furniture lay before it."""
        if self._goes_on(line, gap_is_page):
            self._parts[-1].append(line)
        else:
            self._parts.append([line])
        self._open = True

    def close(self) -> None:
        """Something else stood between: the next line opens a paragraph of its own."""
        self._open = False

    def finish(self) -> list[Paragraph]:
        """The paragraphs, wrapped lines joined."""
        return [
            Paragraph(_joined(lines), lines[0].number, lines[-1].number) for lines in self._parts
        ]

    def _goes_on(self, line: Line, gap_is_page: bool) -> bool:
        if not self._open or not self._parts:
            return False
        last = self._parts[-1][-1]
        adjacent = line.number == last.number + 1 or gap_is_page
        above = last.text.rstrip()
        if not adjacent or patterns.LIST_ITEM.match(line.text):
            return False
        if _is_heading_line(above):
            return False
        if above[-1:] in patterns.SENTENCE_ENDS:
            full = self.width > 0 and len(above) >= self.width
            return full and not line.raw.startswith(("\u3000", " "))
        if line.raw.startswith("\u3000") and len(above) < _SHORT_LINE:
            return False
        runs_on = above[-1:] in "をにがはのとでもへや、・"
        return runs_on or len(above) >= _SHORT_LINE or len(self._parts[-1]) > 1


def _joined(lines: list[Line]) -> str:
    """Linear in the text: a paragraph may have a hundred thousand lines."""
    text = [lines[0].raw.strip()]
    for line in lines[1:]:
        part = line.raw.strip()
        text.append(join_wrapped(text[-1][-1:], part)[len(text[-1][-1:]) :] if text[-1] else part)
    return "".join(text)


def _is_heading_line(text: str) -> bool:
    text = text.strip()
    return bool(text) and text[0] in "【<〈《" and text[-1] in "】>〉》"


def wrap_width(lines: list[Line]) -> int:
    """The width at which the book breaks its lines: 0 when it does not.

    Lines that stop in mid-sentence with the text going on below stop because they are full; when
    several of them are equally long, and none longer, that is the width.
    """
    broken = [
        len(line.text.rstrip())
        for line, below in pairwise(lines)
        if below.number == line.number + 1
        and line.text.rstrip()[-1:] not in patterns.SENTENCE_ENDS
        and len(line.text.rstrip()) >= _SHORT_LINE
    ]
    if len(broken) < 3:
        return 0
    width = max(broken)
    full = [length for length in broken if length >= width - 2]
    return width if len(full) * 2 >= len(broken) else 0
