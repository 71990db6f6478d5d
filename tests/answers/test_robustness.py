"""Whatever is typed: an answer or a typed refusal, never an exception, never a stray number."""

from __future__ import annotations

import json
from unittest import mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.answers.answer import Status, answer_to_json
from indexer.answers.answerer import Answerer
from indexer.answers.evaluation import load_questions
from indexer.answers.linking import Link
from tests.answers.conftest import QUESTIONS

PIECES = st.sampled_from(
    [
        "ホームタウンちよだ応援事業",
        "軽井沢",
        "の",
        "予算",
        "いくら",
        "新規",
        "拡充",
        "総務課",
        "R8",
        "令和6年度",
        "1億円以上",
        "合計",
        "一番",
        "何件",
        "より",
        "増えた",
        "？",
        "なぜ",
        "以外",
        "課ごと",
        "、",
        "と",
        "何倍",
        "全体の何％",
        "見込額",
        "は",
        "0",
        "△",
        "「",
        "」",
    ]
)
QUIET = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@QUIET
@given(question=st.lists(PIECES, max_size=9).map("".join))
def test_any_mix_of_question_words_is_handled(ask_chapter: Answerer, question: str) -> None:
    check(ask_chapter, question)


@QUIET
@given(question=st.text(max_size=60))
def test_any_text_is_handled(ask_chapter: Answerer, question: str) -> None:
    check(ask_chapter, question)


def check(answerer: Answerer, question: str) -> None:
    answer = answerer.ask(question)
    record = answer_to_json(answer)
    json.dumps(record, ensure_ascii=False)
    assert answer.text
    if answer.status in ("abstained", "ambiguous"):
        assert answer.abstention is not None
    elif answer.status == "shown":
        assert answer.value is None
        assert 1 <= len(answer.passages) <= 3
    else:
        assert answer.value is not None or answer.rows


@pytest.mark.parametrize("question", ["", " ", "　", "あ" * 5000, "\u0000", "（）", "𠮷野家", "ｶﾞｷﾞ"])
def test_odd_input_is_not_answered(ask_chapter: Answerer, question: str) -> None:
    assert ask_chapter.ask(question).status in ("abstained", "shown")


def test_no_books_at_all_is_refused() -> None:
    from tests.answers.indexed import Books, answerer_of

    answerer = answerer_of(Books(()))
    for question in (
        "道路維持費はいくら",
        "新規事業の合計",
        "一番大きい事業は",
        "予算は",
        "R8の見込額",
    ):
        assert answerer.ask(question).status in ("abstained", "ambiguous", "answered")


def test_answers_are_deterministic(ask_chapter: Answerer) -> None:
    for question in load_questions(QUESTIONS / "chapter.jsonl")[:60]:
        assert ask_chapter.ask(question.text) == ask_chapter.ask(question.text)


def test_a_title_of_several_programmes_is_asked_back_however_sure_the_search_is(
    ask_books: Answerer,
) -> None:
    """Nothing but the title is said, so that nothing describes which of the two is meant."""
    with mock.patch.object(Link, "names", return_value=True):
        answer = ask_books.ask("みどり野市の施設修繕費の担当課はどこ")
    assert answer.status is Status.AMBIGUOUS
    assert len(answer.alternatives) == 2
