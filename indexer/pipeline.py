"""How does a book get into the index? Sources → parsing → engine, for what changed only.

The write side; :mod:`indexer.changes` says what an update does to documents indexed before.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

from indexer.changes import NothingReadableError, Progress, Refusal, Step, Update
from indexer.engine.store import Store
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
    """Programmes analysed in this update."""
    problems: int
    """Stated doubts of all documents (``yosan check`` lists them)."""
    refused: tuple[Refusal, ...]
    seconds: float


def update_index(
    index: Path,
    paths: Sequence[Path],
    *,
    full: bool = False,
    progress: Progress | None = None,
) -> IndexReport:
    """Bring the index folder up to date with ``paths`` and with what it holds already.

    Raises :class:`UsageError` for a path that does not exist, :class:`NothingReadableError`,
    and what :class:`Store` raises (locked, damaged, not writable). Whatever is raised, and on
    Ctrl-C, the generation being served stays as it was.
    """
    started = time.monotonic()
    listing = list_files(paths)
    if not listing.files:
        raise NothingReadableError(_no_files(paths, listing.skipped), ())
    store = Store(index)
    with ExitStack() as stack:
        writer = stack.enter_context(store.writer())
        known = () if full else writer.sources()
        reader = stack.enter_context(closing(store.open())) if known else None
        update = Update(listing.files, known, reader, progress)
        report = update.write(writer, full=full)
    return IndexReport(
        generation=report.generation,
        documents=report.documents,
        programs=report.programs,
        changed=report.changed,
        removed=report.removed,
        analysed=report.analysed,
        problems=_count_problems(index),
        refused=tuple(update.refused),
        seconds=time.monotonic() - started,
    )


def _no_files(paths: Sequence[Path], skipped: Sequence[str]) -> str:
    places = "、".join(f"「{path}」" for path in paths)
    seen = f"（本の形式でないので飛ばしたもの: {'、'.join(skipped[:3])} など）" if skipped else ""
    return (
        f"{places}に読み取れる形式のファイルがない{seen}ので、索引は変えていません。"
        "予算書のテキスト（.txt、.md、.csv など）を置くか、別の場所を指定してください。"
    )


def _count_problems(index: Path) -> int:
    reader = Store(index).open()
    try:
        indexed = (reader.document(document.id) for document in reader.documents())
        return sum(len(item.problems) for item in indexed if item is not None)
    finally:
        reader.close()
