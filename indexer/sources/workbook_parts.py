"""What do the parts inside a workbook file (.xlsx) say that values alone do not?

A workbook is a zip of XML parts. Here every part that will be read is unpacked once, within a
bound, and looked through: how far the cells reach, which number format each figure has, which
cells hold an error or a formula nobody has computed. So nothing that grows without end, and no
sheet of a million rows, comes to the reader of values.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

from indexer.settings import (
    SHEET_AREA_MAXIMUM,
    SHEET_CELLS_MAXIMUM,
    SHEET_COLUMNS_MAXIMUM,
    SHEET_ROWS_MAXIMUM,
    WORKBOOK_BYTES_MAXIMUM,
)
from indexer.sources.number_formats import NumberFormat, read_format

_CHUNK_BYTES = 256 * 1024
WORKBOOK_PART = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, expat.ExpatError)

BROKEN = "はExcelのファイル（xlsx）として壊れているので、もう一度入手するか保存し直してください。"
PROTECTED = "はパスワードで保護されているので、パスワードを外して保存し直してください。"

Attributes = dict[str, str]


class WorkbookError(ValueError):
    """What is wrong with the file, as the end of a sentence that begins with its name."""


@dataclass(slots=True)
class SheetFacts:
    """What the part of one sheet says beside its values. Rows and columns count from 0."""

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    """``#REF!`` and the like, by row and column."""
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
    """Formulas whose result no program has computed and stored: their value would be blank."""
    formats: dict[tuple[int, int], NumberFormat] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parts:
    """The sheets of a workbook by name; a chart sheet has none."""

    sheets: dict[str, SheetFacts]


def survey(stream: IO[bytes]) -> Parts:
    """Look through the file. Raises :class:`WorkbookError` for what must not be read further."""
    try:
        with zipfile.ZipFile(stream) as archive:
            return _Survey(archive).run()
    except (KeyError, *_BROKEN) as error:
        raise _broken() from error
    except RuntimeError as error:  # zipfile: the part is encrypted
        raise WorkbookError(PROTECTED) from error


def _broken() -> WorkbookError:
    return WorkbookError(BROKEN)


