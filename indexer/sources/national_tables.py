"""Which table of the national review sheets of a year does a file hold?

From 2024 on the sheets (行政事業レビューシート) are published as several tables, a file or a zip
each: organisations, outlines, policies, budgets, payments. They are known by their header, not by
their names, and belong together by folder and fiscal year (事業年度).
"""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO

from indexer.eras import parse_fiscal_year
from indexer.regular_files import open_regular
from indexer.settings import ARCHIVE_MEMBERS_MAXIMUM
from indexer.sources.bounds import bounded
from indexer.sources.document import SourceFile

_HEAD_BYTES = 65_536
_SUFFIXES = (".csv", ".csv.gz", ".zip")
YEAR, KEY, TITLE = "事業年度", "予算事業ID", "事業名"
_SHARED = ("シート種別", YEAR, KEY, TITLE)
"""The first columns of every table."""
_FAULTS = (OSError, ValueError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError,
           NotImplementedError, csv.Error)  # fmt: skip


class Table(StrEnum):
    """What a file holds; payments and the like are of no use here."""

    ORGANISATION = "組織情報"
    OUTLINE = "事業概要"
    POLICY = "政策・施策"
    BUDGET = "予算・執行"
    OTHER = "その他"


_TELLING = {
    Table.BUDGET: ("予算年度", "当初予算（合計）"),
    Table.OUTLINE: ("事業の概要",),
    Table.POLICY: ("施策", "法令名"),
    Table.ORGANISATION: ("作成責任者",),
}
"""Columns that no other table has."""


@dataclass(frozen=True, slots=True)
class Part:
    """One table: a file, or a member of a zip."""

    file: SourceFile
    member: str | None
    table: Table
    year: int


def parts_of(file: SourceFile) -> tuple[Part, ...]:
    """The tables of national sheets that a file holds; none for every other file."""
    name = file.path.name.casefold()
    if not name.endswith(_SUFFIXES) or file.refusal is not None:
        return ()
    try:
        heads = [*_heads(file.path, name)]
    except _FAULTS:
        return ()  # reading says what is wrong with it
    found = ((member, _recognise(head)) for member, head in heads)
    return tuple(Part(file, member, *known) for member, known in found if known)


def _heads(path: Path, name: str) -> Iterator[tuple[str | None, bytes]]:
    if not path.is_file():
        return
    if name.endswith(".zip"):
        with open_regular(path) as file, zipfile.ZipFile(file) as archive:
            if len(archive.infolist()) > ARCHIVE_MEMBERS_MAXIMUM:
                return
            for info in archive.infolist():
                if info.filename.casefold().endswith(".csv"):
                    with archive.open(info) as member:
                        yield info.filename, member.read(_HEAD_BYTES)
        return
    with open_table(path) as stream:
        yield None, stream.read(_HEAD_BYTES)


def open_table(path: Path) -> IO[bytes]:
    """A file of one table, unpacked on the way if it is a ``.gz``, up to the bound."""
    stream = open_regular(path)
    if not path.name.casefold().endswith(".gz"):
        return stream
    return bounded(_Unpacked(fileobj=stream, own=stream))


class _Unpacked(gzip.GzipFile):
    """A gzip file that closes the file it lies in."""

    def __init__(self, fileobj: IO[bytes], own: IO[bytes]) -> None:
        super().__init__(fileobj=fileobj)
        self._own = own

    def close(self) -> None:
        super().close()
        self._own.close()


def _recognise(head: bytes) -> tuple[Table, int] | None:
    """By the header, and the year of the first row."""
    text = head.decode("utf-8-sig", "replace")
    if not all(word in text[:2000] for word in _SHARED):
        text = head.decode("cp932", "replace")
        if not all(word in text[:2000] for word in _SHARED):
            return None
    rows = csv.reader(io.StringIO(text))
    header = [cell.strip() for cell in next(rows, [])]
    first = next(rows, [])
    if not set(_SHARED) <= set(header) or len(first) <= header.index(YEAR):
        return None
    year = parse_fiscal_year(first[header.index(YEAR)])
    if year is None:
        return None
    table = next((t for t, words in _TELLING.items() if set(words) <= set(header)), Table.OTHER)
    return table, year
