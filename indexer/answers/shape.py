"""What shape does a question have? Small readings that plans are made from."""

from __future__ import annotations

import re

from indexer.answers import patterns
from indexer.answers.claims import Claim, Scan
from indexer.answers.fields import text_kind

_UNIT = re.compile(r"[一-鿿々ァ-ヶーa-z%]+(?:所)?")
_NUMBER = r"(?!一人ひとり|一人一人)[0-9０-９〇一二三四五六七八九十百千万億,，.]+\s?"
# 一人ひとりの状況に応じた支援 counts nobody.
# 1団体当たり, and the 1冊 of 1冊5,000円分: a price of each, not how many there are.
_NOT_EACH = r"(?!当たり|あたり|につき|ごと|[0-9０-９,，]+[億万千]*円)"
_PLACES = _NUMBER + "(?:か|カ|ヶ|ヵ|箇|ケ)所" + _NOT_EACH
# What a counter is printed as, where it is not the counter itself.
_COUNTERS = {
    "語": _NUMBER + "(?:言語|か国語|カ国語|ヶ国語)|[一-鿿](?<![言国])語",
    "曜日": "[月火水木金土日]曜|平日|土日|毎日",
    "か所": _PLACES,
    "箇所": _PLACES,
    "ヶ所": _PLACES,
    "カ所": _PLACES,
    "定員": _NUMBER + "(?:人|名)",
    "人数": _NUMBER + "(?:人|名)" + _NOT_EACH,
    "人": _NUMBER + "(?:人|名)" + _NOT_EACH,
    "名": _NUMBER + "(?:人|名)" + _NOT_EACH,
    "高さ": _NUMBER + "(?:メートル|m|センチ|キロ|cm|km)",
    "長さ": _NUMBER + "(?:メートル|m|センチ|キロ|cm|km)",
    "広さ": _NUMBER + "(?:平方|㎡|ヘクタール|ha|坪)",
    "面積": _NUMBER + "(?:平方|㎡|ヘクタール|ha|坪)",
    "容量": _NUMBER + "(?:立方|㎥|リットル|トン|キロ|ギガ|テラ)",
}


def holds_members(scan: Scan, claim: Claim) -> bool:
    """新規事業に…は含まれる？: the filter is the set, what follows is looked for in it."""
    return bool(re.match(r"(?:事業|の事業)?(?:の中)?(?:に|には|の中に)", scan.key[claim.end :]))


def is_alternative(scan: Scan) -> bool:
    """新規ですか拡充ですか: a choice, no yes or no."""
    return len({c.value for c in scan.of("status", "status_word")}) > 1


def kind_of_text(scan: Scan) -> str:
    kind = text_kind(scan) or "what"
    if kind == "who" and patterns.WHO_MAY.search(scan.key):
        return "eligible"  # a sentence that only speaks of people tells not who may
    if kind in ("howmuch", "price"):
        # 家賃の補助は月いくらまで asks for what is given, 補聴器は1台いくら for a price.
        return "howmuch" if patterns.AID.search(scan.key) else "price"
    if kind == "who" and patterns.WHO_DOES.search(scan.key):
        return "agent"
    return "why_changed" if kind == "why" and scan.has("field:change") else kind


def counter_of(scan: Scan) -> str | None:
    """The pattern of the number asked for: digits and 校 for 何校; None when any will do."""
    for claim in scan.of("text:howmany"):
        typed = scan.folded.text[claim.start : claim.end]  # 何キロ, whose key is 何きろ
        unit = _UNIT.match(typed[1:]) if claim.value.startswith("何") else None
        counter = unit.group() if unit else claim.value
        if counter in _COUNTERS:
            return _COUNTERS[counter]
        if unit:
            return _NUMBER + re.escape(counter) + _NOT_EACH
    return None
