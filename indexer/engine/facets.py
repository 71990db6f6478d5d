"""How do the matches spread over the facets? Counts and yen by value, all in one pass.

Within a facet, values are alternatives; across facets they restrict each other. A facet's own
selection leaves its own figures alone, so the other values stay to be chosen; a value that other
filters brought to 0 is still listed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.engine.evaluation import Evaluator
from indexer.engine.hits import Hits, Mask, Ordinals
from indexer.engine.interface import FacetValue
from indexer.engine.lineages import LineageCounter
from indexer.engine.money import Money, Sum, group
from indexer.engine.schema import AMOUNT, PREVIOUS_AMOUNT, ColumnKind, column
from indexer.engine.snapshot import Facet, Snapshot

Filters = Mapping[str, tuple[str | int, ...]]
_COMBINE_FROM = 4096
"""Sets smaller than this are counted programme by programme."""
_PROGRAMMES_A_COMBINATION = 8
"""A set is added up by combination when it has at least as many to each."""
_FEW_COMBINATIONS = 1024


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


@dataclass(frozen=True, slots=True)
class Counted:
    """The facets counted: the values to list, and how many there are in all."""

    values: Mapping[str, tuple[FacetValue, ...]]
    totals: Mapping[str, int]
    amounts: Amounts
    """Of the matches under all filters."""


@dataclass(frozen=True, slots=True)
class Combinations:
    """The combinations of some facets' values that occur: far fewer than programmes. A large set
    is first added up by combination, and these facets are counted over those."""

    of_ordinal: NDArray[np.int32]
    codes: Mapping[str, NDArray[np.intp]]
    """By facet, the code of each combination."""
    count: int


@dataclass(frozen=True, slots=True)
class Gathered:
    """A set of programmes, or of the combinations in it, ready to be counted by a facet."""

    codes: NDArray[np.intp]
    sizes: NDArray[np.intp] | None
    """How many programmes each combination stands for; ``None``: these are programmes."""
    amounts: Amounts


@dataclass(frozen=True, slots=True)
class Gathering:
    """A set of programmes ready to be counted by several facets, and what it adds up to."""

    by_facet: Mapping[str, Gathered]
    amounts: Amounts


class FacetCounter:
    """Counts facets of one generation."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._money = Money(snapshot, AMOUNT.name)
        self._previous = Money(snapshot, PREVIOUS_AMOUNT.name)
        self._combinations: dict[tuple[str, ...], tuple[Combinations, ...]] = {}

    def count(
        self,
        narrowed: Narrowed,
        names: Sequence[str],
        filters: Filters,
        limit: int | None,
        folded: Ordinals | None = None,
    ) -> Counted:
        """The values of each facet named, and what the matches under all filters add up to. With
        ``folded``, one year of each programme of the matches, it counts once for all its years;
        money is of every year."""
        for name in names:
            column(name, ColumnKind.FACET)
        everywhere = narrowed.all.ordinals
        common = tuple(name for name in names if narrowed.for_facet(name) is everywhere)
        shared = self._gather(everywhere, common)
        base = narrowed.base.ordinals
        values, totals = {}, {}
        for name in names:
            own = narrowed.for_facet(name)
            gathered = shared.by_facet.get(name) or self._gather(own, (name,)).by_facet[name]
            size = len(self._snapshot.facets[name].values) + 1
            if folded is None:
                counts = np.bincount(gathered.codes, gathered.sizes, size)
            else:
                shown = folded if own is everywhere else None
                counts = self._lineages.count(name, own, shown, size)
            counts = counts.astype(np.intp, copy=False)
            listed = counts
            if own is not base:
                listed = np.bincount(self._snapshot.facets[name].codes[base], None, size)
            selected = _codes(self._snapshot.facets[name], name, filters)
            codes = _listed(listed, selected)
            shown = _shown(codes, counts, selected, limit)
            values[name] = self._values(name, gathered, counts, shown, selected)
            totals[name] = len(codes)
        return Counted(values, totals, shared.amounts)

    @cached_property
    def _lineages(self) -> LineageCounter:
        codes = {name: facet.codes for name, facet in self._snapshot.facets.items()}
        return LineageCounter(self._snapshot.lineages, codes)

    def warm(self) -> None:
        """Make now what the first count of programmes through the years would wait for."""
        self._lineages.warm()

    def _gather(self, ordinals: Ordinals, names: tuple[str, ...]) -> Gathering:
        """The set by facet, large ones by way of combinations."""
        found = {}
        combined = self._choose_combined(names, len(ordinals))
        if combined is not None:
            together = self._by_combination(ordinals, combined)
            found = {name: replace(together, codes=codes) for name, codes in combined.codes.items()}
            if len(found) == len(names):
                return Gathering(found, together.amounts)
        amounts = Amounts(self._money.select(ordinals), self._previous.select(ordinals))
        for name in names:
            if name not in found:
                codes = self._snapshot.facets[name].codes[ordinals]
                found[name] = Gathered(codes, None, amounts)
        return Gathering(found, amounts)

    def _by_combination(self, ordinals: Ordinals, combined: Combinations) -> Gathered:
        monies = self._money, self._previous
        sizes, sums = group(monies, ordinals, combined.of_ordinal, combined.count)
        return Gathered(np.arange(combined.count), sizes, Amounts(*sums))

    def _choose_combined(self, names: tuple[str, ...], size: int) -> Combinations | None:
        """The combinations of most facets that a set of this size is worth."""
        if size < _COMBINE_FROM:
            return None
        if names not in self._combinations:
            self._combinations[names] = combine_facets(
                {name: self._snapshot.facets[name] for name in names}
            )
        largest = size // _PROGRAMMES_A_COMBINATION
        return next((c for c in self._combinations[names] if c.count <= largest), None)

    def _values(
        self,
        name: str,
        gathered: Gathered,
        counts: NDArray[np.intp],
        shown: NDArray[np.intp],
        selected: frozenset[int],
    ) -> tuple[FacetValue, ...]:
        facet, codes = self._snapshot.facets[name], gathered.codes
        now, before = gathered.amounts
        return tuple(
            map(
                FacetValue,
                map(facet.values.__getitem__, (shown - 1).tolist()),
                counts[shown].tolist(),
                now.by_code(facet, codes, shown).tolist(),
                before.by_code(facet, codes, shown).tolist(),
                map(selected.__contains__, shown.tolist()),
            )
        )


