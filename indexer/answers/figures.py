"""Which amounts are written in a question? 1億円以上, 5千万円台, 1,000千円, 三百万, △500千円.

Works on folded text (see ``indexer.analysis.folding``). Amounts come out as whole yen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from indexer.parsing.amounts import read_typed

# 1億2,345万6千円 / 40,500千円 / 3百万円 / 二億円 / 50万 / △500千円. Never 3件, 5つ, 百人.
_NUMBER = (
    r"(?:(?:[0-9][0-9,]*(?:\.[0-9]+)?|[〇一二三四五六七八九])\s?[兆億万千百十]*|[千百十]+[兆億万]?)"
)
_AMOUNT = re.compile(rf"(?P<sign>[△▲-]\s?)?(?P<number>{_NUMBER}(?:\s?{_NUMBER})*)\s?(?P<yen>円)?")

_COMPARATORS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("at_least", re.compile(r"\s?(?:以上|いじょう|から上)")),
    ("at_most", re.compile(r"\s?(?:以下|以内|いか|まで)")),
    (
        "below",
        re.compile(
            r"\s?(?:未満|みまん|に満たない|を下回[るっりら]|より(?:少な|小さ|安|低)[いく]|を割)"
        ),
    ),
    (
        "above",
        re.compile(
            r"\s?(?:[をは]?(?:超え|越え|こえ)|超|を上回[るっりら]|より(?:多|大き|高)[いく]"
            r"|オーバー|おーばー)"
        ),
    ),
    ("band", re.compile(r"\s?(?:台|だい(?![ぁ-ん]))")),
    ("about", re.compile(r"\s?(?:程度|くらい|ぐらい|前後|ほど)")),
)
_TO = re.compile(r"\s?(?:から|~|-|以上)\s?")


@dataclass(frozen=True, slots=True)
class Figure:
    """An amount in a question: ``low``/``high`` are inclusive yen bounds of its comparator."""

    start: int
    end: int
    yen: int
    comparator: str | None
    """``at_least``, ``at_most``, ``below``, ``above``, ``band``, ``about``, ``range`` or None."""
    low: int | None
    high: int | None


def find_figures(text: str) -> tuple[Figure, ...]:
    """Every amount of money in the folded ``text``, with its comparator."""
    found: list[Figure] = []
    at = 0
    while match := _AMOUNT.search(text, at):
        at = match.end()
        if not _is_money(match, text):
            continue
        figure = _figure_of(match, text)
        if (
            found
            and found[-1].comparator in (None, "at_least")
            and _joined(text, found[-1], figure)
        ):
            figure = _range_of(found.pop(), figure)
        found.append(figure)
        at = figure.end
    return tuple(found)


def _is_money(match: re.Match[str], text: str) -> bool:
    """A bare number, or one with 千 but no 円, is no amount (3件, 三千代田)."""
    number = match["number"]
    if read_typed(number) is None:
        return False
    follows = text[match.end() : match.end() + 1]
    if match["yen"]:
        return not (follows == "も" and read_typed(number) == 1)  # 1円も変わらない
    has_digit = bool(re.search(r"[0-9〇一二三四五六七八九]", number))
    return (
        has_digit
        and any(c in number for c in "億万兆")
        and follows not in tuple("人件個年回か部台世")
    )


def _figure_of(match: re.Match[str], text: str) -> Figure:
    yen = read_typed(match["number"]) or 0
    if match["sign"]:
        yen = -yen
    for name, pattern in _COMPARATORS:
        if follow := pattern.match(text, match.end()):
            low, high = _bounds(name, yen)
            return Figure(match.start(), follow.end(), yen, name, low, high)
    return Figure(match.start(), match.end(), yen, None, None, None)


def _bounds(comparator: str, yen: int) -> tuple[int | None, int | None]:
    if comparator == "at_least":
        return yen, None
    if comparator == "at_most":
        return None, yen
    if comparator == "below":
        return None, yen - 1
    if comparator == "above":
        return yen + 1, None
    if comparator == "band":
        return yen, yen + 10 ** (len(str(abs(yen))) - 1) - 1
    return yen - abs(yen) // 10, yen + abs(yen) // 10


def _joined(text: str, first: Figure, second: Figure) -> bool:
    between = text[first.end : second.start]
    return (between == "" and first.comparator == "at_least") or bool(_TO.fullmatch(between))


def _range_of(first: Figure, second: Figure) -> Figure:
    high = second.yen if second.high is None else second.high
    return Figure(first.start, second.end, first.yen, "range", first.yen, high)
