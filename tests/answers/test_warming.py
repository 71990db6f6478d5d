"""An answerer made ready beforehand answers as one that is not."""

from __future__ import annotations

from tests.answers.indexed import Books, answerer_of


def test_a_warmed_answerer_answers_as_a_cold_one(books: Books) -> None:
    warmed, cold = answerer_of(books), answerer_of(books)
    warmed.warm()
    for question in ("みどり野市の道路維持費はいくら", "ほいくりょうむしょうかのよさんは"):
        assert warmed.ask(question) == cold.ask(question)


def test_warming_stops_when_told(books: Books) -> None:
    answerer = answerer_of(books)
    answerer.warm(stopped=lambda: True)
    assert "facets" not in vars(answerer._lexicon)
