"""What is looked for, and in which forms may it be printed? The border between query and result.

A plan is one engine query together with the words it was made of: the same forms that went into
the query mark the hits and say why they matched.
"""

from __future__ import annotations

from dataclasses import dataclass

from indexer.engine.query import Query
from indexer.search.response import MatchKind


@dataclass(frozen=True, slots=True)
class Form:
    """One form a typed word may be printed in."""

    kind: MatchKind
    text: str
    """Folded characters to find in the folded print; empty for a reading."""
    terms: tuple[str, ...] = ()
    """Index terms at consecutive positions; readings when ``kind`` is ``reading``."""


@dataclass(frozen=True, slots=True)
class Sought:
    """One typed word and its forms, closest first."""

    typed: str
    forms: tuple[Form, ...]
    is_noun: bool = True
    """Whether it names something by itself; verbs, adjectives and endings do not."""
    is_everyday: bool = False
    """Whether it is so common in talk of any kind that it tells little: 人, 話, 去年."""


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing looked for: its forms as one query, words near in meaning as another, and how much
    it tells, being rare."""

    query: Query
    related: Query
    weight: float
    sought: Sought


@dataclass(frozen=True, slots=True)
class Near:
    """What only comes near: any of the concepts, within what must be there in any case."""

    text: str
    """The words looked for, as typed."""
    concepts: tuple[Concept, ...]
    bonus: tuple[Query, ...]
    must: tuple[Query, ...]
    nowhere: tuple[Sought, ...] = ()
    """Words that no programme holds, be it by a word near in meaning."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One way to look for what was typed."""

    query: Query
    sought: tuple[Sought, ...]
    remarks: tuple[str, ...] = ()
    is_widened: bool = False
    """Synonyms, parts and substrings are let in, so an exact string may be part of a word."""
