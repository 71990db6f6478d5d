"""Which rows hold a term, and where in them? Postings read straight from the bytes of a segment.

A segment is written by :mod:`indexer.engine.postings`, which spells every number of a block with
one width; so a term is looked up and its blocks become arrays without a Python step per posting,
and without Whoosh's shared file pointer. The layout is Whoosh's, and its matchers read the same.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np
from isal import isal_zlib
from numpy.typing import NDArray

from indexer.engine.postings import (
    BYTES8,
    BYTES32,
    INT16,
    INT32,
    LARGE_NUMBER,
    MARK,
    NONE,
    SMALL_NUMBER,
    TERM_INFO,
    TUPLE,
    VALUE_OVERHEAD,
)

Ints = NDArray[np.int64]

_LENGTHS = struct.Struct("!ii")
_SLOT = struct.Struct("!Iq")
_INFO = struct.Struct("!BfIBBfIIqi")
_MAGIC_SIZE = 4
_LENGTH = struct.Struct(">i")
_COUNT_LAST = struct.Struct("<BBiBi")
_INFO_SIZE = 28
_COMPRESSION_AT = 21
_MARK, _TUPLE, _NONE = MARK[0], TUPLE[0], NONE[0]
_NUMBERS = {INT16: SMALL_NUMBER, INT32: LARGE_NUMBER}
_TAIL_SIZE = 3  # TUPLE, TUPLE3, STOP
_SHORT_VALUE = 0xFF
_PADDING = bytes(4)
POSITION_BITS = 32
assert _INFO.size == TERM_INFO.itemsize


@dataclass(frozen=True, slots=True)
class Block:
    """Some postings of one term in one segment, ascending; ``values`` are not yet read."""

    gaps: NDArray[np.int64]
    """The first row, and the steps from one row to the next."""
    last: int
    frequencies: NDArray[np.int64] | None
    """``None``: once in every row."""
    values: bytes | memoryview


Info = tuple[int, ...]
"""A term's entry as ``TERM_INFO`` has it."""


class TermLookup:
    """The terms of one segment. Safe under threads: nothing here moves."""

    def __init__(
        self,
        terms: memoryview,
        postings: memoryview,
        tables: Sequence[tuple[int, int]],
        fields: dict[str, int],
    ) -> None:
        self._terms = terms
        self._postings = postings
        self._tables = tuple(tables)
        self._prefixes = {name: struct.pack("!H", number) for name, number in fields.items()}

    def frequency(self, field: str, term: bytes) -> int:
        """In how many rows the field holds the term, deleted ones included."""
        prefix = self.prefix(field)
        info = None if prefix is None else self.info(*_key(prefix, term))
        return 0 if info is None else int(info[2])

    def blocks(self, field: str, term: bytes) -> tuple[Block, ...]:
        """The postings of a term, none if it is not there. Raises ``ValueError`` for a block
        that is not spelled as ours are."""
        prefix = self.prefix(field)
        info = None if prefix is None else self.info(*_key(prefix, term))
        return () if info is None else self.blocks_at(info)

    def blocks_at(self, info: Info) -> tuple[Block, ...]:
        """The postings of a term of which this is known."""
        return tuple(_blocks(self._postings, info[8], info[8] + info[9]))

    def prefix(self, field: str) -> bytes | None:
        """What stands before a field's terms; mostly the same in every segment."""
        return self._prefixes.get(field)

    def info(self, key: bytes, wanted: int) -> Info | None:
        """What is known of a term behind its prefix, with its checksum."""
        start, slots = self._tables[wanted & 0xFF]
        if not slots:
            return None
        terms, size = self._terms, len(key)
        first = (wanted >> 8) % slots
        for step in range(slots):
            slot = start + (first + step) % slots * _SLOT.size
            found, at = _SLOT.unpack_from(terms, slot)
            if not at:
                return None
            if found == wanted and _LENGTHS.unpack_from(terms, at)[0] == size:
                key_at = at + _LENGTHS.size
                if terms[key_at : key_at + size] == key:
                    return _INFO.unpack_from(terms, key_at + size)
        return None


def find_infos(
    lookups: Sequence[TermLookup], field: str, term: bytes
) -> tuple[tuple[int, Info], ...]:
    """What the segments that hold a term know of it, each with its number."""
    found = []
    prefix, key, wanted = None, b"", 0
    for number, lookup in enumerate(lookups):
        own = lookup.prefix(field)
        if own is None:
            continue
        if own != prefix:
            prefix = own
            key, wanted = _key(own, term)
        info = lookup.info(key, wanted)
        if info is not None:
            found.append((number, info))
    return tuple(found)


