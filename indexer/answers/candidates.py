"""Which programmes may be meant, how surely, and is one of them clear?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from indexer.answers.lexicon import Entry, Lexicon
from indexer.answers.mentions import Mention

# 第二小学校, 3丁目, 2期: a number that makes another programme of the same title.
_ORDINAL = re.compile(
    r"第[0-9〇一二三四五六七八九十]+|[0-9一二三四五六七八九十]+(?=[小中]学校|丁目|号|期|次|類|級|保育)"
)
TITLE_MARGIN = 0.25


@dataclass(frozen=True, slots=True)
class Candidate:
    """A programme that may be meant."""

    entry: Entry
    score: float
    how: str


@dataclass(frozen=True, slots=True)
class Resolution:
    """``candidates`` best first; one when ``is_clear``. ``missing``: words nothing accounts for."""

    candidates: tuple[Candidate, ...] = ()
    is_clear: bool = False
    missing: tuple[str, ...] = ()
    step: str = "none"
    leans: bool = False
    """The first candidate is well ahead, but a choice should be offered when it can be."""
    is_common: bool = False
    """One word alone that several programmes hold; the first candidate is only the nearest."""


UNRESOLVED = Resolution()


def with_ordinals(found: Resolution, mention: Mention, lexicon: Lexicon) -> Resolution:
    """Only programmes that print the numbers of the description (第二小学校 is not 第一小学校)."""
    numbers = [_plain_number(m.group()) for m in _ORDINAL.finditer(mention.text)]
    if not numbers or not found.candidates:
        return found
    kept = []
    for candidate in found.candidates:
        printed = f"{candidate.entry.program.title} {lexicon.body_of(candidate.entry.program)}"
        known = {_plain_number(m.group()) for m in _ORDINAL.finditer(printed)}
        if all(number in known for number in numbers):
            kept.append(candidate)
    told_apart = len(kept) == 1 and len(found.candidates) > 1
    clear = told_apart or (found.is_clear and kept == list(found.candidates))
    return Resolution(tuple(kept), clear, found.missing, found.step, found.leans)


def _plain_number(text: str) -> str:
    return text.lstrip("第").translate(str.maketrans("〇一二三四五六七八九", "0123456789"))


def rank(candidates: Iterable[Candidate]) -> list[Candidate]:
    return sorted(candidates, key=lambda c: (-c.score, len(c.entry.title), c.entry.index))


def decide(candidates: list[Candidate], step: str) -> Resolution:
    ranked = rank(candidates)
    clear = len(ranked) == 1 or (
        len(ranked) > 1 and ranked[0].score - ranked[1].score >= TITLE_MARGIN
    )
    return Resolution(tuple(ranked), clear, step=step)


def leaner(candidates: list[Candidate], key: str) -> list[Candidate]:
    """Between equally close titles the one of about the typed length is meant."""
    return [
        Candidate(c.entry, c.score - 0.1 * abs(len(c.entry.title) - len(key)) / 30, c.how)
        for c in candidates
    ]
