"""Looking words up by their rarest letters finds what reading every text finds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from indexer.answers.holdings import Holdings
from tests.answers.indexed import Books, answerer_of

LETTERS = st.text(alphabet="道路公園のけん", max_size=8)


@given(st.lists(LETTERS, max_size=12), LETTERS)
def test_holdings_are_those_of_reading_every_text(texts: list[str], word: str) -> None:
    expected = {i for i, text in enumerate(texts) if word and word in text}
    assert Holdings(texts).holding(word) == expected


def test_a_warmed_answerer_answers_as_a_cold_one(books: Books) -> None:
    warmed, cold = answerer_of(books), answerer_of(books)
    warmed.warm()
    for question in ("みどり野市の道路維持費はいくら", "ほいくりょうむしょうかのよさんは"):
        assert warmed.ask(question) == cold.ask(question)


def test_warming_stops_when_told(books: Books) -> None:
    answerer = answerer_of(books)
    answerer.warm(stopped=lambda: True)
    assert "bodies" not in vars(answerer._lexicon)
