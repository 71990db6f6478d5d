"""Which generation is being read, and how does the next one take its place?

A snapshot is one opened, verified generation with everything built on it. Requests hold a lease
on the snapshot they began with: when another generation becomes current it is opened beside,
the reference is swapped, and the former one is closed after its last lease.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from indexer.engine.generation import generation_folder
from indexer.engine.interface import Reader
from indexer.errors import YosanError, reason_of

if TYPE_CHECKING:
    from indexer.answers.answerer import Answerer
    from indexer.engine.store import Store
    from indexer.search.searcher import Searcher

FOLLOW_SECONDS = 1.0
"""How often a follower looks whether another generation became current."""


class Snapshot:
    """One generation, opened: its reader, and what is built on it."""

    def __init__(self, reader: Reader) -> None:
        from indexer.search.searcher import Searcher

        self.reader = reader
        self.searcher: Searcher = Searcher(reader)
        self._lock = threading.Lock()
        self._building = threading.Lock()
        self._answerer: Answerer | None = None
        self._leases = 0
        self._retired = False

    def answerer(self) -> Answerer:
        """The answerer over this generation, built at its first question."""
        from indexer.answers.answerer import Answerer

        # A lock of its own: leases are taken and given back while the answerer is built.
        with self._building:
            if self._answerer is None:
                self._answerer = Answerer(self.reader, self.searcher)
            return self._answerer

    def take(self) -> None:
        """Begin a lease."""
        with self._lock:
            self._leases += 1

    def give_back(self) -> None:
        """End a lease; the last one of a retired snapshot closes the reader."""
        with self._lock:
            self._leases -= 1
            self._close_if_unused()

    def retire(self) -> None:
        """No further lease begins; close now, or with the last lease."""
        with self._lock:
            self._retired = True
            self._close_if_unused()

    def _close_if_unused(self) -> None:
        if self._retired and not self._leases:
            self.reader.close()


class Follower:
    """The current snapshot of an index folder. Safe under threads.

    Opening raises what ``Store.open`` raises: :class:`IndexMissingError` without an index,
    :class:`IndexDamagedError` for one that does not match its manifest or version. After that a
    follower keeps serving what it has: trouble with a later generation shows in :attr:`trouble`.
    """

    def __init__(self, store: Store, *, follow: bool) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._seen = _signature(store)
        self._snapshot = Snapshot(store.open())
        self._trouble: YosanError | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="follow-index", daemon=True)
        if follow:
            self._thread.start()

    @contextmanager
    def lease(self) -> Iterator[Snapshot]:
        """The current snapshot, kept open until the block ends."""
        with self._lock:
            snapshot = self._snapshot
            snapshot.take()
        try:
            yield snapshot
        finally:
            snapshot.give_back()

    @property
    def trouble(self) -> YosanError | None:
        """Why what is being served is not what the folder holds now, if so."""
        return self._trouble

    def refresh(self) -> None:
        """Swap to the folder's current generation when it is another one than that served, or
        when its files were touched: then they are held to their checksums again."""
        try:
            signature = _signature(self._store)
            if signature == self._seen:
                return
            self._seen = signature
            self._swap(Snapshot(self._store.open()))
            self._trouble = None
        except YosanError as error:
            self._trouble = error
        except OSError as error:
            self._trouble = YosanError(
                f"索引を開けません（{reason_of(error)}）。空きを確かめてください。"
            )

    def close(self) -> None:
        """Stop following; the reader closes with its last lease. Idempotent."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()
        self._snapshot.retire()

    def _swap(self, snapshot: Snapshot) -> None:
        with self._lock:
            former, self._snapshot = self._snapshot, snapshot
        former.retire()

    def _watch(self) -> None:
        """Warm each snapshot once, beside the requests it serves already, and look for the next."""
        warmed = None
        while True:
            with self.lease() as snapshot:
                if snapshot is not warmed:
                    snapshot.reader.warm()
                    snapshot.searcher.warm()
                    snapshot.answerer().warm(self._stopping.is_set)
                    warmed = snapshot
            if self._stopping.wait(FOLLOW_SECONDS):
                return
            self.refresh()


Signature = tuple[object, ...]


def _signature(store: Store) -> Signature:
    """What changes when another generation becomes current, or a file of this one is touched.

    A generation is never written to once it is current, so that any difference is a fault.
    """
    generation = store.current()
    if generation is None:
        return (None,)
    folder = generation_folder(store.folder, generation)
    try:
        files = [(path.name, path.stat()) for path in sorted(folder.rglob("*"))]
    except OSError:  # gone while we looked: the next look sees what is there then
        return (generation, None)
    return (generation, *((name, file.st_size, file.st_mtime_ns) for name, file in files))
