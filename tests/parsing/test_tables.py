"""Family C: one table row per programme, mapped by its header (invented tables)."""

# Printed lines and their readings stay on one line each.
# ruff: noqa: E501

from __future__ import annotations

import pytest

from indexer.model import LineRole, Program, Role
from tests.parsing.books import named, read, yen

Row = tuple[str, int | None, int | None, str | None, str | None]


def rows(text: str) -> list[Row]:
    return [(p.title, *yen(p), p.status, p.department) for p in read(text).programs]


TABLES: dict[str, tuple[str, list[Row]]] = {
    "tabs, previous before current (Adachi), a change column": (
        "（単位：千円）\n事業名\t前年度予算額\t本年度予算額\t増減\t担当課\t区分\n甲の事業\t100\t150\t50\t管財課\t拡充\n乙の事業\t5,000\t4,000\t△1,000\t人事課\t継続\n",
        [("甲の事業", 150, 100, "拡充", "管財課"), ("乙の事業", 4_000, 5_000, "継続", "人事課")],
    ),
    "Markdown pipes, unit in the column header, status in the name cell (Iruma)": (
        "| 事業名 | 予算額（千円） | 内容 | 担当課 |\n|---|---:|---|---|\n| 【新規】甲の事業 | 1,200 | 行う | 企画課 |\n| 乙の事業（拡充） | 3億円 | 行う | 建設課 |\n",
        [("甲の事業", 1_200, None, "新規", "企画課"), ("乙の事業", 300_000, None, "拡充", "建設課")],
    ),
    "commas and quotes, amounts with commas, a department inside the name cell": (
        '事業名,予算額（千円）,前年度（千円）\n"甲、乙の事業（総務課）","2,000",1000\n丙の事業,500,－\n',
        [("甲、乙の事業", 2_000, 1_000, None, "総務課"), ("丙の事業", 500, None, None, None)],
    ),
    "columns headed by years: the newest is this year's": (
        "事業名\t令和6年度予算額（千円）\t令和7年度予算額（千円）\n甲の事業\t5\t6\n",
        [("甲の事業", 6, 5, None, None)],
    ),
    "two header rows, the upper one spanning": (
        "（単位：千円）\n事業名,予算額,,,担当課\n,本年度,前年度,比較,\n甲の事業,6,5,1,企画課\n",
        [("甲の事業", 6, 5, None, "企画課")],
    ),
    "columns of wide spaces": (
        "（単位：千円）\n事業名　　　　予算額　　担当課\n甲の事業　　　5,000　　企画課\n乙の事業　　　300　　財政課\n",
        [("甲の事業", 5_000, None, None, "企画課"), ("乙の事業", 300, None, None, "財政課")],
    ),
    "title and department headers by other names, million yen": (
        "主要事業名\t当初予算額(百万円)\t所管課\t概要\n甲の事業\t12\t企画課\t進める。\n",
        [("甲の事業", 12_000, None, None, "企画課")],
    ),
    "a column of unknown kind is left aside": (
        "事業名\t特定財源\t予算額（千円）\n甲の事業\t1\t12\n", [("甲の事業", 12, None, None, None)]
    ),
    "two tables with different units in one text (case 17)": (
        "（単位：千円）\n事業名\t予算額\n甲の事業\t12\n\n（単位：百万円）\n事業名\t予算額\n乙の事業\t12\n",
        [("甲の事業", 12, None, None, None), ("乙の事業", 12_000, None, None, None)],
    ),
    "the header comes back on the next page": (
        "事業名\t予算額（千円）\n甲の事業\t12\n事業名\t予算額（千円）\n乙の事業\t13\n",
        [("甲の事業", 12, None, None, None), ("乙の事業", 13, None, None, None)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("reason", TABLES)
def test_table(reason: str) -> None:
    """Columns are found by their header, never by position."""
    text, expected = TABLES[reason]
    assert rows(text) == expected
    document = read(text)
    assert [claim for claim in document.claims if claim.role is LineRole.PROBLEM] == []


def test_blank_dash_and_zero() -> None:
    """Case 18: three facts; a blank amount is also told as a problem."""
    document = read(
        "（単位：千円）\n事業名\t本年度\t前年度\t増減\n甲の事業\t5\t－\t皆増\n乙の事業\t0\t4\t△4\n丙の事業\t\t4\t\n"
    )
    programs = named(document)
    states = {
        title: (
            str(p.amount.state),
            p.amount.raw,
            str(p.previous_amount.state),
            p.previous_amount.raw,
        )
        for title, p in programs.items()
    }
    assert states == {
        "甲の事業": ("value", "5", "none", "－"),
        "乙の事業": ("zero", "0", "value", "4"),
        "丙の事業": ("none", "", "value", "4"),
    }
    change = programs["乙の事業"].printed_change
    assert change is not None
    assert (change.raw, change.yen) == ("△4", -4_000)
    assert [problem.kind for problem in document.problems] == ["program_without_amount"]


def test_headings_between_rows() -> None:
    """A row of one cell heads the rows below it: bureau, division, goal."""
    document = read(
        "（単位：千円）\n事業名\t予算額\n総務部\n【人事課】\n甲の事業\t1\n福祉部\n1 支えあうまち\n乙の事業\t2\n"
    )
    first, second = document.programs
    assert (first.section, first.department, first.policy_goal) == ("総務部", "人事課", None)
    assert (second.section, second.department) == ("福祉部", None)
    assert (second.policy_goal_number, second.policy_goal) == ("1", "支えあうまち")


def test_headings_of_the_text_around() -> None:
    """A table below ``5 政策経営部`` belongs to it."""
    document = read(
        "<一般会計>\n5 政策経営部\n\n事業名\t予算額（千円）\n甲の事業\t1\n\n6 環境部\n\n事業名\t予算額（千円）\n乙の事業\t2\n"
    )
    assert [(p.section_number, p.section, p.account) for p in document.programs] == [
        ("5", "政策経営部", "一般会計"), ("6", "環境部", "一般会計")]  # fmt: skip


def test_totals_of_a_table() -> None:
    """小計 and 合計 rows are checks; 再掲 rows never enter them (case 26)."""
    document = read(
        "（単位：千円）\n事業名\t予算額\n甲の事業\t1\n乙の事業\t2\n小計\t3\n丙の事業\t4\n甲の事業（再掲）\t1\n小計\t4\n合計\t8\n"
    )
    assert len(document.programs) == 4
    assert [check.ok for check in document.checks] == [True, True, False]
    assert [problem.kind for problem in document.problems] == ["declared_total_differs"]


def test_share_rows() -> None:
    """うち rows are part of the row above."""
    document = read(
        "（単位：千円）\n事業名\t予算額\n甲の事業\t10\nうち備品購入\t4\n乙の事業\t2\n合計\t12\n"
    )
    parent, part, other = document.programs
    assert (part.role, part.parent_id, part.is_summed) == (Role.CHILD, parent.id, False)
    assert (parent.role, other.role) == (Role.PARENT, Role.STANDALONE)
    assert all(check.ok for check in document.checks)


def test_cells_over_lines() -> None:
    """A quoted cell holds line breaks; the programme spans its lines."""
    document = read(
        '事業名,予算額（千円）,概要\n"甲の\n事業",5,"進める。\n続ける。"\n乙の事業,6,行う。\n'
    )
    first, second = document.programs
    assert (first.title, first.first_line, first.last_line) == ("甲の事業", 2, 4)
    assert [paragraph.text for paragraph in first.description] == ["進める。", "続ける。"]
    assert (second.title, second.first_line) == ("乙の事業", 5)


def facts_of(program: Program) -> tuple[str | None, ...]:
    return program.section, program.account, program.policy_goal, program.number


def test_columns_of_context() -> None:
    """部, 会計, 施策, 番号, ページ and a forecast column; 〃 repeats the cell above."""
    document = read(
        "番号\t会計\t部局\t施策\t事業名\t予算額（千円）\tR8見込額（百万円）\tページ\n"
        "1\t一般会計\t総務部\t安心\t甲の事業\t1\t2\t12\n2\t〃\t〃\t〃\t乙の事業\t2\t－\t13\n"
    )
    first, second = document.programs
    assert facts_of(first) == ("総務部", "一般会計", "安心", "1")
    assert facts_of(second) == ("総務部", "一般会計", "安心", "2")
    assert (first.page, second.page) == (12, 13)
    assert first.forecasts[0].amount.yen == 2_000_000
    assert str(second.forecasts[0].amount.state) == "undetermined"


def test_a_quote_that_never_closes_does_not_swallow_the_book() -> None:
    """The lines after it are still read as lines."""
    tail = "".join(f"事業{n}号 {n}千円\n" for n in range(1, 100))
    document = read('事業名,予算額（千円）\n"甲の事業,5\n' + tail)
    assert len(document.programs) >= 90


def test_tab_separated_heads_are_no_table() -> None:
    """The sample's four heads hold tabs and have no header: prose."""
    document = read("甲の事業\t1千円\t(2千円)\n乙の事業\t3千円\t(4千円)\n\n拡充 ▶総務課\n")
    assert [program.role for program in document.programs] == [Role.GROUP, Role.MEMBER, Role.MEMBER]
