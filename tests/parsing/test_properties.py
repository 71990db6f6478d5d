"""What must hold for every text: nothing lost, nothing twice, no crash; and how change shows."""

# Printed lines and their readings stay on one line each.
# ruff: noqa: E501

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.errors import SourceError
from indexer.model import LineRole, ParsedDocument, Program
from tests.parsing.books import FACTS, read

SAMPLE = (
    (Path(__file__).resolve().parents[2] / "corpus" / "chiyoda-2025-05-policy-management.md")
    .read_text(encoding="utf-8")
)  # fmt: skip

PIECES = [
    "<一般会計>", "5 政策経営部", "総務部", "- 1 基本構想の実現に向けて", "防災の推進……………156", "防災の推進 156", "防災の推進",
    "1 防災の推進", "52,014千円 (33,706 千円)", "(33,706千円)", "— 千円", "防災 5千円 (— 千円)", "(1) 解体 5千円", "・周知 8千円",
    "新規", "拡充 ▶企画課", "▶総務課", "【新規】広報 5千円", "○広報 5千円(充実)", "『新』広報…5万円", "■広報【広報課】", "予算額 5千円",
    "R8 見込額：40 百万円 R9 見込額：完了", "R8 見込額：－", "区は、防災を行います。", "区は、防災と", "合計 60,000千円", "全12事業",
    "（単位：千円）", "★は新規", "「－」は他の事業に計上", "うち車両 5千円", "広報（再掲） 5千円", "事業名\t予算額\t担当課",
    "防災\t5,000\t企画課", "小計\t5", "|事業名|予算額（千円）|", "|---|---|", "|防災|5|", "事業名,予算額（千円）", '"防災,', '推進",5',
    "- 12 -", "\f", "12", "目次", "令和7年度予算", "33兆97,23億円", "款", "①", "**", "-----", "1 ", "（", "】", "", "",
]  # fmt: skip
LINES = st.lists(
    st.sampled_from(PIECES)
    | st.text(
        alphabet='区1,２千億円（）()【】…・-—新規拡充▶ 　\t課部会計R8見込額：|"*。あア①',
        max_size=24,
    )
    | st.text(max_size=12).map(lambda text: re.sub(r"[\r\n]", "", text)),
    max_size=30,
)


@given(LINES, st.booleans())
@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_nothing_is_lost_and_nothing_read_twice(lines: list[str], stated: bool) -> None:
    """Any text: every line is claimed exactly once; body lines are exactly the paragraphs' lines;
    a line that could not be read says so; only ``SourceError`` is ever raised."""
    try:
        document = read("\n".join(lines), FACTS if stated else None)
    except SourceError:
        return
    assert [claim.line for claim in document.claims] == list(range(1, len(lines) + 1))
    roles = {claim.line: claim.role for claim in document.claims}
    body = {number for number, role in roles.items() if role is LineRole.BODY}
    told = [
        number
        for program in document.programs
        for paragraph in program.description
        for number in range(paragraph.first_line, paragraph.last_line + 1)
        if roles[number] is LineRole.BODY
    ]
    assert set(told) == body
    assert len(told) == len(body)
    problems = {problem.line for problem in document.problems}
    assert {n for n, role in roles.items() if role is LineRole.PROBLEM} <= problems
    identifiers = [program.id for program in document.programs]
    assert len(set(identifiers)) == len(identifiers)
    for program in document.programs:
        assert re.fullmatch(r"[a-z0-9-]+", program.id)
        assert set(program.child_ids) <= set(identifiers)
        assert program.parent_id is None or program.parent_id in identifiers


@given(LINES)
@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_amounts_stand_on_their_lines(lines: list[str]) -> None:
    """What is quoted as an amount is printed, letter by letter, on the line that is named."""
    try:
        document = read("\n".join(lines))
    except SourceError:
        return
    for program in document.programs:
        amounts = [program.amount, program.previous_amount, *(f.amount for f in program.forecasts)]
        for money in amounts:
            if money.raw and money.line and '"' not in document.lines[money.line - 1]:
                assert money.raw in document.lines[money.line - 1]


def facts(document: ParsedDocument) -> list[tuple[Any, ...]]:
    """What a reader sees of every programme, width of characters left out; not the lines."""
    return [_facts(program) for program in document.programs]


