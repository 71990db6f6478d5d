"""How does one get about? From the home page on, in another language, and out of an error."""

# Every journey takes the same two arguments, whether it needs the ids or not.
# ruff: noqa: ARG001

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.webui.conftest import Ids


def switch_language(page: Page, ids: Ids) -> None:
    page.goto(f"/programs/{ids.new}")
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", level=1)).to_have_text("ホームタウンちよだ応援事業")
    page.get_by_role("link", name="Search", exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def from_a_home_figure_to_its_search(page: Page, ids: Ids) -> None:
    page.goto("/?publisher=千代田区&fiscal_year=2025")
    page.locator(".card a").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("2,826,344千円")


def from_a_department_to_its_programmes(page: Page, ids: Ids) -> None:
    page.goto("/?publisher=千代田区&fiscal_year=2025")
    page.get_by_role("link", name=re.compile("^デジタル政策課")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("4件")


def find_the_way_from_an_error(page: Page, ids: Ids) -> None:
    page.goto("/nowhere")
    expect(page.get_by_role("heading", level=1)).to_have_text("ページが見つかりません")
    page.get_by_label("予算書を検索").fill("防災")
    page.get_by_role("button", name="検索").click()
    expect(page.locator(".hit h2").first).to_have_text("防災意識の普及・啓発")


def look_at_another_year_of_a_publisher(page: Page, ids: Ids) -> None:
    page.goto("/")
    page.get_by_label("会計年度").select_option("2024")
    page.get_by_role("button", name="表示する").click()
    expect(page.locator(".card-main")).to_contain_text("2,060,853千円")
    page.get_by_label("会計年度").select_option("2025")
    page.get_by_role("button", name="表示する").click()
    page.get_by_label("発行者", exact=True).select_option("千代田区")
    page.get_by_role("button", name="表示する").click()
    expect(page.locator(".card-main")).to_contain_text("2,826,344千円")


def from_a_ranking_to_its_programme(page: Page, ids: Ids) -> None:
    page.goto("/?publisher=千代田区&fiscal_year=2025")
    ranking = page.get_by_role("region", name="大きく減った事業")
    ranking.get_by_role("link", name="情報セキュリティ対策の推進").click()
    expect(page.locator(".headline-change")).to_contain_text("−9,000千円")


def from_a_change_to_the_programmes_behind_it(page: Page, ids: Ids) -> None:
    page.goto("/?publisher=千代田区&fiscal_year=2025")
    page.get_by_role("link", name=re.compile("492,028千円")).first.click()
    expect(page.locator(".heading-change")).to_contain_text("+492,028千円")
    expect(page.locator(".hit h2").first).to_have_text("デジタル化の推進に向けた環境整備")


def read_what_was_tested(page: Page, ids: Ids) -> None:
    page.goto("/")
    page.get_by_role("link", name="アクセシビリティ").click()
    expect(page.get_by_role("group", name="試験の結果")).to_be_visible()
    page.get_by_role("link", name="データの利用（API）").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("データの利用（API）")


JOURNEYS = (
    switch_language,
    from_a_home_figure_to_its_search,
    from_a_department_to_its_programmes,
    find_the_way_from_an_error,
    look_at_another_year_of_a_publisher,
    from_a_ranking_to_its_programme,
    from_a_change_to_the_programmes_behind_it,
    read_what_was_tested,
)
