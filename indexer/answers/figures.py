"""Which amounts are written in a question? As the search reads them, with the signs of tables.

Works on folded text (see ``indexer.analysis.folding``). Amounts come out as whole yen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from indexer.search.amounts import AmountRange, find_amounts

_SIGN = re.compile(r"[△▲-]\s?$")


@dataclass(frozen=True, slots=True)
class Figure:
    """An amount in a question: ``low``/``high`` are inclusive yen bounds of its comparator."""

    start: int
    end: int
    yen: int
    comparator: str | None
    """As :class:`~indexer.search.amounts.AmountRange` has it; None for an amount itself."""
    low: int | None
    high: int | None


def find_figures(text: str) -> tuple[Figure, ...]:
    """Every amount of money in the folded ``text``, with its comparator."""
    return tuple(
        _figure(text, start, amount)
        for start, amount in find_amounts(text)
        # 1円も変わらない: no amount, but nothing at all.
        if not (amount.low == amount.high == 1 and text.startswith("も", start + amount.length))
    )


def _figure(text: str, start: int, amount: AmountRange) -> Figure:
    end = start + amount.length
    yen = amount.low if amount.low is not None else amount.high or 0
    sign = _SIGN.search(text[:start])
    if amount.comparison != "equal":
        return Figure(start, end, yen, amount.comparison, amount.low, amount.high)
    return Figure(sign.start() if sign else start, end, -yen if sign else yen, None, None, None)