def _key(prefix: bytes, term: bytes) -> tuple[bytes, int]:
    key = prefix + term
    return key, crc32(key)


def _blocks(postings: memoryview, at: int, end: int) -> Iterator[Block]:
    """The blocks of one term, the first one at ``at``."""
    at += _MAGIC_SIZE
    while at < end:
        length = abs(_LENGTH.unpack_from(postings, at)[0])
        at += _LENGTH.size
        mark, first, count, second, last = _COUNT_LAST.unpack_from(postings, at)
        _expect((mark, first, second) == (_MARK, INT32, INT32))
        compression = postings[at + _COMPRESSION_AT]
        data = postings[at + _INFO_SIZE : at + length]
        yield _block(isal_zlib.decompress(data) if compression else data, count, last)
        at += length


def _block(data: bytes | memoryview, count: int, last: int) -> Block:
    gaps, at = _numbers(data, 0, count)
    frequencies = None
    if data[at] == _NONE:
        at += 1
    else:
        frequencies, at = _numbers(data, at, count)
    _expect(data[at] == _MARK and data[at + 1] in (BYTES8, BYTES32))
    return Block(gaps, last, frequencies, data[at + 1 : -_TAIL_SIZE])


def _numbers(data: bytes | memoryview, at: int, count: int) -> tuple[Ints, int]:
    """A tuple of numbers of one width, and where it ends."""
    number = _NUMBERS[data[at + 1]]
    end = at + 1 + count * number.itemsize
    _expect(data[at] == _MARK and data[end] == _TUPLE)
    return np.frombuffer(data, number, count, at + 1)["value"].astype(np.int64), end + 1


def _expect(is_ours: bool) -> None:
    if not is_ours:
        raise ValueError("postings that this engine did not write")


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows that hold a term, over all segments in their order, and how often each does."""

    rows: Ints
    frequencies: Ints
    blocks: tuple[Block, ...]


def join_blocks(found: Sequence[tuple[int, Sequence[Block]]]) -> Rows:
    """The blocks of a term by segment, each with the number of the segment's first row."""
    blocks: list[Block] = []
    before: list[int] = []
    """What to add to the first gap of each block, so that one running sum gives all rows."""
    reached = 0
    for base, own in found:
        for block in own:
            blocks.append(block)
            before.append(base - reached)
            reached = base + block.last
    if len(blocks) == 1:
        rows = np.cumsum(blocks[0].gaps) + before[0]
    else:
        gaps = np.concatenate([block.gaps for block in blocks])
        counts = np.array([len(block.gaps) for block in blocks])
        gaps[np.cumsum(counts) - counts] += before
        rows = np.cumsum(gaps)
    return Rows(rows, _joined_frequencies(blocks), tuple(blocks))


def _joined_frequencies(blocks: Sequence[Block]) -> Ints:
    parts = [
        np.ones(len(block.gaps), dtype=np.int64) if block.frequencies is None else block.frequencies
        for block in blocks
    ]
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


@dataclass(frozen=True, slots=True)
class Places:
    """Where a term stands: every occurrence as ``ordinal << bits | position``, ascending.

    In 32 bits wherever ordinals and positions fit, so that most of an index's places can be kept.
    """

    keys: NDArray[np.uint32] | Ints
    bits: int

    @property
    def nbytes(self) -> int:
        """Memory held."""
        return self.keys.nbytes

    def occurrences(self) -> Ints:
        """Every one as ``ordinal << POSITION_BITS | position``."""
        keys = self.keys.astype(np.int64)
        found: Ints = keys >> self.bits << POSITION_BITS | keys & (1 << self.bits) - 1
        return found

    def holds(self, wanted: Ints) -> NDArray[np.bool_]:
        """Which of these (as :meth:`occurrences` has them, ascending) are among them."""
        if not len(self.keys):
            return np.zeros(len(wanted), dtype=bool)
        positions = wanted & (1 << POSITION_BITS) - 1
        keys = (wanted >> POSITION_BITS << self.bits | positions).astype(self.keys.dtype)
        at = np.searchsorted(self.keys, keys)
        np.minimum(at, len(self.keys) - 1, out=at)
        found: NDArray[np.bool_] = self.keys[at] == keys
        found &= positions < 1 << self.bits
        return found

    def repeats(self, ordinals: NDArray[np.intp]) -> Ints:
        """How often each of these programmes has the term."""
        kind = self.keys.dtype
        first = np.searchsorted(self.keys, (ordinals << self.bits).astype(kind))
        last = (ordinals << self.bits) + ((1 << self.bits) - 1)
        return np.searchsorted(self.keys, last.astype(kind), side="right") - first


