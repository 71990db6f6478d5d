"""A programme of one publisher is never the answer to a question about another place."""

from __future__ import annotations

from dataclasses import replace

import pytest

from indexer.answers.answer import Code
from indexer.answers.answerer import Answerer
from indexer.model import Paragraph
from tests.answers.indexed import Books, answerer_of, with_programs

# Each of these is spoken of in some other programme's text, and is no publisher of the index.
SPOKEN_OF = ("札幌市", "東京都", "大阪市", "港区", "渋谷区")


@pytest.fixture(scope="module")
def ask_much(books: Books) -> Answerer:
    """The books, with one programme whose text names many places."""
    program = next(p for p in books.all_programs() if p.title == "食品ロスの削減")
    text = f"{'、'.join(SPOKEN_OF)}と連携して行います。"
    told = replace(program, description=(Paragraph(text, 1, 1),))
    return answerer_of(with_programs(books, (told,)))


@pytest.mark.parametrize("place", SPOKEN_OF)
@pytest.mark.parametrize(
    "question",
    ["{}の道路維持費の予算", "{}の図書館の運営はいくら", "{}では空き家対策の推進の担当課はどこ"],
)
def test_another_place_is_refused_though_some_text_names_it(
    ask_much: Answerer, place: str, question: str
) -> None:
    answer = ask_much.ask(question.format(place))
    assert answer.abstention is not None
    assert answer.abstention.code is Code.PUBLISHER_NOT_INDEXED


def test_a_place_describes_the_programme_that_prints_it(ask_much: Answerer) -> None:
    answer = ask_much.ask("札幌市との連携のある食品ロスの削減の予算")
    assert answer.value is not None
    assert answer.value.number == 2_360_000


@pytest.mark.parametrize(
    "question",
    ["隣の町の道路維持費の予算", "よその市の図書館の運営の予算", "文京区民の図書館の運営の予算"],
)
def test_places_without_a_name_and_their_people(ask_books: Answerer, question: str) -> None:
    answer = ask_books.ask(question)
    assert answer.abstention is not None
    assert answer.abstention.code is Code.PUBLISHER_NOT_INDEXED


def test_the_state_means_its_ministries_where_their_books_are_indexed(books: Books) -> None:
    first = books.parsed[0]
    assert first.document.publisher is not None
    ministry = replace(first.document.publisher, name="環境省")
    parsed = (
        replace(first, document=replace(first.document, publisher=ministry)),
        *books.parsed[1:],
    )
    answerer = answerer_of(Books(parsed))
    assert answerer.ask("国の図書館システムの更新の予算").abstention is not None
    title = first.programs[0].title
    answer = answerer.ask(f"国の{title}の予算")
    assert answer.value is not None
    assert answer.value.number == first.programs[0].amount.yen
