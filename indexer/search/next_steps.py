"""What can the person do when nothing was found? Always a sentence and the search it leads to.

Only steps that lead somewhere are offered: each is tried before it is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain

from indexer import eras, wording
from indexer.search.request import SearchRequest
from indexer.search.response import NextStep, UnderstoodFilter

_STEPS = 6

Count = Callable[[SearchRequest], int]
"""How many programmes a request finds."""


def next_steps(
    request: SearchRequest,
    understood: tuple[UnderstoodFilter, ...],
    spellings: tuple[tuple[str, str], ...],
    parts: tuple[str, ...],
    years: tuple[int, ...],
    count: Count,
) -> tuple[NextStep, ...]:
    """Ways forward from an empty result.

    ``spellings`` pairs a typed piece with a printed one; ``parts`` are the words of a compound
    that was typed alone; ``years`` are those of the index.
    """
    found = []
    steps = chain(
        _steps(request, understood, spellings),
        _in_years(request, understood, years),
        _of_parts(request, parts),
    )
    for step in steps:
        number = count(step.request)
        if number:
            found.append(NextStep(f"{step.message}（{number:,}件）", step.request))
        if len(found) == _STEPS:
            break
    if not found:
        everything = SearchRequest(sort=request.sort, limit=request.limit)
        found.append(NextStep("すべての事業の一覧を見る", everything))
    return tuple(found)


def _steps(
    request: SearchRequest,
    understood: tuple[UnderstoodFilter, ...],
    spellings: tuple[tuple[str, str], ...],
) -> Iterator[NextStep]:
    request = replace(request, offset=0)
    for typed, printed in spellings:
        text = request.text.replace(typed, printed, 1)
        yield NextStep(f"「{printed}」で探す", replace(request, text=text))
    yield from _without_filters(request)
    yield from _without_bounds(request)
    yield from _without_understood(request, understood)
    words = request.text.split()
    if len(words) > 1:
        for word in words:
            rest = " ".join(other for other in words if other != word)
            yield NextStep(f"「{word}」を外して探す", replace(request, text=rest))
    if request.filters or request.min_amount is not None or request.max_amount is not None:
        bare = SearchRequest(text=request.text, sort=request.sort, limit=request.limit)
        yield NextStep("絞り込みをすべて外して探す", bare)


def _of_parts(request: SearchRequest, parts: tuple[str, ...]) -> Iterator[NextStep]:
    for part in parts:
        yield NextStep(f"「{part}」だけで探す", replace(request, text=part, offset=0))


def _without_filters(request: SearchRequest) -> Iterator[NextStep]:
    """The same search without one facet's filter; for a year, in whichever year there is."""
    for facet, values in request.filters.items():
        if not values:
            continue
        others = {name: kept for name, kept in request.filters.items() if name != facet}
        named = "・".join(_value_label(facet, value) for value in values)
        if facet == "fiscal_year":
            message = f"{named}のほかの年度も含めて探す"
        else:
            message = f"{wording.FACETS.get(facet, facet)}「{named}」の絞り込みを外して探す"
        yield NextStep(message, replace(request, filters=others))


def _without_bounds(request: SearchRequest) -> Iterator[NextStep]:
    if request.min_amount is not None or request.max_amount is not None:
        loose = replace(request, min_amount=None, max_amount=None)
        yield NextStep("予算額の絞り込みを外して探す", loose)
    if request.min_change is not None or request.max_change is not None:
        loose = replace(request, min_change=None, max_change=None)
        yield NextStep("増減額の絞り込みを外して探す", loose)


def _without_understood(
    request: SearchRequest, understood: tuple[UnderstoodFilter, ...]
) -> Iterator[NextStep]:
    """Without a filter that was read out of the words, or with the words taken literally."""
    for typed in dict.fromkeys(item.typed for item in understood):
        rest = " ".join(request.text.replace(typed, " ", 1).split())
        is_year = any(i.typed == typed and i.facet == "fiscal_year" for i in understood)
        message = f"「{typed}」を外して{'ほかの年度も含めて' if is_year else ''}探す"
        if rest:
            yield NextStep(message, replace(request, text=rest))
    if understood and not request.literal:
        message = f"「{request.text}」を書いたとおりの言葉として探す"
        yield NextStep(message, replace(request, literal=True))


def _in_years(
    request: SearchRequest, understood: tuple[UnderstoodFilter, ...], years: tuple[int, ...]
) -> Iterator[NextStep]:
    """The same search in the years of the index, when a year was asked for; nearest first."""
    asked = [int(value) for value in request.filters.get("fiscal_year", ()) if value.isdecimal()]
    typed = [item for item in understood if item.facet == "fiscal_year"]
    asked.extend(int(item.value) for item in typed)
    if not asked:
        return
    for year in sorted(set(years) - set(asked), key=lambda year: abs(year - asked[0]))[:2]:
        label = eras.fiscal_year_label(year)
        text = request.text
        for item in typed:
            text = text.replace(item.typed, label, 1)
        filters = dict(request.filters)
        if not typed:
            filters["fiscal_year"] = (str(year),)
        yield NextStep(f"{label}で探す", replace(request, text=text, filters=filters))


def _value_label(facet: str, value: str) -> str:
    if facet == "fiscal_year" and value.isdecimal():
        return eras.fiscal_year_label(int(value))
    return value
