"""How near do the sentences of some programmes come to a text? By pairs of characters, and meaning.

Hundreds of candidates are looked at for every question, some thousand sentences: each step is one
array operation over all of them. Sentences are kept in one width and case as 16 bit characters,
made in the background once; before that those asked about are made when they are asked about.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.engine.interface import Comparison
from indexer.engine.sentences import Sentences, Vectors, cosines

Units = NDArray[np.uint16]
Ints = NDArray[np.int64]

_END = "\0"
_PRIVATE, _PRIVATE_SIZE = 0xE000, 0x1900
"""Where the rare characters beyond 16 bits are put; two of them may come to be one."""
_AT_ONCE = 1000
PAIRS_MAXIMUM = 120
"""Numbers of pairs, and of characters in them, fit eight bits."""


@dataclass(frozen=True, slots=True)
class Plain:
    """Texts in one width and case, each with ``_END`` behind it."""

    units: Units
    bounds: Ints
    """Text ``n`` is ``bounds[n]`` … ``bounds[n + 1]``."""

    def take(self, numbers: NDArray[Any]) -> Plain:
        """Some of the texts, in this order."""
        starts, counts = self.bounds[numbers], self.bounds[numbers + 1] - self.bounds[numbers]
        return Plain(self.units[_spans(starts, counts)], np.append(0, np.cumsum(counts)))


def make_plain(texts: Iterable[str]) -> Plain:
    """Texts as :class:`Plain` keeps them."""
    joined = "".join(text.replace(_END, " ") + _END for text in texts)
    units = _units(unicodedata.normalize("NFKC", joined).lower())
    return Plain(units, np.append(0, np.flatnonzero(units == 0) + 1))


@dataclass(frozen=True, slots=True)
class Part:
    """The sentences of a segment, the number of its first row, and vectors if there are any."""

    base: int
    sentences: Sentences
    vectors: Vectors | None


class Comparer:
    """Compares texts with the sentences of a generation. Safe under threads."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = parts
        self._bases = np.array([part.base for part in parts], dtype=np.int64)
        self._plain: list[Plain | None] = [None] * len(parts)

    def warm(self) -> None:
        """Make now what comparisons are faster with. A few sentences at a time: requests go on."""
        for index, part in enumerate(self._parts):
            size = len(part.sentences)
            starts = range(0, size, _AT_ONCE)
            made = [self._made(index, range(n, min(size, n + _AT_ONCE))) for n in starts]
            if made:
                lengths = np.concatenate([np.diff(one.bounds) for one in made])
                units = np.concatenate([one.units for one in made])
                self._plain[index] = Plain(units, np.append(0, np.cumsum(lengths)))

    def compare(
        self,
        rows: NDArray[np.int64],
        pairs: Mapping[str, float],
        vector: NDArray[np.float32] | None,
    ) -> Comparison:
        """The sentences of ``rows`` (-1: of none)."""
        looked = _Looked(self._parts, self._bases, rows)
        sought = _Sought(pairs)
        held = np.zeros((len(looked.owners), len(sought.weights)), dtype=bool)
        named = np.zeros(len(rows))
        likeness = None if vector is None else np.zeros(len(looked.owners), dtype=np.float32)
        for index, (at, numbers) in enumerate(looked.by_part):
            if not len(at):
                continue
            plain = self._taken(index, numbers)
            places, found = sought.places(plain.units)
            sentences = at[np.searchsorted(plain.bounds, places, side="right") - 1]
            held[sentences, found] = True
            titles = sentences[looked.is_title[sentences]]
            named += np.bincount(looked.owners[titles], minlength=len(rows))
            own = at[looked.is_title[at]]
            lengths = np.diff(plain.bounds)[looked.is_title[at]] - 2
            named[looked.owners[own]] /= np.maximum(lengths, 1)
            vectors = self._parts[index].vectors
            if vector is not None and likeness is not None and vectors is not None:
                likeness[at] = cosines(vectors[numbers], vector)
        return looked.comparison(held, sought.weights, named, likeness)

    def _taken(self, part: int, numbers: NDArray[Any]) -> Plain:
        plain = self._plain[part]
        return self._made(part, numbers.tolist()) if plain is None else plain.take(numbers)

    def _made(self, part: int, numbers: Iterable[int]) -> Plain:
        return make_plain(map(self._parts[part].sentences.__getitem__, numbers))


