"""Parsed books, and the answerer over an index of them."""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from indexer.answers.answerer import Answerer
from indexer.engine.interface import Change
from indexer.engine.store import DEFAULT_ENCODER, Store
from indexer.model import ParsedDocument, Program
from indexer.search.searcher import Searcher
from tests.search.invented import as_added


@dataclass(frozen=True)
class Books:
    """Parsed documents, to be indexed together."""

    parsed: tuple[ParsedDocument, ...]

    def all_programs(self) -> tuple[Program, ...]:
        return tuple(program for document in self.parsed for program in document.programs)


def answerer_of(books: Books, *, with_meaning: bool = False) -> Answerer:
    """The answerer over a real index of the books, which goes with it."""
    folder = TemporaryDirectory()
    store = Store(Path(folder.name) / "index", encoder=DEFAULT_ENCODER if with_meaning else None)
    store.write(Change([as_added(book) for book in books.parsed]))
    reader = store.open()
    answerer = Answerer(reader, Searcher(reader))
    weakref.finalize(answerer, folder.cleanup)
    return answerer


def without_program(reader: Books, program_id: str) -> Books:
    """The same books with one programme deleted."""
    return Books(
        tuple(
            replace(d, programs=tuple(p for p in d.programs if p.id != program_id))
            for d in reader.parsed
        )
    )


def with_programs(reader: Books, changed: Sequence[Program]) -> Books:
    """The same books with some programmes replaced."""
    by_id = {program.id: program for program in changed}
    return Books(
        tuple(
            replace(d, programs=tuple(by_id.get(p.id, p) for p in d.programs))
            for d in reader.parsed
        )
    )
