"""What is the person asking for, and what do we show them, and why?

    typed text ─ grammar ─▶ clauses ─ understanding ─▶ filters + words ─ planning ─▶ plan
    plan + filters ─ engine ─▶ matches, facets, totals ─ snippets ─▶ hits with reasons

The strict plan is tried first. When it finds few programmes in the whole index, the widened one
takes its place (the exact ones still lead it); when that finds none, near spellings, then any of
the words (see ``choosing``).
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial

from indexer import eras, settings
from indexer.analysis.analyzer import Analyzer
from indexer.analysis.synonyms import load_synonyms
from indexer.engine.interface import Evaluation, Reader, Selection
from indexer.engine.query import And, Everything, Nothing, Query, Range, Unscored
from indexer.model import Document, Program
from indexer.search.choosing import Chooser
from indexer.search.combining import is_telling
from indexer.search.grammar import All, Words, parse, parse_strictly
from indexer.search.holding import Page
from indexer.search.lexicon import Lexicon, build_lexicon
from indexer.search.locating import Locator
from indexer.search.next_steps import next_steps
from indexer.search.planning import Planner
from indexer.search.related import related_programs
from indexer.search.request import SearchRequest, Sort
from indexer.search.response import Hit, NextStep, SearchResponse
from indexer.search.snippets import Explained, explain_hit
from indexer.search.sought import Plan
from indexer.search.suggest import Suggestion, suggest
from indexer.search.understanding import FilterReader, Understood

FACETS = (
    "section",
    "status",
    "department",
    "fiscal_year",
    "publisher",
    "account",
    "policy_goal",
)
"""The facets counted with every search."""
_SCRIPTS = re.compile(r"[一-鿿々]+|[ぁ-ゖ]+|[ァ-ヺー]+|[A-Za-z]+")
_EXPORT_PAGE = 500
_PLANS_KEPT = 512
_PROGRAMS_KEPT = 4096
"""Programmes kept as shown, with their folded texts: some 5 kB each."""
_BUILT_AT_ONCE = 2000
"""Programmes up to which the lexicon is built by the request that first needs it (0.2 s)."""


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A request on its way to the engine."""

    request: SearchRequest
    understood: Understood
    plan: Plan
    query: Query
    filters: Mapping[str, tuple[str | int, ...]]
    remarks: tuple[str, ...]
    spellings: tuple[tuple[str, str], ...]


