"""Where in a printed text does a sought word stand, and in which form?

Characters are searched first, in the folded text, for that is cheap; a text is tokenised only
when the form printed cannot be known from the one typed (取組/取り組み, まどぐち/窓口), and
the form found is remembered for the next hit.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from indexer.analysis.analyzer import Analyzer, Token
from indexer.analysis.folding import fold, fold_text
from indexer.search.response import MatchKind
from indexer.search.sought import Form, Sought

_OCCURRENCES = 8
_SURFACES_KEPT = 8
_FORMS_KEPT = 20_000
_TEXTS_KEPT = 4096
_SENTENCE_END = "。\n"
_BETWEEN = "\0"
"""Never in a folded text, so that no surface runs from one text into the next."""


class Place(NamedTuple):
    """One occurrence: which text, its span there, which typed word, in what way."""

    text_index: int
    start: int
    end: int
    sought: Sought
    kind: MatchKind


class Printed:
    """The texts of one programme, folded and laid one after the other: one search goes through
    them all. ``texts[0]`` is the title; the first ``own`` are its own, the others headings."""

    def __init__(self, texts: tuple[str, ...], own: int) -> None:
        self.texts = texts
        self._folded = tuple(fold(text) for text in texts)
        self._joined = _BETWEEN.join(folded.text for folded in self._folded) + _BETWEEN
        self._ends = list(accumulate(len(folded.text) + 1 for folded in self._folded))
        self._own_end = self._ends[own - 1]
        self.own = own

    def occurrences(
        self, surface: str, *, own: bool, may_be_inside: bool
    ) -> Iterator[tuple[int, int, int]]:
        """Text index and span in the printed text of every place of a folded surface."""
        joined, end = self._joined, self._own_end if own else len(self._joined)
        at = joined.find(surface, 0, end)
        counted, last = 0, -1
        while at >= 0:
            index = bisect_right(self._ends, at)
            counted, last = (counted + 1 if index == last else 1), index
            if counted > _OCCURRENCES:
                at = joined.find(surface, self._ends[index], end)
                continue
            stop = at + len(surface)
            if may_be_inside or _stands_alone(joined, at, stop):
                folded = self._folded[index]
                start = self._ends[index] - len(folded.text) - 1
                yield index, *folded.span(at - start, stop - start)
            at = joined.find(surface, stop, end)


class Locator:
    """Finds sought words in printed texts. Safe under threads."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._surfaces: dict[tuple[MatchKind, tuple[str, ...]], tuple[str, ...]] = {}
        self._words = lru_cache(maxsize=_TEXTS_KEPT)(analyzer.words)
        self._readings = lru_cache(maxsize=_TEXTS_KEPT)(analyzer.readings)

    def locate(
        self, printed: Printed, sought: Sought, *, own: bool, is_widened: bool
    ) -> tuple[Place, ...]:
        """Every place of the closest form that is printed; with ``own`` not in the headings."""
        texts = printed.texts[: printed.own] if own else printed.texts
        for form in sought.forms:
            places = self._by_characters(printed, form, sought, own=own)
            if places and is_widened and form.kind is MatchKind.EXACT:
                places = tuple(self._checked(texts, place, form) for place in places)
            if form.terms and not any(place.text_index == 0 for place in places):
                rest = texts[:1] if places else texts
                places = (*self._by_words(rest, form, sought), *places)
            if places:
                return places
        return ()

    def _by_characters(
        self, printed: Printed, form: Form, sought: Sought, *, own: bool
    ) -> tuple[Place, ...]:
        surfaces = (form.text, *self._surfaces.get((form.kind, form.terms), ()))
        return tuple(
            Place(*place, sought, _kind_of(form, surface))
            for surface in dict.fromkeys(filter(None, surfaces))
            for place in printed.occurrences(
                surface, own=own, may_be_inside=_may_be_inside(form.kind, surface)
            )
        )

    def _checked(self, texts: tuple[str, ...], place: Place, form: Form) -> Place:
        """The place as a substring when the word found is only part of the one printed."""
        text = texts[place.text_index]
        start = max(text.rfind(mark, 0, place.start) for mark in _SENTENCE_END) + 1
        ends = [at for mark in _SENTENCE_END if (at := text.find(mark, place.end)) >= 0]
        sentence = text[start : min(ends, default=len(text))]
        spans = _spans_of(self._words(sentence), form.terms)
        for first, last in spans:
            if first <= place.start - start and place.end - start <= last:
                surface = fold_text(sentence[first:last])
                kind = _kind_of(form, surface)
                return Place(place.text_index, start + first, start + last, place.sought, kind)
        if not form.terms:
            return place
        return Place(place.text_index, place.start, place.end, place.sought, MatchKind.SUBSTRING)

    def _by_words(self, texts: tuple[str, ...], form: Form, sought: Sought) -> tuple[Place, ...]:
        if form.kind is MatchKind.SUBSTRING:
            return self._parts(texts, form, sought)
        return tuple(self._runs(texts, form, sought))

    def _runs(self, texts: tuple[str, ...], form: Form, sought: Sought) -> Iterator[Place]:
        """Where the form's terms, or readings, stand side by side."""
        tokens_of = self._readings if form.kind is MatchKind.READING else self._words
        for index, text in enumerate(texts):
            for start, end in _spans_of(tokens_of(text), form.terms)[:_OCCURRENCES]:
                surface = fold_text(text[start:end])
                self._remember(form, surface)
                yield Place(index, start, end, sought, _kind_of(form, surface))

    def _parts(self, texts: tuple[str, ...], form: Form, sought: Sought) -> tuple[Place, ...]:
        """Where the parts of a compound stand, if every one of them does."""
        places = []
        missing = set(form.terms)
        for index, text in enumerate(texts):
            for token in self._words(text):
                if token.term in form.terms:
                    missing.discard(token.term)
                    places.append(Place(index, token.start, token.end, sought, form.kind))
        return () if missing else tuple(places)

    def _remember(self, form: Form, surface: str) -> None:
        if len(self._surfaces) >= _FORMS_KEPT:
            self._surfaces = {}
        key = form.kind, form.terms
        known = self._surfaces.get(key, ())
        if surface not in known and len(known) < _SURFACES_KEPT:
            self._surfaces[key] = (*known, surface)


