"""Forms of supplementary budgets, trees of 款 and 項, stacked figures and notes between tables.

Each test reads an invented few lines in a form that real books print; the reason stands over it.
"""

# Printed lines and their readings stay on one line each.
# ruff: noqa: E501

from __future__ import annotations

import pytest

from indexer.model import LineRole, Role
from tests.parsing.books import FACTS, named, read, yen


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        # a table: what was before and what will be are other kinds of amount
        (
            "（単位：千円）\n事業名\t補正前予算額\t補正予算額\t補正後予算額\n甲\t100\t△20\t80\n",
            {"甲": -20},
        ),
        # 既定額 is what stands already, 計 the sum of both
        ("（単位：千円）\n事業名\t既定額\t補正額\t計\n乙\t－\t45\t45\n", {"乙": 45}),
        # prose: the figures in the brackets below are none of the programme's own
        (
            "◆ 甲の購入　　補正額　８千円\n　　（補正前　１２千円　補正後　２０千円）\n　　買い足します。\n",
            {"甲の購入": 8},
        ),
    ],
)
def test_the_amount_of_a_supplement_is_flagged(text: str, amounts: dict[str, int]) -> None:
    """It is no original budget, and what was before is no last year's budget."""
    programs = named(read(text))
    assert {title: yen(p) for title, p in programs.items()} == {
        title: (amount, None) for title, amount in amounts.items()
    }
    assert all("supplement" in p.flags for p in programs.values())


def test_an_original_budget_is_not_flagged_for_the_word_in_a_title() -> None:
    """補正予算 in a programme's own text or title says nothing of its amount."""
    document = read("補正手当の支給　5千円\n新規\n前年度の補正予算で始めた事業です。\n")
    assert [p.flags for p in document.programs] == [()]


