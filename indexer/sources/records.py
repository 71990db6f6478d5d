"""Which documents do the records of a structured file make up?

Two kinds of records are known: programmes as ``yosan export`` writes them, and national review
sheets (行政事業レビューシート). The file is gone through first to note where the records of each
document lie and what their fingerprint is; then the records of documents that are not known with
this fingerprint are checked, and handed out document by document. So a file need not be sorted, a
broken record at its end refuses it before anything is handed out, of 47,597 sheets only those are
checked that share a document with a changed one, and memory holds one document and a few numbers
per record.
"""

from __future__ import annotations

import hashlib
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass, field
from typing import IO, Any, NamedTuple

import orjson

from indexer.settings import LIST_BYTES_MAXIMUM, RECORD_BYTES_MAXIMUM
from indexer.sources import refusals
from indexer.sources.document import SourceDocument, SourceFile, SourceFormat, UnchangedDocument
from indexer.sources.record_shapes import (
    ShapeError,
    check_export_record,
    check_review_sheet,
    format_of,
)

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_SUFFIXES = (".jsonl", ".ndjson", ".json")


class _Place(NamedTuple):
    part: int
    """Which of the files that are read together."""
    offset: int
    length: int
    line: int


@dataclass(frozen=True, slots=True)
class _Part:
    """One file while it is read."""

    file: SourceFile
    stream: IO[bytes]
    counter: str
    """What a place in it is called: ``行目`` of JSONL, ``件目`` of a JSON list."""

    def name(self, line: int, other: bool) -> str:
        """The place, with the file where it is another one."""
        return (
            f"「{self.file.shown_path}」の{line}{self.counter}"
            if other
            else f"{line}{self.counter}"
        )


@dataclass(slots=True)
class _Group:
    """The records of one document: where they lie, and what they add up to."""

    places: list[_Place] = field(default_factory=list)
    digest: Any = field(default_factory=hashlib.sha256)


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


def document_keys(lines: Iterable[bytes]) -> set[str]:
    """The documents that the review sheets of a file belong to; none for records of another kind.

    Up to the first line that cannot be read: reading the file says what is wrong with it.
    """
    keys: set[str] = set()
    with suppress(OSError, EOFError, zlib.error, ValueError, RecursionError):
        for line in lines:
            text = line.removeprefix(_BYTE_ORDER_MARK).strip()
            if not text:
                continue
            record = orjson.loads(text)
            if format_of(record) != "review_sheets":
                return set()
            keys.add(_sheet_key(record))
    return keys


def _sheet_key(record: Mapping[str, Any]) -> str:
    return f"{record['公開年度']}-{record.get('府省庁')}"


def read_records(
    files: Sequence[tuple[SourceFile, IO[bytes]]], known: Mapping[str, str]
) -> Iterator[SourceDocument | UnchangedDocument]:
    """One document per 府省庁 and 公開年度, or per document of an export; of those whose key and
    fingerprint are ``known``, the key alone. Sheets of one document may lie in several files.

    Raises :class:`SourceError` naming line and key for JSON that is broken, too long or of another
    shape, and for two records that cannot both be true.
    """
    with ExitStack() as stack:
        survey = _Survey([_part(stack, *pair) for pair in files])
        file = survey.file
        for number, part in enumerate(survey.parts):
            for place, line in _lines(part, number):
                survey.add(place, line)
        if survey.format is None:
            raise refusals.blank(file)
        fingerprints = {
            key: _fingerprint(file, key, group.digest.hexdigest())
            for key, group in survey.groups.items()
        }
        changed = [key for key, found in fingerprints.items() if known.get(key) != found]
        survey.check(changed)
        for key, fingerprint in fingerprints.items():
            if known.get(key) == fingerprint:
                yield UnchangedDocument(key)
            else:
                yield survey.read_document(key, fingerprint)


def _part(stack: ExitStack, file: SourceFile, stream: IO[bytes]) -> _Part:
    if not _is_list(stream):
        return _Part(file, stream, "行目")
    spool = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
    _spool_list(file, stream, spool)
    return _Part(file, spool, "件目")


def _fingerprint(file: SourceFile, key: str, digest: str) -> str:
    entry = asdict(file.manifest) if file.manifest else None
    return hashlib.sha256(orjson.dumps([digest, file.shown_path, key, entry])).hexdigest()