def combine_facets(facets: Mapping[str, Facet]) -> tuple[Combinations, ...]:
    """Facets put together, those of few values first: as many as large sets are worth, then those
    that make few combinations, for sets of middling size. Fewer than two are none."""
    found: list[Combinations] = []
    chosen: list[str] = []
    keys: NDArray[np.intp] = np.zeros((), dtype=np.intp)
    for name in sorted(facets, key=lambda name: len(facets[name].values)):
        facet = facets[name]
        more = keys * (len(facet.values) + 1) + facet.codes
        distinct, example, keys = np.unique(more, return_index=True, return_inverse=True)
        if len(distinct) * _PROGRAMMES_A_COMBINATION > len(facet.codes):
            break
        chosen.append(name)
        codes = {name: facets[name].codes[example] for name in chosen}
        wider = Combinations(keys.astype(np.int32), codes, len(distinct))
        few = [c for c in found if c.count <= _FEW_COMBINATIONS]
        if len(chosen) > 1:
            found = [wider] if wider.count <= _FEW_COMBINATIONS else [wider, *few[:1]]
    return tuple(found)


def _codes(facet: Facet, name: str, filters: Filters) -> frozenset[int]:
    """The codes of the values selected in a facet."""
    if not filters.get(name):
        return frozenset()
    wanted: Any = column(name).type
    codes = set()
    for value in filters[name]:
        try:
            codes.add(facet.code_of.get(wanted(value), 0))
        except (TypeError, ValueError):
            continue
    return frozenset(codes - {0})


def _listed(listed: NDArray[np.intp], selected: frozenset[int]) -> NDArray[np.intp]:
    """The codes of a facet's values: those that occur, and the selected ones in any case."""
    codes = listed.nonzero()[0]
    if len(codes) and codes[0] == 0:
        codes = codes[1:]
    missing = selected.difference(codes.tolist()) if selected else selected
    return np.union1d(codes, sorted(missing)) if missing else codes


def _shown(
    codes: NDArray[np.intp],
    counts: NDArray[np.intp],
    selected: frozenset[int],
    limit: int | None,
) -> NDArray[np.intp]:
    """Codes to show: highest count first, then in order of value; selected ones in any case."""
    # One number to sort by: count, then the order of the value.
    keys = codes - counts[codes] * len(counts)
    if limit is None or len(codes) <= limit:
        return codes[keys.argsort()]
    first = keys.argpartition(limit - 1)[:limit] if limit else keys[:0]
    kept = codes[first[keys[first].argsort()]]
    beyond = sorted(selected.difference(kept.tolist()))
    return np.concatenate((kept, np.array(beyond, dtype=kept.dtype))) if beyond else kept
