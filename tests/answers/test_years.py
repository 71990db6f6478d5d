"""Years count by the books of each publisher, and a request is neither budget nor forecast."""

from __future__ import annotations

from dataclasses import replace

import pytest

from indexer.answers.answer import Code, Status
from indexer.answers.answerer import Answerer
from indexer.model import Forecast
from tests.answers.indexed import Books, answerer_of, with_programs


@pytest.fixture(scope="module")
def ask_staggered(books: Books) -> Answerer:
    """The books, with those of 青波町 one year newer than all others."""
    parsed = tuple(
        replace(d, document=replace(d.document, fiscal_year=2026))
        if d.document.id.startswith("aonami")
        else d
        for d in books.parsed
    )
    return answerer_of(Books(parsed))


# (question, amount, year of the figure): what 去年 and 前年度 are depends on whose book it is.
STAGGERED = [
    ("特産品の開発の予算は", 2_800_000, 2026),
    ("漁港の維持の去年の予算は", 35_100_000, 2025),
    ("橋りょうの長寿命化の去年の予算は", 150_300_000, 2024),
    ("橋りょうの長寿命化の令和6年度の予算", 150_300_000, 2024),
    ("漁港の維持の令和7年度の予算", 35_100_000, 2025),
    ("児童館の建て替えの予算は", 240_000_000, 2024),
    ("みどり野市の道路維持費の今年度の予算", 318_450_000, 2025),
]


@pytest.mark.parametrize(("question", "yen", "year"), STAGGERED)
def test_years_are_those_of_the_publisher(
    ask_staggered: Answerer, question: str, yen: int, year: int
) -> None:
    answer = ask_staggered.ask(question)
    assert answer.value is not None, answer.text
    assert (answer.value.number, answer.value.fiscal_year) == (yen, year), answer.text


def test_an_older_book_is_said_to_be_one(ask_books: Answerer) -> None:
    answer = ask_books.ask("児童館の建て替えの予算は")
    assert any("令和6年度の予算書" in note for note in answer.interpretation.assumptions)


def test_a_request_is_no_forecast(books: Books) -> None:
    program = next(p for p in books.all_programs() if p.title == "漁港の維持")
    asked = replace(program, forecasts=(Forecast(2026, "令和8年度要求額", program.amount),))
    answerer = answerer_of(with_programs(books, (asked,)))
    refused = answerer.ask("漁港の維持の令和8年度の見込額は")
    assert refused.status is Status.ABSTAINED
    assert "見込額が" not in refused.text
    answer = answerer.ask("漁港の維持の要求額は")
    assert answer.value is not None
    assert (answer.value.number, answer.value.basis) == (33_600_000, "要求額")
    other = answerer.ask("海水浴場の開設の要求額は")
    assert other.abstention is not None
    assert other.abstention.code is Code.FIELD_NOT_IN_BOOK
