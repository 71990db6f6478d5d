"""Which programmes hold a term, a phrase, a beginning, and what does BM25F give for it?

Postings come from Whoosh once, whole, and become arrays: ordinals and scores. Scores are those
of Whoosh's own ``BM25F`` (k1 1.2, b per field), deleted rows counting in its statistics as they
do there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from math import log
from threading import Lock

import numpy as np
from numpy.typing import NDArray
from whoosh.util.numeric import byte_to_length

from indexer import settings
from indexer.engine.cache import ByteBoundedCache
from indexer.engine.hits import NO_HITS, Hits, make_hits, union
from indexer.engine.postings import TermRows, decode_positions, decode_term
from indexer.engine.schema import TEXT_FIELDS, text_field
from indexer.engine.snapshot import Snapshot
from indexer.engine.whoosh_index import OpenSegment

K1 = 1.2
_POSITION_BITS = 32


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Where a term occurs: ``ordinal << 32 | position``, ascending."""

    keys: NDArray[np.int64]

    @property
    def nbytes(self) -> int:
        """Memory held."""
        return self.keys.nbytes


class TermsIndex:
    """Terms of one generation, decoded when first asked for. Safe under threads."""

    def __init__(self, snapshot: Snapshot, segments: Sequence[OpenSegment]) -> None:
        self._snapshot = snapshot
        self._segments = segments
        self._bases = [snapshot.bases[segment.info.id] for segment in segments]
        self._hits: ByteBoundedCache[Hits] = ByteBoundedCache(settings.POSTINGS_CACHE_BYTES)
        self._places: ByteBoundedCache[Occurrences] = ByteBoundedCache(
            settings.POSITIONS_CACHE_BYTES
        )
        # Whoosh's matchers share a file pointer.
        self._decoding = Lock()
        self._norms = {field.name: self._length_norms(field.name) for field in TEXT_FIELDS}

    def term(self, field: str, text: str) -> Hits:
        """Programmes whose ``field`` holds the term."""
        return self._hits.get((field, text), lambda: self._decode_hits(field, text))

    def phrase(self, field: str, texts: tuple[str, ...]) -> Hits:
        """Programmes whose ``field`` holds the terms at consecutive positions; scores add up."""
        if len(texts) == 1:
            return self.term(field, texts[0])
        if not texts:
            return NO_HITS
        return self._hits.get((field, texts), lambda: self._find_phrase(field, texts))

    def prefix(self, field: str, text: str) -> Hits:
        """Programmes whose ``field`` holds a term with this beginning; the first
        ``settings.TERM_EXPANSIONS`` such terms count, and their scores add up."""
        if not text:
            return NO_HITS
        terms = islice(self.terms_from(field, text), settings.TERM_EXPANSIONS)
        return union([self.term(field, term) for term in terms], len(self._snapshot))

    def terms_from(self, field: str, beginning: str) -> Iterator[str]:
        """The field's terms that begin so, in code point order, each once."""
        text_field(field)
        encoded = _encoded(beginning)
        if encoded is None:
            return
        with self._decoding:
            lists = [
                _while_prefixed(segment.terms_from(field, encoded), encoded)
                for segment in self._segments
            ]
        last = None
        for term in merge(*lists):
            if term != last:
                yield term.decode()
                last = term

    def frequent(self, field: str) -> list[str]:
        """Terms that are among the most frequent of any segment."""
        found = {t: None for s in self._segments for t in s.info.frequent.get(field, ())}
        return list(found)

    def _length_norms(self, field: str) -> NDArray[np.float64]:
        """BM25's length part by length byte."""
        total = sum(s.info.field_lengths.get(field, 0) for s in self._segments)
        average = total / (self._snapshot.row_count or 1) or 1
        lengths = np.array([byte_to_length(n) for n in range(256)], dtype=np.float64)
        b = text_field(field).b
        norms: NDArray[np.float64] = K1 * ((1 - b) + b * lengths / average)
        return norms

    def _decode_hits(self, field: str, text: str) -> Hits:
        frequency, found = self._decode(field, text)
        if not found:
            return NO_HITS
        ordinals, repeats = self._in_order(found)
        idf = log(self._snapshot.row_count / (frequency + 1)) + 1
        norms = self._norms[field][self._snapshot.lengths[field][ordinals]]
        scores = (idf * (repeats * (K1 + 1) / (repeats + norms))).astype(np.float32)
        return make_hits(ordinals, scores, len(self._snapshot))

    def _decode(self, field: str, text: str) -> tuple[int, list[tuple[int, TermRows]]]:
        """In how many rows the term is, deleted ones too; and its postings by segment."""
        text_field(field)
        term = _encoded(text)
        frequency, found = 0, []
        if term is None:
            return 0, []
        with self._decoding:
            for base, segment in zip(self._bases, self._segments, strict=True):
                matcher = segment.matcher(field, term)
                if matcher is not None:
                    rows = decode_term(matcher)
                    frequency += len(rows.rows)
                    found.append((base, rows))
        return frequency, found

    def _in_order(
        self, found: list[tuple[int, TermRows]]
    ) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """Ordinals, ascending, and how often each holds the term; deleted rows left out."""
        ordinals = np.concatenate(
            [self._snapshot.ordinal_of_row[rows.rows + base] for base, rows in found]
        )
        repeats = np.concatenate([rows.frequencies for _, rows in found]).astype(np.float64)
        return _sorted_live(ordinals, repeats)

    def _occurrences(self, field: str, text: str) -> Occurrences:
        return self._places.get((field, text), lambda: self._decode_places(field, text))

    def _decode_places(self, field: str, text: str) -> Occurrences:
        _, found = self._decode(field, text)
        parts = []
        for base, rows in found:
            owner, positions = decode_positions(rows)
            ordinals = self._snapshot.ordinal_of_row[rows.rows + base][owner]
            parts.append((ordinals[ordinals >= 0] << _POSITION_BITS) | positions[ordinals >= 0])
        keys = np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)
        keys.sort(kind="stable")
        return Occurrences(keys)

    def _find_phrase(self, field: str, texts: tuple[str, ...]) -> Hits:
        terms = [self.term(field, text) for text in texts]
        if not all(map(len, terms)):
            return NO_HITS
        starts: NDArray[np.int64] | None = None
        for index in sorted(range(len(texts)), key=lambda i: len(terms[i])):
            keys = self._occurrences(field, texts[index]).keys
            starts = keys - index if starts is None else starts[_contains(keys, starts + index)]
            if not len(starts):
                return NO_HITS
        assert starts is not None
        owners = starts >> _POSITION_BITS
        ordinals = owners[np.append(True, owners[1:] != owners[:-1])]
        scores = np.zeros(len(ordinals), dtype=np.float32)
        for hits in terms:
            assert hits.scores is not None
            scores += hits.scores[np.searchsorted(hits.ordinals, ordinals)]
        return make_hits(ordinals, scores, len(self._snapshot))


def _sorted_live(
    ordinals: NDArray[np.intp], repeats: NDArray[np.float64]
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    live = ordinals >= 0
    if not live.all():
        ordinals, repeats = ordinals[live], repeats[live]
    if len(ordinals) > 1 and not (ordinals[1:] > ordinals[:-1]).all():
        order = np.argsort(ordinals, kind="stable")
        ordinals, repeats = ordinals[order], repeats[order]
    return ordinals, repeats


def _contains(keys: NDArray[np.int64], wanted: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which of ``wanted`` are among ``keys``; both ascending."""
    at = np.searchsorted(keys, wanted)
    np.minimum(at, len(keys) - 1, out=at)
    found: NDArray[np.bool_] = keys[at] == wanted
    return found


def _encoded(text: str) -> bytes | None:
    """The term as Whoosh has it; half a surrogate pair is in no index."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return None


def _while_prefixed(terms: Iterable[bytes], prefix: bytes) -> list[bytes]:
    """Enough terms with the prefix, in order."""
    found: list[bytes] = []
    for term in terms:
        if not term.startswith(prefix) or len(found) >= settings.TERM_EXPANSIONS:
            break
        found.append(term)
    return found