NO_PLACES = Places(np.zeros(0, dtype=np.int64), POSITION_BITS)


def place(rows: Rows, ordinal_of_row: NDArray[np.intp], total: int) -> Places:
    """Places by ordinal, of which there are ``total``; rows without one (deleted) are left out.
    Raises ``ValueError`` for values that are not spelled as ours are."""
    starts, ends, wide = _spans(rows)
    ordinals, frequencies = ordinal_of_row[rows.rows], rows.frequencies
    if len(ordinals) and ordinals.min() < 0:
        live = ordinals >= 0
        ordinals, frequencies = ordinals[live], frequencies[live]
        starts, wide = starts[live], wide[live]
    data = b"".join([*(block.values for block in rows.blocks), _PADDING])
    _expect(ends[-1] + len(_PADDING) == len(data))
    owner, positions = _positions(np.frombuffer(data, np.uint8), starts, frequencies, wide)
    bits = 32 - (total - 1).bit_length()
    if len(positions) and positions.max() >> bits:
        bits = POSITION_BITS
    keys = ordinals[owner] << bits | positions
    return Places(_ascending(keys if bits == POSITION_BITS else keys.astype(np.uint32)), bits)


def _positions(
    data: NDArray[np.uint8], starts: Ints, frequencies: Ints, wide: NDArray[np.bool_]
) -> tuple[NDArray[np.intp], Ints]:
    """Every occurrence: the index of its posting, and its position; in order. Positions of a
    posting begin at ``starts`` and have four bytes where ``wide``, else two."""
    owner = np.repeat(np.arange(len(starts)), frequencies)
    first = np.cumsum(frequencies) - frequencies
    within = np.arange(len(owner)) - first[owner]
    if not wide.any():
        gaps = _bytes(data, starts[owner] + 3 * within, 2)
    else:
        is_wide = wide[owner]
        at = starts[owner] + np.where(is_wide, 5, 3) * within
        gaps = np.where(is_wide, _bytes(data, at, 4), _bytes(data, at, 2))
    total = np.cumsum(gaps)
    positions: Ints = total - (total[first] - gaps[first])[owner]
    return owner, positions


def _bytes(data: NDArray[np.uint8], at: Ints, size: int) -> Ints:
    """Numbers of ``size`` bytes, each behind its opcode."""
    found = data[at + 1].astype(np.int64)
    for byte in range(1, size):
        found |= data[at + 1 + byte].astype(np.int64) << (8 * byte)
    return found


def live_rows(rows: Rows, ordinal_of_row: NDArray[np.intp]) -> tuple[NDArray[np.intp], Ints]:
    """The ordinals that hold a term, ascending, and how often; rows without one (deleted) are left
    out."""
    ordinals = ordinal_of_row[rows.rows]
    # Both in one number: those are put in order many times faster than places are found for them.
    both = _ascending(ordinals << POSITION_BITS | rows.frequencies)
    if len(both) and both[0] < 0:
        both = both[np.searchsorted(both, 0) :]
    return both >> POSITION_BITS, both & (1 << POSITION_BITS) - 1


def _ascending(numbers: NDArray[Any]) -> NDArray[Any]:
    """The same numbers in order. Rows lie in that of their documents, but for new segments."""
    if len(numbers) > 1 and not (numbers[1:] > numbers[:-1]).all():
        numbers.sort()
    return numbers


def _spans(rows: Rows) -> tuple[Ints, Ints, NDArray[np.bool_]]:
    """Where the positions of each row begin in the values laid end to end, where its value ends,
    and which are wide."""
    counts = np.array([len(block.gaps) for block in rows.blocks])
    is_wide = np.repeat([_is_wide(block.values) for block in rows.blocks], counts)
    sizes = VALUE_OVERHEAD + np.where(is_wide, 5, 3) * rows.frequencies
    heads = np.where(sizes <= _SHORT_VALUE, 2, 5)
    ends = np.cumsum(heads + sizes)
    return ends - sizes + VALUE_OVERHEAD - 1, ends, is_wide


def _is_wide(values: bytes | memoryview) -> bool:
    """Whether the positions of a block have four bytes: its first value's opcode tells."""
    head = 2 if values[0] == BYTES8 else 5
    return values[head + VALUE_OVERHEAD - 1] == INT32
