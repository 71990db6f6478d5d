"""How do analysed programmes become a Whoosh segment? Rows are gathered, then written at once.

A segment is never changed after it is written; a later generation links to its files. One row is
one programme; a segment holds at most ``SEGMENT_ROWS`` of them or ``SEGMENT_TOKENS`` tokens.
"""

from __future__ import annotations

import pickle
import struct
import zlib
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.engine import columns, files, schema
from indexer.engine.postings import encode_field, length_bytes
from indexer.engine.schema import COLUMNS, TEXT_FIELDS, Analysis, ColumnKind
from indexer.engine.terms import encode_terms

INDEX_NAME = "MAIN"
SEGMENT_ROWS = 32_000
SEGMENT_TOKENS = 12_000_000
MEMO_BYTES = 96 * 1024 * 1024
"""Books repeat themselves from year to year: half of 47,597 review sheets is text seen before."""
FREQUENT_TERMS = 64
"""Of each field, how many of its most frequent terms a segment names, for warming up."""
STORED_COLUMN = "_stored"

Tokens = NDArray[np.int32]


class AnalysedText(Protocol):
    """What an analyser tells of one paragraph: ascending positions by term, bigrams in order."""

    @property
    def words(self) -> Mapping[str, list[int]]: ...
    @property
    def readings(self) -> Mapping[str, list[int]]: ...
    @property
    def bigrams(self) -> Sequence[str]: ...


class TextAnalyzer(Protocol):
    """The part of ``indexer.analysis`` the engine needs."""

    def postings(self, text: str) -> AnalysedText: ...


@dataclass(frozen=True, slots=True)
class Row:
    """A programme on its way into a segment, as plain values that travel between processes."""

    program_id: str
    document_id: str
    record: bytes
    texts: Mapping[str, tuple[str, ...]]
    values: Mapping[str, Any]
    parent_id: str | None
    is_summed: bool
    is_searchable: bool


@dataclass(slots=True)
class DocumentRows:
    """Which rows of a segment a document has: consecutive ones."""

    document_id: str
    first: int
    count: int


@dataclass(frozen=True, slots=True)
class SegmentInfo:
    """What a generation's manifest says of a segment."""

    id: str
    rows: int
    field_lengths: Mapping[str, int]
    """Tokens by field, over all rows."""
    frequent: Mapping[str, Sequence[str]]
    """By field, the most frequent terms first."""
    file: str


@dataclass(frozen=True, slots=True)
class WrittenSegment:
    """A segment fresh from the builder, and which document has which rows."""

    info: SegmentInfo
    documents: tuple[DocumentRows, ...]


@dataclass(slots=True)
class _Paragraph:
    """One paragraph's tokens by analysis: term numbers, positions; and how far positions run."""

    terms: dict[Analysis, Tokens]
    positions: dict[Analysis, Tokens]
    spans: dict[Analysis, int]
    size: int


class _Vocabulary(dict[str, int]):
    """Numbers terms as they come."""

    def __missing__(self, term: str) -> int:
        self[term] = number = len(self)
        return number


@dataclass(slots=True)
class _FieldTokens:
    terms: list[Tokens] = field(default_factory=list)
    positions: list[Tokens] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)


