"""How are a field's postings laid out for Whoosh? :mod:`indexer.engine.blocks` reads them back.

Writing goes from three arrays (term, row, position per token) to the bytes of a Whoosh ``.pst``
file without a Python step per posting. Any Whoosh reads them: a block is a pickle of
``(row deltas, weights, values)``, and a value is a count and a pickled sequence of position
deltas. Pickles may be spelled in more than one way; ours spells every number with the same
width, so that thousands are written, and read back, by one array operation.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from isal import isal_zlib
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC
from whoosh.util.numeric import length_to_byte

Ints = NDArray[np.int64]
Numbers = NDArray[np.int32]
Whole = NDArray[np.signedinteger[Any]]
Bytes = NDArray[np.uint8]

BLOCK_POSTINGS = 1024
"""Postings in one block, ours to choose. Whoosh's own writer uses 128."""
COMPRESS_FROM = 4096
"""A block smaller than this many bytes is left as it is: compressing those too would make the
index a third smaller, and take a tenth of the time of a full index."""
COMPRESSION = 1

# Pickle opcodes. https://docs.python.org/3/library/pickletools.html
MARK, TUPLE, _TUPLE3, _STOP, NONE = b"(", b"t", b"\x87", b".", b"N"
INT16, INT32, _UINT8, _FLOAT = ord("M"), ord("J"), ord("K"), ord("G")
BYTES8, BYTES32 = ord("C"), ord("B")

SMALL_NUMBER = np.dtype([("op", "u1"), ("value", "<u2")])
LARGE_NUMBER = np.dtype([("op", "u1"), ("value", "<i4")])
VALUE_OVERHEAD = 6
"""Around the positions of a posting: four bytes of count, MARK, TUPLE."""
_HEADER = np.dtype(
    [
        ("magic", "S4"),
        ("length", ">i4"),
        ("mark", "u1"),
        ("count", LARGE_NUMBER),
        ("last", LARGE_NUMBER),
        ("weight_op", "u1"),
        ("weight", ">f8"),
        ("compression", "u1", 2),
        ("shortest", "u1", 2),
        ("longest", "u1", 2),
        ("tuple", "u1"),
        ("stop", "u1"),
    ]
)
_INFO_SIZE = _HEADER.itemsize - 8
TERM_INFO = np.dtype(
    [
        ("inlined", "u1"),
        ("weight", ">f4"),
        ("frequency", ">u4"),
        ("shortest", "u1"),
        ("longest", "u1"),
        ("heaviest", ">f4"),
        ("first", ">u4"),
        ("last", ">u4"),
        ("offset", ">i8"),
        ("length", ">i4"),
    ]
)
"""What a ``.trm`` file keeps of a term: totals, and where its blocks lie in the ``.pst`` file."""


@dataclass(frozen=True, slots=True)
class FieldPostings:
    """A field's postings, ready for the files: one term info per term, in the order of terms."""

    data: bytes
    infos: NDArray[np.void]


def length_bytes(lengths: Ints) -> Bytes:
    """Field lengths as Whoosh stores them: one byte each, exact up to a hundred or so."""
    longest = int(lengths.max(initial=0))
    table = np.fromiter((length_to_byte(n) for n in range(longest + 1)), np.uint8, longest + 1)
    return table[lengths]


def encode_field(
    terms: Numbers, rows: Numbers, positions: Numbers, lengths: Bytes, base: int
) -> FieldPostings:
    """Lay out a field whose tokens are given sorted by term, row and position.

    ``terms`` are ranks 0, 1, 2 … without gaps; ``lengths`` are the length bytes of all rows;
    ``base`` is where in the ``.pst`` file the field begins.
    """
    first = _changes(terms, rows)
    term_of, row_of = terms[first], rows[first]
    frequency = np.diff(first, append=len(terms))
    gaps = np.diff(positions, prepend=np.int32(0))
    gaps[first] = positions[first]
    term_first = _changes(term_of)
    block_first = _block_starts(term_first, len(term_of))
    values, value_ends = _encode_values(gaps, first, frequency)
    blocks = _Blocks(
        starts=block_first,
        counts=np.diff(block_first, append=len(term_of)),
        rows=row_of,
        frequencies=frequency,
        lengths=lengths[row_of],
    )
    return _assemble(blocks, values, value_ends, term_first, base)


