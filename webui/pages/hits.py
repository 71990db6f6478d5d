"""How is one hit shown? Everything a result list prints of it, worked out before the template.

A page of twenty hits is the page most asked for: the template only places what stands here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from indexer.library import Hit, InYear, SearchResponse
from indexer.model import Money, Program
from webui import charts, links
from webui.language import Language
from webui.marking import Pieces, marked

REASONS_SHOWN = 4
LEAD_CHARACTERS = 110
SENTENCE_ENDS = ("。", "！", "？", "」", "）", ")")
"""A snippet that ends otherwise was cut within its sentence."""
BULLETS = " \u3000・○〇●◎■□◆※-－"
"""What stands before the first word of a paragraph without being a part of its sentence."""


@dataclass(frozen=True, slots=True)
class YearView:
    """One fiscal year of a hit, and the page of the programme in it."""

    year: int
    url: str
    amount: Money
    is_shown: bool
    """Whether the hit shows this year."""


@dataclass(frozen=True, slots=True)
class HitView:
    """One hit as shown. Amounts are in ``program``; ``width`` is in percent of the longest bar."""

    program: Program
    url: str
    title: Pieces
    place: tuple[Pieces, ...]
    """Section, department and publisher with year, each marked where it matched."""
    width: float
    share: str
    texts: tuple[Pieces, ...]
    why: tuple[str, ...]
    years: tuple[YearView, ...]
    """Newest first; none where there is only one."""
    sparkline: str


@dataclass(frozen=True, slots=True)
class HitList:
    """Hits under one heading: those with every word, or those that only come near."""

    complete: bool
    start: int
    """The number of its first hit in the whole list, from 1."""
    hits: tuple[HitView, ...]


def views(response: SearchResponse, say: Language) -> list[HitList]:
    """The hits of one page, complete ones first."""
    longest = max((hit.program.amount.yen or 0 for hit in response.hits), default=0)
    lists: list[HitList] = []
    start = response.request.offset + 1
    for complete in (True, False):
        found = [hit for hit in response.hits if hit.complete is complete]
        # No share of one year in what many years add up to.
        total = response.total_yen if complete and not response.is_over_years else 0
        if found:
            shown = tuple(_view(hit, total, longest, say) for hit in found)
            lists.append(HitList(complete, start, shown))
        start += len(found)
    return lists


def _view(hit: Hit, total: int, longest: int, say: Language) -> HitView:
    program = hit.program
    found = {
        (snippet.field, snippet.text): marked(snippet.text, snippet.ranges)
        for snippet in hit.snippets
    }
    publisher = hit.document.publisher.name if hit.document.publisher else hit.document.title
    place = (
        ("section", program.section),
        ("department", program.department),
        ("publisher", publisher),
    )
    texts = [
        _with_ellipses(text, pieces, program)
        for (field, text), pieces in found.items()
        if field == "description"
    ]
    if not texts and program.description:
        texts = [[(_lead(program.description[0].text), False)]]
    counts = program.amount.yen and program.is_summed and total > 0
    year = hit.document.fiscal_year_label
    # A ministry is the section and the publisher of its book: it is named once.
    named = [
        (name, text) for name, text in place if text and (name, text) != ("section", publisher)
    ]
    plain = {text: [(text, False)] for _, text in named}
    pieces = [
        found.get((name, text)) or found.get(("section", text), plain[text]) for name, text in named
    ]
    if year:
        pieces[-1] = [*pieces[-1], (f" {year}", False)]
    return HitView(
        program=program,
        url=links.program_url(program.id),
        title=found.get(("title", program.title), [(program.title, False)]),
        place=tuple(pieces),
        width=charts.width_of(program.amount.yen, longest),
        share=say.share(program.amount.yen or 0, total) if counts else "",
        texts=tuple(texts),
        why=tuple(_reasons(hit, say)),
        years=_years(hit),
        sparkline=_sparkline(hit.years),
    )


def _years(hit: Hit) -> tuple[YearView, ...]:
    if len(hit.years) < 2:
        return ()
    return tuple(
        YearView(
            year.fiscal_year,
            links.program_url(year.program_id),
            year.amount,
            year.program_id == hit.program.id,
        )
        for year in hit.years
        if year.fiscal_year is not None
    )


def _sparkline(years: Sequence[InYear]) -> str:
    """A line through the amounts, oldest first; a year without a book is a place without one."""
    amounts = {y.fiscal_year: y.amount.yen for y in years if y.fiscal_year is not None}
    if len(amounts) < charts.SPARKLINE_YEARS:
        return ""
    return charts.sparkline([amounts.get(y) for y in range(min(amounts), max(amounts) + 1)])


def _reasons(hit: Hit, say: Language) -> list[str]:
    """``「こども」→「子ども」（表記ゆれ）``."""
    reasons = []
    for reason in hit.why[:REASONS_SHOWN]:
        words = f"「{reason.matched}」"
        if reason.typed != reason.matched:
            words = f"「{reason.typed}」→{words}"
        reasons.append(f"{words}（{getattr(say.words.match, str(reason.kind))}）")
    return reasons


def _with_ellipses(text: str, pieces: Pieces, program: Program) -> Pieces:
    """The snippet with … where it begins or ends within a sentence of the printed text."""
    shown = list(pieces)
    printed = next((p.text for p in program.description if text in p.text), text)
    before = printed[: printed.index(text)].rstrip(BULLETS) if text in printed else ""
    if before and not before.endswith(SENTENCE_ENDS):
        shown = [("…", False), *shown]
    if not text.endswith(SENTENCE_ENDS):
        shown = [*shown, ("…", False)]
    return shown


def _lead(text: str) -> str:
    return text if len(text) <= LEAD_CHARACTERS else f"{text[:LEAD_CHARACTERS]}…"
