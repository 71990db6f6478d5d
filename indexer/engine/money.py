"""What do programmes add up to? Exact sums of yen that never count a programme twice.

A programme whose ancestor with an amount is in the same set is not counted: the ancestor's amount
holds it already. The bundled chapter adds up to 2,826,344千円; with its parents' children counted
again it would be 2,866,344千円.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.engine.columns import NULL_NUMBER
from indexer.engine.hits import Ordinals
from indexer.engine.snapshot import Facet, Snapshot

_EXACT = 2.0**52
"""Well below 2**53 every whole number is a float of its own; a bincount adds up in floats."""
_SPLIT_BITS = 26


class Money:
    """One column of yen, ready to be added up by sets and by facet values."""

    def __init__(self, snapshot: Snapshot, column: str) -> None:
        numbers = snapshot.numbers[column]
        counted = (numbers != NULL_NUMBER) & snapshot.is_summed
        self.yen: NDArray[np.int64] = np.where(counted, numbers, 0).astype(np.int64)
        self._parts = _exact_parts(self.yen)
        self._children, self._ancestors = _nested_pairs(snapshot, counted)

    def select(self, ordinals: Ordinals) -> Sum:
        """A set of programmes, ready to be added up in several ways."""
        weights = [(column[ordinals], shift) for column, shift in self._parts]
        return Sum(self.yen, weights, self._nested(ordinals))

    def _nested(self, ordinals: Ordinals) -> tuple[Ordinals, Ordinals] | None:
        """Programmes of the set that lie under an ancestor in the set, with that ancestor."""
        if not len(self._children):
            return None
        present = np.zeros(len(self.yen), dtype=bool)
        present[ordinals] = True
        both = present[self._children] & present[self._ancestors]
        return (self._children[both], self._ancestors[both]) if both.any() else None


@dataclass(frozen=True, slots=True)
class Sum:
    """The amounts of a set of programmes, and which of them lie under which ancestor in it."""

    yen: NDArray[np.int64]
    """Of all programmes."""
    weights: list[tuple[NDArray[np.float64], int]]
    """Of the set; to be multiplied by two to the power of the number beside it."""
    nested: tuple[Ordinals, Ordinals] | None

    def total(self) -> int:
        """The sum over the set."""
        total = sum(int(weights.sum()) << shift for weights, shift in self.weights)
        return total - int(self.yen[np.unique(self.nested[0])].sum()) if self.nested else total

    def grouped(self, groups: NDArray[np.intp], size: int) -> Sum:
        """The same amounts added up by group, for :meth:`by_code` with the codes of groups."""
        weights = [
            (np.bincount(groups, own, size).astype(np.float64), shift)
            for own, shift in self.weights
        ]
        return Sum(self.yen, weights, self.nested)

    def by_code(self, facet: Facet, codes: NDArray[np.intp]) -> NDArray[np.float64 | np.int64]:
        """The sum for each facet code, as :meth:`total` would give it for that value alone.

        ``codes`` are the facet's codes of the set's programmes (or groups of them).
        """
        size = len(facet.values) + 1
        if len(self.weights) == 1 and self.nested is None:
            return np.bincount(codes, self.weights[0][0], size)
        sums = np.zeros(size, dtype=np.int64)
        for weights, shift in self.weights:
            sums += np.bincount(codes, weights, size).astype(np.int64) << shift
        if self.nested is not None:
            children, ancestors = self.nested
            same = facet.codes[children] == facet.codes[ancestors]
            twice = np.unique(children[same])
            np.subtract.at(sums, facet.codes[twice], self.yen[twice])
        return sums


def _exact_parts(yen: NDArray[np.int64]) -> list[tuple[NDArray[np.float64], int]]:
    """The column as floats whose sums are exact: one array, or two when sums grow too large."""
    as_float = yen.astype(np.float64)
    if np.abs(as_float).sum() < _EXACT:
        return [(as_float, 0)]
    low = yen & ((1 << _SPLIT_BITS) - 1)
    return [(low.astype(np.float64), 0), ((yen >> _SPLIT_BITS).astype(np.float64), _SPLIT_BITS)]


def _nested_pairs(
    snapshot: Snapshot, counted: NDArray[np.bool_]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Every (programme, ancestor) of which both have an amount that counts."""
    pairs = []
    for child in snapshot.parents:
        seen, row = {child}, snapshot.parents.get(child)
        while row is not None and row not in seen:
            seen.add(row)
            pairs.append((snapshot.ordinal_of_row[child], snapshot.ordinal_of_row[row]))
            row = snapshot.parents.get(row)
    found = np.array(pairs, dtype=np.intp).reshape(-1, 2)
    found = found[(found >= 0).all(axis=1)]
    found = found[counted[found].all(axis=1)]
    return found[:, 0], found[:, 1]
