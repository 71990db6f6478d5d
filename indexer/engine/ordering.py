"""Which matches come first? The best by score, or the first by a column, and only those."""

from __future__ import annotations

from threading import Lock

import numpy as np
from numpy.typing import NDArray

from indexer.engine.columns import NULL_NUMBER
from indexer.engine.hits import Hits, Ordinals, Scores
from indexer.engine.schema import RELEVANCE, ColumnKind, column
from indexer.engine.snapshot import Snapshot

_CHUNK = 128


class Ordering:
    """Orders the matches of one generation. Equal ones are in document and printed order."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._ranks: dict[tuple[str, bool], NDArray[np.int64]] = {}
        self._lock = Lock()

    def first(
        self, hits: Hits, sort: str, *, descending: bool, offset: int, limit: int
    ) -> NDArray[np.intp]:
        """Indexes into ``hits.ordinals`` of the matches ``offset`` … ``offset + limit``."""
        count = min(offset + limit, len(hits))
        if count <= offset:
            return np.zeros(0, dtype=np.intp)
        if sort != RELEVANCE:
            ranks = self.ranks(sort, descending=descending)[hits.ordinals]
            return _smallest(ranks, count)[offset:]
        if hits.scores is None:
            return np.arange(offset, count, dtype=np.intp)
        scores = hits.scores if descending else -hits.scores
        return _best(scores, count)[offset:]

    def ranks(self, name: str, *, descending: bool) -> NDArray[np.int64]:
        """The place of each ordinal in the order of a column; no two share one. Null is last."""
        key = (name, descending)
        if key not in self._ranks:
            found = self._compute(name, descending=descending)
            with self._lock:
                self._ranks[key] = found
        return self._ranks[key]

    def _compute(self, name: str, *, descending: bool) -> NDArray[np.int64]:
        kind = column(name, ColumnKind.NUMBER, ColumnKind.TEXT).kind
        values: NDArray[np.int64] | NDArray[np.float64]
        if kind is ColumnKind.TEXT:
            values, null = self._snapshot.title_ranks, None
        else:
            values = self._snapshot.numbers[name]
            null = np.isnan(values) if values.dtype.kind == "f" else values == NULL_NUMBER
        keys = -values if descending else values
        order = np.argsort(keys, kind="stable")
        if null is not None:
            is_null = null[order]
            order = np.concatenate((order[~is_null], np.sort(order[is_null])))
        ranks = np.empty(len(order), dtype=np.int64)
        ranks[order] = np.arange(len(order))
        return ranks


def _smallest(ranks: NDArray[np.int64], count: int) -> Ordinals:
    """Indexes of the ``count`` smallest ranks, in order."""
    if count >= len(ranks):
        return np.argsort(ranks)
    found = np.argpartition(ranks, count - 1)[:count]
    return found[np.argsort(ranks[found])]


def _best(scores: Scores, count: int) -> Ordinals:
    """Indexes of the ``count`` highest scores, in order; of equal ones the first.

    The count-th highest of the chunks' maxima is no higher than the count-th highest score, so
    nothing below it can be among the best: one pass leaves a handful to sort.
    """
    chunks = len(scores) // _CHUNK
    if chunks > 4 * count:
        least = _highest(scores[: chunks * _CHUNK].reshape(chunks, _CHUNK).max(axis=1), count)
    elif len(scores) > 2 * count:
        least = _highest(scores, count)
    else:
        return np.argsort(-scores, kind="stable")[:count]
    candidates = np.flatnonzero(scores >= least)
    found = np.argsort(-scores[candidates], kind="stable")[:count]
    return candidates[found]


def _highest(scores: Scores, count: int) -> np.float32:
    """The count-th highest score."""
    at = len(scores) - count
    least: np.float32 = np.partition(scores, at)[at]
    return least
