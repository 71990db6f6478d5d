"""Where in a printed text does a sought word stand, and in which form?

Characters are searched first, in the folded text, for that is cheap; a text is tokenised only
when the form printed cannot be known from the one typed (取組/取り組み, まどぐち/窓口), and
the form found is remembered for the next hit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from indexer.analysis.analyzer import Analyzer, Token
from indexer.analysis.folding import Folded, fold, fold_text
from indexer.search.response import MatchKind
from indexer.search.sought import Form, Sought

_OCCURRENCES = 8
_SURFACES_KEPT = 8
_FORMS_KEPT = 20_000
_TEXTS_KEPT = 4096
_SENTENCE_END = "。\n"


class Place(NamedTuple):
    """One occurrence: which text, its span there, which typed word, in what way."""

    text_index: int
    start: int
    end: int
    sought: Sought
    kind: MatchKind


class Locator:
    """Finds sought words in printed texts. Safe under threads."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._surfaces: dict[tuple[MatchKind, tuple[str, ...]], tuple[str, ...]] = {}
        self._words = lru_cache(maxsize=_TEXTS_KEPT)(analyzer.words)
        self._readings = lru_cache(maxsize=_TEXTS_KEPT)(analyzer.readings)

    def locate(
        self, texts: tuple[str, ...], sought: Sought, *, is_widened: bool
    ) -> tuple[Place, ...]:
        """Every place of the closest form that is printed. ``texts[0]`` is the title."""
        folded = tuple(_folded(text) for text in texts)
        for form in sought.forms:
            places = self._by_characters(folded, form, sought)
            if places and is_widened and form.kind is MatchKind.EXACT:
                places = tuple(self._checked(texts, place, form) for place in places)
            if form.terms and not any(place.text_index == 0 for place in places):
                rest = texts[:1] if places else texts
                places = (*self._by_words(rest, form, sought), *places)
            if places:
                return places
        return ()

    def _by_characters(
        self, folded: tuple[Folded, ...], form: Form, sought: Sought
    ) -> tuple[Place, ...]:
        surfaces = (form.text, *self._surfaces.get((form.kind, form.terms), ()))
        return tuple(
            place
            for surface in dict.fromkeys(filter(None, surfaces))
            for place in _occurrences(folded, surface, sought, _kind_of(form, surface))
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


@lru_cache(maxsize=_TEXTS_KEPT)
def _folded(text: str) -> Folded:
    return fold(text)


def _kind_of(form: Form, surface: str) -> MatchKind:
    """An exact form printed otherwise is a variant."""
    if form.kind is MatchKind.EXACT and form.text and surface != form.text:
        return MatchKind.VARIANT
    return form.kind


def _occurrences(
    folded: Iterable[Folded], surface: str, sought: Sought, kind: MatchKind
) -> Iterator[Place]:
    # A run cut out of the print may end inside a Latin word: 公民館のＷ of 公民館のＷｉ－Ｆｉ.
    is_cut = kind is MatchKind.SUBSTRING and not surface.isascii()
    may_be_inside = not is_cut and (surface[0].isascii() or surface[-1].isascii())
    for index, text in enumerate(folded):
        at = text.text.find(surface)
        for _ in range(_OCCURRENCES):
            if at < 0:
                break
            end = at + len(surface)
            if not may_be_inside or _stands_alone(text.text, at, end):
                yield Place(index, *text.span(at, end), sought, kind)
            at = text.text.find(surface, end)


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
