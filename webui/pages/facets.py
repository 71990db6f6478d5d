"""To what can a result be narrowed? Facets beside it, and the page with all their values."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from itertools import islice

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse

from indexer.library import FacetValue, SearchRequest, SearchResponse
from webui import links
from webui.language import Language
from webui.parameters import AMOUNTS, FACETS, clean, last, read_search
from webui.rendering import language_of, library_of, pairs, render

SHOWN_VALUES = 8
"""Values of one facet beside the result; all of them are on the page behind "すべて見る"."""
OPTIONS_PER_PAGE = 100
FOLDED_FACETS = ("policy_goal", "fiscal_year", "publisher", "account")
"""Facets that begin closed unless they are in use: they rarely differ within one book."""


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a facet as a choice, with its words: count, money, change."""

    value: str | int
    label: str
    count: str
    money: str
    change: str
    selected: bool
    empty: bool


@dataclass(frozen=True, slots=True)
class FacetGroup:
    """One facet as shown beside the result."""

    name: str
    options: tuple[Option, ...]
    total: int
    opened: bool


def facet_page(request: Request) -> HTMLResponse:
    """``/search/values/{facet}``: every value of one facet, found by a part of its name.

    What is ticked already stands first on every page, so that no page forgets it.
    """
    facet = request.path_params["facet"]
    if facet not in FACETS:
        raise HTTPException(404)
    asked = read_search(pairs(request))
    wanted = _fold(clean(last(pairs(request), "find")))
    response = library_of(request).search(replace(asked, offset=0, limit=1))
    say = language_of(request)
    values = [
        value
        for value in response.facets.get(facet, ())
        if value.selected or wanted in _fold(say.facet_value(facet, value.value))
    ]
    selected = [value for value in values if value.selected]
    others = [value for value in values if not value.selected]
    last_page = max((len(others) - 1) // OPTIONS_PER_PAGE + 1, 1)
    number = min(links.page_of(asked), last_page)
    start = (number - 1) * OPTIONS_PER_PAGE
    shown = [*selected, *others[start : start + OPTIONS_PER_PAGE]]
    context = {
        "asked": asked,
        "facet": facet,
        "options": [option(facet, value, say) for value in shown],
        "total": len(response.facets.get(facet, ())),
        "number": number,
        "last_page": last_page,
        "this_page": _with_words(asked, facet, last(pairs(request), "find")),
        "find": last(pairs(request), "find"),
        "hidden": hidden_fields(asked, leave_out=(facet,)),
        "is_folded": response.is_over_years,
        "hidden_all": hidden_fields(asked),
    }
    return render(request, "facet.html", context)


def option(facet: str, value: FacetValue, say: Language) -> Option:
    """A facet value as a choice."""
    change = say.change_of(value.yen, value.previous_yen) if value.previous_yen else ""
    return Option(
        value=value.value,
        label=say.facet_value(facet, value.value),
        count=say.words.home.count.format(value.count),
        money=say.reading(value.yen) if value.count else "",
        change=f"{say.words.results.versus}{change}" if change and value.count else "",
        selected=value.selected,
        empty=not value.count,
    )


def facet_groups(
    asked: SearchRequest, response: SearchResponse, everything: SearchResponse | None, say: Language
) -> list[FacetGroup]:
    """The facets in their order: selected values first, then as many as have room. Words found
    nowhere leave no values of their own: then those of ``everything`` are listed, each with 0."""
    groups: list[FacetGroup] = []
    for name in FACETS:
        values, total = response.facets.get(name, ()), response.facet_totals.get(name, 0)
        if not values and everything is not None:
            values, total = (
                emptied(everything.facets.get(name, ())),
                everything.facet_totals.get(name, 0),
            )
        if not values:
            continue
        opened = name not in FOLDED_FACETS or bool(asked.filters.get(name))
        options = tuple(option(name, value, say) for value in _shown(values))
        groups.append(FacetGroup(name, options, total, opened))
    return groups


def emptied(values: tuple[FacetValue, ...]) -> tuple[FacetValue, ...]:
    """The same values, with nothing found under any of them."""
    return tuple(value._replace(count=0, yen=0, previous_yen=0, selected=False) for value in values)


def _shown(values: tuple[FacetValue, ...]) -> list[FacetValue]:
    """Every selected value, then the first others: a facet may hold thousands."""
    selected = [value for value in values if value.selected]
    others = (value for value in values if not value.selected)
    return [*selected, *islice(others, max(SHOWN_VALUES - len(selected), 0))]


def hidden_fields(
    asked: SearchRequest, leave_out: tuple[str, ...] = ()
) -> dict[str, list[tuple[str, str]]]:
    """What each form of the page must carry on: ``box`` (all but the text), ``filters`` (only
    what the filter form itself does not ask)."""
    everything = links.pairs_of(asked)
    asked_by_filters = {*FACETS, *AMOUNTS}
    return {
        "box": [pair for pair in everything if pair[0] != "q"],
        "filters": [pair for pair in everything if pair[0] not in asked_by_filters],
        "others": [pair for pair in everything if pair[0] not in leave_out],
    }


def _with_words(asked: SearchRequest, facet: str, find: str) -> str:
    """The address of this page of values, without its number."""
    carried = [*links.pairs_of(asked), *([("find", find)] if find else [])]
    path = f"/search/values/{facet}"
    return f"{path}?{links.encode(carried)}" if carried else path


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()
