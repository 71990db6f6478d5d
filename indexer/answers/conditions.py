"""Which programmes does a question speak of as a set? Its filters, and what each is about."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace

from indexer.answers.claims import Claim, Scan
from indexer.answers.lexicon import FACET_FIELDS, Lexicon
from indexer.answers.plan import Filters

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
        words = [c.value for c in scan.of("field:change", "rank:up", "rank:down")]
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
            if scan.has("op:max", "op:min", "rank", "rank:up", "rank:down", "nth"):
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
