"""How do programmes, or two years, differ? Side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse

from indexer.library import IndexedDocument, Library
from indexer.model import Document, Program, Role
from webui import charts
from webui.pages.lineage import Pair, pair_programs, pair_years
from webui.parameters import ParameterError, every, last
from webui.rendering import library_of, pairs, render

PROGRAMS_MAXIMUM = 5
SLOPES_SHOWN = 12
ROWS_SHOWN = 200
KINDS = ("new", "increased", "decreased", "unchanged", "ended", "unknown")


@dataclass(frozen=True, slots=True)
class Change:
    """All programmes that changed in one way, and what that adds up to (yen)."""

    kind: str
    pairs: tuple[Pair, ...]
    count: int
    change: int


def compare_programs(request: Request) -> HTMLResponse:
    """``/compare?id=…&id=…``: two to five programmes side by side."""
    library = library_of(request)
    ids = list(dict.fromkeys(value for value in every(pairs(request), "id") if value))
    if len(ids) > PROGRAMS_MAXIMUM:
        raise ParameterError("id", "compared", most=PROGRAMS_MAXIMUM)
    compared: list[tuple[Program, Document]] = []
    for program_id in ids:
        program = library.program(program_id)
        indexed = library.document(program.document_id) if program else None
        if program is None or indexed is None:
            raise HTTPException(404)
        compared.append((program, indexed.document))
    amounts = [program.amount.yen or 0 for program, _ in compared]
    context = {
        "compared": compared,
        "longest": max(amounts, default=0),
        "rows": _forecast_years(compared),
    }
    return render(request, "compare.html", context)


def compare_documents(request: Request) -> HTMLResponse:
    """``/compare/documents?before=…&after=…``: two books, or with one book its two years."""
    library = library_of(request)
    before = _document(library, last(pairs(request), "before"))
    after = _document(library, last(pairs(request), "after"))
    if after is None:
        before, after = None, before
    if after is None:
        return render(request, "compare_choose.html", {"documents": library.documents()})
    later = _counted(library, after)
    made = pair_programs(_counted(library, before), later) if before else pair_years(later)
    groups = changes(made)
    context = {
        "before": before.document if before else None,
        "after": after.document,
        "documents": library.documents(),
        "changes": groups,
        "rows_shown": ROWS_SHOWN,
        "slope_height": charts.SLOPE_HEIGHT,
        "slopes": charts.slopes(_largest_changes(made)),
        "before_count": sum(1 for pair in made if pair.before is not None),
        "after_count": sum(1 for pair in made if pair.after is not None),
        "notices": _notices(before.document, after.document) if before else [],
        "before_total": sum(pair.before_yen or 0 for pair in made),
        "after_total": sum(pair.after_yen or 0 for pair in made),
    }
    return render(request, "compare_documents.html", context)


def changes(made: Sequence[Pair]) -> list[Change]:
    """The pairs by kind, each kind's largest changes first."""
    groups = []
    for kind in KINDS:
        of_kind = sorted(
            (pair for pair in made if pair.kind == kind), key=lambda pair: -abs(pair.change)
        )
        if of_kind:
            total = sum(pair.change for pair in of_kind)
            groups.append(Change(kind, tuple(of_kind[:ROWS_SHOWN]), len(of_kind), total))
    return groups


def _notices(before: Document, after: Document) -> list[str]:
    """What a reader must know of two books that were not made to be compared."""
    notices = []
    if before.publisher != after.publisher:
        notices.append("other_publisher")
    if before.fiscal_year is not None and before.fiscal_year == after.fiscal_year:
        notices.append("same_year")
    return notices


def _largest_changes(made: Sequence[Pair]) -> list[tuple[str, int, int]]:
    """The pairs that have both numbers, the largest change first."""
    both = [
        (pair.title, pair.before_yen, pair.after_yen)
        for pair in made
        if pair.before_yen is not None and pair.after_yen is not None
    ]
    both.sort(key=lambda row: -abs(row[2] - row[1]))
    return both[:SLOPES_SHOWN]


def _counted(library: Library, indexed: IndexedDocument) -> list[Program]:
    """The programmes whose amounts may stand side by side: no groups, no 再掲, no children of a
    parent that has an amount itself."""
    found = (library.program(program_id) for program_id in indexed.program_ids)
    programs = [p for p in found if p is not None and p.is_summed and p.role is not Role.GROUP]
    with_amount = {p.id for p in programs if p.amount.yen is not None}
    return [p for p in programs if p.parent_id not in with_amount]


def _document(library: Library, document_id: str) -> IndexedDocument | None:
    if not document_id:
        return None
    indexed = library.document(document_id)
    if indexed is None:
        raise HTTPException(404)
    return indexed


def _forecast_years(compared: Sequence[tuple[Program, Document]]) -> list[int]:
    years = {item.fiscal_year for program, _ in compared for item in program.forecasts}
    return sorted(years)