@dataclass(frozen=True, slots=True)
class _Blocks:
    starts: Ints
    counts: Ints
    rows: Numbers
    frequencies: Ints
    lengths: Bytes


def _changes(*columns: Numbers) -> Ints:
    """Indexes at which a run of equal entries begins."""
    different = np.ones(len(columns[0]), dtype=bool)
    if len(different) > 1:
        different[1:] = columns[0][1:] != columns[0][:-1]
        for column in columns[1:]:
            different[1:] |= column[1:] != column[:-1]
    return np.flatnonzero(different)


def _block_starts(term_first: Ints, total: int) -> Ints:
    counts = np.diff(term_first, append=total)
    blocks = -(-counts // BLOCK_POSTINGS)
    within = np.arange(blocks.sum()) - np.repeat(np.cumsum(blocks) - blocks, blocks)
    starts: Ints = np.repeat(term_first, blocks) + within * BLOCK_POSTINGS
    return starts


def _encode_values(gaps: Numbers, first: Ints, frequency: Ints) -> tuple[bytes, Ints]:
    """Every posting's value as a pickled bytes object, and where each ends."""
    numbers, width = _numbers(gaps)
    size = VALUE_OVERHEAD + width * frequency
    is_short = size <= 0xFF
    head = np.where(is_short, 2, 5)
    ends = np.cumsum(head + size)
    starts = ends - size
    out = np.zeros(int(ends[-1]) if len(ends) else 0, dtype=np.uint8)
    short, long = starts[is_short], starts[~is_short]
    out[short - 2] = BYTES8
    out[short - 1] = size[is_short]
    out[long - 5] = BYTES32
    _scatter(out, long - 4, size[~is_short].astype("<u4").view(np.uint8).reshape(-1, 4))
    _scatter(out, starts, frequency.astype(">u4").view(np.uint8).reshape(-1, 4))
    out[starts + 4] = MARK[0]
    out[ends - 1] = TUPLE[0]
    at = np.repeat(starts + 5 - width * first, frequency) + width * np.arange(len(gaps))
    _scatter(out, at, np.frombuffer(numbers, np.uint8).reshape(-1, width))
    return out.tobytes(), ends


def _scatter(out: Bytes, at: Ints, columns: Bytes) -> None:
    """Write one short run of bytes at each place; column by column, for there are few."""
    for index in range(columns.shape[1]):
        out[at + index] = columns[:, index]


def _assemble(
    blocks: _Blocks, values: bytes, value_ends: Ints, term_first: Ints, base: int
) -> FieldPostings:
    starts = blocks.starts
    deltas = np.diff(blocks.rows, prepend=np.int32(0))
    deltas[starts] = blocks.rows[starts]
    heaviest = np.maximum.reduceat(blocks.frequencies, starts)
    packed = _pack_blocks(blocks, deltas, heaviest, values, value_ends)
    headers, opens = _headers(blocks, heaviest, packed, term_first)
    pieces: list[bytes] = []
    size = _HEADER.itemsize
    for index, (data, _) in enumerate(packed):
        at = index * size
        pieces.append(headers[at if opens[index] else at + 4 : at + size])
        pieces.append(data)
    stored = np.fromiter((len(data) for data, _ in packed), np.int64, len(packed))
    stored += size - 4 * ~opens
    return FieldPostings(b"".join(pieces), _term_infos(blocks, stored, opens, term_first, base))


def _pack_blocks(
    blocks: _Blocks, deltas: Numbers, heaviest: Ints, values: bytes, value_ends: Ints
) -> list[tuple[bytes, int]]:
    """The data of every block and the compression used on it."""
    ids, id_size = _numbers(deltas)
    weights, weight_size = _numbers(blocks.frequencies)
    bounds = np.append(blocks.starts, len(blocks.rows))
    value_bounds = np.insert(value_ends, 0, 0)[bounds].tolist()
    spans = zip(pairwise(bounds.tolist()), pairwise(value_bounds), strict=True)
    packed = []
    for ((start, end), (first, last)), most in zip(spans, heaviest.tolist(), strict=True):
        weight = (
            NONE if most == 1 else MARK + weights[weight_size * start : weight_size * end] + TUPLE
        )
        data = b"".join(
            (
                MARK,
                ids[id_size * start : id_size * end],
                TUPLE,
                weight,
                MARK,
                values[first:last],
                b"t\x87.",
            )
        )
        if len(data) < COMPRESS_FROM:
            packed.append((data, 0))
        else:
            packed.append((isal_zlib.compress(data, COMPRESSION), COMPRESSION))
    return packed


def _numbers(values: Whole) -> tuple[bytes, int]:
    """Pickled whole numbers, all of one width, and that width."""
    small = values.max(initial=0) <= 0xFFFF
    numbers = np.empty(len(values), dtype=SMALL_NUMBER if small else LARGE_NUMBER)
    numbers["op"], numbers["value"] = INT16 if small else INT32, values
    return numbers.tobytes(), numbers.itemsize


def _headers(
    blocks: _Blocks, heaviest: Ints, packed: list[tuple[bytes, int]], term_first: Ints
) -> tuple[bytes, NDArray[np.bool_]]:
    """A header per block, the four bytes of magic always in front, and which blocks show them."""
    starts = blocks.starts
    count = len(starts)
    opens = np.zeros(count, dtype=bool)
    opens[np.searchsorted(starts, term_first)] = True
    closes = np.append(opens[1:], True)
    length = np.fromiter((len(data) for data, _ in packed), np.int64, count) + _INFO_SIZE
    header = np.zeros(count, dtype=_HEADER)
    header["magic"] = WHOOSH3_HEADER_MAGIC
    header["length"] = np.where(closes, -length, length)
    header["mark"] = MARK[0]
    header["count"]["op"], header["count"]["value"] = INT32, blocks.counts
    header["last"]["op"] = INT32
    header["last"]["value"] = blocks.rows[starts + blocks.counts - 1]
    header["weight_op"], header["weight"] = _FLOAT, heaviest
    for name, values in (
        ("compression", np.fromiter((level for _, level in packed), np.uint8, count)),
        ("shortest", np.minimum.reduceat(blocks.lengths, starts)),
        ("longest", np.maximum.reduceat(blocks.lengths, starts)),
    ):
        header[name][:, 0], header[name][:, 1] = _UINT8, values
    header["tuple"], header["stop"] = TUPLE[0], _STOP[0]
    return header.tobytes(), opens


def _term_infos(
    blocks: _Blocks, stored: Ints, opens: NDArray[np.bool_], term_first: Ints, base: int
) -> NDArray[np.void]:
    infos = np.zeros(len(term_first), dtype=TERM_INFO)
    counts = np.diff(term_first, append=len(blocks.rows))
    infos["weight"] = np.add.reduceat(blocks.frequencies, term_first)
    infos["frequency"] = counts
    infos["shortest"] = np.minimum.reduceat(blocks.lengths, term_first)
    infos["longest"] = np.maximum.reduceat(blocks.lengths, term_first)
    infos["heaviest"] = np.maximum.reduceat(blocks.frequencies, term_first)
    infos["first"] = blocks.rows[term_first]
    infos["last"] = blocks.rows[term_first + counts - 1]
    length = np.add.reduceat(stored, np.flatnonzero(opens))
    infos["offset"] = base + np.cumsum(length) - length
    infos["length"] = length
    return infos