def _facts(program: Program) -> tuple[Any, ...]:
    def plain(text: str | None) -> str | None:
        return unicodedata.normalize("NFKC", text) if text else text

    return (
        program.id,
        plain(program.title),
        program.role,
        program.number,
        program.account,
        (program.section_number, program.section),
        (program.policy_goal_number, plain(program.policy_goal)),
        (program.status, program.department),
        (program.amount.yen, program.amount.state),
        (program.previous_amount.yen, program.previous_amount.state),
        tuple((f.fiscal_year, f.amount.yen, f.amount.state) for f in program.forecasts),
        program.page,
        tuple(plain(paragraph.text) for paragraph in program.description),
        (program.inherited, program.flags),
    )


def wide(text: str) -> str:
    return text.translate(str.maketrans("0123456789,():", "０１２３４５６７８９，（）："))


def wrap(text: str, width: int) -> str:
    lines = []
    for line in text.split("\n"):
        is_text = line.endswith("。") and not line.startswith("- ")
        pieces = [line[i : i + width] for i in range(0, len(line), width)] if is_text else [line]
        lines += pieces
    return "\n".join(lines)


def regex(pattern: str, replacement: str) -> Callable[[str], str]:
    return lambda text: re.sub(pattern, replacement, text, flags=re.MULTILINE)


def swap(*pairs: tuple[str, str]) -> Callable[[str], str]:
    def change(text: str) -> str:
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new)
        return text

    return change


LEADER = "……………"
SAME_CONTENT = {
    # the same book typed with other characters
    "full-width digits": wide,
    "horizontal bars for dashes": swap(("—", "―"), ("：- ", "：‐ "), ("－", "─")),
    "ASCII dashes": swap(("—", "-"), ("－", "-")),
    "other brackets": swap(("(", "（"), ("<", "〔"), (">", "〕")),
    # every leader of the survey, and none
    **{f"leader {sign!r}": swap((LEADER, sign)) for sign in (
        "・・・・・", " ....... ", "\t", "‥‥", " ---- ", " ", "　", "····", " ・ ・ ・ ", "………", "――――", "＿＿＿")},
    # marks of the conversion are no part of the book
    "no bold": swap(("**", "")),
    "no list marks": regex(r"^ ?- ", ""),
    "no tabs": swap(("\t", " ")),
    "tabs as two spaces": swap(("\t", "  ")),
    "headings as Markdown": regex(r"^(5 政策経営部)$", r"## \1"),
    # blank lines
    "no blank lines": lambda text: "\n".join(line for line in text.split("\n") if line.strip()),
    "doubled blank lines": swap(("\n", "\n\n")),
    # a narrower page
    "paragraphs wrapped at 40": lambda text: wrap(text, 40),
    "paragraphs wrapped at 30": lambda text: wrap(text, 30),
    "wrapped without blank lines": lambda text: "\n".join(
        line for line in wrap(text, 40).split("\n") if line.strip()),
    "indented paragraphs": regex(r"^(?!- )(.*。)$", r"　\1"),
    "wrapped title": swap(("荘・軽井沢少年自然の家の解体 **", "荘・軽井沢\n少年自然の家の解体 **")),
    "wrapped goal": swap(("都市基盤や災害", "都市基盤や\n  災害")),
    "wrapped contents": swap(("荘・軽井沢少年自然の家の解体……", "荘・軽井沢\n   少年自然の家の解体……")),
    # the order and form of labels in other years and wards
    "status in brackets": regex(r"^(新規|拡充)", r"【\1】"),
    "department in brackets": regex(r"▶(\S+)", r"【\1】"),
    "department labelled": regex(r"▶(\S+)", r"（担当：\1）"),
    "department after a word": regex(r"▶(\S+)", r"所管課：\1"),
    "bare department": regex(r"▶(\S+)", r"\1"),
    "title and amount on one line": regex(r"\n\n(?=\d[\d,]*千円 \()", " "),
    "labelled amounts": regex(r"^(\d[\d,]*千円) \((.*)\)$", r"予算額 \1（前年度 \2）"),
    "previous on its own line": regex(r"^(\d[\d,]*千円) (\(.*\))$", r"\1\n\2"),
    # forecasts
    "forecast years in full": swap(("R8 見込額", "令和8年度見込額"), ("R9 見込額", "令和9年度見込額")),
    "forecasts on two lines": swap((" R9 見込額", "\nR9 見込額")),
    "forecasts with a slash": swap((" R9 見込額", "／R9 見込額")),
    "forecasts without colon": swap(("見込額：", "見込額 ")),
    # numbers before subtitles
    "bracketed numbers": regex(r"^([1-4]) ", r"(\1) "),
    "circled numbers": lambda text: re.sub(
        r"^([1-4]) ", lambda match: "①②③④"[int(match[1]) - 1], text, flags=re.MULTILINE),
    "numbers with a point": regex(r"^([1-4]) ", r"\1．"),
    "glued numbers": regex(r"^([1-4]) ", r"\1"),
    # pages
    "page numbers and form feeds": swap(
        ("\nホームタウンちよだ応援事業\n\n", "\n- 156 -\n\n\fホームタウンちよだ応援事業\n\n"),
        ("\n全庁LANの保守管理\n\n", "\n－157－\n\n全庁LANの保守管理\n\n")),
}  # fmt: skip


