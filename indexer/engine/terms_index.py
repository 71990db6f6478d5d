"""Which programmes hold a term, a phrase, a beginning, and what does BM25F give for it?

Postings come from Whoosh once, whole, and become arrays: ordinals and scores. Scores are those
of Whoosh's own ``BM25F`` (k1 1.2, b per field), deleted rows counting in its statistics as they
do there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache, partial
from heapq import merge
from itertools import islice
from math import log
from threading import Lock

import numpy as np
from numpy.typing import NDArray
from whoosh.util.numeric import byte_to_length

from indexer import settings
from indexer.engine.blocks import (
    NO_PLACES,
    POSITION_BITS,
    Places,
    Rows,
    find_infos,
    join_blocks,
    live_rows,
    place,
)
from indexer.engine.cache import ByteBoundedCache
from indexer.engine.hits import NO_HITS, Hits, make_hits, union
from indexer.engine.schema import TEXT_FIELDS, text_field
from indexer.engine.snapshot import Snapshot
from indexer.engine.whoosh_index import OpenSegment

K1 = 1.2
_BETWEEN = "\0"
"""Never in a term."""
_TERMS_KEPT = 1 << 14
"""Terms whose frequency is remembered, those that are in no row included."""

_INFOS_KEPT = 1 << 10
_ENTRIES = 1 << 13


class TermsIndex:
    """Terms of one generation, decoded when first asked for. Safe under threads."""

    def __init__(self, snapshot: Snapshot, segments: Sequence[OpenSegment]) -> None:
        self._snapshot = snapshot
        self._segments = segments
        self._bases = [snapshot.bases[segment.info.id] for segment in segments]
        self._hits: ByteBoundedCache[Hits] = ByteBoundedCache(
            settings.POSTINGS_CACHE_BYTES, _ENTRIES
        )
        self._places: ByteBoundedCache[Places] = ByteBoundedCache(
            settings.POSITIONS_CACHE_BYTES, _ENTRIES
        )
        self._lookups = [segment.lookup() for segment in segments]
        self._row_counts = lru_cache(_TERMS_KEPT)(self._count_rows)
        # Counted first, decoded a moment later.
        self._infos = lru_cache(_INFOS_KEPT)(partial(find_infos, self._lookups))
        self._has_deleted_rows = len(snapshot.live_rows) < snapshot.row_count
        # Whoosh's cursors share a file pointer.
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
        key = (field, len(texts), _BETWEEN.join(texts))
        return self._hits.get(key, lambda: self._find_phrase(field, texts))

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

    def document_frequency(self, field: str, text: str) -> int:
        """In how many programmes ``field`` holds the term; deleted rows left out."""
        if self._has_deleted_rows:
            return len(self.term(field, text))
        return self._row_frequency(field, text)

    def _row_frequency(self, field: str, text: str) -> int:
        """In how many rows the term is, deleted ones included."""
        text_field(field)
        term = _encoded(text)
        return 0 if term is None else self._row_counts(field, term)

    def _count_rows(self, field: str, term: bytes) -> int:
        return sum(info[2] for _, info in self._infos(field, term))

    def _decode_hits(self, field: str, text: str) -> Hits:
        found = self._decode(field, text)
        if found is None:
            return NO_HITS
        ordinals, repeats = live_rows(found, self._snapshot.ordinal_of_row)
        scores = self._scores(field, len(found.rows), ordinals, repeats)
        return make_hits(ordinals, scores, len(self._snapshot))

    def _scores(
        self, field: str, frequency: int, ordinals: NDArray[np.intp], repeats: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """BM25 of programmes that hold a term so often; ``frequency`` is that of rows."""
        idf = log(self._snapshot.row_count / (frequency + 1)) + 1
        norms = self._norms[field][self._snapshot.lengths[field][ordinals]]
        return (idf * (repeats * (K1 + 1) / (repeats + norms))).astype(np.float32)

    def _decode(self, field: str, text: str) -> Rows | None:
        """All rows that hold the term, deleted ones too."""
        text_field(field)
        term = _encoded(text)
        if term is None:
            return None
        found = [
            (self._bases[number], self._lookups[number].blocks_at(info))
            for number, info in self._infos(field, term)
        ]
        return join_blocks(found) if found else None

    def _decode_places(self, field: str, text: str) -> Places:
        found = self._decode(field, text)
        if found is None:
            return NO_PLACES
        return place(found, self._snapshot.ordinal_of_row, len(self._snapshot))

    def _find_phrase(self, field: str, texts: tuple[str, ...]) -> Hits:
        frequency = {text: self._row_frequency(field, text) for text in dict.fromkeys(texts)}
        if not all(frequency.values()):
            return NO_HITS
        rarest, *others = sorted(range(len(texts)), key=lambda index: frequency[texts[index]])
        starts = self._places_of(field, texts[rarest]).occurrences() - rarest
        for index in others:
            if not len(starts):
                return NO_HITS
            starts = starts[self._places_of(field, texts[index]).holds(starts + index)]
        if not len(starts):
            return NO_HITS
        owners = starts >> POSITION_BITS
        ordinals = owners[np.append(True, owners[1:] != owners[:-1])]
        scores = np.zeros(len(ordinals), dtype=np.float32)
        for text in texts:
            repeats = self._places_of(field, text).repeats(ordinals)
            scores += self._scores(field, frequency[text], ordinals, repeats)
        return make_hits(ordinals, scores, len(self._snapshot))

    def _places_of(self, field: str, text: str) -> Places:
        return self._places.get((field, text), lambda: self._decode_places(field, text))


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
