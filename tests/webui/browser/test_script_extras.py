"""What do scripts add? Safe conversion, copy buttons, completions; and who may frame a page."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, expect
from starlette.responses import HTMLResponse

from tests.webui.browser.conftest import NewPage
from tests.webui.conftest import Ids, serve


def test_enter_that_confirms_a_conversion_does_not_search(new_page: NewPage) -> None:
    """Kana-kanji conversion ends with Enter; the search starts with the next one."""
    page = new_page()
    page.goto("/")
    box = page.get_by_label("予算書を検索")
    box.fill("ぼうさい")
    prevented = box.evaluate(
        """input => !input.dispatchEvent(new KeyboardEvent("keydown",
            {key: "Enter", isComposing: true, bubbles: true, cancelable: true}))"""
    )
    assert prevented
    assert page.url.endswith("/")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/search"))


def test_copy_button(new_page: NewPage, ids: Ids) -> None:
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"/programs/{ids.new}")
    page.get_by_role("button", name="出典をコピー").click()
    # Said in words where a screen reader speaks it, and gone again after a while.
    expect(page.get_by_role("status")).to_have_text("✓ コピーしました")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("#citation").inner_text().strip()


def test_suggestions_appear(new_page: NewPage) -> None:
    page = new_page()
    page.goto("/")
    page.get_by_label("予算書を検索").press_sequentially("ホームタウン")
    option = page.locator("datalist option").first
    option.wait_for(state="attached")
    assert option.get_attribute("value")


def test_only_the_card_can_be_embedded(browser: Browser, ids: Ids, site: str) -> None:
    """Another site (another port is another origin) frames the card, and no other page."""
    page = browser.new_page()
    for path, shown in ((f"/programs/{ids.lan}/card", True), (f"/programs/{ids.lan}", False)):
        html = f"<!doctype html><title>別のサイト</title><iframe src='{site}{path}'></iframe>"
        for elsewhere in serve(HTMLResponse(html)):
            page.goto(elsewhere)
            assert page.frames[-1].url.startswith(site) is shown, path
    page.close()
