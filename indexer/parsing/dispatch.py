"""Which reader does this document need? Text and tables, our export, sheets, pages."""

from __future__ import annotations

from indexer.model import ParsedDocument
from indexer.sources.document import SourceDocument


def parse(source: SourceDocument) -> ParsedDocument:
    """All that can be read of one document.

    Raises ``SourceError`` with one Japanese sentence when nothing can be recognised. Structured
    formats have readers of their own, imported only when such a document comes.
    """
    if source.format == "export":
        from indexer.parsing.export import parse_export

        return parse_export(source)
    if source.format == "review_sheets":
        from indexer.parsing.review_sheets import parse_review_sheets

        return parse_review_sheets(source)
    if source.format == "pages":
        from indexer.parsing.page_book import parse_pages

        return parse_pages(source)
    from indexer.parsing.text_book import parse_text

    return parse_text(source)
