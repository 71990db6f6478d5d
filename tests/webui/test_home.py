"""The book at a glance: every figure is the one of its link, every chart is its table."""

from __future__ import annotations

from xml.etree import ElementTree

import httpx
import pytest

from indexer.library import AnswerStatus, Library
from tests.webui.reading import all_of, amounts, shown_figures, text_of, tree

SVG = "{http://www.w3.org/2000/svg}"
CHIYODA = "/?publisher=千代田区&fiscal_year=2025"
SCOPES = (
    "/",
    CHIYODA,
    "/?fiscal_year=2024",
    "/?publisher=見本市",
    # Markup in every name: the addresses must still lead to the same values.
    "/?fiscal_year=2023",
    # A narrower scope than the page itself offers.
    "/?publisher=千代田区&fiscal_year=2025&status=拡充",
    f"{CHIYODA}&lang=en",
)


def main_of(root: ElementTree.Element) -> ElementTree.Element:
    return all_of(root, "main")[0]


@pytest.mark.parametrize("scope", SCOPES)
def test_every_figure_is_the_one_of_its_link(scope: str, http: httpx.Client) -> None:
    """Totals, counts, changes and last year's amounts: the search behind a link says the same."""
    home = main_of(tree(http.get(scope)))
    linked: set[tuple[str, str]] = set()
    for link in all_of(home, "a"):
        figures = shown_figures(link)
        if not figures:
            continue
        address = link.get("href") or ""
        (head,) = all_of(tree(http.get(address)), "div", class_="results-head")
        assert figures <= shown_figures(head), address
        linked |= figures
    ranked: set[tuple[str, str]] = set()
    for row in (row for group in all_of(home, "ol", class_="ranking") for row in group):
        (title,) = all_of(row, "a")
        page = tree(http.get(title.get("href") or ""))
        (headline,) = all_of(page, "div", class_="headline")
        assert shown_figures(row) <= shown_figures(headline), text_of(title)
        ranked |= shown_figures(row)
    assert {kind for kind, _ in linked} >= {"figure", "count"}
    assert shown_figures(home) == linked | ranked, "a figure without the search that makes it"


def test_the_sample_is_not_counted_twice(http: httpx.Client) -> None:
    text = text_of(tree(http.get(CHIYODA)))
    # Parent and children both would be 2,866,344千円.
    assert "2,826,344千円" in text
    assert "28億2,634万4千円" in text
    assert "90,001千円" in text
    assert "2,736,343千円" in text


def test_what_is_new_and_expanded_comes_first(http: httpx.Client) -> None:
    """Their cards stand before those of larger statuses, such as 継続."""
    home = tree(http.get("/?publisher=見本市"))
    labels = [text_of(all_of(card, "dt")[0]) for card in all_of(home, "div", class_="card")]
    assert labels == ["予算額の合計", "前年度との差", "新規", "拡充", "継続"]


def test_it_begins_with_the_newest_year(http: httpx.Client) -> None:
    """Years are never added up: without a choice the newest one is shown, and said."""
    root = tree(http.get("/"))
    text = text_of(root)
    assert "令和7年度" in text
    assert "昨年度" not in text
    (chosen,) = [o for o in all_of(root, "option") if o.get("selected") is not None]
    assert chosen.get("value") == "2025"


@pytest.mark.parametrize("scope", SCOPES)
def test_tables_equal_their_charts(scope: str, http: httpx.Client) -> None:
    root = tree(http.get(scope))
    drawn = [e.get("data-yen") for e in root.iter(f"{SVG}rect") if e.get("data-yen")]
    told = [row.get("data-yen") for table in tables(root, "stack") for row in rows_of(table)]
    assert drawn == told
    for table in (*tables(root, "stack"), *tables(root, "bars")):
        for row in rows_of(table):
            assert row.get("data-yen") == str(amounts(row)[0])


@pytest.mark.parametrize("scope", SCOPES)
def test_bars_are_as_long_as_their_amounts(scope: str, http: httpx.Client) -> None:
    """The drawn width of every bar, read from the page, against the printed yen."""
    for table in tables(tree(http.get(scope)), "bars"):
        rows = rows_of(table)
        longest = max(int(row.get("data-yen") or 0) for row in rows)
        for row in rows:
            (fill,) = [r for r in row.iter(f"{SVG}rect") if r.get("class") == "bar-fill"]
            share = max(int(row.get("data-yen") or 0), 0) / longest if longest > 0 else 0
            assert float(fill.get("width") or "") == pytest.approx(100 * share, abs=0.06)


@pytest.mark.parametrize("scope", [*SCOPES, "/ask"])
def test_examples_do_find_something(scope: str, http: httpx.Client, library: Library) -> None:
    """Made from the loaded books, and tried: a search with hits, a question with an answer."""
    root = tree(http.get(scope))
    given = [
        link for group in all_of(root, "div", class_="examples") for link in all_of(group, "a")
    ]
    assert given or "2023" in scope
    for link in given:
        address = link.get("href") or ""
        page = tree(http.get(address))
        if address.startswith("/search"):
            assert all_of(page, "li", class_="hit"), address
        else:
            assert library.ask(text_of(link)).status is AnswerStatus.ANSWERED
            assert all_of(page, "div", class_="answer-answered"), address


def tables(root: ElementTree.Element, chart: str) -> list[ElementTree.Element]:
    return all_of(root, "table", **{"data-chart": chart})


def rows_of(table: ElementTree.Element) -> list[ElementTree.Element]:
    return [row for row in all_of(table, "tr") if row.get("data-yen")]
