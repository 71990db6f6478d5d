"""Which conditions does a question state? Filters of sets, facts to confirm, and premises."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace

from indexer.answers.claims import Claim, Scan
from indexer.answers.lexicon import FACET_FIELDS, Lexicon
from indexer.answers.plan import Check, Filters, Premise

FILTER_TAGS = (*FACET_FIELDS, "status_word")
_INCREASED = re.compile(r"増|多くな|ぷらす|ふえ|伸び|のび|上がっ|上がり|膨ら|あっぷ")
_DECREASED = re.compile(r"減|少なくな|まいなす|へっ|へり|へる|下がっ|下がり|削|だうん|縮|かっと")
_STATES = {
    "money:zero": "zero",
    "money:blank": "blank",
    "previous:blank": "no_previous",
    "change:none": "unchanged",
    "forecast:completed": "completes",
}


def filter_claims(scan: Scan) -> tuple[Claim, ...]:
    """The claims that narrow a set."""
    return scan.of(*FILTER_TAGS)


def direction_of(word: str) -> str | None:
    """``up`` or ``down`` for a word of change; None for 増減 and the like."""
    up, down = bool(_INCREASED.search(word)), bool(_DECREASED.search(word))
    return None if up == down else ("up" if up else "down")


class Conditions:
    """Reads filters out of scanned questions."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def read(self, scan: Scan) -> Filters:
        """The filters of a question about a set."""
        wanted: defaultdict[str, list[str]] = defaultdict(list)
        excluded: defaultdict[str, list[str]] = defaultdict(list)
        for claim in filter_claims(scan):
            name = "status" if claim.tag == "status_word" else claim.tag
            side = excluded if _is_negated(scan, claim) else wanted
            if claim.value not in side[name]:
                side[name].append(claim.value)
        filters = Filters(
            values=tuple((name, tuple(values)) for name, values in wanted.items() if values),
            excluded=tuple((name, tuple(values)) for name, values in excluded.items() if values),
            publishers=tuple(dict.fromkeys(c.value for c in scan.of("publisher"))),
        )
        return self._with_state(scan, self._with_bounds(scan, filters))

    def unknown_unit(self, scan: Scan) -> str | None:
        """A department or section that the index does not know."""
        return next((claim.value for claim in scan.of("unit_name")), None)

    def _with_bounds(self, scan: Scan, filters: Filters) -> Filters:
        figures = [claim.figure for claim in scan.of("money") if claim.figure]
        if not figures:
            return filters
        low = max((f.low for f in figures if f.low is not None), default=None)
        high = min((f.high for f in figures if f.high is not None), default=None)
        if all(f.comparator is None for f in figures):
            low = high = figures[0].yen
        bounded = "previous_amount" if scan.has("field:previous") else "amount"
        words = [c.value for c in scan.of("field:change")]
        if words or (high is not None and low == high and low < 0):
            bounded = "change"
            if any(direction_of(word) == "down" for word in words):
                low, high = (
                    (-high if high is not None else None),
                    (-low if low is not None else -1),
                )
        return replace(filters, low=low, high=high, bounded=bounded)

    def _with_state(self, scan: Scan, filters: Filters) -> Filters:
        for tag, state in _STATES.items():
            if scan.has(tag):
                return replace(filters, state=state)
        if filters.bounded == "change" and filters.low is not None:
            return filters
        for claim in scan.of("field:change"):
            if scan.has("op:max", "op:min", "rank", "nth"):
                break
            direction = direction_of(claim.value)
            if direction:
                return replace(filters, state="increased" if direction == "up" else "decreased")
        return filters


def _is_negated(scan: Scan, claim: Claim) -> bool:
    """新規以外の, 新規事業を除く, 新規ではない; lists before it share it (公園と道路以外)."""
    for negation in scan.of("negate"):
        if negation.start < claim.end:
            continue
        between = scan.key[claim.end : negation.start]
        if (
            re.fullmatch(r"(?:事業|の|を|もの|と|や|・|、|分|[^、。]{0,4})*", between)
            and len(between) <= 6
        ):
            return True
    return False


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
