"""What do programs get? The JSON twins of the pages, under ``/api/v1``, and their description."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
from fastapi import APIRouter, FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from indexer.contract import document_to_json, program_to_json
from indexer.library import answer_to_json, search_to_json
from webui import links, problems
from webui.parameters import (
    FACET_LIMIT,
    FACET_VALUES_SHOWN,
    FILTER_VALUES_MAXIMUM,
    SEARCH_PARAMETERS,
    VISIBLE_PATTERN,
    Parameter,
    ParameterError,
    last,
    read_integer,
    read_search,
)
from webui.queues import queued
from webui.rendering import library_of, pairs
from webui.schemas import SCHEMAS, ref

SUGGESTIONS_MAXIMUM = 20

router = APIRouter(prefix="/api/v1", tags=["yosan"])


def json_response(content: object, status: int = 200) -> Response:
    """UTF-8 JSON."""
    return Response(orjson.dumps(content), status, media_type="application/json")


def describe(*parameters: Parameter, gives: str, found: bool = False) -> dict[str, Any]:
    """The OpenAPI part of an operation: its parameters and answers, from the one table.

    ``gives`` names the schema of the answer; ``found`` says that its address may name nothing.
    """
    responses = {
        "200": _response("結果", "application/json", gives),
        "400": _response("読み取れない値", problems.MEDIA_TYPE, "Problem"),
        "414": _response("長すぎるアドレス", problems.MEDIA_TYPE, "Problem"),
        "503": _response("準備中", problems.MEDIA_TYPE, "Problem"),
    }
    if found:
        responses["404"] = _response("見つからない", problems.MEDIA_TYPE, "Problem")
    return {"parameters": [_describe(item) for item in parameters], "responses": responses}


def _response(description: str, media_type: str, schema: str) -> dict[str, Any]:
    return {"description": description, "content": {media_type: {"schema": ref(schema)}}}


def _describe(parameter: Parameter) -> dict[str, Any]:
    single: dict[str, Any] = {"type": "integer" if parameter.integer else "string"}
    if parameter.integer:
        single |= {"minimum": parameter.low, "maximum": parameter.high}
    if parameter.choices:
        single["enum"] = list(parameter.choices)
    if parameter.pattern:
        single["pattern"] = parameter.pattern
    many = {"type": "array", "items": single, "maxItems": FILTER_VALUES_MAXIMUM}
    described = {
        "name": parameter.name,
        "in": "query",
        "required": parameter.required,
        "description": parameter.meaning,
        "schema": many if parameter.repeats else single,
    }
    if parameter.example:
        value = int(parameter.example) if parameter.integer else parameter.example
        described["example"] = [value] if parameter.repeats else value
    return described


def describe_schemas(app: FastAPI) -> None:
    """Give the OpenAPI description its component schemas."""
    made = app.openapi()
    made["components"] = {"schemas": SCHEMAS}
    made["paths"] = {path: _without_framework_errors(item) for path, item in made["paths"].items()}


def _without_framework_errors(item: dict[str, Any]) -> dict[str, Any]:
    """The framework promises a 422 of its own; here a value that cannot be read is a 400."""
    for operation in item.values():
        operation["responses"].pop("422", None)
    return item


QUESTION = Parameter("q", "質問", "防災の予算はいくら？", required=True, pattern=VISIBLE_PATTERN)
TYPED = Parameter("q", "打ちかけの言葉", "防災")
SUGGESTION_LIMIT = Parameter(
    "limit", "いくつまで", "8", integer=True, low=1, high=SUGGESTIONS_MAXIMUM
)


@router.get(
    "/search",
    openapi_extra=describe(*SEARCH_PARAMETERS, FACET_LIMIT, gives="SearchResult", found=True),
)
def search(request: Request) -> Response:
    """事業を探す。絞り込みは同じ名前を繰り返すと「または」、違う名前は「かつ」です。"""
    given = pairs(request)
    most = read_integer(given, FACET_LIMIT.name, 0, FACET_LIMIT.high, FACET_VALUES_SHOWN)
    asked = replace(read_search(given), facet_limit=most)
    response = library_of(request).search(asked)
    content = search_to_json(response)
    for facet, values in content["facets"].items():
        for value in values:
            changed = links.toggled(asked, facet, str(value["value"]))
            value["toggle_url"] = links.search_url(changed)
    content["facet_totals"] = dict(response.facet_totals)
    content["url"] = links.search_url(asked, page=links.page_of(asked))
    return json_response(content)


@router.get("/programs/{id}", openapi_extra=describe(gives="Programme", found=True))
def program(request: Request, id: str) -> Response:
    """一つの事業。"""
    library = library_of(request)
    found = library.program(id)
    indexed = library.document(found.document_id) if found else None
    if found is None or indexed is None:
        raise HTTPException(404)
    return json_response(program_to_json(found, indexed.document, indexed.lines))


@router.get("/documents", openapi_extra=describe(gives="Documents"))
def documents(request: Request) -> Response:
    """収録しているすべての予算書。"""
    found = library_of(request).documents()
    return json_response({"documents": [document_to_json(document) for document in found]})


@router.get("/documents/{id}", openapi_extra=describe(gives="WholeDocument", found=True))
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


@router.get("/ask", openapi_extra=describe(QUESTION, gives="Answer"))
async def ask(request: Request) -> Response:
    """質問に、根拠の行とともに答える。"""
    return await queued("questions", _answer)(request)


def _answer(request: Request) -> Response:
    question = last(pairs(request), "q").strip()
    if not question:
        raise ParameterError("q", "question")
    return json_response(answer_to_json(library_of(request).ask(question)))


@router.get("/suggest", openapi_extra=describe(TYPED, SUGGESTION_LIMIT, gives="Suggestions"))
def suggest(request: Request) -> Response:
    """打ちかけの言葉の続き。検索ボックスのための形（OpenSearch Suggestions）です。"""
    text = last(pairs(request), "q").strip()
    limit = read_integer(pairs(request), "limit", 1, SUGGESTIONS_MAXIMUM, 8)
    found = library_of(request).suggest(text, limit) if text else ()
    return json_response([text, [item.text for item in found]])
