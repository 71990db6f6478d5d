"""How does one writer change an index, and leave it whole whatever happens on the way?

1  take the lock; sweep what an interrupted write left behind
2  build in ``generations/.tmp-…``; sync every file and folder
3  open it as a reader would; compare counts, yen and canary queries
4  rename it to its number; sync the folder it lies in
5  write ``CURRENT`` anew, sync, replace, sync: the only commit point
6  remove all generations but the two latest
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from secrets import token_hex
from types import TracebackType

from indexer import settings
from indexer.engine import files, records
from indexer.engine.analysts import available_processes
from indexer.engine.building import Build, Progress
from indexer.engine.encoding import Encoding, load_encoder
from indexer.engine.encoding import Progress as EncodingProgress
from indexer.engine.generation import (
    CURRENT_FILE,
    FIRST_ON_ITS_WAY,
    GENERATIONS_FOLDER,
    Manifest,
    Pointer,
    damaged_vectors,
    generation_folder,
    generation_numbers,
    manifest_sha256,
    read_manifest,
    read_pointer,
    verify_files,
)
from indexer.engine.interface import Change, IndexedSource
from indexer.engine.lock import WriteLock
from indexer.engine.reader import EngineReader
from indexer.errors import (
    IndexDamagedError,
    IndexMissingError,
    IndexWriteError,
    UsageError,
    reason_of,
)

_TEMPORARY = ".tmp-"


@dataclass(frozen=True, slots=True)
class WriteReport:
    """What a write came to. ``generation`` is the current one, new or not."""

    generation: int
    documents: int
    """In the whole index."""
    programs: int
    """Searchable programmes in the whole index; groups are not counted."""
    analysed: int
    """Searchable programmes read for this write."""
    changed: tuple[str, ...]
    """Ids of the documents added or replaced."""
    removed: tuple[str, ...]
    """Ids of the documents that left."""
    problems: int
    """Stated doubts about the reading of all documents in the index."""
    remarks: tuple[str, ...] = ()
    """What was left undone, in sentences for people."""


class Writer:
    """The one writer of a store, holding its lock until closed."""

    def __init__(
        self, folder: Path, analyzer: str, encoder: str | None, processes: int | None
    ) -> None:
        self._folder = folder
        self._generations = folder / GENERATIONS_FOLDER
        self._analyzer = analyzer
        self._encoder = encoder
        self._processes = processes or available_processes()
        self._verified: set[int] = set()
        with self._failures_named():
            for path in (folder, self._generations):
                if not path.is_dir():
                    path.parent.mkdir(parents=True, exist_ok=True)
                    files.make_folder(path)
            self._lock = WriteLock(folder)

    def sources(self) -> tuple[IndexedSource, ...]:
        """Where each indexed document came from; empty when there is no index.

        Raises ``IndexDamagedError``.
        """
        manifest, _ = self._base()
        return tuple(entry.source for entry in manifest.documents) if manifest else ()

    def open(self) -> EngineReader | None:
        """The current generation, verified and opened, if there is one. Under the lock nobody
        else changes it: :meth:`write` does not hold it to its checksums a second time.

        Raises ``IndexDamagedError``.
        """
        manifest, folder = self._base()
        if manifest is None:
            return None
        self._verify(manifest, folder)
        return EngineReader(folder, manifest)

    def write(
        self,
        change: Change,
        *,
        full: bool = False,
        progress: Progress | None = None,
        encoded: EncodingProgress | None = None,
    ) -> WriteReport:
        """Make a new generation: with ``full`` of ``change.added`` alone, else of what is current
        less ``change.removed``, with ``change.added`` added or replaced by document id.

        Nothing changed: no new generation. Raises ``IndexWriteError`` (what was served stays),
        ``UsageError`` for two documents with one id, and ``IndexDamagedError`` when the current
        generation cannot be built upon.
        """
        with self._failures_named():
            self._sweep()
            base, folder = (None, self._folder) if full else self._base()
            return self._write(change, base, folder, progress, encoded)

    def _write(
        self,
        change: Change,
        base: Manifest | None,
        base_folder: Path,
        progress: Progress | None,
        encoded: EncodingProgress | None,
    ) -> WriteReport:
        before = {e.source.document_id: e for e in base.documents} if base else {}
        removed = tuple(i for i in dict.fromkeys(change.removed) if i in before)
        added = iter(change.added)
        first = next(added, None)
        is_same = first is None and not removed and base is not None
        if is_same and base is not None and not self._lacks_vectors(base, base_folder):
            return _report(base, analysed=0)
        if base is not None:
            self._verify(base, base_folder)
        former = self._served()
        token = token_hex(8)
        folder = self._generations / f"{_TEMPORARY}{token}"
        build = Build(folder, token, self._analyzer, self._processes, progress)
        if self._encoder is not None:
            build.encoding = Encoding(self._encoder, self._folder, self._processes, encoded)
        try:
            build.prepare()
            written = build.take_in(chain([first], added) if first is not None else ())
            gone = {*removed, *build.added}
            kept = {i: entry for i, entry in before.items() if i not in gone}
            manifest = build.complete(self._next_number(), written, base, base_folder, kept)
            linked = frozenset(segment.id for segment in base.segments) if base else frozenset()
            _check(folder, manifest, linked)
            self._commit(build, manifest)
        except BaseException:
            with suppress(OSError):
                files.remove_tree(folder)
            raise
        if build.encoding is not None:
            build.encoding.forget()
        self._collect(manifest.generation, former)
        left = tuple(i for i in removed if i not in build.added)
        report = _report(manifest, build.analysed, tuple(build.added), left)
        return replace(report, remarks=tuple(build.remarks))

    def _lacks_vectors(self, manifest: Manifest, folder: Path) -> bool:
        """Whether some segment is without the vectors that it should have."""
        if self._encoder is None or manifest.is_too_large_for_vectors:
            return False
        version = load_encoder(self._encoder).version
        is_lacking = any(segment.encoder != version for segment in manifest.segments)
        return is_lacking or bool(damaged_vectors(folder, manifest.files))

    def rollback(self) -> int:
        """Make the latest whole generation before the current one current."""
        with self._failures_named():
            try:
                current = read_pointer(self._folder).generation
            except IndexDamagedError:
                current = self._next_number()
            for number in sorted((n for n in self._numbers() if n < current), reverse=True):
                folder = generation_folder(self._folder, number)
                with suppress(IndexDamagedError):
                    manifest = read_manifest(folder, None)
                    verify_files(folder, manifest.files)
                    _check(folder, manifest)
                    self._point(number, manifest_sha256(folder))
                    return number
            raise UsageError(
                f"索引「{self._folder}」には戻れる前の世代がありません。"
                "yosan index --full で作り直してください。"
            )

    def close(self) -> None:
        """Release the lock. Idempotent."""
        self._lock.release()

    def __enter__(self) -> Writer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _verify(self, manifest: Manifest, folder: Path) -> None:
        if manifest.generation not in self._verified:
            verify_files(folder, manifest.files)
            self._verified.add(manifest.generation)

    def _base(self) -> tuple[Manifest | None, Path]:
        """The manifest of the current generation, if there is one, and its folder."""
        try:
            pointer = read_pointer(self._folder)
        except IndexMissingError:
            return None, self._folder
        folder = generation_folder(self._folder, pointer.generation)
        return read_manifest(folder, pointer.manifest_sha256), folder

    def _commit(self, build: Build, manifest: Manifest) -> None:
        sha256 = manifest_sha256(build.folder)
        target = generation_folder(self._folder, manifest.generation)
        if not self._numbers():
            self._point(FIRST_ON_ITS_WAY, "")
        files.rename_folder(build.folder, target)
        try:
            files.sync_folder(self._generations)
            self._point(manifest.generation, sha256)
        except BaseException:
            # Unless CURRENT already names it, nobody will ever read it.
            with suppress(OSError, IndexDamagedError, IndexMissingError):
                if read_pointer(self._folder).generation != manifest.generation:
                    files.remove_tree(target)
            raise

    def _point(self, generation: int, manifest_sha256: str) -> None:
        """The commit point."""
        beside = self._folder / f"{CURRENT_FILE}{_TEMPORARY}{token_hex(4)}"
        try:
            files.write_file(beside, records.encode(Pointer(generation, manifest_sha256)))
            files.sync_file(beside)
            files.replace_file(beside, self._folder / CURRENT_FILE)
        except BaseException:
            with suppress(OSError):
                files.remove_file(beside)
            raise
        files.sync_folder(self._folder)

    def _numbers(self) -> list[int]:
        return generation_numbers(self._folder)

    def _served(self) -> int | None:
        """The generation that CURRENT names, whole or not."""
        with suppress(IndexMissingError, IndexDamagedError):
            return read_pointer(self._folder).generation
        return None

    def _next_number(self) -> int:
        return max([self._served() or 0, *self._numbers()]) + 1

    def _sweep(self) -> None:
        """Remove what interrupted writes left: temporary folders and files."""
        for path in list(self._generations.glob(f"{_TEMPORARY}*")):
            files.remove_tree(path)
        for path in list(self._folder.glob(f"{CURRENT_FILE}{_TEMPORARY}*")):
            files.remove_file(path)

    def _collect(self, current: int, former: int | None) -> None:
        """Keep the current generation and those before it that rollback may want. Readers of
        others hold their files open. Failing here fails nothing: the next write tries again."""
        older = sorted((n for n in self._numbers() if n < current), reverse=True)
        ranked = dict.fromkeys(n for n in (current, former, *older) if n is not None)
        kept = list(ranked)[: settings.GENERATIONS_KEPT]
        for number in self._numbers():
            if number not in kept:
                with suppress(OSError):
                    files.remove_tree(generation_folder(self._folder, number))

    @contextmanager
    def _failures_named(self) -> Iterator[None]:
        """Turn what the system refuses into one sentence."""
        try:
            yield
        except OSError as error:
            raise IndexWriteError(
                f"索引「{self._folder}」に書き込めません（{reason_of(error)}）。"
                "空き容量と書き込みの権限を確かめてください。元の索引はそのままです。"
            ) from error


def _check(folder: Path, manifest: Manifest, checked: frozenset[str] = frozenset()) -> None:
    with EngineReader(folder, manifest) as reader:
        reader.check(thorough=False, checked=checked)


def _report(
    manifest: Manifest,
    analysed: int,
    changed: tuple[str, ...] = (),
    removed: tuple[str, ...] = (),
) -> WriteReport:
    return WriteReport(
        generation=manifest.generation,
        documents=len(manifest.documents),
        programs=sum(entry.searchable for entry in manifest.documents),
        analysed=analysed,
        changed=changed,
        removed=removed,
        problems=sum(entry.problems for entry in manifest.documents),
    )
