"""What does a stretch of a question say? The values a scan consists of."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.analysis.folding import Folded
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
