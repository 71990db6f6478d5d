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
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import IO

from indexer.engine.generation import FileEntry, damaged_file
from indexer.engine.sentences import VECTORS_SUFFIX
from indexer.errors import IndexDamagedError
from indexer.regular_files import open_regular

_COPIED_AT_ONCE = 1 << 26
_THREADS = 4


class Copies:
    """Verified copies of the files of a generation."""

    def __init__(self, folder: Path, entries: Sequence[FileEntry]) -> None:
        """Raises ``IndexDamagedError``. Damaged vectors are named in ``damaged``: without them all
        but the comparison by meaning goes on."""
        with ThreadPoolExecutor(_THREADS) as threads:
            views = list(threads.map(lambda entry: _verified_copy(folder, entry), entries))
        found = {folder / entry.path: view for entry, view in zip(entries, views, strict=True)}
        self._views = {path: view for path, view in found.items() if view is not None}
        self.damaged = tuple(path for path in found if path not in self._views)

    def __call__(self, path: Path) -> memoryview:
        return self._views[path]


def _verified_copy(folder: Path, entry: FileEntry) -> memoryview | None:
    path = folder / entry.path
    try:
        view = _copy(folder.parents[1], path, entry.size)
        if len(view) == entry.size and hashlib.sha256(view).hexdigest() == entry.sha256:
            return view
        raise damaged_file(path)
    except FileNotFoundError:
        problem = damaged_file(path)
    except IndexDamagedError as error:
        problem = error
    if not entry.path.endswith(VECTORS_SUFFIX):
        raise problem
    return None


def _copy(index: Path, path: Path, size: int) -> memoryview:
    """So many bytes of the file, and one more if it has grown, where nobody else can reach them."""
    with open_regular(path) as source:
        with suppress(OSError), _nameless(index) as target:
            return _copy_to_disk(source, target, size + 1)
        source.seek(0)
        return memoryview(source.read(size + 1) or b"")


def _nameless(index: Path) -> IO[bytes]:
    """A file without a name: in the index, or where temporary files are."""
    try:
        return tempfile.TemporaryFile(dir=index)
    except OSError:
        return tempfile.TemporaryFile()


def _copy_to_disk(source: IO[bytes], target: IO[bytes], most: int) -> memoryview:
    done = 0
    while done < most:
        count = _copy_some(
            source.fileno(), target.fileno(), done, min(most - done, _COPIED_AT_ONCE)
        )
        if not count:
            break
        done += count
    if not done:
        return memoryview(b"")
    return memoryview(mmap.mmap(target.fileno(), 0, access=mmap.ACCESS_READ))


def _copy_some(source: int, target: int, done: int, step: int) -> int:
    """The system copies, or where it can shares the blocks, without a byte passing through here."""
    try:
        return os.copy_file_range(source, target, step)
    except OSError:  # from one file system to another
        return os.sendfile(target, source, done, step)
