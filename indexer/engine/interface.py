"""What must an engine be able to do? The one interface the stages below talk to.

A second engine is another folder that implements these protocols. Nothing below this file knows
which engine it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.engine.query import Query
from indexer.model import Check, Document, Money, ParsedDocument, Problem, Program


@dataclass(frozen=True, slots=True)
class Selection:
    """What to evaluate: a query, filters, facets, an order and a page of hits.

    ``filters`` are disjunctive within a column and conjunctive across columns, and are left out
    of their own facet's counts. Restrictions that belong to the query itself (amount ranges)
    are part of ``query``.
    """

    query: Query
    filters: Mapping[str, tuple[str | int, ...]] = field(default_factory=dict)
    facets: tuple[str, ...] = ()
    sort: str = "relevance"
    """``relevance`` or a column of the schema that sorts: amount, change, change_ratio, title."""
    descending: bool = True
    offset: int = 0
    limit: int = 20
    facet_limit: int | None = None
    """At most this many values of each facet, those with most programmes first; selected ones
    are given in any case. ``None``: all."""
    fold: bool = False
    """Whether the fiscal years of one programme are one match, and one in every count."""
    sums: bool = True
    """Whether to add up money; without it the sums are 0."""


class FacetValue(NamedTuple):
    """One value of a facet: how many programmes (through the years, when folded), how much money
    (yen) in all their years, never counting twice."""

    value: str | int
    count: int  # type: ignore[assignment]  # hides tuple.count, which nobody needs
    yen: int
    previous_yen: int
    selected: bool


class Match(NamedTuple):
    """One programme found: its id and score. Of a folded one its newest year that matches, with
    the score of its best."""

    program_id: str
    score: float
    best_id: str
    """The year that has the score."""


class InYear(NamedTuple):
    """A programme in one fiscal year."""

    fiscal_year: int | None
    program_id: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The result of a selection, over all matches, not only the page of hits."""

    total: int
    """Programmes to list: through the years, when folded."""
    total_rows: int
    """Programmes of single years."""
    total_yen: int
    previous_total_yen: int
    matches: tuple[Match, ...]
    facets: Mapping[str, tuple[FacetValue, ...]]
    facet_totals: Mapping[str, int] = field(default_factory=dict)
    """How many values each facet has, those beyond ``facet_limit`` included."""


@dataclass(frozen=True, slots=True)
class IndexedDocument:
    """A document as indexed: the parse without its programmes."""

    document: Document
    program_ids: tuple[str, ...]
    lines: tuple[str, ...]
    problems: tuple[Problem, ...]
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """How near the sentences of some programmes come to a text. Shares are of what the pairs of
    characters looked for weigh."""

    bounds: NDArray[np.int64]
    """Programme ``n`` has the sentences ``bounds[n]`` … ``bounds[n + 1]``, the title first."""
    shares: NDArray[np.float64]
    """Of every sentence: what the pairs in it weigh."""
    likeness: NDArray[np.float32] | None
    """Of every sentence: the cosine of its vector; ``None`` without vectors."""
    pairs: NDArray[np.float64]
    """Of every programme: what the pairs anywhere in it weigh."""
    sentence: NDArray[np.float64]
    """… in its best sentence, in its title where that is all."""
    title: NDArray[np.float64]
    named: NDArray[np.float64]
    """The share of the title's own pairs that are looked for."""
    closest: NDArray[np.float64]
    """The likeness of the best sentence, 0 without vectors."""
    title_close: NDArray[np.float64]


