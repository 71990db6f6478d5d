"""What is known of one programme? Its figures, place, text and the printed lines behind them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse

from indexer.contract import printed_line_numbers
from indexer.library import IndexedDocument, Library
from indexer.model import Document, Money, MoneyState, Program, Role
from webui import charts, links
from webui.headers import CARD_SECURITY_POLICY
from webui.language import Language
from webui.rendering import Page, language_of, library_of, render

RELATED_LOOKED_AT = 30
RELATED_SHOWN = 6


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """One printed line and the fields it carries."""

    number: int
    text: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InBook:
    """A programme and the book it stands in."""

    program: Program
    document: Document


@dataclass(frozen=True, slots=True)
class Together:
    """What the members of a group add up to (yen): the book prints no amount for the group."""

    count: int
    yen: int
    previous_yen: int


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the table of figures."""

    kind: str
    fiscal_year: int | None
    money: Money


def program_page(request: Request) -> HTMLResponse:
    """``/programs/{id}``."""
    library = library_of(request)
    program, indexed = find_program(library, request.path_params["id"])
    document = indexed.document
    say = language_of(request)
    group = library.program(program.group_id) if program.group_id else None
    drawn = charts.figures(program, document.fiscal_year, _labels(say))
    related = in_books(library, library.related(program.id, RELATED_LOOKED_AT))
    others = sorted(
        (year for year in library.years(program.id) if year.program_id != program.id),
        key=lambda year: year.fiscal_year or 0,
    )
    known = {year.program_id for year in others}
    children = _programs(library, program.child_ids)
    parts = charts.shares([(child.id, child.amount.yen or 0) for child in children])
    context = {
        "program": program,
        "document": document,
        "group": group,
        "parent": library.program(program.parent_id) if program.parent_id else None,
        "children": children,
        "parts": parts,
        "parts_total": sum(part.yen for part in parts),
        "together": together(program, children),
        "siblings": [] if group is None else _programs(library, group.child_ids),
        "figures": figures_of(program, document),
        "columns": drawn,
        "sparkline": charts.sparkline([column.yen for column in drawn.columns]),
        "spark_words": "、".join(f"{c.label} {say.short(c.yen)}" for c in drawn.columns if c.yen),
        "printed": printed_lines(program, indexed),
        "group_printed": printed_lines(group, indexed) if group else [],
        "other_years": others,
        "related": [other for other in related if other.program.id not in known][:RELATED_SHOWN],
        "citation": citation(program, document, Page(request, say)),
    }
    return render(request, "program.html", context)


def card(request: Request) -> HTMLResponse:
    """``/programs/{id}/card``: one programme to embed in another site's page."""
    program, indexed = find_program(library_of(request), request.path_params["id"])
    context = {"program": program, "document": indexed.document}
    headers = {
        "Content-Security-Policy": CARD_SECURITY_POLICY,
        "Cross-Origin-Opener-Policy": "unsafe-none",
    }
    return render(request, "card.html", context, headers=headers)


def find_program(library: Library, program_id: str) -> tuple[Program, IndexedDocument]:
    """The programme and its document, or a 404."""
    program = library.program(program_id)
    indexed = library.document(program.document_id) if program else None
    if program is None or indexed is None:
        raise HTTPException(404)
    return program, indexed


def figures_of(program: Program, document: Document) -> list[Figure]:
    """The rows of the table: the same numbers as the chart, oldest first. A group has only what
    is printed for it, most often its forecasts."""
    year = document.fiscal_year
    rows = [
        Figure("previous", year - 1 if year is not None else None, program.previous_amount),
        Figure("amount", year, program.amount),
    ]
    rows.extend(Figure("forecast", item.fiscal_year, item.amount) for item in program.forecasts)
    if program.role is not Role.GROUP:
        return rows
    return [row for row in rows if row.money.raw or row.money.state is not MoneyState.NONE]


def together(program: Program, members: Sequence[Program]) -> Together | None:
    """The sum of a group without an amount of its own; ``None`` for everything else."""
    stated = [member for member in members if member.is_summed and member.amount.yen is not None]
    ids = {member.id for member in stated}
    counted = [member for member in stated if member.parent_id not in ids]
    if program.role is not Role.GROUP or program.amount.yen is not None or not counted:
        return None
    return Together(
        count=len(counted),
        yen=sum(member.amount.yen or 0 for member in counted),
        previous_yen=sum(member.previous_amount.yen or 0 for member in counted),
    )


def printed_lines(program: Program, indexed: IndexedDocument) -> list[PrintedLine]:
    """The lines of the book that the programme stands on, with what each one carries."""
    numbers = printed_line_numbers(program, indexed.lines)
    fields: dict[int, list[str]] = {}
    for item in program.evidence:
        fields.setdefault(item.line, []).append(item.field)
    return [
        PrintedLine(n, indexed.lines[n - 1], tuple(dict.fromkeys(fields.get(n, ()))))
        for n in numbers
    ]


def in_books(library: Library, programs: Iterable[Program]) -> list[InBook]:
    """Programmes with the books they stand in."""
    documents = {document.id: document for document in library.documents()}
    return [InBook(program, documents[program.document_id]) for program in programs]


def citation(program: Program, document: Document, page: Page) -> str:
    """The 出典 line: publisher, book, page, programme, address."""
    parts = [document.publisher.name if document.publisher else "", f"「{document.title}」"]
    if program.page is not None:
        parts.append(f"{program.page}頁")
    address = page.absolute(links.program_url(program.id))
    return f"出典：{' '.join(part for part in parts if part)}「{program.title}」 {address}"


def _programs(library: Library, ids: tuple[str, ...]) -> list[Program]:
    found = (library.program(program_id) for program_id in ids)
    return [program for program in found if program is not None]


def _labels(say: Language) -> dict[str, str]:
    words = say.words.figure
    return {"previous": words.previous, "amount": words.amount, "forecast": words.forecast}
