"""How is the list of a segment's terms laid out for Whoosh? The bytes of a ``.trm`` file.

It is Whoosh's ordered hash file: the terms in order with what is known of each, then 256 hash
tables over them, a directory of the tables, and an index of all positions for prefix searches.
"""

from __future__ import annotations

import pickle
import struct
from collections.abc import Mapping, Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from indexer.engine.postings import TERM_INFO

_HEADER = b"HSH3" + struct.pack("!bii", 1, 0, 0)  # 1: keys are hashed by CRC32
_LENGTHS = struct.Struct("!ii")
_SLOT = np.dtype([("hash", ">u4"), ("position", ">i8")])
_TABLE = np.dtype([("position", ">i8"), ("slots", ">i4")])
_TABLES = 256

Terms = Sequence[tuple[bytes, NDArray[np.void]]]


def encode_terms(fields: Mapping[str, tuple[Sequence[bytes], NDArray[np.void]]]) -> bytes:
    """The file for ``field → (terms in byte order, their infos)``, fields in order of name."""
    numbers = {name: number for number, name in enumerate(sorted(fields))}
    keys: list[bytes] = []
    entries: list[bytes] = []
    size = TERM_INFO.itemsize
    for name, number in numbers.items():
        terms, infos = fields[name]
        prefix, data = struct.pack("!H", number), infos.tobytes()
        for index, term in enumerate(terms):
            key = prefix + term
            keys.append(key)
            entry = _LENGTHS.pack(len(key), size) + key + data[index * size : (index + 1) * size]
            entries.append(entry)
    lengths = np.fromiter(map(len, entries), np.int64, len(entries))
    positions = len(_HEADER) + np.cumsum(lengths) - lengths
    hashes = np.fromiter(map(crc32, keys), np.int64, len(keys))
    body = _HEADER + b"".join(entries)
    tables, directory = _hash_tables(hashes, positions, len(body))
    extras = {"fieldmap": numbers, "indextype": "q", "indexlen": len(keys)}
    tail = pickle.dumps(extras, 2) + positions.astype(">i8").tobytes()
    return b"".join((body, tables, directory, tail, struct.pack("!i", len(tail))))


def _hash_tables(
    hashes: NDArray[np.int64], positions: NDArray[np.int64], start: int
) -> tuple[bytes, bytes]:
    """256 open-addressed tables, half full, and where each begins."""
    directory = np.zeros(_TABLES, dtype=_TABLE)
    bucket = hashes & 0xFF
    order = np.argsort(bucket, kind="stable")
    bounds = np.searchsorted(bucket[order], np.arange(_TABLES + 1))
    tables = []
    for number in range(_TABLES):
        members = order[bounds[number] : bounds[number + 1]]
        slots = 2 * len(members)
        directory[number] = (start, slots)
        table = np.zeros(slots, dtype=_SLOT)
        if slots:
            places = _places((hashes[members] >> 8) % slots, slots)
            table["hash"][places] = hashes[members]
            table["position"][places] = positions[members]
        tables.append(table.tobytes())
        start += slots * _SLOT.itemsize
    return b"".join(tables), directory.tobytes()


def _places(wanted: NDArray[np.int64], slots: int) -> NDArray[np.int64]:
    """A slot for each key: the one wanted, or the next free one after it, around the end."""
    order = np.argsort(wanted, kind="stable")
    steps = np.arange(len(wanted))
    ahead = np.maximum.accumulate(wanted[order] - steps) + steps
    over = np.flatnonzero(ahead >= slots)
    if len(over):
        taken = np.zeros(slots, dtype=bool)
        taken[ahead[: over[0]]] = True
        ahead[over] = np.flatnonzero(~taken)[: len(over)]
    places = np.empty_like(ahead)
    places[order] = ahead
    return places
