"""Short invented books as the sources stage would hand them over, for the tests of this folder.

Nothing in here is printed anywhere: names, amounts and pages are made up.
"""

from __future__ import annotations

from indexer.model import ParsedDocument, Program, Role
from indexer.parsing import parse
from indexer.sources.document import ManifestEntry, SourceDocument

FACTS = ManifestEntry(
    file="invented.txt",
    id="invented",
    title="令和7年度 架空区予算案の概要",
    publisher="架空区",
    fiscal_year=2025,
    amount_unit="千円",
    forecast_unit="百万円",
)


def source(
    text: str, manifest: ManifestEntry | None = FACTS, path: str = "invented.txt"
) -> SourceDocument:
    """A text as a document of the sources stage."""
    return SourceDocument(
        path=path,
        format="text",
        fingerprint="f",
        sha256="s",
        encoding="utf-8",
        document_key=manifest.id if manifest and manifest.id else path,
        manifest=manifest,
        lines=tuple(text.split("\n")),
    )


def read(text: str, manifest: ManifestEntry | None = FACTS) -> ParsedDocument:
    """Parse an invented book."""
    return parse(source(text, manifest))


def named(document: ParsedDocument) -> dict[str, Program]:
    """Programmes by title, groups left out; titles must differ."""
    programs = [program for program in document.programs if program.role is not Role.GROUP]
    by_title = {program.title: program for program in programs}
    assert len(by_title) == len(programs), [program.title for program in programs]
    return by_title


def yen(program: Program) -> tuple[int | None, int | None]:
    """This year's and last year's amount in thousand yen."""
    amounts = (program.amount.yen, program.previous_amount.yen)
    this, last = (value if value is None else value // 1000 for value in amounts)
    return this, last
