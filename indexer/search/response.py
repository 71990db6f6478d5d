"""What does a search give back? Text plus ranges; pages, terminals and JSON render them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from indexer.engine.interface import FacetValue
from indexer.model import Document, Program
from indexer.search.request import SearchRequest


class MatchKind(StrEnum):
    """How a typed word met the printed one, from closest to loosest."""

    EXACT = "exact"
    VARIANT = "variant"
    READING = "reading"
    SYNONYM = "synonym"
    RELATED = "related"
    SUBSTRING = "substring"
    FUZZY = "fuzzy"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a hit matched: what was typed and what is printed."""

    kind: MatchKind
    typed: str
    matched: str


@dataclass(frozen=True, slots=True)
class Snippet:
    """A verbatim piece of the printed text and the ranges in it to mark (start, end)."""

    field: str
    """``title``, ``description``, ``department`` …"""
    text: str
    ranges: tuple[tuple[int, int], ...]
    line: int | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """One programme found, with the reasons and the marked text."""

    program: Program
    document: Document
    score: float
    snippets: tuple[Snippet, ...]
    why: tuple[Reason, ...]
    complete: bool = True
    """Every word is there; else it only comes near what was looked for."""


@dataclass(frozen=True, slots=True)
class UnderstoodFilter:
    """A filter read out of the typed text: ``R7`` became 会計年度 = 令和7年度. Removable."""

    typed: str
    facet: str
    """A facet name, or ``min_amount``, ``max_amount``, ``min_change``, ``max_change``."""
    value: str
    label: str
    """As shown on the chip: 令和7年度, 1億円以上."""


@dataclass(frozen=True, slots=True)
class NextStep:
    """A way forward from an empty or poor result: a sentence and the search it leads to."""

    message: str
    request: SearchRequest


@dataclass(frozen=True, slots=True)
class SearchResponse:
    """The result of one search. Totals and facets cover every match, never only the page."""

    request: SearchRequest
    remarks: tuple[str, ...]
    understood: tuple[UnderstoodFilter, ...]
    total: int
    total_yen: int
    previous_total_yen: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[FacetValue, ...]]
    did_you_mean: tuple[str, ...]
    next_steps: tuple[NextStep, ...]
    took_ms: float
    facet_totals: Mapping[str, int] = field(default_factory=dict)
    """How many values each facet has, those beyond the request's ``facet_limit`` included."""
    near_total: int = 0
    """Programmes behind the complete hits that hold some of the words, or words near in meaning.
    They are in no total, facet or sum."""
    confidence: float | None = None
    """How likely the first hit is the one that was meant, 0 … 1; ``None`` without words."""
