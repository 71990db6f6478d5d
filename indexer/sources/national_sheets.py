"""Which sheets do the tables of one year make up, and how does each stand as lines?

Every sheet is joined by 予算事業ID and printed as rows, one definition with those of workbooks
(:mod:`indexer.sources.row_text`): what pages show and answers quote. One document per ministry
(政策所管府省庁) and year. Money is yen. Payees, and the person who made a sheet (作成責任者), are
not taken.
"""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Any

import orjson

from indexer.eras import parse_fiscal_year
from indexer.regular_files import open_regular, state_of
from indexer.settings import FILE_BYTES_MAXIMUM
from indexer.sources import refusals
from indexer.sources.document import SourceDocument, SourceFile, UnchangedDocument
from indexer.sources.encoding import NotTextError, decode
from indexer.sources.national_tables import KEY, TITLE, YEAR, Part, Table, open_table
from indexer.sources.row_text import cell_text, row_line

UNIT = "円"
MINISTRY, OWN_MINISTRY = "政策所管府省庁", "府省庁"
_MINISTRY_IN_ORGANISATION = "所管府省庁"
_DIVISIONS = ("局・庁", "部", "課", "室", "班", "係")
_TEXTS = ("事業の目的", "現状・課題", "事業の概要")
_STARTED, _ENDED, _NO_END = "事業開始年度", "事業終了（予定）年度", "終了予定なし"
_BUDGET_YEAR, _INITIAL = "予算年度", "当初予算（合計）"
_FIGURES = {
    _INITIAL: "当初予算",
    "補正予算（合計）": "補正予算",
    "前年度からの繰越し（合計）": "前年度から繰越し",
    "計（歳出予算現額合計）": "予算計",
    "執行額（合計）": "執行額",
    "翌年度要求額（合計）": "翌年度要求額",
}
"""Column → key of the record, as the sheets before 2024 name it."""

Row = Mapping[str, str]


@dataclass(slots=True)
class _Sheet:
    """One sheet while its tables are gone through."""

    key: str
    year: int
    row: Row
    """Its row in the first table that has it: names and divisions."""
    outline: Row | None = None
    policies: dict[str, None] = field(default_factory=dict)
    accounts: dict[str, None] = field(default_factory=dict)
    budgets: dict[int, dict[str, int | None]] = field(default_factory=dict)


def read_national_sheets(
    file: SourceFile, parts: Sequence[Part], known: Mapping[str, str]
) -> Iterator[SourceDocument | UnchangedDocument]:
    """One document per ministry and year, of those that are ``known`` the key alone.

    Raises :class:`SourceError` for a table that is broken or lacks a column, before any document.
    """
    used = [part for part in parts if part.table is not Table.OTHER]
    if not used:
        raise refusals.refuse(
            file,
            "は行政事業レビューシートの支出先などの表だけなので、"
            "基本情報（1-1、1-2）と予算・執行（2-1）のファイルを同じフォルダに置いてください。",
        )
    sheets: dict[tuple[str, int], _Sheet] = {}
    for part in sorted(used, key=lambda part: list(Table).index(part.table)):
        _Reader(part, sheets).read()
    groups: dict[tuple[int, str], list[_Sheet]] = {}
    for sheet in sorted(sheets.values(), key=lambda sheet: (sheet.year, sheet.key)):
        groups.setdefault((sheet.year, _ministry(sheet.row)), []).append(sheet)
    prefix = (file.manifest.id if file.manifest else None) or "review-sheets"
    for (year, ministry), members in groups.items():
        yield _document(file, f"{prefix}-{year}-{ministry}", ministry, members, known)


def _document(
    file: SourceFile,
    key: str,
    ministry: str,
    sheets: Sequence[_Sheet],
    known: Mapping[str, str],
) -> SourceDocument | UnchangedDocument:
    lines: list[str] = []
    records = tuple(_record(sheet, ministry, lines) for sheet in sheets)
    digest = hashlib.sha256(orjson.dumps([records, lines])).hexdigest()
    entry = asdict(file.manifest) if file.manifest else None
    facts = orjson.dumps([digest, file.shown_path, key, entry])
    fingerprint = hashlib.sha256(facts).hexdigest()
    if known.get(key) == fingerprint:
        return UnchangedDocument(key)
    return SourceDocument(
        path=file.shown_path,
        format="review_sheets",
        fingerprint=fingerprint,
        sha256=digest,
        encoding="utf-8",
        document_key=key,
        manifest=file.manifest,
        lines=tuple(lines),
        records=records,
        record_lines=tuple(record["行"]["最初"] for record in records),
    )


