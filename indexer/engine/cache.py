"""What was decoded lately? A cache bounded by bytes, safe under threads."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from sys import getsizeof
from threading import Lock
from typing import Generic, Protocol, TypeVar


class Sized(Protocol):
    """A value that knows how many bytes it holds."""

    @property
    def nbytes(self) -> int: ...


V = TypeVar("V", bound=Sized)
Key = bytes | tuple[str | int, ...]
"""Small, for its bytes count: never a whole query."""
_ENTRY_BYTES = 600
"""What an entry costs besides its arrays and key: links, objects, array headers."""
_MOST = 1 << 12
"""Entries at most: of a small index each is next to nothing, and all of them are soon made."""


class ByteBoundedCache(Generic[V]):
    """The values used last, up to ``limit`` bytes in all. Values are never changed once in."""

    def __init__(self, limit: int, most: int = _MOST) -> None:
        self._limit = limit
        self._most = most
        self._values: OrderedDict[Key, tuple[V, int]] = OrderedDict()
        self._lock = Lock()
        self.nbytes = 0

    def get(self, key: Key, make: Callable[[], V]) -> V:
        """The value under ``key``; ``make`` makes it when it is not here. Two threads that miss
        at once may both make it; both get an equal one. Larger than the limit: not kept."""
        with self._lock:
            kept = self._values.get(key)
            if kept is not None:
                self._values.move_to_end(key)
                return kept[0]
        value = make()
        size = value.nbytes + _ENTRY_BYTES + _bytes_of(key)
        if size > self._limit:
            return value
        with self._lock:
            if key in self._values:
                return self._values[key][0]
            self._values[key] = value, size
            self.nbytes += size
            while self.nbytes > self._limit or len(self._values) > self._most:
                _, (_, dropped) = self._values.popitem(last=False)
                self.nbytes -= dropped
        return value

    def __len__(self) -> int:
        """How many values are here."""
        return len(self._values)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._values.clear()
            self.nbytes = 0


def _bytes_of(key: Key) -> int:
    parts = map(getsizeof, key) if isinstance(key, tuple) else ()
    return getsizeof(key) + sum(parts)
