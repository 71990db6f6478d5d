"""How is an answer shown? Everything the answer box prints, worked out before the template.

The box is the same on ``/ask`` and over a result list; there it is shorter and leads to ``/ask``.
Amounts are whole yen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from indexer.eras import fiscal_year_label
from indexer.library import Answer, AnswerStatus, Evidence, Library, Row
from indexer.model import Document, Program
from webui import charts, links
from webui.language import Language
from webui.pages.nearby import Nearby, nearby_of
from webui.pages.readings import Part, ask_url, parts_of, readable_ask_url
from webui.rendering import Page

ROWS_ON_ASK, ROWS_IN_RESULTS = 500, 5
LINES_ON_ASK, LINES_IN_RESULTS = 200, 3
PASSAGES_IN_RESULTS = 1
"""The hits below quote their books as well."""
LINES_OPEN = 5
"""Printed lines shown at once; the others are behind a summary."""
EXCLUDED_SHOWN = 50
TERMS_SHOWN = 6
PAGES_CITED = 8
SIGNS = {"sub": "−", "div": "÷", "sum": "＋", "avg": "＋"}


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One row of the answer's table, and the printed line it rests on."""

    title: str
    url: str | None
    shown: str
    basis: str
    width: float
    """Of a bar, in percent of the longest one; 0 without one."""
    place: str
    line_url: str


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One printed line: what it says, of which programme, and where it stands."""

    quote: str
    field: str
    title: str
    place: str
    url: str


@dataclass(frozen=True, slots=True)
class Computation:
    """How a number came about, in words; the programmes left out with their addresses."""

    formula: str
    counted: str
    left_out: str
    excluded: tuple[tuple[str, str], ...]
    more_excluded: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question to ask with one click, and the programme it is about."""

    question: str
    url: str
    program: Program | None
    note: str


@dataclass(frozen=True, slots=True)
class AnswerView:
    """An answer as shown."""

    answer: Answer
    question: str
    text: str
    notices: tuple[str, ...]
    parts: tuple[Part, ...]
    rows: tuple[AnswerRow, ...]
    more_rows: int
    lines: tuple[EvidenceLine, ...]
    other_lines: tuple[EvidenceLine, ...]
    more_lines: int
    computation: Computation | None
    choices: tuple[Suggestion, ...]
    suggestions: tuple[Suggestion, ...]
    nearby: tuple[Nearby, ...]
    nearest: tuple[Program, ...]
    citation: str
    is_short: bool


def view_answer(
    question: str, answer: Answer, library: Library, page: Page, *, is_short: bool = False
) -> AnswerView:
    """The answer as the box shows it; ``is_short`` over a result list."""
    say = page.say
    most_rows = ROWS_IN_RESULTS if is_short else ROWS_ON_ASK
    most_lines = LINES_IN_RESULTS if is_short else LINES_ON_ASK
    cited = _Lines(answer, library, say)
    lines = cited.lines(answer.evidence[:most_lines])
    passages = answer.passages[:PASSAGES_IN_RESULTS] if is_short else answer.passages
    refused = answer.abstention
    text = answer.text or (refused.message_ja if refused else "")
    said = (*([refused.message_ja] if refused else []), *answer.warnings)
    choices = _suggestions([(a.question, a.program_id) for a in answer.alternatives], library, say)
    asked = {choice.question for choice in choices}
    ways = [(s, None) for s in (refused.suggestions if refused else ()) if s not in asked]
    return AnswerView(
        answer=answer,
        question=question,
        text=text,
        notices=tuple(dict.fromkeys(notice for notice in said if notice not in text)),
        parts=tuple(parts_of(question, answer, library, say)),
        rows=tuple(cited.rows(most_rows)),
        more_rows=max(len(answer.rows) - most_rows, 0),
        lines=tuple(lines[:LINES_OPEN]),
        other_lines=tuple(lines[LINES_OPEN:]),
        more_lines=max(len(answer.evidence) - most_lines, 0),
        computation=_computation(answer, library, say),
        choices=choices,
        suggestions=_suggestions(ways, library, say),
        nearby=nearby_of(passages, library, say),
        nearest=_nearest(answer, library),
        citation=_citation(question, text, answer, cited.documents, page),
        is_short=is_short,
    )


class _Lines:
    """The evidence with titles and places, looked up once."""

    def __init__(self, answer: Answer, library: Library, say: Language) -> None:
        self._answer = answer
        self._say = say
        self.documents = _documents(answer.evidence, library)
        ids = dict.fromkeys(e.program_id for e in answer.evidence[:LINES_ON_ASK] if e.program_id)
        self._titles = {p.id: p.title for p in library.programs(tuple(ids))}

    def lines(self, evidence: Iterable[Evidence]) -> list[EvidenceLine]:
        """One entry for each printed line, in the order of the answer."""
        return [self._line(item) for item in evidence]

    def rows(self, most: int) -> Iterable[AnswerRow]:
        """The rows, each with the first printed line of its programme."""
        first: dict[str, Evidence] = {}
        for item in self._answer.evidence:
            if item.program_id and (item.field == "amount" or item.program_id not in first):
                first[item.program_id] = item
        yens = [_yen(row) for row in self._answer.rows]
        longest = max(yens, default=0) if len(yens) > 1 else 0
        for row in self._answer.rows[:most]:
            value = row.value
            shown = "" if value is None else value.display or value.text or str(value.number or "")
            basis = first.get(row.program_id or "")
            yield AnswerRow(
                title=row.title,
                url=links.program_url(row.program_id) if row.program_id else None,
                shown=shown,
                basis=(value.basis or "") if value else "",
                width=charts.width_of(_yen(row), longest) if longest else 0,
                place=self._say.place(basis.page, basis.line) if basis else "",
                line_url=links.document_url(basis.document_id, basis.line) if basis else "",
            )

    def _line(self, item: Evidence) -> EvidenceLine:
        document = self.documents.get(item.document_id)
        book = f"{document.title} " if document and len(self.documents) > 1 else ""
        return EvidenceLine(
            quote=item.quote,
            field=self._say.field(item.field),
            title=self._titles.get(item.program_id or "", "") if len(self._titles) > 1 else "",
            place=book + self._say.place(item.page, item.line),
            url=links.document_url(item.document_id, item.line),
        )


