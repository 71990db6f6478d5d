"""How was a question read, and how is the reading changed? Its parts as chips with plain links.

Every part leads on: to the same question with another value, or to the same search without it.
No script is needed, and nothing is guessed: the parts are those of ``Answer.interpretation``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, quote, urlsplit

from indexer import eras
from indexer.library import Answer, FacetValue, Library, SearchRequest
from webui import links
from webui.language import Language
from webui.parameters import AMOUNTS, ParameterError, read_search

CHOICES_SHOWN = 8
FACET_PARTS = ("section", "department", "status", "policy_goal", "account")
ABOUT_ONE = frozenset(
    ("amount", "delta", "department", "status", "forecast", "text", "page", "parent", "yesno")
)
"""Kinds of answers (``Answer.kind``) that are about one programme."""

_RELATIVE_YEAR = re.compile(
    # 今年度の予算は; but 昨年より増えた compares, and is no year of the book
    r"(?:今年度?|本年度|来年度?|昨年度?|去年)(?!より|から|と比|比)"
)
_TITLES = re.compile(r'"([^"]+)"')


@dataclass(frozen=True, slots=True)
class Choice:
    """Where a part leads: the words of the link, and whether they are printed text."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the reading: what it is, its value, and what else it could be."""

    label: str
    value: str
    choices: tuple[Choice, ...]


def ask_url(question: str) -> str:
    """``/ask?q=…``."""
    return f"/ask?q={quote(question, safe='', errors='replace')}"


def readable_ask_url(question: str) -> str:
    """The same address as people quote it: Japanese left as it is, all else escaped."""
    letters = (
        c if ord(c) > 127 and c.isalnum() else quote(c, "", errors="replace") for c in question
    )
    return f"/ask?q={''.join(letters)}"


def parts_of(question: str, answer: Answer, library: Library, say: Language) -> list[Part]:
    """The reading of ``question`` in its parts; none for what was not understood at all."""
    address = answer.interpretation.search_url
    try:
        asked = read_search(parse_qsl(urlsplit(address).query))
    except ParameterError:
        return []
    understood = asked.filters or answer.interpretation.entity or answer.rows or answer.evidence
    if not understood:
        return []
    found = library.search(replace(asked, limit=1, offset=0))
    parts = [
        *_years(question, asked, library, say),
        *_publishers(question, answer, asked, library, say),
        *_programmes(answer, asked, say),
    ]
    for facet in FACET_PARTS:
        values = found.facets.get(facet, ())
        parts.extend(_filter_parts(question, asked, facet, values, say))
    parts.extend(_amounts(asked, say))
    return [*parts, _wanted(answer, asked, say)]


def _years(question: str, asked: SearchRequest, library: Library, say: Language) -> list[Part]:
    """The fiscal year of the books, and the same question of every other year."""
    chosen = asked.filters.get("fiscal_year", ())
    if not chosen:
        return []
    others = [y for y in library.values("fiscal_year") if str(y) not in chosen]
    newest_first = sorted(others, key=str, reverse=True)[:CHOICES_SHOWN]
    choices = [
        Choice(say.words.ask.instead.format(say.facet_value("fiscal_year", year)), ask_url(again))
        for year in newest_first
        if (again := with_year(question, int(year))) is not None
    ]
    shown = "、".join(say.facet_value("fiscal_year", year) for year in chosen)
    return [Part(say.words.ask.book_year, shown, (*choices, *_without(asked, "fiscal_year", say)))]


def with_year(question: str, year: int) -> str | None:
    """The question about another fiscal year; ``None`` when it names several."""
    label = eras.fiscal_year_label(year)
    spans = [(found.start, found.end) for found in eras.find_years(question)]
    spans = spans or [match.span() for match in _RELATIVE_YEAR.finditer(question)]
    if len(spans) > 1:
        return None
    if not spans:
        return f"{label}の{question}"
    start, end = spans[0]
    return f"{question[:start]}{label}{question[end:]}"


