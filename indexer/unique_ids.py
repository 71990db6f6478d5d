"""What if two books name the same programme? Its id belongs to the book that came first.

Ids are made from publisher, fiscal year, account, section and title. The initial budget and a
supplement of one year, or two copies of a chapter, share all of these. Then the programmes of the
later book get its mark behind their ids, and a note says so: neither book replaces the other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace

from indexer.model import LineClaim, ParsedDocument, Problem, Program, Severity

IsTaken = Callable[[str, str], bool]
"""Whether an id (first) belongs to another document than the one named (second)."""

_MARK_CHARACTERS = 6


def make_unique(parsed: ParsedDocument, is_taken: IsTaken) -> ParsedDocument:
    """``parsed`` itself, or with other ids and a note for programmes whose id is taken."""
    document = parsed.document
    taken = [program.id for program in parsed.programs if is_taken(program.id, document.id)]
    if not taken:
        return parsed
    mark = hashlib.sha256(document.id.encode()).hexdigest()[:_MARK_CHARACTERS]
    renamed = {program_id: f"{program_id}-{mark}" for program_id in taken}
    return replace(
        parsed,
        programs=tuple(_rename(program, renamed) for program in parsed.programs),
        claims=tuple(_rename_claim(claim, renamed) for claim in parsed.claims),
        problems=(*parsed.problems, _note(parsed, len(taken))),
    )


def _rename(program: Program, renamed: dict[str, str]) -> Program:
    return replace(
        program,
        id=renamed.get(program.id, program.id),
        parent_id=_renamed(program.parent_id, renamed),
        group_id=_renamed(program.group_id, renamed),
        child_ids=tuple(renamed.get(child, child) for child in program.child_ids),
    )


def _rename_claim(claim: LineClaim, renamed: dict[str, str]) -> LineClaim:
    return replace(claim, program_id=_renamed(claim.program_id, renamed))


def _renamed(program_id: str | None, renamed: dict[str, str]) -> str | None:
    return renamed.get(program_id, program_id) if program_id is not None else None


def _note(parsed: ParsedDocument, count: int) -> Problem:
    return Problem(
        path=parsed.document.path,
        line=None,
        kind="programs_in_two_documents",
        message=f"先に索引に入った予算書と同じ事業が{count:,}件あるので、別の事業として入れました。"
        "同じ本を二度入れていないか確かめてください。",
        severity=Severity.WARNING,
        document_id=parsed.document.id,
    )
