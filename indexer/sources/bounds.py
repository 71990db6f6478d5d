"""How much is read of what may grow without end? Streams and lines that stop at their bound."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import IO, Protocol

from indexer.settings import RECORD_BYTES_MAXIMUM, UNPACKED_BYTES_MAXIMUM


class TooLongError(ValueError):
    """More than is read; whoever reads the file for good says so with its name."""


class Source(Protocol):
    """What bytes are read from."""

    def read(self, size: int, /) -> bytes: ...
    def close(self) -> None: ...


class _Bounded(io.RawIOBase):
    """A stream that gives no more than so many bytes."""

    def __init__(self, stream: Source, most: int) -> None:
        self._stream = stream
        self._left = most

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        data = self._stream.read(len(view))
        self._left -= len(data)
        if self._left < 0:
            raise TooLongError
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()


def bounded(stream: Source, most: int | None = None) -> IO[bytes]:
    """The stream, where reading beyond ``most`` bytes (of what is unpacked) raises
    :class:`TooLongError`."""
    limit = UNPACKED_BYTES_MAXIMUM if most is None else most
    return io.BufferedReader(_Bounded(stream, limit))


def bounded_lines(stream: IO[bytes]) -> Iterator[bytes]:
    """Its lines. Raises :class:`TooLongError` for one that is longer than a record may be."""
    while line := stream.readline(RECORD_BYTES_MAXIMUM + 1):
        if len(line) > RECORD_BYTES_MAXIMUM:
            raise TooLongError
        yield line
