"""Nothing of a question is dropped: what was not taken for anything keeps an answer from being
given, and what was taken for something is told."""

from __future__ import annotations

import pytest

from indexer.answers.answer import Status, TakenAs
from indexer.answers.answerer import Answerer
from tests.answers.conftest import Books

# Words that no title, and no text of the two books, prints.
UNPRINTED = ("監査", "炎上", "裁判", "返還請求", "談合", "入札", "視察団")
FRAMES = (
    "{title}を{word}した人は",
    "{title}が{word}した件は",
    "{title}の{word}の予算は",
    "{title}の{word}はいくらですか",
    "{word}した{title}の担当課は",
)
TIMES = ("三年前", "5年前", "10年前")


def titles_of(books: Books) -> tuple[str, ...]:
    titles = [p.title for d in books.parsed for p in d.programs]
    return tuple(title for title in dict.fromkeys(titles) if titles.count(title) == 1)


@pytest.mark.parametrize("frame", FRAMES)
def test_a_title_and_a_word_that_is_not_printed_is_never_answered(
    frame: str, books: Books, ask_books: Answerer
) -> None:
    """「Xを監査した人は」 asks of something else than the amount of X."""
    for number, title in enumerate(titles_of(books)):
        question = frame.format(title=title, word=UNPRINTED[number % len(UNPRINTED)])
        assert ask_books.ask(question).status is not Status.ANSWERED, question


@pytest.mark.parametrize("time", TIMES)
def test_a_number_that_is_not_read_is_never_answered(
    time: str, books: Books, ask_books: Answerer
) -> None:
    """「Xの三年前の予算は」 does not ask for this year's amount."""
    for title in titles_of(books)[::3]:
        question = f"{title}の{time}の予算は"
        assert ask_books.ask(question).status is not Status.ANSWERED, question


@pytest.mark.parametrize(
    ("question", "says"),
    [
        # a column of tables that this book does not have, said with the title
        ("学校給食費の無償化で親の所得制限はありますか", "所得制限"),
        # what a programme is named by may be said in other words, what is asked of it may not
        ("コミュニティバスの運行の視察団の予算は", "視察団"),
    ],
)
def test_what_is_missing_is_named(question: str, says: str, ask_books: Answerer) -> None:
    answer = ask_books.ask(question)
    assert answer.status in (Status.SHOWN, Status.ABSTAINED)
    assert any(word in says or says in word for word in answer.interpretation.unused_words)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (
            "みどり野市の令和7年度の道路維持費の予算は",
            ["publisher", "fiscal_year", "topic", "field"],
        ),
        ("新規の事業は何件", ["status", "topic", "operation"]),
        ("1億円以上の事業の一覧", ["amount", "topic", "operation"]),
        ("道路課の事業の合計はいくらですか", ["department", "topic", "operation", "field"]),
    ],
)
def test_every_part_is_bound(question: str, expected: list[str], ask_books: Answerer) -> None:
    """Each stretch says what it was taken for, in the order of the question."""
    answer = ask_books.ask(question)
    kinds = [b.taken_as for b in answer.interpretation.bound]
    told = [str(kind) for kind in kinds if kind is not TakenAs.POLITENESS]
    assert answer.status is Status.ANSWERED, answer.text
    assert told == expected
    assert all(b.typed in question for b in answer.interpretation.bound)
    assert not answer.interpretation.unused_words


@pytest.mark.parametrize(
    "question",
    [
        # two status words that exclude each other are a choice, not a premise of the amount
        "青波町の道路の予算って縮小されたんやろか、拡充されたんやろか",
    ],
)
def test_a_choice_of_statuses_asks_for_the_status(question: str, ask_books: Answerer) -> None:
    answer = ask_books.ask(question)
    assert answer.value is not None
    assert answer.value.text == "縮小"


def test_a_question_word_that_nothing_was_made_of_is_no_question_for_the_amount(
    ask_books: Answerer,
) -> None:
    """どの教科 asks for a subject: this year's 1,340万円 is no answer."""
    answer = ask_books.ask("デジタル教科書はどの教科で使われますか")
    assert answer.status is Status.SHOWN
    assert "英語と算数・数学の授業" in answer.passages[0].quote


@pytest.mark.parametrize(
    ("question", "status"),
    [
        # told in a speaker's own words: what is not printed is a verb, or everyday talk
        ("休みの日の部活が地域のクラブに移るって話、担当の課おしえて", Status.ANSWERED),
        # near in meaning to a printed word, and another thing
        ("インフルエンザ予防接種の助成はいくら計上されていますか", Status.SHOWN),
        # one word alone, printed somewhere in a text
        ("津波ハザードマップの作成費はいくら", Status.SHOWN),
    ],
)
def test_own_words_name_a_programme_and_other_things_do_not(
    question: str, status: Status, ask_books: Answerer
) -> None:
    assert ask_books.ask(question).status is status
