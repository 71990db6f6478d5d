"""Workbooks and tables in the wild: is every programme read, to the yen, from its own row?

Each book has a known truth. Names and amounts are made up; amounts are whole yen.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import pytest

from indexer.errors import SourceError
from indexer.model import LineRole, MoneyState, ParsedDocument, Program, Role, Severity
from indexer.parsing import parse
from indexer.sources.discovery import find_files
from indexer.sources.reading import read_documents
from tests.parsing.test_table_forms import facts, print_table
from tests.workbooks import Cell, Sheet, workbook

Truth = tuple[str, int | None, int | None, str | None, str | None, int]
"""Title, this year, last year, division, status, row."""


def truth(program: Program) -> Truth:
    assert program.first_line is not None
    amounts = (program.amount.yen, program.previous_amount.yen)
    return (program.title, *amounts, program.department, program.status, program.first_line)


def read_file(folder: Path, name: str, data: bytes, entry: str = "") -> list[ParsedDocument]:
    """The documents of one file, with an entry in the manifest beside it."""
    (folder / name).write_bytes(data)
    if entry:
        (folder / "manifest.toml").write_text(f'[books."{name}"]\n{entry}\n', encoding="utf-8")
    (file,) = find_files([folder / name])
    return [parse(document) for document in read_documents(file)]


def lines(*rows: str, encoding: str = "utf-8") -> bytes:
    return "\r\n".join((*rows, "")).encode(encoding)


@dataclass(frozen=True, slots=True)
class Book:
    """A file, what its manifest says, and what it holds."""

    name: str
    data: bytes
    expected: list[Truth]
    entry: str = ""


LIST = Sheet(
    [
        ["令和7年度 架空市主要事業一覧", None, None, None, None, "（単位：千円）"],
        [],
        ["番号", "事業名", "予算額", None, "担当課", "区分"],
        [None, None, "本年度", "前年度"],
        [1, "庁舎の改修", 52014, 33706, "総務課", "拡充"],
        [2, "職員研修\nの実施", 1200, None, None, "新規"],
        [3, "広報紙の発行", 800, 900, "広報課", "継続"],
        [None, "合　計", 54014, 34606],
        [],
        ["※ 前年度は当初予算額です。"],
    ],
    merged=["A1:E1", "C3:D3", "A3:A4", "B3:B4", "E3:E4", "F3:F4", "E5:E6"],
    formats={"C5:D8": "#,##0"},
)

BOOKS: dict[str, Book] = {
    # two header rows and a division, all merged; the total is no programme, the note no row
    "merged cells, a title above, a note below": Book(
        "list.xlsx",
        workbook({"一覧": LIST}),
        [
            ("庁舎の改修", 52_014_000, 33_706_000, "総務課", "拡充", 5),
            ("職員研修の実施", 1_200_000, None, "総務課", "新規", 6),
            ("広報紙の発行", 800_000, 900_000, "広報課", "継続", 7),
        ],
    ),
    # a bureau's sheet has its own unit; the cover and somebody's hidden draft are no tables
    "a sheet for each bureau": Book(
        "bureaus.xlsx",
        workbook(
            {
                "表紙": Sheet([["令和7年度 架空市 主要事業"], ["財政課"]]),
                "総務部": Sheet([["事業名", "予算額（千円）"], ["甲", 10]]),
                "福祉部": Sheet([["事業名", "予算額（円）"], ["乙", 2500000], ["丙", 300]]),
                "下書き": Sheet([["事業名", "予算額（千円）"], ["没", 1]], is_hidden=True),
            }
        ),
        [
            ("甲", 10_000, None, None, None, 2),
            ("乙", 2_500_000, None, None, None, 2),
            ("丙", 300, None, None, None, 3),
        ],
    ),
    # a table that begins at C4, three header rows, the letters of the columns, △
    "three header rows, far from A1": Book(
        "far.xlsx",
        workbook(
            {
                "歳出": Sheet(
                    [
                        [],
                        [None, None, "令和7年度主要事業"],
                        [],
                        [None, None, "事業名", "当初予算額（千円）", None, None, "所管課"],
                        [None, None, None, "7年度", "6年度", "増減"],
                        [None, None, None, "A", "B", "A-B"],
                        [None, None, "道路の補修", 300, 350, -50, "道路課"],
                        [None, None, "橋の点検", 40, 0, 40, "道路課"],
                    ],
                    merged=["D4:F4", "C4:C6", "G4:G6", "G7:G8"],
                    formats={"F7:F8": '#,##0;"△ "#,##0'},
                )
            }
        ),
        [
            ("道路の補修", 300_000, 350_000, "道路課", None, 7),
            ("橋の点検", 40_000, 0, "道路課", None, 8),
        ],
    ),
    # the cells hold yen, the format shows thousands: what is printed is what the header says
    "figures shown in thousands by their format": Book(
        "scaled.xlsx",
        workbook(
            {
                "一覧": Sheet(
                    [["（単位：千円）"], ["事業名", "予算額"], ["甲", 52014000], ["乙", 1234500]],
                    formats={"B3:B4": "#,##0,"},
                )
            }
        ),
        [("甲", 52_014_000, None, None, None, 3), ("乙", 1_235_000, None, None, None, 4)],
    ),
    # a circle under 新規 or 拡充 is the status; rates and dates are no money
    "circles, rates and dates": Book(
        "circles.xlsx",
        workbook(
            {
                "R7": Sheet(
                    [
                        ["事業名", "新規", "拡充", "予算額\n（百万円）", "前年度", "率", "開始日"],
                        ["甲", "○", None, 12, None, None, "2025-04-01"],
                        ["乙", None, "○", 3.5, 2, 0.75, "2024-04-01"],
                    ],
                    formats={"F2:F3": "0.0%", "D2:E3": "#,##0.0"},
                )
            }
        ),
        [
            ("甲", 12_000_000, None, None, "新規", 2),
            ("乙", 3_500_000, 2_000_000, None, "拡充", 3),
        ],
    ),
    # nothing in the sheet says unit, name or amount; a second sheet is not wanted
    "unit, sheet and columns from the manifest": Book(
        "named.xlsx",
        workbook(
            {
                "まとめ": Sheet([["取組", "R7要求"], ["全部", 3]]),
                "明細": Sheet(
                    [
                        ["取組", "R7要求", "R7査定", "担当"],
                        ["甲", 9, 1, "企画課"],
                        ["乙", 9, 2, "企画課"],
                    ]
                ),
            }
        ),
        [
            ("甲", 1_000_000, None, "企画課", None, 2),
            ("乙", 2_000_000, None, "企画課", None, 3),
        ],
        entry=(
            'sheet = "明細"\namount_unit = "百万円"\n'
            'columns = { title = "取組", amount = "R7査定" }'
        ),
    ),
    # one amount for two programmes stands with the first; it is not counted twice
    "an amount merged over two programmes": Book(
        "shared.xlsx",
        workbook(
            {
                "一覧": Sheet(
                    [
                        ["事業名", "予算額（千円）", "課"],
                        ["甲", 30, "企画課"],
                        ["乙", None, "企画課"],
                        ["丙", 5, "財政課"],
                    ],
                    merged=["B2:B3"],
                )
            }
        ),
        [
            ("甲", 30_000, None, "企画課", None, 2),
            ("乙", None, None, "企画課", None, 3),
            ("丙", 5_000, None, "財政課", None, 4),
        ],
    ),
    # sources of money nobody knows, below a wide header, are no row
    "a second header row of unknown words": Book(
        "funds.csv",
        lines(
            "番号,事業名称,事業費（千円）,財源内訳,,担当課",
            ",,,国庫,市債,",
            "1,甲,10,3,2,総務課",
        ),
        [("甲", 10_000, None, "総務課", None, 3)],
    ),
    # 大事業 中事業 小事業: the finest name is the programme
    "names on three levels": Book(
        "levels.csv",
        lines(
            "大事業名,中事業名,小事業名,予算額（千円）,課",
            "子育て,保育,保育園の整備,100,保育課",
            ",,保育士の確保,50,保育課",
            ",相談,,30,相談課",
        ),
        [
            ("保育園の整備", 100_000, None, "保育課", None, 2),
            ("保育士の確保", 50_000, None, "保育課", None, 3),
            ("相談", 30_000, None, "相談課", None, 4),
        ],
    ),
    # names set back under one wide header: the parts add up to the whole, and count once
    "names set back by their level": Book(
        "indented.xlsx",
        workbook(
            {
                "一覧": Sheet(
                    [
                        ["事業名", None, "予算額（千円）", "課"],
                        ["子育て支援", None, 150],
                        [None, "保育園の整備", 100, "保育課"],
                        [None, "相談の充実", 50, "相談課"],
                        ["道路の補修", None, 30, "道路課"],
                    ],
                    merged=["A1:B1"],
                )
            }
        ),
        [
            ("子育て支援", 150_000, None, None, None, 2),
            ("保育園の整備", 100_000, None, "保育課", None, 3),
            ("相談の充実", 50_000, None, "相談課", None, 4),
            ("道路の補修", 30_000, None, "道路課", None, 5),
        ],
    ),
    # the rows of a bureau under its name, with a sum for each
    "bureaus as rows of their own": Book(
        "rows.xlsx",
        workbook(
            {
                "事業一覧": Sheet(
                    [
                        ["令和7年度予算 主要事業", None, "単位：万円"],
                        ["事業名", "予算額", "前年度"],
                        ["総務部"],
                        ["甲", 10, 8],
                        ["小計", 10, 8],
                        ["福祉部"],
                        ["乙", 5, 5],
                        ["丙", 1, "－"],
                        ["小計", 6, 5],
                        ["合計", 16, 13],
                    ],
                    merged=["A3:C3", "A6:C6"],
                )
            }
        ),
        [
            ("甲", 100_000, 80_000, None, None, 4),
            ("乙", 50_000, 50_000, None, None, 7),
            ("丙", 10_000, None, None, None, 8),
        ],
    ),
    # as spreadsheets of Windows save it: CP932, CRLF, unit in the header
    "a file of commas in CP932": Book(
        "cp932.csv",
        lines(
            "事務事業名,Ｒ７当初予算額（千円）,Ｒ６当初予算額（千円）,所管課,新規・拡充",
            '①職員研修,"1,200",900,人事課,拡充',
            '㈱との連携,300,－,企画課,新規',
            encoding="cp932",
        ),
        [
            ("職員研修", 1_200_000, 900_000, "人事課", "拡充", 2),
            ("㈱との連携", 300_000, None, "企画課", "新規", 3),
        ],
    ),
    # a byte order mark, and the unit in a note under the table
    "the unit under the table": Book(
        "note.csv",
        lines("\ufeff事業名,予算額,前年度予算額", "甲,10,8", "乙,20,", "※単位：千円,,"),
        [("甲", 10_000, 8_000, None, None, 2), ("乙", 20_000, None, None, None, 3)],
    ),
    # columns named as nobody would expect, the unit stated nowhere but in the manifest
    "columns named otherwise": Book(
        "other.csv",
        lines("局,しごとの名前,ことしのお金,きょねんのお金,窓口", "区民局,甲,10,8,相談課"),
        [("甲", 10_000, 8_000, "相談課", None, 2)],
        entry=(
            'amount_unit = "千円"\n[books."other.csv".columns]\ntitle = "しごとの名前"\n'
            'amount = "ことしのお金"\nprevious = ["きょねんのお金", "前年度"]\ndepartment = "窓口"'
        ),
    ),
    # 決算 is what was spent in its own year, never this year's budget nor last year's
    "what was spent beside the budget": Book(
        "executed.csv",
        lines(
            "（単位：円）,,,,",
            "事業名,令和5年度決算額,令和6年度予算額,令和7年度予算額,担当課",
            "甲,700,800,900,道路課",
        ),
        [("甲", 900, 800, "道路課", None, 3)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("reason", BOOKS)
def test_book(tmp_path: Path, reason: str) -> None:
    book = BOOKS[reason]
    documents = read_file(tmp_path, book.name, book.data, book.entry)
    assert [truth(p) for document in documents for p in document.programs] == book.expected
    assert [c for document in documents for c in document.checks if not c.ok] == []


@pytest.mark.parametrize("reason", BOOKS)
def test_every_field_is_quoted_from_its_row(tmp_path: Path, reason: str) -> None:
    """The line a figure names holds the figure as it is kept, and every row is accounted for."""
    book = BOOKS[reason]
    for document in read_file(tmp_path, book.name, book.data, book.entry):
        for program in document.programs:
            executed = [execution.amount for execution in program.executions]
            for money in (program.amount, program.previous_amount, *executed):
                if money.raw:
                    assert money.line is not None
                    assert money.raw in document.lines[money.line - 1]
            for source in program.evidence:
                assert document.lines[source.line - 1].strip()
        unread = [p.message for p in document.problems if p.severity is Severity.ERROR]
        assert unread == []
        assert [c for c in document.claims if c.role is LineRole.PROBLEM] == []


def test_what_a_workbook_says_of_itself(tmp_path: Path) -> None:
    """The cover names publisher and year for all sheets; a sheet's name is the bureau's."""
    documents = read_file(tmp_path, "bureaus.xlsx", BOOKS["a sheet for each bureau"].data)
    assert [d.document.path for d in documents] == ["bureaus.xlsx#総務部", "bureaus.xlsx#福祉部"]
    assert len({d.document.id for d in documents}) == 2
    for document in documents:
        assert document.document.fiscal_year == 2025
        assert document.document.publisher is not None
        assert document.document.publisher.name == "架空市"
    sections = [program.section for document in documents for program in document.programs]
    assert sections == ["総務部", "福祉部", "福祉部"]


def test_levels_of_names(tmp_path: Path) -> None:
    """A coarser name without an amount heads its rows, with one it is their whole."""
    book = BOOKS["names on three levels"]
    (document,) = read_file(tmp_path, book.name, book.data)
    assert {program.policy_goal for program in document.programs} == {"子育て"}
    book = BOOKS["names set back by their level"]
    (document,) = read_file(tmp_path, book.name, book.data)
    whole, first, second, other = document.programs
    assert whole.child_ids == (first.id, second.id)
    assert (first.parent_id, other.parent_id, other.role) == (whole.id, None, Role.STANDALONE)


@pytest.mark.parametrize("seed", range(40))
def test_printed_tables_come_back_from_a_workbook(tmp_path: Path, seed: int) -> None:
    """The tables of :mod:`tests.parsing.test_table_forms`, typed into a sheet: numbers, formats."""
    rng = random.Random(seed)
    names = [f"{a}の{b}" for a in ("公園", "学校", "橋") for b in ("整備", "運営", "改修")]
    rng.shuffle(names)
    printed, expected = print_table(rng, "\t", names)
    rows = [[_typed(cell) for cell in line.split("\t")] for line in printed]
    code = rng.choice(["General", "#,##0", '#,##0;"△ "#,##0', "#,##0_ "])
    sheet = Sheet([[], *rows], formats={f"A1:Z{len(rows) + 1}": code})
    (document,) = read_file(tmp_path, "book.xlsx", workbook({"一覧": sheet}))
    assert [facts(program) for program in document.programs] == expected
    assert [check.ok for check in document.checks] == [True]


def _typed(cell: str) -> Cell:
    plain = cell.replace(",", "")
    return int(plain) if plain.isdigit() else cell or None


def test_a_sheet_for_each_year(tmp_path: Path) -> None:
    """The year of a sheet is that of its name, also where the manifest dates the file."""
    rows = [["事業名", "予算額（千円）"], ["甲", 10]]
    data = workbook({"令和6年度": Sheet(rows), "令和7年度": Sheet(rows)})
    documents = read_file(tmp_path, "years.xlsx", data, 'publisher = "架空市"\nfiscal_year = 2025')
    assert [document.document.fiscal_year for document in documents] == [2024, 2025]
    assert len({program.id for document in documents for program in document.programs}) == 2


def test_rows_are_lines_as_the_sheet_shows_them(tmp_path: Path) -> None:
    """Line N is row N; a line break inside a cell is ⏎, a figure stands as it is printed."""
    (document,) = read_file(tmp_path, "list.xlsx", workbook({"一覧": LIST}))
    assert len(document.lines) == 10
    assert document.lines[0].startswith("令和7年度 架空市主要事業一覧\t")
    assert document.lines[4] == "1\t庁舎の改修\t52,014\t33,706\t総務課\t拡充"
    assert document.lines[5] == "2\t職員研修⏎の実施\t1,200\t\t\t新規"
    # the merged division is quoted from the row that prints it
    assert document.programs[1].line_of("department") == 5


def test_an_amount_merged_over_two_programmes_is_said_to_be_elsewhere(tmp_path: Path) -> None:
    book = BOOKS["an amount merged over two programmes"]
    (document,) = read_file(tmp_path, book.name, book.data)
    first, second, _ = (program.amount for program in document.programs)
    assert (second.state, second.yen, second.raw, second.line) == (
        MoneyState.ELSEWHERE, None, first.raw, first.line)  # fmt: skip


def test_what_was_spent_has_the_year_of_its_column(tmp_path: Path) -> None:
    book = BOOKS["what was spent beside the budget"]
    (document,) = read_file(tmp_path, book.name, book.data)
    (program,) = document.programs
    assert [(e.fiscal_year, e.amount.yen) for e in program.executions] == [(2023, 700)]
    # 決算額 of no year is nobody's
    (document,) = read_file(tmp_path, "x.csv", lines("事業名,予算額（円）,決算額", "甲,9,7"))
    assert document.programs[0].executions == ()


def test_errors_and_open_formulas_are_told_and_never_blank(tmp_path: Path) -> None:
    """``#REF!`` and a formula nobody computed are no amount; the others of the book are read."""
    rows: list[list[Cell]] = [
        ["事業名", "予算額（千円）"], ["甲", 10], ["乙", "=1/0"], ["丙", "#REF!"]]  # fmt: skip
    (document,) = read_file(tmp_path, "formulas.xlsx", workbook({"一覧": Sheet(rows)}))
    assert [p.amount.yen for p in document.programs] == [10_000, None, None]
    assert [p.amount.raw for p in document.programs] == ["10", "=1/0", "#REF!"]
    said = {p.line: p.message for p in document.problems if p.severity is Severity.ERROR}
    assert "計算結果が保存されていない" in said[3]
    assert "表計算の誤りを直し" in said[4]
    assert all("formulas.xlsx" in message for message in said.values())