def _yen(row: Row) -> int:
    """The whole yen of a row, for its bar; 0 for anything else."""
    value = row.value
    return int(value.number or 0) if value is not None and value.unit == "円" else 0


def _documents(evidence: Sequence[Evidence], library: Library) -> dict[str, Document]:
    """The books of the evidence, in its order."""
    ids = dict.fromkeys(item.document_id for item in evidence)
    known = {document.id: document for document in library.documents()} if ids else {}
    return {i: known[i] for i in ids if i in known}


def _computation(answer: Answer, library: Library, say: Language) -> Computation | None:
    """``40,500千円 − 33,706千円 = 6,794千円``, what was counted, and what was left out."""
    derivation = answer.derivation
    if derivation is None:
        return None
    counted = say.words.ask.derivation.format(derivation.n_matched, derivation.n_with_value)
    shown = derivation.excluded[:EXCLUDED_SHOWN]
    left_out = ""
    if derivation.excluded:
        reason = f"（{derivation.excluded_reason}）" if derivation.excluded_reason else ""
        left_out = say.words.ask.excluded.format(len(derivation.excluded)) + reason
    return Computation(
        formula=_formula(answer, say),
        counted=counted,
        left_out=left_out,
        excluded=tuple((p.title, links.program_url(p.id)) for p in library.programs(shown)),
        more_excluded=len(derivation.excluded) - len(shown),
    )


def _formula(answer: Answer, say: Language) -> str:
    """The operation with its numbers; many terms are cut in the middle, and counted."""
    derivation = answer.derivation
    assert derivation is not None
    op, args, result = derivation.op, derivation.args, derivation.result
    name = str(getattr(say.words.operation, op, op))
    if result is None or not args:
        return name
    is_count = op == "count"
    if is_count:
        return f"{name}：{say.words.home.count.format(result)}"
    terms = [say.unit(arg) for arg in args]
    if op in ("max", "min"):
        return f"{name}：{say.words.ask.out_of.format(len(terms))} {say.unit(int(result))}"
    if len(terms) > TERMS_SHOWN:
        terms = [*terms[: TERMS_SHOWN - 1], "…", terms[-1]]
    joined = f" {SIGNS.get(op, '・')} ".join(terms)
    if op == "avg":
        joined = f"（{joined}）÷ {len(args)}"
    unit = answer.value.unit if answer.value and answer.value.unit in ("%", "倍") else "%"
    shown = f"{result:,}{unit}" if op == "div" else say.unit(int(result))
    return f"{name}：{joined} ＝ {shown}"


def _suggestions(
    asked: Iterable[tuple[str, str | None]], library: Library, say: Language
) -> tuple[Suggestion, ...]:
    """Questions with the programme each one is about, so that equal titles can be told apart."""
    made = []
    documents = {document.id: document for document in library.documents()}
    for question, program_id in asked:
        program = library.program(program_id) if program_id else None
        note = _note(program, documents[program.document_id], say) if program else ""
        made.append(Suggestion(question, ask_url(question), program, note))
    return tuple(made)


def _note(program: Program, document: Document, say: Language) -> str:
    publisher = document.publisher.name if document.publisher else ""
    parts = (
        publisher,
        document.fiscal_year_label,
        program.department,
        say.money(program.amount),
    )
    return " ".join(part for part in parts if part)


def _nearest(answer: Answer, library: Library) -> tuple[Program, ...]:
    """The closest programmes of a refusal that nothing else of it names: no choice, no printed
    line. Where the nearest lines are shown instead of an answer, they are what is closest."""
    if answer.abstention is None or answer.status is AnswerStatus.SHOWN:
        return ()
    offered = {choice.program_id for choice in answer.alternatives}
    offered |= {item.program_id for item in answer.evidence}
    offered |= {item.program_id for item in answer.passages}
    return library.programs([i for i in answer.abstention.nearest if i not in offered][:5])


def _citation(
    question: str, text: str, answer: Answer, documents: dict[str, Document], page: Page
) -> str:
    """The answer with its 出典: publisher, book, pages and the address of this question."""
    if not documents:
        return ""
    books = []
    for document in documents.values():
        pages = dict.fromkeys(
            item.page
            for item in answer.evidence
            if item.document_id == document.id and item.page is not None
        )
        cited = "、".join(f"{number}頁" for number in list(pages)[:PAGES_CITED])
        more = "ほか" if len(pages) > PAGES_CITED else ""
        publisher = document.publisher.name if document.publisher else ""
        year = fiscal_year_label(document.fiscal_year) if document.fiscal_year else ""
        named = year if year and year not in document.title else ""
        parts = (publisher, f"「{document.title}」", named, f"{cited}{more}")
        books.append(" ".join(part for part in parts if part))
    return f"{text}（出典：{'／'.join(books)}。{page.absolute(readable_ask_url(question))}）"
