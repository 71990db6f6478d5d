"""When the book changes, the answer changes with it, and with nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from indexer.answers.answerer import Answerer
from indexer.model import Money, MoneyState, ParsedDocument, Program
from tests.answers.indexed import Books, answerer_of, with_programs, without_program

TITLE = "ホームタウンちよだ応援事業"


def program_of(reader: Books, title: str) -> Program:
    return next(program for program in reader.all_programs() if program.title == title)


def with_line(reader: Books, number: int, text: str) -> Books:
    """The same books with one printed line replaced in the only document."""
    (parsed,) = reader.parsed
    lines = list(parsed.lines)
    lines[number - 1] = text
    return Books((replace(parsed, lines=tuple(lines)),))


def with_amount(reader: Books, title: str, thousand: int) -> Books:
    program = program_of(reader, title)
    raw = f"{thousand:,}千円"
    money = Money(thousand * 1000, MoneyState.VALUE, raw, "千円", program.amount.line)
    changed = with_programs(reader, [replace(program, amount=money)])
    assert program.amount.line is not None
    return with_line(changed, program.amount.line, f"{raw} (— 千円)")


@pytest.mark.parametrize("thousand", [1, 999, 12_345, 7_654_321])
def test_amount_follows_the_book(chapter: Books, thousand: int) -> None:
    answer = answerer_of(with_amount(chapter, TITLE, thousand)).ask(f"{TITLE}の予算はいくら")
    assert answer.value is not None
    assert answer.value.number == thousand * 1000
    assert f"{thousand:,}千円" in answer.evidence[0].quote


def test_sum_and_rank_follow_the_book(chapter: Books) -> None:
    answerer = answerer_of(with_amount(chapter, TITLE, 9_000_000))
    total = answerer.ask("新規事業の合計額は").value
    assert total is not None
    assert total.number == 90_001_000 - 40_500_000 + 9_000_000_000
    assert answerer.ask("一番予算が大きい事業は").rows[0].title == TITLE


def test_deleted_programme_is_refused(chapter: Books) -> None:
    reader = without_program(chapter, program_of(chapter, TITLE).id)
    for question in (f"{TITLE}の予算はいくら", f"{TITLE}の担当課は", f"{TITLE}は新規ですか"):
        answer = answerer_of(reader).ask(question)
        assert answer.status in ("abstained", "shown"), question
        assert answer.abstention is not None
        assert answer.abstention.code == "PROGRAM_NOT_FOUND"


def test_swapped_years_swap_the_answers(books: Books) -> None:
    years = {"midorino-2025": (2024, "令和6年度"), "midorino-2024": (2025, "令和7年度")}

    def swapped(parsed: ParsedDocument) -> ParsedDocument:
        if parsed.document.id not in years:
            return parsed
        year, label = years[parsed.document.id]
        document = replace(parsed.document, fiscal_year=year, fiscal_year_label=label)
        return replace(parsed, document=document)

    before, after = answerer_of(books), answerer_of(Books(tuple(map(swapped, books.parsed))))
    for label, other in (("令和7年度", "令和6年度"), ("令和6年度", "令和7年度")):
        question = "みどり野市の{}の道路維持費はいくら"
        first = before.ask(question.format(label)).value
        second = after.ask(question.format(other)).value
        assert first is not None
        assert second is not None
        assert first.number == second.number


def test_order_of_the_books_does_not_matter(books: Books) -> None:
    turned = answerer_of(Books(tuple(reversed(books.parsed))))
    plain = answerer_of(books)
    for question in (
        "みどり野市の道路維持費はいくら",
        "新規事業の合計額は",
        "みどり野市の部別の予算合計",
        "なくなった事業は",
    ):
        first, second = plain.ask(question), turned.ask(question)
        assert first.value == second.value
        assert {row.title: row.value for row in first.rows} == {
            row.title: row.value for row in second.rows
        }


PARAPHRASES = (
    "防災意識の普及・啓発の予算額はいくらですか",
    "防災意識の普及・啓発の予算額はいくらだ",
    "防災意識の普及・啓発って予算いくらなの？",
    "防災意識の普及・啓発、予算は？",
    "防災意識の普及・啓発　予算",
    "防災意識の普及啓発の予算額を教えてください。",
    "教えて！防災意識の普及・啓発の金額",
    "防災意識の普及・啓発にいくらかかりますか",
    "防災意識の普及・啓発はなんぼなん",
    "ぼうさいいしきのふきゅうけいはつのよさん",
    "令和７年度の防災意識の普及・啓発はいくら",
    "R7 防災意識の普及・啓発",
    "防災意識の普及･啓発の当初予算額",
)


@pytest.mark.parametrize("question", PARAPHRASES)
def test_paraphrases_have_one_answer(ask_chapter: Answerer, question: str) -> None:
    value = ask_chapter.ask(question).value
    assert value is not None
    assert (value.number, value.fiscal_year, value.basis) == (52_014_000, 2025, "当初予算")


def test_the_clock_does_not_choose_the_year(ask_chapter: Answerer) -> None:
    """今年 is the newest book's year, whatever the date; the answer says so."""
    from datetime import date

    for today in (date(2025, 4, 1), date(2031, 1, 1)):
        answer = ask_chapter.ask("今年の組織変革の推進の予算は", today)
        assert answer.value is not None
        assert answer.value.fiscal_year == 2025
        assert any("今年" in note for note in answer.interpretation.assumptions)
