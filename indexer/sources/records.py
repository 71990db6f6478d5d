"""Which documents do the records of a structured file make up?

Two kinds of records are known: programmes as ``yosan export`` writes them, and national review
sheets (行政事業レビューシート). The file is gone through twice: once to check every record and note
where the records of each document lie, once to hand the documents out one by one. So a file need
not be sorted, a broken record at its end refuses it before anything is handed out, and memory holds
one document and a few numbers per record.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from typing import IO, Any, NamedTuple

import orjson

from indexer.settings import RECORD_BYTES_MAXIMUM
from indexer.sources import refusals
from indexer.sources.document import SourceDocument, SourceFile, SourceFormat
from indexer.sources.record_shapes import (
    ShapeError,
    check_export_record,
    check_review_sheet,
    format_of,
)

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_SUFFIXES = (".jsonl", ".ndjson", ".json")


class _Place(NamedTuple):
    offset: int
    length: int
    line: int


@dataclass(slots=True)
class _Group:
    """The records of one document: where they lie, and what must hold for all of them."""

    places: list[_Place] = field(default_factory=list)
    ids: dict[str, int] = field(default_factory=dict)
    facts: bytes = b""


def begins_as_records(name: str, head: bytes) -> bool:
    """Whether to read the file as records: by its suffix, or because its first line is one."""
    lowered = name.casefold().removesuffix(".gz")
    if lowered.endswith(_SUFFIXES):
        return True
    first = head.removeprefix(_BYTE_ORDER_MARK).lstrip().split(b"\n", 1)[0]
    if not first.startswith(b"{"):
        return False
    try:
        return format_of(orjson.loads(first)) is not None
    except orjson.JSONDecodeError:
        return False


def read_records(file: SourceFile, stream: IO[bytes]) -> Iterator[SourceDocument]:
    """One document per 府省庁 and 公開年度, or per document of an export.

    Raises :class:`SourceError` naming line and key for JSON that is broken, too long or of another
    shape, and for two records that cannot both be true.
    """
    with ExitStack() as stack:
        counter = "行目"
        if _is_list(stream):
            counter = "件目"
            spool = stack.enter_context(tempfile.TemporaryFile())
            _spool_list(file, stream, spool)
            stream = spool
        scan = _Scan(file, counter)
        for place, line in _lines(file, stream):
            scan.add(place, line)
        if scan.format is None:
            raise refusals.blank(file)
        for key, group in scan.groups.items():
            yield _read_group(file, stream, scan.format, key, group)


def _read_group(
    file: SourceFile, stream: IO[bytes], kind: SourceFormat, key: str, group: _Group
) -> SourceDocument:
    records: list[Mapping[str, Any]] = []
    digest = hashlib.sha256()
    for place in group.places:
        stream.seek(place.offset)
        line = stream.read(place.length)
        digest.update(line.strip() + b"\n")
        records.append(orjson.loads(line.removeprefix(_BYTE_ORDER_MARK)))
    entry = asdict(file.manifest) if file.manifest else None
    facts = [digest.hexdigest(), file.shown_path, key, entry]
    return SourceDocument(
        path=file.shown_path,
        format=kind,
        fingerprint=hashlib.sha256(orjson.dumps(facts)).hexdigest(),
        sha256=digest.hexdigest(),
        encoding="utf-8",
        document_key=key,
        manifest=file.manifest,
        records=tuple(records),
        record_lines=tuple(place.line for place in group.places),
    )


@dataclass(slots=True)
class _Scan:
    """The first time through: every record checked, every record's place noted."""

    file: SourceFile
    counter: str
    """What a place in the file is called: ``行目`` of JSONL, ``件目`` of a JSON list."""
    format: SourceFormat | None = None
    groups: dict[str, _Group] = field(default_factory=dict)

    def add(self, place: _Place, line: bytes) -> None:
        record = self._parse(place, line)
        found = format_of(record)
        if found is None or not isinstance(record, dict):
            raise self._refuse(
                place,
                "は事業の記録でもレビューシートの記録でもないので、yosan export の出力か"
                "行政事業レビューシートのJSONLを置いてください。",
            )
        if self.format not in (None, found):
            raise self._refuse(
                place, "から別の種類の記録が混ざっているので、種類ごとにファイルを分けてください。"
            )
        self.format = found
        try:
            key, record_id, facts = self._check(found, record)
        except ShapeError as error:
            raise self._refuse(place, str(error)) from error
        self._file_under(key, record_id, facts, place)

    def _check(self, kind: SourceFormat, record: Mapping[str, Any]) -> tuple[str, str, bytes]:
        if kind == "export":
            check_export_record(record)
            document = record["document"]
            facts = orjson.dumps(document, option=orjson.OPT_SORT_KEYS)
            return document["id"], record["id"], hashlib.sha256(facts).digest()
        check_review_sheet(record)
        prefix = (self.file.manifest.id if self.file.manifest else None) or "review-sheets"
        key = f"{prefix}-{record['公開年度']}-{record['府省庁']}"
        return key, f"{record['事業番号']} {record['事業名']}", b""

    def _file_under(self, key: str, record_id: str, facts: bytes, place: _Place) -> None:
        group = self.groups.setdefault(key, _Group(facts=facts))
        if group.facts != facts:
            raise self._refuse(
                place,
                f"の document は、同じ id「{key}」の前の記録と内容が違うので、"
                "一度に書き出したファイルを使ってください。",
            )
        if record_id in group.ids:
            raise self._refuse(
                place,
                f"の「{record_id}」は{group.ids[record_id]}{self.counter}にもあるので、"
                "重なりをなくしてください。",
            )
        group.ids[record_id] = place.line
        group.places.append(place)

    def _parse(self, place: _Place, line: bytes) -> object:
        try:
            return orjson.loads(line)
        except orjson.JSONDecodeError as error:
            raise self._refuse(
                place,
                f"はJSONとして読めない（{error.colno}字目）ので、"
                "1行に一つのJSON（UTF-8）で書いてください。",
            ) from error

    def _refuse(self, place: _Place, message: str) -> Exception:
        return refusals.refuse(self.file, message, place.line, self.counter)


def _lines(file: SourceFile, stream: IO[bytes]) -> Iterator[tuple[_Place, bytes]]:
    """The lines that are not blank, each with where it lies."""
    stream.seek(0)
    offset = 0
    number = 0
    while line := stream.readline(RECORD_BYTES_MAXIMUM + 1):
        number += 1
        if len(line) > RECORD_BYTES_MAXIMUM:
            raise refusals.refuse(
                file,
                f"は{RECORD_BYTES_MAXIMUM // (1024 * 1024)}MBを超える長さなので、"
                "1行に一つの記録だけを書いてください。",
                number,
            )
        text = line.removeprefix(_BYTE_ORDER_MARK) if number == 1 else line
        if text.strip():
            yield _Place(offset, len(line), number), text
        offset += len(line)


def _is_list(stream: IO[bytes]) -> bool:
    head = stream.read(1024).removeprefix(_BYTE_ORDER_MARK).lstrip()
    stream.seek(0)
    return head.startswith(b"[")


def _spool_list(file: SourceFile, stream: IO[bytes], spool: IO[bytes]) -> None:
    """A JSON list as lines: a record's line is then its place in the list."""
    data = stream.read().removeprefix(_BYTE_ORDER_MARK)
    try:
        records = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise refusals.refuse(
            file,
            "はJSONの配列として読めないので、書き方を直すか、1行に一つのJSONで書いてください。",
            error.lineno,
        ) from error
    for record in records:
        spool.write(orjson.dumps(record) + b"\n")
