"""How do analysed programmes become a Whoosh segment? Rows are gathered, then written at once.

A segment is never changed after it is written; a later generation links to its files. One row is
one programme; a segment holds at most ``SEGMENT_ROWS`` of them or ``SEGMENT_NUMBERS`` words.
"""

from __future__ import annotations

import pickle
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from isal import isal_zlib

from indexer.engine import columns, schema
from indexer.engine.schema import COLUMNS, TEXT_FIELDS, Analysis, ColumnKind, Source
from indexer.engine.segment_files import STORED_COLUMN, SegmentInfo, to_bytes, write_segment
from indexer.engine.sentences import SENTENCES_SUFFIX, SentenceRows
from indexer.engine.tokens import (
    FieldTokens,
    Numbering,
    Numbers,
    Rows,
    Word,
    place,
    spell_bigrams,
    spell_out,
    spell_words,
)
from indexer.lineage import Lineage

SEGMENT_ROWS = 32_000
SEGMENT_NUMBERS = 5_000_000
"""Words and bigrams in one segment: what bounds the memory of writing it, about 100 bytes each."""
MEMO_BYTES = 96 * 1024 * 1024
"""Books repeat themselves from year to year: half of 47,597 review sheets is text seen before."""
_MEMO_ENTRY = 600
NUMBERS_KEPT = 2_000_000


class AnalysedText(Protocol):
    """What an analyser tells of one paragraph: its words in order, and its bigrams in order."""

    @property
    def words(self) -> Sequence[Word]: ...
    @property
    def bigrams(self) -> Sequence[str]: ...


class TextAnalyzer(Protocol):
    """The part of ``indexer.analysis`` the engine needs."""

    def sequence(self, text: str) -> AnalysedText: ...


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
    lineage: Lineage | None
    money: bytes
    is_searchable: bool
    sentences: tuple[str, ...] = ()
    """The title, then every sentence of its text, as printed."""


@dataclass(slots=True)
class DocumentRows:
    """Which rows of a segment a document has: consecutive ones."""

    document_id: str
    first: int
    count: int


@dataclass(frozen=True, slots=True)
class WrittenSegment:
    """A segment fresh from the builder, and which document has which rows."""

    info: SegmentInfo
    documents: tuple[DocumentRows, ...]


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """One paragraph's words and bigrams as numbers."""

    words: Numbers
    bigrams: Numbers
    size: int


