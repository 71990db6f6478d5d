"""What people see: figures, filters, evidence and ways forward, read out of the HTML."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from xml.etree import ElementTree

import html5lib
import httpx
import orjson
import pytest

from indexer.library import Library, SearchRequest
from tests.webui.conftest import Ids, page_kinds
from webui.parameters import FACETS, read_search

XHTML = "{http://www.w3.org/1999/xhtml}"


def tree(response: httpx.Response) -> ElementTree.Element:
    parsed: ElementTree.Element = html5lib.parse(response.text)
    return parsed


def all_of(root: ElementTree.Element, tag: str, **attributes: str) -> list[ElementTree.Element]:
    """Elements with this tag; ``class_`` matches one of the classes."""
    wanted_class = attributes.pop("class_", None)
    return [
        element
        for element in root.iter(f"{XHTML}{tag}")
        if all(element.get(name.rstrip("_")) == value for name, value in attributes.items())
        and (wanted_class is None or wanted_class in (element.get("class") or "").split())
    ]


def text_of(element: ElementTree.Element) -> str:
    return " ".join("".join(element.itertext()).split())


def heading(response: httpx.Response) -> str:
    return text_of(all_of(tree(response), "h1")[0])


def amounts(element: ElementTree.Element) -> list[int]:
    return [int(data.get("value") or "") for data in all_of(element, "data")]


# --- every kind of page ---------------------------------------------------------------------


def test_every_page_is_valid_html(http: httpx.Client, ids: Ids) -> None:
    """A strict parse: no unclosed, misplaced or unknown syntax on any kind of page."""
    for name, path in page_kinds(ids).items():
        parser = html5lib.HTMLParser(strict=False)
        parser.parse(http.get(path).text)
        assert not parser.errors, (name, parser.errors[:3])


def test_every_page_is_well_built(http: httpx.Client, ids: Ids) -> None:
    """One main heading, unique ids, a label for every field, links that say where they go."""
    for name, path in page_kinds(ids).items():
        root = tree(http.get(path))
        assert len(all_of(root, "h1")) == 1, name
        assert all_of(root, "title")[0].text, name
        found = [element.get("id") for element in root.iter() if element.get("id")]
        assert len(found) == len(set(found)), (name, sorted(found))
        for link in all_of(root, "a"):
            assert text_of(link) or link.get("aria-label"), (name, link.attrib)


class LinkParser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links.extend(value for name, value in attrs if name in ("href", "src") and value)


def test_no_link_is_broken(http: httpx.Client, ids: Ids) -> None:
    """Every address of ours that any kind of page names is answered with 200."""
    addresses: set[str] = set()
    for path in page_kinds(ids).values():
        parser = LinkParser()
        parser.feed(http.get(path).text)
        addresses.update(link.partition("#")[0] for link in parser.links)
    ours = {address for address in addresses if address.startswith("/")}
    assert len(ours) > 100
    bad = {address: http.get(address).status_code for address in sorted(ours)}
    # The error pages name themselves in another language.
    expected = {a for a in ours if a.startswith("/nowhere") or "abc" in a or "page=400" in a}
    assert {a for a, status in bad.items() if status != 200} == expected


def test_line_anchors_exist(http: httpx.Client, ids: Ids) -> None:
    """Every #L… that a programme page points to stands on the document page."""
    page = http.get(f"/programs/{ids.lan}").text
    wanted = set(re.findall(rf"/documents/{ids.book}#(L\d+)", page))
    anchors = set(re.findall(r'id="(L\d+)"', http.get(f"/documents/{ids.book}").text))
    assert wanted
    assert wanted <= anchors


def test_nothing_is_loaded_from_elsewhere(http: httpx.Client, ids: Ids) -> None:
    """At most five requests for a page, all of them to this server."""
    for name, path in page_kinds(ids).items():
        root = tree(http.get(path))
        loaded = [e.get("src") for e in root.iter() if e.get("src")]
        loaded += [
            e.get("href") for e in all_of(root, "link") if e.get("rel") in ("stylesheet", "icon")
        ]
        assert len(loaded) + 1 <= 5, name
        assert all((address or "").startswith("/static/") for address in loaded), name


# --- home -----------------------------------------------------------------------------------


def test_home_figures_are_those_of_their_links(http: httpx.Client, library: Library) -> None:
    """Every figure that links to a search is what that search adds up to."""
    root = tree(http.get("/?publisher=千代田区&fiscal_year=2025"))
    checked = 0
    for link in all_of(root, "a"):
        address = link.get("href") or ""
        shown = amounts(link)
        if not shown or not address.startswith("/search?"):
            continue
        asked = read_search(parse_qsl(urlsplit(address).query))
        assert library.search(asked).total_yen == shown[0], address
        checked += 1
    assert checked >= 3


