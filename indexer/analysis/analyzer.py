"""Which words is this text made of? Words, readings and character pairs with printed offsets.

One text gives three streams of tokens:

    words      the A units, each at its own position, and a C unit of several A units at the
               position of the first: 生成AI is ``生成`` at 0, ``生成ai`` at 0, ``ai`` at 1
    readings   the same words by their reading: セイセイ, セイセイエーアイ
    bigrams    pairs of neighbouring characters; digits and Latin letters stay together; the text's
               first and last one also with its edge: ``^生``, ``$`` after the last, so that a
               phrase may be held to a whole title

Particles, auxiliaries and signs are not indexed and do not advance the position, so that
子どもの医療費 meets 子ども医療費; a comma or a full stop does advance it, so that no phrase runs
over it. Bigrams run over all of them and are what a verbatim phrase is held to.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise
from operator import add
from typing import NamedTuple

from sudachipy import Morpheme, SplitMode

from indexer.analysis.dictionary import (
    BREAK,
    NOT_INDEXED,
    Word,
    fold_reading,
    index_term,
    is_noun,
    is_verb,
    word_table,
)
from indexer.analysis.folding import Folded, fold, fold_text
from indexer.analysis.segmentation import cut_sentences

EDGES = "^", "$"
"""What stands before the first unit of a text and after its last one, in its bigrams."""
SENTENCES_KEPT = 1 << 16
"""How many sentences are remembered while indexing: about 40 MB a process when full."""
LEXEMES_KEPT = 128
"""Texts whose words are remembered: the runs of a query are read for every plan of it."""
_UNIT = re.compile(r"\d+(?:[,.]\d+)*|[a-z]+|[^\W_]")


class Token(NamedTuple):
    """One index term at its position, and its span [start, end) in the printed text."""

    term: str
    position: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Analysis:
    """The three streams of one text, from one tokenisation."""

    words: tuple[Token, ...]
    readings: tuple[Token, ...]
    bigrams: tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class Postings:
    """What an index keeps of one text: ascending positions by term, not to be changed.

    Bigrams lie at positions 0, 1, 2 … in the order of the list.
    """

    words: dict[str, list[int]]
    readings: dict[str, list[int]]
    bigrams: list[str]


@dataclass(frozen=True, slots=True)
class Sequence:
    """One text as an index run takes it in: words and sentence breaks in order, and bigrams.

    A word's position is the sum of the steps before it. The same word is the same object.
    """

    words: list[Word]
    bigrams: list[str]


class Lexeme(NamedTuple):
    """One word as typed or printed: its surface and span, its term, and those of its A units."""

    surface: str
    start: int
    end: int
    term: str
    parts: tuple[str, ...]
    """The terms of the A units; the term alone when the word is one A unit."""
    reading: str
    """In katakana; empty when it has none."""
    is_noun: bool = True
    """Whether it names something by itself; verbs, adjectives and endings do not."""


class Analyzer:
    """Analyses any string; safe to share between threads, for each has a tokenizer of its own."""

    def words(self, text: str) -> tuple[Token, ...]:
        """The words of ``text`` in order; offsets point into ``text`` as printed."""
        return tuple(_word_tokens(fold(text)))

    def readings(self, text: str) -> tuple[Token, ...]:
        """The readings of ``text``'s words, in katakana; words without one are left out."""
        return self._words(fold(text))[1]

    def bigrams(self, text: str) -> tuple[Token, ...]:
        """Pairs of neighbouring characters, edges included; spaces and signs between them are
        passed over."""
        return _bigram_tokens(fold(text))

    def inner_bigrams(self, text: str) -> tuple[str, ...]:
        """The terms of :meth:`bigrams` without the edges: what holds ``text`` somewhere inside."""
        return tuple(bigram_terms(fold_text(text))[1:-1])

    def analyze(self, text: str) -> Analysis:
        """All three streams at the price of one tokenisation."""
        folded = fold(text)
        words, readings = self._words(folded)
        return Analysis(words, readings, _bigram_tokens(folded))

    def postings(self, text: str) -> Postings:
        """What to index of ``text``; the same terms and positions as :meth:`analyze`, faster."""
        folded = fold(text).text
        words, readings = _expand(_word_positions(folded))
        return Postings(words, readings, bigram_terms(folded))

    def sequence(self, text: str) -> Sequence:
        """The same terms and positions as :meth:`analyze`, not yet spelled out."""
        folded = fold(text).text
        words: list[Word] = []
        for _, sentence in cut_sentences(folded):
            words.extend(_sentence_words(sentence))
        return Sequence(words, bigram_terms(folded))

    def lexemes(self, text: str) -> tuple[Lexeme, ...]:
        """The C units of ``text`` that are indexed, for reading a query."""
        return _lexemes(text)

    def spoken(self, text: str) -> str:
        """How the whole of ``text`` is read, in katakana, particles included, signs left out."""
        table = word_table()
        return "".join(
            fold_reading(morpheme.reading_form()) or _letters(morpheme.surface())
            for _, sentence in cut_sentences(fold(text).text)
            for morpheme in table.tokenize(sentence)
        )

    def segment(self, text: str) -> tuple[str, ...]:
        """The surfaces of ``text``; they add up to it exactly, invisible characters included."""
        folded = fold(text)
        ends = sorted({folded.span(0, end)[1] for end in self._word_ends(folded)} | {len(text)})
        starts = [0, *ends[:-1]]
        return tuple(
            text[start:end] for start, end in zip(starts, ends, strict=True) if end > start
        )

    def verbs(self, text: str) -> frozenset[int]:
        """Where verbs begin: 集め and 運ぶ of ごみを集めて運ぶ."""
        return _starts_of(text, is_verb)

    def _word_ends(self, folded: Folded) -> Iterator[int]:
        table = word_table()
        for offset, sentence in cut_sentences(folded.text):
            for morpheme in table.tokenize(sentence):
                yield offset + morpheme.end()

    def _words(self, folded: Folded) -> tuple[tuple[Token, ...], tuple[Token, ...]]:
        words: list[Token] = []
        readings: list[Token] = []
        position = 0
        table = word_table()
        for offset, sentence in cut_sentences(folded.text):
            for morpheme in table.tokenize(sentence):
                word = table.word(morpheme)
                if not word.terms:
                    position += word.step
                    continue
                for token, reading in _tokens_of(morpheme, word, position, offset, folded):
                    words.append(token)
                    if reading:
                        readings.append(token._replace(term=reading))
                position += word.step
        return tuple(words), tuple(readings)


