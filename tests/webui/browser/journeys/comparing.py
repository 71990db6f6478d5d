"""How does one see what differs? Programmes, years and books side by side."""

# Every journey takes the same two arguments, whether it needs the ids or not.
# ruff: noqa: ARG001

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.webui.conftest import Ids


def compare_two_programmes(page: Page, ids: Ids) -> None:
    page.goto("/search?document=many-2025")
    boxes = page.get_by_role("checkbox", name=re.compile("比べる"))
    boxes.nth(0).check()
    boxes.nth(1).check()
    page.get_by_role("button", name=re.compile("選んだ事業を比べる")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("事業を並べて比べる")
    expect(page.locator("table.compare thead th")).to_have_count(2)


def compare_two_years_of_a_book(page: Page, ids: Ids) -> None:
    page.goto("/compare/documents")
    page.get_by_label("予算書", exact=True).select_option(ids.book)
    page.get_by_role("button", name="くらべる").click()
    expect(page.locator("main")).to_contain_text("2,826,344千円")
    expect(page.get_by_role("heading", name=re.compile("減った事業"))).to_be_visible()


def compare_two_books(page: Page, ids: Ids) -> None:
    page.goto("/compare/documents")
    page.get_by_label("くらべる元").select_option(ids.former)
    page.get_by_label("予算書", exact=True).select_option(ids.book)
    page.get_by_role("button", name="くらべる").click()
    expect(page.get_by_role("heading", name=re.compile("なくなった事業"))).to_be_visible()


def compare_a_programme_with_its_former_year(page: Page, ids: Ids) -> None:
    page.goto(f"/programs/{ids.lan}")
    page.get_by_role("link", name="年度を並べて比べる").click()
    expect(page.locator("table.compare thead th")).to_have_count(2)
    expect(page.locator("table.compare")).to_contain_text("令和6年度")


def from_a_difference_to_its_programme(page: Page, ids: Ids) -> None:
    page.goto(f"/compare/documents?before={ids.former}&after={ids.book}")
    page.get_by_role("region", name=re.compile("減った事業")).get_by_role(
        "link", name="情報セキュリティ対策の推進"
    ).click()
    expect(page.locator(".headline")).to_contain_text("134,113千円")


def be_told_that_books_were_not_made_to_be_compared(page: Page, ids: Ids) -> None:
    page.goto("/compare/documents")
    page.get_by_label("くらべる元").select_option("many-2025")
    page.get_by_label("予算書", exact=True).select_option(ids.book)
    page.get_by_role("button", name="くらべる").click()
    expect(page.locator(".notice").first).to_contain_text("発行者の異なる予算書")
    expect(page.locator(".notice").last).to_contain_text("同じ年度の予算書")


JOURNEYS = (
    compare_two_programmes,
    compare_two_years_of_a_book,
    compare_two_books,
    compare_a_programme_with_its_former_year,
    from_a_difference_to_its_programme,
    be_told_that_books_were_not_made_to_be_compared,
)
