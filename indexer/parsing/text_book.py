"""Which programmes does a book of printed lines describe?

The steps in order: is it legible; which facts are known of it; what is each line
(``recognition``); where are the blocks (``blocks``); what do they mean (``relations``); what does
the contents list add (``matching``); does it add up (``reconciliation``).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from indexer import eras
from indexer.errors import SourceError
from indexer.model import Document, Heading, ParsedDocument, Program, Role, Severity
from indexer.pages.book_lines import BookLines
from indexer.pages.page import PageBook
from indexer.parsing.assembly import assign_ids, build_programs, claim_lines
from indexer.parsing.blocks import BlockReader
from indexer.parsing.drafts import Draft
from indexer.parsing.identity import document_id
from indexer.parsing.inference import Facts, establish_facts
from indexer.parsing.labels import read_labels
from indexer.parsing.layout import Kind, Layout
from indexer.parsing.legends import read_legends
from indexer.parsing.legibility import require_legible
from indexer.parsing.lines import read_lines
from indexer.parsing.manifest_hints import (
    columns_missing,
    columns_not_found,
    manifest_heading,
    revenue_sheet,
    unit_missing,
)
from indexer.parsing.matching import find_repeated_goals, match_entries, place_entries, take_pages
from indexer.parsing.paragraphs import wrap_width
from indexer.parsing.profile import Profile, header_words, load_profile, profile_names
from indexer.parsing.recognition import recognise
from indexer.parsing.reconciliation import reconcile
from indexer.parsing.relations import settle_block
from indexer.parsing.statutory_book import StatutoryBook
from indexer.parsing.statutory_pages import Statement
from indexer.parsing.tables import Rows, read_tables
from indexer.parsing.unread_tables import UNTOLD, UnreadTable, find_unread_table
from indexer.sources.document import SourceDocument

_HEADERS_WITHIN = 10_000
_FACT_NAMES = {"fiscal_year": "年度", "publisher": "発行者", "title": "書名"}


def parse_text(source: SourceDocument, pages: BookLines | None = None) -> ParsedDocument:
    """The programmes of a text book. Raises ``SourceError`` when nothing can be recognised.

    ``pages`` says of each line which page it stands on, where the file has pages.
    """
    layout, facts = lay_out(source)
    if pages is not None:
        _take_pages_as_known(layout, pages)
    rows = read_tables(layout)
    if rows.inferred_year is not None:
        facts.infer_year(*rows.inferred_year)
    recognise(layout)
    _note_captions(layout)
    find_repeated_goals(layout)
    _note_repeats(source, layout)
    drafts = _read_blocks(layout)
    _require_amounts(source, layout, rows)
    _require_units(source, rows, drafts)
    drafts = sorted([*drafts, *rows.place(layout)], key=_printed_order)
    if not drafts:
        raise _nothing_read(source, layout)
    return _finish(source, layout, facts, drafts)


def parse_statement(
    source: SourceDocument, book: PageBook, pages: BookLines, statement: Statement
) -> ParsedDocument:
    """The programmes of 歳入歳出予算事項別明細書, which pages alone can tell."""
    layout, facts = lay_out(source)
    _take_pages_as_known(layout, pages)
    read = StatutoryBook(layout, statement)
    read.read(book, pages)
    if not read.drafts:
        raise SourceError(
            source.path,
            f"{source.path} は歳入歳出予算事項別明細書のようですが、歳出の目を一つも確かに読み取れ"
            "ませんでした。主要事業などのテキストを置いてください。",
        )
    parsed = _finish(source, layout, facts, read.drafts)
    return replace(parsed, checks=(*read.checks, *parsed.checks))


def _take_pages_as_known(layout: Layout, pages: BookLines) -> None:
    """A mark or a division in one place on page after page is the programmes', not the pages'."""
    layout.known_pages = pages
    for number in pages.furniture:
        line = layout.line(number)
        if read_labels(line.raw, line.text, layout.profile) is None:
            layout.set(number, Kind.FURNITURE)


def _note_captions(layout: Layout) -> None:
    """``主要事業`` above a table is no text, nor a mark, of the programme on the page before."""
    captions = layout.known_pages.captions if layout.known_pages else ()
    for number in captions:
        labels = layout.labels.get(number)
        is_mark = layout.kind(number) is Kind.LABELS and labels and not labels.departments
        if is_mark or layout.kind(number) is Kind.TEXT:
            layout.set(number, Kind.NOTE)
            layout.labels.pop(number, None)


def lay_out(source: SourceDocument) -> tuple[Layout, Facts]:
    """The lines of the book with what is known of it before a programme is looked for."""
    require_legible(source)
    _require_spending(source)
    lines = read_lines(source.lines)
    facts = establish_facts(source, lines)
    layout = Layout(
        source.path,
        lines,
        _profile(source),
        facts.fiscal_year,
        facts.amount_unit,
        facts.forecast_unit,
        merges=source.merges,
    )
    read_legends(layout)
    _require_columns(source, layout)
    return layout, facts


def _require_spending(source: SourceDocument) -> None:
    """A sheet of revenue among those of a workbook holds no programmes."""
    name = source.sheet or ""
    if "歳入" in name and "歳出" not in name:
        raise revenue_sheet(source)


def _note_repeats(source: SourceDocument, layout: Layout) -> None:
    if source.repeats:
        layout.problem(
            None,
            "sheet_repeats",
            f"シート「{source.sheet}」の行の多くはシート「{source.repeats}」にもあり、合計では二重に"
            f"数えられます。{manifest_heading(source)} の下に sheet で読むシートを書いてください。",
        )


def _require_columns(source: SourceDocument, layout: Layout) -> None:
    """A column of whose headers in the manifest the book has none is a mistake to be told."""
    stated = source.manifest.columns if source.manifest else None
    if not stated:
        return
    printed = "\n".join(header_words(line.raw) for line in layout.lines[:_HEADERS_WITHIN])
    for _, words in stated:
        if not any(header_words(word) in printed for word in words):
            raise columns_not_found(source, words, find_unread_table(layout))


def _require_units(source: SourceDocument, rows: Rows, others: list[Draft]) -> None:
    """A book of tables whose amounts have no unit is refused; beside other text it is a doubt."""
    bare = [table.header.lines[0] for table in rows.tables if table.has_bare_figures]
    if bare and not others:
        raise unit_missing(source, bare)


def _require_amounts(source: SourceDocument, layout: Layout, rows: Rows) -> None:
    """A table with last year's column alone, beside figures under a header nobody knows."""
    if not rows.drafts or any(table.header.index("amount") is not None for table in rows.tables):
        return
    table = find_unread_table(layout)
    if table is not None and table.guesses.get("amount", UNTOLD) != UNTOLD:
        raise _columns_missing(source, layout, table)