@pytest.mark.parametrize(
    ("name", "data", "entry", "line"),
    [
        # a unit printed nowhere is asked for, thousand or not
        ("a.csv", lines("事業名,予算額", "甲,1000"), "", 'amount_unit = "千円"'),
        ("a.xlsx", workbook({"x": Sheet([["事業名", "予算額"], ["甲", 1000]])}), "", "amount_unit"),
        # the unit above the second table is not the first one's
        ("two.csv",
         lines("事業名,予算額", "甲,10", "", "（単位：億円）", "事業名,予算額", "乙,1"),
         "", "amount_unit"),
        # the name is told, the amount is not
        ("b.csv", lines("事業名,R7要求枠（千円）,備考", "甲,10,あ"), "",
         'columns = { amount = "R7要求枠（千円）" }'),
        # neither is; the repeating column is not the name
        ("c.csv", lines("柱立,しごと,R7枠", "安心,甲,10", "安心,乙,20"), "",
         'columns = { title = "しごと", amount = "R7枠" } と amount_unit = "千円" の2行'),
        # last year's column alone, beside figures of an unknown column
        ("d.csv", lines("事業名,前年度（千円）,R7枠", "甲,10,20"), "",
         'columns = { amount = "R7枠" } の1行'),
        # a heading in the manifest that the book does not print
        ("e.csv", lines("事業名,枠", "甲,10"), 'columns = { amount = "予算枠" }',
         "「予算枠」がない（1行目の見出しは「事業名」「枠」）"),
    ],
)  # fmt: skip
def test_what_is_not_told_is_asked_for_by_the_line_to_add(
    tmp_path: Path, name: str, data: bytes, entry: str, line: str
) -> None:
    with pytest.raises(SourceError) as caught:
        read_file(tmp_path, name, data, entry)
    said = str(caught.value)
    assert said.startswith(f"「{name}」")
    assert said.endswith("ください。")
    assert said.count("。") == 1
    assert line in said
    assert f'[books."{name}"]' in said


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (lines("事業名,予算額", "甲,1000"), 'amount_unit = "千円"'),
        (lines("事業名,R7要求枠（千円）", "甲,1000"), 'columns = { amount = "R7要求枠（千円）" }'),
    ],
)
def test_the_line_asked_for_is_the_line_that_helps(tmp_path: Path, data: bytes, line: str) -> None:
    with pytest.raises(SourceError):
        read_file(tmp_path, "a.csv", data)
    (document,) = read_file(tmp_path, "a.csv", data, line)
    assert [program.amount.yen for program in document.programs] == [1_000_000]


