"""Which generation is being read, and how does the next one take its place?

A snapshot is one opened, verified generation with everything built on it. Requests hold a lease
on the snapshot they began with: when another generation becomes current it is opened beside,
the reference is swapped, and the former one is closed after its last lease.
"""

from __future__ import annotations

import atexit
import gc
import logging
import threading
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from indexer import settings
from indexer.engine.generation import generation_folder
from indexer.engine.interface import Reader
from indexer.errors import IndexDamagedError, IndexUnreadableError, YosanError, reason_of

if TYPE_CHECKING:
    from indexer.answers.answerer import Answerer
    from indexer.engine.store import Store
    from indexer.search.searcher import Searcher

_log = logging.getLogger(__name__)

Made = TypeVar("Made")

KEPT_MAXIMUM = 64
"""Things made once for a generation by those who read it; beyond that all are made anew."""
FOLLOW_SECONDS = 1.0
"""How often a follower looks whether another generation became current."""


class Snapshot:
    """One generation, opened: its reader, and what is built on it."""

    def __init__(self, reader: Reader) -> None:
        from indexer.search.searcher import Searcher

        self.reader = reader
        self.searcher: Searcher = Searcher(reader)
        self.warmed = False
        """Whether what the first requests would wait for has been made."""
        self._lock = threading.Lock()
        self._building = threading.Lock()
        self._answerer: Answerer | None = None
        self._leases = 0
        self._retired = False
        self._kept: dict[Hashable, Any] = {}

    def keep(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What ``make`` gave when it was first asked for under this key."""
        kept = self._kept
        if key not in kept:
            made = make()
            if len(kept) >= KEPT_MAXIMUM:
                kept = self._kept = {}
            kept[key] = made
        found: Made = kept[key]
        return found

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


class Source(Protocol):
    """Where leases come from: a follower, or one generation held."""

    def lease(self) -> AbstractContextManager[Snapshot]:
        """A snapshot, kept open until the block ends."""

    def hold(self) -> Held:
        """One generation for as long as it is wanted."""

    @property
    def trouble(self) -> YosanError | None:
        """Why what is being served is not what the folder holds now, if so."""

    @property
    def warm(self) -> bool:
        """Whether all that the first requests would wait for has been made."""

    def refresh(self) -> None:
        """Look for another generation now."""

    def close(self) -> None:
        """Let go. Idempotent."""


class Held:
    """One snapshot, leased until closed: every lease taken of it is of the same generation."""

    def __init__(self, follower: Follower, snapshot: Snapshot) -> None:
        """``snapshot`` is leased already; closing gives that lease back."""
        self._follower = follower
        self._snapshot = snapshot
        self._closing = threading.Lock()
        self._closed = False

    @contextmanager
    def lease(self) -> Iterator[Snapshot]:
        """The snapshot held, kept open until the block ends, should that be later."""
        self._snapshot.take()
        try:
            yield self._snapshot
        finally:
            self._snapshot.give_back()

    def hold(self) -> Held:
        """The same generation, held once more."""
        self._snapshot.take()
        return Held(self._follower, self._snapshot)

    @property
    def trouble(self) -> YosanError | None:
        """As the follower has it."""
        return self._follower.trouble

    @property
    def warm(self) -> bool:
        """Whether all that the first requests would wait for has been made."""
        return self._snapshot.warmed

    def refresh(self) -> None:
        """What is held stays."""

    def close(self) -> None:
        """Give the lease back. Idempotent."""
        with self._closing:
            if self._closed:
                return
            self._closed = True
        self._snapshot.give_back()


class Follower:
    """The current snapshot of an index folder. Safe under threads.

    Opening raises what ``Store.open`` raises: :class:`IndexMissingError` without an index,
    :class:`IndexDamagedError` for one that does not match its manifest or version. After that a
    follower keeps serving what it has: trouble with a later generation shows in :attr:`trouble`.
    """

    def __init__(self, store: Store, *, follow: bool, fall_back: bool = False) -> None:
        """With ``fall_back`` a damaged generation is no reason not to begin: the one before it is
        served until the current one is whole."""
        self._store = store
        self._follow = follow
        self._lock = threading.Lock()
        self._seen: Signature = _signature(store)
        self._verified = time.monotonic()
        self._trouble: YosanError | None = None
        self._snapshot = self._begin(fall_back)
        self._stopping = threading.Event()
        self._swapped = threading.Event()
        """Set when another snapshot is to be warmed, or none any more."""
        self._threads = tuple(
            threading.Thread(target=work, name=name, daemon=True)
            for name, work in (("follow-index", self._watch), ("warm-index", self._keep_warm))
            if follow
        )
        for thread in self._threads:
            thread.start()
        if self._threads:
            # A program may end without closing: a thread cut off inside the tokenizer or an array
            # operation would abort it.
            atexit.register(self.close)

    def _begin(self, fall_back: bool) -> Snapshot:
        try:
            return self._open()
        except IndexDamagedError as error:
            former = self._store.open_former() if fall_back else None
            if former is None:
                raise
            self._note(error)
            return Snapshot(former)

    def _open(self) -> Snapshot:
        """The current generation; for a server, which stays, from copies of its files."""
        return Snapshot(self._store.open(is_copied=self._follow))

    @contextmanager
    def lease(self) -> Iterator[Snapshot]:
        """The current snapshot, kept open until the block ends."""
        snapshot = self._take()
        try:
            yield snapshot
        finally:
            snapshot.give_back()

    def hold(self) -> Held:
        """The current snapshot for as long as it is wanted."""
        return Held(self, self._take())

    def _take(self) -> Snapshot:
        with self._lock:
            snapshot = self._snapshot
            snapshot.take()
        return snapshot

    @property
    def trouble(self) -> YosanError | None:
        """Why what is being served is not what the folder holds now, if so."""
        return self._trouble

    @property
    def warm(self) -> bool:
        """Whether all that the first requests would wait for has been made."""
        return self._snapshot.warmed

    def refresh(self) -> None:
        """Swap to the folder's current generation when it is another one than that served. When
        its files were touched, and from time to time, hold them to their checksums again: what is
        served does not change by that, but it could not be opened another time."""
        before, self._seen = self._seen, ()  # what cannot be looked at was not seen
        try:
            signature = _signature(self._store)
            self._seen = signature
            now = time.monotonic()
            if signature == before and now < self._verified + settings.VERIFY_SECONDS:
                return
            self._verified = now
            if self._store.content() == self._snapshot.reader.content:
                self._store.recheck(lambda: not self._stopping.is_set())
            else:
                self._swap(self._open())
            self._note(None)
        except IndexUnreadableError as error:
            self._seen = ()  # there may be room the next time
            self._note(error)
        except YosanError as error:
            self._note(error)
        except OSError as error:
            self._seen = ()
            self._note(
                YosanError(f"索引を開けません（{reason_of(error)}）。空きを確かめてください。")
            )

    def _note(self, trouble: YosanError | None) -> None:
        """Keep what is wrong, and tell the log when that changes."""
        before, self._trouble = self._trouble, trouble
        if str(trouble) != str(before):
            if trouble is None:
                _log.warning("the index is sound again")
            else:
                _log.error("%s", trouble)

    def close(self) -> None:
        """Stop following; the reader closes with its last lease. Idempotent."""
        atexit.unregister(self.close)
        self._stopping.set()
        self._swapped.set()
        for thread in self._threads:
            thread.join()
        self._snapshot.retire()

    def _swap(self, snapshot: Snapshot) -> None:
        with self._lock:
            former, self._snapshot = self._snapshot, snapshot
        self._swapped.set()
        former.retire()

    def _watch(self) -> None:
        """Look for the next generation until stopped."""
        while not self._stopping.wait(FOLLOW_SECONDS):
            self.refresh()

    def _keep_warm(self) -> None:
        """Warm each snapshot once, beside the requests it serves already."""
        while True:
            self._swapped.clear()
            if self._stopping.is_set():
                return
            with self.lease() as snapshot:
                if not snapshot.warmed:
                    self._warm(snapshot)
            self._swapped.wait()

    def _warm(self, snapshot: Snapshot) -> None:
        """One thing after another: each of them takes its part of the time from requests."""
        try:
            snapshot.reader.warm()
            if not self._swapped.is_set():
                _ = snapshot.searcher.lexicon
            snapshot.answerer().warm(self._swapped.is_set)
        except Exception:
            # The first request that needs it makes it, and says what is wrong. When the program
            # ends meanwhile, nothing is.
            if threading.main_thread().is_alive():
                _log.exception("what requests need could not be made ahead of them")
        if not self._swapped.is_set():
            _settle()
        snapshot.warmed = True


def _settle() -> None:
    """Take what a generation keeps in memory out of the garbage collector's rounds.

    An index of 47,597 sheets keeps a million objects that live as long as it is served. Each full
    round looks at all of them, 0.5 s in which no request is answered; once here is enough.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()


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
    facts = ((name, f.st_size, f.st_mtime_ns, f.st_ino) for name, f in files)
    return (generation, *facts)
