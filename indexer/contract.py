"""Which JSON do programmes have for the outside? The one place that spells the contract's keys.

``program_to_json`` and ``program_from_json`` are inverse to each other, so that
export → index → export is identical. Used by the CLI, the API, the export and the JSONL source.
Money is whole yen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from indexer.model import (
    NOT_PRINTED,
    Box,
    Classification,
    ContentsEntry,
    Document,
    Execution,
    Forecast,
    Funding,
    Heading,
    Level,
    Money,
    MoneyState,
    Paragraph,
    Place,
    Program,
    Publisher,
    Role,
    Setsu,
    SourceLine,
)

JsonObject = dict[str, Any]

_LEVELS = ("kan", "ko", "moku")
_FUNDS = ("national_prefectural", "bonds", "other", "general")


def money_to_json(money: Money) -> JsonObject:
    """``{"yen": 40500000, "state": "value", "raw": "40,500千円", "unit": "千円", "line": 40}``."""
    return {
        "yen": money.yen,
        "state": str(money.state),
        "raw": money.raw,
        "unit": money.unit,
        "line": money.line,
    }


def money_from_json(value: Mapping[str, Any]) -> Money:
    """Inverse of :func:`money_to_json`. Raises ``KeyError``/``ValueError`` for a wrong shape."""
    money = Money(
        yen=value["yen"],
        state=MoneyState(value["state"]),
        raw=value["raw"],
        unit=value.get("unit"),
        line=value.get("line"),
    )
    has_number = money.state in (MoneyState.VALUE, MoneyState.ZERO)
    if has_number != isinstance(money.yen, int) or isinstance(money.yen, bool):
        raise ValueError(f"yen {money.yen!r} does not go with state {money.state}")
    return money


def document_to_json(document: Document) -> JsonObject:
    """Every fact about a document; ``inferred`` names those no manifest states."""
    return {
        "id": document.id,
        "title": document.title,
        "publisher": document.publisher.name if document.publisher else None,
        "publisher_code": document.publisher.code if document.publisher else None,
        "fiscal_year": document.fiscal_year,
        "fiscal_year_label": document.fiscal_year_label,
        "account": document.account,
        "amount_unit": document.amount_unit,
        "forecast_unit": document.forecast_unit,
        "kind": document.kind,
        "licence": document.licence,
        "source_url": document.source_url,
        "path": document.path,
        "sha256": document.sha256,
        "encoding": document.encoding,
        "inferred": list(document.inferred),
        "sections": [_heading_to_json(heading) for heading in document.sections],
        "goals": [_heading_to_json(heading) for heading in document.goals],
        "url": f"/documents/{document.id}",
    }


def document_from_json(value: Mapping[str, Any]) -> Document:
    """Inverse of :func:`document_to_json`; only ``id`` and ``title`` must be there."""
    name = value.get("publisher")
    return Document(
        id=value["id"],
        title=value["title"],
        path=value.get("path") or "",
        publisher=Publisher(name, value.get("publisher_code")) if name else None,
        fiscal_year=value.get("fiscal_year"),
        fiscal_year_label=value.get("fiscal_year_label"),
        account=value.get("account"),
        amount_unit=value.get("amount_unit"),
        forecast_unit=value.get("forecast_unit"),
        kind=value.get("kind"),
        licence=value.get("licence"),
        source_url=value.get("source_url"),
        sha256=value.get("sha256") or "",
        encoding=value.get("encoding") or "utf-8",
        inferred=tuple(value.get("inferred") or ()),
        sections=tuple(_heading_from_json(item) for item in value.get("sections") or ()),
        goals=tuple(_heading_from_json(item) for item in value.get("goals") or ()),
    )


def program_to_json(
    program: Program, document: Document, lines: Sequence[str] | None = None
) -> JsonObject:
    """One programme as the contract has it.

    With ``lines`` (the document's printed lines) the record also carries ``printed``: line number
    → text of the lines the programme stands on, which makes an export complete in itself.
    """
    record: JsonObject = {
        "id": program.id,
        "title": program.title,
        "document": document_to_json(document),
        "account": program.account,
        "section": program.section,
        "section_number": program.section_number,
        "policy_goal": program.policy_goal,
        "policy_goal_number": program.policy_goal_number,
        "status": program.status,
        "status_raw": program.status_raw,
        "department": program.department,
        "bureau": program.bureau,
        "amount": money_to_json(program.amount),
        "previous_amount": money_to_json(program.previous_amount),
        "printed_change": money_to_json(program.printed_change) if program.printed_change else None,
        "change_yen": program.change_yen,
        "change_ratio": program.change_ratio,
        "forecasts": [
            {
                "fiscal_year": forecast.fiscal_year,
                "label": forecast.label,
                "amount": money_to_json(forecast.amount),
            }
            for forecast in program.forecasts
        ],
        "started": program.started,
        "ended": program.ended,
        "executed": money_to_json(program.executed.amount) if program.executed else None,
        "executed_fiscal_year": program.executed.fiscal_year if program.executed else None,
        "executions": [
            {"fiscal_year": item.fiscal_year, "amount": money_to_json(item.amount)}
            for item in program.executions
        ],
        "classification": _classification_to_json(program.classification),
        "funding": _funding_to_json(program.funding),
        "page": program.page,
        "role": str(program.role),
        "number": program.number,
        "parent_id": program.parent_id,
        "group_id": program.group_id,
        "child_ids": list(program.child_ids),
        "description": [paragraph.text for paragraph in program.description],
        "description_lines": [[p.first_line, p.last_line] for p in program.description],
        "inherited": list(program.inherited),
        "contents": _contents_to_json(program.contents),
        "evidence": [{"field": item.field, "line": item.line} for item in program.evidence],
        "flags": list(program.flags),
        "source": {
            "path": document.path,
            "first_line": program.first_line,
            "last_line": program.last_line,
            "pages": _pages_to_json(program),
            "boxes": [[p.page, p.box.x0, p.box.y0, p.box.x1, p.box.y1] for p in program.places],
        },
        "url": f"/programs/{program.id}",
    }
    if lines:
        record["printed"] = {str(n): lines[n - 1] for n in printed_line_numbers(program, lines)}
    return record


def program_from_json(value: Mapping[str, Any]) -> Program:
    """Inverse of :func:`program_to_json`; only ``id``, ``title`` and ``document`` must be there.

    Raises ``KeyError``, ``TypeError`` or ``ValueError`` for a record of another shape.
    """
    source = value.get("source") or {}
    change = value.get("printed_change")
    return Program(
        id=value["id"],
        document_id=value["document"]["id"],
        title=value["title"],
        role=Role(value.get("role") or "standalone"),
        number=value.get("number"),
        account=value.get("account"),
        section=value.get("section"),
        section_number=value.get("section_number"),
        policy_goal=value.get("policy_goal"),
        policy_goal_number=value.get("policy_goal_number"),
        status=value.get("status"),
        status_raw=value.get("status_raw"),
        department=value.get("department"),
        bureau=value.get("bureau"),
        amount=_money_or_blank(value.get("amount")),
        previous_amount=_money_or_blank(value.get("previous_amount")),
        printed_change=money_from_json(change) if change else None,
        forecasts=tuple(
            Forecast(item["fiscal_year"], item.get("label") or "", money_from_json(item["amount"]))
            for item in value.get("forecasts") or ()
        ),
        started=value.get("started"),
        ended=value.get("ended"),
        executions=tuple(
            Execution(item["fiscal_year"], money_from_json(item["amount"]))
            for item in value.get("executions") or ()
        ),
        page=value.get("page"),
        parent_id=value.get("parent_id"),
        group_id=value.get("group_id"),
        child_ids=tuple(value.get("child_ids") or ()),
        description=_paragraphs(value),
        inherited=tuple(value.get("inherited") or ()),
        contents=_contents_from_json(value.get("contents")),
        first_line=source.get("first_line"),
        last_line=source.get("last_line"),
        evidence=tuple(
            SourceLine(item["field"], item["line"]) for item in value.get("evidence") or ()
        ),
        classification=_classification_from_json(value.get("classification")),
        funding=_funding_from_json(value.get("funding")),
        places=tuple(Place(item[0], Box(*item[1:])) for item in source.get("boxes") or ()),
        flags=tuple(value.get("flags") or ()),
    )


def printed_line_numbers(program: Program, lines: Sequence[str]) -> list[int]:
    """The numbers of the non-blank lines a programme stands on: its evidence and its text.

    Not its whole span: the lines from the head of a group's member to its last paragraph hold its
    neighbours too (lines 112 to 141 of the sample are those of three programmes).
    """
    numbers = {item.line for item in program.evidence}
    for paragraph in program.description:
        numbers.update(range(paragraph.first_line, paragraph.last_line + 1))
    return [n for n in sorted(numbers) if 0 < n <= len(lines) and lines[n - 1].strip()]


def _classification_to_json(found: Classification | None) -> JsonObject | None:
    if found is None:
        return None
    levels = {name: getattr(found, name) for name in _LEVELS}
    return {
        "side": found.side,
        **{
            name: {"number": level.number, "name": level.name} if level else None
            for name, level in levels.items()
        },
        "setsu": [
            {"number": item.number, "name": item.name, "amount": money_to_json(item.amount)}
            for item in found.setsu
        ],
    }


def _classification_from_json(value: Mapping[str, Any] | None) -> Classification | None:
    if not value:
        return None
    levels = {
        name: Level(level.get("number"), level["name"]) if (level := value.get(name)) else None
        for name in _LEVELS
    }
    return Classification(
        side=value["side"],
        **levels,
        setsu=tuple(
            Setsu(item["number"], item["name"], money_from_json(item["amount"]))
            for item in value.get("setsu") or ()
        ),
    )


def _funding_to_json(found: Funding | None) -> JsonObject | None:
    return {name: money_to_json(getattr(found, name)) for name in _FUNDS} if found else None


def _funding_from_json(value: Mapping[str, Any] | None) -> Funding | None:
    return Funding(**{name: _money_or_blank(value.get(name)) for name in _FUNDS}) if value else None


def _pages_to_json(program: Program) -> list[int] | None:
    """The first and the last page of the file, which need not be the numbers printed on them."""
    pages = [place.page for place in program.places]
    return [min(pages), max(pages)] if pages else None


def _money_or_blank(value: Mapping[str, Any] | None) -> Money:
    return money_from_json(value) if value else NOT_PRINTED


def _paragraphs(value: Mapping[str, Any]) -> tuple[Paragraph, ...]:
    texts = value.get("description") or ()
    spans = value.get("description_lines") or [[0, 0]] * len(texts)
    return tuple(
        Paragraph(text, first, last) for text, (first, last) in zip(texts, spans, strict=True)
    )


def _contents_to_json(entry: ContentsEntry | None) -> JsonObject | None:
    return {"order": entry.order, "line": entry.line, "page": entry.page} if entry else None


def _contents_from_json(value: Mapping[str, Any] | None) -> ContentsEntry | None:
    return ContentsEntry(value["order"], value["line"], value.get("page")) if value else None


def _heading_to_json(heading: Heading) -> JsonObject:
    return {"number": heading.number, "title": heading.title, "line": heading.line}


def _heading_from_json(value: Mapping[str, Any]) -> Heading:
    return Heading(value.get("number"), value["title"], value["line"])
