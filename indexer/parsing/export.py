"""Which programmes does an export of our own hold? Nothing is read anew: records in, records out.

Export → index → export is identical, programme by programme: ids, money, line numbers and the
printed lines (``printed``) come back as they were, for every programme the export carries.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from indexer.contract import document_from_json, printed_line_numbers, program_from_json
from indexer.model import (
    LineClaim,
    LineRole,
    ParsedDocument,
    Problem,
    Program,
    Severity,
)
from indexer.parsing.structured import apply_manifest
from indexer.sources.document import SourceDocument

_Record = Mapping[str, Any]


def parse_export(source: SourceDocument) -> ParsedDocument:
    """One document of an export. ``Document.path`` stays the one the export names.

    ``source.records`` have been checked by the sources stage, so nothing is raised.
    """
    document = document_from_json(source.records[0]["document"])
    document, problems = apply_manifest(document, source.manifest)
    programs = tuple(program_from_json(record) for record in source.records)
    lines, clashes = _printed_lines(source)
    found = [*clashes, *_missing_relatives(source, programs)]
    return ParsedDocument(
        document=document,
        programs=programs,
        lines=lines,
        claims=tuple(_claims(programs, lines)),
        problems=(*problems, *found),
    )


def _printed_lines(source: SourceDocument) -> tuple[tuple[str, ...], list[Problem]]:
    """The lines the records carry, each at its number; lines no record carries are blank."""
    printed: dict[int, str] = {}
    clashes: list[Problem] = []
    for record, place in zip(source.records, source.record_lines, strict=True):
        for number, text in (record.get("printed") or {}).items():
            if printed.setdefault(int(number), text) != text:
                message = (
                    f"「{source.path}」の{place}行目は、文書の{number}行目を前の記録と違う文で"
                    "写しているので、前の記録の文を使いました。"
                )
                clashes.append(_problem(source, "printed_line_differs", message, Severity.WARNING))
    last = max(printed, default=0)
    return tuple(printed.get(number, "") for number in range(1, last + 1)), clashes


def _missing_relatives(source: SourceDocument, programs: Sequence[Program]) -> list[Problem]:
    """An export of some programmes may name parents, groups and children it does not carry."""
    ids = {program.id for program in programs}
    named = {
        relative
        for program in programs
        for relative in (program.parent_id, program.group_id, *program.child_ids)
        if relative is not None
    }
    missing = named - ids
    if not missing:
        return []
    message = (
        f"「{source.path}」の文書「{source.document_key}」は一部の事業だけの書き出しで、"
        f"記録が指す親やグループなど{len(missing)}件が入っていません。"
    )
    return [_problem(source, "relatives_not_exported", message, Severity.NOTE)]


def _problem(source: SourceDocument, kind: str, message: str, severity: Severity) -> Problem:
    return Problem(
        path=source.path,
        line=None,
        kind=kind,
        message=message,
        severity=severity,
        document_id=source.document_key,
    )


def _claims(programs: Iterable[Program], lines: Sequence[str]) -> Iterable[LineClaim]:
    """Whose line each is: body where a paragraph stands, structure elsewhere in a programme."""
    owners: dict[int, LineClaim] = {}
    for program in programs:
        body = {
            number
            for paragraph in program.description
            for number in range(paragraph.first_line, paragraph.last_line + 1)
        }
        evidence = {item.line for item in program.evidence}
        for number in printed_line_numbers(program, lines):
            is_own = number in body or number in evidence
            if is_own or number not in owners:
                role = LineRole.BODY if number in body else LineRole.STRUCTURE
                owners[number] = LineClaim(number, role, program.id)
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield owners.get(number, LineClaim(number, LineRole.STRUCTURE))
        else:
            yield LineClaim(number, LineRole.BLANK)
