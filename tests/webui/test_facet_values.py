"""Every value of a facet: on pages that together list each once, and forget no choice."""

from __future__ import annotations

import httpx
import pytest

from indexer.library import Library
from tests.webui.reading import all_of, text_of, tree
from webui.pages import facets


def boxes(response: httpx.Response, facet: str) -> list[tuple[str, bool]]:
    """The values offered, and whether each is ticked."""
    return [
        (box.get("value") or "", box.get("checked") is not None)
        for box in all_of(tree(response), "input")
        if box.get("name") == facet and box.get("type") == "checkbox"
    ]


@pytest.fixture
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten values a page, so that the books of the tests have several."""
    monkeypatch.setattr(facets, "OPTIONS_PER_PAGE", 10)


@pytest.mark.usefixtures("short_pages")
def test_pages_list_every_value_once(http: httpx.Client, library: Library) -> None:
    address: str | None = "/search/values/department"
    found: list[str] = []
    while address:
        response = http.get(address)
        found += [value for value, _ in boxes(response, "department")]
        onwards = [a.get("href") for a in all_of(tree(response), "a") if text_of(a) == "次へ"]
        address = onwards[0] if onwards else None
    assert sorted(found) == sorted(str(value) for value in library.values("department"))


@pytest.mark.usefixtures("short_pages")
def test_what_is_ticked_stands_on_every_page(http: httpx.Client) -> None:
    """A choice of the first page must not be lost by choosing more on the second."""
    address = "/search/values/department?department=情報システム課&page=2"
    offered = boxes(http.get(address), "department")
    assert offered[0] == ("情報システム課", True)
    assert len(offered) == 11


@pytest.mark.usefixtures("short_pages")
def test_a_name_is_looked_for_on_all_pages(http: httpx.Client) -> None:
    """The words looked for go along to the second page."""
    root = tree(http.get("/search/values/department", params={"find": "見本"}))
    (onwards,) = [a.get("href") or "" for a in all_of(root, "a") if text_of(a) == "次へ"]
    assert len(boxes(http.get(onwards), "department")) == 2
    assert len(boxes(http.get(onwards.replace("page=2", "page=9999")), "department")) in (0, 2)