def test_home_shows_the_sample_without_counting_twice(http: httpx.Client) -> None:
    text = text_of(tree(http.get("/?publisher=千代田区&fiscal_year=2025")))
    # Parent and children both would be 2,866,344千円.
    assert "2,826,344千円" in text
    assert "28億2,634万4千円" in text
    assert "90,001千円" in text
    assert "2,736,343千円" in text


def test_home_begins_with_the_newest_year(http: httpx.Client) -> None:
    """Years are never added up: without a choice the newest one is shown, and said."""
    text = text_of(tree(http.get("/")))
    assert "令和7年度" in text
    assert "昨年度" not in text


def test_home_tables_equal_their_charts(http: httpx.Client) -> None:
    root = tree(http.get("/?publisher=千代田区&fiscal_year=2025"))
    svg = "{http://www.w3.org/2000/svg}"
    drawn = [e.get("data-yen") for e in root.iter(f"{svg}rect") if e.get("data-yen")]
    (table,) = all_of(root, "table", **{"data-chart": "stack"})
    told = [row.get("data-yen") for row in all_of(table, "tr") if row.get("data-yen")]
    assert drawn
    assert drawn == told
    assert told == [str(amounts(row)[0]) for row in all_of(table, "tr") if row.get("data-yen")]


# --- results --------------------------------------------------------------------------------


def test_heading_says_count_and_total(http: httpx.Client, library: Library) -> None:
    found = library.search(SearchRequest(text="生成AI"))
    text = heading(http.get("/search", params={"q": "生成AI"}))
    assert "「生成AI」" in text
    assert f"{found.total}件" in text
    assert f"{found.total_yen // 1000:,}千円" in text


def test_the_sample_searches(http: httpx.Client) -> None:
    for query, title in (
        ("生成AI", "デジタル化の推進に向けた環境整備"),
        ("ふるさと納税", "ホームタウンちよだ応援事業"),
    ):
        root = tree(http.get("/search", params={"q": query}))
        first = all_of(root, "li", class_="hit")[0]
        assert text_of(all_of(first, "h2")[0]) == title
        assert all_of(first, "mark"), query
        assert all_of(first, "p", class_="why"), query


def test_facets_are_checkboxes_with_counts_and_money(http: httpx.Client) -> None:
    root = tree(http.get("/search", params={"publisher": "千代田区", "fiscal_year": "2025"}))
    options = {
        (box.get("name"), box.get("value")): text_of(label)
        for label in all_of(root, "label", class_="option")
        for box in all_of(label, "input")
    }
    assert options["section", "政策経営部"].startswith("政策経営部 12件 28億2,634万4千円")
    assert "5件" in options["status", "新規"]
    assert "前年度比+17.2%" in options["status", "拡充"]


def test_own_selection_leaves_own_counts_alone(http: httpx.Client) -> None:
    """Ticking 新規 does not make 拡充 vanish; values without a hit stay, with 0件."""
    root = tree(http.get("/search", params={"status": "新規", "document": "many-2025"}))
    options = {
        box.get("value"): (text_of(label), box.get("checked") is not None)
        for label in all_of(root, "label", class_="option")
        for box in all_of(label, "input")
        if box.get("name") == "status"
    }
    assert options["新規"][1]
    assert options["拡充"][0].startswith("拡充 13件")
    departments = [
        text_of(label)
        for label in all_of(root, "label", class_="option")
        for box in all_of(label, "input")
        if box.get("name") == "department"
    ]
    assert departments


def test_a_form_without_script_gives_the_same_search(http: httpx.Client, library: Library) -> None:
    """What the browser sends from the filter form, empty fields included, is understood."""
    sent = [
        ("q", "見本"),
        ("section", "第1部"),
        ("section", "第2部"),
        ("status", "新規"),
        ("min_amount", "1000万円"),
        ("max_amount", ""),
        ("min_change", ""),
        ("max_change", ""),
    ]
    asked = SearchRequest(
        text="見本",
        filters={"section": ("第1部", "第2部"), "status": ("新規",)},
        min_amount=10_000_000,
    )
    found = library.search(asked)
    assert found.total
    assert f"{found.total}件" in heading(http.get("/search", params=sent))


def test_chips_take_one_condition_away(http: httpx.Client) -> None:
    address = "/search?q=見本&section=第1部&status=新規&min_amount=1000万円"
    root = tree(http.get(address))
    chips = {text_of(link): link.get("href") or "" for link in all_of(root, "a", class_="chip")}
    assert len(chips) == 3
    (without_status,) = (href for label, href in chips.items() if "新規" in label)
    asked = read_search(parse_qsl(urlsplit(without_status).query))
    assert asked.filters == {"section": ("第1部",)}
    assert asked.min_amount == 10_000_000
    (without_amount,) = (href for label, href in chips.items() if "1,000万円" in label)
    assert read_search(parse_qsl(urlsplit(without_amount).query)).min_amount is None