@lru_cache(maxsize=LEXEMES_KEPT)
def _lexemes(text: str) -> tuple[Lexeme, ...]:
    folded = fold(text)
    table = word_table()
    found = []
    for offset, sentence in cut_sentences(folded.text):
        for morpheme in table.tokenize(sentence):
            word = table.word(morpheme)
            if not word.terms:
                continue
            start, end = folded.span(offset + morpheme.begin(), offset + morpheme.end())
            term, reading = word.whole or word.terms[0], word.whole_reading or word.readings[0]
            noun = is_noun(morpheme)
            found.append(Lexeme(text[start:end], start, end, term, word.terms, reading, noun))
    return tuple(found)


def _word_tokens(folded: Folded) -> list[Token]:
    """The words alone: what marks a page of hits, so it does no more than it must."""
    table = word_table()
    known, span = table.by_number, folded.span
    found: list[Token] = []
    position = 0
    for offset, sentence in cut_sentences(folded.text):
        for morpheme in table.tokenize(sentence):
            word = known.get(morpheme.word_id()) or table.word(morpheme)
            if word.whole:
                found += [t for t, _ in _tokens_of(morpheme, word, position, offset, folded)]
            elif word.terms:
                start, end = span(offset + morpheme.begin(), offset + morpheme.end())
                found.append(Token(word.terms[0], position, start, end))
            position += word.step
    return found


