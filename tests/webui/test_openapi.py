"""The description of the API is true: every answer has the shape that it promises."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.webui.conftest import QUESTIONS, Ids
from webui.schemas import SCHEMAS

KINDS: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "object": (dict,),
    "array": (list,),
    "null": (type(None),),
}


def faults(value: Any, schema: dict[str, Any], at: str = "$") -> list[str]:
    """Where ``value`` is not what ``schema`` says; a key that the schema does not name is one."""
    if "$ref" in schema:
        return faults(value, SCHEMAS[schema["$ref"].rpartition("/")[2]], at)
    if "anyOf" in schema:
        tried = [faults(value, option, at) for option in schema["anyOf"]]
        return min(tried, key=len)
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    allowed = tuple(kind for name in kinds for kind in KINDS[name])
    if not isinstance(value, allowed) or (isinstance(value, bool) and "boolean" not in kinds):
        return [f"{at}: {type(value).__name__} instead of {kinds}"]
    if "enum" in schema and value not in schema["enum"]:
        return [f"{at}: {value!r} is none of {schema['enum']}"]
    if isinstance(value, list):
        return [f for n, v in enumerate(value) for f in faults(v, schema["items"], f"{at}[{n}]")]
    return faults_of_keys(value, schema, at) if isinstance(value, dict) else []


def faults_of_keys(value: dict[str, Any], schema: dict[str, Any], at: str) -> list[str]:
    if "properties" not in schema:
        others = schema["additionalProperties"]
        return [fault for key, v in value.items() for fault in faults(v, others, f"{at}.{key}")]
    named = schema["properties"]
    found = [f"{at}: {key} is missing" for key in schema["required"] if key not in value]
    found += [f"{at}: {key} is not described" for key in value if key not in named]
    shared = [key for key in value if key in named]
    return found + [f for key in shared for f in faults(value[key], named[key], f"{at}.{key}")]


def promised(http: httpx.Client, path: str, status: int, media_type: str) -> dict[str, Any]:
    operation = http.get("/openapi.json").json()["paths"][path]["get"]
    schema: dict[str, Any] = operation["responses"][str(status)]["content"][media_type]["schema"]
    return schema


def hold(http: httpx.Client, path: str, address: str, status: int = 200) -> None:
    """Ask and compare with what the description promises for this status."""
    response = http.get(address)
    assert response.status_code == status, address
    schema = promised(http, path, status, response.headers["content-type"])
    assert not faults(response.json(), schema), address


@pytest.mark.parametrize(
    "query",
    [
        "",
        "q=防災",
        # marked variants, reasons, understood filters
        "q=こども 1億円以上 令和7年度",
        # ways on and near spellings
        "q=存在しない言葉xyz",
        "q=ホームタウソ応援",
        "status=新規&section=第1部&min_amount=1000万円&sort=amount&order=asc&page=1&limit=3",
        "document=hostile-2023",
        "facet_limit=0",
    ],
)
def test_searches(http: httpx.Client, query: str) -> None:
    hold(http, "/api/v1/search", f"/api/v1/search?{query}")


@pytest.mark.parametrize("name", QUESTIONS)
def test_answers(http: httpx.Client, name: str) -> None:
    hold(http, "/api/v1/ask", f"/api/v1/ask?q={QUESTIONS[name]}")


def test_programmes_and_documents(http: httpx.Client, ids: Ids) -> None:
    for id in (ids.lan, ids.parent, ids.child, ids.member, ids.group, ids.new, "hostile-0"):
        hold(http, "/api/v1/programs/{id}", f"/api/v1/programs/{id}")
    for id in (ids.book, ids.former, "many-2025", "hostile-2023"):
        hold(http, "/api/v1/documents/{id}", f"/api/v1/documents/{id}")
    hold(http, "/api/v1/documents", "/api/v1/documents")
    hold(http, "/api/v1/suggest", "/api/v1/suggest?q=ホーム&limit=3")


@pytest.mark.parametrize(
    ("path", "address", "status"),
    [
        ("/api/v1/search", "/api/v1/search?sort=price", 400),
        ("/api/v1/search", "/api/v1/search?facet_limit=-1", 400),
        ("/api/v1/ask", "/api/v1/ask", 400),
        ("/api/v1/suggest", "/api/v1/suggest?q=a&limit=99", 400),
        ("/api/v1/programs/{id}", "/api/v1/programs/none", 404),
        ("/api/v1/documents/{id}", "/api/v1/documents/none", 404),
    ],
)
def test_problems(http: httpx.Client, path: str, address: str, status: int) -> None:
    hold(http, path, address, status)


def test_the_checker_finds_faults() -> None:
    """The comparison itself can fail: a missing key, another type, an undescribed key."""
    money = {"yen": 1, "state": "value", "raw": "1円", "unit": None, "line": None}
    assert faults(money, SCHEMAS["Money"]) == []
    assert faults({**money, "yen": "1"}, SCHEMAS["Money"])
    assert faults({**money, "yen": True}, SCHEMAS["Money"])
    assert faults({**money, "state": "much"}, SCHEMAS["Money"])
    assert faults({**money, "more": 1}, SCHEMAS["Money"])
    assert faults({k: v for k, v in money.items() if k != "raw"}, SCHEMAS["Money"])


def test_facet_values_can_be_limited_without_losing_a_selected_one(http: httpx.Client) -> None:
    everything = http.get("/api/v1/search").json()
    values = [item["value"] for item in everything["facets"]["department"]]
    last = values[-1]
    few = http.get("/api/v1/search", params={"department": last, "facet_limit": 2}).json()
    kept = few["facets"]["department"]
    assert len(kept) in (2, 3)
    assert last in [item["value"] for item in kept if item["selected"]]
    assert few["facet_totals"]["department"] == len(values)


def test_every_schema_is_used(http: httpx.Client) -> None:
    told = http.get("/openapi.json").text
    assert all(f"#/components/schemas/{name}" in told for name in SCHEMAS)
