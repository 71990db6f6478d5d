"""Which JSON does a search result have for the outside? The keys of the contract, nowhere else.

Used by ``yosan search --json`` and by ``GET /api/v1/search``. Money is whole yen.
"""

from __future__ import annotations

from typing import Any

from indexer.contract import JsonObject, money_to_json, program_to_json
from indexer.engine.interface import FacetValue, InYear
from indexer.search.request import Fold, SearchRequest
from indexer.search.response import Hit, SearchResponse

BOUNDS = ("min_amount", "max_amount", "min_change", "max_change")
"""The parameters of a request that are whole yen."""


def search_to_json(response: SearchResponse) -> JsonObject:
    """The whole response: query as understood, totals, hits, facets and ways forward."""
    request = response.request
    return {
        "query": {
            "text": request.text,
            "filters": _in_force(response),
            "sort": str(request.sort),
            "offset": request.offset,
            "limit": request.limit,
            "literal": request.literal,
            "near": request.near,
            "fold": str(Fold.PROGRAMS if response.is_folded else Fold.NONE),
            "remarks": list(response.remarks),
            "understood": [
                {
                    "typed": item.typed,
                    "facet": item.facet,
                    "value": item.value,
                    "label": item.label,
                }
                for item in response.understood
            ],
        },
        "total": response.total,
        "total_rows": response.total_rows,
        "total_yen": response.total_yen,
        "previous_total_yen": response.previous_total_yen,
        "near_total": response.near_total,
        "confidence": response.confidence,
        "hits": [_hit_to_json(hit) for hit in response.hits],
        "facets": {
            name: [_facet_value_to_json(value) for value in values]
            for name, values in response.facets.items()
        },
        "did_you_mean": list(response.did_you_mean),
        "next_steps": [
            {
                "message": step.message,
                "query": {
                    "text": step.request.text,
                    "filters": filters_to_json(step.request),
                    "sort": str(step.request.sort),
                },
            }
            for step in response.next_steps
        ],
        "took_ms": response.took_ms,
    }


def filters_to_json(request: SearchRequest) -> JsonObject:
    """Facet filters as lists, amount bounds as whole yen; what is not set is left out."""
    filters: dict[str, Any] = {
        facet: list(values) for facet, values in request.filters.items() if values
    }
    bounds = {name: getattr(request, name) for name in BOUNDS}
    return filters | {name: yen for name, yen in bounds.items() if yen is not None}


def _in_force(response: SearchResponse) -> JsonObject:
    """The filters of the request, and those read out of its text."""
    filters = filters_to_json(response.request)
    for item in response.understood:
        if item.facet in BOUNDS:
            filters.setdefault(item.facet, int(item.value))
        else:
            values = filters.setdefault(item.facet, [])
            values.extend([item.value] if item.value not in values else [])
    return filters


def _hit_to_json(hit: Hit) -> JsonObject:
    return {
        "program": program_to_json(hit.program, hit.document),
        "years": [_year_to_json(year) for year in hit.years],
        "complete": hit.complete,
        "score": hit.score,
        "snippets": [
            {
                "field": snippet.field,
                "text": snippet.text,
                "ranges": [list(span) for span in snippet.ranges],
                "line": snippet.line,
                "page": snippet.page,
            }
            for snippet in hit.snippets
        ],
        "why": [
            {"kind": str(reason.kind), "typed": reason.typed, "matched": reason.matched}
            for reason in hit.why
        ],
    }


def _year_to_json(year: InYear) -> JsonObject:
    return {
        "fiscal_year": year.fiscal_year,
        "program_id": year.program_id,
        "amount": money_to_json(year.amount),
    }


def _facet_value_to_json(value: FacetValue) -> JsonObject:
    return {
        "value": value.value,
        "count": value.count,
        "yen": value.yen,
        "previous_yen": value.previous_yen,
        "selected": value.selected,
    }