def _starts_of(text: str, is_meant: Callable[[Morpheme], bool]) -> frozenset[int]:
    folded = fold(text)
    table = word_table()
    return frozenset(
        folded.span(offset + morpheme.begin(), offset + morpheme.end())[0]
        for offset, sentence in cut_sentences(folded.text)
        for morpheme in table.tokenize(sentence)
        if is_meant(morpheme)
    )


def _letters(surface: str) -> str:
    """What is read as it is written: digits and Latin letters."""
    return surface if surface.isalnum() else ""


def bigram_terms(folded: str) -> list[str]:
    """The pairs of a folded text in order. ``1,000`` is one unit: 9,90 never finds 19,90."""
    units = _UNIT.findall(folded)
    if not units:
        return []
    first, last = EDGES
    pairs = map(add, units, islice(units, 1, None))
    return [first + units[0], *pairs, units[-1] + last]


def _bigram_tokens(folded: Folded) -> tuple[Token, ...]:
    units = [(match.group(), match.start(), match.end()) for match in _UNIT.finditer(folded.text)]
    if not units:
        return ()
    first_edge, last_edge = EDGES
    start, end = units[0][1], units[-1][2]
    bounded = [(first_edge, start, start), *units, (last_edge, end, end)]
    return tuple(
        Token(first[0] + second[0], position, *folded.span(first[1], second[2]))
        for position, (first, second) in enumerate(pairwise(bounded))
    )


def _tokens_of(
    morpheme: Morpheme, word: Word, position: int, offset: int, folded: Folded
) -> Iterator[tuple[Token, str]]:
    """The tokens of one C unit with their readings: the whole first, then its parts."""
    start, end = offset + morpheme.begin(), offset + morpheme.end()
    if not word.whole:
        yield Token(word.terms[0], position, *folded.span(start, end)), word.readings[0]
        return
    yield Token(word.whole, position, *folded.span(start, end)), word.whole_reading
    parts = list(morpheme.split(SplitMode.A))
    if len(parts) != len(word.terms):
        parts = [part for part in parts if index_term(part) in word.terms]
    for index, part in enumerate(parts):
        span = folded.span(offset + part.begin(), offset + part.end())
        yield Token(word.terms[index], position + index, *span), word.readings[index]


def _word_positions(folded: str) -> dict[Word, list[int]]:
    """Positions by word; the innermost loop of an index run, so it does no more than it must."""
    positions: defaultdict[Word, list[int]] = defaultdict(list)
    position = 0
    for _, sentence in cut_sentences(folded):
        for word in _sentence_words(sentence):
            positions[word].append(position)
            position += word.step
    positions.pop(BREAK, None)
    return positions


@lru_cache(maxsize=SENTENCES_KEPT)
def _sentence_words(sentence: str) -> tuple[Word, ...]:
    """The indexed words and breaks of a folded sentence."""
    table = word_table()
    known = table.by_number
    words = []
    for morpheme in table.tokenize(sentence):
        word = known.get(morpheme.word_id())
        if word is None:
            word = table.word(morpheme)
        if word is not NOT_INDEXED:
            words.append(word)
    return tuple(words)


def _expand(positions: dict[Word, list[int]]) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    """Positions by word as positions by term and by reading."""
    words: dict[str, list[int]] = {}
    readings: dict[str, list[int]] = {}
    for word, at in positions.items():
        if word.whole:
            _merge(words, word.whole, at)
            _merge(readings, word.whole_reading, at)
        _merge(words, word.terms[0], at)
        _merge(readings, word.readings[0], at)
        for index in range(1, len(word.terms)):
            shifted = [position + index for position in at]
            _merge(words, word.terms[index], shifted)
            _merge(readings, word.readings[index], shifted)
    return words, readings


def _merge(by_term: dict[str, list[int]], term: str, positions: list[int]) -> None:
    """Add positions to a term; lists are shared between terms, so they are never changed."""
    if not term:
        return
    before = by_term.get(term)
    by_term[term] = positions if before is None else sorted({*before, *positions})
