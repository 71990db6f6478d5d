"""What was found? The result page: totals, conditions in force, hits and ways on."""

from __future__ import annotations

from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import HTMLResponse

from indexer.library import FacetValue, Fold, Library, SearchRequest, SearchResponse, Sort
from webui import links
from webui.language import Language
from webui.pages.answers import AnswerView
from webui.pages.facets import SHOWN_VALUES, facet_groups, hidden_fields
from webui.pages.hits import views
from webui.pages.questions import answer_to, looks_like_question
from webui.parameters import AMOUNTS, PAGE_MAXIMUM, read_search
from webui.rendering import language_of, library_of, pairs, render

EXAMPLES_SHOWN = 3
YEARS_OFFERED = 6
YEARS_SHOWN = 3
"""Of a programme through the years; the others are one touch away."""
TITLES_LOOKED_AT = 30
"""Among the largest programmes those with the shortest titles are the examples to search for."""
BROWSED_FACETS = ("fiscal_year", "publisher", "section", "status")


@dataclass(frozen=True, slots=True)
class Chip:
    """One condition in force, and the search without it."""

    label: str
    value: str
    without: SearchRequest


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
    everything: SearchResponse
    """All programmes, for the facets of a result that has none of its own."""


def asks(request: Request) -> bool:
    """Whether what is looked for is a question, whose answer stands above the list."""
    return looks_like_question(read_search(pairs(request)).text)


def results(request: Request) -> HTMLResponse:
    """``/search``: the list alone."""
    return _results(request, None)


def answered_results(request: Request) -> HTMLResponse:
    """``/search``: the list below the answer to the question typed."""
    return _results(request, answer_to(request, read_search(pairs(request)).text))


def _results(request: Request, shown: AnswerView | None) -> HTMLResponse:
    library = library_of(request)
    # Every year is offered, those with the fewest programmes too.
    limit = max(SHOWN_VALUES, len(library.values("fiscal_year")))
    asked = replace(read_search(pairs(request)), facet_limit=limit)
    response = library.search(asked)
    last_page = max((response.total + response.near_total - 1) // asked.limit + 1, 1)
    last_page = min(last_page, max(PAGE_MAXIMUM, (response.total - 1) // asked.limit + 1))
    if asked.offset and not response.hits:
        return render(request, "beyond.html", {"asked": asked, "last_page": last_page}, 404)
    say = language_of(request)
    ways = None if response.hits else ways_on(library)
    years = several_years(asked, response)
    context = {
        "asked": asked,
        "response": response,
        "chips": chips(asked, response, say, library),
        "facet_groups": facet_groups(asked, response, ways.everything if ways else None, say),
        "years": years,
        "years_shown": YEARS_SHOWN,
        "refolded": refolded(asked, response),
        "orders": orders(asked),
        "number": links.page_of(asked),
        "last_page": last_page,
        "lists": views(response, say),
        "hidden": hidden_fields(asked),
        "ways": ways,
        "shown": shown,
    }
    return render(request, "results.html", context)


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


def several_years(asked: SearchRequest, response: SearchResponse) -> list[FacetValue]:
    """The fiscal years that a total adds up, newest first, when it adds up more than one."""
    if asked.filters.get("fiscal_year"):
        return []
    years = [value for value in response.facets.get("fiscal_year", ()) if value.count]
    newest_first = sorted(years, key=lambda value: str(value.value), reverse=True)
    return newest_first[:YEARS_OFFERED] if years[1:] else []


def refolded(asked: SearchRequest, response: SearchResponse) -> SearchRequest | None:
    """The same search with the years of a programme apart, or put together again; ``None`` where
    that makes no difference."""
    if response.is_over_years:
        return replace(asked, fold=Fold.NONE, offset=0)
    if asked.fold is Fold.NONE and several_years(asked, response):
        return replace(asked, fold=Fold.PROGRAMS, offset=0)
    return None


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
    return WaysOn(tuple(titles[:EXAMPLES_SHOWN]), browse, everything)


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


def _document_title(library: Library, document_id: str) -> str | None:
    return next((d.title for d in library.documents() if d.id == document_id), None)
