"""Which programmes are in a set, and which of them may be added up?

The money rule: a programme does not count when one of its ancestors with a figure is in the same
set; 再掲 and うち amounts never count. The sample adds up to 2,826,344千円; with parent and
children both it would be 2,866,344千円.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from indexer.answers.lexicon import Lexicon, publisher_of
from indexer.answers.plan import Field, Filters
from indexer.answers.resolution import Resolver
from indexer.model import Money, MoneyState, Program


@dataclass(frozen=True, slots=True)
class Counted:
    """A set ready for arithmetic: (programme, yen) pairs, and what was left out."""

    matched: tuple[Program, ...]
    pairs: tuple[tuple[Program, int], ...]
    nested: tuple[Program, ...]
    """Left out because a programme above them is counted."""
    blank: tuple[Program, ...]
    """Left out because no figure is printed."""

    @property
    def excluded(self) -> tuple[str, ...]:
        """The ids of all programmes left out."""
        return tuple(p.id for p in (*self.nested, *self.blank))

    @property
    def reason(self) -> str | None:
        """Why programmes were left out, for the reader."""
        parts = []
        if self.nested:
            parts.append(f"親事業に含まれる内訳など{len(self.nested)}件は二重に数えていません")
        if self.blank:
            parts.append(f"金額の記載がない{len(self.blank)}件は除いています")
        return "、".join(parts) or None


class Selector:
    """Evaluates filters over the entries of a lexicon."""

    def __init__(self, lexicon: Lexicon, resolver: Resolver) -> None:
        self._lexicon = lexicon
        self._resolver = resolver
        self._selected: dict[Filters, tuple[Program, ...]] = {}

    def select(self, filters: Filters) -> tuple[Program, ...]:
        """Every programme that meets the filters, in printed order."""
        known = self._selected.get(filters)
        if known is None:
            if len(self._selected) > 64:
                self._selected.clear()
            known = self._selected[filters] = self._select(filters)
        return known

    def _select(self, filters: Filters) -> tuple[Program, ...]:
        if filters.ids:
            return tuple(self._lexicon.programs[i] for i in filters.ids)
        indexes = self._in_scope(filters)
        for name, values in filters.values:
            indexes &= self._with_values(name, values)
        for name, values in filters.excluded:
            indexes -= self._with_values(name, values)
        indexes = self._on_topic(indexes, filters)
        programs = (self._lexicon.entries[i].program for i in sorted(indexes))
        return tuple(
            program
            for program in programs
            if _within(program, filters)
            and _in_state(program, filters)
            and not {program.id, program.parent_id} & set(filters.excluded_ids)
        )

    def _in_scope(self, filters: Filters) -> frozenset[int]:
        """The books of the year (of each publisher's newest without one)."""
        return frozenset[int]().union(
            *(
                indexes
                for (name, year), indexes in self._lexicon.scopes.items()
                if (not filters.publishers or name in filters.publishers)
                and year == (filters.year or self._lexicon.newest.get(name))
            )
        )

    def _with_values(self, name: str, values: Sequence[str]) -> frozenset[int]:
        facets = self._lexicon.facets
        return frozenset[int]().union(*(facets.get((name, value), ()) for value in values))

    def _on_topic(self, allowed: frozenset[int], filters: Filters) -> frozenset[int]:
        if filters.topic:
            found = frozenset[int]().union(*(self._topic(text, allowed) for text in filters.topic))
            allowed &= found
        for text in filters.excluded_topic:
            allowed -= self._topic(text, allowed)
        return allowed

    def _topic(self, text: str, allowed: frozenset[int]) -> frozenset[int]:
        mention = self._resolver.mention_of(text)
        return self._resolver.topic(mention.telling or mention.words, allowed)

    def count(
        self, programs: Sequence[Program], measure: Field, year: int | None = None
    ) -> Counted:
        """The programmes whose ``measure`` may enter one arithmetic, by the money rule."""
        figures = [measured(program, measure, year) for program in programs]
        ids = {p.id for p, yen in zip(programs, figures, strict=True) if yen is not None}
        pairs: list[tuple[Program, int]] = []
        nested: list[Program] = []
        blank: list[Program] = []
        for program, yen in zip(programs, figures, strict=True):
            if (program.parent_id and self._above(program, ids)) or (
                program.flags and not program.is_summed
            ):
                nested.append(program)
            elif yen is None:
                blank.append(program)
            else:
                pairs.append((program, yen))
        return Counted(tuple(programs), tuple(pairs), tuple(nested), tuple(blank))

    def _above(self, program: Program, ids: set[str]) -> bool:
        """Whether a programme above this one is counted."""
        seen: set[str] = set()
        parent_id = program.parent_id
        while parent_id is not None and parent_id not in seen:
            if parent_id in ids:
                return True
            seen.add(parent_id)
            parent = self._lexicon.programs.get(parent_id)
            parent_id = parent.parent_id if parent else None
        return False

    def removed(self, filters: Filters, year: int) -> tuple[Program, ...]:
        """Programmes of the year before whose title this year's book no longer holds."""
        now: dict[str | None, set[str]] = {}
        for entry in self._lexicon.entries:
            if entry.document.fiscal_year == year:
                now.setdefault(publisher_of(entry.document), set()).add(entry.title)
        return tuple(
            e.program
            for e in self._lexicon.entries
            if e.document.fiscal_year == year - 1
            and publisher_of(e.document) in now
            and e.title not in now[publisher_of(e.document)]
            and (not filters.publishers or publisher_of(e.document) in filters.publishers)
            and all(
                getattr(e.program, name) in values
                for name, values in filters.values
                if name != "status"
            )
        )


def measured(program: Program, measure: Field, year: int | None = None) -> int | None:
    """The yen of a programme by which a set is added up or ranked; None without a figure."""
    if measure is Field.AMOUNT:
        return program.amount.yen
    if measure is Field.PREVIOUS:
        return program.previous_amount.yen
    if measure in (Field.CHANGE, Field.RATE):
        return program.change_yen
    if measure is Field.FORECAST:
        return next(
            (f.amount.yen for f in program.forecasts if year in (None, f.fiscal_year)), None
        )
    return program.amount.yen


def _within(program: Program, filters: Filters) -> bool:
    if filters.low is None and filters.high is None:
        return True
    yen = {
        "amount": program.amount.yen,
        "previous_amount": program.previous_amount.yen,
        "change": program.change_yen,
    }[filters.bounded]
    if yen is None:
        return False
    return (filters.low is None or yen >= filters.low) and (
        filters.high is None or yen <= filters.high
    )


def _in_state(program: Program, filters: Filters) -> bool:
    state = filters.state
    if state is None:
        return True
    change = program.change_yen
    return {
        "zero": program.amount.yen == 0,
        "blank": program.amount.yen is None,
        "no_previous": _no_previous(program.previous_amount),
        "unchanged": change == 0,
        "increased": change is not None and change > 0,
        "decreased": change is not None and change < 0,
        "completes": any(
            f.amount.state is MoneyState.COMPLETED
            for f in program.forecasts
            if filters.state_year in (None, f.fiscal_year)
        ),
    }[state]


def _no_previous(money: Money) -> bool:
    return money.yen is None and bool(money.raw)
