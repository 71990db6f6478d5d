"""What does one take home? Files, feeds, cards and data, the same as on the screen."""

# Every journey takes the same two arguments, whether it needs the ids or not.
# ruff: noqa: ARG001

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.webui.conftest import Ids


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


def save_as_json_lines(page: Page, ids: Ids) -> None:
    page.goto("/search?document=many-2025")
    with page.expect_download() as saved:
        page.get_by_role("link", name="JSON Linesで保存").click()
    assert len(Path(saved.value.path()).read_bytes().splitlines()) == 40


def save_one_programme(page: Page, ids: Ids) -> None:
    page.goto(f"/programs/{ids.new}")
    with page.expect_download() as saved:
        page.get_by_role("link", name="この事業のCSV").click()
    assert "ホームタウンちよだ応援事業" in Path(saved.value.path()).read_text(encoding="utf-8-sig")


def see_the_data_of_a_programme(page: Page, ids: Ids) -> None:
    page.goto(f"/programs/{ids.new}")
    page.get_by_role("link", name="この事業のJSON").click()
    assert json.loads(page.locator("body").inner_text())["amount"]["yen"] == 40_500_000


def embed_a_programme(page: Page, ids: Ids) -> None:
    page.goto(f"/programs/{ids.new}")
    page.locator("summary", has_text="ほかのサイトに埋め込む").click()
    expect(page.locator(".embed")).to_contain_text("<iframe src=")
    page.get_by_role("link", name="埋め込み用カード").click()
    expect(page.locator(".headline-amount")).to_contain_text("40,500千円")


def save_a_whole_book(page: Page, ids: Ids) -> None:
    page.goto("/documents/many-2025")
    with page.expect_download() as saved:
        page.get_by_role("link", name="この予算書の全事業をCSVで保存").click()
    assert Path(saved.value.path()).read_bytes().count(b"\r\n") == 41


JOURNEYS = (
    save_as_csv,
    save_as_excel,
    save_as_json_lines,
    save_one_programme,
    see_the_data_of_a_programme,
    embed_a_programme,
    save_a_whole_book,
)
