"""Who may write? One process at a time; the lock says who holds it and since when."""

from __future__ import annotations

import errno
import fcntl
import json
import os
from datetime import datetime
from pathlib import Path

from indexer.engine.files import PRIVATE_FILE
from indexer.errors import IndexLockedError

LOCK_FILE = "write.lock"


class WriteLock:
    """An ``flock`` on a file that stays; the kernel frees it when its holder dies.

    Raises ``IndexLockedError`` when another process (or another writer of this one) holds it, and
    ``OSError`` when the file cannot be made.
    """

    def __init__(self, folder: Path) -> None:
        path = folder / LOCK_FILE
        self._descriptor: int | None = os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.pread(self._descriptor, 4096, 0)
            self.release()
            if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
                raise IndexLockedError(_sentence(folder, holder)) from None
            raise
        self._sign()

    def _sign(self) -> None:
        """Write who we are. A full disk must not keep the lock from being taken."""
        assert self._descriptor is not None
        since = datetime.now().astimezone().isoformat(timespec="seconds")
        try:
            os.ftruncate(self._descriptor, 0)
            os.pwrite(
                self._descriptor, json.dumps({"pid": os.getpid(), "since": since}).encode(), 0
            )
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                self.release()
                raise

    def release(self) -> None:
        """Let go. Idempotent. The file stays: removing it would let two writers in."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _sentence(folder: Path, holder: bytes) -> str:
    try:
        facts = json.loads(holder)
        since = datetime.fromisoformat(facts["since"]).astimezone()
        who = f"別のプロセス（番号 {facts['pid']}）が{since:%H時%M分}から"
    except (ValueError, KeyError, TypeError):
        who = "別のプロセスが"
    return f"{who}索引「{folder}」に書き込み中です。終わるのを待って、もう一度実行してください。"
