"""Can all of it be done without a mouse, and without script? Tab, Enter, Space and typing."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.webui.browser.conftest import NewPage
from tests.webui.conftest import Ids

TABS_MAXIMUM = 160
WIDTHS = pytest.mark.parametrize("width", [320, 1280])


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until ``wanted`` has the focus. What cannot be reached that way fails."""
    for _ in range(TABS_MAXIMUM):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"not reached with {TABS_MAXIMUM} tabs: {wanted}")


def test_keyboard_alone(new_page: NewPage) -> None:
    """Skip link, search box, hit, filter: reached with Tab, worked with Enter and Space."""
    page = new_page()
    page.goto("/search?q=見本")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("本文へ移動")
    page.keyboard.press("Enter")
    focused: list[str] = []
    for _ in range(80):
        page.keyboard.press("Tab")
        place = page.locator(":focus")
        focused.append(place.evaluate("e => e.name || e.textContent.trim().slice(0, 20)"))
        if place.evaluate("e => e.name === 'status'"):
            break
    assert focused[0] == "q"
    assert "見本となる事業" in " ".join(focused)
    page.keyboard.press("Space")
    expect(page.locator(":focus")).to_be_checked()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("status="))


def test_focus_is_always_visible(new_page: NewPage) -> None:
    """4 px of outline on everything that can be reached."""
    page = new_page()
    page.goto("/search?q=見本")
    for _ in range(30):
        page.keyboard.press("Tab")
        width = page.locator(":focus").evaluate("e => getComputedStyle(e).outlineWidth")
        assert width == "4px"


@WIDTHS
def test_search_open_and_check(width: int, new_page: NewPage, ids: Ids) -> None:
    """From the home page to the printed line of a hit."""
    page = new_page(width=width, java_script_enabled=False)
    page.goto("/")
    tab_to(page, page.get_by_label("予算書を検索"))
    page.keyboard.type("ふるさと納税")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/search"))
    tab_to(page, page.get_by_role("link", name="ホームタウンちよだ応援事業").first)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(ids.new))
    table = page.get_by_role("table", name="根拠となる印刷行")
    tab_to(page, table.get_by_role("link", name="40"))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("#L40$"))
    expect(page.locator("#L40")).to_be_in_viewport()


@WIDTHS
def test_narrow_and_compare(width: int, new_page: NewPage) -> None:
    """A filter and two hits ticked with Space, sent with Enter."""
    page = new_page(width=width, java_script_enabled=False)
    page.goto("/search?document=many-2025")
    filters = page.locator(".to-filters")
    if filters.is_visible():
        tab_to(page, filters)
        page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("checkbox", name=re.compile("新規")))
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("status="))
    for place in (0, 1):
        tab_to(page, page.get_by_role("checkbox", name=re.compile("比べる")).nth(place))
        page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/compare"))
    expect(page.locator("table.compare thead th")).to_have_count(2)


@WIDTHS
def test_ask_and_read_otherwise(width: int, new_page: NewPage) -> None:
    """A question typed, a part of its reading opened and another one followed."""
    page = new_page(width=width, java_script_enabled=False)
    page.goto("/ask")
    tab_to(page, page.get_by_label("質問", exact=True))
    page.keyboard.type("全庁LANの保守管理の予算はいくら？")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("q="))
    tab_to(page, page.locator("summary", has_text="予算書の年度"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("link", name=re.compile("令和6年度.*で質問する")))
    page.keyboard.press("Enter")
    expect(page.locator(".answer-text")).to_contain_text("1,897,740千円")


@WIDTHS
def test_compare_books_and_save(width: int, new_page: NewPage, ids: Ids) -> None:
    """A book chosen from the list with its keys; the table taken home."""
    page = new_page(width=width, java_script_enabled=False)
    page.goto(f"/compare/documents?after={ids.book}")
    books = page.get_by_label("くらべる元")
    tab_to(page, books)
    for _ in books.get_by_role("option").all():
        if books.input_value() == ids.former:
            break
        page.keyboard.press("ArrowDown")
    tab_to(page, page.get_by_role("button", name="くらべる"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=re.compile("なくなった事業"))).to_be_visible()
    page.goto("/search?document=many-2025")
    tab_to(page, page.get_by_role("link", name="CSVで保存"))
    with page.expect_download():
        page.keyboard.press("Enter")


@WIDTHS
def test_the_bar_at_the_foot_hides_no_focus(width: int, new_page: NewPage) -> None:
    """With hits chosen, the button to compare them stays in sight, and over nothing focused."""
    page = new_page(width=width, java_script_enabled=False)
    page.goto("/search?document=many-2025")
    page.get_by_role("checkbox", name=re.compile("比べる")).first.check()
    bar = page.locator(".compare-bar")
    expect(bar).to_be_in_viewport()
    for _ in range(40):
        page.keyboard.press("Tab")
        top, bottom = page.evaluate(
            "() => { const b = document.activeElement.getBoundingClientRect();"
            " return [b.top, b.bottom]; }"
        )
        box = bar.bounding_box()
        inside = page.evaluate("document.activeElement.closest('.compare-bar') !== null")
        assert inside or box is None or bottom <= box["y"] + 1 or top >= box["y"] + box["height"]


@WIDTHS
def test_nothing_holds_the_focus(width: int, new_page: NewPage) -> None:
    """Tab goes through the whole result page and out of it: no trap, no invisible stop."""
    page = new_page(width=width, java_script_enabled=False)
    page.goto("/search?document=many-2025&status=新規")
    for _ in range(TABS_MAXIMUM):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            """() => { const e = document.activeElement;
                if (e === document.body) return "out";
                const box = e.getBoundingClientRect();
                return box.width > 0 && box.height > 0 ? "seen" : e.outerHTML.slice(0, 90); }"""
        )
        if focused == "out":
            return
        assert focused == "seen"
    pytest.fail("the end of the page was not reached")