class SegmentBuilder:
    """Gathers rows and writes segments into ``folder``, one whenever it is full."""

    def __init__(self, folder: Path, analyzer: TextAnalyzer) -> None:
        self._folder = folder
        self._analyzer = analyzer
        self._words: Numbering[Word] = Numbering()
        self._bigrams: Numbering[str] = Numbering()
        self._memo: OrderedDict[str, _Paragraph] = OrderedDict()
        self._memo_size = 0
        self._written: list[WrittenSegment] = []
        self._start()

    def _start(self) -> None:
        self._rows: list[Row] = []
        self._documents: list[DocumentRows] = []
        self._word_rows = {source: Rows() for source in Source}
        self._bigram_rows = {source: Rows() for source in Source}
        self._sentence_rows = SentenceRows()
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
            if len(self._rows) >= SEGMENT_ROWS or self._token_count >= SEGMENT_NUMBERS:
                self._flush()

    def finish(self) -> list[WrittenSegment]:
        """Write what is left; every segment written, in order."""
        if self._rows:
            self._flush()
        return self._written

    def _analyse(self, row: Row) -> None:
        self._sentence_rows.add(row.sentences)
        for source in Source:
            texts = row.texts[source] if row.is_searchable else ()
            paragraphs = [self._paragraph(text) for text in texts]
            words, bigrams = self._word_rows[source], self._bigram_rows[source]
            self._token_count += words.add([paragraph.words for paragraph in paragraphs])
            self._token_count += bigrams.add([paragraph.bigrams for paragraph in paragraphs])

    def _paragraph(self, text: str) -> _Paragraph:
        known = self._memo.get(text)
        if known is not None:
            self._memo.move_to_end(text)
            return known
        analysed = self._analyzer.sequence(text)
        words, bigrams = self._words.all(analysed.words), self._bigrams.all(analysed.bigrams)
        size = _MEMO_ENTRY + 3 * len(text) + words.nbytes + bigrams.nbytes
        found = self._memo[text] = _Paragraph(words, bigrams, size)
        self._memo_size += size
        while self._memo_size > MEMO_BYTES:
            _, dropped = self._memo.popitem(last=False)
            self._memo_size -= dropped.size
        return found

    def _forget(self) -> None:
        """Start numbering anew: what was met once, numbers above all, is never met again."""
        self._words, self._bigrams = Numbering(), Numbering()
        self._memo.clear()
        self._memo_size = 0

    def _flush(self) -> None:
        info = write_segment(
            self._folder, len(self._rows), self._fields(), _encode_columns(self._rows)
        )
        self._sentence_rows.write(self._folder / f"{info.id}{SENTENCES_SUFFIX}")
        self._written.append(WrittenSegment(info, tuple(self._documents)))
        self._start()
        if len(self._words) + len(self._bigrams) > NUMBERS_KEPT:
            self._forget()

    def _fields(self) -> Iterator[tuple[str, FieldTokens | None]]:
        """The tokens of every field, one field at a time."""
        spellings = {
            Analysis.WORDS: spell_words(self._words, readings=False),
            Analysis.READINGS: spell_words(self._words, readings=True),
            Analysis.BIGRAMS: spell_bigrams(self._bigrams),
        }
        words, bigrams = spellings[Analysis.WORDS], spellings[Analysis.BIGRAMS]
        placed = [
            {source: place(rows, words.steps) for source, rows in self._word_rows.items()},
            {source: place(rows, bigrams.steps) for source, rows in self._bigram_rows.items()},
        ]
        for field in TEXT_FIELDS:
            gathered = placed[field.analysis is Analysis.BIGRAMS][field.source]
            yield field.name, spell_out(gathered, spellings[field.analysis]) if gathered else None


def _encode_columns(rows: Sequence[Row]) -> dict[str, bytes]:
    """The bytes of every column, by its name."""
    ids = [to_bytes(row.program_id) for row in rows]
    parents = [to_bytes(row.parent_id or "") for row in rows]
    encoded = {
        schema.PROGRAM_ID: columns.encode_strings(ids),
        schema.PARENT_ID: columns.encode_strings(parents),
        schema.SUMMED: columns.encode_flags([row.is_summed for row in rows]),
        schema.LINEAGE: columns.encode_whole([row.lineage and row.lineage.key for row in rows]),
        schema.FINER_LINEAGE: columns.encode_whole(
            [row.lineage and row.lineage.finer for row in rows]
        ),
        schema.MONEY: columns.encode_strings([row.money for row in rows]),
        STORED_COLUMN: columns.encode_strings([_stored(row) for row in rows]),
    }
    for column in COLUMNS:
        values = [row.values[column.name] for row in rows]
        encoded[column.name] = _encode_column(column, values)
    return encoded


def _encode_column(column: schema.Column, values: list[Any]) -> bytes:
    if column.kind is ColumnKind.NUMBER:
        encode = columns.encode_fractions if column.type is float else columns.encode_whole
        return encode(values)
    texts = [b"" if value is None else to_bytes(str(value)) for value in values]
    if column.kind is ColumnKind.TEXT:
        return columns.encode_strings(texts)
    return columns.encode_kinds(texts)


def _stored(row: Row) -> bytes:
    """What Whoosh's ``stored_fields`` gives back for the row."""
    fields = {schema.PROGRAM_ID: row.program_id, schema.RECORD: row.record}
    return isal_zlib.compress(pickle.dumps(fields, 4), 1)