@pytest.mark.parametrize("change", SAME_CONTENT)
def test_print_changes_and_content_does_not(change: str) -> None:
    """The real chapter printed another way reads the same, ids included."""
    changed = SAME_CONTENT[change](SAMPLE)
    assert changed != SAMPLE
    assert facts(read(changed)) == facts(read(SAMPLE))


def test_changed_figures_follow() -> None:
    """Other figures, the same ids: a permalink outlives a corrected amount."""
    changed = SAMPLE.replace("52,014千円", "98,765千円").replace("R9 見込額：53", "R9 見込額：77")
    before, after = read(SAMPLE).programs, read(changed).programs
    assert [program.id for program in before] == [program.id for program in after]
    assert after[0].amount.yen == 98_765_000
    assert after[1].forecasts[1].amount.yen == 77_000_000
    assert [p.amount for p in before[1:]] == [p.amount for p in after[1:]]


def test_a_changed_title_follows_everywhere() -> None:
    """Contents, head and subhead: one programme under its new name."""
    changed = SAMPLE.replace("地域のスマート化の推進", "商店街のにぎわい創出")
    titles = [program.title for program in read(changed).programs]
    assert "商店街のにぎわい創出" in titles
    assert len(titles) == len(read(SAMPLE).programs)
    assert all(check.ok for check in read(changed).checks)


def test_two_chapters_in_one_file() -> None:
    """A second chapter starts its own contents, goals and section; the first stays as it was."""
    second = SAMPLE.replace("5 政策経営部", "6 地域振興部").replace("<一般会計>\n", "")
    for text in (SAMPLE + "\n" + second, SAMPLE.rstrip() + "\n\f" + second.lstrip()):
        document = read(text)
        half = len(document.programs) // 2
        assert facts(document)[:half] == facts(read(SAMPLE))
        assert [p.section for p in document.programs[half:]] == ["地域振興部"] * half
        assert [row[6:] for row in facts(document)[half:]] == [
            row[6:] for row in facts(read(SAMPLE))
        ]
        assert all(check.ok for check in document.checks)


def test_inserted_programmes_leave_ids_alone() -> None:
    """Also when the newcomer has a title that is already there, in another section."""
    block = "新しい事業\n\n1千円 (— 千円)\n\n新規\n\n▶総務課\n\n始めます。\n\n"
    at = SAMPLE.index("組織変革の推進\n\n9,501")
    before = {program.id for program in read(SAMPLE).programs}
    assert before <= {program.id for program in read(SAMPLE[:at] + block + SAMPLE[at:]).programs}


def test_without_a_list_goals_and_pages_are_not_guessed() -> None:
    """Everything else stands as it did."""
    lines = [line for n, line in enumerate(SAMPLE.split("\n"), 1) if not 7 <= n <= 20]
    found, whole = facts(read("\n".join(lines))), facts(read(SAMPLE))
    for row, expected in zip(found, whole, strict=True):
        assert row[:6] == expected[:6]
        assert row[6] == (None, None)
        assert row[7:11] == expected[7:11]
        assert row[11] is None
        assert row[12:] == expected[12:]


def test_long_lines_and_many_lines_end() -> None:
    """Lines of a hundred thousand characters of any one kind are body, not a trap."""
    for filler in (
        "1",
        "1,",
        "千",
        " ",
        "(",
        "- ",
        "…",
        "あ区は、1千円を",
        "・",
        "新規 ",
        "R8 見込額：",
    ):
        text = SAMPLE + "\n" + (filler * 100_000)[:100_000] + "円\n"
        assert facts(read(text))[:12] == facts(read(SAMPLE))[:12]
