"""Where in a printed text does a sought word stand, and in which form?

Characters are searched first, in the folded text, for that is cheap; a text is tokenised only
when the form printed cannot be known from the one typed (取組/取り組み, まどぐち/窓口), and
the form found is remembered for the next hit.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Set
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from indexer.analysis.analyzer import Analyzer, Token
from indexer.analysis.folding import fold, fold_text
from indexer.engine.schema import Source
from indexer.search.response import MatchKind
from indexer.search.sought import Form, Sought

_OCCURRENCES = 8
_SURFACES_KEPT = 8
_FORMS_KEPT = 20_000
_TEXTS_KEPT = 4096
_CONTEXT = 6
"""Characters on either side that tell whether a word stands there or a part of one."""
_LOOKED_AT = 4
_SENTENCE_END = "。\n"
_COMMA = "、"
_BETWEEN = "\0"
"""Never in a folded text, so that no surface runs from one text into the next."""


_Context = tuple[tuple[str, ...], str]
"""A form's terms and the print around them."""
Held = Callable[[Form], Set[Source]]
"""Where the index has a form in one programme."""


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

    def source_of(self, index: int) -> Source:
        """Of which part of the programme a text is."""
        if index >= self.own:
            return Source.CONTEXT
        return Source.BODY if index else Source.TITLE

    def indexes_of(self, sources: Set[Source]) -> tuple[int, ...]:
        """The texts of these parts."""
        return tuple(i for i in range(len(self.texts)) if self.source_of(i) in sources)

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
        self._edges: dict[_Context, tuple[int, int] | None] = {}
        self._words = lru_cache(maxsize=_TEXTS_KEPT)(analyzer.words)
        self._readings = lru_cache(maxsize=_TEXTS_KEPT)(analyzer.readings)

    def locate(
        self, printed: Printed, sought: Sought, held: Held, *, own: bool, is_widened: bool
    ) -> tuple[Place, ...]:
        """Every place of the closest form that is printed; with ``own`` not in the headings.
        ``held`` tells where the index has a form."""
        for form in sought.forms:
            places = self._by_characters(printed, form, sought, own=own)
            if places and is_widened and form.kind is MatchKind.EXACT and form.terms:
                places = tuple(self._all_checked(printed, places, form, held))
            if form.terms and not any(place.text_index == 0 for place in places):
                wanted = {Source.TITLE} if places else {Source.TITLE, Source.BODY}
                if not (places or own):
                    wanted.add(Source.CONTEXT)
                indexes = printed.indexes_of(held(form) & wanted)
                places = (*self._by_words(printed.texts, indexes, form, sought), *places)
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

    def _all_checked(
        self, printed: Printed, places: tuple[Place, ...], form: Form, held: Held
    ) -> Iterator[Place]:
        """The places with their kinds; of those inside longer runs the first few, for looking
        at them closely is dear and nobody reads so many marks."""
        sources = held(form)
        looked_at = 0
        for place in places:
            is_run_on = _is_run_on(printed.texts[place.text_index], place.start, place.end)
            looked_at += is_run_on
            if looked_at <= _LOOKED_AT or place.text_index == 0:
                is_held = printed.source_of(place.text_index) in sources
                if place.kind is MatchKind.EXACT and (is_run_on or not is_held):
                    yield self._checked(printed, place, form, is_held=is_held)
                else:
                    yield place

    def _checked(self, printed: Printed, place: Place, form: Form, *, is_held: bool) -> Place:
        """The place as a substring when the word found is only part of the one printed: 都市 in
        京都市. ``is_held``: whether the index has the word in this part of the programme. Looked at
        closely only where a character of the same script stands beside it."""
        text = printed.texts[place.text_index]
        if is_held:
            context = form.terms, text[max(0, place.start - _CONTEXT) : place.end + _CONTEXT]
            if context not in self._edges:
                self._remember_edges(context, self._edges_of_word(text, place, form))
            edges = self._edges[context]
            if edges is not None:
                start, end = place.start - edges[0], place.end + edges[1]
                kind = _kind_of(form, fold_text(text[start:end]))
                return place._replace(start=start, end=end, kind=kind)
        return place._replace(kind=MatchKind.SUBSTRING)

    def _edges_of_word(self, text: str, place: Place, form: Form) -> tuple[int, int] | None:
        """How far the word goes on before and after the place; null when it is part of another."""
        begin = max(text.rfind(mark, 0, place.start) for mark in _SENTENCE_END) + 1
        ends = [at for mark in _SENTENCE_END if (at := text.find(mark, place.end)) >= 0]
        begin, end = _within_commas(text, begin, min(ends, default=len(text)), place)
        tokens = self._words(text[begin:end])
        for first, last in _spans_of(tokens, form.terms):
            if first <= place.start - begin and place.end - begin <= last:
                return place.start - begin - first, last + begin - place.end
        return None

    def _remember_edges(self, context: _Context, edges: tuple[int, int] | None) -> None:
        if len(self._edges) >= _FORMS_KEPT:
            self._edges = {}
        self._edges[context] = edges

    def _by_words(
        self, texts: tuple[str, ...], indexes: Iterable[int], form: Form, sought: Sought
    ) -> tuple[Place, ...]:
        if form.kind is MatchKind.SUBSTRING:
            return tuple(self._parts(texts, indexes, form, sought))
        return tuple(self._runs(texts, indexes, form, sought))

    def _runs(
        self, texts: tuple[str, ...], indexes: Iterable[int], form: Form, sought: Sought
    ) -> Iterator[Place]:
        """Where the form's terms, or readings, stand side by side."""
        tokens_of = self._readings if form.kind is MatchKind.READING else self._words
        for index in indexes:
            text = texts[index]
            for start, end in _spans_of(tokens_of(text), form.terms)[:_OCCURRENCES]:
                surface = fold_text(text[start:end])
                self._remember(form, surface)
                yield Place(index, start, end, sought, _kind_of(form, surface))

    def _parts(
        self, texts: tuple[str, ...], indexes: Iterable[int], form: Form, sought: Sought
    ) -> Iterator[Place]:
        """Where the parts of a compound stand."""
        for index in indexes:
            for token in self._words(texts[index]):
                if token.term in form.terms:
                    yield Place(index, token.start, token.end, sought, form.kind)

    def _remember(self, form: Form, surface: str) -> None:
        if len(self._surfaces) >= _FORMS_KEPT:
            self._surfaces = {}
        key = form.kind, form.terms
        known = self._surfaces.get(key, ())
        if surface not in known and len(known) < _SURFACES_KEPT:
            self._surfaces[key] = (*known, surface)


def _within_commas(text: str, begin: int, end: int, place: Place) -> tuple[int, int]:
    """The part of a sentence from the comma before a place to the one behind it, both included:
    a comma is a word by itself, so what stands between two is cut as in the whole sentence."""
    before, behind = text.rfind(_COMMA, begin, place.start), text.find(_COMMA, place.end, end)
    return max(begin, before), behind + 1 if behind >= 0 else end


def _is_run_on(text: str, start: int, end: int) -> bool:
    """Whether the characters before or after are of the script of those they touch."""
    return (start > 0 and _script(text[start - 1]) == _script(text[start])) or (
        end < len(text) and _script(text[end - 1]) == _script(text[end])
    )


def _script(character: str) -> str:
    """A letter for hiragana, katakana, other letters (kanji above all); itself for signs."""
    if "ぁ" <= character <= "ゖ":
        return "h"
    if "ァ" <= character <= "ー":
        return "k"
    return "c" if character.isalpha() and not character.isascii() else character


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
