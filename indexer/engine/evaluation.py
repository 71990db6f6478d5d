"""Which programmes satisfy a query? The query tree compiled to operations on arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from indexer import settings
from indexer.engine import query as q
from indexer.engine.cache import ByteBoundedCache
from indexer.engine.columns import NULL_NUMBER
from indexer.engine.hits import (
    NO_HITS,
    Hits,
    Mask,
    complement,
    covering,
    difference,
    intersection,
    union,
)
from indexer.engine.schema import ColumnKind, column
from indexer.engine.snapshot import Snapshot
from indexer.engine.terms_index import TermsIndex


class Evaluator:
    """Evaluates queries over one generation. Raises ``ValueError`` for what the schema lacks."""

    def __init__(self, snapshot: Snapshot, terms: TermsIndex) -> None:
        self._snapshot = snapshot
        self._terms = terms
        self._whole: ByteBoundedCache[Hits] = ByteBoundedCache(settings.RESULTS_CACHE_BYTES)
        self._everything = Hits(np.arange(len(snapshot), dtype=np.intp))

    def hits(self, query: q.Query) -> Hits:
        """The matches of ``query``. Those of a whole query are kept: the same words are asked
        for again with other filters, bounds, pages and orders."""
        if not isinstance(query, q.And | q.Or | q.Best | q.Covering):
            return self._find(query)
        if isinstance(query, q.And) and any(isinstance(p, q.Unscored) for p in query.parts[1:]):
            words, *bounds = query.parts
            return intersection([self.hits(words), *self._all(bounds)])
        return self._whole.get(query.key, lambda: self._find_whole(query))

    def _find_whole(self, query: q.Query) -> Hits:
        """The matches of a query whose parts may be whole queries asked before: a widened one
        holds the strict one."""
        if isinstance(query, q.Covering):
            return self._covering(query)
        if isinstance(query, q.Best):
            parts = [
                self.hits(part.part).weighted(part.weight)
                if isinstance(part, q.Weighted) and part.weight > 0
                else self._find(part)
                for part in query.parts
            ]
            return union(parts, len(self._snapshot), best=True, tie=query.tie)
        return self._find(query)

    def _find(self, query: q.Query) -> Hits:
        match query:
            case q.Term(field, text):
                return self._terms.term(field, text)
            case q.Weighted(part, weight):
                if not weight > 0:
                    raise ValueError(f"weight {weight!r} is not positive")
                return self._find(part).weighted(weight)
            case q.Best(parts, tie):
                return union(self._all(parts), len(self._snapshot), best=True, tie=tie)
            case q.Or(parts):
                return union(self._all(parts), len(self._snapshot))
            case q.And(parts):
                return self._and(parts)
            case q.Phrase(field, texts):
                return self._terms.phrase(field, texts)
            case q.Prefix(field, text):
                return self._terms.prefix(field, text)
            case q.Unscored(part):
                return self._find(part).unscored()
            case q.Not(part):
                return complement(self._find(part), len(self._snapshot))
            case q.Among(name, values):
                return Hits(np.flatnonzero(self.among(name, values)))
            case q.Range(name, low, high):
                return Hits(np.flatnonzero(self._within(name, low, high)))
            case q.Covering():
                return self.hits(query)
            case q.Named(program_ids):
                return self._named(program_ids)
            case q.InAnyYear(part):
                return self._snapshot.lineages.whole(self.hits(part))
            case q.Everything():
                return self._everything
            case q.Nothing():
                return NO_HITS
        raise ValueError(f"not a query: {query!r}")

    def _covering(self, query: q.Covering) -> Hits:
        """Each part is kept: the words of one sentence stand in the next one, too."""
        parts = [self.hits(part) for part in query.parts]
        bonus = [self.hits(part) for part in query.bonus]
        return covering(parts, query.weights, bonus, query.floor, len(self._snapshot))

    def _named(self, program_ids: Sequence[str]) -> Hits:
        rows = [self._snapshot.row_of_id.get(one, -1) for one in program_ids]
        ordinals = self._snapshot.ordinal_of_row[[row for row in rows if row >= 0]]
        return Hits(np.unique(ordinals[ordinals >= 0]))

    def among(self, name: str, values: Sequence[str | int]) -> Mask:
        """Which programmes have one of ``values`` in a facet column."""
        found = column(name, ColumnKind.FACET)
        facet = self._snapshot.facets[name]
        wanted = {_typed(value, found.type) for value in values}
        codes = [facet.code_of[value] for value in wanted if value in facet.code_of]
        chosen = np.zeros(len(facet.values) + 1, dtype=bool)
        chosen[codes] = True
        mask: Mask = chosen[facet.codes]
        return mask

    def _within(self, name: str, low: float | None, high: float | None) -> Mask:
        column(name, ColumnKind.NUMBER)
        numbers = self._snapshot.numbers[name]
        mask: Mask = ~np.isnan(numbers) if numbers.dtype.kind == "f" else numbers != NULL_NUMBER
        if low is not None:
            mask &= numbers >= low
        if high is not None:
            mask &= numbers <= high
        return mask

    def _all(self, parts: Sequence[q.Query]) -> list[Hits]:
        return [self._part(part) for part in parts]

    def _part(self, part: q.Query) -> Hits:
        """A part of a query; the forms of one word are kept, for other queries have it, too."""
        return self.hits(part) if isinstance(part, q.Best) else self._find(part)

    def _and(self, parts: Sequence[q.Query]) -> Hits:
        """Exclusions are taken off at the end: that is cheaper than all that is not excluded."""
        wanted = []
        for part in parts:
            if not isinstance(part, q.Not):
                wanted.append(self._part(part))
                if not len(wanted[-1]):
                    return NO_HITS
        hits = intersection(wanted) if wanted else self._everything
        for part in parts:
            if isinstance(part, q.Not):
                hits = difference(hits, self._find(part.part))
        return hits


def _typed(value: str | int, wanted: type) -> str | int | None:
    """A value in the column's type: facet values arrive as text from URLs."""
    try:
        return wanted(value)  # type: ignore[no-any-return]
    except (TypeError, ValueError):
        return None
