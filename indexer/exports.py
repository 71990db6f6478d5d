"""Which rows do programmes have for spreadsheets and other programs?

One item is a programme, its document and the document's printed lines (empty when there are
none). All writers are generators: an export of any size runs in flat memory.

    csv_lines(items)     text; as a file it begins with a byte order mark (``csv_bytes``)
    jsonl_lines(items)   one record a line, complete in itself: indexing it gives the same export

CSV rules: one datum per cell; money as whole yen, and beside it the state, the printed text and
its unit; no line breaks; text that a spreadsheet would run as a formula, also behind blanks and
what cannot be seen, gets a leading ``'`` (OWASP ASVS 1.2.10)
while the program's own numbers are left as numbers, minus signs included.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import orjson

from indexer.contract import program_to_json
from indexer.model import Document, Money, Program

CSV_ENCODING = "utf-8-sig"
"""UTF-8 with a byte order mark: without it spreadsheets in Japan take the file for CP932."""

_FORMULA_STARTS = "=+-@"
_CONTROL_STARTS = "\t\r\n\0"
_UNSEEN_KINDS = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Mn", "Me"})
_UNSEEN = "\u115f\u1160\u2800\u3164\uffa0"
"""Blanks that Unicode does not count as such."""
_LINE_BREAKS = re.compile(r"(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])+")

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class ExportItem:
    """A programme on its way out."""

    program: Program
    document: Document
    lines: Sequence[str] = ()


def jsonl_lines(items: Iterable[ExportItem]) -> Iterator[str]:
    """One JSON record with its line end per programme, keys as in the contract."""
    for item in items:
        record = program_to_json(item.program, item.document, item.lines)
        yield orjson.dumps(record).decode() + "\n"


def csv_lines(items: Iterable[ExportItem]) -> Iterator[str]:
    """A header line, then one line per programme, each with its line end (CRLF, RFC 4180)."""
    yield _csv_line(tuple(name for name, _ in COLUMNS))
    for item in items:
        yield _csv_line(tuple(_safe(read(item)) for _, read in COLUMNS))


def csv_bytes(items: Iterable[ExportItem]) -> Iterator[bytes]:
    """:func:`csv_lines` as a file: the byte order mark first."""
    yield codecs.BOM_UTF8
    for line in csv_lines(items):
        yield line.encode()


def jsonl_bytes(items: Iterable[ExportItem]) -> Iterator[bytes]:
    """:func:`jsonl_lines` as a file."""
    return (line.encode() for line in jsonl_lines(items))


def json_bytes(items: Iterable[ExportItem]) -> Iterator[bytes]:
    """All records as one JSON list."""
    separator = b"[\n"
    for line in jsonl_lines(items):
        yield separator + line.rstrip("\n").encode()
        separator = b",\n"
    yield b"\n]\n" if separator == b",\n" else b"[]\n"


def _csv_line(cells: Sequence[Cell]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue()


def one_line(text: str) -> str:
    """The text without line breaks: a cell holds one datum, in one line."""
    return _LINE_BREAKS.sub(" ", text)


def _safe(cell: Cell) -> Cell:
    """Text a spreadsheet would run is made plain text; numbers are numbers already."""
    if not isinstance(cell, str) or not cell:
        return cell
    if cell[0].isalnum() and cell[0] not in _UNSEEN:  # most of them
        return one_line(cell)
    return one_line(f"'{cell}" if _may_run(cell) else cell)


def _may_run(text: str) -> bool:
    """Whether a spreadsheet may take the text for a formula: by the first character that it sees,
    whatever its width, since some drop blanks and what cannot be seen before it."""
    for character in text:
        if character in _CONTROL_STARTS:
            return True
        if character not in _UNSEEN and unicodedata.category(character) not in _UNSEEN_KINDS:
            return unicodedata.normalize("NFKC", character)[0] in _FORMULA_STARTS
    return False


def _money_columns(
    name: str, read: Callable[[Program], Money | None]
) -> tuple[tuple[str, Callable[[ExportItem], Cell]], ...]:
    """Four cells for one printed amount: yen, state, the printed text, its unit."""

    def part(attribute: str) -> Callable[[ExportItem], Cell]:
        def cell(item: ExportItem) -> Cell:
            money = read(item.program)
            value: Cell = getattr(money, attribute) if money is not None else None
            return str(value) if attribute == "state" and value is not None else value

        return cell

    return (
        (f"{name}_yen", part("yen")),
        (f"{name}_state", part("state")),
        (f"{name}_raw", part("raw")),
        (f"{name}_unit", part("unit")),
    )


def _forecast(place: int) -> Callable[[Program], Money | None]:
    def read(program: Program) -> Money | None:
        return program.forecasts[place].amount if place < len(program.forecasts) else None

    return read


def _forecast_year(place: int) -> Callable[[ExportItem], Cell]:
    def read(item: ExportItem) -> Cell:
        forecasts = item.program.forecasts
        return forecasts[place].fiscal_year if place < len(forecasts) else None

    return read


def _executed(program: Program) -> Money | None:
    return program.executed.amount if program.executed else None


def _executed_year(item: ExportItem) -> Cell:
    return item.program.executed.fiscal_year if item.program.executed else None


COLUMNS: tuple[tuple[str, Callable[[ExportItem], Cell]], ...] = (
    ("id", lambda item: item.program.id),
    ("title", lambda item: item.program.title),
    ("document_id", lambda item: item.document.id),
    ("document_title", lambda item: item.document.title),
    ("publisher", lambda item: item.document.publisher.name if item.document.publisher else None),
    # The code is text: 011002 (札幌市) must keep its leading zero.
    (
        "publisher_code",
        lambda item: item.document.publisher.code if item.document.publisher else None,
    ),
    ("fiscal_year", lambda item: item.document.fiscal_year),
    ("fiscal_year_label", lambda item: item.document.fiscal_year_label),
    ("account", lambda item: item.program.account),
    ("section_number", lambda item: item.program.section_number),
    ("section", lambda item: item.program.section),
    ("policy_goal_number", lambda item: item.program.policy_goal_number),
    ("policy_goal", lambda item: item.program.policy_goal),
    ("status", lambda item: item.program.status),
    ("status_raw", lambda item: item.program.status_raw),
    ("department", lambda item: item.program.department),
    ("bureau", lambda item: item.program.bureau),
    *_money_columns("amount", lambda program: program.amount),
    *_money_columns("previous_amount", lambda program: program.previous_amount),
    ("change_yen", lambda item: item.program.change_yen),
    ("change_ratio", lambda item: item.program.change_ratio),
    # Two forecast years are what the books print; further ones are in the JSONL.
    ("forecast1_fiscal_year", _forecast_year(0)),
    *_money_columns("forecast1", _forecast(0)),
    ("forecast2_fiscal_year", _forecast_year(1)),
    *_money_columns("forecast2", _forecast(1)),
    # Of several executed years the newest; the others are in the JSONL.
    ("started", lambda item: item.program.started),
    ("ended", lambda item: item.program.ended),
    ("executed_fiscal_year", _executed_year),
    *_money_columns("executed", _executed),
    ("page", lambda item: item.program.page),
    ("role", lambda item: str(item.program.role)),
    ("number", lambda item: item.program.number),
    ("parent_id", lambda item: item.program.parent_id),
    ("group_id", lambda item: item.program.group_id),
    # Whether a sum over this column of rows may take the row in (再掲, うち and groups may not;
    # of a parent and its children take one level only).
    ("is_summed", lambda item: int(item.program.is_summed)),
    ("inherited", lambda item: " ".join(item.program.inherited) or None),
    ("flags", lambda item: " ".join(item.program.flags) or None),
    # No line breaks inside a cell (総務省「機械判読可能なデータの表記方法の統一ルール」).
    ("description", lambda item: " ".join(p.text for p in item.program.description) or None),
    ("path", lambda item: item.document.path),
    ("first_line", lambda item: item.program.first_line),
    ("last_line", lambda item: item.program.last_line),
    ("source_url", lambda item: item.document.source_url),
    ("licence", lambda item: item.document.licence),
)
"""The columns of the CSV, in order, and how each cell is read."""