class Searcher:
    """Searches one generation. Safe under threads."""

    def __init__(self, reader: Reader, analyzer: Analyzer | None = None) -> None:
        self._reader = reader
        self._analyzer = analyzer or Analyzer()
        self._filters = FilterReader(reader)
        self._planner = Planner(reader, self._analyzer, self._filters.field_values)
        self._locator = Locator(self._analyzer)
        self._chooser = Chooser(reader, self._analyzer, self._planner, self._lexicon_if_ready)
        self._building = threading.Lock()
        self._starting = threading.Lock()
        self._builder: threading.Thread | None = None
        self._lexicon: Lexicon | None = None
        self._size = reader.evaluate(Selection(query=Everything(), limit=0)).total
        # Paging and narrowing ask for the same words again and again.
        self._chosen = lru_cache(maxsize=_PLANS_KEPT)(self._chooser.choose)
        self._shown = lru_cache(maxsize=_PROGRAMS_KEPT)(self._read_program)
        self._documents = {document.id: document for document in reader.documents()}

    def search(self, request: SearchRequest, *, strict: bool = False) -> SearchResponse:
        """One page of hits with totals, facets, reasons and ways forward.

        Never raises on typed text, unless ``strict``: then what the forgiving reading would
        remark on is a :class:`UsageError`.
        """
        began = time.perf_counter()
        prepared = self._prepare(request, strict=strict)
        evaluation = self._evaluate(prepared, request.offset, request.limit, FACETS)
        hits = self._hits(evaluation, prepared.plan)
        steps: tuple[NextStep, ...] = ()
        if not evaluation.total:
            steps = self._next_steps(prepared)
        return SearchResponse(
            request=request,
            remarks=prepared.remarks,
            understood=tuple(prepared.understood.shown),
            total=evaluation.total,
            total_yen=evaluation.total_yen,
            previous_total_yen=evaluation.previous_total_yen,
            hits=hits,
            facets=evaluation.facets,
            did_you_mean=tuple(
                request.text.replace(typed, printed, 1) for typed, printed in prepared.spellings
            ),
            next_steps=steps,
            took_ms=round((time.perf_counter() - began) * 1000, 3),
            facet_totals=evaluation.facet_totals,
        )

    def matching(self, request: SearchRequest) -> Iterator[Program]:
        """Every programme that matches, in the request's order; no page limit."""
        prepared = self._prepare(request, strict=False)
        offset = 0
        while True:
            matches = self._evaluate(prepared, offset, _EXPORT_PAGE, ()).matches
            yield from self._reader.programs([match.program_id for match in matches])
            if len(matches) < _EXPORT_PAGE:
                return
            offset += _EXPORT_PAGE

    def suggest(self, text: str, limit: int = 10) -> tuple[Suggestion, ...]:
        """Printed titles, names and words that ``text`` may become."""
        typed = text[: settings.QUERY_CHARACTERS]
        return suggest(self.lexicon, typed, limit, self._analyzer)

    def related(self, program_id: str, limit: int = 10) -> tuple[Program, ...]:
        """The same programme in other years or documents first, then similar ones."""
        program = self._reader.program(program_id)
        if program is None:
            return ()
        return related_programs(self._reader, self._analyzer, program, limit)

    def warm(self) -> None:
        """Begin to build beside the requests what suggestions would have to wait for."""
        with self._starting:
            if self._builder is None:
                # No daemon: ended inside the tokenizer it would take the whole program with it.
                self._builder = threading.Thread(target=self._build, name="build-lexicon")
                self._builder.start()

    def _build(self) -> None:
        try:
            _ = self.lexicon
        except Exception:
            # The program ends, or the reader was closed: another generation is being served. A
            # request that still needs the lexicon builds it and raises what there is to raise.
            return

    @property
    def lexicon(self) -> Lexicon:
        """The printed words of this generation; built once, when first needed."""
        with self._building:
            if self._lexicon is None:
                load_synonyms()
                self._lexicon = build_lexicon(self._reader, self._analyzer)
                # Misspelt kana were looked for without it.
                self._chosen.cache_clear()
            return self._lexicon

    def _lexicon_if_ready(self) -> Lexicon | None:
        """The lexicon; for a large index only once it is built, for that takes seconds."""
        if self._lexicon is not None or self._size <= _BUILT_AT_ONCE:
            return self.lexicon
        self.warm()
        return None

    def _prepare(self, request: SearchRequest, *, strict: bool) -> _Prepared:
        parsed = (parse_strictly if strict else parse)(request.text)
        understood = self._understood(parsed.root, request)
        choice = self._chosen(understood.root)
        plan = choice.plan
        remarks = dict.fromkeys((*parsed.remarks, *understood.remarks, *plan.remarks))
        return _Prepared(
            request=request,
            understood=understood,
            plan=plan,
            query=_restricted(plan.query, request, understood),
            filters=_joined_filters(request, understood),
            remarks=tuple(remarks),
            spellings=choice.spelled,
        )

    def _understood(self, root: All, request: SearchRequest) -> Understood:
        """The filters in the words; none when the words taken literally are a title, or when
        only literally all of them are found: 経済産業省 is a ministry, and a word of titles."""
        understood = self._filters.read(root, literal=request.literal)
        if request.literal or not understood.shown:
            return understood
        literal = self._filters.read(root, literal=True)
        if self._planner.is_whole_title(literal.root):
            return literal
        if literal.shown or understood.names_a_year or understood.matches_nothing:
            return understood
        plan = self._chosen(understood.root).plan
        query, filters = (
            _restricted(plan.query, SearchRequest(), understood),
            _joined_filters(SearchRequest(), understood),
        )
        found = self._reader.evaluate(Selection(query=query, filters=filters, limit=0)).total
        if found or not self._chooser.count_of_strict(literal.root):
            return understood
        typed = "」「".join(dict.fromkeys(item.typed for item in understood.shown))
        literal.remarks.append(f"「{typed}」を絞り込みではなく言葉として探しました。")
        return literal

    def _evaluate(
        self, prepared: _Prepared, offset: int, limit: int, facets: tuple[str, ...]
    ) -> Evaluation:
        request = prepared.request
        return self._reader.evaluate(
            Selection(
                query=prepared.query,
                filters=prepared.filters,
                facets=facets,
                sort=str(request.sort),
                descending=(request.sort is not Sort.TITLE) != request.ascending,
                offset=offset,
                limit=limit,
                facet_limit=request.facet_limit,
            )
        )

    def _hits(self, evaluation: Evaluation, plan: Plan) -> tuple[Hit, ...]:
        hits = []
        page = Page(self._reader, [match.program_id for match in evaluation.matches])
        for match in evaluation.matches:
            program, document, explained = self._shown(match.program_id)
            held = partial(page.sources, match.program_id)
            snippets, why = explain_hit(explained, plan, self._locator, held)
            hits.append(Hit(program, document, match.score, snippets, why))
        return tuple(hits)

    def _read_program(self, program_id: str) -> tuple[Program, Document, Explained]:
        """A programme of the index with its texts ready to be marked."""
        program = self._reader.program(program_id)
        assert program is not None, f"{program_id} matched and is not there"
        document = self._documents[program.document_id]
        return program, document, Explained(program, document)

    def _next_steps(self, prepared: _Prepared) -> tuple[NextStep, ...]:
        def count(request: SearchRequest) -> int:
            other = self._prepare(request, strict=False)
            return self._evaluate(other, 0, 0, ()).total

        shown = tuple(prepared.understood.shown)
        years = tuple(int(year) for year in self._reader.values("fiscal_year"))
        parts = self._parts_of(prepared.understood.root)
        return next_steps(prepared.request, shown, prepared.spellings, parts, years, count)

    def _parts_of(self, root: All) -> tuple[str, ...]:
        """The words of a compound that is all that was typed, longest first."""
        runs = [part.text for part in root.parts if isinstance(part, Words)]
        if len(runs) != 1 or len(root.parts) != 1:
            return ()
        words = [runs[0][token.start : token.end] for token in self._analyzer.words(runs[0])]
        surfaces = words if len(words) > 1 else _SCRIPTS.findall(runs[0])
        found = {
            surface: None
            for surface in surfaces
            if is_telling(surface)
            and len(surface) < len(runs[0])
            and self._chooser.count_of_strict(All((Words(surface),)))
        }
        return tuple(sorted(found, key=lambda surface: -len(surface)))


