"""Which programmes matched, and how well? Sets of programmes with scores, and their algebra.

Programmes are numbered 0 … N-1 in document and printed order ("ordinals"). A result is a sorted
array of ordinals with a score each. A result that holds a good part of all programmes also
carries its scores as an array over all N: adding two such arrays is faster than any merge.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Ordinals = NDArray[np.intp]
Scores = NDArray[np.float32]
Mask = NDArray[np.bool_]

DENSE_SHARE = 16
"""One programme in this many, and a result is worth an array over all of them."""


@dataclass(frozen=True, slots=True)
class Hits:
    """Matching programmes. No ``scores``: a filter, every score 0. Otherwise scores are > 0."""

    ordinals: Ordinals
    scores: Scores | None = None
    dense: Scores | None = field(default=None, repr=False)
    """Scores over all programmes, 0 where there is no match. Only ever together with scores."""

    def __len__(self) -> int:
        return len(self.ordinals)

    @property
    def nbytes(self) -> int:
        """Memory held."""
        arrays = (self.ordinals, self.scores, self.dense)
        return sum(array.nbytes for array in arrays if array is not None)

    def among(self, ordinals: Ordinals) -> Mask:
        """Which of ``ordinals`` are matches."""
        return _look_up(self, ordinals)[0]

    def scores_of(self, ordinals: Ordinals) -> Scores:
        """The score of each of ``ordinals``, 0 where it is no match."""
        found, scores = _look_up(self, ordinals)
        if scores is None:
            return np.zeros(len(ordinals), dtype=np.float32)
        return np.where(found, scores, np.float32(0))

    def unscored(self) -> Hits:
        """The same programmes as a filter."""
        return Hits(self.ordinals)

    def weighted(self, weight: float) -> Hits:
        """Every score times ``weight``, which is positive."""
        if self.scores is None or weight == 1.0:
            return self
        factor = np.float32(weight)
        dense = None if self.dense is None else self.dense * factor
        return Hits(self.ordinals, self.scores * factor, dense)


def make_hits(ordinals: Ordinals, scores: Scores, total: int) -> Hits:
    """Hits in the form that suits their number."""
    if len(ordinals) * DENSE_SHARE < total:
        return Hits(ordinals, scores)
    dense = np.zeros(total, dtype=np.float32)
    dense[ordinals] = scores
    return Hits(ordinals, scores, dense)


NO_HITS = Hits(np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.float32))


def union(parts: Sequence[Hits], total: int, *, best: bool = False, tie: float = 0.0) -> Hits:
    """Programmes in any part; scores added up, or the ``best`` of them and ``tie`` times the
    others."""
    parts = [part for part in parts if len(part)]
    if not parts:
        return NO_HITS
    if len(parts) == 1:
        return parts[0]
    if sum(map(len, parts)) * DENSE_SHARE >= total:
        return _union_dense(parts, total, best=best, tie=tie)
    return _union_sparse(parts, best=best, tie=tie)


def covering(
    parts: Sequence[Hits],
    weights: Sequence[float],
    bonus: Sequence[Hits],
    floor: float,
    total: int,
) -> Hits:
    """Programmes in any part; scores added up, ``bonus`` included, times ``floor`` and more the
    larger the share of the weights of the parts they are in."""
    scores = np.zeros(total, dtype=np.float32)
    covered = np.zeros(total, dtype=np.float32)
    for part, weight in zip(parts, weights, strict=True):
        _add(scores, part)
        covered[part.ordinals] += np.float32(weight)
    ordinals = np.flatnonzero(covered)
    if not len(ordinals):
        return NO_HITS
    for part in bonus:
        _add(scores, part)
    share = covered[ordinals] / np.float32(sum(weights))
    found = scores[ordinals] * (np.float32(floor) + np.float32(1 - floor) * share)
    return Hits(ordinals, found)


def _add(scores: Scores, part: Hits) -> None:
    if part.dense is not None:
        scores += part.dense
    elif part.scores is not None:
        scores[part.ordinals] += part.scores


def _union_dense(parts: Sequence[Hits], total: int, *, best: bool, tie: float) -> Hits:
    if best and tie:
        highest = _union_dense(parts, total, best=True, tie=0.0)
        if highest.dense is None or highest.scores is None:
            return highest
        summed = _union_dense(parts, total, best=False, tie=0.0)
        assert summed.dense is not None
        dense = highest.dense + np.float32(tie) * (summed.dense - highest.dense)
        return Hits(highest.ordinals, dense[highest.ordinals], dense)
    combine = np.maximum if best else np.add
    scores = np.zeros(total, dtype=np.float32)
    filters = []
    for part in parts:
        if part.scores is None:
            filters.append(part)
        elif part.dense is not None:
            combine(scores, part.dense, out=scores)
        else:
            scores[part.ordinals] = combine(scores[part.ordinals], part.scores)
    mask = scores > 0
    if not filters:
        ordinals = np.flatnonzero(mask)
        return Hits(ordinals, scores[ordinals], scores)
    for part in filters:
        mask[part.ordinals] = True
    ordinals = np.flatnonzero(mask)
    return Hits(ordinals, None if len(filters) == len(parts) else scores[ordinals])


def _union_sparse(parts: Sequence[Hits], *, best: bool, tie: float) -> Hits:
    ordinals = np.concatenate([part.ordinals for part in parts])
    order = np.argsort(ordinals, kind="stable")
    ordinals = ordinals[order]
    first = np.ones(len(ordinals), dtype=bool)
    np.not_equal(ordinals[1:], ordinals[:-1], out=first[1:])
    starts = np.flatnonzero(first)
    if all(part.scores is None for part in parts):
        return Hits(ordinals[starts])
    scores = np.concatenate([_scores_or_zero(part) for part in parts])[order]
    reduced = np.maximum.reduceat(scores, starts) if best else np.add.reduceat(scores, starts)
    if best and tie:
        reduced += np.float32(tie) * (np.add.reduceat(scores, starts) - reduced)
    return Hits(ordinals[starts], reduced)


def intersection(parts: Sequence[Hits]) -> Hits:
    """Programmes in every part; scores added up."""
    first, *others = sorted(parts, key=len)
    ordinals, scores = first.ordinals, first.scores
    for other in others:
        if not len(ordinals):
            return NO_HITS
        found, gained = _look_up(other, ordinals)
        if not found.all():
            ordinals = ordinals[found]
            scores = None if scores is None else scores[found]
            gained = None if gained is None else gained[found]
        if gained is not None:
            scores = gained if scores is None else scores + gained
    return Hits(ordinals, scores)


def difference(hits: Hits, excluded: Hits) -> Hits:
    """Programmes of ``hits`` that are not in ``excluded``."""
    if not len(hits) or not len(excluded):
        return hits
    found, _ = _look_up(excluded, hits.ordinals)
    kept = ~found
    return Hits(hits.ordinals[kept], None if hits.scores is None else hits.scores[kept])


def complement(hits: Hits, total: int) -> Hits:
    """All programmes but these, as a filter."""
    mask = np.ones(total, dtype=bool)
    mask[hits.ordinals] = False
    return Hits(np.flatnonzero(mask))


def _look_up(hits: Hits, wanted: Ordinals) -> tuple[Mask, Scores | None]:
    """Which of ``wanted`` are hits, and their scores (anything where they are not)."""
    if hits.dense is not None:
        scores = hits.dense[wanted]
        return scores > 0, scores
    if not len(hits):
        return np.zeros(len(wanted), dtype=bool), None
    at = np.searchsorted(hits.ordinals, wanted)
    np.minimum(at, len(hits) - 1, out=at)
    found = hits.ordinals[at] == wanted
    return found, None if hits.scores is None else hits.scores[at]


def _scores_or_zero(hits: Hits) -> Scores:
    return np.zeros(len(hits), dtype=np.float32) if hits.scores is None else hits.scores
