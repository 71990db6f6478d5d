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
    return AmountRange(
        end - start, low, high, f"{wording.in_words(low)}以上", f"{wording.in_words(high)}以下"
    )


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
            return AmountRange(length, low=yen, low_label=f"{said}以上")
        case "above":
            return AmountRange(length, low=yen + 1, low_label=f"{said}超")
        case "at_most":
            return AmountRange(length, high=yen, high_label=f"{said}以下")
        case "below":
            return AmountRange(length, high=yen - 1, high_label=f"{said}未満")
        case "about":
            low, high = yen - tenth, yen + tenth
        case "grade":
            low, high = yen, yen + _step(yen) - 1
        case _:
            return AmountRange(length, yen, yen, f"ちょうど{said}", f"ちょうど{said}")
    low_label, high_label = f"{wording.in_words(low)}以上", f"{wording.in_words(high)}以下"
    if comparison == "grade":
        low_label = high_label = f"{said}台"
    return AmountRange(length, low, high, low_label, high_label)


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
