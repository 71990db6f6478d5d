"""What does a stretch of a question say, and where may its words begin and end?"""

from __future__ import annotations

import re
from dataclasses import dataclass

from indexer.analysis.folding import Folded
from indexer.answers import patterns
from indexer.answers.figures import Figure


@dataclass(frozen=True, slots=True)
class Claim:
    """One stretch [start, end) of the folded question and what it says."""

    start: int
    end: int
    tag: str
    """A vocabulary tag, a phrase kind (``title`` …), ``year``, ``relative``, ``money``, ``rank``,
    ``place``, ``unit_name``, ``status_word``, ``page_number`` or ``percent``."""
    value: str = ""
    number: int | None = None
    figure: Figure | None = None
    how: str = "exact"


@dataclass(frozen=True, slots=True)
class Scan:
    """A question with its claims, in order, and the chunks nobody claimed."""

    original: str
    folded: Folded
    key: str
    claims: tuple[Claim, ...]
    chunks: tuple[tuple[int, int], ...]
    quoted: tuple[tuple[int, int], ...] = ()
    named_places: tuple[Claim, ...] = ()
    """Places that no book is of, but that some text of the index speaks of: they describe a
    programme only if that very programme prints them."""

    def typed(self, start: int, end: int) -> str:
        """The stretch as it was typed."""
        first, last = self.folded.span(start, end)
        return self.original[first:last]

    def has(self, *tags: str) -> bool:
        """Whether any of the tags was claimed."""
        return any(claim.tag in tags for claim in self.claims)

    def of(self, *tags: str) -> tuple[Claim, ...]:
        """The claims with these tags, in order."""
        return tuple(claim for claim in self.claims if claim.tag in tags)

    def group(self, prefix: str) -> tuple[Claim, ...]:
        """The claims whose tag starts with ``prefix:``."""
        return tuple(claim for claim in self.claims if claim.tag.startswith(prefix + ":"))


def own(owned: list[bool], claims: list[Claim], new: list[Claim]) -> None:
    """Own a stretch by one or several claims about the very same characters."""
    for claim in new:
        claims.append(claim)
        owned[claim.start : claim.end] = [True] * (claim.end - claim.start)


def own_one(owned: list[bool], claims: list[Claim], claim: Claim) -> None:
    """Own a stretch by one claim, unless part of it is owned already."""
    if not any(owned[claim.start : claim.end]):
        own(owned, claims, [claim])


def splits_run(text: str, start: int, end: int) -> bool:
    """Whether the stretch cuts a katakana or Latin word in two (LAN in PLAN, バス in バスケ)."""
    for pattern in (patterns.KATAKANA, patterns.LATIN):
        if start > 0 and pattern.match(text[start - 1]) and pattern.match(text[start]):
            return True
        if end < len(text) and pattern.match(text[end - 1]) and pattern.match(text[end]):
            return True
    return False


def end_of_counter(text: str, at: int, bounds: set[int]) -> int | None:
    """Where the counter of 何… ends: 何発上がりますか asks for 発."""
    counted = patterns.WHAT_COUNT.match(text, at)
    if counted is None:
        return None
    return next((end for end in range(at + 2, counted.end()) if end in bounds), counted.end())


def ends_a_verb(text: str, at: int, owned: list[bool]) -> bool:
    """される of 取り壊される belongs to the word before it."""
    if at == 0 or owned[at - 1]:
        return False
    return bool(patterns.KANJI.match(text[at - 1]) and patterns.HIRAGANA.match(text[at]))


def stands_alone(text: str, start: int, end: int, owned: list[bool], bounds: set[int]) -> bool:
    """A word of one or two letters must be a word of the sentence, not part of another."""
    before_owned = start == 0 or owned[start - 1]
    after_owned = end == len(text) or owned[end]
    if not (start in bounds or before_owned) or not (end in bounds or after_owned):
        return False
    if end - start == 1 and patterns.HIRAGANA.match(text[start]):
        # だ of ちよだ is no word, nor ん of みどりん号; と between two names is one.
        return (
            after_owned
            or bool(patterns.SIGN.match(text[end]))
            or (text[start] == "と" and not patterns.HIRAGANA.match(text[end]))
        )
    if end - start > 1 or not patterns.KANJI.match(text[start]):
        return True
    before = start > 0 and not owned[start - 1] and patterns.KANJI.match(text[start - 1])
    after = end < len(text) and not owned[end] and patterns.KANJI.match(text[end])
    return not before and not after


def is_whole(text: str, place: Claim, owned: list[bool]) -> bool:
    """Whether a place name stands by itself, and not inside a longer word (港区立)."""
    after, before = place.end, place.start - 1
    runs_on = after < len(text) and not owned[after]
    if runs_on and (patterns.KANJI.match(text[after]) or patterns.KATAKANA.match(text[after])):
        return False
    return before < 0 or owned[before] or not patterns.KANJI.match(text[before])


def chunks(key: str, owned: list[bool]) -> tuple[tuple[int, int], ...]:
    """Runs of unclaimed characters between claims, spaces and punctuation."""
    found: list[tuple[int, int]] = []
    start: int | None = None
    for at in range(len(key) + 1):
        inside = (
            at < len(key) and not owned[at] and not re.match(r"[\s,、。!?「」『』()\"]", key[at])
        )
        if inside and start is None:
            start = at
        elif not inside and start is not None:
            found.append((start, at))
            start = None
    return tuple(found)
