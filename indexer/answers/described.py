"""Which question words of a question describe something, and ask for nothing?

20万円を上限とする事業 asks for no 上限, nor 委託先のセキュリティ for 委託先 when the text says it,
and 相談件数は何件 counts no programmes: a claim is given back, or read as something else.
"""

from __future__ import annotations

import re
from dataclasses import replace

from indexer.answers import patterns
from indexer.answers.claims import Claim
from indexer.answers.lexicon import Lexicon
from indexer.answers.linking import Linker

_COMPOUND = re.compile(r"[一-鿿々ァ-ヺー]")
_OF_PROGRAMMES = (
    "domain",
    "topic:marker",
    "which:",
    "status",
    "section",
    "department",
    "policy_goal",
    "account",
    "publisher",
    "money",
    "previous:",
    "forecast:",
    "change:",
    "field:",
    "removed",
    "group:",
)
"""Claims beside which いくつ counts programmes."""
_OWN_COUNTS = frozenset(
    {"", "事業", "新規", "拡充", "継続", "総", "全", "事業別", "区分別", "部別", "課別", "掲載"}
)
_PRINTED_IN_COMPOUNDS = frozenset(
    {"refuse:NEEDS_OPINION", "refuse:NOT_COMPUTABLE", "refuse:OUT_OF_DOMAIN"}
)
_TOLD = frozenset({"refuse:FIELD_NOT_IN_BOOK", "refuse:NEEDS_OPINION", "refuse:OUT_OF_DOMAIN"})
_SUPPLEMENT = frozenset({"補正", "補正額", "補正予算", "補正予算額"})
"""What the amounts of a supplementary budget are called; other books print no such column."""


class Describer:
    """Reads claims again by what stands around them and by what the books print."""

    def __init__(self, lexicon: Lexicon, linker: Linker) -> None:
        self._lexicon = lexicon
        self._linker = linker

    def without_described(
        self, text: str, key: str, owned: list[bool], claims: list[Claim]
    ) -> list[Claim]:
        """Give back words that describe something: 20万円を上限とする事業 asks for no 上限, and
        委託先のセキュリティ for no 委託先 when the text speaks of it."""
        kept: list[Claim] = []
        for claim in claims:
            if claim.value in _SUPPLEMENT and self._lexicon.has_supplements:
                kept.append(replace(claim, tag="field:amount"))
                continue
            if claim.tag in _TOLD and _is_before_what_is_asked(text, owned, claim, claims):
                # 余った食べ物を団体に回す取り組みは、どの課: 余った is no column asked for.
                owned[claim.start : claim.end] = [False] * (claim.end - claim.start)
                continue
            after = text[claim.end : claim.end + 2]
            described = claim.tag == "refuse:FIELD_NOT_IN_BOOK" and (
                after[:1] == "の"
                and bool(patterns.NOUN.match(after[1:]))
                and not any(owned[claim.end + 1 : claim.end + 2])
                and self._linker.is_printed(claim.value)
            )
            compound = _compound_around(text, claim)
            if claim.tag in _PRINTED_IN_COMPOUNDS and self._is_printed(compound, claim):
                owned[claim.start : claim.end] = [False] * (claim.end - claim.start)
                continue  # 混雑予測 asks for no 予測, nor 物価高騰対策給付金 for 物価
            if claim.tag == "op:count" and _is_number_of_others(claim, claims):
                kept.append(replace(claim, tag="text:howmany"))
                continue  # 停留所はいくつ: stops are counted, no programmes
            if claim.tag == "op:count" and _is_column(compound, claim):
                kept.append(replace(claim, tag="refuse:FIELD_NOT_IN_BOOK"))
                continue  # 相談件数は何件: not how many programmes there are
            if _is_of_the_text(text, claim):
                kept.append(replace(claim, tag="text:howmuch"))
                continue
            limit = claim.tag == "text:howmuch" and "いくら" not in claim.value
            if described or (limit and re.match(r"[とをに]", key[claim.end :])):
                owned[claim.start : claim.end] = [False] * (claim.end - claim.start)
                continue
            kept.append(claim)
        return kept

    def _is_printed(self, compound: str, claim: Claim) -> bool:
        """Whether a longer word around the claim stands in some title or text."""
        return len(compound) > claim.end - claim.start and self._linker.is_printed(compound)


def _is_before_what_is_asked(
    text: str, owned: list[bool], claim: Claim, claims: list[Claim]
) -> bool:
    """Whether more is described behind it before a field is asked; 国庫支出金の額 asks at once."""
    asked = [other.start for other in claims if other.tag.startswith("field:")]
    end = max((start for start in asked if start >= claim.end), default=claim.end)
    told = [at for at in range(claim.end, end) if not owned[at] and _COMPOUND.match(text[at])]
    return len(told) > 1


def _compound_around(text: str, claim: Claim) -> str:
    """The run of kanji and katakana that the claim stands in: 混雑予測."""
    start, end = claim.start, claim.end
    while start > 0 and _COMPOUND.match(text[start - 1]):
        start -= 1
    while end < len(text) and _COMPOUND.match(text[end]):
        end += 1
    return text[start:end]


def _is_column(compound: str, claim: Claim) -> bool:
    """相談件数, 受付件数: a number of something that is no programme."""
    before = compound[: -len("件数")]
    return claim.value == "件数" and compound.endswith("件数") and before not in _OWN_COUNTS


def _is_number_of_others(claim: Claim, claims: list[Claim]) -> bool:
    """Whether something else is counted: 停留所はいくつ."""
    return claim.value in ("の数", "いくつ", "いくつある") and not any(
        other.tag.startswith(_OF_PROGRAMMES) for other in claims
    )


def _is_of_the_text(text: str, claim: Claim) -> bool:
    """1頭いくら: money that a person gets or pays, which no column prints."""
    if claim.tag != "field:amount" or not patterns.ASKING.match(claim.value):
        return False
    return bool(patterns.PER_ONE.search(text[: claim.start]))
