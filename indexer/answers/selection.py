"""Which programmes are in a set, and which of them may be added up?

The money rule: a programme does not count when one of its ancestors with a figure is in the same
set; 再掲 and うち amounts never count. The sample adds up to 2,826,344千円; with parent and children
both it would be 2,866,344千円.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from indexer.answers.lexicon import Entry, Lexicon, compact, publisher_of
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

    def select(self, filters: Filters) -> tuple[Program, ...]:
        """Every programme that meets the filters, in printed order."""
        if filters.ids:
            return tuple(self._lexicon.programs[i] for i in filters.ids)
        entries: Iterable[Entry] = (e for e in self._lexicon.entries if self._meets(e, filters))
        kept = tuple(entries)
        if filters.topic or filters.excluded_topic:
            kept = self._on_topic(kept, filters)
        return tuple(entry.program for entry in kept)

    def _meets(self, entry: Entry, filters: Filters) -> bool:
        program, document = entry.program, entry.document
        if filters.year is not None and document.fiscal_year != filters.year:
            return False
        if filters.year is None and document.fiscal_year != self._lexicon.newest.get(
            publisher_of(document)
        ):
            return False
        if filters.publishers and publisher_of(document) not in filters.publishers:
            return False
        if any(getattr(program, name) not in values for name, values in filters.values):
            return False
        if any(getattr(program, name) in values for name, values in filters.excluded):
            return False
        if program.id in filters.excluded_ids or self._under(program, filters.excluded_ids):
            return False
        return _within(program, filters) and _in_state(program, filters)

    def _under(self, program: Program, ids: Sequence[str]) -> bool:
        return bool(ids) and program.parent_id in ids

    def _on_topic(self, entries: Sequence[Entry], filters: Filters) -> tuple[Entry, ...]:
        allowed = frozenset(entry.index for entry in entries)
        wanted = allowed
        if filters.topic:
            wanted = frozenset().union(*(self._topic(text, allowed) for text in filters.topic))
        for text in filters.excluded_topic:
            wanted = wanted - self._topic(text, allowed)
        return tuple(entry for entry in entries if entry.index in wanted)

    def _topic(self, text: str, allowed: frozenset[int]) -> frozenset[int]:
        mention = self._resolver.mention_of(text)
        return self._resolver.topic(mention.telling or mention.words, allowed)

    def count(
        self, programs: Sequence[Program], measure: Field, year: int | None = None
    ) -> Counted:
        """The programmes whose ``measure`` may enter one arithmetic, by the money rule."""
        ids = {p.id for p in programs if measured(p, measure, year) is not None}
        pairs: list[tuple[Program, int]] = []
        nested: list[Program] = []
        blank: list[Program] = []
        for program in programs:
            yen = measured(program, measure, year)
            if self._above(program, ids) or not program.is_summed:
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
    if measure is Field.PREVIOUS:
        return program.previous_amount.yen
    if measure in (Field.CHANGE, Field.RATE):
        return program.change_yen
    if measure is Field.FORECAST:
        return next(
            (f.amount.yen for f in program.forecasts if year in (None, f.fiscal_year)), None
        )
    return program.amount.yen


def same_title(first: Program, second: Program) -> bool:
    """Whether two programmes carry the same title."""
    return compact(first.title) == compact(second.title)


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