def _restricted(query: Query, request: SearchRequest, understood: Understood) -> Query:
    """The query within the bounds on amount and change; the stricter of asked and typed."""
    if understood.matches_nothing:
        return Nothing()
    low = _stricter(max, request.min_amount, understood.bound("min_amount"))
    high = _stricter(min, request.max_amount, understood.bound("max_amount"))
    parts = [query]
    if low is not None or high is not None:
        parts.append(Unscored(Range("amount", low, high)))
    least = _stricter(max, request.min_change, understood.bound("min_change"))
    most = _stricter(min, request.max_change, understood.bound("max_change"))
    if least is not None or most is not None:
        parts.append(Unscored(Range("change", least, most)))
    if len(parts) > 1 and isinstance(query, Everything):
        parts = parts[1:]
    return parts[0] if len(parts) == 1 else And(tuple(parts))


def _stricter(
    choose: Callable[[list[int]], int], first: int | None, second: int | None
) -> int | None:
    known = [bound for bound in (first, second) if bound is not None]
    return choose(known) if known else None


def _joined_filters(
    request: SearchRequest, understood: Understood
) -> dict[str, tuple[str | int, ...]]:
    """The filters asked for and those read out of the text; within a facet alternatives."""
    joined: dict[str, dict[str | int, None]] = {}
    for filters in (request.filters, understood.filters):
        for facet, values in filters.items():
            for value in values:
                column_value = _year(value) if facet == "fiscal_year" else value
                joined.setdefault(facet, {})[column_value] = None
    return {facet: tuple(values) for facet, values in joined.items() if values}


def _year(value: str) -> int:
    """The western year of a filter value; a year nobody has for what is none."""
    year = eras.parse_fiscal_year(str(value))
    return -1 if year is None else year
