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
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from indexer.engine.building import Progress
from indexer.engine.generation import (
    DOCUMENTS_FOLDER,
    WHOOSH_FOLDER,
    generation_folder,
    generation_numbers,
    read_manifest,
    read_pointer,
    verify_files,
)
from indexer.engine.interface import Change
from indexer.engine.reader import EngineReader
from indexer.engine.views import Copies
from indexer.engine.writer import Writer, WriteReport
from indexer.errors import IndexDamagedError, IndexMissingError, YosanError

__all__ = ["Progress", "Store", "VerifyReport", "WriteReport", "Writer"]

DEFAULT_ANALYZER = "indexer.analysis.analyzer:Analyzer"
DEFAULT_ENCODER = "indexer.analysis.sentence_vectors:SentenceEncoder"


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """The outcome of a full verification; damage raises instead."""

    generation: int
    files: int
    bytes: int
    documents: int
    programs: int


class Store:
    """An index folder. Cheap to make: touches no file until asked."""

    def __init__(
        self,
        folder: Path,
        *,
        analyzer: str = DEFAULT_ANALYZER,
        encoder: str | None = None,
        processes: int | None = None,
    ) -> None:
        """``analyzer`` (``module:Class``) is made anew in every process that analyses, of which
        there are at most ``processes``; by default as many as there are processors, up to four.
        ``encoder``, by name too, makes the vectors of sentences; ``None``: none are made.
        """
        self.folder = folder
        self._analyzer = analyzer
        self._encoder = encoder
        self._processes = processes

    def current(self) -> int | None:
        """The number of the current generation; ``None`` when there is no index.

        Raises ``IndexDamagedError`` when ``CURRENT`` cannot be read.
        """
        try:
            return read_pointer(self.folder).generation
        except IndexMissingError:
            return None

    def content(self) -> str:
        """The hash of what the current generation holds, as ``Reader.content`` has it.

        Raises ``IndexMissingError`` and ``IndexDamagedError``.
        """
        return read_pointer(self.folder).manifest_sha256

    def recheck(self, is_wanted: Callable[[], bool]) -> None:
        """Hold the files of the current generation to their checksums again, one after the other
        for as long as that ``is_wanted``. Raises as :meth:`open`."""
        pointer = read_pointer(self.folder)
        folder = generation_folder(self.folder, pointer.generation)
        try:
            for entry in read_manifest(folder, pointer.manifest_sha256).files:
                if not is_wanted():
                    return
                verify_files(folder, [entry])
        except IndexDamagedError:
            if read_pointer(self.folder) == pointer:  # else it was removed, another one is current
                raise

    def open_former(self) -> EngineReader | None:
        """The latest whole generation before the current one, to serve while that is damaged;
        ``None`` when there is none, or nobody knows which is current."""
        try:
            current = read_pointer(self.folder).generation
        except YosanError:
            return None
        for number in reversed(generation_numbers(self.folder)):
            if number < current:
                with suppress(IndexDamagedError):
                    return self._open(number, None, is_copied=True)
        return None

    def open(self, *, is_copied: bool = False) -> EngineReader:
        """The current generation, verified and opened; with ``is_copied`` from copies that last
        whatever becomes of the files.

        Raises ``IndexMissingError`` and ``IndexDamagedError`` (damage, or another version).
        """
        while True:
            pointer = read_pointer(self.folder)
            try:
                return self._open(pointer.generation, pointer.manifest_sha256, is_copied)
            except IndexDamagedError:
                # Two writes may have passed since CURRENT was read, and removed what it named.
                if read_pointer(self.folder) == pointer:
                    raise

    def _open(self, generation: int, manifest_sha256: str | None, is_copied: bool) -> EngineReader:
        folder = generation_folder(self.folder, generation)
        manifest = read_manifest(folder, manifest_sha256)
        if is_copied:
            return EngineReader(folder, manifest, Copies(folder, manifest.files))
        verify_files(folder, manifest.files)
        return EngineReader(folder, manifest)

    def writer(self) -> Writer:
        """Take the write lock. Raises ``IndexLockedError`` and ``IndexWriteError``."""
        return Writer(self.folder, self._analyzer, self._encoder, self._processes)

    def write(
        self, change: Change, *, full: bool = False, progress: Progress | None = None
    ) -> WriteReport:
        """:meth:`Writer.write` under a lock of its own."""
        with self.writer() as writer:
            return writer.write(change, full=full, progress=progress)

    def rollback(self) -> int:
        """Make the previous generation current and return its number.

        Raises ``UsageError`` when there is none, and as :meth:`open` and :meth:`writer` do.
        """
        with suppress(IndexDamagedError):
            read_pointer(self.folder)  # without an index: say so before a lock is made
        with self.writer() as writer:
            return writer.rollback()

    def verify(self) -> VerifyReport:
        """Check every checksum, that Whoosh reads every posting, and the counts.

        Raises as :meth:`open`.
        """
        pointer = read_pointer(self.folder)
        folder = generation_folder(self.folder, pointer.generation)
        manifest = read_manifest(folder, pointer.manifest_sha256)
        size = verify_files(folder, manifest.files)
        _refuse_strays(folder, {entry.path for entry in manifest.files})
        with EngineReader(folder, manifest) as reader:
            reader.check(thorough=True)
        return VerifyReport(
            generation=pointer.generation,
            files=len(manifest.files),
            bytes=size,
            documents=len(manifest.documents),
            programs=sum(entry.searchable for entry in manifest.documents),
        )


def _refuse_strays(folder: Path, known: set[str]) -> None:
    """A file the manifest does not name has no business beside files that Whoosh opens."""
    for part in (WHOOSH_FOLDER, DOCUMENTS_FOLDER):
        for path in (folder / part).iterdir():
            if f"{part}/{path.name}" not in known:
                raise IndexDamagedError(
                    f"索引に覚えのないファイル「{path}」があります。"
                    "取り除くか、yosan index --full で作り直してください。"
                )
