"""Books for the questions: the bundled chapter, and invented books of invented municipalities."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.answers.answerer import Answerer
from indexer.parsing import parse
from indexer.sources.discovery import find_files
from indexer.sources.reading import read_documents
from tests.answers.indexed import Books, answerer_of

HERE = Path(__file__).parent
QUESTIONS = HERE / "questions"


def read_books(*paths: Path) -> Books:
    """Books read by the real sources and the real parser."""
    return Books(
        tuple(
            parse(document) for file in find_files(list(paths)) for document in read_documents(file)
        )
    )


@pytest.fixture(scope="session")
def chapter() -> Books:
    return read_books(HERE.parent.parent / "corpus")


@pytest.fixture(scope="session")
def books() -> Books:
    return read_books(HERE / "books")


@pytest.fixture(scope="session")
def ask_chapter(chapter: Books) -> Answerer:
    return answerer_of(chapter, with_meaning=True)


@pytest.fixture(scope="session")
def ask_books(books: Books) -> Answerer:
    return answerer_of(books, with_meaning=True)


@pytest.fixture(scope="session")
def answerers(ask_chapter: Answerer, ask_books: Answerer) -> dict[str | None, Answerer]:
    return {"chapter": ask_chapter, "books": ask_books}
