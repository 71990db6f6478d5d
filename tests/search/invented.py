"""Invented budget books: two publishers that do not exist, two years, sixty-odd programmes.

Nothing here was printed anywhere. The texts are made to hold what searches stumble over: variants,
compounds, synonyms, kana, long vowels, renamed programmes.
"""

from __future__ import annotations

from pathlib import Path

from indexer.engine.interface import AddedDocument, IndexedSource
from indexer.model import (
    Document,
    Money,
    MoneyState,
    Paragraph,
    ParsedDocument,
    Program,
    Publisher,
    SourceLine,
)

BOOKS = {
    "wakaba-2025": ("若葉市", 2025),
    "wakaba-2024": ("若葉市", 2024),
    "shiomi-2025": ("汐見町", 2025),
}
"""Publisher and fiscal year of each book of ``invented.tsv``."""
_ROWS = Path(__file__).parent / "invented.tsv"


def _money(thousands: str, line: int) -> Money:
    if not thousands:
        return Money(None, MoneyState.NONE, "—", "千円", line)
    number = int(thousands)
    return Money(number * 1000, MoneyState.VALUE, f"{number:,}千円", "千円", line)


def _program(book: str, index: int, row: list[str]) -> Program:
    title, department, section, status, amount, previous, text = row
    line = 1 + index * 4
    return Program(
        id=f"{book}-{index:02}",
        document_id=book,
        title=title,
        section=section,
        status=status,
        status_raw=status,
        department=department,
        amount=_money(amount, line + 1),
        previous_amount=_money(previous, line + 1),
        page=1 + index // 3,
        description=(Paragraph(text, line + 3, line + 3),),
        first_line=line,
        last_line=line + 3,
        evidence=(SourceLine("title", line), SourceLine("department", line + 2)),
    )


def invented_books() -> tuple[ParsedDocument, ...]:
    """The books as the parser would hand them on."""
    rows = [line.split("\t") for line in _ROWS.read_text("utf-8").splitlines() if line[0] != "#"]
    return tuple(
        ParsedDocument(
            document=Document(
                id=book,
                title=f"{publisher}予算の概要（架空）",
                path=f"invented/{book}.txt",
                publisher=Publisher(publisher),
                fiscal_year=year,
                fiscal_year_label=f"令和{year - 2018}年度",
                account="一般会計",
            ),
            programs=tuple(
                _program(book, index, row[1:])
                for index, row in enumerate(row for row in rows if row[0] == book)
            ),
        )
        for book, (publisher, year) in BOOKS.items()
    )


def as_added(parsed: ParsedDocument) -> AddedDocument:
    """A parsed book on its way into a generation."""
    identity = parsed.document.id
    source = IndexedSource(identity, identity, f"/invented/{identity}", identity)
    return AddedDocument(parsed, source)