def _record(sheet: _Sheet, ministry: str, lines: list[str]) -> dict[str, Any]:
    """The sheet as those before 2024 are written, in yen; its lines go behind ``lines``."""
    row, outline = sheet.row, sheet.outline or {}
    divisions = [cell for name in (OWN_MINISTRY, *_DIVISIONS) if (cell := _cell(row, name))]
    places = _print(sheet, ministry, divisions, lines)
    budgets = [
        {"年度": year, **{key: figures[key] for key in figures if key != "翌年度要求額"}}
        for year, figures in sorted(sheet.budgets.items())
    ]
    request = _request(sheet)
    if request is not None:
        budgets = [row for row in budgets if row["年度"] != sheet.year + 1]
        budgets.append({"年度": sheet.year + 1, "要求額": request})
    return {
        "公開年度": sheet.year,
        "事業番号": sheet.key,
        "事業名": cell_text(_cell(row, TITLE)),
        "府省庁": ministry,
        "担当部局庁": _cell(row, _DIVISIONS[0]) or None,
        "担当": " ".join(divisions) or None,
        "開始年度": _year(_cell(outline, _STARTED)),
        "終了年度": _year(_cell(outline, _ENDED)),
        "会計区分": list(sheet.accounts),
        "主要施策": list(sheet.policies),
        "本文": {name: cell_text(_cell(outline, name)) for name in _TEXTS if _cell(outline, name)},
        "予算": budgets,
        "単位": UNIT,
        "行": places,
    }


def _request(sheet: _Sheet) -> int | None:
    """Asked for the coming year: in the row of the sheet's year, or in one of its own."""
    for year in (sheet.year, sheet.year + 1):
        amount = sheet.budgets.get(year, {}).get("翌年度要求額")
        if amount is not None:
            return amount
    return None


def _print(
    sheet: _Sheet, ministry: str, divisions: Sequence[str], lines: list[str]
) -> dict[str, int]:
    """The rows of the sheet, and on which line each stands."""
    outline = sheet.outline or {}
    places = {"最初": len(lines) + 1}

    def put(name: str, *cells: str) -> None:
        if any(cells):
            lines.append(row_line(cells))
            places[name] = len(lines)

    put("事業番号", KEY, sheet.key)
    put("事業名", TITLE, _cell(sheet.row, TITLE))
    put("府省庁", MINISTRY, ministry)
    put("担当", "担当", " ".join(divisions)) if divisions else None
    if outline:
        end = _cell(outline, _ENDED) or (_NO_END if _cell(outline, _NO_END) else "")
        put("期間", _STARTED, _cell(outline, _STARTED), _ENDED, end)
    for name, values in (("会計区分", sheet.accounts), ("主要施策", sheet.policies)):
        if values:
            put(name, name, *values)
    for name in _TEXTS:
        if text := _cell(outline, name):
            put(name, name, text)
    if sheet.budgets:
        put("見出し", _BUDGET_YEAR, *_FIGURES)
    for year, figures in sorted(sheet.budgets.items()):
        shown = ("" if figures[k] is None else f"{figures[k]:,}{UNIT}" for k in _FIGURES.values())
        put(str(year), str(year), *shown)
    places["最後"] = len(lines)
    lines.append("")
    return places


