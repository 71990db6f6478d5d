"""Which programmes do the pages of a book describe, and which pages could not be read?

The lines of the pages go the way of every text book. What the pages add is exact: which printed
page a programme stands on, and where on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from indexer.contract import printed_line_numbers
from indexer.model import Box, ParsedDocument, Place, Problem, Program, Severity, SourceLine
from indexer.pages.book_lines import BookLines, book_lines
from indexer.pages.page import PageBook, around
from indexer.pages.reading import read_pages
from indexer.parsing.statutory_book import ranges
from indexer.parsing.statutory_pages import read_statement
from indexer.parsing.text_book import parse_statement, parse_text
from indexer.sources.document import SourceDocument

_NEAR = 20.0
"""Points between lines of a programme that are framed as one."""
_FAULTS = {
    "image": "は画像だけで文字がないため読めません。文字を起こしたテキストを別に置いてください。",
    "scanned": (
        "は画像に機械で読み取った文字が重ねてあるだけで、数字の読み違いを確かめられないため"
        "読んでいません。原本から作ったPDFか、確かめたテキストを置いてください。"
    ),
    "garbled": (
        "は文字の対応表がなく文字が化けるため読んでいません。"
        "原本から書き出し直したPDFか、テキストを置いてください。"
    ),
}


def parse_pages(source: SourceDocument) -> ParsedDocument:
    """The programmes of a PDF. Raises ``SourceError`` when it cannot be read at all."""
    book = read_pages(source.path, source.content)
    lines = book_lines(book)
    text = _with_lines(source, lines)
    statement = read_statement(book, lines)
    parsed = parse_statement(text, book, lines, statement) if statement else parse_text(text, lines)
    return replace(
        parsed,
        programs=tuple(_placed(program, lines) for program in parsed.programs),
        problems=(*parsed.problems, *_page_problems(source.path, parsed.document.id, book)),
    )


def as_text(source: SourceDocument) -> tuple[SourceDocument, bool]:
    """The document as a text book, and whether its tables are 事項別明細書, which have no columns
    to be named."""
    book = read_pages(source.path, source.content)
    lines = book_lines(book)
    return _with_lines(source, lines), read_statement(book, lines) is not None


def _with_lines(source: SourceDocument, lines: BookLines) -> SourceDocument:
    return replace(source, format="text", lines=tuple(lines.texts), content=b"")


def _placed(program: Program, lines: BookLines) -> Program:
    places: Sequence[Place] = program.places
    if not places:
        numbers = printed_line_numbers(replace(program, evidence=_own(program)), lines.texts)
        own = (lines.places[n - 1] for n in numbers if n not in lines.furniture)
        places = [place for place in own if place is not None]
    return replace(program, places=tuple(_frames(places)))


def _own(program: Program) -> tuple[SourceLine, ...]:
    """Evidence on the programme's own lines: its headings and its entry stand elsewhere."""
    first, last = program.first_line or 0, program.last_line or 0
    return tuple(item for item in program.evidence if first <= item.line <= last)


def _frames(places: Sequence[Place]) -> Iterable[Place]:
    """One rectangle around lines that follow each other on a page."""
    group: list[Box] = []
    page = 0
    for place in places:
        if group and (place.page != page or not _follows(group[-1], place.box)):
            yield Place(page, around(group))
            group = []
        group.append(place.box)
        page = place.page
    if group:
        yield Place(page, around(group))


def _follows(above: Box, below: Box) -> bool:
    return above.y0 <= below.y0 <= above.y1 + _NEAR


def _page_problems(path: str, document_id: str, book: PageBook) -> Iterable[Problem]:
    for fault, words in _FAULTS.items():
        pages = [page for page in book.pages if page.fault == fault]
        if pages:
            yield Problem(
                path,
                None,
                f"page_{fault}",
                f"{path} の{ranges(page.number for page in pages)}ページ目{words}",
                Severity.ERROR,
                document_id,
            )
