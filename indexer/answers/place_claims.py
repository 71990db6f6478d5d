"""Which places and offices does a question name that the index knows nothing of?

A place without a book is refused, never answered from another's. One that some title or text of
the index speaks of may be part of a description.
"""

from __future__ import annotations

import re

from indexer.analysis.folding import to_hiragana
from indexer.answers import patterns
from indexer.answers.claims import Claim, is_whole, own, own_one
from indexer.answers.lexicon import Lexicon
from indexer.answers.linking import Linker
from indexer.answers.vocabulary import Vocabulary


class PlaceClaimer:
    """Claims names of places and offices against one lexicon."""

    def __init__(self, lexicon: Lexicon, vocabulary: Vocabulary, linker: Linker) -> None:
        self._lexicon = lexicon
        self._linker = linker
        self._vocabulary = vocabulary

    def claim_places(self, text: str, owned: list[bool], claims: list[Claim]) -> tuple[Claim, ...]:
        """Names of places without a book; returned are those that some text speaks of."""
        known = self._vocabulary
        found: list[Claim] = []
        for name in (*known.prefectures, *known.cities):
            if name in text:
                for match in re.finditer(re.escape(name) + "[市区都府県]?民?", text):
                    found.append(Claim(*match.span(), "place", match.group().rstrip("民")))
        for match in patterns.PLACE.finditer(text):
            name = match["name"]
            if name in known.not_places or to_hiragana(name[:-1]) in known.words:
                continue
            if len(name) > 1 and name[-2:] not in known.not_places:
                found.append(Claim(*match.span(), "place", name))
        found.extend(
            Claim(*match.span(), "place", match.group())
            for match in patterns.OTHER_PLACE.finditer(text)
        )
        named: list[Claim] = []
        for claim in found:
            if any(owned[claim.start : claim.end]) or not is_whole(text, claim, owned):
                continue
            if self._is_spoken_of(claim):
                named.append(claim)
            else:
                own_one(owned, claims, claim)
        self._claim_other_places(text, owned, claims)
        return tuple(named)

    def _claim_other_places(self, text: str, owned: list[bool], claims: list[Claim]) -> None:
        """みどり市, typed in kana; 国 and 県, which are those of the index where it has any."""
        known = self._vocabulary
        for match in patterns.KANA_PLACE.finditer(text):
            if match["name"][:-1] not in known.not_places:
                own_one(owned, claims, Claim(*match.span("name"), "place", match["name"]))

        for match in patterns.STATE.finditer(text):
            name, span = match["name"], match.span("name")
            endings = ("省", "庁", "国", "府") if name in ("国", "政府") else (name,)
            publishers = [p for p in self._lexicon.publishers if p.endswith(endings)]
            meant = [Claim(*span, "publisher", publisher) for publisher in publishers]
            if len(publishers) == len(self._lexicon.publishers):
                meant = [Claim(*span, "filler", name)]  # 国が出している運営費: of any of its books
            if not any(owned[slice(*span)]):
                own(owned, claims, meant or [Claim(*span, "place", name)])

    def claim_units(self, text: str, owned: list[bool], claims: list[Claim]) -> None:
        """Names of departments and offices that the index does not know."""
        for match in patterns.UNIT_NAME.finditer(text):
            if not self._linker.is_printed(match["name"]):
                own_one(owned, claims, Claim(*match.span(), "unit_name", match["name"]))

    def _is_spoken_of(self, place: Claim) -> bool:
        """A place name that a title or text of the index holds may be part of a description."""
        return self._linker.is_printed(place.value)