class SegmentBuilder:
    """Gathers rows and writes segments into ``folder``, one whenever it is full."""

    def __init__(self, folder: Path, analyzer: TextAnalyzer) -> None:
        self._folder = folder
        self._analyzer = analyzer
        self._vocabularies = {analysis: _Vocabulary() for analysis in Analysis}
        self._memo: OrderedDict[str, _Paragraph] = OrderedDict()
        self._memo_size = 0
        self._written: list[WrittenSegment] = []
        self._start()

    def _start(self) -> None:
        self._rows: list[Row] = []
        self._documents: list[DocumentRows] = []
        self._tokens = {field.name: _FieldTokens() for field in TEXT_FIELDS}
        self._token_count = 0

    def add(self, rows: Iterable[Row]) -> None:
        """Take in rows; those of one document come one after the other."""
        for row in rows:
            last = self._documents[-1] if self._documents else None
            if last is None or last.document_id != row.document_id:
                last = DocumentRows(row.document_id, len(self._rows), 0)
                self._documents.append(last)
            last.count += 1
            self._rows.append(row)
            self._analyse(row)
            if len(self._rows) >= SEGMENT_ROWS or self._token_count >= SEGMENT_TOKENS:
                self._flush()

    def finish(self) -> list[WrittenSegment]:
        """Write what is left; every segment written, in order."""
        if self._rows:
            self._flush()
        return self._written

    def _analyse(self, row: Row) -> None:
        for text_field in TEXT_FIELDS:
            tokens = self._tokens[text_field.name]
            analysis, offset, length = text_field.analysis, 0, 0
            texts = row.texts[text_field.source] if row.is_searchable else ()
            for text in texts:
                paragraph = self._paragraph(text)
                terms = paragraph.terms[analysis]
                if not len(terms):
                    continue
                positions = paragraph.positions[analysis]
                tokens.terms.append(terms)
                tokens.positions.append(positions + offset if offset else positions)
                length += len(terms)
                # One position stays empty, so that no phrase runs into the next paragraph.
                offset += paragraph.spans[analysis] + 1
            tokens.lengths.append(length)
            self._token_count += length

    def _paragraph(self, text: str) -> _Paragraph:
        known = self._memo.get(text)
        if known is not None:
            self._memo.move_to_end(text)
            return known
        found = self._analyse_paragraph(text)
        self._memo[text] = found
        self._memo_size += found.size
        while self._memo_size > MEMO_BYTES:
            _, dropped = self._memo.popitem(last=False)
            self._memo_size -= dropped.size
        return found

    def _analyse_paragraph(self, text: str) -> _Paragraph:
        analysed = self._analyzer.postings(text)
        bigrams = list(map(self._vocabularies[Analysis.BIGRAMS].__getitem__, analysed.bigrams))
        found = {
            Analysis.WORDS: _flatten(self._vocabularies[Analysis.WORDS], analysed.words),
            Analysis.READINGS: _flatten(self._vocabularies[Analysis.READINGS], analysed.readings),
            Analysis.BIGRAMS: (
                np.array(bigrams, dtype=np.int32),
                np.arange(len(bigrams), dtype=np.int32),
            ),
        }
        size = 500 + 3 * len(text) + sum(8 * len(terms) for terms, _ in found.values())
        return _Paragraph(
            terms={analysis: terms for analysis, (terms, _) in found.items()},
            positions={analysis: positions for analysis, (_, positions) in found.items()},
            spans={a: int(p.max(initial=-1)) + 1 for a, (_, p) in found.items()},
            size=size,
        )

    def _flush(self) -> None:
        segment = INDEX_NAME + "_" + token_hex(8)
        contents: dict[str, bytes] = {}
        lengths, frequent = self._write_fields(contents)
        contents.update(_encode_columns(self._rows))
        name = f"{segment}.seg"
        files.write_file(self._folder / name, *_compound(segment, contents))
        info = SegmentInfo(segment, len(self._rows), lengths, frequent, name)
        self._written.append(WrittenSegment(info, tuple(self._documents)))
        self._start()

    def _write_fields(
        self, contents: dict[str, bytes]
    ) -> tuple[dict[str, int], dict[str, tuple[str, ...]]]:
        """Terms, postings and length columns of all fields; total lengths, frequent terms."""
        totals, frequent = {}, {}
        terms: dict[str, tuple[list[bytes], NDArray[np.void]]] = {}
        postings: list[bytes] = []
        base = 0
        for text_field in sorted(TEXT_FIELDS, key=lambda f: f.name):
            name, tokens = text_field.name, self._tokens.pop(text_field.name)
            counts = np.array(tokens.lengths, dtype=np.int64)
            lengths = length_bytes(counts)
            contents[f"_{name}_len.col"] = lengths.tobytes()
            if not counts.any():
                continue
            totals[name] = int(counts.sum())
            words, ranks, rows, positions = _sorted_tokens(
                tokens, counts, list(self._vocabularies[text_field.analysis])
            )
            found = encode_field(ranks, rows, positions, lengths, base)
            postings.append(found.data)
            base += len(found.data)
            terms[name] = ([_bytes(word) for word in words], found.infos)
            top = np.argsort(-found.infos["frequency"].astype(np.int64), kind="stable")
            frequent[name] = tuple(words[index] for index in top[:FREQUENT_TERMS])
        contents["trm"] = encode_terms(terms)
        contents["pst"] = b"".join(postings)
        return totals, frequent