class Reader(Protocol):
    """A snapshot of one generation. Safe under threads. Close it after its last use."""

    @property
    def generation(self) -> int:
        """The number of the generation read."""

    @property
    def content(self) -> str:
        """A hash of all that the generation holds: numbers begin anew in a new folder."""

    @property
    def written(self) -> datetime:
        """When the generation was written (UTC)."""

    def evaluate(self, selection: Selection) -> Evaluation:
        """Evaluate ``selection``; raises ``ValueError`` for an unknown field or column."""

    def count(self, query: Query) -> int:
        """How many programmes satisfy ``query``."""

    def scores(self, program_ids: Sequence[str], queries: Sequence[Query]) -> NDArray[np.float64]:
        """For each of these programmes a row: the score of each query, 0 where it is no match."""

    def program(self, program_id: str) -> Program | None:
        """The programme or group with this id."""

    def programs(self, program_ids: Sequence[str]) -> tuple[Program, ...]:
        """The programmes with these ids, in this order; unknown ids are left out."""

    def all_programs(self, *, with_text: bool = True) -> tuple[Program, ...]:
        """Every programme and group, in document and printed order; their descriptions, which are
        most of them, on demand."""

    def years(self, program_ids: Sequence[str]) -> tuple[tuple[InYear, ...], ...]:
        """Of each of these programmes every fiscal year of it, newest first. One that is the same
        in no other year stands alone; an unknown id has none."""

    def lineages(self, program_ids: Sequence[str]) -> tuple[int, ...]:
        """A number for each of these programmes that its other fiscal years share; -1 for an
        unknown id."""

    def passages(self, program_ids: Sequence[str]) -> tuple[tuple[str, ...], ...]:
        """The sentences of each of these programmes as printed, the title first."""

    @property
    def encoder(self) -> str | None:
        """The version of the encoder whose vectors are there to compare with, if they are."""

    @property
    def vectors_problem(self) -> str | None:
        """Why nothing can be compared by meaning though it was prepared: one sentence."""

    def compare(
        self, program_ids: Sequence[str], pairs: Mapping[str, float], vector: Sequence[float] | None
    ) -> Comparison:
        """The sentences of these programmes, as :meth:`passages` has them, with a text: its pairs
        of characters with what each weighs, and its vector."""

    def nearest(self, vector: Sequence[float], limit: int) -> tuple[tuple[str, float], ...]:
        """The programmes with the sentences nearest to ``vector``, and their cosine."""

    def vocabulary(self, field: str) -> Iterable[str]:
        """Every index term of ``field``, some more than once. Not for people's eyes."""

    def document(self, document_id: str) -> IndexedDocument | None:
        """The document with this id."""

    def documents(self) -> tuple[Document, ...]:
        """Every document, without its lines."""

    def document_frequency(self, field: str, text: str) -> int:
        """In how many programmes ``field`` holds the index term ``text``."""

    def holding(
        self, program_ids: Sequence[str], field: str, texts: tuple[str, ...]
    ) -> frozenset[str]:
        """Which of these programmes hold the index terms at consecutive positions of ``field``."""

    def terms(self, field: str, beginning: str = "") -> Iterable[str]:
        """Index terms of ``field`` with this beginning, in order. Not for people's eyes."""

    def values(self, column: str) -> tuple[str | int, ...]:
        """The distinct values of a column, in order."""

    def warm(self) -> None:
        """Do now what first requests would wait for. Meant for a thread in the background."""

    def close(self) -> None:
        """Release files. Idempotent."""


@dataclass(frozen=True, slots=True)
class IndexedSource:
    """Where an indexed document was read from, and what it was like then."""

    document_id: str
    key: str
    """The source's own stable key (``SourceDocument.document_key``), known before parsing."""
    file: str
    """The file read, as an absolute path: when it is gone, so is the document."""
    fingerprint: str
    """Unchanged content and manifest entry give the same fingerprint; such a document is
    neither parsed nor analysed again."""


@dataclass(frozen=True, slots=True)
class AddedDocument:
    """A parsed document on its way into a generation, with where it came from."""

    parsed: ParsedDocument
    source: IndexedSource


@dataclass(frozen=True, slots=True)
class Change:
    """What a new generation takes in: documents to add or replace, and ids of those to drop.

    ``added`` is read once and may be a generator: memory stays flat over large sources.
    A generation keeps the ``source`` of each of its documents.
    """

    added: Iterable[AddedDocument]
    removed: Sequence[str] = ()
