"""How is a file opened that others may have put there? Only when it is a file, never waiting.

A pipe under the name of a book would be waited for without end, a device may give bytes without
end: what is opened is looked at through its descriptor, so that nothing can change in between.
"""

from __future__ import annotations

import errno
import os
import stat
from io import BufferedReader, FileIO
from pathlib import Path

_FLAGS = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY
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


def _not_regular(path: Path) -> OSError:
    return OSError(errno.EINVAL, NOT_REGULAR, str(path))
