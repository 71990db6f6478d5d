"""What does a book look like before anyone has read it? The values this stage hands on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

SourceFormat = Literal["text", "export", "review_sheets", "pages"]
"""A book or table as lines; our JSONL; national review sheets (行政事業レビューシート); a PDF."""


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """What a manifest states about one file. ``None`` means: not stated, the text has to tell."""

    file: str
    """The file's path relative to the manifest, with ``/``: the key of the entry."""
    id: str | None = None
    title: str | None = None
    publisher: str | None = None
    publisher_code: str | None = None
    """Six digits, check digit included and verified: ``131016``."""
    fiscal_year: int | None = None
    """The western year in which the fiscal year begins: 令和7年度 is 2025."""
    account: str | None = None
    amount_unit: str | None = None
    """Unit of figures printed without one: ``千円``."""
    forecast_unit: str | None = None
    kind: str | None = None
    """What the text is, in words: 主要事業の説明, 事業別予算書 …"""
    licence: str | None = None
    source_url: str | None = None
    profile: str | None = None
    """Name of a parsing profile; the parser knows which there are."""
    sheet: tuple[str, ...] | None = None
    """The sheets of a workbook to read, by name; without it, every visible one with a table."""
    columns: tuple[tuple[str, tuple[str, ...]], ...] | None = None
    """What a column holds → the words of its header: ``("amount", ("R7要求",))``."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to read, found by discovery. It may turn out unreadable: reading says so."""

    path: Path
    """Where to open it."""
    shown_path: str
    """How people see it: relative to the folder they named, with ``/``; unique in one discovery."""
    manifest: ManifestEntry | None = None
    refusal: str | None = None
    """Why it must not be read (a mistake in its manifest), as the sentence to show."""
    refusal_line: int | None = None
    """The line of the manifest that the refusal is about."""
    parts: tuple[SourceFile, ...] = ()
    """Further files that are read together with it: the tables of one year's sheets."""


@dataclass(frozen=True, slots=True)
class Merge:
    """Cells of a sheet that are merged into one; its text stands in the first of them."""

    first_line: int
    last_line: int
    first_column: int
    """Counted from 0, as the cells of a line are."""
    last_column: int


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """One document as obtained: printed lines, or the records of a structured file."""

    path: str
    """The file's shown path. Several documents of one structured file share it."""
    format: SourceFormat
    fingerprint: str
    """sha256 over this document's content and its manifest entry: unchanged means nothing to do."""
    sha256: str
    """sha256 of this document's bytes: of the file as it lies on disk for text, of its records
    for structured files."""
    encoding: str
    """``utf-8``, ``utf-8-sig``, ``cp932``, ``euc_jp``, ``utf-16-le`` or ``utf-16-be``; ``pdf``."""
    document_key: str
    """What an id is made from: the manifest's id, else the shown path; for structured files the
    export's document id, or ``path#府省庁-公開年度``."""
    manifest: ManifestEntry | None = None
    lines: tuple[str, ...] = ()
    """Printed lines without their ends, counted as an editor counts them (LF, CRLF, CR)."""
    records: tuple[Mapping[str, Any], ...] = ()
    """Structured formats: the records of this one document, in file order."""
    record_lines: tuple[int, ...] = ()
    """The line of the file each record came from, for messages."""
    sheet: str | None = None
    """Of a workbook: the name of the sheet whose rows the lines are."""
    merges: tuple[Merge, ...] = ()
    """Of a workbook: which cells of the sheet are merged."""
    front: tuple[str, ...] = ()
    """Of a workbook: title lines of its other sheets, which may name publisher and year."""
    content: bytes = field(default=b"", repr=False)
    """Of a PDF: the file, whose pages are read when it comes to parsing."""
    repeats: str | None = None
    """Of a workbook: the sheet whose rows most of its rows are again, an extract of it or a sum."""


@dataclass(frozen=True, slots=True)
class UnchangedDocument:
    """A document that is what it was when its fingerprint was taken; it is not read again."""

    document_key: str