@dataclass(slots=True)
class _Survey:
    """What the files hold: the first time through, the place of every record is noted under its
    document; then the records of the documents that changed are checked."""

    parts: Sequence[_Part]
    format: SourceFormat | None = None
    groups: dict[str, _Group] = field(default_factory=dict)

    @property
    def file(self) -> SourceFile:
        """The first file, which the documents are known by."""
        return self.parts[0].file

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
        group = self.groups.setdefault(self._key(record), _Group())
        group.places.append(place)
        group.digest.update(line.strip() + b"\n")

    def check(self, keys: Iterable[str]) -> None:
        """Raise for the first record, in file order, that must not be handed out."""
        checks = {key: _GroupCheck(key, self.format, self.parts) for key in keys}
        places = [(place, check) for key, check in checks.items() for place in self._places(key)]
        for place, check in sorted(places, key=lambda pair: pair[0]):
            try:
                check.add(self._read(place), place)
            except ShapeError as error:
                raise self._refuse(place, str(error)) from error

    def read_document(self, key: str, fingerprint: str) -> SourceDocument:
        assert self.format is not None
        group = self.groups[key]
        return SourceDocument(
            path=self.file.shown_path,
            format=self.format,
            fingerprint=fingerprint,
            sha256=group.digest.hexdigest(),
            encoding="utf-8",
            document_key=key,
            manifest=self.file.manifest,
            records=tuple(self._read(place) for place in group.places),
            record_lines=tuple(place.line for place in group.places),
        )

    def _read(self, place: _Place) -> Any:
        stream = self.parts[place.part].stream
        stream.seek(place.offset)
        return orjson.loads(stream.read(place.length).removeprefix(_BYTE_ORDER_MARK))

    def _places(self, key: str) -> list[_Place]:
        return self.groups[key].places

    def _key(self, record: Mapping[str, Any]) -> str:
        """The document a record belongs to, whatever stands in it: its shape is checked later."""
        if self.format == "export":
            document = record["document"]
            return str(document.get("id")) if isinstance(document, dict) else ""
        prefix = (self.file.manifest.id if self.file.manifest else None) or "review-sheets"
        return f"{prefix}-{_sheet_key(record)}"

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
        part = self.parts[place.part]
        return refusals.refuse(part.file, message, place.line, part.counter)


@dataclass(slots=True)
class _GroupCheck:
    """What must hold for the records of one document together."""

    key: str
    format: SourceFormat | None
    parts: Sequence[_Part]
    places: dict[str, _Place] = field(default_factory=dict)
    """Where each programme was met."""
    facts: bytes | None = None

    def add(self, record: Mapping[str, Any], place: _Place) -> None:
        """Raises :class:`ShapeError`."""
        if self.format == "export":
            check_export_record(record)
            self._hold_facts(record["document"])
            self._hold_once(record["id"], place)
        else:
            check_review_sheet(record)
            self._hold_once(f"{record['事業番号']} {record['事業名']}", place)

    def _hold_facts(self, document: Mapping[str, Any]) -> None:
        facts = orjson.dumps(document, option=orjson.OPT_SORT_KEYS)
        if self.facts not in (None, facts):
            raise ShapeError(
                f"の document は、同じ id「{self.key}」の前の記録と内容が違うので、"
                "一度に書き出したファイルを使ってください。"
            )
        self.facts = facts

    def _hold_once(self, record_id: str, place: _Place) -> None:
        first = self.places.setdefault(record_id, place)
        if first != place:
            where = self.parts[first.part].name(first.line, first.part != place.part)
            raise ShapeError(f"の「{record_id}」は{where}にもあるので、重なりをなくしてください。")


def _lines(part: _Part, order: int) -> Iterator[tuple[_Place, bytes]]:
    """The lines that are not blank, each with where it lies."""
    part.stream.seek(0)
    offset = 0
    number = 0
    while line := part.stream.readline(RECORD_BYTES_MAXIMUM + 1):
        number += 1
        if len(line) > RECORD_BYTES_MAXIMUM:
            raise refusals.refuse(
                part.file,
                f"は{RECORD_BYTES_MAXIMUM // (1024 * 1024)}MBを超える長さなので、"
                "1行に一つの記録だけを書いてください。",
                number,
            )
        text = line.removeprefix(_BYTE_ORDER_MARK) if number == 1 else line
        if text.strip():
            yield _Place(order, offset, len(line), number), text
        offset += len(line)


def _is_list(stream: IO[bytes]) -> bool:
    head = stream.read(1024).removeprefix(_BYTE_ORDER_MARK).lstrip()
    stream.seek(0)
    return head.startswith(b"[")


def _spool_list(file: SourceFile, stream: IO[bytes], spool: IO[bytes]) -> None:
    """A JSON list as lines: a record's line is then its place in the list."""
    data = stream.read(LIST_BYTES_MAXIMUM + 1).removeprefix(_BYTE_ORDER_MARK)
    if len(data) > LIST_BYTES_MAXIMUM:
        size = f"{LIST_BYTES_MAXIMUM // (1024 * 1024):,}MB"
        raise refusals.refuse(
            file, f"は{size}を超えるJSONの配列なので、1行に一つのJSON（JSONL）にしてください。"
        )
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
