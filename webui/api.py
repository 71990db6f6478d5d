"""What do programs get? The JSON twins of the pages, under ``/api/v1``, and their description."""

from __future__ import annotations

from typing import Any

import orjson
from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from indexer.contract import document_to_json, program_to_json
from indexer.library import answer_to_json, search_to_json
from webui import links
from webui.parameters import (
    SEARCH_PARAMETERS,
    Parameter,
    ParameterError,
    last,
    read_integer,
    read_search,
)
from webui.rendering import library_of, pairs

SUGGESTIONS_MAXIMUM = 20

router = APIRouter(prefix="/api/v1", tags=["yosan"])


def json_response(content: object, status: int = 200) -> Response:
    """UTF-8 JSON."""
    return Response(orjson.dumps(content), status, media_type="application/json")


def describe(*parameters: Parameter, found: bool = False) -> dict[str, Any]:
    """The OpenAPI part of an operation: its parameters and answers, from the one table."""
    responses = {
        "200": _response("結果", "application/json"),
        "400": _response("読み取れない値", "application/problem+json"),
    }
    if found:
        responses["404"] = _response("見つからない", "application/problem+json")
    return {"parameters": [_describe(item) for item in parameters], "responses": responses}


def _response(description: str, media_type: str) -> dict[str, Any]:
    return {"description": description, "content": {media_type: {"schema": {"type": "object"}}}}


def _describe(parameter: Parameter) -> dict[str, Any]:
    single: dict[str, Any] = {"type": "integer" if parameter.integer else "string"}
    schema = {"type": "array", "items": single} if parameter.repeats else single
    return {
        "name": parameter.name,
        "in": "query",
        "required": False,
        "description": parameter.meaning,
        "schema": schema,
    }


TEXT = Parameter("q", "質問、または打ちかけの言葉", "防災の予算はいくら？")


@router.get("/search", openapi_extra=describe(*SEARCH_PARAMETERS))
def search(request: Request) -> Response:
    """事業を探す。絞り込みは同じ名前を繰り返すと「または」、違う名前は「かつ」です。"""
    asked = read_search(pairs(request))
    content = search_to_json(library_of(request).search(asked))
    for facet, values in content["facets"].items():
        for value in values:
            changed = links.toggled(asked, facet, str(value["value"]))
            value["toggle_url"] = links.search_url(changed)
    content["url"] = links.search_url(asked, page=links.page_of(asked))
    return json_response(content)


@router.get("/programs/{id}", openapi_extra=describe(found=True))
def program(request: Request, id: str) -> Response:
    """一つの事業。"""
    library = library_of(request)
    found = library.program(id)
    indexed = library.document(found.document_id) if found else None
    if found is None or indexed is None:
        raise HTTPException(404)
    return json_response(program_to_json(found, indexed.document, indexed.lines))


@router.get("/documents", openapi_extra=describe())
def documents(request: Request) -> Response:
    """収録しているすべての予算書。"""
    found = library_of(request).documents()
    return json_response({"documents": [document_to_json(document) for document in found]})


@router.get("/documents/{id}", openapi_extra=describe(found=True))
def document(request: Request, id: str) -> Response:
    """一つの予算書。印刷された行、読み取りの問題、照合の結果を含みます。"""
    indexed = library_of(request).document(id)
    if indexed is None:
        raise HTTPException(404)
    content = document_to_json(indexed.document)
    content["program_ids"] = list(indexed.program_ids)
    content["lines"] = list(indexed.lines)
    content["problems"] = [
        {
            "line": item.line,
            "kind": item.kind,
            "message": item.message,
            "severity": str(item.severity),
        }
        for item in indexed.problems
    ]
    content["checks"] = [
        {
            "name": item.name,
            "expected": item.expected,
            "found": item.found,
            "ok": item.ok,
            "line": item.line,
        }
        for item in indexed.checks
    ]
    return json_response(content)


@router.get("/ask", openapi_extra=describe(TEXT))
def ask(request: Request) -> Response:
    """質問に、根拠の行とともに答える。"""
    question = last(pairs(request), "q").strip()
    if not question:
        raise ParameterError("q", "", "質問がありません。「q」に質問を書いてください。")
    return json_response(answer_to_json(library_of(request).ask(question)))


@router.get("/suggest", openapi_extra=describe(TEXT))
def suggest(request: Request) -> Response:
    """打ちかけの言葉の続き。検索ボックスのための形（OpenSearch Suggestions）です。"""
    text = last(pairs(request), "q").strip()
    limit = read_integer("limit", last(pairs(request), "limit"), 1, SUGGESTIONS_MAXIMUM, 8)
    found = library_of(request).suggest(text, limit) if text else ()
    return json_response([text, [item.text for item in found]])
