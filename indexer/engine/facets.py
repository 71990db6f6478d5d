"""How do the matches spread over the facets? Counts and yen by value, all in one pass.

Within a facet, values are alternatives; across facets they restrict each other. A facet's own
selection leaves its own figures alone, so the other values stay to be chosen; a value that other
filters brought to 0 is still listed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.engine.evaluation import Evaluator
from indexer.engine.hits import Hits, Mask, Ordinals
from indexer.engine.interface import FacetValue
from indexer.engine.money import Money, Sum
from indexer.engine.schema import AMOUNT, PREVIOUS_AMOUNT, ColumnKind, column
from indexer.engine.snapshot import Facet, Snapshot

Filters = Mapping[str, tuple[str | int, ...]]


class Narrowed:
    """Matches of a query before, under all, and under all but one of the filters."""

    def __init__(self, hits: Hits, filters: Filters, evaluator: Evaluator) -> None:
        self.base = hits
        self._failed: dict[str, Mask] = {}
        for name, values in filters.items():
            if values:
                self._failed[name] = ~evaluator.among(name, values)[hits.ordinals]
        self.all = self._passing(None)

    def for_facet(self, name: str) -> Ordinals:
        """The programmes that a facet counts."""
        return self._passing(name).ordinals if name in self._failed else self.all.ordinals

    def _passing(self, but: str | None) -> Hits:
        failed = [mask for name, mask in self._failed.items() if name != but]
        if not failed:
            return self.base
        keep = ~np.logical_or.reduce(failed)
        scores = self.base.scores
        return Hits(self.base.ordinals[keep], None if scores is None else scores[keep])


class Amounts(NamedTuple):
    """The yen of a set of programmes, this year's and last year's."""

    now: Sum
    before: Sum


class FacetCounter:
    """Counts facets of one generation."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._money = Money(snapshot, AMOUNT.name)
        self._previous = Money(snapshot, PREVIOUS_AMOUNT.name)

    def amounts(self, ordinals: Ordinals) -> Amounts:
        """What a set of programmes adds up to."""
        return Amounts(self._money.select(ordinals), self._previous.select(ordinals))

    def count(
        self,
        narrowed: Narrowed,
        amounts: Amounts,
        names: Sequence[str],
        filters: Filters,
        limit: int | None,
    ) -> dict[str, tuple[FacetValue, ...]]:
        """The values of each facet named; ``amounts`` are those under all filters."""
        found = {}
        for name in names:
            wanted = column(name, ColumnKind.FACET).type
            facet = self._snapshot.facets[name]
            own = narrowed.for_facet(name)
            money = amounts if own is narrowed.all.ordinals else self.amounts(own)
            codes = facet.codes[own]
            size = len(facet.values) + 1
            counts = np.bincount(codes, None, size)
            base = narrowed.base.ordinals
            listed = counts if own is base else np.bincount(facet.codes[base], None, size)
            selected = _codes(facet, wanted, filters.get(name, ()))
            shown = _shown(counts, listed, selected, limit)
            found[name] = tuple(
                map(
                    FacetValue,
                    map(facet.values.__getitem__, (shown - 1).tolist()),
                    counts[shown].tolist(),
                    map(int, money.now.by_code(facet, codes)[shown].tolist()),
                    map(int, money.before.by_code(facet, codes)[shown].tolist()),
                    map(selected.__contains__, shown.tolist()),
                )
            )
        return found


def _codes(facet: Facet, wanted: type, values: Sequence[str | int]) -> frozenset[int]:
    codes = set()
    for value in values:
        try:
            codes.add(facet.code_of.get(wanted(value), 0))
        except (TypeError, ValueError):
            continue
    return frozenset(codes - {0})


def _shown(
    counts: NDArray[np.intp],
    listed: NDArray[np.intp],
    selected: frozenset[int],
    limit: int | None,
) -> NDArray[np.intp]:
    """Codes to list: highest count first, then in order of value; selected ones in any case."""
    codes = listed.nonzero()[0]
    if len(codes) and codes[0] == 0:
        codes = codes[1:]
    missing = selected.difference(codes.tolist()) if selected else selected
    if missing:
        codes = np.union1d(codes, sorted(missing))
    # One number to sort by: count, then the order of the value.
    keys = codes - counts[codes] * len(counts)
    if limit is None or len(codes) <= limit:
        return codes[keys.argsort()]
    first = keys.argpartition(limit - 1)[:limit] if limit else keys[:0]
    kept = codes[first[keys[first].argsort()]]
    beyond = sorted(selected.difference(kept.tolist()))
    return np.concatenate((kept, np.array(beyond, dtype=kept.dtype))) if beyond else kept
