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
        self.parts = _exact_parts(self.yen)
        self._children, self._ancestors = _nested_pairs(snapshot, counted)

    def select(self, ordinals: Ordinals) -> Sum:
        """A set of programmes, ready to be added up in several ways."""
        if not len(self._children):
            return Sum(self, ordinals, None)
        present = np.zeros(len(self.yen), dtype=bool)
        present[ordinals] = True
        both = present[self._children] & present[self._ancestors]
        if not both.any():
            return Sum(self, ordinals, None)
        return Sum(self, ordinals, (self._children[both], self._ancestors[both]))


@dataclass(frozen=True, slots=True)
class Sum:
    """A set of programmes, and which of them lie under which ancestor in the set."""

    money: Money
    ordinals: Ordinals
    nested: tuple[Ordinals, Ordinals] | None

    def total(self) -> int:
        """The sum over the set."""
        total = int(self.money.yen[self.ordinals].sum())
        if self.nested is None:
            return total
        return total - int(self.money.yen[np.unique(self.nested[0])].sum())

    def by_code(self, facet: Facet, codes: NDArray[np.intp]) -> NDArray[np.int64]:
        """The sum for each facet code, as :meth:`total` would give it for that value alone.

        ``codes`` are the facet's codes of the set's programmes.
        """
        size = len(facet.values) + 1
        sums: NDArray[np.int64] | None = None
        for weights, shift in self.money.parts:
            found = np.bincount(codes, weights=weights[self.ordinals], minlength=size)
            part = found.astype(np.int64) << shift
            sums = part if sums is None else sums + part
        assert sums is not None
        if self.nested is not None:
            children, ancestors = self.nested
            same = facet.codes[children] == facet.codes[ancestors]
            twice = np.unique(children[same])
            np.subtract.at(sums, facet.codes[twice], self.money.yen[twice])
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
