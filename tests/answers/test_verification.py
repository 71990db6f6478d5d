"""A number nobody can trace never leaves: the check itself, on answers made wrong on purpose."""

from __future__ import annotations

from dataclasses import replace

import pytest

from indexer.answers.answer import Answer, Derivation
from indexer.answers.answerer import Answerer
from indexer.answers.verification import recomputes, untraced_numbers

QUESTION = "ホームタウンちよだ応援事業の予算はいくら"


@pytest.fixture
def answer(ask_chapter: Answerer) -> Answer:
    return ask_chapter.ask(QUESTION)


def test_a_true_answer_passes(answer: Answer) -> None:
    assert untraced_numbers(answer, QUESTION) == ()


# Each is a fault seen in published systems: another figure, a lost unit, another year.
@pytest.mark.parametrize(
    ("printed", "wrong"),
    [
        ("4,050万円", "4,051万円"),
        ("4,050万円", "4,050億円"),
        ("40,500千円", "40,500,000千円"),
        ("令和7年度", "令和2年度"),
    ],
)
def test_a_changed_number_is_found(answer: Answer, printed: str, wrong: str) -> None:
    changed = replace(answer, text=answer.text.replace(printed, wrong))
    assert untraced_numbers(changed, QUESTION)


def test_a_value_without_evidence_is_found(answer: Answer) -> None:
    assert untraced_numbers(replace(answer, evidence=()), QUESTION)


@pytest.mark.parametrize(
    ("derivation", "right"),
    [
        (Derivation("sum", (1, 2, 3), 6, 3, 3), True),
        (Derivation("sum", (1, 2, 3), 7, 3, 3), False),
        (Derivation("sub", (52_014, 33_706), 18_308), True),
        (Derivation("sub", (52_014, 33_706), -18_308), False),
        (Derivation("div", (18_308, 33_706), 54.3), True),
        (Derivation("div", (18_308, 33_706), 5.43), False),
        (Derivation("avg", (1, 2), 2), True),
        (Derivation("max", (5, 9, 2), 9), True),
        (Derivation("max", (5, 9, 2), 10), False),
    ],
)
def test_derivations_are_executed_again(derivation: Derivation, right: bool) -> None:
    assert recomputes(derivation) is right
