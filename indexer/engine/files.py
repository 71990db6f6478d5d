"""How does a byte reach the disk and stay there? Every file operation of the store.

Nothing else in the engine writes, syncs, renames or removes a file, so a test can fail any one
operation, or drop what was not yet synced, and look at what is served afterwards.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600


def _observe_nothing(operation: str, path: Path) -> None:
    """The hook of an ordinary run."""


observe: Callable[[str, Path], None] = _observe_nothing
"""Called before each operation with its name and path; a test may raise ``OSError`` from it."""


def make_folder(path: Path) -> None:
    """Make a folder only its owner can enter: an opened Whoosh index is code."""
    observe("mkdir", path)
    path.mkdir(mode=PRIVATE_FOLDER)


def write_file(path: Path, *chunks: bytes) -> None:
    """Write a new file. Not yet safe: see :func:`sync_file`."""
    observe("write", path)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE)
    with os.fdopen(descriptor, "wb") as stream:
        stream.writelines(chunks)


def sync_file(path: Path) -> None:
    """Have a file's content on the disk before returning."""
    observe("fsync", path)
    _sync(path, os.O_RDONLY)


def sync_folder(path: Path) -> None:
    """Have a folder's entries on the disk before returning."""
    observe("fsync_folder", path)
    _sync(path, os.O_RDONLY | os.O_DIRECTORY)


def link_file(source: Path, target: Path) -> None:
    """Give an unchanging file a second name; copied where the file system has no links."""
    observe("link", target)
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copyfile(source, target)
        target.chmod(PRIVATE_FILE)


def rename_folder(source: Path, target: Path) -> None:
    """Move a finished folder to its name."""
    observe("rename", target)
    source.rename(target)


def replace_file(source: Path, target: Path) -> None:
    """Put a file in the place of another, at once."""
    observe("replace", target)
    source.replace(target)


def remove_tree(path: Path) -> None:
    """Remove a folder and all in it."""
    observe("unlink", path)
    shutil.rmtree(path)


def remove_file(path: Path) -> None:
    """Remove a file that may be gone already."""
    observe("unlink", path)
    path.unlink(missing_ok=True)


def _sync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
