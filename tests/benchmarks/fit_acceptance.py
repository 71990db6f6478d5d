"""Fit how surely the programme is meant that a description comes nearest to.

    python -m tests.benchmarks.fit_acceptance

The questions are the committed ones whose answer hangs on it, with the programme they mean (or
none); and descriptions of things that no book has, made of one printed and one unprinted noun
(「下水の運営の予算は」). A logistic regression with a small penalty, held out ten times; the least
likelihood accepted, .8 or more, is where at most one in twenty of those accepted is wrong: of all
answers, one in a hundred. Writes ``indexer/answers/acceptance.toml``.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
from numpy.typing import NDArray

from indexer.answers import acceptance
from indexer.answers.acceptance import SIGNS
from indexer.answers.answerer import Answerer
from indexer.answers.linking import Link
from indexer.model import Program
from tests.answers.conftest import HERE, QUESTIONS, read_books
from tests.answers.indexed import answerer_of

TARGET = Path(acceptance.__file__).with_name("acceptance.toml")
_PENALTY = 0.02
_FOLDS = 10
_WRONG = 0.05
_LEAST = 0.8
_MADE_WEIGHT = 0.3
_NOUNS = (
    "下水",
    "体育館",
    "給水車",
    "漁船",
    "墓地",
    "消防車",
    "競輪場",
    "花火大会",
    "診療所",
    "火葬場",
)
_FORMS = (
    "{other}の{own}の予算は",
    "{own}のための{other}はいくら",
    "{other}に{own}をする事業の予算",
)

Case = tuple[tuple[float, ...], bool, float]
"""Signs, whether the first is the one meant, and what the case counts."""


def main() -> None:
    """Fit, print the held-out figures, and write the file."""
    answerers: dict[str | None, Answerer] = {
        "chapter": answerer_of(read_books(HERE.parent.parent / "corpus"), with_meaning=True),
        "books": answerer_of(read_books(HERE / "books"), with_meaning=True),
    }
    cases = [*_asked(answerers), *_made(answerers)]
    signs = np.array([one for one, _, _ in cases])
    meant = np.array([is_meant for _, is_meant, _ in cases], dtype=float)
    counts = np.array([weight for _, _, weight in cases])
    chances = _held_out(signs, meant, counts)
    least = _least(chances, meant, counts)
    taken = chances >= least
    print(f"{len(cases)} cases, {int(meant.sum())} meant")
    print(f"held out, from {least:.2f} on: {int((taken * meant).sum())} right,", end=" ")
    print(f"{int((taken * (1 - meant)).sum())} wrong")
    weights, constant = _fit(signs, meant, counts)
    lines = [f"least = {least:.2f}", f"constant = {constant:.3f}", "", "[weights]"]
    lines += [f"{name} = {weight:.3f}" for name, weight in zip(SIGNS, weights, strict=True)]
    TARGET.write_text("\n".join(lines) + "\n", "utf-8")


def _asked(answerers: Mapping[str | None, Answerer]) -> Iterator[Case]:
    """The committed questions whose programme is known, or that mean none."""
    for path in (*sorted(QUESTIONS.glob("*.jsonl")), *sorted((HERE / "fresh").glob("*.jsonl"))):
        for line in path.read_text("utf-8").splitlines():
            record = json.loads(line)
            signs = _signs(answerers[record["books"]], record["question"])
            if signs is None:
                continue
            first, found = signs
            is_meant = _is_meant(first, record)
            if is_meant is not None:
                yield found, is_meant, 1.0


def _made(answerers: Mapping[str | None, Answerer]) -> Iterator[Case]:
    """Descriptions of what no book has: a noun of a programme with one that is printed nowhere."""
    chance = random.Random(7)
    for answerer in answerers.values():
        for entry in answerer._lexicon.entries:
            own = chance.choice(answerer._lexicon.analyzer.lexemes(entry.program.title)).surface
            form = chance.choice(_FORMS)
            signs = _signs(answerer, form.format(own=own, other=chance.choice(_NOUNS)))
            if signs is not None:
                yield signs[1], False, _MADE_WEIGHT


def _signs(answerer: Answerer, question: str) -> tuple[Program, tuple[float, ...]] | None:
    """The nearest programme and its signs, of a question whose answer hangs on them."""
    seen: list[tuple[Program, tuple[float, ...]]] = []

    def look(link: Link, described: str, *, is_told: bool) -> bool:
        if link.may_be_told(described, is_told=is_told):
            seen.append((link.hits[0].program, link.signs(described, is_told=is_told)))
        return False

    with mock.patch.object(Link, "tells", look):
        answerer.ask(question)
    return seen[-1] if seen else None


def _is_meant(program: Program, record: Mapping[str, Any]) -> bool | None:
    """Whether the programme is the one a question means; None where the record does not tell."""
    expect = record["expect"]
    title = record.get("program") or expect.get("shows") or expect.get("entity")
    if title is not None:
        return bool(title == program.title or (len(title) < 8 and title in program.title))
    statuses = expect.get("status", "answered")
    if not {"answered", "partial"} & set([statuses] if isinstance(statuses, str) else statuses):
        return False
    if (number := expect.get("number")) is not None:
        amounts = (program.amount.yen, program.previous_amount.yen, program.page)
        return number in (*amounts, *(forecast.amount.yen for forecast in program.forecasts))
    if (text := expect.get("text")) not in (None, "はい", "いいえ"):
        return text in (program.department, program.status, program.section)
    return None


def _fit(
    signs: NDArray[Any], meant: NDArray[Any], counts: NDArray[Any]
) -> tuple[NDArray[Any], float]:
    """Weights and constant that make the outcomes most likely, by Newton's steps."""
    table = np.hstack([signs, np.ones((len(signs), 1))])
    penalty = np.full(table.shape[1], _PENALTY * counts.sum() / 10)
    penalty[-1] = 0.0
    weights = np.zeros(table.shape[1])
    for _ in range(50):
        chances = 1 / (1 + np.exp(-table @ weights))
        slope = table.T @ (counts * (meant - chances)) - penalty * weights
        bend = (table * (counts * chances * (1 - chances))[:, None]).T @ table + np.diag(penalty)
        weights = weights + np.linalg.solve(bend + 1e-9 * np.eye(len(bend)), slope)
    return weights[:-1], float(weights[-1])


def _held_out(signs: NDArray[Any], meant: NDArray[Any], counts: NDArray[Any]) -> NDArray[Any]:
    """The chance of each case by weights fitted without it and its fold."""
    folds = np.random.default_rng(0).permutation(len(signs)) % _FOLDS
    chances = np.zeros(len(signs))
    for fold in range(_FOLDS):
        kept = folds != fold
        weights, constant = _fit(signs[kept], meant[kept], counts[kept])
        chances[~kept] = 1 / (1 + np.exp(-(signs[~kept] @ weights + constant)))
    return chances


def _least(chances: NDArray[Any], meant: NDArray[Any], counts: NDArray[Any]) -> float:
    """From which chance on at most one in fifty of the accepted is wrong."""
    for least in np.arange(_LEAST, 0.99, 0.01):
        taken = chances >= least
        wrong = (counts * taken * (1 - meant)).sum()
        if wrong <= _WRONG * max(1.0, (counts * taken).sum()):
            return float(least)
    return 0.99


if __name__ == "__main__":
    main()
