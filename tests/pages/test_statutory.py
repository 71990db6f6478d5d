"""目 and 事業 of 事項別明細書: what the book itself proves is read, what it does not is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from indexer.contract import program_from_json, program_to_json
from indexer.errors import SourceError
from indexer.model import ParsedDocument, Program, Role
from indexer.parsing.dispatch import parse
from tests.pages.books import Draw, Sheet, as_source, make_pdf, make_spreads
from tests.pages.statutory import HEADER, LEFT_WORDS, Row, left, right

HEADING = "３款　民生費　　　　18,000千円\n　４項　障害者福祉費　　　　18,000千円"
FIRST = Row(
    HEADER,
    ("1　障害者福祉", "総務費"),
    ("10,000", "9,000", "1,000", "2,000", "", "", "8,000"),
    (("1　報酬", "4,000"), ("　費用弁償", "4"), ("12　委託料", "6,000")),
    (
        (0, "001 給与費", "4,000"),
        (1, "001 審査会委員　１０人", "1,500"),
        (2, "審査会開催", "16回"),
        (1, "002 一般職　３人", "2,500"),
        (0, "002 手当支給事業費", "6,000"),
        (1, "001 手当支給事業費", "6,000"),
        (2, "対象者　118人", ""),
        (2, "家族会補助金", "50"),
    ),
)
SECOND = Row(
    450,
    ("2　障害者自立", "支援費"),
    ("8,000", "8,500", "△500", "", "1,000", "", "7,000"),
    (("19　扶助費", "8,000"),),
    ((0, "001 扶助費", "5,000"), (1, "001 扶助費", "5,000")),
)
REST = Row(HEADER, (), (), (), ((0, "002 医療費", "3,000"), (1, "001 医療費", "3,000")))
"""What the next right page says of the 目 before it; the left page has no name beside it."""
ABOLISHED = Row(450, ("旧会館管理費",), ("0", "700", "△700"), (), ((0, "（廃目）", ""),))
SUM = Row(600, ("計",), ("18,000", "18,200", "△200", "2,000", "1,000", "0", "15,000"))
PAGES = (
    left(287, HEADING, (FIRST, SECOND)),
    right(288, (FIRST, SECOND)),
    left(289, HEADING, (ABOLISHED, SUM)),
    right(290, (REST, ABOLISHED, SUM)),
)


def read(folder: Path, *pages: Draw) -> ParsedDocument:
    return parse(
        as_source(
            folder,
            make_pdf(*pages),
            publisher="富士見市",
            fiscal_year=2024,
            title="予算に関する説明書",
            account="一般会計",
        )
    )


def kinds(parsed: ParsedDocument) -> set[str]:
    return {problem.kind for problem in parsed.problems}


def test_every_moku_and_every_programme(tmp_path: Path) -> None:
    """A 目 goes on over the page, a wrapped name is one, an abolished 目 has no number."""
    programs = read(tmp_path, *PAGES).programs
    assert [
        (p.role, p.number, p.title, p.amount.yen, p.previous_amount.yen, p.page) for p in programs
    ] == [
        (Role.PARENT, "1", "障害者福祉総務費", 10_000_000, 9_000_000, 287),
        (Role.CHILD, "001", "給与費", 4_000_000, None, 288),
        (Role.CHILD, "002", "手当支給事業費", 6_000_000, None, 288),
        (Role.PARENT, "2", "障害者自立支援費", 8_000_000, 8_500_000, 287),
        (Role.CHILD, "001", "扶助費", 5_000_000, None, 288),
        (Role.CHILD, "002", "医療費", 3_000_000, None, 290),
        (Role.STANDALONE, None, "旧会館管理費", 0, 700_000, 289),
    ]
    assert {(p.section_number, p.section) for p in programs} == {("3", "民生費")}


def test_finer_items_are_the_text_of_their_programme(tmp_path: Path) -> None:
    program = read(tmp_path, *PAGES).programs[1]
    assert [paragraph.text for paragraph in program.description] == [
        "001 審査会委員　１０人　　1,500",
        "審査会開催　　16回",
        "002 一般職　３人　　2,500",
    ]


def test_the_book_proves_its_figures(tmp_path: Path) -> None:
    parsed = read(tmp_path, *PAGES)
    assert all(check.ok for check in parsed.checks)
    assert {check.name: check.found for check in parsed.checks} == {
        "目: 本年度−前年度=比較": "3",
        "目: 財源内訳の合計": "2",
        "目: 節の合計": "2",
        "目: 説明の事業の合計": "2",
        "説明: 細事業の合計": "4",
        "目の合計: 民生費 障害者福祉費": "18000000",
        "目の合計: 民生費": "18000000",
        "内訳の合計: 障害者福祉総務費": "10000000",
        "内訳の合計: 障害者自立支援費": "8000000",
    }
    assert kinds(parsed) == set()


def test_boxes_leave_out_the_column_beside(tmp_path: Path) -> None:
    """節 and 説明 share their lines of text; the programme is in 説明 alone."""
    child = read(tmp_path, *PAGES).programs[1]
    assert {place.page for place in child.places} == {2}
    assert all(place.box.x0 > 188 for place in child.places)


def test_classification_and_funding(tmp_path: Path) -> None:
    """款 項 目 for both, 節 and 財源 for the 目 alone; what is blank is not printed."""
    parsed = read(tmp_path, *PAGES)
    moku, child = parsed.programs[:2]
    assert moku.classification is not None
    record = program_to_json(moku, parsed.document)
    assert record["classification"]["kan"] == {"number": "3", "name": "民生費"}
    assert record["classification"]["ko"] == {"number": "4", "name": "障害者福祉費"}
    assert record["classification"]["moku"] == {"number": "1", "name": "障害者福祉総務費"}
    setsu = record["classification"]["setsu"]
    assert [(item["number"], item["name"], item["amount"]["yen"]) for item in setsu] == [
        ("1", "報酬", 4_000_000),
        ("12", "委託料", 6_000_000),
    ]
    assert {name: money["yen"] for name, money in record["funding"].items()} == {
        "national_prefectural": 2_000_000,
        "bonds": None,
        "other": None,
        "general": 8_000_000,
    }
    assert child.classification == replace(moku.classification, setsu=())
    assert child.funding is None
    back = program_from_json(record)
    assert (back.classification, back.funding) == (moku.classification, moku.funding)


def test_last_year_first(tmp_path: Path) -> None:
    """The header tells which column is this year's, not the order."""
    words = (LEFT_WORDS[0], LEFT_WORDS[2], LEFT_WORDS[1], *LEFT_WORDS[3:])
    swapped = [
        replace(row, figures=(row.figures[1], row.figures[0], *row.figures[2:]))
        for row in (FIRST, SECOND)
    ]
    pages = (left(287, HEADING, swapped, words), right(288, (FIRST, SECOND)), *PAGES[2:])
    assert [p.amount.yen for p in read(tmp_path, *pages).programs if p.role is Role.PARENT] == [
        10_000_000,
        8_000_000,
    ]


