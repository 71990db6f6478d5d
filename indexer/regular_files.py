"""How is a file opened that others may have put there? Only when it is a file, never waiting.

A pipe under the name of a book would be waited for without end, a device may give bytes without
end: what is opened is looked at through its descriptor, so that nothing can change in between.
"""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from contextlib import suppress
from io import BufferedRandom, BufferedReader, FileIO
from pathlib import Path
from typing import BinaryIO

_FLAGS = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY
_COPIED_AT_ONCE = 1 << 26
NOT_REGULAR = "普通のファイルではない"


def open_unbuffered(path: Path) -> FileIO:
    """The file at ``path`` for reading. Raises ``OSError``, also for what is no regular file."""
    if not stat.S_ISREG(os.stat(path).st_mode):  # opening a device may already do something
        raise _not_regular(path)
    descriptor = os.open(path, _FLAGS)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise _not_regular(path)
        return FileIO(descriptor)
    except BaseException:
        os.close(descriptor)
        raise


def open_regular(path: Path) -> BufferedReader:
    """As :func:`open_unbuffered`, with a buffer."""
    return BufferedReader(open_unbuffered(path))


def read_regular(path: Path, most: int) -> bytes:
    """The content, at most so many bytes of it and one more. Raises ``OSError``."""
    with open_regular(path) as stream:
        return stream.read(most + 1)


def copy_privately(source: BinaryIO, most: int, folder: Path | None = None) -> BufferedRandom:
    """At most so many bytes of the file, from its beginning, as a file without a name, which nobody
    else can reach: in ``folder``, or where temporary files are. Raises ``OSError``."""
    target = _nameless(folder)
    try:
        done = 0
        while done < most:
            step = min(most - done, _COPIED_AT_ONCE)
            count = _copy_some(source.fileno(), target.fileno(), done, step)
            if not count:
                break
            done += count
        target.seek(0)
        return target
    except BaseException:
        target.close()
        raise


def state_of(stream: BinaryIO) -> tuple[int, int]:
    """What changes when somebody writes into an open file."""
    status = os.fstat(stream.fileno())
    return status.st_size, status.st_mtime_ns


def _nameless(folder: Path | None) -> BufferedRandom:
    if folder is not None:
        with suppress(OSError):
            return tempfile.TemporaryFile(dir=folder)
    return tempfile.TemporaryFile()


def _copy_some(source: int, target: int, done: int, step: int) -> int:
    """The system copies, or where it can shares the blocks, without a byte passing through here."""
    try:
        return os.copy_file_range(source, target, step, done, done)
    except OSError:  # from one file system to another
        os.lseek(target, done, os.SEEK_SET)
        return os.sendfile(target, source, done, step)


def _not_regular(path: Path) -> OSError:
    return OSError(errno.EINVAL, NOT_REGULAR, str(path))
