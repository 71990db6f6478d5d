"""What does a search give back? Text plus ranges; pages, terminals and JSON render them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from indexer.engine.interface import FacetValue, InYear
from indexer.model import Document, Program
from indexer.passages import Passage
from indexer.search.request import SearchRequest

_KANA = re.compile(r"[ぁ-ゖー]+")


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
    years: tuple[InYear, ...] = ()
    """The fiscal years it stands for, newest first, ``program`` among them."""
    complete: bool = True
    """Every word is there; else it only comes near what was looked for."""


class Held(IntEnum):
    """How a programme holds a word that was typed."""

    MISSING = 0
    NEARLY = 1
    """By a word near in meaning."""
    PRINTED = 2
    """In whatever form it may be printed."""


@dataclass(frozen=True, slots=True)
class Said:
    """A word that was said, and how a programme holds it."""

    typed: str
    held: Held
    is_noun: bool
    """Whether it names something by itself; 直す may well be what the book calls 修繕."""
    is_everyday: bool = False
    """Whether it is so common in talk of any kind that it tells little: 人, 話, 去年."""

    @property
    def is_thing(self) -> bool:
        """Whether it names something: a number or a noun, no bit of a verb."""
        if self.typed[0].isnumeric():
            return True
        return self.is_noun and _KANA.fullmatch(self.typed) is None


@dataclass(frozen=True, slots=True)
class NearHit:
    """A programme near what was said, and its sentences that speak most for it, best first: the
    title where it has no other."""

    program: Program
    document: Document
    passages: tuple[Passage, ...]
    score: float
    said: tuple[Said, ...]
    covered: float
    """What the words it holds tell, of what all words said tell, 0 … 1."""

    def lacks(self, text: str, least: Held = Held.PRINTED) -> bool:
        """Whether a thing that ``text`` names is held less than ``least``."""
        return any(one.held < least and one.is_thing and one.typed in text for one in self.said)


@dataclass(frozen=True, slots=True)
class Nearest:
    """What comes nearest to what was said, best first."""

    hits: tuple[NearHit, ...] = ()
    confidence: float | None = None
    """How likely the first is the one meant, 0 … 1."""
    spelled: tuple[tuple[str, str], ...] = ()
    """What was said, and what is printed that it may be a misspelling of."""


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
    """Programmes to list: through the years, when ``is_folded``."""
    total_rows: int
    """Programmes of single years."""
    total_yen: int
    """Of all years."""
    previous_total_yen: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[FacetValue, ...]]
    did_you_mean: tuple[str, ...]
    next_steps: tuple[NextStep, ...]
    took_ms: float
    facet_totals: Mapping[str, int] = field(default_factory=dict)
    """How many values each facet has, those beyond the request's ``facet_limit`` included."""
    is_folded: bool = False
    """Whether a hit is a programme through the fiscal years; so it is in every count."""
    near_total: int = 0
    """Programmes behind the complete hits that hold some of the words, or words near in meaning.
    They are in no total, facet or sum."""
    confidence: float | None = None
    """How likely the first hit is the one that was meant, 0 … 1; ``None`` without words."""

    @property
    def is_over_years(self) -> bool:
        """Whether some hit is found in several fiscal years, so that counts and sums differ."""
        return self.is_folded and self.total_rows > self.total
