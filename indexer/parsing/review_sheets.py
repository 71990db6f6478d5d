"""Which programmes do the national review sheets of one ministry and year describe?

行政事業レビューシート: one sheet per programme of the state, published each year (公開年度 Y) with
the budgets of the years before, the initial budget of Y and the request for Y+1. Amounts are
million yen as JSON numbers (``63.68``). These sheets are records without print: there are no lines,
and what stands as printed (``raw``) is the number of the sheet with its unit.

Years are read by Y: the initial budget (当初予算) of Y is the amount, that of Y−1 the previous one.
The request (要求額) of Y+1 is kept among the forecasts under its own name; it is no forecast and
no budget. Executed amounts (執行額) stand for the years before Y only, Y−3 to Y−1 in all sheets
known; each is kept with the year it belongs to.

The sheets from 2024 on come from tables (:mod:`indexer.sources.national_sheets`): yen, and printed
as rows, so that every figure has its line.

Supplements and carry-overs (補正予算, 繰越し) have no place in the model and are not taken over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from indexer.eras import fiscal_year_label
from indexer.model import (
    NOT_PRINTED,
    Document,
    Execution,
    Forecast,
    LineClaim,
    LineRole,
    Money,
    MoneyState,
    Paragraph,
    ParsedDocument,
    Problem,
    Program,
    Publisher,
    Severity,
    SourceLine,
)
from indexer.parsing.amounts import unit_yen
from indexer.parsing.characters import BREAK
from indexer.parsing.identity import IdentityKey, document_id, program_ids
from indexer.parsing.sheet_years import Life, read_life
from indexer.parsing.structured import apply_manifest
from indexer.sources.document import SourceDocument

KIND = "行政事業レビューシート"
LICENCE = "CC BY 4.0"
UNIT = "百万円"
_INITIAL, _REQUEST, _EXECUTED, _AVAILABLE = "当初予算", "要求額", "執行額", "予算計"
_SHEETS_NAMED = 5
"""Sheets that a problem of many names."""

# 新27-0001, 2021-厚労-新21-0001: a part of the number that begins with 新 and a year. Not a number
# that only holds the character elsewhere.
_NEW_NUMBER = re.compile(r"(?:^|[-－])新[0-9]")
_LINE_BREAKS = re.compile(r"\s*[\r\n]+\s*")
_BREAK_IN_LIST = re.compile(r"\s*[\r\n]+\s*(?![（(]|$)")

_Sheet = Mapping[str, Any]


def parse_review_sheets(source: SourceDocument) -> ParsedDocument:
    """All sheets of one 府省庁 and 公開年度, in the order of the file.

    ``source.records`` have been checked by the sources stage, so nothing is raised.
    """
    first = source.records[0]
    document, problems = apply_manifest(_document(source, first), source.manifest)
    ids = program_ids([_identity(sheet) for sheet in source.records])
    programs = tuple(
        _program(sheet, identifier, document.id)
        for sheet, identifier in zip(source.records, ids, strict=True)
    )
    doubts = (
        *_unclear_years(source, document),
        *_unlikely_executions(source, document),
        *_tables_missing(source, document),
    )
    return ParsedDocument(
        document=document,
        programs=programs,
        lines=source.lines,
        claims=tuple(_claims(source, programs)),
        problems=(*problems, *doubts),
    )


def _document(source: SourceDocument, sheet: _Sheet) -> Document:
    year = sheet["公開年度"]
    label = fiscal_year_label(year)
    return Document(
        id=document_id(source.document_key),
        title=f"{label} {KIND}（{sheet['府省庁']}）",
        path=source.path,
        publisher=Publisher(sheet["府省庁"]),
        fiscal_year=year,
        fiscal_year_label=label,
        amount_unit=_unit(sheet),
        forecast_unit=_unit(sheet),
        kind=KIND,
        licence=LICENCE,
        sha256=source.sha256,
        encoding=source.encoding,
    )


def _identity(sheet: _Sheet) -> IdentityKey:
    """The sheet number is what tells a ministry's programmes apart; titles repeat."""
    return IdentityKey(
        publisher=sheet["府省庁"],
        fiscal_year=sheet["公開年度"],
        account=None,
        section=None,
        title_path=(sheet["事業番号"], sheet["事業名"]),
    )


def _program(sheet: _Sheet, identifier: str, document: str) -> Program:
    year = sheet["公開年度"]
    life = _life(sheet)
    is_new = _is_new(sheet, life)
    lines: Mapping[str, int] = sheet.get("行") or {}
    return Program(
        id=identifier,
        document_id=document,
        title=_join_lines(sheet["事業名"]),
        number=sheet["事業番号"],
        account="、".join(sheet.get("会計区分") or ()) or None,
        section=sheet["府省庁"],
        policy_goal="、".join(sheet.get("主要施策") or ()) or None,
        status="新規" if is_new else None,
        status_raw=_new_mark(sheet) if is_new else None,
        department=_department(sheet),
        bureau=_name(sheet.get("担当部局庁")),
        amount=_budget(sheet, year, _INITIAL),
        previous_amount=_budget(sheet, year - 1, _INITIAL),
        forecasts=tuple(_request(sheet, year + 1)),
        started=life.started,
        ended=life.ended,
        executions=tuple(_executions(sheet)),
        description=tuple(_paragraphs(sheet)),
        first_line=lines.get("最初"),
        last_line=lines.get("最後"),
        evidence=tuple(_evidence(sheet, is_new)),
    )


