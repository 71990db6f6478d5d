"""How does Whoosh see a generation? Its schema, its table of contents, its open segments.

Only what Whoosh 2.7.4 has is used; the same generation opens with both.
"""

from __future__ import annotations

import mmap
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from whoosh import fields, index, versionstring
from whoosh.analysis import IDAnalyzer
from whoosh.codec.whoosh3 import W3Codec, W3Segment
from whoosh.filedb.filestore import FileStorage, RamStorage
from whoosh.filedb.structfile import StructFile
from whoosh.reading import SegmentReader

from indexer.engine import columns, schema
from indexer.engine.blocks import TermLookup
from indexer.engine.schema import COLUMNS, TEXT_FIELDS, ColumnKind
from indexer.engine.segment_files import INDEX_NAME, SegmentInfo
from indexer.regular_files import open_unbuffered

TOC_FILE = f"_{INDEX_NAME}_1.toc"
_PEEKED = 64
"""Bytes shown ahead to the unpickler: a block's header has 28."""
_NEWLINE = 10


def version() -> str:
    """The version of Whoosh that writes and reads."""
    return str(versionstring())


def whoosh_schema() -> fields.Schema:
    """Our fields and columns as Whoosh has them. Terms come ready from our own analysis."""
    found: dict[str, Any] = {
        schema.PROGRAM_ID: fields.COLUMN(columns.STRING),
        schema.PARENT_ID: fields.COLUMN(columns.STRING),
        schema.SUMMED: fields.COLUMN(columns.FLAG),
        schema.LINEAGE: fields.COLUMN(columns.WHOLE),
        schema.FINER_LINEAGE: fields.COLUMN(columns.WHOLE),
        schema.MONEY: fields.COLUMN(columns.STRING),
        schema.RECORD: fields.STORED(),
    }
    for column in COLUMNS:
        found[column.name] = fields.COLUMN(_column_type(column))
    for text_field in TEXT_FIELDS:
        sortable = found.get(text_field.name)
        found[text_field.name] = fields.TEXT(
            analyzer=IDAnalyzer(), phrase=True, sortable=sortable.column_type if sortable else False
        )
    return fields.Schema(**found)


def _column_type(column: schema.Column) -> Any:
    if column.kind is ColumnKind.NUMBER:
        return columns.FRACTION if column.type is float else columns.WHOLE
    return columns.STRING if column.kind is ColumnKind.TEXT else columns.KIND


def encode_toc(segments: Iterable[tuple[SegmentInfo, frozenset[int]]]) -> bytes:
    """The table of contents over segments and the rows deleted from each."""
    found = []
    for info, deleted in segments:
        segment = W3Segment(W3Codec(), INDEX_NAME, info.rows, deleted=set(deleted) or None)
        segment.segid = info.id.removeprefix(INDEX_NAME + "_")
        segment._fieldlengths = dict(info.field_lengths)
        segment.compound = True
        found.append(segment)
    storage = RamStorage()
    index.TOC(whoosh_schema(), found, 1).write(storage, INDEX_NAME)
    return bytes(storage.files[TOC_FILE])


class _Window:
    """A part of a file in memory, with a pointer of its own: what pickles are read from."""

    def __init__(self, view: memoryview) -> None:
        self._view = view
        self._at = 0

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._at = offset + (0, self._at, len(self._view))[whence]
        return self._at

    def tell(self) -> int:
        return self._at

    def peek(self, _size: int = 0) -> bytes:
        return bytes(self._view[self._at : self._at + _PEEKED])

    def read(self, size: int = -1) -> bytes:
        end = len(self._view) if size < 0 else self._at + size
        data = bytes(self._view[self._at : end])
        self._at += len(data)
        return data

    def readline(self) -> bytes:
        end = self._at
        while end < len(self._view) and self._view[end] != _NEWLINE:
            end += 1
        return self.read(end + 1 - self._at)


View = Callable[[Path], memoryview]
"""Gives the content of a file."""