def _columns_missing(source: SourceDocument, layout: Layout, table: UnreadTable) -> SourceError:
    has_unit = table.has_unit or bool(layout.units or layout.amount_unit)
    return columns_missing(source, table, has_unit=has_unit)


def _nothing_read(source: SourceDocument, layout: Layout) -> SourceError:
    table = find_unread_table(layout)
    if table is not None and table.guesses:
        return _columns_missing(source, layout, table)
    return SourceError(
        source.path,
        f"{source.path} から事業を一つも読み取れませんでした。"
        "予算額の行（例: 52,014千円）があるか、単位がマニフェストか本文にあるかを"
        "確かめてください。",
    )


def _printed_order(draft: Draft) -> tuple[int, int]:
    return draft.line, 0 if draft.role is Role.GROUP else 1


def _profile(source: SourceDocument) -> Profile:
    entry = source.manifest
    name = entry.profile if entry else None
    try:
        profile = load_profile(name)
        return profile.with_columns(entry.columns) if entry and entry.columns else profile
    except KeyError:
        raise SourceError(
            source.path,
            f"{source.path} のマニフェストにある profile「{name}」はありません。"
            f"{'、'.join(profile_names())} のどれかにしてください。",
        ) from None


def _read_blocks(layout: Layout) -> list[Draft]:
    blocks = BlockReader(layout).read()
    body = [layout.line(e.lines[0]) for b in blocks for e in b.events if e.kind == "text"]
    width = wrap_width(body)
    return [draft for block in blocks for draft in settle_block(layout, block, width)]