def _compound(segment: str, contents: Mapping[str, bytes]) -> list[bytes]:
    """All files of a segment as one, as Whoosh's ``CompoundStorage`` lays it out."""
    at = struct.calcsize("!qi")
    directory = {}
    for extension, data in contents.items():
        directory[f"{segment}.{extension}"] = {"offset": at, "length": len(data), "modified": 0}
        at += len(data)
    tail = pickle.dumps(directory, 2) + pickle.dumps({}, 2)
    return [struct.pack("!qi", at, len(tail)), *contents.values(), tail]


def _flatten(vocabulary: _Vocabulary, positions: Mapping[str, list[int]]) -> tuple[Tokens, Tokens]:
    """``term → positions`` as two arrays of equal length."""
    numbers = np.array(list(map(vocabulary.__getitem__, positions)), dtype=np.int32)
    counts = np.fromiter(map(len, positions.values()), np.int64, len(numbers))
    flat = [position for at in positions.values() for position in at]
    return np.repeat(numbers, counts), np.array(flat, dtype=np.int32)


def _sorted_tokens(
    tokens: _FieldTokens, counts: NDArray[np.int64], vocabulary: Sequence[str]
) -> tuple[list[str], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Terms in byte order, and every token's rank, row and position, sorted in that order.

    Tokens come row by row, and a row's occurrences of a term in order of position, so sorting by
    rank and then by place of arrival is enough. Both fit one 64-bit number.
    """
    numbers = np.concatenate(tokens.terms)
    present = np.flatnonzero(np.bincount(numbers))
    words = sorted((vocabulary[number], number) for number in present.tolist())
    ranks = np.zeros(int(present[-1]) + 1, dtype=np.int64)
    ranks[[number for _, number in words]] = np.arange(len(words))
    key = (ranks[numbers] << 32) | np.arange(len(numbers))
    key.sort()
    arrival = key & 0xFFFFFFFF
    rows = np.repeat(np.arange(len(counts)), counts)
    positions = np.concatenate(tokens.positions)
    return (
        [word for word, _ in words],
        key >> 32,
        rows[arrival],
        positions[arrival].astype(np.int64),
    )


def _encode_columns(rows: Sequence[Row]) -> dict[str, bytes]:
    """The bytes of every column file, by its extension."""
    encoded = {
        f"{schema.PROGRAM_ID}.col": columns.encode_strings([_bytes(r.program_id) for r in rows]),
        f"{schema.PARENT_ID}.col": columns.encode_strings(
            [_bytes(r.parent_id or "") for r in rows]
        ),
        f"{schema.SUMMED}.col": columns.encode_flags([r.is_summed for r in rows]),
        f"{STORED_COLUMN}.col": columns.encode_strings([_stored(r) for r in rows]),
    }
    for column in COLUMNS:
        values = [r.values[column.name] for r in rows]
        encoded[f"{column.name}.col"] = _encode_column(column, values)
    return encoded


def _encode_column(column: schema.Column, values: list[Any]) -> bytes:
    if column.kind is ColumnKind.NUMBER:
        encode = columns.encode_fractions if column.type is float else columns.encode_whole
        return encode(values)
    texts = [b"" if v is None else _bytes(str(v)) for v in values]
    if column.kind is ColumnKind.TEXT:
        return columns.encode_strings(texts)
    return columns.encode_kinds(texts)


def _stored(row: Row) -> bytes:
    """What Whoosh's ``stored_fields`` gives back for the row."""
    fields = {schema.PROGRAM_ID: row.program_id, schema.RECORD: row.record}
    return zlib.compress(pickle.dumps(fields, 4), 1)


def _bytes(text: str) -> bytes:
    """UTF-8; half a surrogate pair, which no book prints, becomes a question mark."""
    return text.encode("utf-8", "replace")
