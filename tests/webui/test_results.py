"""The result page: counts, money, filters, order, pages, answers and ways forward."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest

from indexer.library import Library, SearchRequest
from tests.webui.reading import all_of, amounts, heading, text_of, tree
from webui.parameters import FACETS, read_search


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
    assert f"{found.total}件" in heading(http.get(f"/search?{urlencode(sent)}"))


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
