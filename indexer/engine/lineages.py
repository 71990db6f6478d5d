"""Which rows are one programme through the fiscal years? Matches folded into one hit each.

Programmes through the years ("lineages") are numbered in document order of their newest year. A
place is a row's number when rows are put in that order, newest year first: the rows of a lineage
stand side by side, so that folding is one pass over arrays, whatever the number of matches.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.engine.columns import NULL_NUMBER
from indexer.engine.hits import NO_HITS, Hits, Ordinals, Scores


@dataclass(frozen=True, slots=True)
class Folded:
    """Matches, the years of each programme put together."""

    hits: Hits
    """One for each lineage: its newest year that matches, with the score of its best."""
    _rows: Ordinals
    _scores: Scores | None
    _starts: NDArray[np.intp]

    def best(self, at: NDArray[np.intp]) -> Ordinals:
        """Of hits by their index, the years that have the score."""
        if self._scores is None or not len(at):
            return self.hits.ordinals[at]
        ends = np.append(self._starts[1:], len(self._rows))
        spans = zip(self._starts[at].tolist(), ends[at].tolist(), strict=True)
        chosen = [start + int(self._scores[start:end].argmax()) for start, end in spans]
        return self._rows[chosen]


NOTHING_FOLDED = Folded(NO_HITS, NO_HITS.ordinals, None, np.zeros(0, dtype=np.intp))


class Lineages:
    """The programmes of one generation through the years.

    ``keys`` and ``finer`` are those of :mod:`indexer.lineage` for every ordinal, ``years`` the
    code of its fiscal year: 0 for none, ascending with time.
    """

    def __init__(
        self, keys: NDArray[np.int64], finer: NDArray[np.int64], years: NDArray[np.intp]
    ) -> None:
        groups = _numbered(keys, finer, years)
        newest_first = np.lexsort((-years, groups))
        starts = np.flatnonzero(_is_first(groups[newest_first]))
        order_of_group = np.argsort(np.argsort(newest_first[starts]))
        self.of_ordinal: NDArray[np.intp] = order_of_group[groups]
        """The lineage of every ordinal."""
        self._ordinals = np.lexsort((-years, self.of_ordinal))
        self._groups = self.of_ordinal[self._ordinals]
        self._places = np.empty(len(keys), dtype=np.intp)
        self._places[self._ordinals] = np.arange(len(keys))
        self._starts = np.append(np.flatnonzero(_is_first(self._groups)), len(keys))

    def __len__(self) -> int:
        return len(self._starts) - 1

    def fold(self, hits: Hits) -> Folded:
        """One hit for each lineage; of equal scores the first in document order comes first."""
        if not len(hits):
            return NOTHING_FOLDED
        present = np.zeros(len(self._places), dtype=bool)
        at = self._places[hits.ordinals]
        present[at] = True
        places = np.flatnonzero(present)
        starts = np.flatnonzero(_is_first(self._groups[places]))
        rows = self._ordinals[places]
        if hits.scores is None:
            return Folded(Hits(rows[starts]), rows, None, starts)
        by_place = np.zeros(len(self._places), dtype=np.float32)
        by_place[at] = hits.scores
        scores = by_place[places]
        best = np.maximum.reduceat(scores, starts)
        return Folded(Hits(rows[starts], best), rows, scores, starts)

    def whole(self, hits: Hits) -> Hits:
        """Every year of the programmes that have a hit, as a filter."""
        chosen = np.zeros(len(self), dtype=bool)
        chosen[self.of_ordinal[hits.ordinals]] = True
        return Hits(np.flatnonzero(chosen[self.of_ordinal]))

    def years(self, ordinal: int) -> Ordinals:
        """All years of the programme of ``ordinal``, newest first."""
        group = self.of_ordinal[ordinal]
        return self._ordinals[self._starts[group] : self._starts[group + 1]]


class LineageCounter:
    """Counts programmes by facet value, each once however many of its years are there."""

    def __init__(self, lineages: Lineages, codes: Mapping[str, NDArray[np.intp]]) -> None:
        self._lineages = lineages
        self._codes = codes
        self._pairs: dict[str, tuple[NDArray[np.intp], NDArray[np.intp]]] = {}

    def count(
        self, name: str, ordinals: Ordinals, folded: Ordinals | None, size: int
    ) -> NDArray[np.intp]:
        """The programmes among ``ordinals`` that have each code of a facet in any year.

        ``folded`` are the same with one year of each, where it is known.
        """
        pair_of_ordinal, codes = self._pairs_of(name)
        if len(codes) == len(self._lineages) and folded is not None:
            # No programme has two values: any of its years tells.
            return np.bincount(self._codes[name][folded], None, size)
        if len(codes) == len(pair_of_ordinal):
            # No two of its years share one.
            return np.bincount(self._codes[name][ordinals], None, size)
        present = np.zeros(len(codes), dtype=bool)
        present[pair_of_ordinal[ordinals]] = True
        return np.bincount(codes[np.flatnonzero(present)], None, size)

    def warm(self) -> None:
        """Make now what the first count of each facet would wait for."""
        for name in self._codes:
            self._pairs_of(name)

    def _pairs_of(self, name: str) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """The pair of lineage and code of every ordinal, and the code of every pair."""
        if name not in self._pairs:
            own = self._codes[name]
            size = int(own.max(initial=0)) + 1
            distinct, pairs = np.unique(self._lineages.of_ordinal * size + own, return_inverse=True)
            self._pairs[name] = pairs, distinct % size
        return self._pairs[name]


def _numbered(
    keys: NDArray[np.int64], finer: NDArray[np.int64], years: NDArray[np.intp]
) -> NDArray[np.intp]:
    """A number for every programme through the years; what is like another of its own year, or
    has no key, is a programme by itself."""
    _, rough = np.unique(keys, return_inverse=True)
    is_crowded = np.zeros(len(keys), dtype=bool)
    is_crowded[rough[_is_twin(rough, years)]] = True
    _, groups = np.unique(np.where(is_crowded[rough], finer, keys), return_inverse=True)
    alone = _is_twin(groups, years) | (keys == NULL_NUMBER)
    found = groups.astype(np.intp)
    found[alone] = len(keys) + np.arange(int(alone.sum()))
    _, numbered = np.unique(found, return_inverse=True)
    return numbered.astype(np.intp)


def _is_twin(groups: NDArray[np.intp], years: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Which rows share both their group and their year with another one."""
    pairs = groups * (int(years.max(initial=0)) + 1) + years
    _, pair, counts = np.unique(pairs, return_inverse=True, return_counts=True)
    twin: NDArray[np.bool_] = counts[pair] > 1
    return twin


def _is_first(groups: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Which of sorted numbers begin a run."""
    first = np.ones(len(groups), dtype=bool)
    np.not_equal(groups[1:], groups[:-1], out=first[1:])
    return first
