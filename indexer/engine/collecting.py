"""How often does Python look for garbage while millions of words pass by? Rarely."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_RARE = 100_000, 50, 1000


@contextmanager
def collecting_rarely() -> Iterator[None]:
    """Within, objects in cycles wait longer to be found.

    What an index run keeps (words met, rows) holds no cycles, and Python's usual pace walks all of
    it again and again: an eighth of the processor time of indexing 47,597 sheets.
    """
    before = gc.get_threshold()
    gc.set_threshold(*_RARE)
    try:
        yield
    finally:
        gc.set_threshold(*before)
