"""What do programmes add up to? Exact sums of yen that never count a programme twice.

A programme whose ancestor with an amount is in the same set is not counted: the ancestor's amount
holds it already. The bundled chapter adds up to 2,826,344千円; with its parents' children counted
again it would be 2,866,344千円.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.engine.columns import NULL_NUMBER
from indexer.engine.hits import Ordinals
from indexer.engine.snapshot import Facet, Snapshot

_EXACT = 2.0**52
"""Well below 2**53 every whole number is a float of its own; a bincount adds up in floats."""
_SPLIT = 1 << 26
_STEP = 1 << 15
"""Programmes added up at a time: what is read of so many stays in a processor's own cache."""


class Money:
    """One column of yen, ready to be added up by sets and by facet values."""

    def __init__(self, snapshot: Snapshot, column: str) -> None:
        numbers = snapshot.numbers[column]
        counted = (numbers != NULL_NUMBER) & snapshot.is_summed
        self.yen: NDArray[np.int64] = np.where(counted, numbers, 0).astype(np.int64)
        self.parts = _exact_parts(self.yen)
        self._children, self._ancestors = _nested_pairs(snapshot, counted)

    def select(self, ordinals: Ordinals) -> Sum:
        """A set of programmes, ready to be added up in several ways."""
        weights = [(column[ordinals], factor) for column, factor in self.parts]
        return Sum(self.yen, weights, self._nested(ordinals))

    def grouped(self, ordinals: Ordinals, sums: Sequence[NDArray[np.float64]]) -> Sum:
        """The same from sums by group, one for each part."""
        factors = [factor for _, factor in self.parts]
        return Sum(self.yen, list(zip(sums, factors, strict=True)), self._nested(ordinals))

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
    """Of the set; their sum is to be multiplied by the number beside them."""
    nested: tuple[Ordinals, Ordinals] | None

    def total(self) -> int:
        """The sum over the set."""
        total = sum(int(weights.sum()) * factor for weights, factor in self.weights)
        return total - int(self.yen[np.unique(self.nested[0])].sum()) if self.nested else total

    def by_code(
        self, facet: Facet, codes: NDArray[np.intp], wanted: NDArray[np.intp]
    ) -> NDArray[np.int64]:
        """The sum for each ``wanted`` facet code, as :meth:`total` would give it for that value
        alone.

        ``codes`` are the facet's codes of the set's programmes (or groups of them).
        """
        size = len(facet.values) + 1
        (weights, factor), *more = self.weights
        sums = np.bincount(codes, weights, size)[wanted].astype(np.int64) * factor
        for weights, factor in more:
            sums += np.bincount(codes, weights, size)[wanted].astype(np.int64) * factor
        if self.nested is not None:
            children, ancestors = self.nested
            same = facet.codes[children] == facet.codes[ancestors]
            twice = np.unique(children[same])
            counted_twice = np.zeros(size, dtype=np.int64)
            np.add.at(counted_twice, facet.codes[twice], self.yen[twice])
            sums -= counted_twice[wanted]
        return sums


def group(
    monies: Sequence[Money], ordinals: Ordinals, groups: NDArray[np.int32], size: int
) -> tuple[NDArray[np.intp], list[Sum]]:
    """How many programmes of a set each group has, and its sums of each column of yen, for
    :meth:`Sum.by_code` with the codes of groups.

    ``groups`` has the group of every programme, 0 … ``size`` - 1.
    """
    counts = np.zeros(size, dtype=np.intp)
    sums = [[np.zeros(size) for _ in money.parts] for money in monies]
    for start in range(0, len(ordinals), _STEP):
        some = ordinals[start : start + _STEP]
        own = groups[some].astype(np.intp)
        counts += np.bincount(own, None, size)
        for money, summed in zip(monies, sums, strict=True):
            for total, (column, _) in zip(summed, money.parts, strict=True):
                total += np.bincount(own, column[some], size)
    return counts, [
        money.grouped(ordinals, summed) for money, summed in zip(monies, sums, strict=True)
    ]


def _exact_parts(yen: NDArray[np.int64]) -> list[tuple[NDArray[np.float64], int]]:
    """The column as floats whose sums are exact, and what a sum is to be multiplied by: one
    array, in yen or in the unit that all amounts are whole numbers of (books print 千円), or two
    when sums grow too large even so."""
    unit = max(int(np.gcd.reduce(yen)), 1)
    in_units = (yen // unit).astype(np.float64)
    if np.abs(in_units).sum() < _EXACT:
        return [(in_units, unit)]
    low = yen & (_SPLIT - 1)
    return [(low.astype(np.float64), 1), ((yen // _SPLIT).astype(np.float64), _SPLIT)]


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
