"""How does one check what is printed? Programme, printed lines, the book itself."""

# Every journey takes the same two arguments, whether it needs the ids or not.
# ruff: noqa: ARG001

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.webui.conftest import Ids


def follow_evidence_to_the_line(page: Page, ids: Ids) -> None:
    page.goto(f"/programs/{ids.new}")
    page.get_by_role("table", name="根拠となる印刷行").get_by_role("link", name="40").click()
    assert page.url.endswith("#L40")
    expect(page.locator("#L40")).to_be_in_viewport()
    expect(page.locator("#L40")).to_contain_text("40,500千円 (— 千円)")


def from_the_book_to_a_programme(page: Page, ids: Ids) -> None:
    page.goto(f"/documents/{ids.book}")
    page.get_by_role("link", name="全庁LANの保守管理", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("全庁LANの保守管理")


def search_inside_the_book(page: Page, ids: Ids) -> None:
    page.goto(f"/documents/{ids.book}")
    page.get_by_label("この予算書のなかをさがす").fill("生成AI")
    page.get_by_role("button", name="さがす", exact=True).click()
    expect(page.locator(".found mark").first).to_have_text("生成AI")
    page.locator(".found a").first.click()
    expect(page.locator(":target")).to_contain_text("生成AI")


def cite(page: Page, ids: Ids) -> None:
    page.goto(f"/programs/{ids.new}")
    citation = page.locator("#citation")
    expect(citation).to_contain_text("出典：千代田区")
    expect(citation).to_contain_text(f"/programs/{ids.new}")


def from_parent_to_child(page: Page, ids: Ids) -> None:
    page.goto(f"/programs/{ids.parent}")
    page.get_by_role("link", name="旧箱根千代田荘の解体", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("旧箱根千代田荘の解体")
    expect(page.locator(".program-side")).to_contain_text("親となる事業")


def from_a_member_to_its_group(page: Page, ids: Ids) -> None:
    """Programmes printed under one heading lead to each other."""
    page.goto(f"/programs/{ids.member}")
    together = page.get_by_role("region", name="まとめて記載された事業")
    expect(together.locator("[aria-current]")).to_have_text("デジタル化の推進に向けた環境整備")
    together.get_by_role("link", name="手続きの利便性向上").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("手続きの利便性向上")


def to_the_same_programme_of_another_year(page: Page, ids: Ids) -> None:
    page.goto(f"/programs/{ids.lan}")
    years = page.get_by_role("region", name="ほかの年度の同じ事業")
    years.get_by_role("link", name=re.compile("令和6年度")).click()
    expect(page.locator(".headline")).to_contain_text("1,897,740千円")


def from_a_programme_to_its_department(page: Page, ids: Ids) -> None:
    page.goto(f"/programs/{ids.lan}")
    page.get_by_role("region", name="予算書のなかの位置").get_by_role(
        "link", name="情報システム課"
    ).click()
    expect(page.get_by_role("link", name=re.compile("情報システム課.*外す"))).to_be_visible()


def from_the_list_of_books_to_the_reading_report(page: Page, ids: Ids) -> None:
    """What could not be read is said on the page of the book."""
    page.goto("/documents")
    page.get_by_role("link", name="令和7年度予算 5 政策経営部").click()
    expect(page.get_by_role("region", name="読み取りの状況")).to_contain_text("照合")
    page.get_by_role("link", name="この予算書の事業").first.click()
    expect(page.locator("#contents")).to_be_in_viewport()


def name_one_line_of_the_book(page: Page, ids: Ids) -> None:
    """The number of a line is its permanent address."""
    page.goto(f"/documents/{ids.book}")
    page.get_by_role("link", name="40行目", exact=True).first.click()
    assert page.url.endswith("#L40")
    expect(page.locator(":target")).to_contain_text("40,500千円")


JOURNEYS = (
    follow_evidence_to_the_line,
    from_the_book_to_a_programme,
    search_inside_the_book,
    cite,
    from_parent_to_child,
    from_a_member_to_its_group,
    to_the_same_programme_of_another_year,
    from_a_programme_to_its_department,
    from_the_list_of_books_to_the_reading_report,
    name_one_line_of_the_book,
)
