"""What is known of one programme? Its figures, place, text and the printed lines behind them."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse

from indexer.contract import printed_line_numbers
from indexer.library import IndexedDocument, Library, SearchRequest
from indexer.model import Document, Money, Program
from webui import charts, links
from webui.headers import CARD_SECURITY_POLICY
from webui.language import Language
from webui.pages.lineage import same_title
from webui.rendering import Page, language_of, library_of, render

OTHER_YEARS_MAXIMUM = 10


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """One printed line and the fields it carries."""

    number: int
    text: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OtherYear:
    """The same programme in another book."""

    program: Program
    document: Document


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
    context = {
        "program": program,
        "document": document,
        "group": group,
        "parent": library.program(program.parent_id) if program.parent_id else None,
        "children": _programs(library, program.child_ids),
        "siblings": [] if group is None else _programs(library, group.child_ids),
        "figures": figures_of(program, document),
        "columns": drawn,
        "sparkline": charts.sparkline(drawn),
        "printed": printed_lines(program, indexed),
        "group_printed": printed_lines(group, indexed) if group else [],
        "other_years": other_years(library, program, document),
        "related": library.related(program.id),
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
    """The rows of the table: the same numbers as the chart, oldest first."""
    year = document.fiscal_year
    rows = [
        Figure("previous", year - 1 if year is not None else None, program.previous_amount),
        Figure("amount", year, program.amount),
    ]
    rows.extend(Figure("forecast", item.fiscal_year, item.amount) for item in program.forecasts)
    return rows


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


def other_years(library: Library, program: Program, document: Document) -> list[OtherYear]:
    """Programmes of the same publisher with the same title in books of another year."""
    if document.publisher is None:
        return []
    found = library.search(
        SearchRequest(
            text=f'"{program.title.replace(chr(34), " ")[:100]}"',
            filters={"publisher": (document.publisher.name,)},
            literal=True,
            limit=50,
        )
    )
    others = [
        OtherYear(hit.program, hit.document)
        for hit in found.hits
        if hit.document.id != document.id and same_title(hit.program.title, program.title)
    ]
    others.sort(key=lambda other: other.document.fiscal_year or 0)
    return others[:OTHER_YEARS_MAXIMUM]


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
