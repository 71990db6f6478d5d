"""What does this file hold? Bytes in, documents out, or one sentence that says why not."""

from __future__ import annotations

import gzip
import hashlib
import re
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import asdict
from io import BufferedRandom
from typing import IO

import orjson

from indexer.regular_files import copy_privately, open_regular, state_of
from indexer.settings import (
    FILE_BYTES_MAXIMUM,
    LINE_CHARACTERS_MAXIMUM,
    LINES_MAXIMUM,
    UNPACKED_BYTES_MAXIMUM,
)
from indexer.sources import refusals
from indexer.sources.document import SourceDocument, SourceFile, UnchangedDocument
from indexer.sources.encoding import NotTextError, decode
from indexer.sources.national_sheets import read_national_sheets
from indexer.sources.national_tables import parts_of
from indexer.sources.records import begins_as_records, read_records
from indexer.sources.workbooks import is_workbook, read_workbook

_HEAD_BYTES = 65_536
_CHUNK_BYTES = 1024 * 1024
_GZIP = b"\x1f\x8b"
# The three line ends that editors count. U+2028, VT and form feed (a page break inside the text of
# a PDF conversion) are characters of their line, so that line 38 here is line 38 in the editor.
_LINE_END = re.compile(r"\r\n|\n|\r")

_Read = SourceDocument | UnchangedDocument


def read_documents(file: SourceFile) -> Iterator[SourceDocument]:
    """The documents of one file: one for a text, one per document for structured files.

    A structured file is checked to its end before its first document is handed out, so that a
    file is either read whole or refused whole. Memory holds one document at a time.
    Raises :class:`SourceError` with the sentence to show; nothing else, whatever the bytes.
    """
    for document in read_changed(file, {}):
        assert isinstance(document, SourceDocument)
        yield document


def read_changed(
    file: SourceFile, known: Mapping[str, str]
) -> Iterator[SourceDocument | UnchangedDocument]:
    """As :func:`read_documents`, where a document whose fingerprint is the one ``known`` has for
    its key is only named: it was checked when it was read then, and is neither decoded nor
    checked again.
    """
    if file.refusal is not None:
        raise refusals.refuse_by_manifest(file)
    try:
        with _open(file) as raw:
            parts = [part for member in (file, *file.parts) for part in parts_of(member)]
            if parts:
                yield from read_national_sheets(file, parts, known)
            else:
                yield from _read(file, raw, known)
    except OSError as error:
        raise refusals.cannot_open(file, error) from error


def file_fingerprint(file: SourceFile) -> str:
    """sha256 over the bytes as they lie on disk, the shown path and the manifest entry.

    Equal fingerprints mean equal documents, without unpacking or decoding anything.
    Raises :class:`SourceError` when the file cannot be read at all.
    """
    if file.refusal is not None:
        raise refusals.refuse_by_manifest(file)
    try:
        with _open(file) as raw:
            return _fingerprint(file, hashlib.file_digest(raw, "sha256").hexdigest())
    except OSError as error:
        raise refusals.cannot_open(file, error) from error


def split_lines(text: str) -> tuple[str, ...]:
    """The lines as an editor counts them, without their ends; no empty one after the last end."""
    lines = _LINE_END.split(text)
    if lines[-1] == "":
        lines.pop()
    return tuple(lines)


def _count_ends(text: str) -> int:
    """How many line ends there are: every line will be an object, so they are counted before."""
    return text.count("\n") + text.count("\r") - text.count("\r\n")


def _open(file: SourceFile) -> BufferedRandom:
    """A copy of the file that stays as it is: some are read twice, and one that is written to
    meanwhile would be read half as it was and half as it will be."""
    with open_regular(file.path) as stream:
        before = state_of(stream)
        if before[0] > FILE_BYTES_MAXIMUM:
            raise refusals.too_big(file, FILE_BYTES_MAXIMUM)
        copy = copy_privately(stream, FILE_BYTES_MAXIMUM + 1)
        if state_of(stream) != before:
            copy.close()
            raise refusals.rewritten(file)
        return copy


def _read(file: SourceFile, raw: IO[bytes], known: Mapping[str, str]) -> Iterator[_Read]:
    with ExitStack() as stack:
        stream, head = _unpacked(stack, file, raw)
        if is_workbook(stream, head):
            yield from read_workbook(file, stream, known)
            return
        if _is_pdf(head):
            yield _read_pdf(file, stream, known)
            return
        refusals.refuse_other_formats(file, stream, head)
        if not begins_as_records(file.path.name, head):
            yield _read_text(file, stream, known)
            return
        parts = [(part, stack.enter_context(_open(part))) for part in file.parts]
        others = [(part, _unpacked(stack, part, opened)[0]) for part, opened in parts]
        yield from read_records([(file, stream), *others], known)


