"""Does a generation hold what its manifest says? Counts, yen, and postings that agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.engine.blocks import TermLookup, join_blocks, place
from indexer.engine.columns import NULL_NUMBER
from indexer.engine.generation import Manifest
from indexer.engine.schema import AMOUNT, TEXT_FIELDS
from indexer.engine.snapshot import Snapshot
from indexer.engine.whoosh_index import OpenSegment

_CANARIES = 3


def check_generation(
    manifest: Manifest, snapshot: Snapshot, segments: Sequence[OpenSegment], thorough: bool
) -> str | None:
    """What is wrong, in Japanese, or ``None``."""
    return _check_documents(manifest, snapshot) or _check_terms(segments, thorough)


def _check_documents(manifest: Manifest, snapshot: Snapshot) -> str | None:
    """Searchable programmes and yen of every document, from the columns as they are on disk."""
    owner = np.full(snapshot.row_count, -1, dtype=np.intp)
    owner[snapshot.live_rows] = snapshot.document_of_live_row
    document = owner[snapshot.rows]
    counts = np.bincount(document, minlength=len(manifest.documents))
    numbers = snapshot.numbers[AMOUNT.name]
    yen = np.where((numbers != NULL_NUMBER) & snapshot.is_summed, numbers, 0)
    sums = np.zeros(len(manifest.documents), dtype=np.int64)
    np.add.at(sums, document, yen)
    found = zip(manifest.documents, counts.tolist(), sums.tolist(), strict=True)
    for entry, count, total in found:
        if count != entry.searchable:
            return f"「{entry.path}」の事業が{entry.searchable}件のところ{count}件"
        if total != entry.yen:
            return f"「{entry.path}」の合計が{entry.yen:,}円のところ{total:,}円"
    return None


def _check_terms(segments: Sequence[OpenSegment], thorough: bool) -> str | None:
    for segment in segments:
        lookup = segment.lookup()
        for field in TEXT_FIELDS:
            terms = _terms(segment, field.name, thorough)
            for term in terms:
                if not _agrees(segment, lookup, field.name, term):
                    return f"語の出現記録 {segment.info.id}/{field.name}"
    return None


def _terms(segment: OpenSegment, field: str, thorough: bool) -> Iterable[bytes] | Iterator[bytes]:
    if thorough:
        return segment.terms_from(field, b"")
    return [term.encode() for term in segment.info.frequent.get(field, ())[:_CANARIES]]


def _agrees(segment: OpenSegment, lookup: TermLookup, field: str, term: bytes) -> bool:
    """A term's rows ascend, are as many as its info says, and its positions ascend in each."""
    try:
        blocks = lookup.blocks(field, term)
        if not blocks:
            return False
        found = join_blocks([(0, blocks)])
        if not _ascend(found.rows) or found.rows[-1] >= segment.info.rows:
            return False
        places = place(found, np.arange(segment.info.rows), segment.info.rows)
    except ValueError:
        return False
    is_whole = len(found.rows) == lookup.frequency(field, term)
    return is_whole and _ascend(places.occurrences())


def _ascend(numbers: NDArray[np.int64]) -> bool:
    return bool((numbers[1:] > numbers[:-1]).all())
