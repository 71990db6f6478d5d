"""Which printed sentences stand near a question that has no answer? By programme, best first.

Nothing of it is an answer: the amount beside the sentences is that of their programme.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from indexer.library import Library, Passage
from indexer.model import Document, Money
from webui import links
from webui.language import Language


@dataclass(frozen=True, slots=True)
class Quote:
    """One printed sentence, and where it stands."""

    text: str
    place: str
    url: str


@dataclass(frozen=True, slots=True)
class Nearby:
    """The sentences of one programme, with what tells it from others of its name."""

    title: str
    url: str
    book: str
    amount: Money
    quotes: tuple[Quote, ...]


def nearby_of(passages: Sequence[Passage], library: Library, say: Language) -> tuple[Nearby, ...]:
    """The passages with their programmes named once."""
    known = {document.id: document for document in library.documents()} if passages else {}
    return tuple(
        _nearby(list(spoken), known, say) for _, spoken in groupby(passages, lambda p: p.program_id)
    )


def _nearby(passages: Sequence[Passage], known: dict[str, Document], say: Language) -> Nearby:
    first = passages[0]
    return Nearby(
        title=first.title,
        url=links.program_url(first.program_id),
        book=_book(known.get(first.document_id)),
        amount=first.amount,
        quotes=tuple(_quotes(passages, say)),
    )


def _book(document: Document | None) -> str:
    if document is None:
        return ""
    publisher = document.publisher.name if document.publisher else ""
    return " ".join(part for part in (publisher, document.fiscal_year_label) if part)


def _quotes(passages: Iterable[Passage], say: Language) -> Iterable[Quote]:
    for passage in passages:
        yield Quote(
            text=passage.quote,
            place=say.place(passage.page, passage.line),
            url=links.document_url(passage.document_id, passage.line),
        )
