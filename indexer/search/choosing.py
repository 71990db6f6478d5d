"""Which plan is taken? The strictest that finds enough, then wider ones, then near spellings.

Which one depends on the words alone, never on filters or pages, so that counts agree while a
reader narrows a result.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from indexer.analysis.analyzer import Analyzer
from indexer.engine.interface import Reader
from indexer.engine.query import Best, Query, Weighted
from indexer.search.grammar import All, Clause, Words
from indexer.search.lexicon import Lexicon
from indexer.search.planning import Planner
from indexer.search.readings import reading_of_typed
from indexer.search.response import MatchKind
from indexer.search.runs import Level
from indexer.search.sought import Form, Plan, Sought
from indexer.search.spelling import Speller, Spelling

_ENOUGH = 20
"""A strict plan that finds this many programmes needs no widening: the exact form is in use."""
_WEIGHT_RESPELLED = 100.0
"""What puts a sure near spelling before programmes that only hold the words somewhere."""
_INSTEAD = "「{typed}」の代わりに「{printed}」で探しました。"
_SENTENCE = 24
"""Characters of a sentence in which no misspelling is looked for: its other words find enough."""

Spelled = tuple[tuple[str, str], ...]
"""Pairs of what was typed and the printed text it may stand for."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The plan taken, and the spellings to ask back about."""

    plan: Plan
    root: All
    """What is looked for: as typed, or as spelled in its place."""
    spelled: Spelled = ()
    exact: int = 0
    """How many programmes hold every word as typed."""


class Chooser:
    """Chooses plans over one index. Safe under threads."""

    def __init__(
        self,
        reader: Reader,
        analyzer: Analyzer,
        planner: Planner,
        lexicon: Callable[[], Lexicon | None],
    ) -> None:
        self._reader = reader
        self._planner = planner
        self._speller = Speller(reader, analyzer, lexicon)

    def choose(self, root: All) -> Choice:
        """The plan for ``root``."""
        strict = self._planner.plan(root, Level.STRICT)
        if not strict.sought:
            return Choice(strict, root)
        exact = self._count(strict.query)
        if exact >= _ENOUGH or (exact and self._planner.is_long_title(root)):
            return Choice(strict, root, exact=exact)
        widened = self._planner.plan(root, Level.WIDENED)
        found = exact or self._count(widened.query)
        near = self._near_runs(root, exact=exact, found=found)
        if found:
            return replace(self._beside(root, widened, near), exact=exact)
        return self._instead(root, widened, near)

    def count_of_strict(self, root: All) -> int:
        """How many programmes hold all the words as typed."""
        return self._count(self._planner.plan(root, Level.STRICT).query)

    def _beside(self, root: All, widened: Plan, near: list[Spelling]) -> Choice:
        """What the words found; programmes of a sure near spelling come first."""
        spelled = _pairs(near)
        if not near or not self._adds(self._respelled(root, spelled, Level.WIDENED), widened):
            return Choice(widened, root)
        sure = _pairs([spelling for spelling in near if spelling.is_sure])
        if not sure:
            return Choice(widened, root, spelled)
        respelled = self._respelled(root, sure, Level.STRICT)
        query = Best((Weighted(respelled.query, _WEIGHT_RESPELLED), widened.query))
        sought = (*respelled.sought, *widened.sought)
        return Choice(replace(widened, query=query, sought=sought), root, spelled)

    def _adds(self, respelled: Plan, widened: Plan) -> bool:
        """Whether the near spelling finds a programme that the words do not find, or finds some
        first: what asks back for the programmes already shown says nothing."""
        if not self._count(respelled.query):
            return False
        both = self._count(Best((respelled.query, widened.query)))
        return both > self._count(widened.query) or both > self._count(respelled.query)

    def _instead(self, root: All, widened: Plan, near: list[Spelling]) -> Choice:
        """Nothing holds every word: the near spelling in its place, if that is all printed."""
        spelled = _pairs(near)
        if near:
            respelled = self._respelled(root, spelled, Level.WIDENED)
            if self._count(respelled.query):
                sentences = [_INSTEAD.format(typed=run, printed=text) for run, text in spelled]
                remarks = (*respelled.remarks, *sentences)
                return Choice(replace(respelled, remarks=remarks), _respell(root, spelled), spelled)
        return Choice(widened, root)

    def _respelled(self, root: All, spelled: Spelled, level: Level) -> Plan:
        """The plan with runs replaced by what is printed; its reasons name both."""
        plan = self._planner.plan(_respell(root, spelled), level)
        return replace(plan, sought=_as_fuzzy(plan.sought, spelled))

    def _count(self, query: Query) -> int:
        return self._reader.count(query)

    def _near_runs(self, root: All, *, exact: int, found: int) -> list[Spelling]:
        """Typed runs that nobody printed so, each with the nearest printed text."""
        runs = [part.text for part in root.parts if isinstance(part, Words)]
        near = []
        for run in runs:
            if exact and (reading_of_typed(run) or self._is_printed_as_typed(run)):
                continue
            if not exact and self._is_said_right(run):
                continue
            spelling = self._speller.near(run)
            if spelling is None and not found:
                spelling = self._speller.near_in_part(run, self._is_found)
            if spelling is not None and (spelling.is_sure or not exact):
                near.append(spelling)
        return near

    def _is_said_right(self, run: str) -> bool:
        """Whether it is a sentence of printed words, or a long one, or printed together."""
        is_sentence, is_printed = self._planner.is_sentence(run), self._planner.is_printed(run)
        if is_sentence and (is_printed or len(run) > _SENTENCE):
            return True
        return self._is_found(run)

    def _is_found(self, run: str) -> bool:
        """Whether the words of the run are all in one programme."""
        return self.count_of_strict(All((Words(run),))) > 0

    def _is_printed_as_typed(self, run: str) -> bool:
        return self._planner.expander.is_printed_in_a_row(run)


def _pairs(near: list[Spelling]) -> Spelled:
    return tuple((spelling.typed, spelling.printed) for spelling in near)


def _respell(root: All, spelled: Spelled) -> All:
    printed = dict(spelled)
    parts: list[Clause] = [
        Words(printed.get(part.text, part.text)) if isinstance(part, Words) else part
        for part in root.parts
    ]
    return All(tuple(parts))


def _as_fuzzy(sought: tuple[Sought, ...], spelled: Spelled) -> tuple[Sought, ...]:
    """Words of a corrected run, as the near spelling of what was typed."""
    typed = {text: run for run, text in spelled}
    return tuple(_one_as_fuzzy(item, typed) for item in sought)


def _one_as_fuzzy(item: Sought, typed: Mapping[str, str]) -> Sought:
    run = next((typed[text] for text in typed if item.typed in text), None)
    if run is None:
        return item
    forms = tuple(
        Form(MatchKind.FUZZY, form.text, form.terms) if form.kind is MatchKind.EXACT else form
        for form in item.forms
    )
    return Sought(run, forms)
