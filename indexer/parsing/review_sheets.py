"""Which programmes do the national review sheets of one ministry and year describe?

行政事業レビューシート: one sheet per programme of the state, published each year (公開年度 Y) with
the budgets of the years before, the initial budget of Y and the request for Y+1. Amounts are
million yen as JSON numbers (``63.68``). The sheets are records without print: there are no lines,
and what stands as printed (``raw``) is the number of the sheet with its unit.

Years are read by Y: the initial budget (当初予算) of Y is the amount, that of Y−1 the previous one.
The request (要求額) of Y+1 is kept among the forecasts under its own name; it is no forecast and
no budget.

Supplements, carry-overs and executed sums (補正予算, 繰越し, 執行額) have no place in the model and
are not taken over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from indexer.eras import fiscal_year_label
from indexer.model import (
    NOT_PRINTED,
    Document,
    Forecast,
    Money,
    MoneyState,
    Paragraph,
    ParsedDocument,
    Program,
    Publisher,
)
from indexer.parsing.identity import IdentityKey, document_id, program_ids
from indexer.parsing.structured import apply_manifest
from indexer.sources.document import SourceDocument

KIND = "行政事業レビューシート"
LICENCE = "CC BY 4.0"
UNIT = "百万円"
_YEN_PER_UNIT = 1_000_000
_INITIAL, _REQUEST = "当初予算", "要求額"

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
    return ParsedDocument(document=document, programs=programs, problems=problems)


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
        amount_unit=UNIT,
        forecast_unit=UNIT,
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
    is_new = bool(_NEW_NUMBER.search(sheet["事業番号"]))
    return Program(
        id=identifier,
        document_id=document,
        title=_join_lines(sheet["事業名"]),
        number=sheet["事業番号"],
        account="、".join(sheet.get("会計区分") or ()) or None,
        section=sheet["府省庁"],
        policy_goal="、".join(sheet.get("主要施策") or ()) or None,
        status="新規" if is_new else None,
        status_raw="新" if is_new else None,
        department=_department(sheet),
        amount=_budget(sheet, year, _INITIAL),
        previous_amount=_budget(sheet, year - 1, _INITIAL),
        forecasts=tuple(_request(sheet, year + 1)),
        description=tuple(_paragraphs(sheet)),
    )


def _department(sheet: _Sheet) -> str | None:
    """``大臣官房 総務課``; several divisions stand one under another and become a list.

    A line that begins with a bracket belongs to the one above:
    ``政策統括官⏎（科学技術・イノベーション担当）``.
    """
    parts = (sheet.get("担当部局庁"), sheet.get("担当課室"))
    names = [_join_lines(_BREAK_IN_LIST.sub("、", part.strip())) for part in parts if part]
    return " ".join(name for name in names if name) or None


def _request(sheet: _Sheet, year: int) -> Iterable[Forecast]:
    """The request for the coming year, named as one. A sheet without the row has none."""
    amount = _budget(sheet, year, _REQUEST)
    if amount is not NOT_PRINTED:
        yield Forecast(year, f"{fiscal_year_label(year)}{_REQUEST}", amount)


def _budget(sheet: _Sheet, year: int, column: str) -> Money:
    rows = (row for row in sheet["予算"] if row["年度"] == year)
    value = next((row.get(column) for row in rows), None)
    if value is None:
        return NOT_PRINTED
    printed = Decimal(str(value))
    raw = f"{printed:f}{UNIT}"
    if printed == 0:
        state = _state_of_zero(sheet, year)
        return Money(0 if state is MoneyState.ZERO else None, state, raw, UNIT)
    yen = int((printed * _YEN_PER_UNIT).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))
    if yen == 0:
        return Money(None, MoneyState.BELOW_UNIT, raw, UNIT)
    return Money(yen, MoneyState.VALUE, raw, UNIT)


def _state_of_zero(sheet: _Sheet, year: int) -> MoneyState:
    """What a 0.0 says: the sheets write it for a budget of nothing and for no budget at all.

    Before the programme began there was none; after it ended it is completed; a new programme had
    none before its sheet. Otherwise the sheet says 0 and means it (a programme that lives on a
    supplement, or on what was carried over).
    """
    begins, ends = sheet.get("開始年度"), sheet.get("終了年度")
    if begins is not None and year < begins:
        return MoneyState.NONE
    if ends is not None and year > ends:
        return MoneyState.COMPLETED
    if year < sheet["公開年度"] and _NEW_NUMBER.search(sheet["事業番号"]):
        return MoneyState.NONE
    return MoneyState.ZERO


def _paragraphs(sheet: _Sheet) -> Iterable[Paragraph]:
    """事業目的, then 事業概要, line by line: the breaks are the ministry's. No line numbers."""
    for key in ("事業目的", "事業概要"):
        for line in re.split(r"\r\n|\n|\r", sheet.get(key) or ""):
            if line.strip():
                yield Paragraph(line.strip(), 0, 0)


def _join_lines(text: str) -> str:
    """A name without its line breaks. Japanese needs nothing between, Latin words a space."""
    joined = re.sub(r"(?<=[!-~])\s*[\r\n]+\s*(?=[!-~])", " ", text.strip())
    return _LINE_BREAKS.sub("", joined)
