"""What did executing a plan find, and on which printed lines? Findings and their evidence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from indexer.answers.answer import Alternative, Code, Derivation, Evidence, Kind, Row, Value
from indexer.answers.lexicon import Lexicon
from indexer.model import Money, Program


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence with its value, rows and evidence; ``code`` when it is not (fully) there."""

    kind: Kind
    text: str
    value: Value | None = None
    rows: tuple[Row, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    derivation: Derivation | None = None
    code: Code | None = None
    is_partial: bool = False
    """Facts are given although ``code`` says what is missing."""
    warnings: tuple[str, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    field: str | None = None


_INHERITABLE = (
    "status",
    "department",
    "forecast",
    "forecasts",
    "section",
    "policy_goal",
    "account",
)


class EvidenceFinder:
    """Finds the lines behind the fields of programmes."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def field(self, program: Program, field: str) -> tuple[Evidence, ...]:
        """The line that prints ``field`` of the programme, or of what it inherits it from."""
        line = _line_of(program, field)
        holder = program
        if line is None and field in _INHERITABLE:
            for other_id in (program.parent_id, program.group_id):
                other = self._lexicon.programs.get(other_id or "")
                if other is not None and _line_of(other, field) is not None:
                    line, holder = _line_of(other, field), other
                    break
        if line is None and field in ("section", "policy_goal"):
            line = self._heading_line(program, field)
        return self._quoted(program, line, field, _fallback(holder, field))

    def money(self, program: Program, money: Money, field: str) -> tuple[Evidence, ...]:
        """The line of one printed amount."""
        line = money.line or _line_of(program, field)
        return self._quoted(program, line, field, money.raw)

    def compared(self, program: Program) -> tuple[Evidence, ...]:
        """The line of what a change counts from: last year's amount, or the change as printed."""
        if program.printed_change is not None and not program.previous_amount.raw:
            return self.money(program, program.printed_change, "printed_change")
        return self.money(program, program.previous_amount, "previous_amount")

    def page(self, program: Program) -> tuple[Evidence, ...]:
        """The line of the contents list that prints the page."""
        line = program.contents.line if program.contents else _line_of(program, "page")
        return self._quoted(program, line, "page", str(program.page or ""))

    def titles(self, programs: Iterable[Program]) -> tuple[Evidence, ...]:
        """The title lines of programmes."""
        found: list[Evidence] = []
        for program in programs:
            found.extend(self.field(program, "title"))
        return tuple(found)

    def passage(
        self, program: Program, sentence: str, first: int, last: int
    ) -> tuple[Evidence, ...]:
        """The lines a sentence of the text runs over, each with its own part of it."""
        lines = self._lexicon.lines(program.document_id)
        found: list[Evidence] = []
        rest = sentence
        for number in range(first, min(last, len(lines)) + 1):
            part = _overlap(lines[number - 1], rest) if number > 0 else ""
            if part:
                found.extend(self._quoted(program, number, "description", part))
                rest = rest[rest.find(part) + len(part) :]
        if not found:
            return self._quoted(program, None, "description", sentence)
        return tuple(found)

    def _heading_line(self, program: Program, field: str) -> int | None:
        document = self._lexicon.documents[program.document_id]
        headings = document.sections if field == "section" else document.goals
        wanted = program.section if field == "section" else program.policy_goal
        return next((heading.line for heading in headings if heading.title == wanted), None)

    def _quoted(
        self, program: Program, line: int | None, field: str, fallback: str
    ) -> tuple[Evidence, ...]:
        lines = self._lexicon.lines(program.document_id)
        quote = fallback
        if line is not None and 0 < line <= len(lines):
            printed = lines[line - 1]
            quote = fallback if field == "description" and fallback in printed else printed.strip()
        elif lines:
            line = None
        if not quote:
            return ()
        return (Evidence(program.id, program.document_id, program.page, line, field, quote),)


def _line_of(program: Program, field: str) -> int | None:
    if field in ("amount", "previous_amount"):
        money = program.amount if field == "amount" else program.previous_amount
        return program.line_of(field) or money.line
    if field in ("forecast", "forecasts"):
        printed = (f.amount.line for f in program.forecasts if f.amount.line)
        return next(printed, None) or program.line_of("forecast") or program.line_of("forecasts")
    if field == "title":
        return program.line_of("title") or program.first_line
    return program.line_of(field)


def _fallback(program: Program, field: str) -> str:
    value = getattr(program, field, None)
    if isinstance(value, Money):
        return value.raw
    return value if isinstance(value, str) else ""


def _overlap(line: str, sentence: str) -> str:
    """The longest piece the printed line and the rest of the sentence share at the seam."""
    text = line.strip()
    if not text:
        return ""
    if sentence and sentence in text:
        return sentence
    if text in sentence:
        return text
    for length in range(min(len(text), len(sentence)), 1, -1):
        if text.endswith(sentence[:length]):
            return sentence[:length]
        if text.startswith(sentence[-length:]):
            return sentence[-length:]
    return ""