def map_file(path: Path) -> memoryview:
    """Map a whole file. The mapping lasts as long as anything uses it."""
    with open_unbuffered(path) as stream:
        if not os.fstat(stream.fileno()).st_size:
            return memoryview(b"")
        return memoryview(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ))


class MappedFile(StructFile):  # type: ignore[misc]
    """A file, or a part of one, mapped into memory. ``get`` is a slice, so threads may read side
    by side; ``seek`` and ``read`` share a pointer."""

    def __init__(self, view: memoryview, name: str) -> None:
        super().__init__(_Window(view), name=name)
        self._view = view
        self.is_closed: bool = False

    @classmethod
    def open(cls, path: Path, view: View = map_file) -> MappedFile:
        """A whole file."""
        return cls(view(path), path.name)

    def subset(self, position: int, length: int, name: str = "") -> MappedFile:
        """A part of the file as a file, as ``CompoundStorage`` asks for it."""
        return MappedFile(self._view[position : position + length], name)

    def get(self, position: int, length: int) -> bytes:
        return bytes(self._view[position : position + length])

    @property
    def view(self) -> memoryview:
        """The content, not copied."""
        return self._view

    def all(self) -> bytes:
        """The whole content."""
        return bytes(self._view)

    def close(self) -> None:
        self.is_closed = True


class MappedStorage(FileStorage):  # type: ignore[misc]
    """A folder of files that are never written again."""

    supports_mmap = False  # not by CompoundStorage itself: it asks our file for parts

    def __init__(self, folder: Path, view: View) -> None:
        super().__init__(str(folder), supports_mmap=False, readonly=True)
        self._folder = folder
        self._view = view

    def open_file(self, name: str, **_options: Any) -> MappedFile:
        return MappedFile.open(self._folder / name, self._view)


@dataclass(frozen=True, slots=True)
class OpenSegment:
    """A segment opened by Whoosh, every file it will ever need in hand."""

    info: SegmentInfo
    reader: Any
    folder: Path
    """Where it lies, with the files of ours beside it."""

    def lookup(self) -> TermLookup:
        """The segment's terms, read from its bytes without Whoosh's pointer."""
        terms = self.reader._terms
        return TermLookup(
            terms._dbfile.view, terms._postfile.view, terms._tindex.tables, terms._fieldmap
        )

    def terms_from(self, field: str, prefix: bytes) -> Iterable[bytes]:
        """The field's terms in byte order, from ``prefix`` on."""
        for name, term in self.reader._terms.terms_from(field, prefix):
            if name != field:
                return
            yield term

    def column(self, name: str) -> bytes:
        """The content of a column file."""
        content: bytes = self.reader.storage().open_file(f"{self.info.id}.{name}.col").all()
        return content

    def strings(self, name: str) -> list[bytes]:
        """A column of strings, row by row, as its bytes lie there."""
        data = self.column(name)
        starts, ends = columns.string_bounds(data, self.info.rows)
        return [data[a:b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]

    def record(self, row: int) -> bytes:
        """The programme stored in a row."""
        stored: bytes = self.reader._perdoc.stored_fields(row)[schema.RECORD]
        return stored

    def close(self) -> None:
        """Release the files."""
        if not self.reader.is_closed:
            self.reader.close()


def open_segments(
    folder: Path, infos: Iterable[SegmentInfo], view: View = map_file
) -> tuple[OpenSegment, ...]:
    """Open every segment named in the table of contents, in its order.

    Call only for files whose checksums were verified: opening unpickles. Raises whatever Whoosh
    raises for files it cannot read.
    """
    storage = MappedStorage(folder, view)
    toc = index.TOC.read(storage, INDEX_NAME)
    by_id = {segment.segment_id(): segment for segment in toc.segments}
    opened = []
    for info in infos:
        reader = SegmentReader(storage, toc.schema, by_id[info.id])
        if info.rows:
            reader.stored_fields(0)
        opened.append(OpenSegment(info, reader, folder))
    return tuple(opened)