class _Reader:
    """Goes through one table and adds what it says to the sheets."""

    def __init__(self, part: Part, sheets: dict[tuple[str, int], _Sheet]) -> None:
        self._part = part
        name = f"{part.file.shown_path}#{part.member}" if part.member else part.file.shown_path
        self._file = replace(part.file, shown_path=name)
        self._sheets = sheets

    def read(self) -> None:
        add = {
            Table.OUTLINE: self._add_outline,
            Table.POLICY: self._add_policy,
            Table.BUDGET: self._add_budget,
        }.get(self._part.table)
        for line, row in self._rows():
            sheet = self._sheet(line, row)
            if add is not None:
                add(line, row, sheet)

    def _sheet(self, line: int, row: Row) -> _Sheet:
        key, title, year = _cell(row, KEY), _cell(row, TITLE), _year(_cell(row, YEAR))
        if not key or not title or year is None:
            raise self._refuse(
                f"は{KEY}・{TITLE}・{YEAR}のどれかが空か読めないので、もう一度入手してください。",
                line,
            )
        if not _ministry(row):
            raise self._refuse(f"は{MINISTRY}が空なので、もう一度入手してください。", line)
        return self._sheets.setdefault((key, year), _Sheet(key, year, row))

    def _add_outline(self, _: int, row: Row, sheet: _Sheet) -> None:
        sheet.outline = sheet.outline or row  # several rows differ in 主要経費 only

    def _add_policy(self, _: int, row: Row, sheet: _Sheet) -> None:
        if name := cell_text(_cell(row, "施策") or _cell(row, "政策")):
            sheet.policies[name] = None

    def _add_budget(self, line: int, row: Row, sheet: _Sheet) -> None:
        """A row with 当初予算（合計） has the totals of a year; others repeat them by account."""
        account = "　".join(filter(None, (_cell(row, "会計区分"), _cell(row, "会計"))))
        if account:
            sheet.accounts[cell_text(account)] = None
        if not _cell(row, _INITIAL):
            return
        year = _year(_cell(row, _BUDGET_YEAR))
        if year is None:
            raise self._refuse(f"の{_BUDGET_YEAR}が年度として読めないので、直してください。", line)
        figures = {key: self._amount(line, row, name) for name, key in _FIGURES.items()}
        if sheet.budgets.setdefault(year, figures) != figures:
            raise self._refuse(
                f"の{sheet.key}には{year}年度の合計の行が前にもあり額が違うので、"
                "どちらかの行を除いてください。",
                line,
            )

    def _amount(self, line: int, row: Row, name: str) -> int | None:
        """Whole yen; figures may read ``50617000.0``."""
        text = _cell(row, name).replace(",", "")
        if not text:
            return None
        try:
            value = Decimal(text)
            if value == value.to_integral_value() and abs(value) < 2**53:
                return int(value)
        except (InvalidOperation, ValueError):
            pass
        raise self._refuse(
            f"の{name}「{text[:20]}」は円の整数ではないので、もう一度入手してください。", line
        )

    def _rows(self) -> Iterator[tuple[int, Row]]:
        reader = csv.reader(io.StringIO(self._text(), newline=""), strict=True)
        try:
            header = [cell.strip() for cell in next(reader, [])]
            line = reader.line_num + 1
            for cells in reader:
                if any(cells):
                    self._require_cells(line, cells, header)
                    yield line, dict(zip(header, cells, strict=False))
                line = reader.line_num + 1
        except csv.Error as error:
            raise self._refuse(
                "からCSVとして読めないので、もう一度入手してください。", reader.line_num
            ) from error

    def _require_cells(self, line: int, cells: Sequence[str], header: Sequence[str]) -> None:
        """A row with a cell too many or too few has its figures under the wrong headers."""
        if len(cells) < len(header) or any(cells[len(header) :]):
            raise self._refuse("の列の数が見出しと違うので、もう一度入手してください。", line)

    def _text(self) -> str:
        try:
            data = self._bytes()
        except OSError as error:
            raise refusals.cannot_open(self._file, error) from error
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise self._refuse("は圧縮が壊れているので、もう一度入手してください。") from error
        except RuntimeError as error:
            raise self._refuse(
                "はパスワードで保護されているので、展開してから置いてください。"
            ) from error
        if len(data) > FILE_BYTES_MAXIMUM:
            raise refusals.unpacks_too_big(self._file, FILE_BYTES_MAXIMUM)
        try:
            return decode(data)[0]
        except NotTextError as error:
            raise refusals.not_text(self._file, error.line) from error

    def _bytes(self) -> bytes:
        """Never more than the bound and one byte."""
        with open_regular(self._file.path) as file:
            before = state_of(file)
            if before[0] > FILE_BYTES_MAXIMUM:
                raise refusals.too_big(self._file, FILE_BYTES_MAXIMUM)
            try:
                data = self._unpacked()
            finally:
                if state_of(file) != before:  # what went wrong comes from that
                    raise refusals.rewritten(self._file)
        return data

    def _unpacked(self) -> bytes:
        path, limit = self._file.path, FILE_BYTES_MAXIMUM + 1
        if self._part.member is not None:
            with (
                open_regular(path) as file,
                zipfile.ZipFile(file) as archive,
                archive.open(self._part.member) as member,
            ):
                return member.read(limit)
        with open_table(path) as stream:
            return stream.read(limit)

    def _refuse(self, message: str, line: int | None = None) -> Exception:
        return refusals.refuse(self._file, message, line)


def _cell(row: Row, name: str) -> str:
    return (row.get(name) or "").strip()


def _ministry(row: Row) -> str:
    """The ministry whose policy it is; 1-1 names the column otherwise."""
    names = (MINISTRY, _MINISTRY_IN_ORGANISATION, OWN_MINISTRY)
    return next((cell for name in names if (cell := _cell(row, name))), "")


def _year(text: str) -> int | None:
    return parse_fiscal_year(text.removesuffix(".0")) if text else None
