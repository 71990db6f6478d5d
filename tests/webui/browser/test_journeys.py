"""The journeys of a newcomer, each with scripts and without."""

# Every journey takes the same two arguments, whether it needs the ids or not.
# ruff: noqa: ARG001

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from starlette.responses import HTMLResponse

from tests.webui.browser.conftest import NewPage
from tests.webui.conftest import Ids, serve

Journey = Callable[[Page, Ids], None]


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


def filter_by_two_values(page: Page, ids: Ids) -> None:
    page.goto("/search?document=many-2025")
    page.get_by_role("checkbox", name=re.compile("新規")).check()
    page.get_by_role("checkbox", name=re.compile("拡充")).check()
    page.get_by_role("button", name="この条件で絞り込む").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("27件")
    assert page.url.count("status=") == 2
    expect(page.get_by_role("checkbox", name=re.compile("新規"))).to_be_checked()


def filter_by_a_facet_with_many_values(page: Page, ids: Ids) -> None:
    page.goto("/search?document=many-2025")
    page.get_by_role("link", name=re.compile(r"すべて見る.*担当課")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("担当課で絞り込む")
    page.get_by_label("担当課の名前でさがす").fill("12課")
    page.get_by_role("button", name="さがす", exact=True).click()
    page.get_by_role("checkbox", name=re.compile("見本12課")).check()
    page.get_by_role("button", name="この条件で絞り込む").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("3件")


def filter_by_amount(page: Page, ids: Ids) -> None:
    page.goto("/search?document=many-2025")
    page.locator("summary", has_text="予算額").click()
    page.get_by_label("下限（この額以上）", exact=True).fill("3千万円")
    page.get_by_role("button", name="この条件で絞り込む").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("11件")
    expect(page.get_by_role("link", name=re.compile("3,000万円.*外す"))).to_be_visible()


def filter_by_change(page: Page, ids: Ids) -> None:
    page.goto("/search?document=many-2025")
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
    page.goto("/search?q=存在しない言葉xyz")
    expect(page.get_by_role("heading", name="該当する事業はありません")).to_be_visible()
    page.get_by_role("link", name=re.compile("すべての事業")).first.click()
    expect(page.locator(".hit")).to_have_count(20)


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


def ask_a_question(page: Page, ids: Ids) -> None:
    page.goto("/ask")
    page.get_by_label("質問").fill("ホームタウンちよだ応援事業の予算はいくら？")
    page.get_by_role("button", name="答えを見る").click()
    expect(page.locator(".answer-text")).to_contain_text("4,050万円")
    page.locator(".answer .evidence a").first.click()
    expect(page.locator("#L40")).to_contain_text("40,500千円")


def ask_in_the_search_box(page: Page, ids: Ids) -> None:
    page.goto("/search?q=ホームタウンちよだ応援事業の予算はいくら？")
    expect(page.locator(".answer-text")).to_contain_text("4,050万円")


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


def save_as_csv(page: Page, ids: Ids) -> None:
    page.goto("/search?document=many-2025")
    with page.expect_download() as saved:
        page.get_by_role("link", name="CSVで保存").click()
    content = Path(saved.value.path()).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == 41


def save_as_excel(page: Page, ids: Ids) -> None:
    page.goto("/search?document=many-2025")
    with page.expect_download() as saved:
        page.get_by_role("link", name="Excelで保存").click()
    assert saved.value.suggested_filename == "yosan.xlsx"
    assert Path(saved.value.path()).read_bytes().startswith(b"PK")


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
    page.get_by_role("link", name="デジタル政策課", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("4件")


def find_the_way_from_an_error(page: Page, ids: Ids) -> None:
    page.goto("/nowhere")
    expect(page.get_by_role("heading", level=1)).to_have_text("ページが見つかりません")
    page.get_by_label("予算書を検索").fill("防災")
    page.get_by_role("button", name="検索").click()
    expect(page.locator(".hit h2").first).to_have_text("防災意識の普及・啓発")


JOURNEYS: tuple[Journey, ...] = (
    search_from_home,
    search_with_enter,
    open_a_hit,
    filter_by_two_values,
    filter_by_a_facet_with_many_values,
    filter_by_amount,
    filter_by_change,
    mistype_an_amount,
    remove_a_filter,
    sort_by_amount,
    turn_the_page,
    recover_from_nothing,
    follow_evidence_to_the_line,
    from_the_book_to_a_programme,
    search_inside_the_book,
    cite,
    from_parent_to_child,
    ask_a_question,
    ask_in_the_search_box,
    compare_two_programmes,
    compare_two_years_of_a_book,
    compare_two_books,
    save_as_csv,
    save_as_excel,
    switch_language,
    from_a_home_figure_to_its_search,
    from_a_department_to_its_programmes,
    find_the_way_from_an_error,
)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda journey: journey.__name__)
def test_journey(journey: Journey, scripts: bool, new_page: NewPage, ids: Ids) -> None:
    journey(new_page(java_script_enabled=scripts), ids)


@pytest.mark.parametrize("journey", JOURNEYS[:6], ids=lambda journey: journey.__name__)
def test_journey_on_a_phone(journey: Journey, new_page: NewPage, ids: Ids) -> None:
    journey(new_page(width=320, has_touch=True, is_mobile=True), ids)


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
    expect(page.get_by_role("button", name="出典をコピー")).to_contain_text("✓")
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
