"""Programmes, books and comparisons: figures, evidence, charts equal to their tables."""

from __future__ import annotations

import re
from typing import Any

import httpx
import orjson
import pytest

from indexer.library import Library, SearchRequest
from tests.webui.conftest import Ids
from tests.webui.reading import all_of, amounts, text_of, tree

SVG = "{http://www.w3.org/2000/svg}"


def test_programme_page_shows_what_is_printed(http: httpx.Client, ids: Ids) -> None:
    root = tree(http.get(f"/programs/{ids.new}"))
    text = text_of(root)
    assert "見込額" in text
    for words in (
        "ホームタウンちよだ応援事業",
        "新規",
        "総務課",
        "40,500千円",
        "4,050万円",
        "政策経営部",
        "156頁",
        "前年度なし（皆増）",
        "49百万円",
        "53百万円",
        "40,500千円 (— 千円)",
    ):
        assert words in text, words


def test_executed_amounts_stand_with_their_years(http: httpx.Client) -> None:
    """A sheet of 2025 tells what was spent in 2024 and 2023; most books tell nothing of it."""
    root = tree(http.get("/programs/many-0"))
    (section,) = all_of(root, "section", **{"aria-labelledby": "executed"})
    rows = [row for row in all_of(section, "tr") if row.get("data-yen") is not None]
    assert [(row.get("data-yen"), text_of(row).partition("）")[0]) for row in rows] == [
        ("700000", "令和6年度（2024"),
        ("", "令和5年度（2023"),
    ]
    side = text_of(root)
    assert "事業開始年度" in side
    assert "事業終了（予定）年度" in side
    other = text_of(tree(http.get("/programs/many-1")))
    assert "執行額" not in other
    assert "事業開始年度" not in other


def test_programme_chart_equals_its_table(http: httpx.Client, library: Library) -> None:
    """For every programme of the index, yen by yen."""
    for program in library.matching(SearchRequest()):
        root = tree(http.get(f"/programs/{program.id}"))
        drawn = [e.get("data-yen") for e in root.iter(f"{SVG}g")]
        (table,) = all_of(root, "table", **{"data-chart": "columns"})
        rows = [row for row in all_of(table, "tr") if row.get("data-yen") is not None]
        told = [row.get("data-yen") for row in rows]
        assert drawn in ([], told), program.title
        expected = [program.previous_amount.yen, program.amount.yen]
        expected += [forecast.amount.yen for forecast in program.forecasts]
        assert told == ["" if yen is None else str(yen) for yen in expected]
        for row, yen in zip(rows, expected, strict=True):
            assert amounts(row) == ([] if yen is None else [yen])


def test_a_child_leads_to_its_parent_and_back(http: httpx.Client, ids: Ids) -> None:
    assert f"/programs/{ids.parent}" in http.get(f"/programs/{ids.child}").text
    assert f"/programs/{ids.child}" in http.get(f"/programs/{ids.parent}").text
    assert f"/programs/{ids.member}" in http.get(f"/programs/{ids.group}").text


def test_the_same_programme_in_other_years(http: httpx.Client, ids: Ids) -> None:
    """全庁ＬＡＮ (last year, wide letters) is 全庁LAN (this year)."""
    text = text_of(tree(http.get(f"/programs/{ids.lan}")))
    assert "ほかの年度の同じ事業" in text


def test_citation_names_book_page_and_address(http: httpx.Client, ids: Ids, site: str) -> None:
    root = tree(http.get(f"/programs/{ids.lan}"))
    (citation,) = all_of(root, "p", id="citation")
    text = text_of(citation)
    assert text.startswith("出典：千代田区 「")
    assert "158頁" in text
    assert text.endswith(f"{site}/programs/{ids.lan}")


def test_document_page_prints_every_line(http: httpx.Client, library: Library, ids: Ids) -> None:
    indexed = library.document(ids.book)
    assert indexed is not None
    root = tree(http.get(f"/documents/{ids.book}"))
    shown = {
        int((element.get("id") or "L0")[1:]): element
        for element in all_of(root, "div", class_="line")
    }
    assert sorted(shown) == list(range(1, len(indexed.lines) + 1))
    for number, printed in enumerate(indexed.lines, 1):
        assert " ".join(printed.split()) in text_of(shown[number])


