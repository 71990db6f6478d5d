"""Questions written from the books by people who had not seen the program.

First runs: ``questions.jsonl``, as such people would ask (240; .83 right, 4 of 70 unanswerable ones
answered); ``second.jsonl``, programmes told in everyday words only, and things that look like them
(140; .65 right, 15 of 60 unanswerable ones answered). Since then they are data to develop with, so
that these floors hold what was gained, and tell nothing of new wordings.
"""

from __future__ import annotations

import pytest

from indexer.answers.answerer import Answerer
from indexer.answers.evaluation import Report, ask_one, load_questions
from tests.answers.conftest import HERE

Reports = dict[str, Report]


@pytest.fixture(scope="module")
def fresh(answerers: dict[str | None, Answerer]) -> Reports:
    return {
        path.name: Report(
            tuple(ask_one(answerers[question.books], question) for question in load_questions(path))
        )
        for path in (HERE / "fresh").glob("*.jsonl")
    }


@pytest.mark.parametrize(
    ("name", "right", "wrong", "unanswerable"),
    [("questions.jsonl", 0.85, 0.04, 0.0), ("second.jsonl", 0.67, 0.06, 0.02)],
)
def test_right_and_wrong(
    name: str, right: float, wrong: float, unanswerable: float, fresh: Reports
) -> None:
    report = fresh[name]
    assert report.accuracy >= right, report.accuracy_by_group
    assert report.wrong_answer_rate <= wrong
    assert report.answered_although_unanswerable <= unanswerable


@pytest.mark.parametrize("name", ["questions.jsonl", "second.jsonl"])
def test_what_is_not_answered_is_mostly_shown(name: str, fresh: Reports) -> None:
    """Where an answer was wanted and not given, the nearest lines stand in its place."""
    missed = [o for o in fresh[name].failures if o.question.is_answerable]
    shown = [o for o in missed if o.answer.passages]
    assert len(shown) >= 0.7 * len(missed)
