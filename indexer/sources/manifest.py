"""What does the manifest beside the books state about each of them?

A manifest is a TOML file with one table per book::

    [books."chiyoda-2025-05-policy-management.md"]
    title = "令和7年度予算 主要事業 5 政策経営部"
    publisher = "千代田区"

A mistake never turns into a guess: the book whose entry is wrong is refused with a sentence that
names the line, the other books go on. Only a manifest that cannot be read at all refuses every
book it would have spoken for.
"""

from __future__ import annotations

import difflib
import posixpath
import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from indexer.errors import reason_of
from indexer.regular_files import read_regular
from indexer.settings import (
    MANIFEST_BYTES_MAXIMUM,
    MANIFEST_DEPTH_MAXIMUM,
    MANIFEST_KEYS_MAXIMUM,
)
from indexer.sources.document import ManifestEntry
from indexer.sources.encoding import NotTextError, decode
from indexer.sources.manifest_fields import FIELDS

MANIFEST_NAME = "manifest.toml"
_BOOKS = "books"
_OTHERS_NAMED = 4


@dataclass(frozen=True, slots=True)
class Fault:
    """A mistake in a manifest: the sentence for the reader, and the line if it can be told."""

    message: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest as read. Keys of both mappings are file names as :func:`file_key` makes them."""

    folder: Path
    shown_path: str
    entries: Mapping[str, ManifestEntry] = field(default_factory=dict)
    faults: Mapping[str, Fault] = field(default_factory=dict)
    """Entries that are wrong: the book is not to be read."""
    fault: Fault | None = None
    """The manifest as a whole cannot be read."""
    lines: Mapping[str, int | None] = field(default_factory=dict)

    def names(self, key: str) -> bool:
        """Whether the manifest speaks of this file, rightly or wrongly."""
        return key in self.entries or key in self.faults

    def missing(self, key: str) -> Fault:
        """The sentence for an entry whose file is not there."""
        place = _place(self.shown_path, self.lines.get(key))
        return Fault(
            f"{place}にある「{key}」というファイルがないので、ファイルを置くか、"
            "ファイル名を直すか、この項目を消してください。",
            self.lines.get(key),
        )


def file_key(relative_path: str) -> str:
    """A file name as manifests are keyed: ``/`` between folders, NFC (macOS stores が as か+゛)."""
    return posixpath.normpath(unicodedata.normalize("NFC", relative_path))


def load_manifest(path: Path, shown_path: str) -> Manifest:
    """Read a manifest; what is wrong in it is in ``faults`` and ``fault``. Never raises."""
    try:
        text = _read_text(path)
        _require_bounds(text)
        data = tomllib.loads(text)
    except _ReadError as error:
        return _broken(path, shown_path, str(error), None)
    except RecursionError:
        return _broken(path, shown_path, "入れ子が深すぎるので、", None)
    except ValueError as error:
        line = _line_of_error(str(error))
        return _broken(path, shown_path, "TOMLとして読めないので、", line)
    if fault := _top_level_fault(data, text, shown_path):
        return Manifest(folder=path.parent, shown_path=shown_path, fault=fault)
    return _Reader(text, shown_path).read(path.parent, data.get(_BOOKS, {}))


def refuse_manifest(path: Path, shown_path: str, reason: str) -> Manifest:
    """A manifest that is not read; ``reason`` begins the sentence."""
    return _broken(path, shown_path, reason, None)


class _ReadError(Exception):
    """Why the file itself cannot be read, as the beginning of a sentence."""


def _read_text(path: Path) -> str:
    try:
        data = read_regular(path, MANIFEST_BYTES_MAXIMUM)
    except OSError as error:
        raise _ReadError(f"開けない（{reason_of(error)}）ので、") from error
    if len(data) > MANIFEST_BYTES_MAXIMUM:
        raise _ReadError(f"{MANIFEST_BYTES_MAXIMUM // (1024 * 1024)}MBより大きいので、")
    try:
        return decode(data)[0]
    except NotTextError as error:
        raise _ReadError("文字コードが分からないので、") from error


# What stands in quotes; a quote left open ends with its line.
_QUOTED = re.compile(r'"(?:\\.|[^"\\\n])*+"?|\'[^\'\n]*+\'?')
_DOTTED = re.compile(rf"(?<![\w-])[\w-]++(?:[ \t]*+\.[ \t]*+[\w-]++){{{MANIFEST_DEPTH_MAXIMUM},}}+")


def _require_bounds(text: str) -> None:
    """Hold the text to its bounds before it is parsed. Raises :class:`_ReadError`."""
    bare = _QUOTED.sub("Q", text)
    if _DOTTED.search(bare):
        raise _ReadError(f"キーの入れ子が{MANIFEST_DEPTH_MAXIMUM}段を超えるので、")
    if bare.count("=") + bare.count("[") > MANIFEST_KEYS_MAXIMUM:
        raise _ReadError(f"キーが{MANIFEST_KEYS_MAXIMUM:,}個を超えるので、")


def _broken(path: Path, shown_path: str, reason: str, line: int | None) -> Manifest:
    place = _place(shown_path, line)
    fault = Fault(
        f"{place}が{reason}このマニフェストが受け持つ本を読みません。書き方を直してください。", line
    )
    return Manifest(folder=path.parent, shown_path=shown_path, fault=fault)


def _line_of_error(message: str) -> int | None:
    match = re.search(r"at line (\d+)", message)
    return int(match[1]) if match else None


def _place(shown_path: str, line: int | None) -> str:
    return f"マニフェスト {shown_path} の{line}行目" if line else f"マニフェスト {shown_path} "


def _top_level_fault(data: Mapping[str, Any], text: str, shown_path: str) -> Fault | None:
    """Anything but ``[books."file"]``: an entry under another name would be lost in silence."""
    for key, value in data.items():
        if key == _BOOKS and isinstance(value, dict):
            continue
        line = _find_line(text, re.compile(rf"\s*\[*\s*[\"']?{re.escape(key)}\b"))
        return Fault(
            f"{_place(shown_path, line)}にある {key} は使えないので、本の項目は "
            f'[{_BOOKS}."ファイル名"] の下に書いてください。',
            line,
        )
    return None


@dataclass(slots=True)
class _Reader:
    """Reads the entries of one manifest, keeping faults beside what is right."""

    text: str
    shown_path: str
    entries: dict[str, ManifestEntry] = field(default_factory=dict)
    faults: dict[str, Fault] = field(default_factory=dict)
    lines: dict[str, int | None] = field(default_factory=dict)
    _places: _Places = field(init=False)

    def __post_init__(self) -> None:
        self._places = _Places(self.text)

    def read(self, folder: Path, books: Mapping[str, Any]) -> Manifest:
        for name, value in books.items():
            self._read_book(name, value)
        self._refuse_shared_ids()
        return Manifest(
            folder=folder,
            shown_path=self.shown_path,
            entries=self.entries,
            faults=self.faults,
            lines=self.lines,
        )

    def _read_book(self, name: str, value: object) -> None:
        key = file_key(name)
        if key in self.lines:
            return self._refuse(key, name, None, "の項目が二つあるので、一つにしてください。")
        self.lines[key] = self._line(name, None)
        if key.startswith(("/", "../")) or key in (".", ".."):
            reason = (
                "はこのフォルダの中のファイルではないので、ここから見たファイル名にしてください。"
            )
            return self._refuse(key, name, None, reason)
        if not isinstance(value, dict):
            reason = f'は [{_BOOKS}."{name}"] の下にキーを並べて書いてください。'
            return self._refuse(key, name, None, reason)
        tables = [inner for inner, item in value.items() if isinstance(item, dict)]
        nested = next((inner for inner in tables if inner not in FIELDS), None)
        if nested is not None:
            return self._refuse_unquoted(key, name, nested)
        return self._read_entry(key, name, value)

    def _read_entry(self, key: str, name: str, value: Mapping[str, Any]) -> None:
        fields: dict[str, Any] = {}
        for item, raw in value.items():
            if item not in FIELDS:
                return self._refuse(key, name, item, _unknown_key(item))
            try:
                fields[item] = FIELDS[item](raw)
            except ValueError as error:
                return self._refuse(key, name, item, str(error))
        self.entries[key] = ManifestEntry(file=key, **fields)
        return None

    def _refuse_unquoted(self, key: str, name: str, nested: str) -> None:
        """``[books.a.md]`` without quotes is a table ``md`` inside ``a``."""
        whole = f"{name}.{nested}"
        line = self._places.heading(whole)
        del self.lines[key]
        self.lines[file_key(whole)] = line
        self.faults[file_key(whole)] = Fault(
            f"{_place(self.shown_path, line)}のファイル名は引用符で囲み、"
            f'[{_BOOKS}."{whole}"] と書いてください。',
            line,
        )

    def _refuse(self, key: str, name: str, item: str | None, reason: str) -> None:
        line = self._line(name, item)
        subject = f"「{name}」の {item} " if item else f"「{name}」"
        self.entries.pop(key, None)
        message = f"{_place(self.shown_path, line)}にある{subject}{reason}"
        self.faults[key] = Fault(message, line)

    def _refuse_shared_ids(self) -> None:
        by_id: dict[str, list[str]] = {}
        for key, entry in self.entries.items():
            if entry.id is not None:
                by_id.setdefault(entry.id, []).append(key)
        for shared, keys in by_id.items():
            if len(keys) == 1:
                continue
            for key in keys:
                others = "」と「".join(other for other in keys[:_OTHERS_NAMED] if other != key)
                reason = f"「{shared}」は「{others}」と同じなので、別の id にしてください。"
                self._refuse(key, key, "id", reason)

    def _line(self, name: str, item: str | None) -> int | None:
        """The line of an entry's heading, or of one key below it."""
        line = self._places.heading(name)
        if line is None:  # "a.md".title = … below [books]
            return self._places.assigned(name)
        if item is None:
            return line
        return self._places.item(item, line) or line


