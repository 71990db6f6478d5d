"""What can a person ask of the search? One request for box, URL, API, CLI and answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Sort(StrEnum):
    """The orders of a result list; money and change run from high to low."""

    RELEVANCE = "relevance"
    AMOUNT = "amount"
    CHANGE = "change"
    CHANGE_RATIO = "change_ratio"
    TITLE = "title"


class Fold(StrEnum):
    """What one hit is."""

    PROGRAMS = "programs"
    """A programme through the fiscal years, where there are several and none is asked for."""
    NONE = "none"
    """A programme of one fiscal year."""


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A search as asked. ``filters`` maps a facet (``section``, ``status``, ``department``,
    ``fiscal_year``, ``publisher``, ``account``, ``policy_goal``, ``role``, ``document``) to the
    values wanted."""

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    min_amount: int | None = None
    """Yen, inclusive."""
    max_amount: int | None = None
    min_change: int | None = None
    max_change: int | None = None
    sort: Sort = Sort.RELEVANCE
    ascending: bool = False
    """Turn the order round: money and change from low to high, titles from last to first."""
    offset: int = 0
    limit: int = 20
    literal: bool = False
    """Take every word as typed: no amounts, years or status words read out of the text."""
    near: bool = True
    """List programmes that only come near behind those that hold every word."""
    fold: Fold = Fold.PROGRAMS
    facet_limit: int | None = None
    """At most this many values of each facet, those of most programmes first, and every selected
    one. ``None``: all."""