def test_an_extract_of_another_sheet_is_told(tmp_path: Path) -> None:
    """Counted twice it would spoil every sum; a sheet of another year is no extract."""
    rows: list[list[Cell]] = [["事業名", "予算額（千円）", "前年度"]]
    rows += [
        [f"{name}の整備", amount, amount]
        for name, amount in zip("甲乙丙丁", range(10, 50, 10), strict=True)
    ]
    extract = [row[:2] for row in rows[:4]]
    told = read_file(
        tmp_path, "a.xlsx", workbook({"全件": Sheet(rows), "主な事業": Sheet(extract)})
    )
    repeats = [[p.message for p in d.problems if p.kind == "sheet_repeats"] for d in told]
    assert repeats[0] == []
    assert "シート「全件」にもあり" in repeats[1][0]
    years = read_file(tmp_path, "b.xlsx", workbook({"R7": Sheet(rows), "R6": Sheet(extract)}))
    assert not [p for d in years for p in d.problems if p.kind == "sheet_repeats"]


def test_a_sheet_of_revenue_is_no_list_of_programmes(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["科目", "予算額（千円）"], ["市民税", 500]]
    with pytest.raises(SourceError, match="歳入の表"):
        read_file(tmp_path, "a.xlsx", workbook({"歳入": Sheet(rows)}))
