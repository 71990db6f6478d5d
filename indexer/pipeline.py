"""How does a book get into the index? Sources → parsing → engine, for what changed only.

The write side; :mod:`indexer.changes` says what an update does to documents indexed before.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from indexer.changes import NothingReadableError, Progress, Refusal, Step, Update
from indexer.engine.interface import Reader
from indexer.engine.store import DEFAULT_ENCODER, Store, Writer
from indexer.sources.discovery import list_files

__all__ = [
    "IndexReport",
    "NothingReadableError",
    "Progress",
    "Refusal",
    "Step",
    "update_index",
]


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What an update came to. Counts without a word beside them are of the whole index."""

    generation: int
    documents: int
    programs: int
    """Programmes that a search can find; groups are not counted."""
    changed: tuple[str, ...]
    """Ids of the documents parsed and analysed in this update."""
    removed: tuple[str, ...]
    """Ids of the documents that left."""
    analysed: int
    """Programmes analysed in this update, counted as ``programs`` is."""
    problems: int
    """Stated doubts of all documents (``yosan check`` lists them)."""
    refused: tuple[Refusal, ...]
    seconds: float
    remarks: tuple[str, ...] = ()
    """What was left undone, in sentences for people."""


def update_index(
    index: Path,
    paths: Sequence[Path],
    *,
    full: bool = False,
    sentence_vectors: bool = True,
    follow_links: bool = False,
    progress: Progress | None = None,
) -> IndexReport:
    """Bring the index folder up to date with ``paths`` and with what it holds already.

    Without ``sentence_vectors`` new sentences are not prepared for comparison by meaning. With
    ``follow_links`` links that lead out of a folder are followed.

    Raises :class:`UsageError` for a path that does not exist, :class:`NothingReadableError`,
    and what :class:`Store` raises (locked, damaged, not writable). Whatever is raised, and on
    Ctrl-C, the generation being served stays as it was.
    """
    started = time.monotonic()
    listing = list_files(paths, follow_links=follow_links)
    if not listing.files:
        raise NothingReadableError(_no_files(paths, listing.skipped), ())
    store = Store(index, encoder=DEFAULT_ENCODER if sentence_vectors else None)
    with ExitStack() as stack:
        writer = stack.enter_context(store.writer())
        known = () if full else writer.sources()
        opening = stack.enter_context(_Opening(writer)) if known else None
        update = Update(listing.files, known, opening, progress)
        report = update.write(writer, full=full)
    return IndexReport(
        generation=report.generation,
        documents=report.documents,
        programs=report.programs,
        changed=report.changed,
        removed=report.removed,
        analysed=report.analysed,
        problems=report.problems,
        refused=tuple(update.refused),
        seconds=time.monotonic() - started,
        remarks=report.remarks,
    )


def _no_files(paths: Sequence[Path], skipped: Sequence[str]) -> str:
    places = "、".join(f"「{path}」" for path in paths)
    seen = f"（本の形式でないので飛ばしたもの: {'、'.join(skipped[:3])} など）" if skipped else ""
    return (
        f"{places}に読み取れる形式のファイルがない{seen}ので、索引は変えていません。"
        "予算書のテキスト（.txt、.md、.csv、.xlsx など）を置くか、別の場所を指定してください。"
    )


class _Opening:
    """The current generation on its way: its checksums are computed while the files are read."""

    def __init__(self, writer: Writer) -> None:
        self._executor = ThreadPoolExecutor(1, "open-index")
        self._future = self._executor.submit(writer.open)

    def __call__(self) -> Reader | None:
        """Wait for it. Raises what :meth:`Writer.open` raises."""
        return self._future.result()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._executor.shutdown()
        reader = None if self._future.exception() else self._future.result()
        if reader is not None:
            reader.close()