def _publishers(
    question: str, answer: Answer, asked: SearchRequest, library: Library, say: Language
) -> list[Part]:
    """The publisher, when the index holds several."""
    known = [str(name) for name in library.values("publisher")]
    chosen = asked.filters.get("publisher", ())
    if not chosen and answer.interpretation.entity and answer.evidence:
        indexed = library.document(answer.evidence[0].document_id)
        publisher = indexed.document.publisher if indexed else None
        chosen = (publisher.name,) if publisher else ()
    if len(known) < 2 or not chosen:
        return []
    named = next((name for name in chosen if name in question), None)
    choices = [
        Choice(
            say.words.ask.instead.format(name),
            ask_url(question.replace(named, name) if named else f"{name}の{question}"),
        )
        for name in known
        if name not in chosen
    ]
    removed = _without(asked, "publisher", say) if "publisher" in asked.filters else ()
    label = say.facet("publisher")
    return [Part(label, "、".join(chosen), (*choices[:CHOICES_SHOWN], *removed))]


def _programmes(answer: Answer, asked: SearchRequest, say: Language) -> list[Part]:
    """The programme or the words the question is about, with the other readings."""
    if not asked.text:
        return []
    entity = answer.interpretation.entity
    titles = _TITLES.findall(asked.text) or [asked.text]
    choices = [Choice(item.question, ask_url(item.question)) for item in answer.alternatives]
    choices.append(Choice(say.words.ask.search_this, links.search_url(SearchRequest(asked.text))))
    shown = "、".join(titles)
    if entity is not None and entity.typed not in titles:
        shown = f"{shown}（「{entity.typed}」）"
    is_programme = entity is not None or len(titles) > 1
    label = say.words.ask.programme if is_programme else say.words.ask.topic
    return [Part(label, shown, tuple(choices))]


def _filter_parts(
    question: str,
    asked: SearchRequest,
    facet: str,
    values: Iterable[FacetValue],
    say: Language,
) -> list[Part]:
    """One facet's values: the same question with another value where it was typed literally,
    else the same search."""
    chosen = asked.filters.get(facet, ())
    if not chosen:
        return []
    typed = chosen[0] if len(chosen) == 1 and chosen[0] in question else None
    choices = []
    for value in [str(v.value) for v in values if v.count and not v.selected][:CHOICES_SHOWN]:
        if typed:
            url = ask_url(question.replace(typed, value))
            choices.append(Choice(say.words.ask.instead.format(value), url))
        else:
            changed = replace(asked, filters={**asked.filters, facet: (value,)})
            label = say.words.ask.search_instead_of.format(value)
            choices.append(Choice(label, links.search_url(changed)))
    return [Part(say.facet(facet), "、".join(chosen), (*choices, *_without(asked, facet, say)))]


def _amounts(asked: SearchRequest, say: Language) -> list[Part]:
    made = []
    for name in AMOUNTS:
        yen: int | None = getattr(asked, name)
        if yen is not None:
            kept = [pair for pair in links.pairs_of(asked) if pair[0] != name]
            url = links.search_url(read_search(kept))
            removed = Choice(say.words.ask.without, url)
            made.append(Part(str(getattr(say.words.bounds, name)), say.reading(yen), (removed,)))
    return made


def _without(asked: SearchRequest, facet: str, say: Language) -> tuple[Choice, ...]:
    filters = {name: values for name, values in asked.filters.items() if name != facet}
    url = links.search_url(replace(asked, filters=filters))
    return (Choice(say.words.ask.without, url),)


def _wanted(answer: Answer, asked: SearchRequest, say: Language) -> Part:
    """What is asked for, and what else can be asked of the same programme or programmes."""
    kind = str(answer.kind)
    years = asked.filters.get("fiscal_year", ())
    prefix = f"{eras.fiscal_year_label(int(years[0]))}の" if len(years) == 1 else ""
    entity = answer.interpretation.entity
    if entity is not None and kind in ABOUT_ONE:
        questions = [f"{prefix}{form.format(entity.matched)}" for form in say.words.ask.of_one]
    elif asked.text:
        questions = []
    else:
        questions = [form.format(prefix + _the_set(asked)) for form in say.words.ask.of_many]
    choices = tuple(Choice(text, ask_url(text)) for text in questions)
    return Part(say.words.ask.wanted, str(getattr(say.words.asked, kind)), choices)


def _the_set(asked: SearchRequest) -> str:
    """``総務課の新規の事業``: the set as one asks about it. Questions are always Japanese."""
    names = [name for facet in ("publisher", *FACET_PARTS) for name in asked.filters.get(facet, ())]
    return "".join(f"{name}の" for name in names) + "事業"
