"""Tables in the forms books print them: units, unknown columns, merged cells, sections, years.

Names and amounts are made up; amounts are whole yen.
"""

from __future__ import annotations

import csv
import io
import random
from dataclasses import replace

import pytest

from indexer.model import LineRole, ParsedDocument, Program, Role
from tests.parsing.books import FACTS, read

Row = tuple[str, int | None, int | None, str | None, str | None]


def facts(program: Program) -> Row:
    """Title, this year, last year, section, department."""
    amounts = (program.amount.yen, program.previous_amount.yen)
    return (program.title, *amounts, program.section, program.department)


def unit_free(text: str) -> ParsedDocument:
    """Read a text whose unit no manifest states."""
    return read(text, replace(FACTS, amount_unit=None))


FORMS: dict[str, tuple[str, list[Row]]] = {
    # the unit above a table is that table's; the heading on its line is the section
    "a unit for each table, beside its heading": (
        "## 福祉部　（単位：万円）\n\n| 事業名 | 予算額 |\n|---|---|\n| 甲 | 450 |\n\n"
        "## 建設部　（単位：百万円）\n\n| 事業名 | 予算額 |\n|---|---|\n| 乙 | 85.5 |\n",
        [("甲", 4_500_000, None, "福祉部", None), ("乙", 85_500_000, None, "建設部", None)],
    ),
    # a unit cell at the right end of the next table's title row ends the table above
    "a unit in a cell of the title row": (
        "主な事業\t\t（単位：億円）\n事業名\t予算額\t担当\n甲\t2\t企画課\n"
        "主な工事\t\t（百万円）\n事業名\t予算額\t担当\n乙\t2\t道路課\n",
        [("甲", 200_000_000, None, None, "企画課"), ("乙", 2_000_000, None, None, "道路課")],
    ),
    # the unit row of commas must not be taken for a header row over the last column
    "a unit row above the last column of a file of commas": (
        '年度事業,,,\n,,,（千円）\n事業名,予算額,前年度,担当課\n甲,"1,000",900,道路課\n',
        [("甲", 1_000_000, 900_000, None, "道路課")],
    ),
    # columns nobody knows take their cells; the page is no amount
    "unknown money columns, open pipes": (
        "事業名 | 予算額（千円） | うちレベルアップ分 | 起債 | 担当 | 頁\n"
        "--- | --- | --- | --- | --- | ---\n【拡充】甲 | 412,300 | 36,000 | － | 道路課 | 8\n"
        "合計 | 412,300 | 36,000 | | |\n",
        [("甲", 412_300_000, None, None, "道路課")],
    ),
    # sources of money in a second header row below 財源内訳
    "sources of money below a wide header": (
        "| 事業名 | 予算額（千円） | 財源内訳 | | 所管課 |\n|---|---|---|---|---|\n"
        "| | | 国庫支出金 | 一般財源 | |\n| 甲 | 10 | 4 | 6 | 道路課 |\n",
        [("甲", 10_000, None, None, "道路課")],
    ),
    # an empty first cell of a table without outer pipes stays a cell
    "an empty first cell between open pipes": (
        "部 | 事業名 | 予算額（千円） | 所管\n--- | --- | --- | ---\n"
        "総務部 | 甲 | 10 | 総務課\n | 乙 | 20 | 人事課\n | 合計 | 30 |\n",
        [("甲", 10_000, None, "総務部", "総務課"), ("乙", 20_000, None, "総務部", "人事課")],
    ),
    # merged cells left of the names; a new bureau ends the division carried with the old one
    "merged cells": (
        "部,課,事業名,予算額（千円）\n総務部,総務課,甲,1\n,,乙,2\n,人事課,丙,3\n福祉部,,丁,4\n",
        [
            ("甲", 1_000, None, "総務部", "総務課"),
            ("乙", 2_000, None, "総務部", "総務課"),
            ("丙", 3_000, None, "総務部", "人事課"),
            ("丁", 4_000, None, "福祉部", None),
        ],
    ),
    # a bureau with its sum heads the rows below, it is no programme
    "bureaus with their sums": (
        "事業名,予算額（千円）,前年度\n総務部,30,20\n甲,10,10\n乙,20,10\n福祉部,5,5\n丙,5,5\n合計,35,25\n",
        [
            ("甲", 10_000, 10_000, "総務部", None),
            ("乙", 20_000, 10_000, "総務部", None),
            ("丙", 5_000, 5_000, "福祉部", None),
        ],
    ),
    # a plain line of text between rows, without a single pipe
    "bureaus between the rows of pipes": (
        "総務部\n| 事業名 | 予算額（千円） |\n|---|---|\n| 甲 | 10 |\n福祉部\n| 乙 | 20 |\n",
        [("甲", 10_000, None, "総務部", None), ("乙", 20_000, None, "福祉部", None)],
    ),
    # last year first, years instead of words
    "last year's column first": (
        "（単位：千円）\n事業名,令和6年度当初,令和7年度（案）,増減,増減率\n甲,5,7,2,40.0\n乙,－,7,7,皆増\n",
        [("甲", 7_000, 5_000, None, None), ("乙", 7_000, None, None, None)],
    ),
    # 査定額 is the budget, 要求額 what was asked for
    "requested and assessed": (
        "事業名\t要求額（千円）\t査定額（千円）\n甲\t12\t10\n", [("甲", 10_000, None, None, None)]
    ),
    # the supplement is the amount of a supplement's table, neither what was nor what will be
    "a supplement": (
        "（単位：千円）\n事業名\t補正前の額\t補正額\t計\n甲\t100\t△20\t80\n",
        [("甲", -20_000, None, None, None)],
    ),
    # a blank middle column under columns of spaces: 90 is last year's by its place
    "a blank cell between columns of spaces": (
        "（単位：千円）\n事業名　　　　　予算額　　前年度　　所管課\n"
        "甲の整備　　　　　　100　　　　　　　　道路課\n"
        "乙の整備　　　　　　200　　　　90　　公園課\n",
        [
            ("甲の整備", 100_000, None, None, "道路課"),
            ("乙の整備", 200_000, 90_000, None, "公園課"),
        ],
    ),
    # 合計 over a heading by name of an estimate, with box-drawing characters
    "box-drawing characters": (
        "┌────┬───┬───┐\n│事業名　│予算額（千円）│担当課│\n├────┼───┼───┤\n"
        "│甲│1,000│道路課│\n└────┴───┴───┘\n",
        [("甲", 1_000_000, None, None, "道路課")],
    ),
    # うち水 is watering the street, with a number of its own; うち備品 is a share
    "names that begin like shares": (
        "番号,事業名,予算額（千円）\n1,甲,10\n2,うち水の推進,5\n",
        [("甲", 10_000, None, None, None), ("うち水の推進", 5_000, None, None, None)],
    ),
    # a quote that never closes is only a sign of its own line
    "a stray quote": (
        '事業名,予算額（千円）,説明\n甲,10,"とじない\n乙,20,普通\n',
        [("甲", 10_000, None, None, None), ("乙", 20_000, None, None, None)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("reason", FORMS)
def test_form(reason: str) -> None:
    text, expected = FORMS[reason]
    document = unit_free(text)
    assert [facts(program) for program in document.programs] == expected
    assert [check for check in document.checks if not check.ok] == []
    if "年度事業" not in text and "主な" not in text:
        assert [claim for claim in document.claims if claim.role is LineRole.PROBLEM] == []


def test_unknown_columns_are_named() -> None:
    """What no field takes is told, once for the table."""
    document = read("事業名,予算額（千円）,うち一般財源,国庫支出金\n甲,10,4,6\n")
    (note,) = [problem for problem in document.problems if problem.kind == "unused_column"]
    assert (note.line, str(note.severity)) == (1, "note")
    assert "「うち一般財源」「国庫支出金」" in note.message


def test_amount_cut_by_its_own_comma() -> None:
    """``1,000`` without quotes is two cells; the row is a problem, never 1 thousand yen."""
    document = read("事業名,予算額（千円）,前年度,担当課\n甲,1,000,900,道路課\n乙,300,200,道路課\n")
    assert [facts(p)[:2] for p in document.programs] == [("乙", 300_000)]
    assert [(p.kind, p.line) for p in document.problems] == [("unclaimed_line", 2)]


def test_year_of_the_later_column() -> None:
    """A book nobody dates takes the later year of its table, and says so."""
    document = read("（単位：千円）\n事業名,2025,2026,担当\n甲,10,12,道路課\n", None)
    (program,) = document.programs
    assert (document.document.fiscal_year, program.amount.yen) == (2026, 12_000)
    assert "fiscal_year" in document.document.inferred
    assert any(problem.kind == "inferred_fiscal_year" for problem in document.problems)


def test_figures_of_a_table_inside_a_text() -> None:
    """A table of results is text of its programme; 1,300 copies are no budget."""
    document = read(
        "■広報紙の発行　1,000千円\n発行します。\n| 指標 | R6 | R7 |\n|---|---|---|\n"
        "| 部数 | 1,200 | 1,300 |\n■次の事業　2,000千円\n説明です。\n"
    )
    assert [(p.title, p.amount.yen) for p in document.programs] == [
        ("広報紙の発行", 1_000_000), ("次の事業", 2_000_000)]  # fmt: skip


def test_cells_of_a_record_over_lines() -> None:
    """Each figure is proved by the line it stands on, behind a cell of two lines."""
    document = read('事業名,説明,予算額（千円）,前年度\n甲,"一行目\n二行目",10,8\n')
    (program,) = document.programs
    assert (program.first_line, program.last_line) == (2, 3)
    assert [(p.text, p.first_line) for p in program.description] == [("一行目", 2), ("二行目", 3)]
    assert (program.amount.line, program.previous_amount.line) == (3, 3)


def test_shares_and_repeats_stay_and_are_not_summed() -> None:
    document = read(
        "事業名,予算額（千円）\n甲,10\nうち備品,4\n乙（再掲）,7\n丙,5\n小計,15\n合計,15\n"
    )
    whole, share, again, other = document.programs
    assert (share.role, share.parent_id, share.is_summed) == (Role.CHILD, whole.id, False)
    assert (again.is_summed, "repeated" in again.flags, other.is_summed) == (False, True, True)
    assert [check.ok for check in document.checks] == [True, True]


UNITS = {"円": 1, "千円": 1_000, "万円": 10_000, "百万円": 1_000_000}
SECTIONS = ("総務部", "福祉保健部", "まちづくり局", "教育委員会事務局")
HEADS = (
    ("予算額", "前年度予算額"), ("R7当初予算額", "R6当初予算額"), ("7年度予算", "6年度予算"),
    ("計上額", "昨年度"), ("令和7年度（案）", "令和6年度"), ("当初予算額（A）", "前年度当初（B）"),
)  # fmt: skip
EXTRA = ("うち一般財源", "国庫支出金", "参考", "前年度決算額", "起債")


def print_table(rng: random.Random, kind: str, names: list[str]) -> tuple[list[str], list[Row]]:
    """A table with known rows, in one of many prints."""
    unit, head = rng.choice(list(UNITS)), list(rng.choice(HEADS))
    if rng.random() < 0.5:
        head.reverse()
    columns = ["部", rng.choice(["事業名", "事務事業名", "件名"]), *head]
    columns.insert(rng.randrange(2, 5), rng.choice(EXTRA))
    columns.append(rng.choice(["所管課", "担当部署", "課・室名"]))
    this, last = sorted(head, key=lambda name: any(w in name for w in ("前", "昨", "6年", "R6")))
    lines = [[""] * (len(columns) - 1) + [f"（単位：{unit}）"], columns]
    truth: list[Row] = []
    total = 0
    for section in rng.sample(SECTIONS, 2):
        for order in range(rng.randint(1, 3)):
            amount = rng.randint(0, 99_999)
            previous = rng.choice([None, 0, rng.randint(1, 99_999)])
            row = dict.fromkeys(columns, rng.choice(["－", "3", ""]))
            row |= {"部": "" if order else section, columns[1]: names.pop(), columns[-1]: "企画課"}
            row |= {this: f"{amount:,}", last: "—" if previous is None else f"{previous:,}"}
            lines.append([row[column] for column in columns])
            scaled = None if previous is None else previous * UNITS[unit]
            truth.append((row[columns[1]], amount * UNITS[unit], scaled, section, "企画課"))
            total += amount
    sums = {columns[1]: "合　計", this: f"{total:,}"}
    lines.append([sums.get(column, "") for column in columns])
    return [_print_row(row, kind) for row in lines], truth


def _print_row(row: list[str], kind: str) -> str:
    if kind == ",":
        buffer = io.StringIO()
        csv.writer(buffer).writerow(row)
        return buffer.getvalue().rstrip("\r\n")
    if kind == "||":
        return "| " + " | ".join(row) + " |"
    return kind.join(row).rstrip() if kind == " | " else kind.join(row)


@pytest.mark.parametrize("seed", range(120))
def test_printed_tables_come_back(seed: int) -> None:
    """Two tables of one file, each in its unit: every field, every line and every sum."""
    rng = random.Random(seed)
    names = [
        f"{a}の{b}" for a in ("公園", "学校", "橋", "文化財") for b in ("整備", "運営", "改修")
    ]
    rng.shuffle(names)
    kind = rng.choice([",", "\t", "||", " | "])
    first, expected = print_table(rng, kind, names)
    second, more = print_table(rng, kind, names)
    between = rng.choice([[], [""], ["", ""]])
    document = unit_free("\n".join([*first, *between, *second]) + "\n")
    assert [facts(program) for program in document.programs] == expected + more
    assert [claim for claim in document.claims if claim.role is LineRole.PROBLEM] == []
    assert [check.ok for check in document.checks] == [True, True]
    for program in document.programs:
        for money in (program.amount, program.previous_amount):
            assert money.line is not None
            assert money.raw in document.lines[money.line - 1]
