"""What was found? The result page, and the page with every value of one facet."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import islice

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse

from indexer.library import FacetValue, Library, SearchRequest, SearchResponse, Sort
from webui import links
from webui.language import Language
from webui.pages.hits import views
from webui.pages.questions import answer_if_question
from webui.parameters import AMOUNTS, FACETS, clean, last, read_search
from webui.rendering import language_of, library_of, pairs, render

SHOWN_VALUES = 8
"""Values of one facet beside the result; all of them are on the page behind "すべて見る"."""
OPTIONS_SHOWN = 500
EXAMPLES_SHOWN = 3
YEARS_OFFERED = 6
TITLES_LOOKED_AT = 30
"""Among the largest programmes those with the shortest titles are the examples to search for."""
BROWSED_FACETS = ("fiscal_year", "publisher", "section", "status")
FOLDED_FACETS = ("policy_goal", "fiscal_year", "publisher", "account")
"""Facets that begin closed unless they are in use: they rarely differ within one book."""


@dataclass(frozen=True, slots=True)
class Chip:
    """One condition in force, and the search without it."""

    label: str
    value: str
    without: SearchRequest


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


@dataclass(frozen=True, slots=True)
class Order:
    """One way to sort, and whether it is the one in force."""

    name: str
    search: SearchRequest
    current: bool


@dataclass(frozen=True, slots=True)
class WaysOn:
    """Where to go from an empty result."""

    titles: tuple[str, ...]
    browse: dict[str, list[FacetValue]]
    facets: Mapping[str, tuple[FacetValue, ...]]
    facet_totals: Mapping[str, int]


def results(request: Request) -> HTMLResponse:
    """``/search``."""
    library = library_of(request)
    asked = replace(read_search(pairs(request)), facet_limit=SHOWN_VALUES)
    response = library.search(asked)
    last_page = max((response.total - 1) // asked.limit + 1, 1)
    if asked.offset and not response.hits:
        return render(request, "beyond.html", {"asked": asked, "last_page": last_page}, 404)
    say = language_of(request)
    ways = None if response.hits else ways_on(library)
    years = several_years(asked, response)
    context = {
        "asked": asked,
        "response": response,
        "chips": chips(asked, response, say, library),
        "facet_groups": facet_groups(asked, response, ways, say),
        "years": years,
        "orders": orders(asked),
        "number": links.page_of(asked),
        "last_page": last_page,
        "hits": views(response, say),
        "hidden": hidden_fields(asked),
        "ways": ways,
        "shown": answer_if_question(request, asked.text),
    }
    return render(request, "results.html", context)


def facet_page(request: Request) -> HTMLResponse:
    """``/search/values/{facet}``: every value of one facet, found by a part of its name."""
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
    shown_first = sorted(values, key=lambda value: not value.selected)
    context = {
        "asked": asked,
        "facet": facet,
        "options": [option(facet, value, say) for value in shown_first[:OPTIONS_SHOWN]],
        "total": len(response.facets.get(facet, ())),
        "find": last(pairs(request), "find"),
        "hidden": hidden_fields(asked, leave_out=(facet,)),
        "hidden_all": hidden_fields(asked),
    }
    return render(request, "facet.html", context)


def chips(
    asked: SearchRequest, response: SearchResponse, say: Language, library: Library
) -> list[Chip]:
    """Every condition in force, those read out of the typed text included."""
    made: list[Chip] = []
    for facet, values in asked.filters.items():
        for value in values:
            label = _document_title(library, value) if facet == "document" else None
            shown = label or say.facet_value(facet, value)
            made.append(Chip(say.facet(facet), shown, links.toggled(asked, facet, value)))
    for name in AMOUNTS:
        yen: int | None = getattr(asked, name)
        if yen is not None:
            pairs_left = [pair for pair in links.pairs_of(asked) if pair[0] != name]
            label = str(getattr(say.words.bounds, name))
            made.append(Chip(label, say.limit(yen), read_search(pairs_left)))
    for item in response.understood:
        text = " ".join(asked.text.replace(item.typed, " ", 1).split())
        without = replace(asked, text=text, offset=0)
        made.append(Chip(say.words.results.understood, item.label, without))
    return made


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


def several_years(asked: SearchRequest, response: SearchResponse) -> list[FacetValue]:
    """The fiscal years that a total adds up, newest first, when it adds up more than one."""
    if asked.filters.get("fiscal_year"):
        return []
    years = [value for value in response.facets.get("fiscal_year", ()) if value.count]
    newest_first = sorted(years, key=lambda value: str(value.value), reverse=True)
    return newest_first[:YEARS_OFFERED] if years[1:] else []


def facet_groups(
    asked: SearchRequest, response: SearchResponse, ways: WaysOn | None, say: Language
) -> list[FacetGroup]:
    """The facets in their order: selected values first, then as many as have room. Words found
    nowhere leave no values of their own: then those of the books are listed, each with 0."""
    groups: list[FacetGroup] = []
    for name in FACETS:
        values, total = response.facets.get(name, ()), response.facet_totals.get(name, 0)
        if not values and ways is not None:
            values, total = emptied(ways.facets.get(name, ())), ways.facet_totals.get(name, 0)
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


def ways_on(library: Library) -> WaysOn:
    """What an empty result offers besides its next steps: words that do find something, and the
    largest values of the facets that have several."""
    everything = library.search(
        SearchRequest(sort=Sort.AMOUNT, limit=TITLES_LOOKED_AT, facet_limit=SHOWN_VALUES)
    )
    titles = sorted({hit.program.title for hit in everything.hits}, key=len)
    browse: dict[str, list[FacetValue]] = {}
    for facet in BROWSED_FACETS:
        values = [value for value in everything.facets.get(facet, ()) if value.count]
        names = {str(value.value) for value in values}
        # National books have one section each, the ministry that publishes them.
        is_shown = any(2 * len(names & {str(v.value) for v in b}) > len(b) for b in browse.values())
        if len(values) > 1 and not is_shown:
            browse[facet] = sorted(values, key=lambda value: -value.yen)
    return WaysOn(
        tuple(titles[:EXAMPLES_SHOWN]), browse, everything.facets, everything.facet_totals
    )


def orders(asked: SearchRequest) -> list[Order]:
    """The ways to sort; ``change_down`` lists the largest reductions first."""
    ways = (
        ("relevance", Sort.RELEVANCE, False),
        ("amount", Sort.AMOUNT, False),
        ("change", Sort.CHANGE, False),
        ("change_down", Sort.CHANGE, True),
        ("change_ratio", Sort.CHANGE_RATIO, False),
        ("title", Sort.TITLE, False),
    )
    return [
        Order(
            name,
            replace(asked, sort=sort, ascending=ascending, offset=0),
            (asked.sort, asked.ascending) == (sort, ascending),
        )
        for name, sort, ascending in ways
    ]


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


def _document_title(library: Library, document_id: str) -> str | None:
    return next((d.title for d in library.documents() if d.id == document_id), None)


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()
