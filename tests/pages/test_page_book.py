"""What the parser makes of the pages of a book: programmes with their printed page and place."""

from __future__ import annotations

from pathlib import Path

from indexer.contract import program_from_json, program_to_json
from indexer.parsing.dispatch import parse
from tests.pages.books import Sheet, as_source, make_pdf
from tests.pages.test_pages import ruled


def blocks(sheet: Sheet) -> None:
    """Two programmes as a ward prints them, over a page number."""
    sheet.write(60, 60, "令和7年度 千代田区予算案の概要", 14)
    sheet.write(60, 100, "5　政策経営部", 12)
    for y, title, amounts, status, owner in (
        (140, "防災意識の普及・啓発", "52,014千円 (33,706 千円)", "拡充", "防災課"),
        (290, "ホームタウンちよだ応援事業", "40,500千円 (— 千円)", "新規", "総務課"),
    ):
        sheet.write(60, y, title, 12)
        sheet.write(60, y + 20, amounts)
        sheet.write(60, y + 40, status)
        sheet.write(60, y + 55, f"▶{owner}")
        sheet.write(
            60, y + 75, "区民の防災意識を高めるため、講演会を開催するほか、地域の訓練を支援し、災害"
        )
        sheet.write(60, y + 90, "に強いまちづくりを進めます。")
    sheet.write(280, 800, "- 156 -")


def table(sheet: Sheet) -> None:
    sheet.write(60, 60, "主要事業")
    sheet.write_right(520, 80, "（単位：千円）")
    ruled(sheet)
    sheet.write(280, 800, "- 157 -")


def test_every_programme_has_its_printed_page_and_its_place(tmp_path: Path) -> None:
    """Title, amount, last year, status, division, printed page, page of the file."""
    parsed = parse(as_source(tmp_path, make_pdf(blocks, table)))
    assert [
        (
            program.title,
            program.amount.yen,
            program.previous_amount.yen,
            program.status,
            program.department,
            program.page,
            {place.page for place in program.places},
        )
        for program in parsed.programs
    ] == [
        ("防災意識の普及・啓発", 52_014_000, 33_706_000, "拡充", "防災課", 156, {1}),
        ("ホームタウンちよだ応援事業", 40_500_000, None, "新規", "総務課", 156, {1}),
        ("児童館の建て替え", 12_345_000, 0, None, "子育て課", 157, {2}),
        ("道路の補修", 30_000, -5_000, None, "土木課", 157, {2}),
        ("公園の整備", 700_000, None, None, "公園課", 157, {2}),
    ]


def test_boxes_frame_the_lines_of_the_programme(tmp_path: Path) -> None:
    """From the title to the last line of its text, and nothing of the next programme."""
    program = parse(as_source(tmp_path, make_pdf(blocks))).programs[0]
    (place,) = program.places
    assert 126 < place.box.y0 < 140
    assert 230 < place.box.y1 < 240


def test_page_without_a_number_has_none(tmp_path: Path) -> None:
    """The number of the next page is not taken for it."""

    def unnumbered(sheet: Sheet) -> None:
        sheet.write(60, 60, "令和7年度 千代田区予算案の概要", 14)
        sheet.write(60, 140, "緑化の推進　1,200千円")

    programs = parse(as_source(tmp_path, make_pdf(unnumbered, table))).programs
    assert (programs[0].title, programs[0].page) == ("緑化の推進", None)


def test_pages_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    """The others are read; the sentence counts pages as the file does."""
    pages = make_pdf(blocks, Sheet.picture, Sheet.picture, table)
    parsed = parse(as_source(tmp_path, pages))
    (problem,) = [problem for problem in parsed.problems if problem.kind == "page_image"]
    assert "2〜3ページ目は画像だけで文字がない" in problem.message
    assert len(parsed.programs) == 5


def test_places_survive_the_round_trip(tmp_path: Path) -> None:
    parsed = parse(as_source(tmp_path, make_pdf(blocks)))
    record = program_to_json(parsed.programs[0], parsed.document)
    assert record["source"]["pages"] == [1, 1]
    assert record["source"]["boxes"][0][0] == 1
    assert program_from_json(record).places == parsed.programs[0].places


def test_table_over_two_pages_is_one(tmp_path: Path) -> None:
    """Page number and repeated header in between are the page's; the rows go on."""

    def second(sheet: Sheet) -> None:
        ruled(sheet)
        sheet.write(280, 800, "- 158 -")

    parsed = parse(as_source(tmp_path, make_pdf(blocks, table, second)))
    assert [program.page for program in parsed.programs] == [156, 156, 157, 157, 157, 158, 158, 158]
    assert all(program.amount.unit == "千円" for program in parsed.programs)