def _kind_of(form: Form, surface: str) -> MatchKind:
    """An exact form printed otherwise is a variant."""
    if form.kind is MatchKind.EXACT and form.text and surface != form.text:
        return MatchKind.VARIANT
    return form.kind


def _may_be_inside(kind: MatchKind, surface: str) -> bool:
    """Whether a surface counts inside a longer word: kanji and kana do, and so does a run cut out
    of the print that ends inside a Latin word: 公民館のＷ of 公民館のＷｉ－Ｆｉ."""
    if kind is MatchKind.SUBSTRING and not surface.isascii():
        return True
    return not (surface[0].isascii() or surface[-1].isascii())


def _stands_alone(folded: str, start: int, end: int) -> bool:
    """Latin words and figures are not found inside longer ones: ai in mail, 9,90 in 19,90."""
    return not (
        (start and _is_joined(folded[start - 1], folded[start]))
        or (end < len(folded) and _is_joined(folded[end - 1], folded[end]))
    )


def _is_joined(first: str, second: str) -> bool:
    if not (first.isascii() and second.isascii()):
        return False
    return (first.isdigit() and second.isdigit()) or (first.isalpha() and second.isalpha())


def _spans_of(tokens: tuple[Token, ...], terms: tuple[str, ...]) -> list[tuple[int, int]]:
    """Spans of the terms at consecutive positions."""
    if not terms:
        return []
    later: dict[tuple[int, str], Token] = {}
    if len(terms) > 1:
        later = {(token.position, token.term): token for token in tokens}
    spans = []
    for token in tokens:
        if token.term != terms[0]:
            continue
        last: Token | None = token
        for offset, term in enumerate(terms[1:], start=1):
            last = later.get((token.position + offset, term))
            if last is None:
                break
        if last is not None:
            spans.append((token.start, last.end))
    return spans
