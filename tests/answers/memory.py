"""A reader in memory: what the answers need of an index, without one on disk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from indexer.engine.interface import IndexedDocument
from indexer.model import Document, ParsedDocument, Program


@dataclass(frozen=True)
class MemoryReader:
    """Parsed documents, read as ``indexer.engine.interface.Reader`` is read."""

    parsed: tuple[ParsedDocument, ...]

    def all_programs(self) -> tuple[Program, ...]:
        return tuple(program for document in self.parsed for program in document.programs)

    def program(self, program_id: str) -> Program | None:
        return next((p for p in self.all_programs() if p.id == program_id), None)

    def documents(self) -> tuple[Document, ...]:
        return tuple(document.document for document in self.parsed)

    def document(self, document_id: str) -> IndexedDocument | None:
        for parsed in self.parsed:
            if parsed.document.id == document_id:
                ids = tuple(program.id for program in parsed.programs)
                return IndexedDocument(parsed.document, ids, parsed.lines, (), ())
        return None


def without_program(reader: MemoryReader, program_id: str) -> MemoryReader:
    """The same books with one programme deleted."""
    return MemoryReader(
        tuple(
            replace(d, programs=tuple(p for p in d.programs if p.id != program_id))
            for d in reader.parsed
        )
    )


def with_programs(reader: MemoryReader, changed: Sequence[Program]) -> MemoryReader:
    """The same books with some programmes replaced."""
    by_id = {program.id: program for program in changed}
    return MemoryReader(
        tuple(
            replace(d, programs=tuple(by_id.get(p.id, p) for p in d.programs))
            for d in reader.parsed
        )
    )
