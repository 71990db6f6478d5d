"""What does the book say about its own signs: units, marks, dashes?

``（単位 千円）`` holds until the next declaration. ``★は新規事業`` and ``「－」は他の事業に計上``
change what marks and dashes mean in this book only.
"""

from __future__ import annotations

from dataclasses import replace

from indexer.model import MoneyState
from indexer.parsing import patterns
from indexer.parsing.characters import fold_line
from indexer.parsing.headings import heading_of
from indexer.parsing.labels import fold_status
from indexer.parsing.layout import FoundHeading, Kind, Layout
from indexer.parsing.lines import Line

_LINE_CHARACTERS_MAXIMUM = 200
_DASH_MEANINGS = (
    ("他", MoneyState.ELSEWHERE),
    ("別", MoneyState.ELSEWHERE),
    ("未定", MoneyState.UNDETERMINED),
    ("なし", MoneyState.NONE),
    ("無", MoneyState.NONE),
    ("皆無", MoneyState.NONE),
)


def read_legends(layout: Layout) -> None:
    """Find the declarations and settle unit and profile of the layout."""
    statuses: dict[str, str] = {}
    dash: MoneyState | None = None
    zero = False
    bracketed: str | None = None
    for line in list(layout.text_lines()):
        text = line.text
        if len(text) > _LINE_CHARACTERS_MAXIMUM:
            continue
        if unit := patterns.UNIT_DECLARATION.search(text) or patterns.UNIT_ALONE.match(text):
            _declare_unit(layout, line.number, unit["unit"])
        found = _mark_meanings(layout, text)
        meaning = _dash_meaning(text)
        below = patterns.ZERO_LEGEND.search(text) is not None
        inside = _bracket_meaning(text)
        if found or meaning or below or inside:
            statuses |= found
            bracketed = inside or bracketed
            dash, zero = meaning or dash, zero or below
            if layout.kind(line.number) is Kind.TEXT:
                layout.set(line.number, Kind.NOTE)
    layout.profile = layout.profile.with_legend(statuses, dash)
    if zero:
        layout.profile = replace(layout.profile, zero_is_below_unit=True)
    if bracketed:
        layout.profile = replace(layout.profile, bracketed=bracketed)


def _declare_unit(layout: Layout, number: int, unit: str) -> None:
    text = layout.line(number).text
    if "見込" in text:
        layout.forecast_unit = layout.forecast_unit or unit
    else:
        layout.units[number] = unit
    rest = patterns.UNIT_DECLARATION.sub("", text)
    if heading := _heading_beside(layout, number):
        layout.headings[number] = heading
        layout.set(number, Kind.HEADING)
        return
    words = "".join(c for c in rest if c.isalnum() and c not in "単位千百万億円印減金額は")
    if len(words) <= 6 and not any(character.isdigit() for character in words):
        layout.set(number, Kind.NOTE)


def _heading_beside(layout: Layout, number: int) -> FoundHeading | None:
    """``### 福祉健康部　（単位：万円）``: a heading whose line ends with the unit of its table."""
    line = layout.line(number)
    match = patterns.UNIT_DECLARATION.search(line.text)
    if match is None or line.text[match.end() :].strip(' \u3000\t)]〕、%,|"'):
        return None
    end = len(line.text[: match.start()].rstrip(" ([〔"))
    return heading_of(layout, Line(number, line.raw[:end], line.text[:end])) if end else None


def _mark_meanings(layout: Layout, text: str) -> dict[str, str]:
    """``★：新規事業 ☆：拡充事業`` → what each mark is counted under."""
    meanings: dict[str, str] = {}
    for match in patterns.LEGEND.finditer(text):
        word = match["word"].rstrip("。をすでのに示表")
        status = _status_of(layout, word)
        mark = fold_line(match["mark"])
        if status is None:
            continue
        meanings[mark.strip("【】『』[]〔〕()")] = status
    if (
        len(meanings) == 1
        and not text.lstrip(" ※*(注)").startswith(tuple(meanings))
        and len(text) > 40
    ):
        return {}
    return meanings


def _status_of(layout: Layout, word: str) -> str | None:
    for size in range(len(word), 1, -1):
        if status := fold_status(word[:size], layout.profile):
            return status
    return None


def _bracket_meaning(text: str) -> str | None:
    """``※（ ）内は前年度との増減額``: what a figure in brackets is in this book."""
    match = patterns.BRACKET_LEGEND.search(text)
    if match is None or len(text) > 80:
        return None
    meaning = match["meaning"]
    if any(word in meaning for word in ("増減", "比較", "差引", "との差")):
        return "change"
    if any(word in meaning for word in ("前年", "昨年", "度当初", "度予算")):
        return "previous"
    return "other"


def _dash_meaning(text: str) -> MoneyState | None:
    match = patterns.DASH_LEGEND.search(text)
    if match is None or "円" in match["meaning"] or len(text) > 80:
        return None
    return next((state for word, state in _DASH_MEANINGS if word in match["meaning"]), None)
