"""How does one find a programme? From words to a hit, and on from an empty result."""

# Every journey takes the same two arguments, whether it needs the ids or not.
# ruff: noqa: ARG001

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.webui.conftest import Ids


def search_from_home(page: Page, ids: Ids) -> None:
    page.goto("/")
    page.get_by_label("予算書を検索").fill("生成AI")
    page.get_by_role("button", name="検索").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("「生成AI」の検索結果")
    first = page.locator(".hit h2").first
    expect(first).to_have_text("デジタル化の推進に向けた環境整備")


def search_with_enter(page: Page, ids: Ids) -> None:
    page.goto("/")
    page.get_by_label("予算書を検索").fill("ふるさと納税")
    page.keyboard.press("Enter")
    expect(page.locator(".hit h2").first).to_have_text("ホームタウンちよだ応援事業")


def open_a_hit(page: Page, ids: Ids) -> None:
    page.goto("/search?q=ふるさと納税")
    page.get_by_role("link", name="ホームタウンちよだ応援事業").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("ホームタウンちよだ応援事業")
    expect(page.locator(".headline")).to_contain_text("40,500千円")


def sort_by_amount(page: Page, ids: Ids) -> None:
    page.goto("/search?document=many-2025")
    page.get_by_role("link", name="予算額の多い順").click()
    expect(page.locator(".hit h2").first).to_have_text("見本となる事業その40")
    expect(page.get_by_role("link", name="予算額の多い順")).to_have_attribute(
        "aria-current", "true"
    )


def turn_the_page(page: Page, ids: Ids) -> None:
    page.goto("/search?document=many-2025")
    page.get_by_role("link", name="次へ").click()
    expect(page.locator(".hit")).to_have_count(20)
    expect(page.locator('.pager [aria-current="page"]')).to_contain_text("2")


def recover_from_nothing(page: Page, ids: Ids) -> None:
    page.goto("/search?q=xyzqqq")
    expect(page.get_by_role("heading", name="該当する事業はありません")).to_be_visible()
    page.get_by_role("link", name=re.compile("すべての事業")).first.click()
    expect(page.locator(".hit")).to_have_count(20)


def follow_an_example_search(page: Page, ids: Ids) -> None:
    page.goto("/")
    example = page.get_by_role("list", name="検索の例").get_by_role("link").first
    words = example.inner_text()
    example.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"「{words}」の検索結果")
    expect(page.locator(".hit").first).to_be_visible()


def sort_by_reduction(page: Page, ids: Ids) -> None:
    page.goto("/search?document=many-2025&max_change=-1")
    page.get_by_role("link", name="減った順").click()
    expect(page.locator(".hit .change").first).to_contain_text("−18,000千円")


def take_the_corrected_word(page: Page, ids: Ids) -> None:
    """A slip of the fingers is met with the word that was meant."""
    page.goto("/search?q=ホームタンちよだ")
    page.get_by_role("link", name=re.compile("ホームタウン")).first.click()
    expect(
        page.get_by_role("heading", name=re.compile("ホームタウンちよだ応援事業")).first
    ).to_be_visible()


def drop_the_filter_that_left_nothing(page: Page, ids: Ids) -> None:
    page.goto("/search?q=見本&section=第2部&status=新規")
    expect(page.get_by_role("heading", name="該当する事業はありません")).to_be_visible()
    page.get_by_role("link", name=re.compile("区分「新規」の絞り込みを外して")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("13件")


def leave_nothing_by_a_year(page: Page, ids: Ids) -> None:
    page.goto("/search?q=xyzqqq")
    page.locator(".browse").get_by_role("link", name=re.compile("令和6年度")).click()
    expect(page.locator(".hit")).to_have_count(3)


def choose_one_of_several_years(page: Page, ids: Ids) -> None:
    """A total over several years says so, and offers each year alone."""
    page.goto("/search?q=全庁LANの保守管理")
    page.locator(".several-years").get_by_role("link", name=re.compile("令和6年度")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("1,897,740千円")
    expect(page.locator(".several-years")).to_have_count(0)


def see_every_year_of_a_programme(page: Page, ids: Ids) -> None:
    """The years of a programme are one hit, each a link, and may be listed apart."""
    page.goto("/search?q=全庁LANの保守管理&near=0")
    expect(page.locator(".hit")).to_have_count(1)
    page.get_by_role("link", name="年度ごとに分けて並べる").click()
    expect(page.locator(".hit")).to_have_count(2)
    page.get_by_role("link", name="同じ事業の年度をまとめて並べる").click()
    page.locator(".years").get_by_role("link", name=re.compile("令和6年度")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("全庁ＬＡＮの保守管理")


JOURNEYS = (
    search_from_home,
    search_with_enter,
    open_a_hit,
    sort_by_amount,
    turn_the_page,
    recover_from_nothing,
    follow_an_example_search,
    sort_by_reduction,
    take_the_corrected_word,
    drop_the_filter_that_left_nothing,
    leave_nothing_by_a_year,
    choose_one_of_several_years,
    see_every_year_of_a_programme,
)