class _Survey:
    """One pass over the parts; counts what is unpacked."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._unpacked = 0
        self._formats: list[NumberFormat | None] = []

    def run(self) -> Parts:
        names = dict(self._sheet_parts())
        known = set(self._archive.namelist())
        if "xl/styles.xml" in known:
            self._formats = self._read_formats()
        if "xl/sharedStrings.xml" in known:
            for _ in self._chunks("xl/sharedStrings.xml"):
                pass
        sheets = {name: self._scan(name, part) for name, part in names.items() if part in known}
        return Parts(sheets)

    def _sheet_parts(self) -> Iterator[tuple[str, str]]:
        targets: dict[str, str] = {}
        for name, attributes in self._elements(_RELATIONS):
            if name == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
                target = attributes.get("Target", "")
                path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
                targets[attributes.get("Id", "")] = posixpath.normpath(path)
        for name, attributes in self._elements(WORKBOOK_PART):
            if name == "sheet" and (part := targets.get(attributes.get("id", ""))):
                yield attributes.get("name", ""), part

    def _read_formats(self) -> list[NumberFormat | None]:
        """The number format of each cell style, in the order cells name them."""
        codes: dict[int, str] = {}
        formats: list[NumberFormat | None] = []
        is_cell_style = False
        for name, attributes in self._elements("xl/styles.xml"):
            if name == "numFmt":
                codes[_number(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
            elif name in ("cellStyleXfs", "cellXfs", "cellStyles", "dxfs"):
                is_cell_style = name == "cellXfs"
            elif name == "xf" and is_cell_style:
                number = _number(attributes.get("numFmtId"))
                formats.append(read_format(number, codes.get(number)))
        return formats

    def _elements(self, part: str) -> Iterator[tuple[str, Attributes]]:
        """The opening tags of a small part, without their prefixes."""
        found: list[tuple[str, Attributes]] = []

        def start(name: str, attributes: Attributes) -> None:
            plain = {key.rpartition(":")[2]: value for key, value in attributes.items()}
            found.append((name.rpartition(":")[2], plain))

        self._parse(part, start, None, None)
        yield from found

    def _scan(self, name: str, part: str) -> SheetFacts:
        cells = _Cells(name, self._formats)
        self._parse(part, cells.start, cells.end, cells.text)
        return cells.facts

    def _parse(self, part: str, start: object, end: object, text: object) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = start  # type: ignore[assignment]
        parser.EndElementHandler = end  # type: ignore[assignment]
        parser.CharacterDataHandler = text  # type: ignore[assignment]
        parser.StartDoctypeDeclHandler = _refuse_doctype
        for chunk in self._chunks(part):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)

    def _chunks(self, part: str) -> Iterator[bytes]:
        with self._archive.open(part) as file:
            while chunk := file.read(_CHUNK_BYTES):
                self._unpacked += len(chunk)
                if self._unpacked > WORKBOOK_BYTES_MAXIMUM:
                    size = f"{WORKBOOK_BYTES_MAXIMUM // (1024 * 1024):,}MB"
                    raise WorkbookError(
                        f"は展開すると{size}を超えるので、中身を確かめ、"
                        "要るシートだけを別のファイルに保存してください。"
                    )
                yield chunk


def _refuse_doctype(*_: object) -> None:
    raise _broken()


class _Cells:
    """Follows the cells of one sheet."""

    def __init__(self, name: str, formats: list[NumberFormat | None]) -> None:
        self.facts = SheetFacts()
        self._name = name
        self._formats = formats
        self._row = self._column = -1
        self._kind = self._value = self._formula = ""
        self._style = 0
        self._has_value = self._is_inside = self._is_formula = False
        self._in_formula = False
        self._count = self._lowest = self._furthest = 0

    def start(self, name: str, attributes: Attributes) -> None:
        name = name.rpartition(":")[2]
        if name == "c":
            self._begin(attributes)
        elif name == "row":
            self._row = _number(attributes.get("r"), self._row + 2) - 1
            self._column = -1
        elif name == "f":
            self._is_formula = self._in_formula = True
        elif name in ("v", "is"):
            self._has_value = self._is_inside = True

    def _begin(self, attributes: Attributes) -> None:
        place = _REFERENCE.fullmatch(attributes.get("r", ""))
        if place:
            self._row, self._column = int(place[2]) - 1, _column(place[1])
        else:
            self._column += 1
        self._kind, self._value, self._formula = attributes.get("t", "n"), "", ""
        self._style = _number(attributes.get("s"))
        self._is_formula = self._has_value = False

    def text(self, data: str) -> None:
        if self._in_formula:
            self._formula += data
        elif self._is_inside and self._kind != "inlineStr":
            self._value += data

    def end(self, name: str) -> None:
        name = name.rpartition(":")[2]
        if name in ("v", "is"):
            self._is_inside = False
        elif name == "f":
            self._in_formula = False
        elif name == "c":
            self._finish()

    def _finish(self) -> None:
        place = (self._row, self._column)
        is_number = self._kind == "n"
        if self._is_formula and is_number and not self._value.strip():
            self._require_room()
            self.facts.formulas[place] = f"={self._formula or '…'}"
            return
        if not self._has_value:
            return
        self._require_room()
        if self._kind == "e":
            self.facts.errors[place] = self._value.strip()
        elif is_number and 0 <= self._style < len(self._formats):
            known = self._formats[self._style]
            if known is not None:
                self.facts.formats[place] = known

    def _require_room(self) -> None:
        self._count += 1
        self._lowest = max(self._lowest, self._row + 1)
        self._furthest = max(self._furthest, self._column + 1)
        for reached, limit, unit in (
            (self._row + 1, SHEET_ROWS_MAXIMUM, "行"),
            (self._column + 1, SHEET_COLUMNS_MAXIMUM, "列"),
            (self._count, SHEET_CELLS_MAXIMUM, "個のセル"),
            (self._lowest * self._furthest, SHEET_AREA_MAXIMUM, "マスの広さ"),
        ):
            if reached > limit:
                raise WorkbookError(
                    f"のシート「{self._name}」は読める上限の{limit:,}{unit}を超えるので、"
                    "要る範囲だけを別のファイルに保存してください。"
                )


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _number(text: str | None, default: int = 0) -> int:
    return int(text) if text is not None and text.isascii() and text.isdigit() else default
