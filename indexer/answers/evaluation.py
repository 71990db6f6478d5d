"""How well are questions answered? Accuracy per kind, wrong answers, refusals, codes.

A question file is JSON lines, one question each::

    {"question": "ホームタウンちよだ応援事業の予算は", "group": "amount",
     "expect": {"status": "answered", "kind": "amount", "number": 40500000, "fiscal_year": 2025}}

``expect`` names contract fields; only those named are compared. ``status`` may be a list.
``number`` (with ``unit``, ``text``, ``fiscal_year``, ``basis``) is of ``value``; ``rows`` is the
set of row titles, ``row_numbers`` maps titles to numbers; ``code`` is the abstention's;
``contains`` must stand in ``value.text``; ``quote`` in some evidence; ``entity`` is the matched
title. ``shows`` is the title of the programme whose lines do as well, shown and claiming nothing,
where the question says more than is printed.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.answers.answer import Answer, answer_to_json
from indexer.answers.answerer import Answerer
from indexer.errors import UsageError

_VALUE_FIELDS = ("number", "unit", "text", "fiscal_year", "basis")
_KNOWN = {
    *_VALUE_FIELDS,
    "status",
    "kind",
    "rows",
    "row_numbers",
    "code",
    "contains",
    "quote",
    "entity",
    "shows",
}
_UNANSWERABLE = ("abstained", "ambiguous", "shown")


@dataclass(frozen=True, slots=True)
class Question:
    """A question with the contract fields expected of its answer."""

    text: str
    group: str
    expect: Mapping[str, Any]
    books: str | None = None
    """Which books it is asked of, where a file holds questions for several."""

    @property
    def is_answerable(self) -> bool:
        """Whether some answer is expected, be it a partial one."""
        return not set(_statuses(self.expect)) <= set(_UNANSWERABLE)

    @property
    def needs_answer(self) -> bool:
        """Whether no refusal is expected."""
        return not set(_statuses(self.expect)) & set(_UNANSWERABLE)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question asked: what differs from what was expected."""

    question: Question
    answer: Answer
    differences: tuple[str, ...]

    @property
    def is_right(self) -> bool:
        """Whether every field expected is as expected."""
        return not self.differences


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of a question set."""

    outcomes: tuple[Outcome, ...]

    @property
    def accuracy(self) -> float:
        """Share of questions with every expected field right."""
        return _share(sum(o.is_right for o in self.outcomes), len(self.outcomes))

    @property
    def accuracy_by_group(self) -> dict[str, float]:
        """Accuracy per group of questions."""
        right: Counter[str] = Counter()
        total: Counter[str] = Counter()
        for outcome in self.outcomes:
            total[outcome.question.group] += 1
            right[outcome.question.group] += outcome.is_right
        return {group: _share(right[group], total[group]) for group in sorted(total)}

    @property
    def wrong_answer_rate(self) -> float:
        """Share of answered questions whose answer is not the expected one."""
        answered = [o for o in self.outcomes if o.answer.status == "answered"]
        return _share(sum(not o.is_right for o in answered), len(answered))

    @property
    def answered_although_unanswerable(self) -> float:
        """Share of unanswerable questions that were answered outright."""
        hard = [o for o in self.outcomes if not o.question.is_answerable]
        return _share(sum(o.answer.status == "answered" for o in hard), len(hard))

    @property
    def refused_although_answerable(self) -> float:
        """Share of questions for which only an answer will do that were refused, or shown lines
        of another programme."""
        plain = [o for o in self.outcomes if o.question.needs_answer]
        refused = [o for o in plain if o.answer.status in _UNANSWERABLE and not o.is_right]
        return _share(len(refused), len(plain))

    @property
    def refusal_rate(self) -> float:
        """Share of all questions that were refused."""
        refused = sum(o.answer.status in _UNANSWERABLE for o in self.outcomes)
        return _share(refused, len(self.outcomes))

    @property
    def code_accuracy(self) -> float:
        """Share of questions with an expected code that got it."""
        coded = [o for o in self.outcomes if "code" in o.question.expect]
        right = sum(_code(o.answer) in _as_list(o.question.expect["code"]) for o in coded)
        return _share(right, len(coded))

    @property
    def failures(self) -> tuple[Outcome, ...]:
        """The questions that did not come out as expected."""
        return tuple(o for o in self.outcomes if not o.is_right)

    def to_json(self) -> dict[str, Any]:
        """The report as one JSON object."""
        return {
            "questions": len(self.outcomes),
            "accuracy": self.accuracy,
            "accuracy_by_group": self.accuracy_by_group,
            "wrong_answer_rate": self.wrong_answer_rate,
            "answered_although_unanswerable": self.answered_although_unanswerable,
            "refused_although_answerable": self.refused_although_answerable,
            "refusal_rate": self.refusal_rate,
            "code_accuracy": self.code_accuracy,
            "failures": [
                {
                    "question": o.question.text,
                    "group": o.question.group,
                    "differences": list(o.differences),
                    "answer": o.answer.text,
                }
                for o in self.failures
            ],
        }


def load_questions(path: Path) -> tuple[Question, ...]:
    """The questions of a JSONL file. Raises :class:`UsageError` naming file and line."""
    found: list[Question] = []
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"質問ファイル {path} を読めません（{error}）。") from error
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        found.append(_question_of(line, path, number))
    return tuple(found)


def _question_of(line: str, path: Path, number: int) -> Question:
    try:
        record = json.loads(line)
        expect = record["expect"]
        unknown = set(expect) - _KNOWN
        question = Question(
            record["question"], record.get("group", "other"), expect, record.get("books")
        )
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f"{path} の{number}行目が質問の形式（question と expect を持つ JSON）ではありません。"
        ) from error
    if unknown:
        names = "、".join(sorted(unknown))
        raise UsageError(f"{path} の{number}行目の expect に知らない項目があります：{names}。")
    return question


def evaluate(answerer: Answerer, questions: Iterable[Question]) -> Report:
    """Ask every question and compare the fields expected."""
    return Report(tuple(ask_one(answerer, question) for question in questions))


def ask_one(answerer: Answerer, question: Question) -> Outcome:
    """Ask one question."""
    answer = answerer.ask(question.text)
    return Outcome(question, answer, differences(answer, question.expect))


def differences(answer: Answer, expect: Mapping[str, Any]) -> tuple[str, ...]:
    """What of ``expect`` the answer does not meet, in words.

    A sentence asked for may be shown without being claimed to answer."""
    got = answer_to_json(answer)
    if answer.status == "shown" and {"contains", "shows"} & set(expect):
        return tuple(_not_shown(answer, expect))
    found: list[str] = []
    for name in ("status", "kind"):
        if name in expect and got[name] not in _accepted(name, expect[name]):
            found.append(f"{name}: {expect[name]} ≠ {got[name]}")
    value = got["value"] or {}
    for name in _VALUE_FIELDS:
        if name in expect and not _equal(value.get(name), expect[name]):
            found.append(f"{name}: {expect[name]} ≠ {value.get(name)}")
    if "code" in expect and _code(answer) not in _as_list(expect["code"]):
        found.append(f"code: {expect['code']} ≠ {_code(answer)}")
    found.extend(_row_differences(answer, expect))
    if "contains" in expect and expect["contains"] not in (value.get("text") or ""):
        found.append(f"contains: {expect['contains']} ∉ {value.get('text')}")
    if "quote" in expect and not any(expect["quote"] in e.quote for e in answer.evidence):
        found.append(f"quote: {expect['quote']}")
    entity = answer.interpretation.entity
    if "entity" in expect and (entity is None or entity.matched != expect["entity"]):
        found.append(f"entity: {expect['entity']} ≠ {entity.matched if entity else None}")
    return tuple(found)


def _not_shown(answer: Answer, expect: Mapping[str, Any]) -> Iterable[str]:
    quotes = [passage.quote for passage in answer.passages]
    if "contains" in expect and not any(expect["contains"] in quote for quote in quotes):
        yield f"contains: {expect['contains']} ∉ {quotes}"
    titles = [passage.title for passage in answer.passages]
    if "shows" in expect and expect["shows"] not in titles:
        yield f"shows: {expect['shows']} ∉ {titles}"


def _row_differences(answer: Answer, expect: Mapping[str, Any]) -> Iterable[str]:
    titles = [row.title for row in answer.rows]
    if "rows" in expect and Counter(titles) != Counter(expect["rows"]):
        yield f"rows: {expect['rows']} ≠ {titles}"
    numbers: defaultdict[str, list[float | None]] = defaultdict(list)
    for row in answer.rows:
        numbers[row.title].append(row.value.number if row.value else None)
    for title, number in expect.get("row_numbers", {}).items():
        if number not in numbers[title]:
            yield f"row {title}: {number} ≠ {numbers[title]}"


def _code(answer: Answer) -> str | None:
    return str(answer.abstention.code) if answer.abstention else None


def _accepted(name: str, expected: Any) -> list[Any]:
    """What will do: lines shown in place of an answer claim as little as a refusal."""
    values = _as_list(expected)
    return [*values, "shown"] if name == "status" and set(values) & {"abstained"} else values


def _statuses(expect: Mapping[str, Any]) -> Sequence[str]:
    return _as_list(expect.get("status", "answered"))


def _as_list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else [value]


def _equal(got: Any, wanted: Any) -> bool:
    if isinstance(wanted, float) and isinstance(got, (int, float)):
        return abs(got - wanted) < 0.005
    return bool(got == wanted)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0
