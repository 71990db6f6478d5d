"""Which lines has the document of these pages, and where does each stand?

Everything that is printed is a line: page numbers and running heads too, so that whoever looks at
the text sees which page it is. A blank line stands where the page leaves more room than between
its other lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from indexer.model import Place
from indexer.pages.page import LineKind, Page, PageBook, PageLine

_WIDER = 1.6
_CAPTION_LINES = 2
_CAPTION_CHARACTERS = 30
_ROOM = 3.0
"""Points by which a wide gap is wider than the usual one, at least."""


@dataclass(slots=True)
class BookLines:
    """The lines of the document, and for each of them what the page says of it."""

    texts: list[str] = field(default_factory=list)
    places: list[Place | None] = field(default_factory=list)
    pages: list[int | None] = field(default_factory=list)
    """The number that the page of the line prints."""
    furniture: set[int] = field(default_factory=set)
    """Numbers (from 1) of lines that only belong to the page."""
    numbered: dict[int, int] = field(default_factory=dict)
    """Printed page number → the line that prints it first."""

    captions: set[int] = field(default_factory=set)
    """Short lines that stand apart right above a table: they are of the table."""
    of_pages: list[list[int]] = field(default_factory=list)
    """For each page, the number of the line of the document that each of its lines is."""

    def add(self, page: Page, line: PageLine | None) -> None:
        """One more line; ``None`` for a blank one."""
        self.texts.append(line.text if line else "")
        self.places.append(Place(page.number, line.box) if line else None)
        self.pages.append(page.printed_number)
        if line is None or line.kind in (LineKind.TEXT, LineKind.ROW):
            return
        self.furniture.add(len(self.texts))
        if line.kind is LineKind.NUMBER and page.printed_number is not None:
            self.numbered.setdefault(page.printed_number, len(self.texts))


def book_lines(book: PageBook) -> BookLines:
    """The lines of all pages in order."""
    found = BookLines()
    for page in book.pages:
        before: PageLine | None = None
        usual = _usual_gap(page.lines)
        own: list[int] = []
        for line in page.lines:
            if before is not None and _is_apart(before, line, usual):
                found.add(page, None)
            found.add(page, line)
            own.append(len(found.texts))
            before = line
        found.of_pages.append(own)
        found.captions |= {own[at] for at in _captions(page.lines, usual)}
    return found


def _captions(lines: Sequence[PageLine], usual: float) -> Iterator[int]:
    """Where a table begins, the lines above it up to a gap, if they are few and no sentence."""
    for at in range(1, len(lines)):
        if lines[at].kind is not LineKind.ROW or lines[at - 1].kind is not LineKind.TEXT:
            continue
        first = at - 1
        while first > 0 and not _is_apart(lines[first - 1], lines[first], usual):
            if lines[first - 1].kind is not LineKind.TEXT:
                break
            first -= 1
        above = lines[first:at]
        if len(above) <= _CAPTION_LINES and all(map(_is_short, above)):
            yield from range(first, at)


def _is_short(line: PageLine) -> bool:
    return len(line.text) <= _CAPTION_CHARACTERS and "。" not in line.text


def _usual_gap(lines: Sequence[PageLine]) -> float:
    gaps = [
        gap
        for above, below in pairwise(lines)
        if above.kind is below.kind is LineKind.TEXT and (gap := _gap(above, below)) >= 0
    ]
    return median(gaps) if gaps else 0.0


def _is_apart(above: PageLine, below: PageLine, usual: float) -> bool:
    if LineKind.ROW in (above.kind, below.kind):
        return above.kind is not below.kind
    if not above.kind is below.kind is LineKind.TEXT:
        return False
    gap = _gap(above, below)
    return gap < -above.box.y1 / 4 or gap > max(usual * _WIDER, usual + _ROOM)


def _gap(above: PageLine, below: PageLine) -> float:
    return below.box.y0 - above.box.y1
