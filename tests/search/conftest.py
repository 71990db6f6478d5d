"""A small index on disk: the bundled chapter and the invented books."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from indexer.engine.interface import Change
from indexer.engine.reader import EngineReader
from indexer.engine.store import Store
from indexer.parsing import parse
from indexer.search.searcher import Searcher
from indexer.settings import bundled_corpus
from indexer.sources.discovery import find_files
from indexer.sources.reading import read_documents
from tests.search.invented import as_added, invented_books


@pytest.fixture(scope="session")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineReader]:
    store = Store(tmp_path_factory.mktemp("index"))
    chapters = [
        parse(document)
        for file in find_files([bundled_corpus()])
        for document in read_documents(file)
    ]
    store.write(Change([as_added(book) for book in (*chapters, *invented_books())]))
    with store.open() as opened:
        yield opened


@pytest.fixture(scope="session")
def searcher(reader: EngineReader) -> Searcher:
    return Searcher(reader)
