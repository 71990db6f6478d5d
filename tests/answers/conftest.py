"""Books for the questions: the bundled chapter, and invented books of invented municipalities."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.answers.answerer import Answerer
from indexer.parsing import parse
from indexer.sources.discovery import find_files
from indexer.sources.reading import read_documents
from tests.answers.memory import MemoryReader

HERE = Path(__file__).parent
QUESTIONS = HERE / "questions"


def read_books(*paths: Path) -> MemoryReader:
    """Books read by the real sources and the real parser."""
    return MemoryReader(
        tuple(
            parse(document) for file in find_files(list(paths)) for document in read_documents(file)
        )
    )


@pytest.fixture(scope="session")
def chapter() -> MemoryReader:
    return read_books(HERE.parent.parent / "corpus")


@pytest.fixture(scope="session")
def books() -> MemoryReader:
    return read_books(HERE / "books")


@pytest.fixture(scope="session")
def ask_chapter(chapter: MemoryReader) -> Answerer:
    return Answerer(chapter)


@pytest.fixture(scope="session")
def ask_books(books: MemoryReader) -> Answerer:
    return Answerer(books)


@pytest.fixture(scope="session")
def answerers(ask_chapter: Answerer, ask_books: Answerer) -> dict[str | None, Answerer]:
    return {"chapter": ask_chapter, "books": ask_books}
