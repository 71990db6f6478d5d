"""Which figure is which where a book prints them one under another and says so in a legend?

``上段：27年度当初予算額 中段：26年度当初予算額 下段：…``: the upper, middle and lower
figure of each programme. Without such a legend a stack of figures is not read by place.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from indexer.parsing import patterns
from indexer.parsing.forecasts import forecast_year
from indexer.parsing.layout import Kind, Layout

_PLACES = ("上段", "中段", "下段")
_LATER = ("最終", "補正", "決算", "現計", "執行")
"""Words of a former year's figure that is not its original budget."""


def read_stacks(layout: Layout) -> None:
    """Give the lines of each stack the kinds the legend says, under one head."""
    kinds = _legend(layout)
    if len(kinds) < 2:
        return
    for run in _runs(layout):
        if len(run) != len(kinds):
            continue
        first = layout.heads[run[0]]
        figures = [layout.heads[number].figures[0] for number in run]
        first.figures = [replace(f, kind=k) for f, k in zip(figures, kinds, strict=True)]
        for number in run[1:]:
            layout.heads[number] = first


def _legend(layout: Layout) -> list[str]:
    """The kinds of the figures from top to bottom; empty without a whole legend."""
    said: dict[str, str] = {}
    for line in layout.lines:
        found = list(patterns.STACK_LEGEND.finditer(line.text))
        for match in found:
            said.setdefault(match["place"], _kind_of(match["meaning"], layout.fiscal_year))
        if found and layout.kind(line.number) is Kind.TEXT:
            layout.set(line.number, Kind.NOTE)
    kinds = [said[place] for place in _PLACES if place in said]
    return kinds if kinds.count("amount") == 1 and kinds.count("previous") <= 1 else []


def _kind_of(meaning: str, base: int | None) -> str:
    if "増減" in meaning or "比較" in meaning:
        return "change"
    if any(word in meaning for word in _LATER):
        return "other"
    label = patterns.YEAR_LABEL.search(meaning)
    year = forecast_year(label["label"], base) if label and base else None
    if year is not None and base is not None:
        return {0: "amount", 1: "previous"}.get(base - year, "other")
    if "前年" in meaning or "昨年" in meaning:
        return "previous"
    return (
        "amount" if any(word in meaning for word in ("本年", "今年", "当年", "予算額")) else "other"
    )


def _runs(layout: Layout) -> list[list[int]]:
    """Lines of one figure each, directly under one another."""
    alone = [
        number
        for number, head in sorted(layout.heads.items())
        if layout.kind(number) is Kind.AMOUNT and not head.title and len(head.figures) == 1
    ]
    runs: list[list[int]] = [[number] for number in alone[:1]]
    for above, number in pairwise(alone):
        if number == above + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs
