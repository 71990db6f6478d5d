"""Which columns of a programme does a question ask for, in what order, and in what shape?"""

from __future__ import annotations

import re

from indexer.answers import patterns
from indexer.answers.claims import Claim, Scan
from indexer.answers.patterns import ASKING
from indexer.answers.plan import Field

_TAGS: dict[str, Field] = {
    "field:amount": Field.AMOUNT,
    "field:previous": Field.PREVIOUS,
    "field:change": Field.CHANGE,
    "field:rate": Field.RATE,
    "field:department": Field.DEPARTMENT,
    "which:department": Field.DEPARTMENT,
    "field:status": Field.STATUS,
    "which:status": Field.STATUS,
    "field:forecast": Field.FORECAST,
    "field:page": Field.PAGE,
    "field:goal": Field.GOAL,
    "which:goal": Field.GOAL,
    "field:section": Field.SECTION,
    "which:section": Field.SECTION,
    "field:account": Field.ACCOUNT,
    "field:parent": Field.PARENT,
    "field:children": Field.CHILDREN,
    "which:programme": Field.TITLE,
    "field:request": Field.REQUEST,
    "field:publisher": Field.PUBLISHER,
    "field:started": Field.STARTED,
    "field:ended": Field.ENDED,
    "field:executed": Field.EXECUTED,
}
_NUMERIC = frozenset({"field:previous", "field:change", "field:rate", "field:forecast"})
_SAID = re.compile(r"見込(?!.*額)|予定(?!.*額)")
_VERB_OF_CHANGE = re.compile(
    r"^(?:増え|減っ|減り|減る|ふえ|へっ|伸び|上がっ|下がっ|増$|減$|あっぷ|だうん|増し|増|減|削|増加$|減少$|変わ|増額$|減額$)"
)
_JOINED = re.compile(
    r"\s*(?:と|、|,|・|および|及び|や|も|はいくら(?:で|、))\s*(?:前年度?|昨年度?|去年)?(?:から|と|比)?の?"
)
_RATIO_BASE = re.compile(r"^(?:前年|対前年|昨年|去年|ぜんねん)")

TEXT_ORDER = (
    "price",
    "howmuch",
    "howmany",
    "purpose",
    "why",
    "when",
    "where",
    "who",
    "definition",
    "how",
    "what",
)
_WEAKER_THAN_FIELDS = frozenset({"where", "who", "what", "how", "when"})


def asked_fields(scan: Scan) -> tuple[Field, ...]:
    """The fields asked for, in order; empty when the question names none."""
    claims = [claim for claim in scan.claims if claim.tag in _TAGS]
    claims = _without_scaffolding(scan, claims)
    found = list(dict.fromkeys(_TAGS[claim.tag] for claim in claims))
    if scan.has("base:change") and not {Field.CHANGE, Field.RATE} & set(found):
        found = [Field.CHANGE, *(field for field in found if field is not Field.AMOUNT)]
    kind = text_kind(scan)
    if kind == "why":
        # なぜ増えたのか asks for the reason; that it rose is a premise.
        found = [field for field in found if field not in (Field.CHANGE, Field.RATE)]
    if kind is not None and not (found and _only_scaffolds(kind, found)):
        first = min(c.start for c in scan.group("text"))
        before = sum(1 for field in found if _position(claims, field) < first)
        found.insert(before, Field.TEXT)
    return tuple(found)


def text_kind(scan: Scan) -> str | None:
    """Which question about the text is asked, if any; the most telling one wins."""
    asked = {claim.tag.split(":")[1] for claim in scan.group("text")}
    return next((kind for kind in TEXT_ORDER if kind in asked), None)


def _only_scaffolds(kind: str, found: list[Field]) -> bool:
    """担当課はどこ: どこ belongs to the field and asks for nothing in the text."""
    return kind in _WEAKER_THAN_FIELDS and not (found == [Field.AMOUNT] and kind == "what")


def _without_scaffolding(scan: Scan, claims: list[Claim]) -> list[Claim]:
    """Leave out what only carries another field: いくら of いくら増えた, 予算 of 予算の見込額."""
    claims = [c for c in claims if not is_clause(scan, c)]
    numeric = _NUMERIC & {claim.tag for claim in claims}
    kept: list[Claim] = []
    for claim in claims:
        asking = bool(ASKING.match(claim.value))
        if claim.tag == "field:amount" and asking and scan.has("text:price", "text:howmuch"):
            continue  # 運賃はいくら
        if claim.tag == "field:forecast" and scan.has("text:howmany") and _SAID.match(claim.value):
            continue  # 何人が使う見込みですか
        if claim.tag == "field:amount" and _is_premise(scan, claim):
            continue  # 予算が3億円のX
        if claim.tag == "field:amount" and _is_told_of(scan, claim, claims):
            continue  # お金を半分出してくれる事業の担当課, 予算の担当課
        if claim.tag == "field:amount" and numeric and not _stands_beside(scan, claim, claims):
            continue
        kept.append(claim)
    return _change_or_rate(scan, kept)


def _change_or_rate(scan: Scan, claims: list[Claim]) -> list[Claim]:
    """何%増えた asks for the rate, 前年比でいくら増えた for the yen."""
    rates = [c for c in claims if c.tag == "field:rate"]
    changes = [c for c in claims if c.tag == "field:change"]
    if not rates or not changes:
        return claims
    asks_yen = any(ASKING.match(c.value) and c.value != "額" for c in scan.of("field:amount"))
    if asks_yen and all(_RATIO_BASE.match(c.value) for c in rates):
        return [c for c in claims if c.tag != "field:rate"]
    if not asks_yen and all(_VERB_OF_CHANGE.match(c.value) for c in changes):
        return [c for c in claims if c.tag != "field:change"]
    return claims


def _is_told_of(scan: Scan, claim: Claim, claims: list[Claim]) -> bool:
    """Whether the money is what something is done with, or what another column is of."""
    if scan.key[claim.end : claim.end + 1] == "を":
        return len({other.tag for other in claims}) > 1
    return any(scan.key[claim.end : other.start] == "の" for other in claims)


def _is_premise(scan: Scan, claim: Claim) -> bool:
    """予算が3億円のX: the amount is stated, not asked for."""
    for money in scan.of("money"):
        between = scan.key[claim.end : money.start] if money.start >= claim.end else None
        if between in ("が", "は", "") and scan.key[money.end : money.end + 1] == "の":
            return bool(scan.of("title")) and money.end < scan.of("title")[-1].end
    return False


def _stands_beside(scan: Scan, claim: Claim, claims: list[Claim]) -> bool:
    """予算額と増減額: joined to the next field by と."""
    for other in claims:
        if other.tag == "field:amount" or other.start == claim.start:
            continue
        first, second = sorted((claim, other), key=lambda c: c.start)
        between = scan.key[first.end : second.start]
        if _JOINED.fullmatch(between):
            return True
    return False


def is_clause(scan: Scan, claim: Claim) -> bool:
    """企画課が担当するX: the department is said of X, not asked for."""
    if claim.tag != "field:department":
        return False
    units = scan.of("department", "section", "unit_name")
    said = any(re.fullmatch(r"が|で|の", scan.key[u.end : claim.start]) for u in units)
    return said and bool(re.match(r"(?:する|している|してる|した|の)(?!か)", scan.key[claim.end :]))


def _position(claims: list[Claim], field: Field) -> int:
    return min(claim.start for claim in claims if _TAGS[claim.tag] is field)


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
