"""How does one narrow a result? Values, amounts and changes, taken in and out again."""

# Every journey takes the same two arguments, whether it needs the ids or not.
# ruff: noqa: ARG001

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.webui.browser.conftest import open_filters
from tests.webui.conftest import Ids


def filter_by_two_values(page: Page, ids: Ids) -> None:
    page.goto("/search?document=many-2025")
    open_filters(page)
    page.get_by_role("checkbox", name=re.compile("新規")).check()
    page.get_by_role("checkbox", name=re.compile("拡充")).check()
    page.get_by_role("button", name="この条件で絞り込む").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("27件")
    assert page.url.count("status=") == 2
    open_filters(page)
    expect(page.get_by_role("checkbox", name=re.compile("新規"))).to_be_checked()


def filter_by_a_facet_with_many_values(page: Page, ids: Ids) -> None:
    page.goto("/search?document=many-2025")
    open_filters(page)
    page.get_by_role("link", name=re.compile(r"すべて見る.*担当課")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("担当課で絞り込む")
    page.get_by_label("担当課の名前でさがす").fill("12課")
    page.get_by_role("button", name="さがす", exact=True).click()
    page.get_by_role("checkbox", name=re.compile("見本12課")).check()
    page.get_by_role("button", name="この条件で絞り込む").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("3件")


def filter_by_amount(page: Page, ids: Ids) -> None:
    page.goto("/search?document=many-2025")
    open_filters(page)
    page.locator("summary", has_text="予算額").click()
    page.get_by_label("下限（この額以上）", exact=True).fill("3千万円")
    page.get_by_role("button", name="この条件で絞り込む").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("11件")
    expect(page.get_by_role("link", name=re.compile("3,000万円.*外す"))).to_be_visible()


def filter_by_change(page: Page, ids: Ids) -> None:
    page.goto("/search?document=many-2025")
    open_filters(page)
    page.locator("summary", has_text="前年度との差").click()
    page.get_by_label("増減の上限（この額以下）").fill("-1")
    page.get_by_role("button", name="この条件で絞り込む").click()
    expect(page.locator(".change-down").first).to_be_visible()
    expect(page.locator(".hit .change-up")).to_have_count(0)


def mistype_an_amount(page: Page, ids: Ids) -> None:
    page.goto("/search?min_amount=たくさん")
    expect(page.locator("main")).to_contain_text("金額「たくさん」を読み取れませんでした")


def remove_a_filter(page: Page, ids: Ids) -> None:
    page.goto("/search?document=many-2025&status=新規&section=第1部")
    page.get_by_role("link", name=re.compile("新規.*外す")).click()
    assert "status" not in page.url
    expect(page.get_by_role("link", name=re.compile("第1部.*外す"))).to_be_visible()


def widen_by_a_value_of_the_same_facet(page: Page, ids: Ids) -> None:
    """Having chosen 新規, the reader still sees how much 拡充 would add, and adds it."""
    page.goto("/search?document=many-2025&status=新規")
    open_filters(page)
    other = page.get_by_role("checkbox", name=re.compile("拡充 13件"))
    other.check()
    page.get_by_role("button", name="この条件で絞り込む").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("27件")


def write_the_filter_into_the_box(page: Page, ids: Ids) -> None:
    """「3千万円以上」 typed among the words is a filter, and can be taken out like one."""
    page.goto("/search?document=many-2025")
    page.get_by_label("予算書を検索").fill("見本 3千万円以上")
    page.get_by_role("button", name="検索").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("11件")
    page.get_by_role("link", name=re.compile("言葉から読み取った条件.*外す")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("40件")


def clear_all_filters(page: Page, ids: Ids) -> None:
    page.goto("/search?q=見本&status=新規&section=第1部")
    open_filters(page)
    page.get_by_role("link", name="条件をすべて外す").click()
    expect(page.locator(".chip")).to_have_count(0)
    expect(page.get_by_label("予算書を検索")).to_have_value("見本")


def go_back_from_the_list_of_values(page: Page, ids: Ids) -> None:
    page.goto("/search/values/department?document=many-2025&find=無い名前")
    expect(page.locator("main")).to_contain_text("その名前を含む項目はありません")
    page.get_by_role("link", name="検索結果へ戻る").click()
    expect(page.locator(".hit")).to_have_count(20)


JOURNEYS = (
    filter_by_two_values,
    filter_by_a_facet_with_many_values,
    filter_by_amount,
    filter_by_change,
    mistype_an_amount,
    remove_a_filter,
    widen_by_a_value_of_the_same_facet,
    write_the_filter_into_the_box,
    clear_all_filters,
    go_back_from_the_list_of_values,
)
