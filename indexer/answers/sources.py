"""What do the answers need from an index? The part of the reader they use."""

from __future__ import annotations

from typing import Protocol

from indexer.engine.interface import IndexedDocument
from indexer.model import Document, Program


class ProgramSource(Protocol):
    """A snapshot of one generation; every ``indexer.engine.interface.Reader`` is one."""

    def all_programs(self, *, with_text: bool = True) -> tuple[Program, ...]:
        """Every programme and group, in document and printed order; their descriptions, which are
        most of them, on demand."""

    def program(self, program_id: str) -> Program | None:
        """The programme with this id, its description too."""

    def document(self, document_id: str) -> IndexedDocument | None:
        """The document with this id, with its lines."""

    def documents(self) -> tuple[Document, ...]:
        """Every document, without its lines."""
