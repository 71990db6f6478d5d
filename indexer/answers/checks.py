"""What would make the answer yes or no? Questions that ask whether a stated fact holds."""

from __future__ import annotations

import re

from indexer.answers.claims import Scan
from indexer.answers.conditions import direction_of, filter_claims
from indexer.answers.plan import Check, Premise

_OPEN_WORD = re.compile(
    r"何(?!か(?![所月国]))|なに|なん(?:件|ぼ|の|で|ねん|ぱー)|いくら|いくつ|いかほど|どこ|どの|どれ|どっち|どちら|どう(?!か)|どんな|いつ(?!で|も|か)|だれ|誰|なぜ|なんで"
)


def is_open(scan: Scan) -> bool:
    """Whether an interrogative asks for something other than yes or no."""
    return bool(_OPEN_WORD.search(scan.key))


def asks_yes_or_no(scan: Scan) -> bool:
    """Whether the question can be answered by はい or いいえ."""
    if is_open(scan):
        return False
    if scan.has("predicate:confirm", "predicate:exists", "predicate:completed"):
        return True
    return bool(
        re.search(r"(?:か|の|よね|ない|かな|やろ|た|る|ん|なの|です|いいえ)?\s*[?]\s*$", scan.key)
    ) or bool(
        re.search(
            r"(?:ですか|ますか|ましたか|でしょうか|のか|たか|るか|なの|よね|かな|かね|ですかね|やろか|ないか|ませんか|ますかね|たかな|[たる]ん|だっけ)[。\s]*$",
            scan.key,
        )
    )


def find_check(scan: Scan, span: tuple[int, int]) -> Check | None:
    """The fact a question about the programme named at ``span`` asks to be confirmed."""
    closed = not is_open(scan)
    after = [c for c in filter_claims(scan) if c.start >= span[1]]
    statuses = {c.value for c in after if c.tag in ("status", "status_word")}
    if closed and len(statuses) == 1:
        return Check("status", next(iter(statuses)))
    if closed and not statuses:
        for claim in after:
            if claim.tag in ("department", "section", "policy_goal", "account"):
                return Check(claim.tag, claim.value)
    money = _money_check(scan, span, closed)
    if money is not None:
        return money
    return _event_check(scan, closed)


def _event_check(scan: Scan, closed: bool) -> Check | None:
    """増えましたか, 完了しますか, 子事業はありますか, 載っていますか."""
    if not closed or len({claim.value for claim in scan.of("status", "status_word")}) > 1:
        return None
    if scan.has("predicate:completed"):
        return Check("completes")
    directions = {direction_of(claim.value) for claim in scan.of("field:change")} - {None}
    asking = asks_yes_or_no(scan)
    if asking and len(directions) == 1:
        return Check("direction", str(next(iter(directions))))
    if asking and scan.has("change:none"):
        return Check("direction", "same")
    if scan.has("field:children"):
        return Check("children")
    if scan.group("field") or scan.group("text"):
        return None
    if scan.has("predicate:exists"):
        return Check("exists")
    return Check("text")


def _money_check(scan: Scan, span: tuple[int, int], closed: bool) -> Check | None:
    claims = [c for c in scan.of("money") if c.figure and c.start >= span[1]]
    if not claims or not closed:
        return None
    figure = claims[0].figure
    assert figure is not None
    fact = "amount"
    if scan.has("field:forecast"):
        fact = "forecast"
    elif scan.has("field:previous"):
        fact = "previous_amount"
    elif scan.of("field:change", "field:rate"):
        fact = "change"
    low, high = figure.low, figure.high
    if figure.comparator is None:
        low = high = figure.yen
        words = [direction_of(c.value) for c in scan.of("field:change")]
        if fact == "change" and "down" in words:
            low = high = -abs(figure.yen)
    year = next((c.number for c in scan.of("year")), None)
    return Check(fact, scan.typed(claims[0].start, claims[0].end), low, high, year)


def find_premises(scan: Scan, span: tuple[int, int], check: Check | None) -> tuple[Premise, ...]:
    """What the question takes for granted: 新規のX, 総務課のX, 4億円のX, なぜ減ったX."""
    found: list[Premise] = []
    for claim in filter_claims(scan):
        name = "status" if claim.tag == "status_word" else claim.tag
        if check is not None and check.fact == name:
            continue
        if claim.end <= span[0]:
            found.append(Premise(name, claim.value))
    for claim in scan.of("unit_name"):
        if claim.end <= span[0]:
            found.append(Premise("department", claim.value))
    for claim in scan.of("money"):
        figure = claim.figure
        stated = claim.end <= span[0] and re.match(r"(?:規模)?の", scan.key[claim.end :])
        if figure and stated and figure.comparator is None:
            found.append(Premise("amount", str(figure.yen)))
    direction = _assumed_direction(scan)
    if direction is not None and check is None:
        found.append(Premise("direction", direction))
    return tuple(found)


def _assumed_direction(scan: Scan) -> str | None:
    """なぜ増えたのか, いくら減りましたか: the question takes the direction for granted."""
    words = {direction_of(claim.value) for claim in scan.of("field:change")} - {None}
    if len(words) != 1 or not (is_open(scan) or scan.group("text")):
        return None
    return words.pop()
