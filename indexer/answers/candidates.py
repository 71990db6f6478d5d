"""Which programmes may be meant, how surely, and is one of them clear?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from indexer.answers.lexicon import Entry

TITLE_MARGIN = 0.25


@dataclass(frozen=True, slots=True)
class Candidate:
    """A programme that may be meant."""

    entry: Entry
    score: float
    how: str


@dataclass(frozen=True, slots=True)
class Resolution:
    """``candidates`` best first; one when ``is_clear``."""

    candidates: tuple[Candidate, ...] = ()
    is_clear: bool = False
    step: str = "none"
    leans: bool = False
    """The first candidate is well ahead, but a choice should be offered when it can be."""


UNRESOLVED = Resolution()


def rank(candidates: Iterable[Candidate]) -> list[Candidate]:
    return sorted(candidates, key=lambda c: (-c.score, len(c.entry.title), c.entry.index))


def decide(candidates: list[Candidate], step: str) -> Resolution:
    ranked = rank(candidates)
    clear = len(ranked) == 1 or (
        len(ranked) > 1 and ranked[0].score - ranked[1].score >= TITLE_MARGIN
    )
    return Resolution(tuple(ranked), clear, step=step)
