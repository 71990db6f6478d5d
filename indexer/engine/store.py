"""Where does the index lie, and which generation of it is served? The door to the engine.

    store = Store(Path(".yosan"))
    with store.writer() as writer:              # takes the lock; IndexLockedError (exit 5) if held
        known = writer.sources()                # what is indexed: fingerprints, to skip unchanged
        report = writer.write(Change(added, removed))
    reader = store.open()                       # verified; IndexMissingError, IndexDamagedError

The served folder is never written in place: a generation is built beside, verified, synced and
renamed, and becomes current by the replacement of the one file ``CURRENT``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from indexer.engine.interface import Change, IndexedSource, Reader


@dataclass(frozen=True, slots=True)
class WriteReport:
    """What a write came to. ``generation`` is the current one, new or not."""

    generation: int
    documents: int
    """In the whole index."""
    programs: int
    """Searchable programmes in the whole index; groups are not counted."""
    analysed: int
    """Programmes analysed for this write."""
    changed: tuple[str, ...]
    """Ids of the documents added or replaced."""
    removed: tuple[str, ...]
    """Ids of the documents that left."""


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """The outcome of a full verification; damage raises instead."""

    generation: int
    files: int
    bytes: int
    documents: int
    programs: int


Progress = Callable[[int], None]
"""Called with the number of programmes analysed since the last call."""


class Writer:
    """The one writer of a store, holding its lock until closed."""

    def sources(self) -> tuple[IndexedSource, ...]:
        """Where each indexed document came from; empty when there is no usable generation."""
        raise NotImplementedError

    def write(
        self, change: Change, *, full: bool = False, progress: Progress | None = None
    ) -> WriteReport:
        """Make a new generation: with ``full`` of ``change.added`` alone, else of what is current
        less ``change.removed``, with ``change.added`` added or replaced by document id.

        Nothing changed: no new generation. Raises ``IndexWriteError`` (what was served stays) and
        ``IndexDamagedError`` when the current generation cannot be built upon.
        """
        raise NotImplementedError

    def close(self) -> None:
        """Release the lock. Idempotent."""

    def __enter__(self) -> Writer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class Store:
    """An index folder. Cheap to make: touches no file until asked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def current(self) -> int | None:
        """The number of the current generation; ``None`` when there is no index."""
        raise NotImplementedError

    def open(self) -> Reader:
        """The current generation, verified and opened.

        Raises ``IndexMissingError`` and ``IndexDamagedError`` (damage, or another version).
        """
        raise NotImplementedError

    def writer(self) -> Writer:
        """Take the write lock. Raises ``IndexLockedError`` and ``IndexWriteError``."""
        raise NotImplementedError

    def write(
        self, change: Change, *, full: bool = False, progress: Progress | None = None
    ) -> WriteReport:
        """:meth:`Writer.write` under a lock of its own."""
        with self.writer() as writer:
            return writer.write(change, full=full, progress=progress)

    def rollback(self) -> int:
        """Make the previous generation current and return its number."""
        raise NotImplementedError

    def verify(self) -> VerifyReport:
        """Check every checksum, that Whoosh reads it, and the counts. Raises as :meth:`open`."""
        raise NotImplementedError
