"""Which segments are worth joining, and how, without analysing anything again?

Every update adds a segment. Segments of like size are joined when there are ``ALIKE`` of them,
so a row is rewritten a few times in the life of an index and never because another one changed;
a segment that is mostly dead is rewritten without its dead rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.engine import columns, schema
from indexer.engine.blocks import POSITION_BITS, join_blocks, place
from indexer.engine.generation import CatalogEntry, Rows
from indexer.engine.schema import COLUMNS, TEXT_FIELDS, Column, ColumnKind
from indexer.engine.segment import SEGMENT_ROWS
from indexer.engine.segment_files import STORED_COLUMN, SegmentInfo, write_segment
from indexer.engine.sentences import SENTENCES_SUFFIX, SentenceRows, read_sentences
from indexer.engine.tokens import FieldTokens, collect_tokens
from indexer.engine.whoosh_index import OpenSegment

ALIKE = 8
"""Segments of like size that are joined; sizes are alike within a factor of as much."""
DEAD_SHARE = 0.5
"""Dead rows from which a segment is rewritten."""

Catalog = Mapping[str, CatalogEntry]


@dataclass(frozen=True, slots=True)
class Merged:
    """A joined segment, and the documents with the rows they now have."""

    segment: SegmentInfo
    replaced: frozenset[str]
    documents: Catalog


def choose_merges(
    segments: Sequence[SegmentInfo], live: Mapping[str, Sequence[Rows]]
) -> list[list[SegmentInfo]]:
    """Groups of segments to join into one each. ``live``: the rows in use, by segment."""
    tiers: dict[int, list[SegmentInfo]] = {}
    dead: list[SegmentInfo] = []
    for segment in segments:
        alive = sum(rows.count for rows in live.get(segment.id, ()))
        if alive < (1 - DEAD_SHARE) * segment.rows:
            dead.append(segment)
        elif alive * ALIKE <= SEGMENT_ROWS:
            tier = next(n for n in count() if alive < ALIKE ** (n + 1))
            tiers.setdefault(tier, []).append(segment)
    groups = [tier for tier in tiers.values() if len(tier) >= ALIKE]
    return [*groups, *([segment] for segment in dead)]


def merge_segments(folder: Path, sources: Sequence[OpenSegment], documents: Catalog) -> Merged:
    """Write one segment of the live rows of ``sources``, in the order of ``documents``."""
    names = frozenset(source.info.id for source in sources)
    moves = {source.info.id: np.full(source.info.rows, -1, dtype=np.int64) for source in sources}
    order: list[tuple[str, int]] = []
    found: dict[str, list[Rows]] = {}
    for document_id, entry in documents.items():
        for rows in entry.rows:
            if rows.segment in names:
                first = len(order)
                old = range(rows.first, rows.first + rows.count)
                moves[rows.segment][rows.first : rows.first + rows.count] = range(
                    first, first + rows.count
                )
                order += [(rows.segment, row) for row in old]
                found.setdefault(document_id, []).append(Rows("", first, rows.count))
    segment = write_segment(
        folder,
        len(order),
        _fields(sources, moves, len(order)),
        _columns(sources, order),
    )
    _write_sentences(folder / f"{segment.id}{SENTENCES_SUFFIX}", sources, order)
    return Merged(segment, names, _relocated(documents, found, names, segment.id))


def _write_sentences(
    path: Path, sources: Sequence[OpenSegment], order: Sequence[tuple[str, int]]
) -> None:
    """The sentences of the rows in their new order."""
    read = {s.info.id: read_sentences(s.folder / f"{s.info.id}{SENTENCES_SUFFIX}") for s in sources}
    rows = SentenceRows()
    for segment, row in order:
        own = read[segment]
        rows.add(own[number] for number in own.of_row(row).tolist())
    rows.write(path)


def _relocated(
    documents: Catalog, found: Mapping[str, Sequence[Rows]], names: frozenset[str], segment: str
) -> dict[str, CatalogEntry]:
    """The documents with their rows in the new segment, in the order they had."""
    moved = {}
    for document_id, own in found.items():
        new = iter(own)
        entry = documents[document_id]
        rows = tuple(
            replace(next(new), segment=segment) if old.segment in names else old
            for old in entry.rows
        )
        moved[document_id] = replace(entry, rows=rows)
    return moved


def _fields(
    sources: Sequence[OpenSegment], moves: Mapping[str, NDArray[np.int64]], rows: int
) -> Iterator[tuple[str, FieldTokens | None]]:
    for field in TEXT_FIELDS:
        yield field.name, _field(field.name, sources, moves, rows)


def _field(
    name: str, sources: Sequence[OpenSegment], moves: Mapping[str, NDArray[np.int64]], rows: int
) -> FieldTokens | None:
    """All tokens of the live rows of a field, as decoded from the postings."""
    numbers: dict[bytes, int] = {}
    terms: list[NDArray[np.int64]] = []
    rows_of: list[NDArray[np.intp]] = []
    positions: list[NDArray[np.int64]] = []
    for source in sources:
        move, lookup = moves[source.info.id], source.lookup()
        for term in list(source.terms_from(name, b"")):
            blocks = join_blocks([(0, lookup.blocks(name, term))])
            moved = place(blocks, move, rows).occurrences()
            if not len(moved):
                continue
            terms.append(np.full(len(moved), numbers.setdefault(term, len(numbers))))
            rows_of.append(moved >> POSITION_BITS)
            positions.append(moved & (1 << POSITION_BITS) - 1)
    if not terms:
        return None
    ordered = sorted(numbers)
    ranks = np.zeros(len(ordered), dtype=np.int64)
    ranks[[numbers[term] for term in ordered]] = np.arange(len(ordered))
    return collect_tokens(
        [term.decode() for term in ordered],
        ranks[np.concatenate(terms)],
        np.concatenate(rows_of),
        np.concatenate(positions),
        rows,
    )


def _columns(sources: Sequence[OpenSegment], order: Sequence[tuple[str, int]]) -> dict[str, bytes]:
    """Every column with its rows in the new order."""
    by_id = {source.info.id: source for source in sources}

    def strings(name: str) -> bytes:
        read = {i: source.strings(name) for i, source in by_id.items()}
        return columns.encode_strings([read[segment][row] for segment, row in order])

    own = (schema.PROGRAM_ID, schema.PARENT_ID, schema.MONEY, STORED_COLUMN)
    encoded = {name: strings(name) for name in own}
    encoded[schema.SUMMED] = _bytes_of(by_id, schema.SUMMED, order, 1)
    for name in (schema.LINEAGE, schema.FINER_LINEAGE):
        encoded[name] = _bytes_of(by_id, name, order, 8)
    for column in COLUMNS:
        if column.kind is ColumnKind.TEXT:
            encoded[column.name] = strings(column.name)
        elif column.kind is ColumnKind.NUMBER:
            encoded[column.name] = _bytes_of(by_id, column.name, order, 8)
        else:
            encoded[column.name] = _kinds(by_id, column, order)
    return encoded


def _bytes_of(
    by_id: Mapping[str, OpenSegment], name: str, order: Sequence[tuple[str, int]], width: int
) -> bytes:
    """A column of fixed width: its bytes are moved as they are."""
    read = {segment: source.column(name) for segment, source in by_id.items()}
    return b"".join(read[segment][width * row : width * (row + 1)] for segment, row in order)


def _kinds(
    by_id: Mapping[str, OpenSegment], column: Column, order: Sequence[tuple[str, int]]
) -> bytes:
    read = {
        segment: columns.decode_kinds(source.column(column.name), source.info.rows)
        for segment, source in by_id.items()
    }
    return columns.encode_kinds(
        [read[segment].values[read[segment].references[row]] for segment, row in order]
    )
