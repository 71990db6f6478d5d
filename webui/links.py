"""Which address shows this search? The inverse of ``parameters``: search request → URL."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import quote, urlencode

from indexer import settings
from indexer.library import Fold, SearchRequest, Sort
from webui.parameters import AMOUNTS, FILTERS

LINES_PER_PART = 5_000
"""How many printed lines one document page holds; further lines are on ``?part=2`` …"""


def pairs_of(request: SearchRequest) -> list[tuple[str, str]]:
    """The query string of a search without its page, in a fixed order, defaults left out."""
    pairs: list[tuple[str, str]] = [("q", request.text)] if request.text else []
    for name in FILTERS:
        pairs.extend((name, str(value)) for value in request.filters.get(name, ()))
    for name in AMOUNTS:
        amount: int | None = getattr(request, name)
        if amount is not None:
            pairs.append((name, str(amount)))
    if request.sort is not Sort.RELEVANCE:
        pairs.append(("sort", str(request.sort)))
    if request.ascending:
        pairs.append(("order", "asc"))
    if request.literal:
        pairs.append(("literal", "1"))
    if not request.near:
        pairs.append(("near", "0"))
    if request.fold is Fold.NONE:
        pairs.append(("fold", str(request.fold)))
    if request.limit != settings.PAGE_SIZE and request.limit > 0:
        pairs.append(("limit", str(request.limit)))
    return pairs


def search_url(request: SearchRequest, path: str = "/search", page: int = 1) -> str:
    """The address of a search (or of its export, feed …) at a page."""
    pairs = pairs_of(request)
    if page > 1:
        pairs.append(("page", str(page)))
    return f"{path}?{encode(pairs)}" if pairs else path


def encode(pairs: Iterable[tuple[str, str]]) -> str:
    """A query string; lone surrogates, which no address may carry, become ``?``."""
    return urlencode(list(pairs), errors="replace")


def page_of(request: SearchRequest) -> int:
    """The page (from 1) that a request's offset stands for."""
    return request.offset // max(request.limit, 1) + 1


def toggled(request: SearchRequest, facet: str, value: str) -> SearchRequest:
    """The same search with one filter value taken in, or out if it is in. Back to page 1."""
    values = request.filters.get(facet, ())
    changed = tuple(v for v in values if v != value) if value in values else (*values, value)
    filters = {**request.filters, facet: changed}
    return replace(request, filters={k: v for k, v in filters.items() if v}, offset=0)


def only(request: SearchRequest, facet: str, value: str) -> SearchRequest:
    """The same search with one value of a facet instead of those it has. Back to page 1."""
    return replace(request, filters={**request.filters, facet: (value,)}, offset=0)


def ordered(request: SearchRequest, order: str) -> SearchRequest:
    """The same search in another order (``Sort``), from its first page."""
    return replace(request, sort=Sort(order), ascending=False, offset=0)


def program_url(program_id: str, suffix: str = "") -> str:
    """``/programs/…``."""
    return f"/programs/{quote(program_id, safe='')}{suffix}"


def document_url(document_id: str, line: int | None = None) -> str:
    """``/documents/…#L38``; the part is named when the line stands beyond the first one."""
    path = f"/documents/{quote(document_id, safe='')}"
    if line is None:
        return path
    part = part_of(line)
    return f"{path}{f'?part={part}' if part > 1 else ''}#L{line}"


def part_of(line: int) -> int:
    """The part (from 1) of the document page on which a line stands."""
    return max(line - 1, 0) // LINES_PER_PART + 1
