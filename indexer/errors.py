"""What can go wrong, for whom, and with which exit code?

    YosanError                 1  any failure with a sentence for the reader
    ├── UsageError             2  the caller asked for something that does not exist or fit
    ├── SourceError            6  one input cannot be read; the others still can
    ├── IndexMissingError      1  there is no index where one was expected
    ├── IndexUnreadableError   1  the system lacks what it takes to read it (memory, file handles)
    ├── IndexDamagedError      4  checksums or versions do not match
    ├── IndexLockedError       5  another writer holds the lock
    └── IndexWriteError        1  the folder cannot be written (permission, full disk)

Every message is one Japanese sentence that names the file, line or value and the way out.
"""

from __future__ import annotations

import errno
from enum import IntEnum


class ExitCode(IntEnum):
    """The documented exit codes of ``yosan``."""

    DONE = 0
    FAILURE = 1
    USAGE = 2
    NOTHING_FOUND = 3
    INDEX_DAMAGED = 4
    INDEX_LOCKED = 5
    PARTIAL = 6
    INTERRUPTED = 130


class YosanError(Exception):
    """A failure that a person can act on. ``str(error)`` is the sentence shown."""

    exit_code: ExitCode = ExitCode.FAILURE


class UsageError(YosanError):
    """An option, value or query that does not fit; the message lists what does."""

    exit_code = ExitCode.USAGE


class SourceError(YosanError):
    """One input that cannot be read or recognised. The rest of a batch goes on."""

    exit_code = ExitCode.PARTIAL

    def __init__(self, path: str, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.path = path
        self.line = line


class IndexMissingError(YosanError):
    """No index in the folder named."""


class IndexUnreadableError(YosanError):
    """The index may be whole, but the system has no room to read it: not damage, try again."""


class IndexDamagedError(YosanError):
    """A generation whose files or versions do not match its manifest."""

    exit_code = ExitCode.INDEX_DAMAGED


class IndexLockedError(YosanError):
    """Another process is writing; the message names its pid and when it began."""

    exit_code = ExitCode.INDEX_LOCKED


class IndexWriteError(YosanError):
    """The index folder cannot be written; what was being served is untouched."""


_REASONS = {
    errno.EACCES: "許可がない",
    errno.EPERM: "許可がない",
    errno.ENOENT: "ファイルがない（リンク切れかもしれない）",
    errno.ELOOP: "リンクが輪になっている",
    errno.EISDIR: "フォルダである",
    errno.EEXIST: "同じ名前のファイルがある",
    errno.ENOTDIR: "途中にフォルダでないものがある",
    errno.ENAMETOOLONG: "名前が長すぎる",
    errno.ENOSPC: "ディスクに空きがない",
    errno.EDQUOT: "使える容量を超えた",
    errno.EFBIG: "ファイルの大きさの上限を超えた",
    errno.EROFS: "書き込めないディスクである",
    errno.EMFILE: "開いているファイルが多すぎる",
    errno.ENFILE: "開いているファイルが多すぎる",
    errno.ENOMEM: "メモリが足りない",
    errno.EIO: "ディスクの読み書きに失敗した",
}


_WANTING = (errno.EMFILE, errno.ENFILE, errno.ENOMEM)


def is_want_of_room(error: BaseException) -> bool:
    """Whether the system lacks memory or file handles: no fault of the file that was asked for."""
    return isinstance(error, MemoryError) or getattr(error, "errno", None) in _WANTING


def reason_of(error: OSError) -> str:
    """What the system refused, in Japanese: the words between brackets of a sentence."""
    return _REASONS.get(error.errno or 0) or error.strerror or "読み取りか書き込みに失敗した"
