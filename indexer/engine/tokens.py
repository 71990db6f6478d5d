"""Which terms stand where in a field? Sequences of words gathered row by row, spelled out at once.

A word of the analyser gives several terms: a C unit and its A units, and their readings. Rows are
kept as sequences of word numbers; only when a segment is written are they turned into terms and
positions, all in a few array operations.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int32]
Ints = NDArray[np.int64]

GAP = 0
"""The number of what stands between two paragraphs: one position that holds no term."""
_GAP = np.array([GAP], dtype=np.int32)
_ROW_BITS, _POSITION_BITS = 16, 24  # which leaves 23 for the term


class Word(Protocol):
    """What the analyser knows of a word; see ``indexer.analysis.dictionary.Word``."""

    @property
    def terms(self) -> tuple[str, ...]: ...
    @property
    def readings(self) -> tuple[str, ...]: ...
    @property
    def whole(self) -> str: ...
    @property
    def whole_reading(self) -> str: ...
    @property
    def step(self) -> int: ...


K = TypeVar("K")


class Numbering(dict[K, int], Generic[K]):
    """Numbers things as they come, from 1 on."""

    def __missing__(self, key: K) -> int:
        self[key] = number = len(self) + 1
        return number

    def all(self, keys: Sequence[K]) -> Numbers:
        """The numbers of many."""
        return np.fromiter(map(self.__getitem__, keys), np.int32, len(keys))


@dataclass(slots=True)
class Rows:
    """One field's text, row by row, as numbers."""

    parts: list[Numbers] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)

    def add(self, paragraphs: Sequence[Numbers]) -> int:
        """Add a row; how many numbers it has, gaps included."""
        length = 0
        for paragraph in paragraphs:
            if len(paragraph):
                self.parts += (paragraph, _GAP)
                length += len(paragraph) + 1
        self.lengths.append(length)
        return length


@dataclass(frozen=True, slots=True)
class Spelling:
    """Which terms each number stands for, how far each lies from it, and how far it moves on.

    Number ``n`` has the entries ``first[n]`` … ``first[n + 1]`` of ``terms`` and ``shifts``.
    """

    vocabulary: list[str]
    first: Ints
    terms: Ints
    shifts: Ints
    steps: Ints


def spell_bigrams(numbering: Numbering[str]) -> Spelling:
    """Every number is one term."""
    count = len(numbering)
    return Spelling(
        vocabulary=list(numbering),
        first=np.maximum(np.arange(count + 2) - 1, 0),
        terms=np.arange(count),
        shifts=np.zeros(count, dtype=np.int64),
        steps=np.ones(count + 1, dtype=np.int64),
    )


def spell_words(numbering: Numbering[Word], *, readings: bool) -> Spelling:
    """The terms, or the readings, of every word: the C unit and its A units beside each other."""
    vocabulary: dict[str, int] = {}
    terms: list[int] = []
    shifts: list[int] = []
    first = [0, 0]
    for word in numbering:
        whole, parts = (word.whole_reading, word.readings) if readings else (word.whole, word.terms)
        entries = dict.fromkeys(((whole, 0), *((part, n) for n, part in enumerate(parts))))
        for term, shift in entries:
            if term:
                terms.append(vocabulary.setdefault(term, len(vocabulary)))
                shifts.append(shift)
        first.append(len(terms))
    return Spelling(
        vocabulary=list(vocabulary),
        first=np.array(first, dtype=np.int64),
        terms=np.array(terms, dtype=np.int64),
        shifts=np.array(shifts, dtype=np.int64),
        steps=np.array([1, *(word.step for word in numbering)], dtype=np.int64),
    )


@dataclass(frozen=True, slots=True)
class FieldTokens:
    """All tokens of a field, sorted by term, row and position."""

    words: list[str]
    """The terms that occur, in code point order, which is also Whoosh's byte order."""
    ranks: Numbers
    """Per token, the index of its term in ``words``."""
    rows: Numbers
    positions: Numbers
    lengths: Ints
    """Tokens per row."""


@dataclass(frozen=True, slots=True)
class Placed:
    """The rows of a text as one sequence of numbers, and where each stands."""

    numbers: Numbers
    places: Ints
    """Row and position of each number as one number."""
    row_count: int


def place(rows: Rows, steps: Ints) -> Placed | None:
    """Lay the rows end to end; ``None`` when there is nothing in them."""
    if not rows.parts:
        return None
    numbers = np.concatenate(rows.parts)
    moved = steps[numbers]
    before = np.cumsum(moved) - moved
    lengths = np.array(rows.lengths, dtype=np.int64)
    starts = np.minimum(np.cumsum(lengths) - lengths, len(numbers) - 1)
    # Position of a number: steps since its row began. The row goes into the bits above.
    origin = before[starts] - (np.arange(len(lengths)) << _POSITION_BITS)
    return Placed(numbers, before - np.repeat(origin, lengths), len(lengths))


def spell_out(placed: Placed, spelling: Spelling) -> FieldTokens | None:
    """Turn a sequence of numbers into tokens; ``None`` when there are none."""
    counts = np.diff(spelling.first)[placed.numbers]
    total = int(counts.sum())
    if not total:
        return None
    words, rank_of_term = _ranks(spelling, placed.numbers)
    entry = np.repeat(spelling.first[placed.numbers] - np.cumsum(counts) + counts, counts)
    entry += np.arange(total)
    keys = (rank_of_term[spelling.terms] << (_ROW_BITS + _POSITION_BITS)) + spelling.shifts
    keys = keys[entry]
    keys += np.repeat(placed.places, counts)
    return _sorted_tokens(words, keys, placed.row_count)


def collect_tokens(
    words: list[str], ranks: Ints, rows: Ints, positions: Ints, row_count: int
) -> FieldTokens:
    """Tokens in any order, as they stand in segments to be merged."""
    keys = (ranks << (_ROW_BITS + _POSITION_BITS)) | (rows << _POSITION_BITS) | positions
    return _sorted_tokens(words, keys, row_count)


def _sorted_tokens(words: list[str], keys: Ints, row_count: int) -> FieldTokens:
    keys.sort()
    places = keys >> _POSITION_BITS
    rows = (places & ((1 << _ROW_BITS) - 1)).astype(np.int32)
    return FieldTokens(
        words=words,
        ranks=(places >> _ROW_BITS).astype(np.int32),
        rows=rows,
        positions=(keys & ((1 << _POSITION_BITS) - 1)).astype(np.int32),
        lengths=np.bincount(rows, minlength=row_count),
    )


def _ranks(spelling: Spelling, numbers: Numbers) -> tuple[list[str], Ints]:
    """The terms that occur, in order, and for every term of the vocabulary its place there."""
    used = np.zeros(len(spelling.first) - 1, dtype=bool)
    used[numbers] = True
    occurring = np.zeros(len(spelling.vocabulary), dtype=bool)
    occurring[spelling.terms[np.repeat(used, np.diff(spelling.first))]] = True
    present = np.flatnonzero(occurring)
    order = sorted(present.tolist(), key=spelling.vocabulary.__getitem__)
    ranks = np.zeros(len(spelling.vocabulary), dtype=np.int64)
    ranks[order] = np.arange(len(order))
    return [spelling.vocabulary[term] for term in order], ranks
