"""What could one ask of these very books? Example searches and questions that do find something.

Every example is made from the loaded data and tried before it is shown: a search that finds
nothing, or a question that is not answered, is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from indexer.eras import fiscal_year_label
from indexer.library import AnswerStatus, Library, Overview, SearchRequest
from indexer.model import Program
from webui import links
from webui.pages.readings import ask_url

SEARCHES_SHOWN = 4
QUESTIONS_SHOWN = 4
LARGE = "1億円以上"
NEW = "新規"


@dataclass(frozen=True, slots=True)
class Example:
    """The words of one example and the page they lead to."""

    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Examples:
    """Example searches and questions."""

    searches: tuple[Example, ...]
    questions: tuple[Example, ...]


def newest_scope(library: Library) -> SearchRequest:
    """What is shown when nothing is chosen: the newest fiscal year. Years are never added up."""
    years = sorted(library.values("fiscal_year"), key=str, reverse=True)
    return SearchRequest(filters={"fiscal_year": (str(years[0]),)} if years else {})


def examples_of(
    library: Library, scope: SearchRequest, overview: Overview | None = None
) -> Examples:
    """Examples for the books in ``scope``. Tried once per generation and scope, then kept."""

    def make() -> Examples:
        known = overview or library.overview(scope)
        return Examples(
            tuple(islice(_searches(library, known, scope), SEARCHES_SHOWN)),
            tuple(islice(_questions(library, known, scope), QUESTIONS_SHOWN)),
        )

    # Asking a few questions costs more than the page.
    return library.keep(("examples", tuple(sorted(scope.filters.items()))), make)


def _searches(library: Library, overview: Overview, scope: SearchRequest) -> Iterator[Example]:
    titles = [program.title for program in _short(overview.most_increased)]
    titles += [program.title for program in _short(overview.largest)]
    for text in (*titles[:1], f"{NEW} {LARGE}", LARGE, NEW, *titles[1:]):
        asked = replace(scope, text=text, limit=1, facet_limit=0)
        if library.search(asked).total:
            yield Example(text, links.search_url(replace(scope, text=text)))


def _questions(library: Library, overview: Overview, scope: SearchRequest) -> Iterator[Example]:
    """Of one programme, of a set, a count and a comparison: one of each kind."""
    scoped = _scope_words(library, scope)
    sections = [v for v in overview.facets.get("section", ()) if v.count > 1]
    asked: list[str] = [
        f"{program.title}の予算はいくら？" for program in _short(overview.largest)[:1]
    ]
    asked += [
        f"{program.title}は前年度からいくら増えた？"
        for program in _short(overview.most_increased)[:1]
    ]
    asked += [f"{value.value}の予算の合計は？" for value in sections[:1]]
    asked += ["新規事業は何件？", "予算額が一番大きい事業は？"]
    for words in asked:
        question = f"{scoped}{words}"
        if library.ask(question).status is AnswerStatus.ANSWERED:
            yield Example(question, ask_url(question))


def _scope_words(library: Library, scope: SearchRequest) -> str:
    """``平成27年度の``: what a question must say to be about this scope; nothing for the newest
    year of all publishers, which is what a question is about by itself."""
    words = []
    newest = max((str(year) for year in library.values("fiscal_year")), default="")
    publishers = scope.filters.get("publisher", ())
    years = scope.filters.get("fiscal_year", ())
    if len(publishers) == 1:
        words.append(f"{publishers[0]}の")
    if len(years) == 1 and years[0] != newest and years[0].isdecimal():
        words.append(f"{fiscal_year_label(int(years[0]))}の")
    return "".join(words)


def _short(programs: Iterable[Program]) -> list[Program]:
    """The programmes, those with the shortest titles first: an example is read at a glance."""
    return sorted(programs, key=lambda program: len(program.title))