def _unpacked(stack: ExitStack, file: SourceFile, raw: IO[bytes]) -> tuple[IO[bytes], bytes]:
    """The bytes to read, out of their gzip if they are in one, and how they begin."""
    head = raw.read(_HEAD_BYTES)
    if not head:
        raise refusals.empty(file)
    raw.seek(0)
    if not head.startswith(_GZIP):
        return raw, head
    unpacked = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
    _unpack(file, raw, unpacked)
    head = unpacked.read(_HEAD_BYTES)
    unpacked.seek(0)
    if not head:
        raise refusals.empty(file)
    if head.startswith(_GZIP):
        raise refusals.refuse(
            file, "は二重に圧縮（gzip）されているので、一度展開してから置いてください。"
        )
    return unpacked, head


def _read_text(file: SourceFile, stream: IO[bytes], known: Mapping[str, str]) -> _Read:
    data = _read_whole(file, stream)
    digest = hashlib.sha256(data).hexdigest()
    fingerprint = _fingerprint(file, digest)
    key = _key(file)
    if known.get(key) == fingerprint:
        return UnchangedDocument(key)
    try:
        text, encoding = decode(data)
    except NotTextError as error:
        raise refusals.not_text(file, error.line) from error
    if _count_ends(text) > LINES_MAXIMUM:
        raise refusals.many_lines(file, LINES_MAXIMUM)
    lines = split_lines(text)
    if not any(_has_print(line) for line in lines):
        raise refusals.blank(file)
    for number, line in enumerate(lines, start=1):
        if len(line) > LINE_CHARACTERS_MAXIMUM:
            raise refusals.long_line(file, number, LINE_CHARACTERS_MAXIMUM)
    return SourceDocument(
        path=file.shown_path,
        format="text",
        fingerprint=fingerprint,
        sha256=digest,
        encoding=encoding,
        document_key=key,
        manifest=file.manifest,
        lines=lines,
    )


def _read_pdf(file: SourceFile, stream: IO[bytes], known: Mapping[str, str]) -> _Read:
    """The file as it is: what stands on its pages is found out when it is parsed."""
    data = _read_whole(file, stream)
    digest = hashlib.sha256(data).hexdigest()
    fingerprint = _fingerprint(file, digest)
    key = _key(file)
    if known.get(key) == fingerprint:
        return UnchangedDocument(key)
    return SourceDocument(
        path=file.shown_path,
        format="pages",
        fingerprint=fingerprint,
        sha256=digest,
        encoding="pdf",
        document_key=key,
        manifest=file.manifest,
        content=data,
    )


def _is_pdf(head: bytes) -> bool:
    """Looked for within the first kilobyte: some printers' drivers write a line before it."""
    return b"%PDF-" in head[:1024]


def _read_whole(file: SourceFile, stream: IO[bytes]) -> bytes:
    if file.manifest is not None and file.manifest.sheet:
        raise refusals.refuse(
            file, "はExcelのファイルではないので、マニフェストの sheet の行を消してください。"
        )
    data = stream.read(FILE_BYTES_MAXIMUM + 1)
    if len(data) > FILE_BYTES_MAXIMUM:
        raise refusals.too_big(file, FILE_BYTES_MAXIMUM)
    return data


def _key(file: SourceFile) -> str:
    return (file.manifest.id if file.manifest else None) or file.shown_path


def _has_print(line: str) -> bool:
    return bool(line.strip(" \t\f\v　\u200b\ufeff\x1a\u00a0"))


def _unpack(file: SourceFile, raw: IO[bytes], unpacked: IO[bytes]) -> None:
    """Unpack to disk, never more than the bound: a few kilobytes of gzip can hold gigabytes."""
    size = 0
    try:
        with gzip.GzipFile(fileobj=raw) as packed:
            while chunk := packed.read(_CHUNK_BYTES):
                size += len(chunk)
                if size > UNPACKED_BYTES_MAXIMUM:
                    raise refusals.unpacks_too_big(file, UNPACKED_BYTES_MAXIMUM)
                unpacked.write(chunk)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise refusals.broken_archive(file) from error
    unpacked.seek(0)


def _fingerprint(file: SourceFile, content_digest: str) -> str:
    entry = asdict(file.manifest) if file.manifest else None
    facts = orjson.dumps([content_digest, file.shown_path, entry], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(facts).hexdigest()
