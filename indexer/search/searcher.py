"""What is the person asking for, and what do we show them, and why?

    typed text ─ grammar ─▶ clauses ─ understanding ─▶ filters + words ─ planning ─▶ plan
    plan + filters ─ engine ─▶ matches, facets, totals ─ snippets ─▶ hits with reasons

Programmes that hold every word are the complete set: totals, facets and exports are of them (see
``choosing``). Behind them come those that only come near, ranked with them by ``ranking``.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial
from itertools import chain

from indexer import eras, settings
from indexer.analysis.analyzer import Analyzer
from indexer.analysis.near_words import NearWords
from indexer.analysis.sentence_vectors import SentenceEncoder
from indexer.analysis.synonyms import load_synonyms
from indexer.engine.interface import Evaluation, InYear, Reader, Selection
from indexer.engine.query import And, Everything, Nothing, Query, Range, Unscored
from indexer.engine.schema import BODY, FISCAL_YEAR, TITLE
from indexer.model import Document, Program
from indexer.passages import Passage, passages_of
from indexer.search.choosing import Choice, Chooser
from indexer.search.combining import is_telling
from indexer.search.grammar import All, Words, parse, parse_strictly
from indexer.search.holding import Page
from indexer.search.lexicon import Lexicon, build_lexicon
from indexer.search.locating import Locator
from indexer.search.next_steps import next_steps
from indexer.search.planning import Planner
from indexer.search.ranking import Ranker, held_by
from indexer.search.related import related_programs, said_of_itself
from indexer.search.request import Fold, SearchRequest, Sort
from indexer.search.response import (
    Held,
    Hit,
    Nearest,
    NearHit,
    NextStep,
    Said,
    SearchResponse,
)
from indexer.search.retrieval import Found, Listed, Retrieval, Wanted, as_found
from indexer.search.snippets import Explained, explain_hit
from indexer.search.sought import Near, Plan, Sought
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
_YEAR = FISCAL_YEAR.name
_SCRIPTS = re.compile(r"[一-鿿々]+|[ぁ-ゖ]+|[ァ-ヺー]+|[A-Za-z]+")
_ONLY_NEAR = "すべての言葉を含む事業はないため、近い事業を示しています。"
_ALIKE = 40
"""How many programmes like one are looked at."""
_EXPORT_PAGE = 500
_PLANS_KEPT = 512
_VECTORS_KEPT = 64
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
    near: Near | None
    """What to rank; ``None`` where every match is as good as any other."""
    query: Query
    """The complete set: the plan within the bounds."""
    bounds: tuple[Query, ...]
    filters: Mapping[str, tuple[str | int, ...]]
    fold: bool
    """Whether a programme through the fiscal years is one hit."""
    remarks: tuple[str, ...]
    spellings: tuple[tuple[str, str], ...]


class Searcher:
    """Searches one generation. Safe under threads."""

    def __init__(self, reader: Reader, analyzer: Analyzer | None = None) -> None:
        self._reader = reader
        self._analyzer = analyzer or Analyzer()
        self._filters = FilterReader(reader)
        self._planner = Planner(
            reader, self._analyzer, self._filters.field_values, self._neighbours
        )
        self.ranker = Ranker(reader, _encoder_of(reader))
        self._retrieval = Retrieval(reader, self.ranker)
        self._locator = Locator(self._analyzer)
        self._chooser = Chooser(reader, self._analyzer, self._planner, self._lexicon_if_ready)
        self._building = threading.Lock()
        self._building_near_words = threading.Lock()
        self._starting = threading.Lock()
        self._builder: threading.Thread | None = None
        self._lexicon: Lexicon | None = None
        self._has_years = len(reader.values(_YEAR)) > 1
        self._size = reader.evaluate(Selection(query=Everything(), limit=0)).total
        # Paging and narrowing ask for the same words again and again.
        self._chosen = lru_cache(maxsize=_PLANS_KEPT)(self._chooser.choose)
        self._near = lru_cache(maxsize=_PLANS_KEPT)(self._planner.near)
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
        listed = self._listed(prepared, evaluation)
        hits = self._hits(listed.found, prepared)
        steps: tuple[NextStep, ...] = ()
        if not evaluation.total:
            steps = self._next_steps(prepared)
        remarks = prepared.remarks
        if hits and not evaluation.total:
            remarks = (*remarks, _ONLY_NEAR)
        if self._reader.vectors_problem is not None:
            remarks = (*remarks, self._reader.vectors_problem)
        return SearchResponse(
            request=request,
            remarks=remarks,
            understood=tuple(prepared.understood.shown),
            total=evaluation.total,
            total_rows=evaluation.total_rows,
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
            is_folded=prepared.fold,
            near_total=listed.near_total,
            confidence=listed.likelihood,
        )

    def _listed(self, prepared: _Prepared, complete: Evaluation) -> Listed:
        request = prepared.request
        if prepared.near is None:
            return Listed(as_found(complete.matches))
        wanted = Wanted(
            words=prepared.plan.query,
            bounds=prepared.bounds,
            filters=prepared.filters,
            near=prepared.near,
            behind=request.near,
            by_relevance=request.sort is Sort.RELEVANCE and not request.ascending,
            fold=prepared.fold,
            offset=request.offset,
            limit=request.limit,
        )
        return self._retrieval.list(wanted, complete)

    def matching(self, request: SearchRequest) -> Iterator[Program]:
        """Every programme of every year that matches, in the request's order; no page limit."""
        request = replace(request, near=False, fold=Fold.NONE, offset=0, limit=_EXPORT_PAGE)
        while True:
            prepared = self._prepare(request, strict=False)
            complete = self._evaluate(prepared, request.offset, request.limit, ())
            found = self._listed(prepared, complete).found
            yield from self._reader.programs([one.program_id for one in found])
            if len(found) < _EXPORT_PAGE:
                return
            request = replace(request, offset=request.offset + _EXPORT_PAGE)

    def candidates(
        self, request: SearchRequest
    ) -> tuple[Near, tuple[Program, ...], Sequence[float] | None] | None:
        """What the ranking of a request is made of, for fitting it: the words, the programmes
        listed and the meaning of the text; ``None`` where nothing is ranked."""
        prepared = self._prepare(request, strict=False)
        if prepared.near is None:
            return None
        programs = tuple(hit.program for hit in self.search(request).hits)
        return prepared.near, programs, self.ranker.vector(prepared.near.text)

    def nearest(
        self, text: str, filters: Mapping[str, tuple[str, ...]] | None = None, limit: int = 10
    ) -> Nearest:
        """The programmes and sentences nearest to ``text``, every word of it taken literally.

        ``filters`` as in a request. Empty when no word of the text says anything.
        """
        request = SearchRequest(
            text, filters=filters or {}, limit=limit, literal=True, fold=Fold.NONE
        )
        prepared = self._prepare(request, strict=False)
        root = prepared.understood.root
        near = self._near(root)
        choice = self._chosen(root)
        if not near.concepts:
            return Nearest(spelled=choice.spelled)
        if choice.root != root:  # As typed, whatever else a search would look for instead.
            prepared = replace(prepared, plan=Plan(Nothing(), ()), query=Nothing())
        complete = self._evaluate(prepared, 0, limit, ())
        listed = self._listed(replace(prepared, near=near), complete)
        hits = tuple(self._near_hit(near, one) for one in listed.found)
        return Nearest(hits, listed.likelihood, choice.spelled)

    def holding(
        self, text: str, filters: Mapping[str, tuple[str, ...]] | None = None
    ) -> tuple[str, ...]:
        """The ids of the programmes that hold every word of ``text``, taken literally."""
        request = SearchRequest(
            text, filters=filters or {}, literal=True, near=False, fold=Fold.NONE
        )
        prepared = self._prepare(request, strict=False)
        found = self._evaluate(prepared, 0, self._size, ())
        return tuple(match.program_id for match in found.matches)

    def sentences(self, text: str, program_id: str) -> tuple[Passage, ...]:
        """The sentences of one programme that come nearest to ``text``, best first."""
        program = self._reader.program(program_id)
        near = self._near(parse(text).root)
        if program is None or not near.concepts:
            return ()
        (ranked,) = self.ranker.rank(near, [program_id], self.ranker.vector(near.text))
        printed = passages_of(program)
        return tuple(printed[at] for at in ranked.passages)

    def said(self, text: str, program_id: str) -> tuple[Said, ...]:
        """The words of ``text``, taken literally, by how one programme holds them."""
        near = self._near(parse(text).root)
        queries = [query for c in near.concepts for query in (c.query, c.related)]
        (scores,) = self._reader.scores([program_id], queries).tolist()
        holds = map(held_by, scores[::2], scores[1::2])
        return _said(near, tuple(holds))

    def _near_hit(self, near: Near, found: Found) -> NearHit:
        program = self._program(found.program_id)
        document = self._documents[program.document_id]
        holds = found.holds or (Held.PRINTED,) * len(near.concepts)
        weights = [concept.weight for concept in near.concepts]
        everything = sum(weights) + len(near.nowhere) * max(weights)
        covered = sum(w for w, held in zip(weights, holds, strict=True) if held) / everything
        printed = passages_of(program)
        spoken = tuple(printed[at] for at in found.passages) or printed[:1]
        return NearHit(program, document, spoken, found.score, _said(near, holds), covered)

    def suggest(self, text: str, limit: int = 10) -> tuple[Suggestion, ...]:
        """Printed titles, names and words that ``text`` may become."""
        typed = text[: settings.QUERY_CHARACTERS]
        return suggest(self.lexicon, typed, limit, self._analyzer)

    def related(self, program_id: str, limit: int = 10) -> tuple[Program, ...]:
        """The same programme in other years or documents first, then similar ones."""
        program = self._reader.program(program_id)
        if program is None:
            return ()
        near = self.nearest(said_of_itself(program), limit=_ALIKE)
        return related_programs(self._reader, program, [hit.program for hit in near.hits], limit)

    def warm(self) -> None:
        """Begin to build beside the requests what suggestions would have to wait for."""
        with self._starting:
            if self._builder is None:
                # No daemon: ended inside the tokenizer it would take the whole program with it.
                self._builder = threading.Thread(target=self._build, name="build-lexicon")
                self._builder.start()

    def _build(self) -> None:
        try:
            _ = self.lexicon, self._near_words
            self._retrieval.warm()
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
        bounds = _bounds(request, understood)
        remarks = dict.fromkeys((*parsed.remarks, *understood.remarks, *plan.remarks))
        filters = _joined_filters(request, understood)
        return _Prepared(
            request=request,
            understood=understood,
            plan=plan,
            near=self._ranked_by(choice, understood),
            query=_within(plan.query, bounds),
            bounds=bounds,
            filters=filters,
            fold=self._has_years and request.fold is Fold.PROGRAMS and _YEAR not in filters,
            remarks=tuple(remarks),
            spellings=choice.spelled,
        )

    def _ranked_by(self, choice: Choice, understood: Understood) -> Near | None:
        """What near programmes are looked for with: one word that is printed needs none."""
        near = self._near(choice.root)
        if not near.concepts or (len(near.concepts) < 2 and choice.exact):
            return None
        return near

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
            _within(plan.query, _bounds(SearchRequest(), understood)),
            _joined_filters(SearchRequest(), understood),
        )
        found = self._reader.evaluate(Selection(query, filters, limit=0, sums=False)).total
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
                fold=prepared.fold,
                sums=bool(facets),
            )
        )

    def _hits(self, found: tuple[Found, ...], prepared: _Prepared) -> tuple[Hit, ...]:
        hits = []
        ids = [one.program_id for one in found]
        page = Page(self._reader, ids)
        for one, years in zip(found, self._years(ids, prepared), strict=True):
            program, document, explained = self._shown(one.program_id)
            held = partial(page.sources, one.program_id)
            plan = _shown_by(prepared, one)
            snippets, why = explain_hit(
                explained, plan, self._locator, held, next(iter(one.passages), 0)
            )
            hits.append(Hit(program, document, one.score, snippets, why, years, one.complete))
        return tuple(hits)

    def _years(self, ids: list[str], prepared: _Prepared) -> list[tuple[InYear, ...]]:
        """Of each programme the fiscal years that it stands for."""
        years = self._reader.years(ids)
        if prepared.fold:
            return list(years)
        return [
            tuple(year for year in own if year.program_id == one)
            for one, own in zip(ids, years, strict=True)
        ]

    def _neighbours(self, term: str) -> tuple[tuple[str, float], ...]:
        return self._near_words.near(term)

    @cached_property
    def _near_words(self) -> NearWords:
        """The printed words by meaning; built once, when first needed."""
        with self._building_near_words:
            terms = (self._reader.vocabulary(f.name) for f in (TITLE, BODY))
            return NearWords(chain.from_iterable(terms))

    def _read_program(self, program_id: str) -> tuple[Program, Document, Explained]:
        """A programme of the index with its texts ready to be marked."""
        program = self._program(program_id)
        document = self._documents[program.document_id]
        return program, document, Explained(program, document)

    def _program(self, program_id: str) -> Program:
        """A programme that matched."""
        program = self._reader.program(program_id)
        assert program is not None, f"{program_id} matched and is not there"
        return program

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


