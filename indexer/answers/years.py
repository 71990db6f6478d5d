"""Which fiscal year's figures does a question want, and which book prints them?

A year is never exchanged for another. 今年, 去年, 来年 count from the newest indexed book, not from
the clock, and the answer says so. The year before a book is printed in its 前年度 column, the years
after it as forecasts (見込額).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from indexer.answers.claims import Scan
from indexer.answers.lexicon import Lexicon
from indexer.eras import fiscal_year_label


@dataclass(frozen=True, slots=True)
class YearReading:
    """``book``: whose book to read; ``figures``: the year of the figures wanted."""

    book: int | None
    figures: int | None
    column: str = "amount"
    """``amount``, ``previous_amount``, ``forecast``, or ``missing``."""
    asked: tuple[int, ...] = ()
    assumptions: tuple[str, ...] = ()
    is_stated: bool = False


def read_year(
    scan: Scan, lexicon: Lexicon, publishers: Sequence[str], today: date | None
) -> YearReading:
    """The year a question is about, given the publishers it names."""
    scope = publishers[0] if len(publishers) == 1 else None
    latest = lexicon.latest_year(scope)
    if latest is None:
        return YearReading(None, None)
    indexed = lexicon.years_of(scope)
    asked, assumptions = _asked_years(scan, latest, today)
    if not asked:
        note = assume_newest(latest, lexicon)
        return YearReading(latest, latest, assumptions=(*assumptions, *note))
    year = asked[0]
    book, column = _book_of(year, latest, indexed, scan)
    return YearReading(book, year, column, asked, assumptions, True)


def assume_newest(book: int | None, lexicon: Lexicon, newest: int | None = None) -> tuple[str, ...]:
    """What is assumed when no year is asked for and there is a choice."""
    if book is None or len(lexicon.years) < 2:
        return ()
    if newest is not None and book < newest:
        label = fiscal_year_label(book)
        return (f"最新の予算書には見当たらないため、{label}の予算書で答えました。",)
    return (f"年度の指定がないので、最新の{fiscal_year_label(book)}の予算書で答えました。",)


def _book_of(year: int, latest: int, indexed: frozenset[int], scan: Scan) -> tuple[int | None, str]:
    said_previous = scan.has("field:previous") or any(
        c.value in ("前年度", "前年") for c in scan.of("relative")
    )
    if year in indexed and not (said_previous and year + 1 in indexed and scan.has("relative")):
        return year, "amount"
    if year + 1 in indexed:
        return year + 1, "previous_amount"
    if year > latest:
        return latest, "forecast"
    return None, "missing"


def _asked_years(
    scan: Scan, latest: int, today: date | None
) -> tuple[tuple[int, ...], tuple[str, ...]]:
    years = [claim.number for claim in scan.of("year") if claim.number is not None]
    assumptions: list[str] = []
    compared = scan.has(
        "field:change",
        "field:rate",
        "op:compare",
        "op:difference",
        "op:times",
        "change:none",
    )
    for claim in scan.of("relative"):
        assert claim.number is not None
        if claim.number == -1 and (compared or scan.has("previous:blank")):
            continue
        year = latest + claim.number
        if year not in years:
            years.append(year)
        clock = (
            ""
            if today is None or _fiscal(today) == latest
            else "（今日の日付ではなく予算書の年度から数えています）"
        )
        typed = scan.typed(claim.start, claim.end)
        assumptions.append(
            f"「{typed}」は、索引にある最新の{fiscal_year_label(latest)}の予算書から数えて"
            f"{fiscal_year_label(year)}と読みました{clock}。"
        )
    return tuple(dict.fromkeys(years)), tuple(assumptions)


def _fiscal(today: date) -> int:
    return today.year if today.month >= 4 else today.year - 1
