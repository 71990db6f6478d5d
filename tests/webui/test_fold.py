"""How does a page show a programme through the years? One hit, years as links, counts in words."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from indexer.library import Fold, InYear, Library, SearchRequest
from indexer.model import NOT_PRINTED, Money, MoneyState
from tests.webui.conftest import Ids
from tests.webui.reading import all_of, heading, text_of, tree
from webui.language import language
from webui.pages.hits import views

LAN = "全庁LANの保守管理"


def test_each_year_is_a_link(http: httpx.Client, ids: Ids) -> None:
    root = tree(http.get("/search", params={"q": LAN, "near": "0"}))
    (hit,) = all_of(root, "li", class_="hit")
    (years,) = all_of(hit, "ul", class_="years")
    found = [(text_of(link), link.get("href")) for link in all_of(years, "a")]
    assert found == [
        ("令和7年度（2025）", f"/programs/{ids.lan}"),
        ("令和6年度（2024）", "/programs/former-0"),
    ]
    assert [link.get("aria-current") for link in all_of(years, "a")] == ["true", None]
    assert "18億9,774万円" in text_of(years)
    assert http.get("/programs/former-0").status_code == 200


@pytest.mark.parametrize(
    ("bound", "is_said"),
    [
        ({}, False),
        # 19億円 and more in 2025 only, less in 2024 only
        ({"min_amount": "19億円"}, False),
        ({"max_amount": "19億円"}, True),
    ],
)
def test_an_older_year_shown_is_said(
    http: httpx.Client, bound: dict[str, str], is_said: bool
) -> None:
    root = tree(http.get("/search", params={"q": LAN, "near": "0", **bound}))
    (hit,) = all_of(root, "li", class_="hit")
    assert ("条件に合う最も新しい年度を表示" in text_of(hit)) is is_said
    assert len(all_of(hit, "ul", class_="years")) == 1


def test_what_is_counted_is_said(http: httpx.Client) -> None:
    response = http.get("/search", params={"q": LAN})
    assert "1件" in heading(response)
    text = text_of(tree(response))
    assert "年度ごとに数えると2件" in text
    assert "件数は、年度をまとめて数えた事業の数です" in text
    assert "この2件を持ち帰る" in text
    values = text_of(tree(http.get("/search/values/department", params={"q": LAN})))
    assert "件数は、年度をまとめて数えた事業の数です" in values


def test_there_and_back(http: httpx.Client) -> None:
    """Each way to list leads to the other one, and keeps the rest of the search."""
    address = f"/search?q={LAN}&sort=amount&near=0"
    for words, count, fold in (
        ("年度ごとに分けて並べる", 1, "none"),
        ("同じ事業の年度をまとめて並べる", 2, None),
    ):
        root = tree(http.get(address))
        assert len(all_of(root, "li", class_="hit")) == count
        (link,) = [link for link in all_of(root, "a") if text_of(link) == words]
        address = link.get("href") or ""
        given = dict(parse_qsl(urlsplit(address).query))
        assert (given.get("fold"), given["sort"], given["q"]) == (fold, "amount", LAN)


@pytest.mark.parametrize("query", [f"q={LAN}&fiscal_year=2024", f"q={LAN} 令和6年度"])
def test_a_year_that_is_asked_for_stands_alone(http: httpx.Client, query: str) -> None:
    root = tree(http.get(f"/search?{query}"))
    (hit,) = all_of(root, "li", class_="hit")[:1]
    assert not all_of(hit, "ul", class_="years")
    assert "まとめて" not in text_of(root)


def test_the_api(http: httpx.Client, ids: Ids) -> None:
    found = http.get("/api/v1/search", params={"q": LAN, "near": "0"}).json()
    assert (found["query"]["fold"], found["total"], found["total_rows"]) == ("programs", 1, 2)
    (hit,) = found["hits"]
    assert [(y["fiscal_year"], y["program_id"], y["amount"]["yen"]) for y in hit["years"]] == [
        (2025, ids.lan, hit["program"]["amount"]["yen"]),
        (2024, "former-0", 1_897_740_000),
    ]
    apart = http.get("/api/v1/search", params={"q": LAN, "near": "0", "fold": "none"}).json()
    assert (apart["query"]["fold"], apart["total"], apart["total_rows"]) == ("none", 2, 2)
    assert "fold=none" in apart["url"]
    refused = http.get("/api/v1/search", params={"fold": "weekly"})
    assert refused.status_code == 400
    assert "weekly" in refused.json()["detail"]


def test_exports_have_every_year(http: httpx.Client) -> None:
    assert len(http.get("/export.jsonl", params={"q": LAN}).text.splitlines()) == 2


@pytest.mark.parametrize(
    ("amounts", "points"),
    [
        # two years are a change, which is said in words
        ({2025: 5, 2024: 4}, 0),
        ({2025: 5, 2024: 4, 2023: 8}, 3),
        # the book of one year is not there, or prints no number
        ({2025: 5, 2024: None, 2022: 4, 2021: 8}, 3),
    ],
)
def test_the_line_of_amounts(library: Library, amounts: dict[int, int | None], points: int) -> None:
    response = library.search(SearchRequest(LAN, fold=Fold.NONE, near=False))
    years = tuple(
        InYear(
            year,
            f"p-{year}",
            NOT_PRINTED if yen is None else Money(yen, MoneyState.VALUE, f"{yen}円", "円"),
        )
        for year, yen in amounts.items()
    )
    hits = tuple(replace(hit, years=years) for hit in response.hits[:1])
    ((view,),) = (shown.hits for shown in views(replace(response, hits=hits), language("ja")))
    assert len(view.sparkline.split()) == points
    assert [year.year for year in view.years] == list(amounts)
