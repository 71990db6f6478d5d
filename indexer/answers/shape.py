"""What shape does a question have? Small readings that plans are made from."""

from __future__ import annotations

import re

from indexer.answers.claims import Claim, Scan
from indexer.answers.fields import asked_fields, text_kind
from indexer.answers.plan import Field

_PERCENT = frozenset({"何%", "%", "何ぱーせんと", "ぱーせんと", "何割"})


def holds_members(scan: Scan, claim: Claim) -> bool:
    """新規事業に…は含まれる？: the filter is the set, what follows is looked for in it."""
    return bool(re.match(r"(?:事業|の事業)?(?:の中)?(?:に|には|の中に)", scan.key[claim.end :]))


def is_alternative(scan: Scan) -> bool:
    """新規ですか拡充ですか: a choice, no yes or no."""
    return len({c.value for c in scan.of("status", "status_word")}) > 1


def says_budget(scan: Scan) -> bool:
    """Whether 予算 itself is said, and 見込 is not."""
    return any(
        "予算" in c.value or "よさん" in c.value for c in scan.of("field:amount")
    ) and not scan.has("field:forecast")


def asks_percent_of_text(scan: Scan) -> bool:
    """オンライン化の目標は何%: a percentage of the text, when no change is spoken of."""
    plain = all(claim.value in _PERCENT for claim in scan.of("field:rate"))
    return plain and not scan.has("field:change", "base:change", "relative")


def kind_of_text(scan: Scan) -> str:
    if asked_fields(scan) == (Field.RATE,):
        return "howmany"
    kind = text_kind(scan) or "what"
    return "why_changed" if kind == "why" and scan.has("field:change") else kind


def counter_of(scan: Scan) -> str | None:
    """校 of 何校; 人 or 名 for 定員; None when any number will do."""
    if asked_fields(scan) == (Field.RATE,):
        return "(?:%|％|割)"
    for claim in scan.of("text:howmany"):
        if claim.value.startswith("何"):
            return re.escape(claim.value[1:])
        if claim.value in ("定員", "人数"):
            return "(?:人|名)"
        if claim.value in ("高さ", "長さ"):
            return "(?:メートル|m|センチ|キロ|cm|km)"
    return None
