"""What do the books hold, at a glance? Every figure is a link to the search that makes it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import HTMLResponse

from indexer.library import FacetValue, Overview, SearchRequest, Sort
from indexer.model import Document, Program
from webui.pages.examples import examples_of, newest_scope
from webui.parameters import read_filters
from webui.rendering import library_of, pairs, render

SHOWN_VALUES = 10
SHOWN_DOCUMENTS = 12
FIRST_STATUSES = ("新規", "拡充")
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
    filters = read_filters(pairs(request))
    scope = SearchRequest(filters=filters) if filters else newest_scope(library)
    overview = library.overview(scope)
    shown = {facet: _by_yen(overview.facets.get(facet, ())) for facet in GLANCE_FACETS}
    context = {
        "scope": scope,
        "overview": overview,
        "years": years,
        "publishers": _publishers(documents, scope),
        "statuses": _statuses(overview),
        "glance": {
            facet: values
            for facet, values in shown.items()
            if len(values) > 1 or (values and facet == "section")
        },
        "shown_values": SHOWN_VALUES,
        "rankings": [ranking for ranking in _rankings(scope, overview) if ranking.programs],
        "examples": examples_of(library, scope, overview),
        "documents": _in_scope(documents, scope)[:SHOWN_DOCUMENTS],
        "document_count": len(documents),
    }
    return render(request, "home.html", context)


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


def _publishers(documents: tuple[Document, ...], scope: SearchRequest) -> list[str]:
    """Everyone who published a book of the years shown, by name."""
    years = {key: values for key, values in scope.filters.items() if key == "fiscal_year"}
    books = _in_scope(documents, SearchRequest(filters=years))
    named = (document.publisher.name for document in books if document.publisher)
    return sorted(set(named))


def _statuses(overview: Overview) -> list[FacetValue]:
    """The statuses by amount, what is new and what is expanded before all others."""
    values = _by_yen(overview.facets.get("status", ()))
    return sorted(
        values,
        key=lambda v: FIRST_STATUSES.index(v.value) if v.value in FIRST_STATUSES else 9,
    )


def _by_yen(values: tuple[FacetValue, ...]) -> tuple[FacetValue, ...]:
    """The values that occur, the largest amount first."""
    return tuple(sorted((v for v in values if v.count), key=lambda value: -value.yen))


def _in_scope(documents: tuple[Document, ...], scope: SearchRequest) -> list[Document]:
    years, publishers = scope.filters.get("fiscal_year", ()), scope.filters.get("publisher", ())
    return [
        document
        for document in documents
        if (not years or str(document.fiscal_year) in years)
        and (not publishers or (document.publisher and document.publisher.name in publishers))
    ]
