"""Which programmes are near to a vector? Every sentence of a generation compared, in two steps.

The signs of a vector's numbers, one bit each, tell quickly which few hundred sentences may be near;
those are compared number by number.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from indexer.engine.sentences import DIMENSIONS, Sentences, Vectors, cosines
from indexer.engine.snapshot import Snapshot

_LOOKED_AT = 400
"""Sentences compared number by number."""
_AT_ONCE = 4096


class Meaning:
    """The vectors of a generation's sentences. Safe under threads."""

    def __init__(self, snapshot: Snapshot, parts: Sequence[tuple[int, Sentences, Vectors]]) -> None:
        """``parts``: of every segment the number of its first row, its sentences and vectors."""
        self._snapshot = snapshot
        self._parts = parts

    def nearest(self, vector: NDArray[np.float32], limit: int) -> list[tuple[int, float]]:
        """Rows with the nearest sentences, each with its best cosine; nearest first."""
        typed = np.packbits(vector > 0).view(np.uint64)
        found = [
            self._nearest_sentences(part, vector, typed, limit) for part in range(len(self._parts))
        ]
        owners = np.repeat(np.arange(len(found)), [len(numbers) for numbers, _ in found])
        numbers = np.concatenate([numbers for numbers, _ in found])
        likeness = np.concatenate([likeness for _, likeness in found])
        best: dict[int, float] = {}
        for at in np.argsort(-likeness, kind="stable").tolist():
            base, _, _ = self._parts[owners[at]]
            for row in self._rows_with(base, int(numbers[at])):
                best.setdefault(row, float(likeness[at]))
            if len(best) >= limit:
                break
        return list(best.items())[:limit]

    def _nearest_sentences(
        self, part: int, vector: NDArray[np.float32], typed: NDArray[np.uint64], limit: int
    ) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """The nearest sentences of one segment, nearest first, and their cosines."""
        _, _, vectors = self._parts[part]
        apart = np.zeros(len(vectors), dtype=np.uint16)
        # The same memory for every step: fresh pages cost more than what is done in them.
        other, bits = np.empty(len(vectors), np.uint64), np.empty(len(vectors), np.uint8)
        for signs, word in zip(self._signs[part], typed, strict=True):
            np.bitwise_xor(signs, word, out=other)
            apart += np.bitwise_count(other, out=bits)
        # Numbers this small are counted faster than put in order.
        within = np.cumsum(np.bincount(apart, minlength=DIMENSIONS + 1))
        farthest = np.searchsorted(within, min(_LOOKED_AT, len(apart)))
        numbers = np.flatnonzero(apart <= farthest)
        likeness = cosines(vectors[numbers], vector)
        order = np.argsort(-likeness, kind="stable")[:limit]
        return numbers[order], likeness[order]

    def warm(self) -> None:
        """Make now what the first comparison would wait for."""
        _ = self._signs, self._rows_by_sentence

    def _rows_with(self, base: int, number: int) -> list[int]:
        """Rows, ones that can be found, that have a sentence."""
        order, starts = self._rows_by_sentence[base]
        rows = order[starts[number] : starts[number + 1]] + base
        found: list[int] = rows[self._snapshot.ordinal_of_row[rows] >= 0].tolist()
        return found

    @cached_property
    def _signs(self) -> list[NDArray[np.uint64]]:
        """By segment: 64 signs of every sentence, then the next 64. A word of all of them lies
        in a row, for that is how they are compared."""
        made = []
        for _, _, vectors in self._parts:
            signs = np.empty((DIMENSIONS // 64, len(vectors)), dtype=np.uint64)
            for start in range(0, len(vectors), _AT_ONCE):
                some = np.packbits(vectors[start : start + _AT_ONCE] > 0, axis=1)
                signs[:, start : start + _AT_ONCE] = some.view(np.uint64).T
            made.append(signs)
        return made

    @cached_property
    def _rows_by_sentence(self) -> dict[int, tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """By segment: its rows in the order of their sentences, and where each sentence begins."""
        made = {}
        for base, sentences, _ in self._parts:
            each = np.diff(sentences.row_bounds)
            rows = np.repeat(np.arange(len(each)), each)
            order = np.argsort(sentences.references, kind="stable")
            counts = np.bincount(sentences.references, minlength=len(sentences))
            made[base] = rows[order], np.concatenate(([0], np.cumsum(counts)))
        return made