def figures(row: Row, *changed: str) -> Row:
    return replace(row, figures=(*changed, *row.figures[len(changed) :]))


@pytest.mark.parametrize(
    ("first", "said", "left_out"),
    [
        # a digit lost: the difference no longer agrees
        (figures(FIRST, "10,000", "900"), "moku_unread", "障害者福祉総務費"),
        # the sources of money do not add up
        (figures(FIRST, "10,000", "9,000", "1,000", "3,000"), "moku_unread", "障害者福祉総務費"),
        # an item of 説明 is missing
        (replace(FIRST, lines=FIRST.lines[4:]), "explanation_unread", "手当支給事業費"),
        # a comma printed as a point
        (figures(FIRST, "10.000"), "moku_unread", "障害者福祉総務費"),
    ],
    ids=["row", "funds", "items", "misprint"],
)
def test_unproven_figures_are_left_out_and_told(
    tmp_path: Path, first: Row, said: str, left_out: str
) -> None:
    """No wrong figure is shown; the other 目 of the page stays."""
    pages = (left(287, HEADING, (first, SECOND)), right(288, (first, SECOND)), *PAGES[2:])
    parsed = read(tmp_path, *pages)
    assert said in kinds(parsed)
    titles = {program.title for program in parsed.programs}
    assert left_out not in titles
    assert "障害者自立支援費" in titles


def test_rules_at_different_heights_join_nothing(tmp_path: Path) -> None:
    """Where the pages do not rule alike, nobody knows whose 説明 it is."""
    pages = (PAGES[0], right(288, (FIRST, SECOND), shift=40), *PAGES[2:])
    parsed = read(tmp_path, *pages)
    assert "explanation_unread" in kinds(parsed)
    assert Role.CHILD not in {program.role for program in parsed.programs}
    assert len(parsed.programs) == 3


def test_facing_pages_on_one_sheet(tmp_path: Path) -> None:
    """The same book in spreads: each half is a page, the pair is one sheet."""
    apart = read(tmp_path, *PAGES).programs
    sheets = make_spreads((PAGES[0], PAGES[1]), (PAGES[2], PAGES[3]))
    together = parse(as_source(tmp_path, sheets, fiscal_year=2024)).programs

    def facts(programs: tuple[Program, ...]) -> list[tuple[object, ...]]:
        return [(p.role, p.title, p.amount.yen, p.previous_amount.yen, p.page) for p in programs]

    assert facts(together) == facts(apart)
    assert {place.page for program in together for place in program.places} == {1, 2}


def test_revenue_is_told_and_not_added(tmp_path: Path) -> None:
    """A 目 of revenue has no sources of money; it never counts as spending."""
    tax = Row(HEADER, ("1　個人",), ("14,000", "15,000", "△1,000"))
    words = (*LEFT_WORDS[:4], "", "", "", "")
    revenue = (left(19, "１款　市税　　14,000千円", (tax,), words), right(20, (tax,)))
    parsed = read(tmp_path, *revenue, *PAGES)
    assert "個人" not in {program.title for program in parsed.programs}
    (problem,) = [problem for problem in parsed.problems if problem.kind == "revenue_unread"]
    assert "1〜2ページ目は歳入" in problem.message


def test_revenue_alone_is_refused(tmp_path: Path) -> None:
    tax = Row(HEADER, ("1　個人",), ("14,000", "15,000", "△1,000"))
    words = (*LEFT_WORDS[:4], "", "", "", "")
    with pytest.raises(SourceError, match="歳出の目を一つも"):
        read(tmp_path, left(19, "１款　市税　　14,000千円", (tax,), words), right(20, (tax,)))


def test_other_tables_of_the_book_stay_in_the_print(tmp_path: Path) -> None:
    """第１表 and the like print the same sums again: read, they would count twice."""

    def first_table(sheet: Sheet) -> None:
        sheet.write(60, 60, "第１表　歳入歳出予算")
        sheet.grid((60, 160, 300, 420), (90, 110, 130, 150))
        for y, cells in ((104, ("款", "項", "金額")), (124, ("3 民生費", "", "18,000"))):
            for x, cell in zip((64, 164, 304), cells, strict=True):
                sheet.write(x, y, cell)

    parsed = read(tmp_path, first_table, *PAGES)
    assert len(parsed.programs) == 7
    assert "pages_unread" in kinds(parsed)
