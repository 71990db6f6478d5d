"""Which words of an index are near in meaning to a typed one? By vectors of words, offline.

The vectors are those of chiVe (see ``data/near_words.LICENSE``): some 470,000 words of Sudachi's
normal forms share 20,000 vectors. Words are kept as hashes alone, so that a whole vocabulary is
looked up by one array operation. Near is not the same: what is found so is always named.

The vectors are those of the most frequent words, in the order of how often people write them, so
that the number of a word's vector also says how everyday it is: 人 50, 話 113, ハザードマップ 6130.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from importlib import resources

import numpy as np
from numpy.typing import NDArray

DATA = "near_words.npz"
LEAST = 0.5
"""Words less alike than this say nothing of each other."""
MOST = 8
_SAME_VECTOR = 0.9
"""The likeness of words that share a vector: more alike than any others, and not the same."""
_TERMS_KEPT = 2048
_EVERYDAY = 2000
_WORD = re.compile(r"[^\W\d_]{2,}|[一-鿿々]")
"""Numbers, signs and single kana are near to nothing."""


@dataclass(frozen=True, slots=True)
class _Table:
    hashes: NDArray[np.uint64]
    """Ascending."""
    rows: NDArray[np.uint16]
    vectors: NDArray[np.int8]


@lru_cache(maxsize=_TERMS_KEPT)
def is_everyday(term: str) -> bool:
    """Whether a word is of everyday talk, and so common that it names nothing: 人, 話, 去年."""
    return 0 <= int(_rows_of([term])[0]) < _EVERYDAY


class NearWords:
    """The words of one index by meaning. Safe under threads."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        terms = [term for term in dict.fromkeys(vocabulary) if _WORD.fullmatch(term)]
        rows = _rows_of(terms)
        self._terms_of_row: defaultdict[int, list[str]] = defaultdict(list)
        for term, row in zip(terms, rows.tolist(), strict=True):
            if row >= 0:
                self._terms_of_row[row].append(term)
        self._rows = np.array(sorted(self._terms_of_row), dtype=np.int64)
        self._matrix = _unit(_table().vectors[self._rows])
        self._near = lru_cache(maxsize=_TERMS_KEPT)(self._find)

    def near(self, term: str) -> tuple[tuple[str, float], ...]:
        """Other words of the index, each with its likeness, ``LEAST`` … 1, nearest first."""
        return self._near(term)

    def _find(self, term: str) -> tuple[tuple[str, float], ...]:
        row = int(_rows_of([term])[0]) if _WORD.fullmatch(term) else -1
        if row < 0 or not len(self._rows):
            return ()
        # Not by BLAS: its threads wait for each other longer than they work.
        likeness = np.einsum("ij,j->i", self._matrix, _unit(_table().vectors[row : row + 1])[0])
        places = np.flatnonzero(likeness >= LEAST)
        found: list[tuple[str, float]] = []
        for place in places[np.argsort(-likeness[places], kind="stable")].tolist():
            alike = min(float(likeness[place]), _SAME_VECTOR)
            others = self._terms_of_row[int(self._rows[place])]
            found.extend((other, alike) for other in others if other != term)
            if len(found) >= MOST:
                break
        return tuple(found[:MOST])


def encode_words(words: Iterable[str], rows: Iterable[int]) -> tuple[NDArray[np.uint64], ...]:
    """Hashes in order, and the rows in the same order: what the data file holds of words."""
    found = {_hash(word): row for word, row in zip(words, rows, strict=True)}
    hashes = np.array(sorted(found), dtype=np.uint64)
    return hashes, np.array([found[int(one)] for one in hashes], dtype=np.uint16)


def _hash(word: str) -> int:
    return int.from_bytes(blake2b(word.encode("utf-8", "replace"), digest_size=8).digest(), "big")


def _rows_of(words: Sequence[str]) -> NDArray[np.int64]:
    """The vector of each word, -1 for a word that has none."""
    table = _table()
    wanted = np.array([_hash(word) for word in words], dtype=np.uint64)
    at = np.minimum(np.searchsorted(table.hashes, wanted), len(table.hashes) - 1)
    return np.where(table.hashes[at] == wanted, table.rows[at].astype(np.int64), -1)


def _unit(vectors: NDArray[np.int8]) -> NDArray[np.float32]:
    found = vectors.astype(np.float32)
    found /= np.linalg.norm(found, axis=1, keepdims=True)
    return found


@lru_cache(maxsize=1)
def _table() -> _Table:
    path = resources.files("indexer.analysis").joinpath("data", DATA)
    with path.open("rb") as stream, np.load(stream) as arrays:
        return _Table(arrays["hashes"], arrays["rows"], arrays["vectors"])