def _unit(sheet: _Sheet) -> str:
    """Yen in the tables from 2024 on, million yen before."""
    return str(sheet.get("単位", UNIT))


def _is_new(sheet: _Sheet, life: Life) -> bool:
    """By its number up to 2023; the tables print the year in which it begins."""
    if "単位" in sheet:
        return life.started is not None and life.started == int(sheet["公開年度"])
    return bool(_NEW_NUMBER.search(sheet["事業番号"]))


def _new_mark(sheet: _Sheet) -> str:
    return f"事業開始年度 {sheet['開始年度']}" if "単位" in sheet else "新"


def _evidence(sheet: _Sheet, is_new: bool) -> Iterable[SourceLine]:
    """Of a sheet printed as rows: the row of every field."""
    lines: Mapping[str, int] = sheet.get("行") or {}
    year = sheet["公開年度"]
    fields = [
        ("title", "事業名"), ("number", "事業番号"), ("section", "府省庁"), ("department", "担当"),
        ("bureau", "担当"), ("account", "会計区分"), ("policy_goal", "主要施策"),
        ("amount", str(year)), ("previous_amount", str(year - 1)),
        ("forecasts", _request_row(sheet)), ("started", "期間"), ("ended", "期間"),
        *[("status", "期間") for _ in range(is_new)],
        *[("executions", str(row["年度"])) for row in sheet["予算"] if row.get(_EXECUTED)],
        *[("description", name) for name in sheet.get("本文") or ()],
    ]  # fmt: skip
    for field, name in fields:
        if name in lines:
            yield SourceLine(field, lines[name])


def _request_row(sheet: _Sheet) -> str:
    """The request stands in the row of the sheet's own year (翌年度要求額)."""
    return str(sheet["公開年度"])


def _claims(source: SourceDocument, programs: Sequence[Program]) -> Iterable[LineClaim]:
    """Of sheets printed as rows: whose line each is, and which are text."""
    owners = [(p, {s.line for s in p.evidence if s.field == "description"}) for p in programs]
    roles: dict[int, LineClaim] = {}
    for program, body in owners:
        if program.first_line is None or program.last_line is None:
            continue
        for number in range(program.first_line, program.last_line + 1):
            role = LineRole.BODY if number in body else LineRole.STRUCTURE
            roles[number] = LineClaim(number, role, program.id)
    for number in range(1, len(source.lines) + 1):
        yield roles.get(number, LineClaim(number, LineRole.BLANK))


def _department(sheet: _Sheet) -> str | None:
    """``大臣官房 総務課``; several divisions stand one under another and become a list.

    A line that begins with a bracket belongs to the one above:
    ``政策統括官⏎（科学技術・イノベーション担当）``.
    """
    if sheet.get("担当"):
        return str(sheet["担当"])
    names = (_name(sheet.get("担当部局庁")), _name(sheet.get("担当課室")))
    return " ".join(name for name in names if name) or None


def _name(cell: str | None) -> str | None:
    return _join_lines(_BREAK_IN_LIST.sub("、", cell.strip())) or None if cell else None


def _request(sheet: _Sheet, year: int) -> Iterable[Forecast]:
    """The request for the coming year, named as one. A sheet without the row has none."""
    amount = _budget(sheet, year, _REQUEST)
    if amount is not NOT_PRINTED:
        yield Forecast(year, f"{fiscal_year_label(year)}{_REQUEST}", amount)


def _executions(sheet: _Sheet) -> Iterable[Execution]:
    """Of every year that prints one, the newest first."""
    for year in sorted((row["年度"] for row in sheet["予算"]), reverse=True):
        amount = _budget(sheet, year, _EXECUTED)
        if amount is not NOT_PRINTED:
            yield Execution(year, _nothing_spent(amount) if _could_spend(sheet, year) else amount)


def _could_spend(sheet: _Sheet, year: int) -> bool:
    return any(row["年度"] == year and row.get(_AVAILABLE) for row in sheet["予算"])


def _nothing_spent(amount: Money) -> Money:
    """A 0 of a year with money to spend is a figure, also outside the printed life: fourteen rows
    have 予算計 before 開始年度 or after 終了年度, and 執行額 0.0."""
    if amount.state in (MoneyState.NONE, MoneyState.COMPLETED):
        return replace(amount, yen=0, state=MoneyState.ZERO)
    return amount


