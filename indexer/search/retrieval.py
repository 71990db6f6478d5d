"""Which programmes are listed, and in which order? The complete ones, then those that come near."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from indexer.engine.interface import Evaluation, Match, Reader, Selection
from indexer.engine.query import (
    Among,
    And,
    Covering,
    InAnyYear,
    Named,
    Not,
    Or,
    Query,
    Unscored,
)
from indexer.search.ranking import RANKED, Ranked, Ranker
from indexer.search.response import Held
from indexer.search.sought import Near

_FLOOR = 0.4
"""What the scores of the words count for in a programme that has hardly any of them."""

_RELATED = 0.3
"""What a word near in meaning covers of the word."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A page of a list: ``words`` is the complete set, within ``bounds`` and ``filters``."""

    words: Query
    bounds: tuple[Query, ...]
    filters: Mapping[str, tuple[str | int, ...]]
    near: Near
    behind: bool
    """Whether programmes that only come near are listed behind."""
    by_relevance: bool
    fold: bool
    """Whether the fiscal years of a programme are one of the list."""
    offset: int
    limit: int


@dataclass(frozen=True, slots=True)
class Found:
    """A programme of the list; ``passages`` numbers its sentences that speak most for it, best
    first."""

    program_id: str
    score: float
    complete: bool = True
    passages: tuple[int, ...] = ()
    holds: tuple[Held, ...] | None = None
    """Of each concept, how it is there; ``None`` when that was not looked at."""


@dataclass(frozen=True, slots=True)
class Listed:
    """The page, how many near programmes there are, and how likely the first of all is meant."""

    found: tuple[Found, ...]
    near_total: int = 0
    likelihood: float | None = None


def as_found(matches: Sequence[Match]) -> tuple[Found, ...]:
    """Matches in the engine's own order."""
    return tuple(Found(match.program_id, match.score) for match in matches)


class Retrieval:
    """Lists programmes of one index. Safe under threads."""

    def __init__(self, reader: Reader, ranker: Ranker) -> None:
        self._reader = reader
        self._ranker = ranker

    def warm(self) -> None:
        """Make now what the first sentence would wait for."""
        self._ranker.vector("予算")

    def list(self, wanted: Wanted, complete: Evaluation) -> Listed:
        """The page of ``wanted``; ``complete`` is the evaluation of its query for that page."""
        return _Listing(self._reader, self._ranker, wanted).list(complete)


class _Listing:
    """One walk over the two sets."""

    def __init__(self, reader: Reader, ranker: Ranker, wanted: Wanted) -> None:
        self._reader = reader
        self._ranker = ranker
        self._wanted = wanted
        near = wanted.near
        self._vector = ranker.vector(near.text)
        nearest = ranker.nearest(self._vector)
        weights = [concept.weight for concept in near.concepts]
        self._covering = Covering(
            (*(c.query for c in near.concepts), *(c.related for c in near.concepts)),
            (*weights, *(weight * _RELATED for weight in weights)),
            _FLOOR,
            near.bonus,
        )
        self._any = Or((self._covering, Named(nearest))) if nearest else self._covering

    def list(self, complete: Evaluation) -> Listed:
        wanted = self._wanted
        first = _Part((), as_found(complete.matches))
        if wanted.by_relevance and complete.total:
            complete_set = Unscored(wanted.words)
            # What is complete by a spelling or reading of the whole may hold none of the words.
            words = And((Or((self._covering, complete_set)), complete_set, *wanted.bounds))
            first = self._part(words, wanted.offset, wanted.limit, is_complete=True)
        if not wanted.behind:
            return Listed(first.found)
        near = And((self._any, *wanted.near.must, *wanted.bounds, Not(self._complete())))
        behind = self._part(
            near,
            max(0, wanted.offset - complete.total),
            max(0, min(wanted.limit, wanted.offset + wanted.limit - complete.total)),
            is_complete=False,
        )
        likely = None
        if not wanted.offset:
            likely = self._ranker.likelihood((*first.ranked, *behind.ranked), self._vector)
        return Listed((*first.found, *behind.found), behind.total, likely)

    def _complete(self) -> Query:
        """What stands in the complete set already: folded, a programme does with all its years
        if one of them is there."""
        wanted = self._wanted
        if not wanted.fold:
            return wanted.words
        filters = (Unscored(Among(name, values)) for name, values in wanted.filters.items())
        parts = (wanted.words, *wanted.bounds, *filters)
        return InAnyYear(And(parts) if len(parts) > 1 else wanted.words)

    def _part(self, query: Query, offset: int, limit: int, *, is_complete: bool) -> _Part:
        """A page of one of the two sets: the first hundreds as ranked, then the engine's order.

        Of a folded programme the year with the best words is ranked, and the newest is shown.
        """
        looked_at = RANKED if limit and offset < RANKED else 0
        evaluation = self._evaluate(query, 0, looked_at)
        shown = {match.best_id: match.program_id for match in evaluation.matches}
        ranked = self._ranker.rank(self._wanted.near, list(shown), self._vector)
        page = self._as_shown(ranked[offset : offset + limit], shown)
        found = [
            Found(one.program_id, one.score, is_complete, one.passages, one.holds) for one in page
        ]
        if offset + limit > RANKED:
            start = max(offset, RANKED)
            rest = self._evaluate(query, start, offset + limit - start).matches
            found.extend(Found(match.program_id, match.score, is_complete) for match in rest)
        return _Part(ranked, tuple(found), evaluation.total)

    def _as_shown(self, page: Sequence[Ranked], shown: Mapping[str, str]) -> tuple[Ranked, ...]:
        """The page with what is shown in place of what was ranked, and its own sentences."""
        others = [new for one in page if (new := shown[one.program_id]) != one.program_id]
        if not others:
            return tuple(page)
        looked = self._ranker.rank(self._wanted.near, others, self._vector)
        own = {one.program_id: one for one in looked}
        return tuple(replace(own.get(shown[one.program_id], one), score=one.score) for one in page)

    def _evaluate(self, query: Query, offset: int, limit: int) -> Evaluation:
        return self._reader.evaluate(
            Selection(
                query=query,
                filters=self._wanted.filters,
                offset=offset,
                limit=limit,
                fold=self._wanted.fold,
                sums=False,
            )
        )


@dataclass(frozen=True, slots=True)
class _Part:
    """A page of one set, the candidates ranked for it, and how many there are in all."""

    ranked: tuple[Ranked, ...]
    found: tuple[Found, ...]
    total: int = 0