@pytest.mark.parametrize(
    ("legend", "previous", "change"),
    [
        ("※（　）内は前年度当初予算額との増減額です。", None, 3),
        ("（　）内は前年度の予算額", 3, None),
        ("※かっこ書きは一般財源", None, None),
    ],
)
def test_the_book_says_what_its_brackets_hold(
    legend: str, previous: int | None, change: int | None
) -> None:
    """Kita prints the change in brackets, Chiyoda last year's budget; others a second series."""
    document = read(f"甲の事業　24千円（3千円）\n新規\n乙の事業　5千円（△1千円）\n\n{legend}\n")
    program = named(document)["甲の事業"]
    assert yen(program) == (24, previous)
    printed = program.printed_change
    assert (printed.yen // 1000 if printed and printed.yen else None) == change


def test_stacked_figures_are_read_by_their_legend() -> None:
    """Osaka prints this year's, last year's first and last figure one under another."""
    text = (
        "（凡例）　上段：令和7年度当初予算額\n　　中段：令和6年度当初予算額\n　　下段：令和6年度最終予算額（単位：千円）\n\n"
        "1　海外展開の支援\n　45,200\n　38,000\n　36,510\n　支援します。\n\n2　人材の育成\n　12,900\n　15,300\n　15,000\n　育てます。\n"
    )
    programs = named(read(text))
    assert {title: yen(p) for title, p in programs.items()} == {
        "海外展開の支援": (45_200, 38_000),
        "人材の育成": (12_900, 15_300),
    }


def test_a_stack_without_a_legend_makes_no_programme_of_figures() -> None:
    """``38,000`` is no title; what the lower figures are, nobody knows, and it is said."""
    document = read(
        "（単位：千円）\n\n1　海外展開の支援\n　45,200\n　38,000\n　36,510\n　支援します。\n"
    )
    assert all(any(c.isalpha() for c in p.title) for p in document.programs)
    assert "amount_without_title" in {problem.kind for problem in document.problems}


def test_headings_of_kan_and_kou_share_a_line_and_declare_a_count() -> None:
    """``２款　総務費（3事業）``, ``3款 民生費　1項 社会福祉費``: the 款 stands for the bureau."""
    document = read(
        "２款　総務費（1事業）\n\n１　甲の事業　24千円\n　行います。\n\n## ３款 民生費　１項 社会福祉費\n\n１　乙の事業　5千円\n　行います。\n"
    )
    assert [p.section for p in document.programs] == ["総務費", "民生費"]
    assert "unclaimed_line" not in {problem.kind for problem in document.problems}


def test_a_bureau_in_another_bracket_under_a_department_is_a_heading() -> None:
    """［産業部］ after a blank line is no second department of the programme above."""
    document = read(
        "［総務部］\n\n◆ 甲の事業　8千円\n　買います。\n　【企画課】\n\n［産業部］\n\n◆ 乙の事業　9千円\n　直します。\n　【水産課】\n"
    )
    assert [(p.section, p.department) for p in document.programs] == [
        ("総務部", "企画課"),
        ("産業部", "水産課"),
    ]


@pytest.mark.parametrize(
    "bracket", ["＜保育課＞", "（保育課）", "【保育課】", "　　　　　＜保育課＞"]
)
def test_a_department_behind_the_last_sentence(bracket: str) -> None:
    """``…預かります。＜保育課＞``: on the line of the text, with or without a gap."""
    document = read(f"● 甲の事業 …… 27千円\n　子どもを預かります。{bracket}\n")
    (program,) = document.programs
    assert program.department == "保育課"
    assert program.description[0].text.startswith("子どもを預かります。")


def test_a_bracket_inside_a_sentence_is_no_department() -> None:
    """Only behind the end of a sentence, and only once."""
    document = read("● 甲の事業 …… 27千円\n　窓口（保育課）で受け付けます。\n")
    assert document.programs[0].department is None


def test_parts_named_by_a_word_are_not_summed() -> None:
    """``内訳　設計費 …`` and the lines under it split the amount above, and add nothing."""
    document = read(
        "● 空調の設置 …… 402千円\n　設置します。\n　　内訳　　設計費　　　12千円\n　　　　　　工事費　　　390千円\n\n● 乙の事業 …… 9千円\n　行います。\n"
    )
    assert [(p.title, p.role, p.is_summed) for p in document.programs] == [
        ("空調の設置", Role.PARENT, True),
        ("設計費", Role.CHILD, False),
        ("工事費", Role.CHILD, False),
        ("乙の事業", Role.STANDALONE, True),
    ]


def test_a_note_between_tables_is_claimed() -> None:
    """``※ 財源は…`` under a table is the book's; it stays in print and is no problem."""
    table = "| 事業名 | 予算額（千円） |\n|---|---|\n| {} | 10 |\n"
    text = (
        table.format("甲")
        + "\n※ 財源は繰越金です。\n\n（注）端数は四捨五入\n\n"
        + table.format("乙")
    )
    document = read(text)
    assert "unclaimed_line" not in {problem.kind for problem in document.problems}
    assert {claim.role for claim in document.claims} <= {LineRole.STRUCTURE, LineRole.BLANK}


def test_page_numbers_under_a_running_head_belong_to_the_page_below() -> None:
    """The book opens with its running head and ``- 8 -``; the last page prints no number below."""
    page = "令和7年度 架空区 予算の概要\n\n- {} -\n\n"
    body = "● {} …… 9千円\n　行います。\n\n"
    text = "".join(
        page.format(8 + n) + body.format(f"{name}の事業") for n, name in enumerate("甲乙丙")
    )
    assert [p.page for p in read(text).programs] == [8, 9, 10]


def test_themes_of_several_levels() -> None:
    """``第２章``, ``１``, ``（１）`` one over another: the innermost is the goal, all are headings."""
    document = read(
        "第２章　主要な施策\n\n１　安全なまち\n\n（１）消防・防災\n\n○甲の事業　1千円\n　行います。\n\n２　子育て\n\n（１）支援\n\n○乙の事業　2千円\n　行います。\n",
        FACTS,
    )
    assert [p.policy_goal for p in document.programs] == ["消防・防災", "支援"]
    assert [len(p.description) for p in document.programs] == [1, 1]


@pytest.mark.parametrize(
    ("header", "row", "change", "last"),
    [
        # Sagamihara prints the change and no last year's column
        ("予算額（千円）\t増減額（千円）", "100\t△20", -20_000, 120_000),
        # in millions a change may have decimals, and is no rate
        ("予算額（百万円）\t対前年度増減額（百万円）", "35.5\t5.5", 5_500_000, 30_000_000),
        # 皆増 says that there was nothing, and no figure
        ("予算額（千円）\t増減額（千円）", "100\t皆増", None, None),
        # a column that holds a rate is none of money
        ("予算額（千円）\t前年度比", "100\t18.3", None, None),
    ],
)
def test_a_printed_change_counts_where_no_last_year_is_printed(
    header: str, row: str, change: int | None, last: int | None
) -> None:
    """Nothing is put into the column of last year: what the change counts from is worked out."""
    (program,) = read(f"事業名\t{header}\n甲の事業\t{row}\n").programs
    assert program.previous_amount.yen is None
    assert (program.change_yen, program.compared_yen) == (change, last)
