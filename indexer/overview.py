"""What do the books hold, at a glance? Totals, shares and the programmes that stand out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from indexer.engine.interface import FacetValue, Reader
from indexer.model import Document, Program
from indexer.search.request import SearchRequest, Sort
from indexer.search.response import SearchResponse

if TYPE_CHECKING:
    from indexer.search.searcher import Searcher

STANDOUTS = 5
"""How many of the largest, the most increased and the most decreased are shown."""
_LOOKED_AT = 50
"""Hits looked at to fill each list: children are left out where their parent stands."""


@dataclass(frozen=True, slots=True)
class Overview:
    """The figures of a home page. Money is whole yen; no parent is counted with its children."""

    generation: int
    documents: tuple[Document, ...]
    programs: int
    total_yen: int
    previous_total_yen: int
    facets: Mapping[str, tuple[FacetValue, ...]]
    """By section, status, department, policy goal, fiscal year, publisher, account."""
    largest: tuple[Program, ...]
    most_increased: tuple[Program, ...]
    most_decreased: tuple[Program, ...]


def summarize(reader: Reader, searcher: Searcher, request: SearchRequest) -> Overview:
    """The overview of everything ``request`` finds (an empty one: of the whole index)."""
    base = replace(request, offset=0, limit=_LOOKED_AT, ascending=False)
    by_amount = searcher.search(replace(base, sort=Sort.AMOUNT))
    grown = searcher.search(replace(base, sort=Sort.CHANGE, min_change=1))
    shrunk = searcher.search(replace(base, sort=Sort.CHANGE, max_change=-1, ascending=True))
    return Overview(
        generation=reader.generation,
        documents=reader.documents(),
        programs=by_amount.total,
        total_yen=by_amount.total_yen,
        previous_total_yen=by_amount.previous_total_yen,
        facets=by_amount.facets,
        largest=_standouts(by_amount),
        most_increased=_standouts(grown),
        most_decreased=_standouts(shrunk),
    )


def _standouts(response: SearchResponse) -> tuple[Program, ...]:
    """The first programmes with an amount, without children of a parent in the same list."""
    programs = [hit.program for hit in response.hits if hit.program.is_summed]
    ids = {program.id for program in programs}
    return tuple(
        program
        for program in programs
        if program.amount.yen is not None and program.parent_id not in ids
    )[:STANDOUTS]