def _said(near: Near, holds: Sequence[Held]) -> tuple[Said, ...]:
    """The words said, by how a programme holds each concept."""
    known = [
        _said_as(concept.sought, held) for concept, held in zip(near.concepts, holds, strict=True)
    ]
    return (*known, *(_said_as(sought, Held.MISSING) for sought in near.nowhere))


def _said_as(sought: Sought, held: Held) -> Said:
    return Said(sought.typed, held, sought.is_noun, sought.is_everyday)


def _shown_by(prepared: _Prepared, found: Found) -> Plan:
    """What marks a hit: the plan that found it, or of a near one the words that it holds."""
    if found.complete or prepared.near is None:
        return prepared.plan
    concepts = prepared.near.concepts
    holds = found.holds or (Held.PRINTED,) * len(concepts)
    sought = tuple(c.sought for c, held in zip(concepts, holds, strict=True) if held)
    return replace(prepared.plan, sought=sought, is_widened=True)


def _encoder_of(reader: Reader) -> Callable[[str], Sequence[float]] | None:
    """What makes vectors that can be compared with those of the index."""
    if reader.encoder != SentenceEncoder.version:
        return None
    encoder = SentenceEncoder()
    return lru_cache(maxsize=_VECTORS_KEPT)(lambda text: encoder.encode([text])[0].tolist())


def _bounds(request: SearchRequest, understood: Understood) -> tuple[Query, ...]:
    """The bounds on amount and change; the stricter of asked and typed."""
    if understood.matches_nothing:
        return (Nothing(),)
    low = _stricter(max, request.min_amount, understood.bound("min_amount"))
    high = _stricter(min, request.max_amount, understood.bound("max_amount"))
    least = _stricter(max, request.min_change, understood.bound("min_change"))
    most = _stricter(min, request.max_change, understood.bound("max_change"))
    ranges = (Range("amount", low, high), Range("change", least, most))
    return tuple(Unscored(one) for one in ranges if (one.low, one.high) != (None, None))


def _within(query: Query, bounds: tuple[Query, ...]) -> Query:
    parts = bounds if bounds and isinstance(query, Everything) else (query, *bounds)
    return parts[0] if len(parts) == 1 else And(parts)


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
