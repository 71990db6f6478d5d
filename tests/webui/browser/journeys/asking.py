"""How does one get an answer? Questions, refusals, choices, and another reading."""

# Every journey takes the same two arguments, whether it needs the ids or not.
# ruff: noqa: ARG001

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.webui.conftest import Ids


def ask_a_question(page: Page, ids: Ids) -> None:
    page.goto("/ask")
    page.get_by_label("質問", exact=True).fill("ホームタウンちよだ応援事業の予算はいくら？")
    page.get_by_role("button", name="答えを見る").click()
    expect(page.locator(".answer-text")).to_contain_text("4,050万円")
    page.locator(".answer .evidence a").first.click()
    expect(page.locator("#L40")).to_contain_text("40,500千円")


def ask_in_the_search_box(page: Page, ids: Ids) -> None:
    page.goto("/search?q=ホームタウンちよだ応援事業の予算はいくら？")
    expect(page.locator(".answer-text")).to_contain_text("4,050万円")


def follow_an_example_question(page: Page, ids: Ids) -> None:
    page.goto("/ask")
    page.get_by_role("list", name="質問の例").get_by_role("link").first.click()
    expect(page.locator(".answer-answered .answer-text")).to_be_visible()
    expect(page.locator(".answer .evidence li").first).to_be_visible()


def be_refused_and_ask_what_is_known(page: Page, ids: Ids) -> None:
    page.goto("/ask?q=明日の天気は？")
    expect(page.locator(".answer-status")).to_have_text("答えられません")
    page.locator(".answer .choices a").first.click()
    expect(page.locator(".answer-answered")).to_be_visible()


def read_the_lines_near_a_question(page: Page, ids: Ids) -> None:
    page.goto("/ask?q=生成AIは安全ですか")
    expect(page.locator(".answer-status")).to_contain_text("答えは言い切れません")
    page.locator(".answer .nearby .line-place").first.click()
    expect(page.locator(".line:target")).to_contain_text("生成AI")
    page.go_back()
    page.locator(".answer .nearby-title a").first.click()
    expect(page.locator("h1")).to_contain_text("デジタル化の推進に向けた環境整備")


def choose_which_programme_was_meant(page: Page, ids: Ids) -> None:
    page.goto("/ask?q=事業の予算は？")
    expect(page.locator(".answer-status")).to_have_text("どれのことか選んでください")
    page.locator(".answer .choices a").first.click()
    expect(page.locator(".answer-answered")).to_be_visible()


def read_the_question_otherwise(page: Page, ids: Ids) -> None:
    """The parts of the reading are chips; the one for the year asks again for another year."""
    page.goto("/ask?q=全庁LANの保守管理の予算はいくら？")
    expect(page.locator(".answer-text")).to_contain_text("1,966,770千円")
    page.locator("summary", has_text="予算書の年度").click()
    page.get_by_role("link", name=re.compile("令和6年度.*で質問する")).click()
    expect(page.locator(".answer-text")).to_contain_text("1,897,740千円")


def from_an_answer_to_the_search_behind_it(page: Page, ids: Ids) -> None:
    page.goto("/ask?q=千代田区の新規事業を全部教えて")
    rows = page.locator(".answer-rows tbody tr").count()
    page.get_by_role("link", name="読み取った条件の検索結果を見る").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"{rows}件")


def check_the_arithmetic_of_an_answer(page: Page, ids: Ids) -> None:
    page.goto("/ask?q=全庁LANの保守管理は前年度からいくら増えた？")
    expect(page.locator(".formula")).to_contain_text("1,966,770千円 − 1,897,740千円 ＝ 69,030千円")


JOURNEYS = (
    ask_a_question,
    ask_in_the_search_box,
    follow_an_example_question,
    be_refused_and_ask_what_is_known,
    read_the_lines_near_a_question,
    choose_which_programme_was_meant,
    read_the_question_otherwise,
    from_an_answer_to_the_search_behind_it,
    check_the_arithmetic_of_an_answer,
)