def test_search_inside_the_book(http: httpx.Client, ids: Ids) -> None:
    """Wide letters find narrow ones; the mark covers what is printed."""
    root = tree(http.get(f"/documents/{ids.book}", params={"find": "ＤＸ"}))
    (found,) = all_of(root, "div", class_="found")
    assert {text_of(mark) for mark in all_of(found, "mark")} == {"DX"}


def test_dataset_is_described_for_search_engines(http: httpx.Client) -> None:
    page = http.get("/documents/hostile-2023").text
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert len(found) == 1
    described: dict[str, Any] = orjson.loads(found[0])
    assert described["@type"] == "Dataset"
    assert described["name"].endswith("<script>alert(1)</script>"), "escaped, not altered"
    assert "javascript:" not in found[0]


def test_dataset_has_what_dataset_search_requires(http: httpx.Client, ids: Ids, site: str) -> None:
    """Name and 50 characters of description; who, when, where, and files that are there."""
    for language in ("ja", "en"):
        page = http.get(f"/documents/{ids.book}?lang={language}").text
        (found,) = re.findall(
            r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL
        )
        described: dict[str, Any] = orjson.loads(found)
        assert 50 <= len(described["description"]) <= 5_000
        assert described["url"] == f"{site}/documents/{ids.book}"
        assert described["temporalCoverage"] == "2025-04-01/2026-03-31"
        assert described["creator"] == described["publisher"]
        assert described["spatialCoverage"]["identifier"] == "131016"
    for file in described["distribution"]:
        response = http.get(file["contentUrl"])
        assert response.headers["content-type"].split(";")[0] == file["encodingFormat"]
        rows = response.content.decode("utf-8-sig").splitlines()
        assert len(rows) - (file["name"] == "CSV") == 12


def test_programmes_side_by_side(http: httpx.Client, ids: Ids) -> None:
    root = tree(http.get("/compare", params=[("id", ids.lan), ("id", ids.new)]))
    (table,) = all_of(root, "table", **{"data-chart": "compare"})
    cells = [cell for cell in all_of(table, "td") if cell.get("data-yen")]
    assert [amounts(cell) for cell in cells] == [[1_966_770_000], [40_500_000]]


def test_six_programmes_are_too_many(http: httpx.Client) -> None:
    response = http.get("/compare", params=[("id", f"many-{n}") for n in range(6)])
    assert response.status_code == 400
    assert "5件まで" in response.text


def test_two_books_side_by_side(http: httpx.Client, ids: Ids) -> None:
    root = tree(http.get(f"/compare/documents?before={ids.former}&after={ids.book}"))
    text = text_of(root)
    assert "なくなった事業 1件" in text, "庁舎の改修"
    assert "減った事業 1件" in text, "情報セキュリティ対策の推進"
    drawn = [
        (e.get("data-before"), e.get("data-after"))
        for e in root.iter(f"{SVG}g")
        if e.get("data-before")
    ]
    (table,) = all_of(root, "table", **{"data-chart": "slope"})
    told = [(row.get("data-before"), row.get("data-after")) for row in all_of(table, "tr")][1:]
    assert drawn
    assert drawn == told


def test_a_group_shows_what_its_members_add_up_to(http: httpx.Client, ids: Ids) -> None:
    """The book prints no amount for the group: the sum is said to be computed."""
    root = tree(http.get(f"/programs/{ids.group}"))
    (headline,) = all_of(root, "div", class_="headline")
    text = text_of(headline)
    assert "まとめて記載された4事業の合計（計算した額）" in text
    assert "583,446千円" in text
    assert "+323,689千円（+124.6%）" in text


def test_parts_are_drawn_as_their_table_says(http: httpx.Client, ids: Ids) -> None:
    """Of a parent and of a group: the same yen drawn and told, in shares that make a whole."""
    for program_id, whole in ((ids.parent, 40_000_000), (ids.group, 583_446_000)):
        root = tree(http.get(f"/programs/{program_id}"))
        slices = [e for e in root.iter(f"{SVG}rect") if e.get("data-yen")]
        (table,) = all_of(root, "table", **{"data-chart": "parts"})
        rows = [row for row in all_of(table, "tr") if row.get("data-yen")]
        told = [row.get("data-yen") for row in rows]
        assert [e.get("data-yen") for e in slices] == told
        assert told == [str(amounts(row)[0]) for row in rows]
        assert sum(int(yen or 0) for yen in told) == whole
        for drawn, yen in zip(slices, told, strict=True):
            assert float(drawn.get("width") or "") == pytest.approx(
                100 * int(yen or 0) / whole, abs=0.11
            )
