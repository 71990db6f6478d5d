"""Which sentences does a segment hold? Each distinct one once, and for every row those it has.

Beside a segment lie two files of ours: ``….sentences``, always, and ``….vectors``, a row of eight
bit numbers for each distinct sentence, unless meaning is switched off. The latter may be missing or
damaged: then nothing is compared by meaning, and all else goes on.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.engine import files
from indexer.engine.whoosh_index import View, map_file

SENTENCES_SUFFIX, VECTORS_SUFFIX = ".sentences", ".vectors"
DIMENSIONS = 512
Hashes = NDArray[np.uint64]
Vectors = NDArray[np.int8]
_HEADER = struct.Struct("<4sQQQ")
_MAGIC = b"yss1"


class SentenceRows:
    """The sentences of rows being gathered for a segment."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._references: list[int] = []
        self._ends: list[int] = []

    def add(self, sentences: Iterable[str]) -> None:
        """The sentences of the next row, in order."""
        numbers = self._numbers
        self._references.extend(numbers.setdefault(s, len(numbers)) for s in sentences)
        self._ends.append(len(self._references))

    def write(self, path: Path) -> None:
        """Write the file."""
        encoded = [sentence.encode("utf-8", "replace") for sentence in self._numbers]
        lengths = np.fromiter(map(len, encoded), np.int64, len(encoded))
        files.write_file(
            path,
            _HEADER.pack(_MAGIC, len(self._ends), len(encoded), len(self._references)),
            np.array([0, *self._ends], dtype="<i8").tobytes(),
            np.concatenate(([0], np.cumsum(lengths))).astype("<i8").tobytes(),
            np.array(self._references, dtype="<i4").tobytes(),
            *encoded,
        )


@dataclass(frozen=True, slots=True)
class Sentences:
    """The sentences of a segment, read where they lie."""

    row_bounds: NDArray[np.int64]
    """Row ``n`` has the references ``row_bounds[n]`` … ``row_bounds[n + 1]``."""
    references: NDArray[np.int32]
    """Numbers of distinct sentences."""
    bounds: NDArray[np.int64]
    text: memoryview

    def __len__(self) -> int:
        """How many distinct ones there are."""
        return len(self.bounds) - 1

    def of_row(self, row: int) -> NDArray[np.int32]:
        """The numbers of a row's sentences, in order."""
        return self.references[self.row_bounds[row] : self.row_bounds[row + 1]]

    def __getitem__(self, number: int) -> str:
        return bytes(self.text[self.bounds[number] : self.bounds[number + 1]]).decode()

    def hashes(self) -> Hashes:
        """What every distinct sentence is known by, whatever segment it is in."""
        pairs = pairwise(self.bounds.tolist())
        return np.fromiter((_hash(self.text[a:b]) for a, b in pairs), np.uint64, len(self))


def read_sentences(path: Path, view_of: View = map_file) -> Sentences:
    """The sentences of the file at ``path``, whose checksum was verified."""
    view = view_of(path)
    magic, rows, count, references = _HEADER.unpack(view[: _HEADER.size])
    if magic != _MAGIC:
        raise ValueError(f"{path} holds no sentences")
    at = _HEADER.size
    parts = []
    for size, kind in ((rows + 1, "<i8"), (count + 1, "<i8"), (references, "<i4")):
        part = np.frombuffer(view, kind, size, at)
        parts.append(part)
        at += part.nbytes
    return Sentences(parts[0], parts[2], parts[1], view[at:])


def read_vectors(path: Path, count: int, view_of: View = map_file) -> Vectors:
    """The vectors of a segment with so many distinct sentences, read where they lie."""
    vectors = np.frombuffer(view_of(path), np.int8)
    return vectors.reshape(count, DIMENSIONS)


def _hash(text: memoryview) -> int:
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "big")


def hashes_of(texts: Sequence[str]) -> Hashes:
    """The hashes of texts that lie in no segment."""
    encoded = (memoryview(text.encode("utf-8", "replace")) for text in texts)
    return np.fromiter(map(_hash, encoded), np.uint64, len(texts))


def cosines(vectors: Vectors, vector: NDArray[np.float32]) -> NDArray[np.float32]:
    """The cosine of ``vector``, of length 1, with each of ``vectors``.

    Not by BLAS, which wakes other threads for products of this size: they wait for each other
    longer than they work.
    """
    found = vectors.astype(np.float32)
    lengths = np.sqrt(np.einsum("ij,ij->i", found, found))
    likeness: NDArray[np.float32] = np.einsum("ij,j->i", found, vector)
    likeness /= np.maximum(lengths, 1e-9)
    return likeness
