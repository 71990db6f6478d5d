"""Which amounts does the person ask for? 1億円以上, 5千万円台, 500万円未満, 1億〜3億円, 1,000千円.

Figures are read by the parser's amount tokeniser; here is only what people put around them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from indexer import wording
from indexer.parsing.amounts import read_typed
from indexer.search.vocabulary import filter_context

_FIGURE = r"[0-9〇一二三四五六七八九十][0-9,.〇一二三四五六七八九十百千万億兆]*|[百千][万億兆]+"
_AMOUNT = re.compile(rf"(?P<about>約|およそ)?(?P<figure>{_FIGURE})(?P<yen>円)?")
_BETWEEN = re.compile(r"~|-|から|ないし")
_INSIDE = re.compile(r"[0-9,.〇一二三四五六七八九十百千万億兆第]")
_SCALE = re.compile(r"[十百千万億兆]+$")


@dataclass(frozen=True, slots=True)
class AmountRange:
    """Yen from ``low`` to ``high``, both inclusive, and how either bound is said."""

    length: int
    """How many characters of the folded text it takes."""
    low: int | None = None
    high: int | None = None
    low_label: str = ""
    high_label: str = ""
    comparison: str = "equal"
    """``at_least``, ``above``, ``at_most``, ``below``, ``about``, ``grade``, ``between`` or
    ``equal``."""


def read_amount_range(folded: str, start: int = 0) -> AmountRange | None:
    """The amounts asked for at ``start`` of a folded text, or null when it is no such wish."""
    first = _AMOUNT.match(folded, start)
    if first is None:
        return None
    between = _BETWEEN.match(folded, first.end())
    second = _AMOUNT.match(folded, between.end()) if between else None
    if second is not None:
        return _between(folded, start, first, second)
    return _compared(folded, start, first)


def find_amounts(folded: str) -> tuple[tuple[int, AmountRange], ...]:
    """Every amount of a folded text with where it begins; 一億総活躍 and 3件 are none."""
    found: list[tuple[int, AmountRange]] = []
    at = 0
    while at < len(folded):
        is_inside = at > 0 and _INSIDE.match(folded, at - 1)
        amount = None if is_inside else read_amount_range(folded, at)
        if amount is None:
            at += 1
            continue
        found.append((at, amount))
        at += amount.length
    return tuple(found)


def _between(
    folded: str, start: int, first: re.Match[str], second: re.Match[str]
) -> AmountRange | None:
    if not (second["yen"] or _has_large_scale(second["figure"])):
        return None
    figure = first["figure"]
    scale = _SCALE.search(second["figure"])
    if scale and not first["yen"] and not _SCALE.search(figure):
        figure += scale[0]  # 1~3億円 is 1億円から
    low, high = _yen(figure), _yen(second["figure"])
    if low is None or high is None or low > high:
        return None
    end = second.end()
    end += len("まで") if folded.startswith("まで", end) else 0
    low_label, high_label = f"{wording.in_words(low)}以上", f"{wording.in_words(high)}以下"
    return AmountRange(end - start, low, high, low_label, high_label, "between")


def _compared(folded: str, start: int, amount: re.Match[str]) -> AmountRange | None:
    figure, end = amount["figure"], amount.end()
    word, comparison = next(
        (pair for pair in filter_context().compared if folded.startswith(pair[0], end)),
        ("", "about" if amount["about"] else "equal"),
    )
    end += len(word)
    if not amount["yen"] and not _has_large_scale(figure):
        return None
    if not word and not amount["yen"] and end < len(folded):
        return None  # 一億総活躍, 三万石: no amount but a word that begins with a figure
    yen = _yen(figure)
    if yen is None:
        return None
    return _range(end - start, yen, comparison)


def _range(length: int, yen: int, comparison: str) -> AmountRange:
    said = wording.in_words(yen)
    tenth = yen // 10
    match comparison:
        case "at_least":
            return AmountRange(length, yen, None, f"{said}以上", "", comparison)
        case "above":
            return AmountRange(length, yen + 1, None, f"{said}超", "", comparison)
        case "at_most":
            return AmountRange(length, None, yen, "", f"{said}以下", comparison)
        case "below":
            return AmountRange(length, None, yen - 1, "", f"{said}未満", comparison)
        case "about":
            low, high = yen - tenth, yen + tenth
        case "grade":
            low, high = yen, yen + _step(yen) - 1
        case _:
            return AmountRange(length, yen, yen, f"ちょうど{said}", f"ちょうど{said}")
    low_label, high_label = f"{wording.in_words(low)}以上", f"{wording.in_words(high)}以下"
    if comparison == "grade":
        low_label = high_label = f"{said}台"
    return AmountRange(length, low, high, low_label, high_label, comparison)


def _step(yen: int) -> int:
    """The place of the last figure typed: 5千万 goes up to 6千万, 3,500万 to 3,600万."""
    step = 1
    while yen and yen % (step * 10) == 0:
        step *= 10
    return step


def _has_large_scale(figure: str) -> bool:
    return any(scale in figure for scale in "万億兆")


def _yen(figure: str) -> int | None:
    return read_typed(figure.rstrip(",."))