_QUOTED_NAME = r"\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'"
_HEADING = re.compile(rf"\s*\[\s*{_BOOKS}\s*\.\s*(?:{_QUOTED_NAME}|(?P<bare>[^][]+?))\s*\]")
_ASSIGNED = re.compile(rf"\s*(?:{_QUOTED_NAME}|(?P<bare>[^][\s.=]+))\s*[.=]")


class _Places:
    """On which line does a manifest speak of what? Found in one pass, however many books."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self._headings: dict[str, int] = {}
        self._assigned: dict[str, int] = {}
        for number, line in enumerate(self._lines, start=1):
            if found := _HEADING.match(line):
                for name in _names(found):
                    self._headings.setdefault(name, number)
            elif found := _ASSIGNED.match(line):
                for name in _names(found):
                    self._assigned.setdefault(name, number)

    def heading(self, name: str) -> int | None:
        """The line of ``[books."name"]``."""
        return self._headings.get(name)

    def assigned(self, name: str) -> int | None:
        """The line that begins with the name as a key."""
        return self._assigned.get(name)

    def item(self, item: str, after: int) -> int | None:
        """The line of a key below the heading on the line ``after``."""
        key = re.compile(rf"\s*[\"']?{re.escape(item)}[\"']?\s*=")
        for number in range(after, len(self._lines)):
            line = self._lines[number]
            if key.match(line):
                return number + 1
            if line.lstrip().startswith("["):
                return None
        return None


def _names(found: re.Match[str]) -> list[str]:
    """The name; of one without quotes also its beginnings: ``a.b.md`` is ``b.md`` inside ``a``."""
    bare = found["bare"]
    if bare is None:
        return [found["double"] if found["double"] is not None else found["single"]]
    parts = bare.split(".")
    return [".".join(parts[:count]) for count in range(len(parts), 0, -1)]


def _find_line(text: str, pattern: re.Pattern[str]) -> int | None:
    for number, line in enumerate(text.split("\n"), start=1):
        if pattern.match(line):
            return number
    return None


def _unknown_key(key: str) -> str:
    near = difflib.get_close_matches(key, FIELDS, n=1, cutoff=0.5)
    if near:
        return f"は知らないキーなので、{near[0]} の書き間違いでないか確かめてください。"
    return f"は知らないキーなので、使えるキー（{'、'.join(FIELDS)}）に直すか消してください。"
