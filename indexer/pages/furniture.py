"""Which lines belong to the page and not to the text: page numbers and running heads?

A page number stands alone at the head or the foot. Signs around it (－ 168 －) tell it; a bare one
must count on from page to page. A running head comes back in the same place.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from indexer.pages.page import LineKind, Page, PageLine
from indexer.pages.runs import is_figure

_NUMBER = re.compile(
    r"(?:(?P<sign>[-~・‐–—―−─━]) ?)?(?P<number>\d{1,4})(?: ?[-~・‐–—―−─━])?"
    r"|[pP]\.? ?(?P<p>\d{1,4})|(?P<counted>\d{1,4}) ?(?:頁|ページ)"
)
_EDGE_LINES = 2
_TIMES = 3
_NEAR = 8.0
_HEAD_CHARACTERS = 60


def set_apart(pages: Sequence[Page]) -> tuple[Page, ...]:
    """The pages with their page numbers and running heads marked."""
    numbered = _mark_numbers(pages)
    return _mark_heads(numbered)


def page_number(line: PageLine) -> tuple[int, bool] | None:
    """The number and whether its signs alone tell what it is."""
    if line.kind is not LineKind.TEXT or len(line.runs) > 1:
        return None
    text = unicodedata.normalize("NFKC", line.text).replace("\u3000", " ").strip()
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    number = match["number"] or match["p"] or match["counted"]
    return int(number), match["number"] is None or match["sign"] is not None


def _mark_numbers(pages: Sequence[Page]) -> list[Page]:
    candidates: list[tuple[int, int, int, bool]] = []
    for index, page in enumerate(pages):
        for at in dict.fromkeys((len(page.lines) - 1, 0)):
            found = page_number(page.lines[at]) if page.lines else None
            if found is not None:
                candidates.append((index, at, *found))
                break
    offsets = Counter(number - index for index, _, number, _ in candidates)
    marked = list(pages)
    for index, at, number, is_told in candidates:
        if not is_told and offsets[number - index] < min(_TIMES, len(pages)):
            continue
        page = marked[index]
        lines = [*page.lines]
        lines[at] = replace(lines[at], kind=LineKind.NUMBER)
        marked[index] = replace(page, lines=tuple(lines), printed_number=number)
    return marked


def _mark_heads(pages: Sequence[Page]) -> tuple[Page, ...]:
    seen: dict[str, list[float]] = {}
    edges = [_edge_lines(page) for page in pages]
    for page, places in zip(pages, edges, strict=True):
        for at in places:
            line = page.lines[at]
            seen.setdefault(_shape(line), []).append(line.box.y0)

    def comes_back(line: PageLine) -> bool:
        places = seen.get(_shape(line), [])
        return sum(abs(y - line.box.y0) < _NEAR for y in places) >= _TIMES

    return tuple(
        _with_heads(page, places, comes_back) for page, places in zip(pages, edges, strict=True)
    )


def _with_heads(page: Page, places: Sequence[int], comes_back: Callable[[PageLine], bool]) -> Page:
    """The lines from the edge inwards that come back: one that does not ends the head."""
    lines = [*page.lines]
    own = [n for n, line in enumerate(page.lines) if line.kind is not LineKind.NUMBER]
    for edge in (own[:_EDGE_LINES], own[: -_EDGE_LINES - 1 : -1]):
        for at in edge:
            if at not in places or not comes_back(page.lines[at]):
                break
            lines[at] = replace(lines[at], kind=LineKind.HEAD)
    return replace(page, lines=tuple(lines))


def _edge_lines(page: Page) -> list[int]:
    """The first and the last lines of text; none of a table."""
    own = [n for n, line in enumerate(page.lines) if line.kind is not LineKind.NUMBER]
    picked = dict.fromkeys((*own[:_EDGE_LINES], *own[-_EDGE_LINES:]))
    return [
        n
        for n in picked
        if page.lines[n].kind is LineKind.TEXT
        and len(page.lines[n].text) <= _HEAD_CHARACTERS
        and not page.lines[n].text.endswith("。")
        and not _holds_money(page.lines[n])
    ]


def _holds_money(line: PageLine) -> bool:
    """A head of 款 with its sum comes back on page after page too, and says something each time."""
    return any(is_figure(run.text) and not run.text.isdigit() for run in line.runs)


def _shape(line: PageLine) -> str:
    return re.sub(r"\d+", "0", unicodedata.normalize("NFKC", line.text))