def _finish(
    source: SourceDocument, layout: Layout, facts: Facts, drafts: list[Draft]
) -> ParsedDocument:
    if "補正予算" in facts.title:
        for draft in drafts:
            draft.flag("supplement")
    place_entries(layout)
    match_entries(layout, drafts)
    take_pages(layout, drafts)
    assign_ids(drafts, facts, source.document_key)
    claim_lines(layout, drafts)
    identifier = document_id(source.document_key)
    document = _document(source, layout, facts, identifier, drafts)
    programs = build_programs(layout, drafts, facts, identifier)
    checks = reconcile(layout, drafts)
    _note_facts(layout, facts, drafts)
    problems = tuple(replace(problem, document_id=identifier) for problem in layout.problems)
    claims = tuple(layout.claims[number] for number in sorted(layout.claims))
    return ParsedDocument(document, programs, tuple(source.lines), claims, problems, checks)


def _document(
    source: SourceDocument, layout: Layout, facts: Facts, identifier: str, drafts: list[Draft]
) -> Document:
    entry = source.manifest
    amount_unit = facts.amount_unit or _printed_unit([d.amount.unit for d in drafts])
    forecast_unit = facts.forecast_unit or _printed_unit(
        [f.amount.unit for d in drafts for f in d.forecasts]
    )
    inferred = list(facts.inferred)
    account = facts.account or _only_account(layout)
    for name, value, stated in (
        ("account", account, entry and entry.account),
        ("amount_unit", amount_unit, entry and entry.amount_unit),
        ("forecast_unit", forecast_unit, entry and entry.forecast_unit),
    ):
        if value and not stated:
            inferred.append(name)
    year = facts.fiscal_year
    return Document(
        id=identifier,
        title=facts.title,
        path=source.path,
        publisher=facts.publisher,
        fiscal_year=year,
        fiscal_year_label=eras.fiscal_year_label(year) if year is not None else None,
        account=account,
        amount_unit=amount_unit,
        forecast_unit=forecast_unit,
        kind=entry.kind if entry else None,
        licence=entry.licence if entry else None,
        source_url=entry.source_url if entry else None,
        sha256=source.sha256,
        encoding=source.encoding,
        inferred=tuple(inferred),
        goals=_headings(layout, "goal"),
        sections=_headings(layout, "section"),
    )


def _printed_unit(units: list[str | None]) -> str | None:
    """The unit most amounts are printed in, the earlier one of equals."""
    counts = Counter(unit for unit in units if unit)
    return counts.most_common(1)[0][0] if counts else None


def _only_account(layout: Layout) -> str | None:
    names = {h.title for h in layout.headings.values() if h.kind == "account"}
    return names.pop() if len(names) == 1 else None


def _headings(layout: Layout, kind: str) -> tuple[Heading, ...]:
    """Headings of a kind in printed order, a repeated one once."""
    found: dict[tuple[str | None, str], Heading] = {}
    for number in sorted(layout.headings):
        heading = layout.headings[number]
        if heading.kind == kind:
            key = (heading.number, heading.title)
            found.setdefault(key, Heading(heading.number, heading.title, heading.line))
    return tuple(found.values())


def _note_facts(layout: Layout, facts: Facts, drafts: list[Draft]) -> None:
    """Say what was inferred, and what nobody says."""
    for name in facts.inferred:
        layout.problem(
            None,
            f"inferred_{name}",
            f"{_FACT_NAMES[name]}はマニフェストにないため、{facts.reasons[name]}から"
            f"「{_shown(facts, name)}」としました。",
            Severity.NOTE,
        )
    for name in ("fiscal_year", "publisher"):
        if getattr(facts, name) is None:
            layout.problem(
                None,
                f"unknown_{name}",
                f"{_FACT_NAMES[name]}がマニフェストにも本文にも見つかりません。マニフェストに書いてください。",
            )
    assumed = sorted(
        {word for d in drafts for word, _ in d.statuses if word in layout.profile.status_marks}
        - layout.profile.legend_marks
    )
    if assumed:
        layout.problem(
            None,
            "assumed_mark",
            f"印「{'」「'.join(assumed)}」の意味が本文にないため、一般的な意味で読みました。",
            Severity.NOTE,
        )


def _shown(facts: Facts, name: str) -> str:
    if name == "publisher":
        return facts.publisher.name if facts.publisher else ""
    if name == "fiscal_year" and facts.fiscal_year is not None:
        return eras.fiscal_year_label(facts.fiscal_year)
    return str(getattr(facts, name))


__all__ = ["Kind", "Program", "parse_text"]