def _budget(sheet: _Sheet, year: int, column: str) -> Money:
    rows = (row for row in sheet["予算"] if row["年度"] == year)
    value = next((row.get(column) for row in rows), None)
    if value is None:
        return NOT_PRINTED
    unit = _unit(sheet)
    row = _request_row(sheet) if column == _REQUEST else str(year)
    line = (sheet.get("行") or {}).get(row)
    printed = Decimal(str(value))
    raw = f"{printed:,f}{unit}" if "単位" in sheet else f"{printed:f}{unit}"
    if printed == 0:
        state = _state_of_zero(sheet, year)
        return Money(0 if state is MoneyState.ZERO else None, state, raw, unit, line)
    yen = int((printed * unit_yen(unit)).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))
    if yen == 0:
        return Money(None, MoneyState.BELOW_UNIT, raw, unit, line)
    return Money(yen, MoneyState.VALUE, raw, unit, line)


def _state_of_zero(sheet: _Sheet, year: int) -> MoneyState:
    """As :meth:`Life.state_of_zero`; and what is new by its number had nothing before its sheet."""
    state = _life(sheet).state_of_zero(year)
    if state is not MoneyState.ZERO:
        return state
    if year < sheet["公開年度"] and _NEW_NUMBER.search(sheet["事業番号"]):
        return MoneyState.NONE
    return MoneyState.ZERO


def _life(sheet: _Sheet) -> Life:
    return read_life(sheet.get("開始年度"), sheet.get("終了年度"), sheet["公開年度"])[0]


def _unclear_years(source: SourceDocument, document: Document) -> Iterable[Problem]:
    """開始年度 2 (a slip for 平成2年度?) and 2309 stand in sheets of the state."""
    for sheet, line in zip(source.records, source.record_lines, strict=True):
        years = (sheet.get("開始年度"), sheet.get("終了年度"), sheet["公開年度"])
        for fault in read_life(*years)[1]:
            message = f"事業番号「{sheet['事業番号']}」の{fault}ので、年度を空けています。"
            yield _problem(document, line, "sheet_year_unclear", message, Severity.WARNING)


def _unlikely_executions(source: SourceDocument, document: Document) -> Iterable[Problem]:
    """Executed amounts that the sheet's own 予算計 makes doubtful. They are kept as printed."""
    over, nothing = [], []
    for sheet, line in zip(source.records, source.record_lines, strict=True):
        for row in sheet["予算"]:
            executed, available = row.get(_EXECUTED), row.get(_AVAILABLE)
            if executed is None or available is None:
                continue
            place = (line, f"{sheet['事業番号']}（{row['年度']}年度）")
            if executed > available:
                over.append(place)
            elif executed == 0 and available > 0:
                nothing.append(place)
    if over:
        message = f"執行額が予算計を上回るものが{_named(over)}。印刷されたとおりにしてあります。"
        yield _problem(document, over[0][0], "executed_over_budget", message, Severity.WARNING)
    if nothing:
        message = (
            f"予算計があって執行額が0のものが{_named(nothing)}。使わなかったのか書かれて"
            "いないのかはシートから分からないので、印刷されたとおり0としてあります。"
        )
        yield _problem(document, nothing[0][0], "executed_nothing", message, Severity.NOTE)


def _tables_missing(source: SourceDocument, document: Document) -> Iterable[Problem]:
    """Without the table of budgets, or of outlines, the sheets say half of what they could."""
    if not source.lines:
        return
    for key, table in (("予算", "予算・執行（2-1）"), ("本文", "事業概要等（1-2）")):
        if not any(sheet[key] for sheet in source.records):
            message = (
                f"{table}のファイルがないので、その項目は空です。同じフォルダに置いてください。"
            )
            yield _problem(document, 1, "sheet_table_missing", message, Severity.WARNING)


def _named(places: Sequence[tuple[int, str]]) -> str:
    first = "、".join(name for _, name in places[:_SHEETS_NAMED])
    more = "など" if len(places) > _SHEETS_NAMED else ""
    return f"{len(places):,}件あります（{first}{more}）"


def _problem(document: Document, line: int, kind: str, message: str, severity: Severity) -> Problem:
    return Problem(document.path, line, kind, message, severity, document.id)


def _paragraphs(sheet: _Sheet) -> Iterable[Paragraph]:
    """事業目的, then 事業概要, line by line: the breaks are the ministry's. Records without print
    have no line numbers."""
    for name, text in (sheet.get("本文") or {}).items():
        line = sheet["行"][name]
        for part in BREAK.split(text):
            if part.strip():
                yield Paragraph(part.strip(), line, line)
    for key in ("事業目的", "事業概要"):
        for line in re.split(r"\r\n|\n|\r", sheet.get(key) or ""):
            if line.strip():
                yield Paragraph(line.strip(), 0, 0)


def _join_lines(text: str) -> str:
    """A name without its line breaks. Japanese needs nothing between, Latin words a space."""
    joined = re.sub(r"(?<=[!-~])\s*[\r\n]+\s*(?=[!-~])", " ", text.strip())
    return _LINE_BREAKS.sub("", joined)
