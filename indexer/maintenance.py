"""Is the index sound, do the books add up, and how does one go back?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from indexer.engine.interface import IndexedDocument
from indexer.engine.store import Store, VerifyReport


@dataclass(frozen=True, slots=True)
class IndexCheck:
    """A generation whose checksums hold, and what its books declare against what was found."""

    verified: VerifyReport
    documents: tuple[IndexedDocument, ...]
    vectors_problem: str | None = None
    """Why sentences cannot be compared by meaning though that was prepared."""


def check_index(index: Path) -> IndexCheck:
    """Verify the current generation file by file and collect the reconciliation of its books.

    Raises :class:`IndexMissingError`, and :class:`IndexDamagedError` for any difference.
    """
    store = Store(index)
    verified = store.verify()
    reader = store.open()
    try:
        found = (reader.document(document.id) for document in reader.documents())
        documents = tuple(item for item in found if item is not None)
        return IndexCheck(verified, documents, reader.vectors_problem)
    finally:
        reader.close()


def roll_back(index: Path) -> int:
    """Make the previous generation current; its number. Raises when there is none to go back to."""
    return Store(index).rollback()