class _Sought:
    """The pairs looked for, by number from 1 on."""

    def __init__(self, pairs: Mapping[str, float]) -> None:
        kept = list(pairs.items())[:PAIRS_MAXIMUM]
        self.weights = np.array([0.0, *(weight for _, weight in kept)])
        typed = _units("".join(pair for pair, _ in kept))
        characters = np.unique(typed)
        self._character = np.zeros(1 << 16, dtype=np.uint8)
        self._character[characters] = np.arange(1, len(characters) + 1)
        self._pair = np.zeros(1 << 16, dtype=np.uint8)
        numbered = self._numbered(typed)[::2]
        self._pair[numbered] = np.arange(1, len(kept) + 1)

    def places(self, units: Units) -> tuple[NDArray[np.intp], NDArray[np.uint8]]:
        """Where pairs begin, and which they are."""
        found = self._pair[self._numbered(units)]
        places = np.flatnonzero(found)
        return places, found[places]

    def _numbered(self, units: Units) -> Units:
        """Each character with the one behind it, as one number."""
        numbers = self._character[units]
        both = numbers[:-1].astype(np.uint16)
        both <<= 8
        both |= numbers[1:]
        return both


class _Looked:
    """The sentences of some rows, one row after the other."""

    def __init__(self, parts: Sequence[Part], bases: Ints, rows: NDArray[np.int64]) -> None:
        part_of = np.searchsorted(bases, rows, side="right") - 1
        self.counts = np.zeros(len(rows), dtype=np.int64)
        firsts = np.zeros(len(rows), dtype=np.int64)
        for index, part in enumerate(parts):
            own = part_of == index
            local, bounds = rows[own] - part.base, part.sentences.row_bounds
            firsts[own] = bounds[local]
            self.counts[own] = bounds[local + 1] - bounds[local]
        self.starts = np.cumsum(self.counts) - self.counts
        self.owners = np.repeat(np.arange(len(rows)), self.counts)
        self.is_title = np.zeros(len(self.owners), dtype=bool)
        self.is_title[self.starts[self.counts > 0]] = True
        references = _spans(firsts, self.counts)
        parts_of = part_of[self.owners]
        self.by_part: list[tuple[NDArray[np.intp], NDArray[np.int32]]] = []
        """By segment: places among the sentences looked at, and their numbers in the segment."""
        for index, part in enumerate(parts):
            at = np.flatnonzero(parts_of == index)
            self.by_part.append((at, part.sentences.references[references[at]]))

    def comparison(
        self,
        held: NDArray[np.bool_],
        weights: NDArray[np.float64],
        named: NDArray[np.float64],
        likeness: NDArray[np.float32] | None,
    ) -> Comparison:
        """What the pairs in each sentence and programme weigh."""
        shares = _weighed(held, weights)
        rows = self.counts > 0
        whole, title, sentence, closest, title_close = np.zeros((5, len(rows)))
        starts = self.starts[rows]
        if len(starts):
            whole[rows] = _weighed(np.logical_or.reduceat(held, starts), weights)
            title[rows] = shares[starts]
            others = np.where(self.is_title & (self.counts > 1)[self.owners], 0.0, shares)
            sentence[rows] = np.maximum.reduceat(others, starts)
        if likeness is not None and len(starts):
            closest[rows] = np.maximum.reduceat(likeness, starts)
            title_close[rows] = likeness[starts]
        return Comparison(
            bounds=np.append(self.starts, len(self.owners)),
            shares=shares,
            likeness=likeness,
            pairs=whole,
            sentence=sentence,
            title=title,
            named=named,
            closest=closest,
            title_close=title_close,
        )


def _weighed(held: NDArray[np.bool_], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """What each row holds of the weights: few of them, so adding those up beats a product."""
    rows, columns = np.divmod(np.flatnonzero(held), len(weights))
    found: NDArray[np.float64] = np.bincount(rows, weights[columns], len(held)).astype(np.float64)
    return found


def _spans(starts: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Every number of the runs that begin at ``starts`` and have so many."""
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    return np.repeat(starts - (ends - counts), counts) + np.arange(total)


def _units(text: str) -> Units:
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    return np.where(codes > 0xFFFF, _PRIVATE + codes % _PRIVATE_SIZE, codes).astype(np.uint16)
