"""What do the books hold, at a glance? Every figure is a link to the search that makes it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import HTMLResponse

from indexer.library import FacetValue, Library, Overview, SearchRequest, Sort
from indexer.model import Document, Program
from webui.parameters import read_filters
from webui.rendering import library_of, pairs, render

SHOWN_VALUES = 10
SHOWN_DOCUMENTS = 12
SHOWN_PUBLISHERS = 12
GLANCE_FACETS = ("section", "department", "policy_goal", "account")


@dataclass(frozen=True, slots=True)
class Ranking:
    """The first programmes of an order, and the search that lists them all."""

    name: str
    search: SearchRequest
    programs: tuple[Program, ...]


def home(request: Request) -> HTMLResponse:
    """``/``, and ``/?fiscal_year=…&publisher=…`` for another scope."""
    library = library_of(request)
    documents = library.documents()
    if not documents:
        return render(request, "home_empty.html", {})
    years = sorted(library.values("fiscal_year"), key=str, reverse=True)
    filters = read_filters(pairs(request)) or _newest(years)
    scope = SearchRequest(filters=filters)
    overview = library.overview(scope)
    shown = {facet: _by_yen(overview.facets.get(facet, ())) for facet in GLANCE_FACETS}
    context = {
        "scope": scope,
        "overview": overview,
        "years": years,
        "publishers": _scopes(library, scope),
        "statuses": _by_yen(overview.facets.get("status", ())),
        "glance": {
            facet: values
            for facet, values in shown.items()
            if len(values) > 1 or (values and facet == "section")
        },
        "shown_values": SHOWN_VALUES,
        "rankings": [ranking for ranking in _rankings(scope, overview) if ranking.programs],
        "examples": overview.largest[:2],
        "documents": _in_scope(documents, filters)[:SHOWN_DOCUMENTS],
        "document_count": len(documents),
    }
    return render(request, "home.html", context)


def _newest(years: list[str | int]) -> dict[str, tuple[str, ...]]:
    """Without a scope in the address: the newest fiscal year. Years are never added up."""
    return {"fiscal_year": (str(years[0]),)} if years else {}


def _rankings(scope: SearchRequest, overview: Overview) -> tuple[Ranking, ...]:
    fewer = replace(scope, sort=Sort.CHANGE, max_change=-1, ascending=True)
    return (
        Ranking("largest", replace(scope, sort=Sort.AMOUNT), overview.largest),
        Ranking(
            "most_increased",
            replace(scope, sort=Sort.CHANGE, min_change=1),
            overview.most_increased,
        ),
        Ranking("most_reduced", fewer, overview.most_decreased),
    )


def _scopes(library: Library, scope: SearchRequest) -> tuple[FacetValue, ...]:
    """The publishers of the scope's years, when there are several to choose from."""
    years = {key: values for key, values in scope.filters.items() if key == "fiscal_year"}
    found = library.search(SearchRequest(filters=years, limit=1))
    publishers = _by_yen(found.facets.get("publisher", ()))
    return publishers[:SHOWN_PUBLISHERS] if len(publishers) > 1 else ()


def _by_yen(values: tuple[FacetValue, ...]) -> tuple[FacetValue, ...]:
    """The values that occur, the largest amount first."""
    return tuple(sorted((v for v in values if v.count), key=lambda value: -value.yen))


def _in_scope(
    documents: tuple[Document, ...], filters: dict[str, tuple[str, ...]]
) -> list[Document]:
    years, publishers = filters.get("fiscal_year", ()), filters.get("publisher", ())
    return [
        document
        for document in documents
        if (not years or str(document.fiscal_year) in years)
        and (not publishers or (document.publisher and document.publisher.name in publishers))
    ]
