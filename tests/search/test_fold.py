"""One hit for a programme through the years: when, with which years, and counted how?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from indexer.search.ranking import Ranked
from indexer.search.request import Fold, SearchRequest, Sort
from indexer.search.result_json import search_to_json
from indexer.search.searcher import Searcher

POLES, POLES_2024 = "wakaba-2025-14", "wakaba-2024-03"
"""無電柱化の推進, in both years of 若葉市."""


def asked(text: str, **options: Any) -> SearchRequest:
    return replace(SearchRequest(text), **options)


@pytest.mark.parametrize(
    ("request_", "is_folded", "total", "total_rows"),
    [
        (asked("無電柱化の推進"), True, 1, 2),
        # every year apart, because it was asked for
        (asked("無電柱化の推進", fold=Fold.NONE), False, 2, 2),
        # a year was asked for, as a filter
        (asked("無電柱化の推進", filters={"fiscal_year": ("2024",)}), False, 1, 1),
        # … two of them
        (asked("無電柱化の推進", filters={"fiscal_year": ("2024", "2025")}), False, 2, 2),
        # … and among the words
        (asked("無電柱化の推進 令和6年度"), False, 1, 1),
        # other filters leave it as it is
        (asked("", filters={"department": ("道路建設課",)}), True, 2, 3),
    ],
)
def test_what_a_hit_is(
    searcher: Searcher, request_: SearchRequest, is_folded: bool, total: int, total_rows: int
) -> None:
    response = searcher.search(replace(request_, near=False))
    assert response.is_folded is is_folded
    assert (response.total, response.total_rows) == (total, total_rows)
    assert len(response.hits) == total
    assert response.is_over_years is (total_rows > total)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("無電柱化の推進", POLES),
        # 730百万円 in 2025, 512百万円 in 2024: the newest year that matches is shown
        ("無電柱化の推進 6億円以下", POLES_2024),
    ],
)
def test_the_years_of_a_hit(searcher: Searcher, text: str, shown: str) -> None:
    (hit,) = searcher.search(asked(text, near=False)).hits
    assert hit.program.id == shown
    years = [(year.fiscal_year, year.program_id, year.amount.yen) for year in hit.years]
    assert years == [(2025, POLES, 730_000_000), (2024, POLES_2024, 512_000_000)]
    assert {year.amount for year in hit.years} >= {hit.program.amount}


def test_apart_a_hit_has_its_own_year(searcher: Searcher) -> None:
    hits = searcher.search(asked("無電柱化の推進", near=False, fold=Fold.NONE)).hits
    assert [[y.program_id for y in hit.years] for hit in hits] == [[h.program.id] for h in hits]


def test_what_is_complete_in_one_year_is_not_near_in_another(searcher: Searcher) -> None:
    """電気代 stands in the book of 2025 only; that of 2024 has 街路灯."""
    request = asked("街路灯 電気代")
    apart = searcher.search(replace(request, fold=Fold.NONE))
    assert [h.complete for h in apart.hits if "街路灯" in h.program.title] == [True, False]
    folded = searcher.search(request)
    assert [h.complete for h in folded.hits if "街路灯" in h.program.title] == [True]
    assert folded.near_total < apart.near_total
    assert len(folded.hits) == folded.total + folded.near_total


@pytest.mark.parametrize("text", ["", "防災", "保育", "子ども 支援", "補助"])
@pytest.mark.parametrize("sort", [Sort.RELEVANCE, Sort.AMOUNT, Sort.TITLE])
def test_pages_hold_every_programme_once(searcher: Searcher, text: str, sort: Sort) -> None:
    request = asked(text, sort=sort, limit=7)
    first = searcher.search(request)
    hits = [
        hit
        for offset in range(0, first.total + first.near_total, 7)
        for hit in searcher.search(replace(request, offset=offset)).hits
    ]
    lineages = searcher._reader.lineages([hit.program.id for hit in hits])
    assert len(set(lineages)) == len(hits) == first.total + first.near_total
    complete = [hit.complete for hit in hits]
    assert complete == sorted(complete, reverse=True)
    apart = searcher.search(replace(request, fold=Fold.NONE))
    assert first.total_rows == apart.total
    assert (first.total_yen, first.previous_total_yen) == (
        apart.total_yen,
        apart.previous_total_yen,
    )
    for facet, values in first.facets.items():
        money = {value.value: value.yen for value in apart.facets[facet]}
        assert {value.value: value.yen for value in values} == money


def test_exports_and_answers_have_every_year(searcher: Searcher) -> None:
    found = [program.id for program in searcher.matching(asked("無電柱化の推進"))]
    assert sorted(found) == [POLES_2024, POLES]
    assert set(searcher.holding("無電柱化の推進")) == {POLES, POLES_2024}
    nearest = [hit.program.id for hit in searcher.nearest("無電柱化の推進").hits]
    assert set(nearest[:2]) == {POLES, POLES_2024}


def test_years_do_not_make_a_programme_less_likely(searcher: Searcher) -> None:
    """The same programme for two years is one candidate, and the best of them counts."""
    first, again = Ranked(POLES, 3.0, (), ()), Ranked(POLES_2024, 2.9, (), ())
    other = Ranked("wakaba-2025-12", 1.0, (), ())
    alone = searcher.ranker.likelihood([first, other], None)
    assert searcher.ranker.likelihood([first, again, other], None) == alone
    assert searcher.ranker.likelihood([again, first, other], None) == alone


def test_json(searcher: Searcher) -> None:
    content = search_to_json(searcher.search(asked("無電柱化の推進")))
    assert content["query"]["fold"] == "programs"
    assert (content["total"], content["total_rows"]) == (1, 2)
    assert [(year["fiscal_year"], year["program_id"]) for year in content["hits"][0]["years"]] == [
        (2025, POLES),
        (2024, POLES_2024),
    ]
    assert content["hits"][0]["years"][1]["amount"]["raw"] == "512,000千円"
    apart = search_to_json(searcher.search(asked("無電柱化の推進", fold=Fold.NONE)))
    assert apart["query"]["fold"] == "none"