def test_pages_follow_each_other(http: httpx.Client) -> None:
    """Both pages together list every programme once."""
    titles: list[str] = []
    for number in (1, 2):
        root = tree(http.get("/search", params={"document": "many-2025", "page": number}))
        titles += [text_of(all_of(hit, "h2")[0]) for hit in all_of(root, "li", class_="hit")]
    assert len(titles) == 40
    assert len(set(titles)) == 40


def test_sorting_by_amount(http: httpx.Client) -> None:
    root = tree(http.get("/search", params={"document": "many-2025", "sort": "amount"}))
    shown = [amounts(hit)[0] for hit in all_of(root, "li", class_="hit")]
    assert shown == sorted(shown, reverse=True)
    reduced = tree(http.get("/search?document=many-2025&sort=change&order=asc&max_change=-1"))
    changes = [amounts(hit)[1] for hit in all_of(reduced, "li", class_="hit")]
    assert changes
    assert changes == sorted(changes)


@pytest.mark.parametrize("facet", FACETS)
def test_every_value_of_a_facet_has_a_page(
    facet: str, http: httpx.Client, library: Library
) -> None:
    root = tree(http.get(f"/search/values/{facet}"))
    boxes = [b.get("value") for b in all_of(root, "input") if b.get("name") == facet]
    assert {str(value) for value in library.values(facet)} == set(boxes)


def test_values_are_found_by_a_part_of_their_name(http: httpx.Client) -> None:
    root = tree(http.get("/search/values/department", params={"find": "情報"}))
    boxes = [b.get("value") for b in all_of(root, "input") if b.get("name") == "department"]
    assert boxes == ["情報システム課"]


def test_a_question_is_answered_above_the_results(http: httpx.Client) -> None:
    root = tree(http.get("/search", params={"q": "ホームタウンちよだ応援事業の予算はいくら？"}))
    (answer,) = all_of(root, "div", class_="answer")
    assert "4,050万円" in text_of(answer)
    links = [link.get("href") or "" for link in all_of(answer, "a")]
    assert any("#L" in href for href in links), "evidence leads to the printed line"


def test_words_that_ask_nothing_get_no_answer_box(http: httpx.Client) -> None:
    root = tree(http.get("/search", params={"q": "防災"}))
    assert not all_of(root, "div", class_="answer")


@pytest.mark.parametrize(
    "query",
    [
        "存在しない言葉xyz",
        "ぼうさいいい",
        "防災 -防災",
        "新規 99兆円以上",
        "a" * 300,
        "(((((",
        '"',
        "*",
    ],
)
def test_nothing_found_has_a_way_forward(query: str, http: httpx.Client) -> None:
    response = http.get("/search", params={"q": query})
    assert response.status_code == 200
    root = tree(response)
    if not all_of(root, "li", class_="hit"):
        (nothing,) = all_of(root, "div", class_="nothing")
        assert len(all_of(nothing, "a")) >= 2


# --- programme ------------------------------------------------------------------------------


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


def test_programme_chart_equals_its_table(http: httpx.Client, library: Library) -> None:
    """For every programme of the index, yen by yen."""
    svg = "{http://www.w3.org/2000/svg}"
    for program in library.matching(SearchRequest()):
        root = tree(http.get(f"/programs/{program.id}"))
        drawn = [e.get("data-yen") for e in root.iter(f"{svg}g")]
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


# --- document -------------------------------------------------------------------------------


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


# --- comparison -----------------------------------------------------------------------------


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
    svg = "{http://www.w3.org/2000/svg}"
    drawn = [
        (e.get("data-before"), e.get("data-after"))
        for e in root.iter(f"{svg}g")
        if e.get("data-before")
    ]
    (table,) = all_of(root, "table", **{"data-chart": "slope"})
    told = [(row.get("data-before"), row.get("data-after")) for row in all_of(table, "tr")][1:]
    assert drawn
    assert drawn == told


# --- language -------------------------------------------------------------------------------


def test_english_labels_keep_the_book_japanese(http: httpx.Client, ids: Ids) -> None:
    response = http.get(f"/programs/{ids.new}", headers={"Accept-Language": "en-GB,en"})
    assert response.headers["content-language"] == "en"
    root = tree(response)
    (title,) = all_of(root, "h1")
    assert title.get("lang") == "ja"
    assert text_of(title) == "ホームタウンちよだ応援事業"
    assert "¥40,500,000" in text_of(root)


def test_a_language_chosen_is_kept_by_links(http: httpx.Client) -> None:
    root = tree(http.get("/search?q=防災&lang=en"))
    for link in all_of(root, "a"):
        address = link.get("href") or ""
        if address.startswith(("/search", "/programs", "/documents", "/ask")):
            if link.get("class") == "language" or "/card" in address:
                continue
            assert "lang=en" in address, address
