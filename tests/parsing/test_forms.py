"""Every layout family and tricky case of the formats survey, each in an invented few lines.

A row is what the survey saw (the reason) → lines in that form → what must come out. Amounts are
in thousand yen.
"""

# Printed lines and their readings stay on one line each.
# ruff: noqa: E501

from __future__ import annotations

import pytest

from indexer.model import MoneyState, ParsedDocument, Program, Role
from tests.parsing.books import FACTS, named, read, yen

Row = tuple[str, int | None, int | None, str | None, str | None]
"""title, this year, last year, status, department"""


def rows(document: ParsedDocument) -> list[Row]:
    programs = [program for program in document.programs if program.role is not Role.GROUP]
    return [(p.title, *yen(p), p.status, p.department) for p in programs]


FORMS: dict[str, tuple[str, list[Row]]] = {
    "a bracket of the title stays in the title, whatever stands in it": (
        "(1) 産後ケア（宿泊型） 40千円 (35千円)\n(2) 産後ケア（訪問型） 15千円\n",
        [("産後ケア（宿泊型）", 40, 35, None, None), ("産後ケア（訪問型）", 15, None, None, None)],
    ),
    "the department closes the text of its programme, in brackets or after 担当": (
        "福祉部\n\n○歯科健診　55千円（新規）\n　助成します。\n　【健康推進課】\n\n○見守り　12千円（充実）\n　訪問します。\n　担当：高齢課\n\n"
        "○相談　9千円（継続）\n　支援します。\n　【生活福祉課】\n",
        [
            ("歯科健診", 55, None, "新規", "健康推進課"),
            ("見守り", 12, None, "拡充", "高齢課"),
            ("相談", 9, None, "継続", "生活福祉課"),
        ],
    ),
    "a department in brackets may be named like a bureau, or have no 課": (
        "総務部\n\n開票の効率化\n1千円（2千円）\n見直し\n【選挙管理委員会事務局】\n開票台を更新します。\n\n開館の延長：380千円（図書館）\n",
        [
            ("開票の効率化", 1, 2, "見直し", "選挙管理委員会事務局"),
            ("開館の延長", 380, None, None, "図書館"),
        ],
    ),
    "a spaced-out status, and pipes left between title and amounts": (
        "甲の事業　｜　300千円　｜　（310千円）\n継 続\n▶高齢課\n行います。\n",
        [("甲の事業", 300, 310, "継続", "高齢課")],
    ),
    "a supplement prints 補正額 below the title": (
        "◆給付金の支給［福祉局］\n　　補正額　　１，８４５千円\n　　給付します。\n",
        [("給付金の支給", 1845, None, None, "福祉局")],
    ),
    "the title of the book is no header of a table, though 予算案 and 事業 stand in it": (
        "令和8年度予算案　主な事業\n\n１　子ども・教育\n\n『新』 給食費の無償化 ……… 8万円\n　無償にします。\n\n２　防災\n\n『新』 蓄電池 ……… 9万円\n",
        [("給食費の無償化", 80, None, "新規", None), ("蓄電池", 90, None, "新規", None)],
    ),
    "B: the mark stands after the amount, and 充実 is Chuo's word for 拡充": (
        "福祉保健部\n○放課後デイの充実　55,000千円（充実）\n　受け入れを広げます。\n○敬老祝い金　98,700千円\n",
        [("放課後デイの充実", 55_000, None, "拡充", None), ("敬老祝い金", 98_700, None, None, None)],
    ),
    "B2: mark in 『』 before the title, and a leader inside the entry is no contents line": (
        "『新』 予約システムの更新……………2億2,454万円\n更改します。\n『レ』 防犯カメラ…3,980万円\n給食の無償化…14億5,574万8千円\n",
        [
            ("予約システムの更新", 224_540, None, "新規", None),
            ("防犯カメラ", 39_800, None, "拡充", None),
            ("給食の無償化", 1_455_748, None, None, None),
        ],
    ),
    "B2: ● titles, no unit but 億 and 万": (
        "● 道の駅の整備……1億2,000万円\n● 観光案内…800万円\n",
        [("道の駅の整備", 120_000, None, None, None), ("観光案内", 8_000, None, None, None)],
    ),
    "B3: a colon of either width before the amount": (
        "◇体育館の空調：4億5,000万円\n◇ごみ処理施設:12億円\n",
        [("体育館の空調", 450_000, None, None, None), ("ごみ処理施設", 1_200_000, None, None, None)],
    ),
    "B3: numbered, the status in brackets between title and amount": (
        "(1)移住支援金(新規) 1,200万円\n(2)空き家バンク(継続) 80万円\n",
        [("移住支援金", 12_000, None, "新規", None), ("空き家バンク", 800, None, "継続", None)],
    ),
    "E: amount on the next line, department in the title's bracket": (
        "総務部\n■広報紙の発行【広報課】\n予算額　12,345千円\n　毎月発行します。\n■納税の推進【財政課】【新規】\n予算額　5千円\n",
        [("広報紙の発行", 12_345, None, None, "広報課"), ("納税の推進", 5, None, "新規", "財政課")],
    ),
    "E: the extraction put the amount above its title": (
        "総務部\n予算額　12,345千円\n■広報紙の発行【広報課】\n　毎月発行します。\n予算額　5千円\n■納税の推進【財政課】\n　返礼します。\n",
        [("広報紙の発行", 12_345, None, None, "広報課"), ("納税の推進", 5, None, None, "財政課")],
    ),
    "E: the amount comes after the text": (
        "■広報紙の発行【広報課】\n　毎月発行します。\n予算額　12,345千円\n■納税の推進【財政課】\n　返礼します。\n予算額　5千円\n",
        [("広報紙の発行", 12_345, None, None, "広報課"), ("納税の推進", 5, None, None, "財政課")],
    ),
    "case 5: status on its own line, on the department's, before the title, after the amount, missing": (
        "甲の事業\n1千円\n新規\n▶総務課\n乙の事業\n2千円\n拡充 ▶企画課\n【見直し】丙の事業\n3千円\n▶財政課\n丁の事業\n4千円（縮小）\n▶税務課\n"
        "戊の事業\n5千円\n▶防災課\n",
        [
            ("甲の事業", 1, None, "新規", "総務課"),
            ("乙の事業", 2, None, "拡充", "企画課"),
            ("丙の事業", 3, None, "見直し", "財政課"),
            ("丁の事業", 4, None, "縮小", "税務課"),
            ("戊の事業", 5, None, None, "防災課"),
        ],
    ),
    "status and department between title and amount": (
        "甲の事業\n拡充 ▶総務課\n1千円（2千円）\n行います。\n乙の事業\n新規 ▶企画課\n3千円（— 千円）\n行います。\n",
        [("甲の事業", 1, 2, "拡充", "総務課"), ("乙の事業", 3, None, "新規", "企画課")],
    ),
    "status on the line above the title (Hamamatsu)": (
        "（新規）\n甲の事業 1千円\n（拡充）\n乙の事業 2千円\n",
        [("甲の事業", 1, None, "新規", None), ("乙の事業", 2, None, "拡充", None)],
    ),
    "division headings over their programmes": (
        "総務部\n【総務課】\n○甲の事業 1千円\n○乙の事業 2千円\n【企画課】\n○丙の事業 3千円\n",
        [
            ("甲の事業", 1, None, None, "総務課"),
            ("乙の事業", 2, None, None, "総務課"),
            ("丙の事業", 3, None, None, "企画課"),
        ],
    ),
    "case 12: a middle dot inside a title and inside one department": (
        "旧山荘・少年自然の家の解体\n1千円\n▶災害対策・危機管理課\n",
        [("旧山荘・少年自然の家の解体", 1, None, None, "災害対策・危機管理課")],
    ),
    "two marked departments": (
        "甲の事業\n1千円\n新規 ▶指導課 ▶学務課\n",
        [("甲の事業", 1, None, "新規", "指導課、学務課")],
    ),
    "case 13: U+25CB and U+3007 both open a title, 〇歳 does not": (
        "○甲の事業 1千円\n〇乙の事業 2千円\n〇歳児保育 3千円\n",
        [("甲の事業", 1, None, None, None), ("乙の事業", 2, None, None, None), ("〇歳児保育", 3, None, None, None)],
    ),
    "case 13: half-width katakana mark": (
        "【ﾚﾍﾞﾙ】甲の事業 1千円\n【臨新】乙の事業 2千円\n【臨継】丙の事業 3千円\n",
        [("甲の事業", 1, None, "拡充", None), ("乙の事業", 2, None, "新規", None), ("丙の事業", 3, None, "継続", None)],
    ),
    "case 16: a signed figure in the bracket is the change, not last year's amount": (
        "甲の事業\n900千円（△100千円）\n", [("甲の事業", 900, None, None, None)]
    ),
    "the change in words behind both figures": (
        "甲の事業\n900千円（1,000千円）100千円減\n乙の事業\n5千円（4千円） 1千円の増\n",
        [("甲の事業", 900, 1_000, None, None), ("乙の事業", 5, 4, None, None)],
    ),
    "case 17: figures without units under two declarations": (
        "（単位　千円）\n甲の事業 52,014（33,706）\n（単位：百万円）\n乙の事業 1,200（－）\n",
        [("甲の事業", 52_014, 33_706, None, None), ("乙の事業", 1_200_000, None, None, None)],
    ),
    "case 19: labels say which figure is which, previous first": (
        "甲の事業　前年度　300千円　本年度　500千円\n乙の事業　予算額　5千円　前年度予算額　4千円\n",
        [("甲の事業", 500, 300, None, None), ("乙の事業", 5, 4, None, None)],
    ),
    "case 20: the bracket names its year (MOF)": (
        "甲の事業 140億円(6年度:128億円)\n", [("甲の事業", 14_000_000, 12_800_000, None, None)]
    ),
    "case 20: a bracket about something else is not last year's amount": (
        "甲の事業 500千円（うち一般財源 200千円）\n", [("甲の事業", 500, None, None, None)]
    ),
    "two brackets of different width in one pair": (
        "甲の事業 500千円（400千円)\n乙の事業 5千円〔4千円）\n", [("甲の事業", 500, 400, None, None), ("乙の事業", 5, 4, None, None)]
    ),
    "an amount inside a title belongs to the title": (
        "1億円プロジェクト 5,000千円（— 千円）\n給付金（5万円）の支給\n7,000千円\n",
        [("1億円プロジェクト", 5_000, None, None, None), ("給付金（5万円）の支給", 7_000, None, None, None)],
    ),
    "prose with an amount is text": (
        "甲の事業\n5,000千円\n区は、補助金として40,500千円を交付します。\n1人当たり12,000円を上限とします。\n",
        [("甲の事業", 5_000, None, None, None)],
    ),
    "新たな, 更新 and 刷新 are no status": (
        "新たな保育所の整備 1千円\n更新 計画の策定支援 2千円\n", [("新たな保育所の整備", 1, None, None, None), ("更新 計画の策定支援", 2, None, None, None)]
    ),
    "titles in a column, amounts in a column (extraction)": (
        "<一般会計>\n5 政策経営部\n\n甲の事業の推進\n乙の事業の推進\n5千円（4千円）\n3千円（2千円）\n拡充 ▶企画課\n",
        [("甲の事業の推進", 5, 4, "拡充", "企画課"), ("乙の事業の推進", 3, 2, "拡充", "企画課")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("reason", FORMS)
def test_form(reason: str) -> None:
    """The lines of one form give these programmes and leave nothing unread."""
    text, expected = FORMS[reason]
    document = read(text)
    assert rows(document) == expected
    assert [p.kind for p in document.problems if p.severity == "error"] == []
    assert [p for p in document.problems if p.kind == "unclaimed_line"] == []


def one(text: str) -> Program:
    (program,) = read(text).programs
    return program


STATES = {
    # case 2: a printed dash and a printed zero are two facts
    "甲の事業\n5千円（— 千円）": ("value", "none", "— 千円"),
    "甲の事業\n5千円（0千円）": ("value", "zero", "0千円"),
    # 皆増: last year there was nothing
    "甲の事業\n5千円（皆増）": ("value", "none", "皆増"),
    # C3: a dash where this year's amount stands keeps the programme
    "甲の事業\n- 千円 (5千円)": ("none", "value", "5千円"),
    "甲の事業 未定（5千円）": ("undetermined", "value", "5千円"),
    # case 29: a misprint is kept and flagged
    "甲の事業 33兆97,23億円（5千円）": ("unreadable", "value", "5千円"),
    "甲の事業 263.401千円（5千円）": ("unreadable", "value", "5千円"),
}


@pytest.mark.parametrize("text", STATES)
def test_state_of_amounts(text: str) -> None:
    """Why there is no number is a fact of its own."""
    program = one(text)
    found = (program.amount.state, program.previous_amount.state, program.previous_amount.raw)
    assert found == STATES[text]


@pytest.mark.parametrize(
    ("legend", "state"),
    [("※「－」は他の事業に計上", MoneyState.ELSEWHERE), ("※「－」は計上なし", MoneyState.NONE)],
)
def test_the_book_says_what_its_dash_means(legend: str, state: MoneyState) -> None:
    """Case 27: in Shinjuku's book a dash is counted elsewhere; the programme stays."""
    program = one(f"{legend}\n甲の事業\n－ 千円（5千円）\n")
    assert program.amount.state is state


def test_zero_below_the_unit() -> None:
    """Hamamatsu and MOF print 0 for what is below their unit: no zero, no number."""
    program = one("「0」は単位未満\n甲の事業\n0千円（5千円）\n")
    assert (program.amount.state, program.amount.yen) == (MoneyState.BELOW_UNIT, None)


def test_no_unit_anywhere_is_an_error_not_a_guess() -> None:
    """A figure that may be yen or thousands stays unread, and the reader is told."""
    document = read("甲の事業 52,014（33,706）\n", None)
    (program,) = document.programs
    assert program.amount.state is MoneyState.UNREADABLE
    assert "unreadable_amount" in [problem.kind for problem in document.problems]


def test_marks_with_and_without_a_legend() -> None:
    """★ means what the book says; without a word it is assumed to be a priority, and noted."""
    lines = "★甲の事業 1千円\n乙の事業 2千円\n"
    assumed = read(lines)
    assert named(assumed)["甲の事業"].status == "重点"
    assert "assumed_mark" in [problem.kind for problem in assumed.problems]
    said = read("★：新規事業　☆：拡充事業\n" + lines)
    assert named(said)["甲の事業"].status == "新規"
    assert "assumed_mark" not in [problem.kind for problem in said.problems]
    everywhere = read("★甲の事業 1千円\n★乙の事業 2千円\n")
    assert [program.status for program in everywhere.programs] == [None, None]


def test_parent_may_share_its_first_childs_title() -> None:
    """A', case 11: told apart by order; and the list is flat where the body nests."""
    document = read(
        "3 地域振興部\n1 安全なまち\n地域防災力の向上···121\n地域防災力の向上···121\n避難所の運営···122\n\n"
        "地域防災力の向上 30千円（25千円）\n(1) 地域防災力の向上 20千円（18千円）\n(2) 避難所の運営 10千円（7千円）\n拡充 ▶防災課\n訓練します。\n"
    )
    parent, first, second = document.programs
    assert (parent.role, first.role, second.role) == (Role.PARENT, Role.CHILD, Role.CHILD)
    assert [p.contents.order for p in document.programs if p.contents] == [1, 2, 3]
    assert parent.id != first.id
    assert parent.flags == ("amount_is_sum_of_children",)
    assert [program.page for program in document.programs] == [121, 121, 122]


def test_children_after_the_text() -> None:
    """The parent's block first, its parts below with texts of their own."""
    document = read(
        "公園の再整備\n30千円（20千円）\n拡充\n▶公園課\n公園を改修します。\n"
        "1 中央公園 20千円（15千円）\n遊具を更新します。\n2 西公園 10千円（5千円）\n園路を直します。\nR8 見込額：1百万円\n"
    )
    parent, first, second = document.programs
    assert parent.child_ids == (first.id, second.id)
    assert [p.text for p in first.description] == ["遊具を更新します。"]
    assert [p.text for p in second.description] == ["園路を直します。"]
    assert [p.text for p in parent.description] == ["公園を改修します。"]
    assert (first.status, first.inherited) == ("拡充", ("status", "department"))
    assert len(parent.forecasts) == 1
    assert second.forecasts == ()


def test_numbered_programmes_are_no_children() -> None:
    """Numbers that run through a section number programmes, each with its own labels."""
    document = read(
        "甲の事業\n5千円\n新規\n▶総務課\n行います。\n1 乙の事業 6千円\n拡充 ▶企画課\n進めます。\n2 丙の事業 7千円\n継続 ▶財政課\n続けます。\n"
    )
    assert {program.role for program in document.programs} == {Role.STANDALONE}


def test_share_of_an_amount() -> None:
    """Case 26: うち is part of the amount above, 再掲 was counted before; neither is summed."""
    document = read(
        "甲の事業\n50千円（45千円）\n拡充\n▶福祉課\n配布します。\nうち車両購入費 8千円（— 千円）\n乙の事業（再掲） 5千円\n"
    )
    first, part, repeated = document.programs
    assert (part.parent_id, part.flags, part.is_summed) == (first.id, ("part_of",), False)
    assert (repeated.flags, repeated.is_summed) == (("repeated",), False)
    assert first.is_summed


def test_notes_about_money_are_text() -> None:
    """財源 and 上限額 lines look like heads and are none."""
    document = read(
        "甲の事業\n50千円\n新規\n行います。\n国庫支出金 20千円\n一般財源 30千円\n補助上限額 500千円\n"
    )
    (program,) = document.programs
    assert len(program.description) == 4


FORECASTS = {
    "R8 見込額：40 百万円 R9 見込額：完了": [(2026, 40, "value"), (2027, None, "completed")],
    "令和8年度見込額 40百万円": [(2026, 40, "value")],
    "Ｒ８　見込額：１，６９２百万円／Ｒ９　見込額：未定": [
        (2026, 1692, "value"),
        (2027, None, "undetermined"),
    ],
    "見込額　R8：5億円　R9：5億2千万円": [(2026, 500, "value"), (2027, 520, "value")],
    "8年度見込額：7,000千円、9年度見込額：―": [(2026, 7, "value"), (2027, None, "undetermined")],
    "見込額（百万円） R8：40 R9：50": [(2026, 40, "value"), (2027, 50, "value")],
    "（R8 見込額：40百万円　R9 見込額：0百万円）": [(2026, 40, "value"), (2027, 0, "zero")],
    "R8 見込額：1,692 R9 見込額：完了": [(2026, 1692, "value"), (2027, None, "completed")],
    "R8見込み額 40 R9見込み額 50": [(2026, 40, "value"), (2027, 50, "value")],
    "R8 見込額：－百万円": [(2026, None, "undetermined")],
}


@pytest.mark.parametrize("printed", FORECASTS)
def test_forecast(printed: str) -> None:
    """Case 3 and its kin: years, values and states on one line (million yen)."""
    program = one(f"甲の事業\n5千円\n新規\n▶総務課\n行います。\n{printed}\n")
    found = [
        (f.fiscal_year, f.amount.yen and f.amount.yen // 1_000_000, str(f.amount.state))
        for f in program.forecasts
    ]
    assert found == FORECASTS[printed]
    assert len(program.description) == 1


def test_a_sentence_about_a_forecast_is_text() -> None:
    """Only a line of nothing but years and values is a forecast."""
    program = one("甲の事業\n5千円\n行います。\n令和8年度見込額は40百万円です。\n")
    assert program.forecasts == ()
    assert len(program.description) == 2


def test_members_with_forecasts_of_their_own() -> None:
    """Printed under every member, a forecast is the member's; printed once, the group's."""
    heads = "甲の事業\t1千円\n乙の事業\t2千円\n拡充 ▶総務課\n"
    each = read(
        heads + "1 甲の事業\n行う。\nR8 見込額：1百万円\n2 乙の事業\n行う。\nR8 見込額：2百万円\n"
    )
    assert [len(program.forecasts) for program in each.programs] == [0, 1, 1]
    once = read(heads + "1 甲の事業\n行う。\n2 乙の事業\n行う。\nR8 見込額：2百万円\n")
    assert [len(program.forecasts) for program in once.programs] == [1, 0, 0]


@pytest.mark.parametrize("size", [2, 3, 5])
def test_shared_header_of_any_size(size: int) -> None:
    """The group has no amount of its own; members come back as subheads and stay one programme."""
    names = [f"{mark}の事業" for mark in "甲乙丙丁戊"[:size]]
    heads = "".join(f"{name} {n},000千円 (— 千円)\n" for n, name in enumerate(names, 1))
    subs = "".join(f"({n}) {name}\n{name}を行います。\n" for n, name in enumerate(names, 1))
    document = read(heads + "新規 ▶総務課\n共通の説明です。\n" + subs)
    group, *members = document.programs
    assert (group.role, len(members), group.amount.raw) == (Role.GROUP, size, "")
    assert group.title == "、".join(names)
    assert [member.number for member in members] == [str(n) for n in range(1, size + 1)]
    assert all(len(member.description) == 1 for member in members)


def test_contents_without_programme_and_programme_without_contents() -> None:
    """Both sides of the reconciliation are told, with their lines."""
    document = read(
        "5 政策経営部\n甲の事業……12\n乙の事業……13\n\n甲の事業\n1千円\n新規\n\n丙の事業\n2千円\n拡充\n"
    )
    kinds = {problem.kind: problem.line for problem in document.problems}
    assert kinds["contents_without_program"] == 3
    assert kinds["program_without_contents"] == 9
    assert [check.ok for check in document.checks] == [False]


def test_a_listed_title_without_amount_is_a_programme_with_a_problem() -> None:
    """Nothing is dropped because its amount is missing."""
    document = read(
        "5 政策経営部\n甲の事業……12\n乙の事業……13\n\n甲の事業\n\n説明します。\n\n乙の事業\n2千円\n拡充\n"
    )
    first = document.programs[0]
    assert (first.title, first.amount.raw, len(first.description)) == ("甲の事業", "", 1)
    assert "program_without_amount" in [problem.kind for problem in document.problems]


def test_declared_totals_are_checks_not_programmes() -> None:
    """合計, a bureau's own sum and a count; a wrong one is a problem."""
    document = read(
        "総務部 3千円\n甲の事業 1千円\n乙の事業 2千円\n総務部 計 3千円\n福祉部\n丙の事業 4千円\n全3事業\n合計 8千円\n"
    )
    assert [program.title for program in document.programs] == ["甲の事業", "乙の事業", "丙の事業"]
    failed = [problem.kind for problem in document.problems]
    assert failed == ["declared_total_differs"]
    assert [check.ok for check in document.checks].count(False) == 1


def test_children_that_do_not_add_up() -> None:
    """Both figures are kept as printed; the difference is told."""
    document = read("甲の事業 10千円\n1 乙 4千円\n2 丙 5千円\n新規 ▶総務課\n")
    assert [problem.kind for problem in document.problems] == ["children_do_not_add_up"]
    assert document.programs[0].flags == ()


def test_pages_and_running_heads() -> None:
    """Case 22: dropped by repetition beside page numbers; the page number is kept."""
    page = "- {} -\n\n令和7年度予算の概要\n\n{}の事業 {}千円\n行います。\n\n"
    document = read(
        "".join(page.format(n, mark, n) for n, mark in zip(range(12, 16), "甲乙丙丁", strict=True))
    )
    assert [(p.title, p.page) for p in document.programs] == [
        ("甲の事業", 12), ("乙の事業", 13), ("丙の事業", 14), ("丁の事業", 15)]  # fmt: skip
    assert document.problems == ()


def test_a_paragraph_over_a_page_break() -> None:
    """The page number between its halves is furniture."""
    program = one(
        "甲の事業\n5千円\n新規\n区民の防災意識の向上を図るため、\n\n－8－\n\n訓練を実施します。\n"
    )
    assert [p.text for p in program.description] == [
        "区民の防災意識の向上を図るため、訓練を実施します。"
    ]
    assert (program.description[0].first_line, program.description[0].last_line) == (4, 8)


def test_special_accounts() -> None:
    """Case 25: an account holds until the next one."""
    document = read(
        "<一般会計>\n5 区民部\n甲の事業 1千円\n〔国民健康保険事業会計〕\n乙の事業 2千円\n【介護保険特別会計】\n丙の事業 3千円\n"
    )
    accounts = [program.account for program in document.programs]
    assert accounts == ["一般会計", "国民健康保険事業会計", "介護保険特別会計"]
    assert document.document.account is None


@pytest.mark.parametrize(
    ("line", "number", "section"),
    [
        ("5 政策経営部", "5", "政策経営部"),
        ("５　政策経営部", "5", "政策経営部"),
        ("第5章　政策経営部", "5", "政策経営部"),
        ("Ⅴ 教育委員会事務局", "Ⅴ", "教育委員会事務局"),
        ("【保健福祉部】", None, "保健福祉部"),
        ("区議会事務局", None, "区議会事務局"),
        ("8 会計室", "8", "会計室"),
        ("第3款　民生費", "3", "民生費"),
        ("# 6 環境まちづくり部", "6", "環境まちづくり部"),
    ],
)
def test_section_headings(line: str, number: str | None, section: str) -> None:
    """A bureau, or the 款 that stands in its place."""
    program = one(f"{line}\n\n甲の事業\n5千円\n")
    assert (program.section_number, program.section) == (number, section)


def test_two_sections_may_have_a_programme_of_one_name() -> None:
    """Matched inside the section; ids differ by section."""
    chapter = "{0} {1}\n1 目標\n共通の事業……{2}\n\n共通の事業\n{0}千円\n新規\n▶{1}課\n\n"
    document = read(chapter.format(1, "総務部", 11) + chapter.format(2, "福祉部", 22))
    first, second = document.programs
    assert (first.page, second.page) == (11, 22)
    assert first.id != second.id


def test_one_list_for_two_chapters() -> None:
    """Sections stand in the list only, or in list and body."""
    contents = "5 総務部\n1 甲の目標\n甲の事業……12\n6 福祉部\n1 乙の目標\n乙の事業……13\n\n"
    bodies = ("甲の事業\n1千円\n新規\n", "乙の事業\n2千円\n拡充\n")
    for text in (
        contents + "".join(bodies),
        f"{contents}5 総務部\n{bodies[0]}6 福祉部\n{bodies[1]}",
    ):
        first, second = read(text).programs
        assert (first.section, first.policy_goal) == ("総務部", "甲の目標")
        assert (second.section, second.policy_goal) == ("福祉部", "乙の目標")


def test_contents_with_pages_in_a_column_of_their_own() -> None:
    """Yaizu: titles and pages came apart in extraction; equal counts put them together."""
    document = read(
        "5 総務部\n甲の事業………\n乙の事業………\n\n12\n13\n\n甲の事業\n1千円\n新規\n乙の事業\n2千円\n拡充\n"
    )
    assert [program.page for program in document.programs] == [12, 13]


def test_facts_are_inferred_and_said_so() -> None:
    """No manifest: the title page tells year and publisher; nothing tells what it does not."""
    document = read("令和8年度　中野区予算案の概要\n\n甲の事業\n1千円\n", None)
    book = document.document
    assert (book.fiscal_year, book.publisher and book.publisher.code) == (2026, "131148")
    assert book.title == "令和8年度　中野区予算案の概要"
    assert {"fiscal_year", "publisher", "title", "amount_unit"} <= set(book.inferred)
    bare = read("甲の事業\n1千円\n", None)
    assert (bare.document.fiscal_year, bare.document.publisher) == (None, None)
    kinds = {problem.kind for problem in bare.problems}
    assert {"unknown_fiscal_year", "unknown_publisher"} <= kinds


def test_the_manifest_wins() -> None:
    """What is stated is never overruled by the text."""
    book = read("令和8年度　中野区予算案の概要\n\n甲の事業\n1千円\n", FACTS).document
    assert (book.fiscal_year, book.publisher and book.publisher.name) == (2025, "架空区")
    assert not {"fiscal_year", "publisher", "title"} & set(book.inferred)


def test_status_against_the_figures_is_flagged() -> None:
    """Case 29: printed as it is, both shown."""
    document = read(
        "甲の事業\n4千円（5千円）\n拡充\n乙の事業\n4千円（5千円）\n新規\n丙の事業\n6千円（5千円）\n縮小\n"
    )
    assert [program.flags for program in document.programs] == [
        ("status_expanded_but_amount_decreased",),
        ("new_but_previous_amount",),
        ("status_reduced_but_amount_increased",),
    ]


def test_compatibility_characters_are_kept_and_matched() -> None:
    """Case 28: ⺠ of the list is 民 of the body; what is stored stays as printed."""
    document = read("5 総務部\n区⺠の⽣活支援……12\n\n区民の生活支援\n1千円\n新規\nβ´モデル㈱⑲\n")
    (program,) = document.programs
    assert (program.title, program.page) == ("区民の生活支援", 12)
    assert program.description[0].text == "β´モデル㈱⑲"


@pytest.mark.parametrize(
    ("first", "second", "number"),
    [
        # the forms of four cities; the number is the theme's own
        ("１　子育て・教育", "２　防災・安全", "2"),
        ("Ⅰ　子育て・教育", "Ⅱ　防災・安全", "Ⅱ"),
        ("【政策１】　子育て・教育", "【政策２】　防災・安全", "2"),
        ("子育て関係", "防災・安全関係", None),
    ],
)
def test_a_theme_between_programmes_is_a_heading(
    first: str, second: str, number: str | None
) -> None:
    """It is not the last paragraph of the programme above it, and the reading is said."""
    text = (
        f"{first}\n\n○甲の事業　1千円\n　行います。\n\n{second}\n\n○乙の事業　2千円\n　行います。\n"
    )
    document = read(text)
    programs = named(document)
    assert [p.text for p in programs["甲の事業"].description] == ["行います。"]
    assert (programs["乙の事業"].policy_goal or "").startswith("防災・安全")
    assert programs["乙の事業"].policy_goal_number == number
    assert [p.kind for p in document.problems if p.kind == "inferred_theme"] == ["inferred_theme"]


def test_a_numbered_list_before_the_next_title_is_no_theme() -> None:
    """No such line stands over the first programme, so the book has no themes."""
    text = (
        "○甲の事業　1千円\n　次を行います。\n\n1 相談\n\n2 訪問\n\n○乙の事業　2千円\n　行います。\n"
    )
    programs = named(read(text))
    assert len(programs["甲の事業"].description) == 3
    assert programs["乙の事業"].policy_goal is None
