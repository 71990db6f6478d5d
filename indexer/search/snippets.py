"""Which pieces of the printed text are shown with a hit, and why did it match?

A snippet is verbatim: a substring of the title, a paragraph or a heading, with ranges in code
points. Nothing is added, not even dots.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from indexer.model import Document, Program
from indexer.passages import sentences
from indexer.search.locating import Held, Locator, Place, Printed
from indexer.search.response import MatchKind, Reason, Snippet
from indexer.search.sought import Plan

_LENGTH = 120
_LEAD = 24
"""How many characters to keep before the first match when no sentence begins there."""
_DESCRIPTIONS = 2
_CLOSENESS = {kind: number for number, kind in enumerate(MatchKind)}
_REASONS_PER_WORD = 2
_SENTENCE_END = "。\n"


@dataclass(frozen=True, slots=True)
class _Text:
    field: str
    text: str
    line: int | None


class Explained:
    """The texts of one programme as a hit shows them, ready to be searched for marks."""

    def __init__(self, program: Program, document: Document) -> None:
        main = _main_texts(program)
        self.page = program.page
        self.texts = (*main, *_headings(program, document))
        self.printed = Printed(tuple(text.text for text in self.texts), len(main))


def explain_hit(
    explained: Explained, plan: Plan, locator: Locator, held: Held, passage: int = 0
) -> tuple[tuple[Snippet, ...], tuple[Reason, ...]]:
    """The marked pieces of one hit and its reasons, closest kind first. ``passage``: the number of
    the sentence to show, 0 for the one with the marks."""
    texts, printed = explained.texts, explained.printed
    places: list[Place] = []
    for sought in plan.sought:
        places.extend(
            locator.locate(printed, sought, held, own=True, is_widened=plan.is_widened)
            or locator.locate(printed, sought, held, own=False, is_widened=plan.is_widened)
        )
    by_text: dict[int, list[Place]] = {}
    for place in places:
        by_text.setdefault(place.text_index, []).append(place)
    snippets = _snippets(texts, by_text, _place_of(texts, passage))
    paged = tuple(replace(snippet, page=explained.page) for snippet in snippets)
    return paged, _reasons(places, printed.texts)


def _place_of(texts: tuple[_Text, ...], passage: int) -> tuple[int, int] | None:
    """The text and the offset in it at which a sentence begins."""
    left = passage
    for index, text in enumerate(texts):
        if text.field != "description" or not passage:
            continue
        at = 0
        for sentence in sentences(text.text):
            at = text.text.index(sentence, at)
            left -= 1
            if not left:
                return index, at
            at += len(sentence)
    return None


def _main_texts(program: Program) -> tuple[_Text, ...]:
    """The title first, then the paragraphs."""
    return (
        _Text("title", program.title, program.line_of("title")),
        *(_Text("description", p.text, p.first_line or None) for p in program.description),
    )


def _headings(program: Program, document: Document) -> tuple[_Text, ...]:
    """Where the programme stands; searched for marks only when its own text has none."""
    publisher = document.publisher.name if document.publisher else None
    headings = {
        "department": program.department,
        "section": program.section,
        "policy_goal": program.policy_goal,
        "status": program.status_raw or program.status,
        "account": program.account or document.account,
        "publisher": publisher,
    }
    return tuple(
        _Text(name, text, program.line_of(name)) for name, text in headings.items() if text
    )


def _snippets(
    texts: tuple[_Text, ...], places: dict[int, list[Place]], best: tuple[int, int] | None
) -> tuple[Snippet, ...]:
    title = Snippet("title", texts[0].text, _ranges(places.get(0, [])), texts[0].line)
    paragraphs = [i for i, text in enumerate(texts) if text.field == "description"]
    marked = [i for i in paragraphs if i in places]
    ranked = sorted(marked, key=lambda i: -len({place.sought.typed for place in places[i]}))
    if best is not None:
        ranked = [best[0], *(i for i in ranked if i != best[0])]
    chosen = sorted(ranked[:_DESCRIPTIONS]) or paragraphs[:1]
    shown = [
        _excerpt(texts[i], _ranges(places.get(i, [])), best[1] if best and best[0] == i else None)
        for i in chosen
    ]
    others = [
        Snippet(text.field, text.text, _ranges(places[i]), text.line)
        for i, text in enumerate(texts)
        if i in places and text.field not in ("title", "description")
    ]
    return (title, *shown, *others)


def _excerpt(text: _Text, ranges: tuple[tuple[int, int], ...], at: int | None) -> Snippet:
    """A window of the paragraph: from ``at`` on, or around its first match, from a sentence's
    beginning if near."""
    printed = text.text
    if at is not None:
        ranges = tuple((start, end) for start, end in ranges if start >= at)
        end = min(len(printed), at + _LENGTH)
        if end < len(printed):
            stop = max(printed.rfind(mark, at, end) for mark in _SENTENCE_END) + 1
            end = stop if stop > at else end
        inside = tuple((s - at, min(e, end) - at) for s, e in ranges if s < end)
        return Snippet(text.field, printed[at:end], inside, text.line)
    first = ranges[0][0] if ranges else 0
    start = _sentence_start(printed, first)
    if first - start > _LENGTH // 3:
        comma = printed.find("、", first - 2 * _LEAD, first)
        start = comma + 1 if comma >= 0 else first - _LEAD
    end = min(len(printed), max(start + _LENGTH, ranges[0][1] if ranges else 0))
    stop = max(printed.rfind(mark, start, end) for mark in _SENTENCE_END) + 1
    if ranges and stop < ranges[0][1]:
        stop = 0
    if end < len(printed) and stop - start > _LENGTH // 2:
        end = stop
    inside = tuple((s - start, min(e, end) - start) for s, e in ranges if s < end)
    return Snippet(text.field, printed[start:end], inside, text.line)


def _sentence_start(printed: str, at: int) -> int:
    start = max(printed.rfind(mark, 0, at) for mark in _SENTENCE_END) + 1
    while start < at and printed[start].isspace():
        start += 1
    return start


def _ranges(places: list[Place]) -> tuple[tuple[int, int], ...]:
    """The spans of the places, in order, joined where they overlap."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted((place.start, place.end) for place in places):
        if start >= end:
            continue
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def _reasons(places: list[Place], printed: tuple[str, ...]) -> tuple[Reason, ...]:
    """One reason per typed word and printed form, closest kind first; none for a part of a word
    whose whole is named."""
    found = {
        (place.kind, place.sought.typed, printed[place.text_index][place.start : place.end])
        for place in places
    }
    kept: list[Reason] = []
    for kind, typed, matched in sorted(found, key=_by_closeness):
        if any(
            typed in whole and matched in print_ and (typed, matched) != (whole, print_)
            for _, whole, print_ in found
        ):
            continue
        if sum(other.typed == typed for other in kept) < _REASONS_PER_WORD:
            kept.append(Reason(kind, typed, matched))
    return tuple(kept)


def _by_closeness(reason: tuple[MatchKind, str, str]) -> tuple[int, int, str, str]:
    kind, typed, matched = reason
    return _CLOSENESS[kind], -len(matched), typed, matched
