"""How is one value per row laid out for Whoosh, and read back, a whole column at a time?

Three of Whoosh's column types, written and read as arrays: numbers (``NumericColumn``), byte
strings (``VarBytesColumn``), and byte strings of few kinds (``RefBytesColumn``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.columns import (
    Column,
    CompressedBytesColumn,
    NumericColumn,
    PickleColumn,
    RefBytesColumn,
    VarBytesColumn,
)
from whoosh.util.varints import varint

Decode = Callable[[bytes], NDArray[Any]]

NULL_NUMBER = -(2**63)
"""Stands for null in a column of whole numbers: yen never get there."""
LARGEST_NUMBER = 2**62

WHOLE = NumericColumn("q", default=NULL_NUMBER)
FRACTION = NumericColumn("d", default=float("nan"))
FLAG = NumericColumn("B", default=0)
STRING = VarBytesColumn()
KIND = RefBytesColumn()
STORED: Column = PickleColumn(CompressedBytesColumn())
"""As in Whoosh's codec: what ``stored_fields`` reads."""


@dataclass(frozen=True, slots=True)
class Kinds:
    """A column of few kinds: a reference per row into ``values``; reference 0 is no value."""

    references: NDArray[np.int64]
    values: tuple[bytes, ...]


def encode_whole(values: Sequence[int | None]) -> bytes:
    """Whole numbers; null, and what 64 bits cannot hold, become null."""
    fitting = [NULL_NUMBER if v is None or abs(v) > LARGEST_NUMBER else v for v in values]
    return np.array(fitting, dtype=">i8").tobytes()


def encode_fractions(values: Sequence[float | None]) -> bytes:
    """Fractions; null is NaN."""
    return np.array([np.nan if v is None else v for v in values], dtype=">f8").tobytes()


def encode_flags(values: Sequence[bool]) -> bytes:
    """True and false as 1 and 0."""
    return np.array(values, dtype=np.uint8).tobytes()


def encode_strings(values: Sequence[bytes]) -> bytes:
    """Byte strings one after the other, then their lengths and offsets."""
    lengths = np.fromiter(map(len, values), np.int64, len(values))
    offsets = np.cumsum(lengths) - lengths
    numbers = (lengths.astype(">i4").tobytes(), offsets.astype(">i8").tobytes())
    return b"".join((*values, *numbers, b"iqX"))


def encode_kinds(values: Sequence[bytes]) -> bytes:
    """A 16-bit reference per row, then the distinct values. A segment has fewer rows than that."""
    kinds: dict[bytes, int] = {b"": 0}
    references = [kinds.setdefault(value, len(kinds)) for value in values]
    parts = [np.array(references, dtype=">u2").tobytes(), varint(len(kinds))]
    for kind in kinds:
        parts += (varint(len(kind)), kind)
    parts.append(b"H")
    return b"".join(parts)


def decode_whole(data: bytes) -> NDArray[np.int64]:
    """Inverse of :func:`encode_whole`, with ``NULL_NUMBER`` for null."""
    return np.frombuffer(data, dtype=">i8").astype(np.int64)


def decode_fractions(data: bytes) -> NDArray[np.float64]:
    """Inverse of :func:`encode_fractions`."""
    return np.frombuffer(data, dtype=">f8").astype(np.float64)


def decode_flags(data: bytes) -> NDArray[np.bool_]:
    """Inverse of :func:`encode_flags`."""
    return np.frombuffer(data, dtype=np.uint8).astype(bool)


def string_bounds(data: bytes, rows: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where in ``data``, as :func:`encode_strings` made it, each string starts and ends."""
    end = len(data) - 3 - 8 * rows
    lengths = np.frombuffer(data[end - 4 * rows : end], dtype=">i4")
    ends = np.cumsum(lengths, dtype=np.int64)
    return ends - lengths, ends


def decode_kinds(data: bytes, rows: int) -> Kinds:
    """Inverse of :func:`encode_kinds`."""
    references = np.frombuffer(data[: 2 * rows], dtype=">u2").astype(np.int64)
    at = 2 * rows
    count, at = _read_varint(data, at)
    values = []
    for _ in range(count):
        length, at = _read_varint(data, at)
        values.append(data[at : at + length])
        at += length
    return Kinds(references, tuple(values))


def _read_varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
