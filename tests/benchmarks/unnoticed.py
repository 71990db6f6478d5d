"""Which patterns of the answers does no question notice when they are switched off?

    python -m tests.benchmarks.unnoticed [FILE …]

Every compiled pattern of ``indexer.answers`` is replaced, one after the other, by one that
matches nothing, and the committed questions (and those of the files, in the same form) are asked
again. Printed are the patterns by how many questions come out otherwise, those nobody notices
first: what two independent wordings do not need should go.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import indexer.answers
from indexer.answers.answerer import Answerer
from indexer.answers.evaluation import Question, load_questions
from tests.answers.conftest import HERE, QUESTIONS, read_books
from tests.answers.indexed import answerer_of

_NOTHING = re.compile(r"(?!)")


def main(files: Sequence[str]) -> int:
    """Print how many questions notice each pattern."""
    questions = [
        question
        for path in (*sorted(QUESTIONS.glob("*.jsonl")), *map(Path, files))
        for question in load_questions(path)
    ]
    answerers: dict[str | None, Answerer] = {
        "chapter": answerer_of(read_books(HERE.parent.parent / "corpus"), with_meaning=True),
        "books": answerer_of(read_books(HERE / "books"), with_meaning=True),
    }
    for answerer in answerers.values():
        _remember_searches(answerer)
    before = _outcomes(answerers, questions)
    noticed: list[tuple[int, str]] = []
    for module, name, put in _patterns():
        put(_NOTHING)
        now = _outcomes(answerers, questions)
        put(None)
        noticed.append((sum(a != b for a, b in zip(before, now, strict=True)), f"{module}.{name}"))
    for count, name in sorted(noticed):
        print(f"{count:5}  {name}")
    return 0


def _outcomes(
    answerers: dict[str | None, Answerer], questions: Sequence[Question]
) -> list[tuple[str, str]]:
    found = []
    for question in questions:
        try:
            answer = answerers[question.books].ask(question.text)
        except Exception as error:  # what breaks is noticed
            found.append(("error", repr(error)))
            continue
        found.append((str(answer.status), answer.text))
    return found


def _remember_searches(answerer: Answerer) -> None:
    """The searches are the same every time: each is made once."""
    searcher: Any = answerer._linker._searcher
    for name in ("nearest", "holding", "said", "sentences"):
        setattr(searcher, name, _remembered(getattr(searcher, name)))


def _remembered(call: Any) -> Any:
    known: dict[str, Any] = {}

    def remembering(*arguments: Any) -> Any:
        key = repr(arguments)
        if key not in known:
            known[key] = call(*arguments)
        return known[key]

    return remembering


def _patterns() -> Iterator[tuple[str, str, Any]]:
    """Every pattern of the room, with what puts another in its place (``None``: itself again)."""
    modules = [
        importlib.import_module(f"indexer.answers.{info.name}")
        for info in pkgutil.iter_modules(indexer.answers.__path__)
    ]
    for module in modules:
        for name, value in list(vars(module).items()):
            short = module.__name__.rpartition(".")[2]
            if isinstance(value, re.Pattern):
                yield short, name, _putter(vars(module), name)
            elif isinstance(value, dict) and not isinstance(value, ModuleType):
                for key, one in list(value.items()):
                    if isinstance(one, re.Pattern):
                        yield short, f"{name}[{key}]", _putter(value, key)


def _putter(holder: dict[Any, Any], key: Any) -> Any:
    own = holder[key]

    def put(pattern: re.Pattern[str] | None) -> None:
        holder[key] = own if pattern is None else pattern

    return put


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
