"""The description of the API is true: every answer has the shape that it promises."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from tests.webui.conftest import QUESTIONS, Ids
from webui.schemas import SCHEMAS


def closed(schema: Any) -> Any:
    """The same schema that allows no key which it does not name: a key added to an answer must
    be added to its description, though programs that read it may not rely on there being none."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: closed(value) for key, value in schema.items()}
    return {"additionalProperties": False, **made} if "properties" in made else made


CLOSED = {"components": {"schemas": closed(SCHEMAS)}}


def faults(value: Any, schema: dict[str, Any]) -> list[str]:
    """Where ``value`` is not what ``schema`` says."""
    validator = Draft202012Validator({**CLOSED, **closed(schema)})
    return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(value)]


def promised(http: httpx.Client, path: str, status: int, media_type: str) -> dict[str, Any]:
    operation = http.get("/openapi.json").json()["paths"][path]["get"]
    schema: dict[str, Any] = operation["responses"][str(status)]["content"][media_type]["schema"]
    assert schema["$ref"].startswith("#/components/schemas/"), "every answer has a named shape"
    return schema


def hold(http: httpx.Client, path: str, address: str, status: int = 200) -> None:
    """Ask and compare with what the description promises for this status."""
    response = http.get(address)
    assert response.status_code == status, address
    schema = promised(http, path, status, response.headers["content-type"])
    found = faults(response.json(), schema)
    assert not found, (address, found)


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
        ("/api/v1/search", "/api/v1/search?page=", 400),
        ("/api/v1/search", "/api/v1/search?page=101&limit=100", 404),
        ("/api/v1/search", f"/api/v1/search?q={'a' * 9_000}", 414),
        # only a control character
        ("/api/v1/ask", "/api/v1/ask?q=%1E", 400),
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
