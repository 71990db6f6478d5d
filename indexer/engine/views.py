"""Where do the bytes of a generation come from while it is read? From its files, or from copies.

A file that is mapped into memory can be shortened by somebody else: who then reads beyond its new
end is killed by the system (SIGBUS), whatever the program would have said about it. A command that
ends in a second maps the files; a server, which runs for months, copies each of them once into a
file without a name, that nobody else can reach, holds the copy to the checksum, and maps that. So
what is served is what was verified, whatever becomes of the files. Where there is no room for the
copies they are kept in memory.
"""

from __future__ import annotations

import hashlib
import mmap
import os
import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from indexer.engine.generation import FileEntry, damaged_file, unreadable_file
from indexer.engine.sentences import VECTORS_SUFFIX
from indexer.errors import IndexDamagedError, IndexUnreadableError, YosanError
from indexer.regular_files import copy_privately, open_regular

_READ = mmap.PROT_READ
_THREADS = 4
_ROOM = 4


class Copies:
    """Verified copies of the files of a generation."""

    def __init__(self, folder: Path, entries: Sequence[FileEntry]) -> None:
        """Raises ``IndexDamagedError``. Damaged vectors are named in ``damaged``: without them all
        but the comparison by meaning goes on."""
        on_disk = _has_room(folder, sum(entry.size for entry in entries))

        def copy(entry: FileEntry) -> memoryview | None:
            return _verified_copy(folder, entry, on_disk)

        with ThreadPoolExecutor(_THREADS) as threads:
            views = list(threads.map(copy, entries))
        found = {folder / entry.path: view for entry, view in zip(entries, views, strict=True)}
        self._views = {path: view for path, view in found.items() if view is not None}
        self.damaged = tuple(path for path in found if path not in self._views)

    def __call__(self, path: Path) -> memoryview:
        return self._views[path]


def _has_room(folder: Path, size: int) -> bool:
    """Whether copies leave a writer the room for a generation of its own."""
    try:
        return shutil.disk_usage(folder).free > _ROOM * size
    except OSError:
        return False


def _verified_copy(folder: Path, entry: FileEntry, on_disk: bool) -> memoryview | None:
    path = folder / entry.path
    problem: YosanError
    try:
        view = _copy(folder.parents[1] if on_disk else None, path, entry.size)
        if len(view) == entry.size and hashlib.sha256(view).hexdigest() == entry.sha256:
            return view
        raise damaged_file(path)
    except OSError as error:
        problem = unreadable_file(path, error)
    except IndexDamagedError as error:
        problem = error
    if isinstance(problem, IndexUnreadableError) or not entry.path.endswith(VECTORS_SUFFIX):
        raise problem
    return None


def _copy(index: Path | None, path: Path, size: int) -> memoryview:
    """So many bytes of the file, and one more if it has grown, where nobody else can reach them."""
    with open_regular(path) as source:
        if index is not None:
            with suppress(OSError), copy_privately(source, size + 1, index) as target:
                is_empty = not os.fstat(target.fileno()).st_size
                return memoryview(b"" if is_empty else mmap.mmap(target.fileno(), 0, prot=_READ))
            source.seek(0)
        return memoryview(source.read(size + 1))
