"""Nothing found: is there always a way on? Fifty searches without a hit, and where they lead."""

from __future__ import annotations

from itertools import product

import httpx
import pytest

from tests.webui.reading import all_of, text_of, tree

WORDS = (
    "存在しない言葉xyz",  # letters that stand in no book
    "ぼうさいいい",  # kana with too many letters
    "防災 -防災",  # a word taken out again
    '"ふるさと納税 全庁LAN"',  # a phrase that nobody printed
    "新規 99兆円以上",  # a limit above every amount
    "令和元年度 防災",  # a year without a book
    "((((( OR",  # signs alone
    "ﾎｰﾑﾀｳﾝﾁﾖﾀﾞｵｳｴﾝｼﾞｷﾞﾖｳｶﾞｯ",  # half-width kana, misspelt
    "火星探査 月面基地",  # two words that no book of a ward has
    "a" * 300,  # longer than a query may be
)
FILTERS: tuple[dict[str, str], ...] = (
    {},
    {"section": "第2部"},
    {"status": "廃止"},  # a value that no programme has
    {"department": "情報システム課", "fiscal_year": "2024"},
    {"min_amount": "1億円", "max_change": "-1"},
)


@pytest.mark.parametrize("filters", FILTERS, ids=lambda filters: "+".join(filters) or "none")
@pytest.mark.parametrize("words", WORDS, ids=lambda words: words[:12])
def test_there_is_a_way_on(words: str, filters: dict[str, str], http: httpx.Client) -> None:
    """Steps that find something, facets that are still there, every filter to be dropped."""
    response = http.get("/search", params={"q": words, **filters})
    assert response.status_code == 200
    root = tree(response)
    if all_of(root, "li", class_="hit"):
        return  # Close enough to something printed: that is a way on by itself.
    (nothing,) = all_of(root, "div", class_="nothing")
    steps = [link.get("href") or "" for link in all_of(nothing, "a")]
    searches = [href for href in steps if href.startswith("/search")]
    assert any(all_of(tree(http.get(href)), "li", class_="hit") for href in searches)
    chips = [link.get("href") or "" for link in all_of(root, "a", class_="chip")]
    assert len(chips) >= len(filters)
    (form,) = [form for form in all_of(root, "form") if form.get("id") == "filters"]
    options = [text_of(label) for label in all_of(form, "label", class_="option")]
    assert options, "the filters are still there"


def test_most_of_them_do_find_nothing(http: httpx.Client) -> None:
    """The fifty above are about empty results, not about lucky ones."""
    empty = [
        (words, filters)
        for words, filters in product(WORDS, FILTERS)
        if not all_of(tree(http.get("/search", params={"q": words, **filters})), "li", class_="hit")
    ]
    assert len(empty) >= 40
