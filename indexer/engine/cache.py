"""What was decoded lately? A cache bounded by bytes, safe under threads."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, Protocol, TypeVar


class Sized(Protocol):
    """A value that knows how many bytes it holds."""

    @property
    def nbytes(self) -> int: ...


V = TypeVar("V", bound=Sized)
_ENTRY_BYTES = 400
"""What an entry costs besides its arrays: key, links, array headers."""


class ByteBoundedCache(Generic[V]):
    """The values used last, up to ``limit`` bytes in all. Values are never changed once in."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._values: OrderedDict[Hashable, V] = OrderedDict()
        self._lock = Lock()
        self.nbytes = 0

    def get(self, key: Hashable, make: Callable[[], V]) -> V:
        """The value under ``key``; ``make`` makes it when it is not here. Two threads that miss
        at once may both make it; both get an equal one. Larger than the limit: not kept."""
        with self._lock:
            value = self._values.get(key)
            if value is not None:
                self._values.move_to_end(key)
                return value
        value = make()
        size = value.nbytes + _ENTRY_BYTES
        if size > self._limit:
            return value
        with self._lock:
            if key in self._values:
                return self._values[key]
            self._values[key] = value
            self.nbytes += size
            while self.nbytes > self._limit:
                _, dropped = self._values.popitem(last=False)
                self.nbytes -= dropped.nbytes + _ENTRY_BYTES
        return value

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._values.clear()
            self.nbytes = 0
