"""What is set against what? Two programmes, years, publishers, departments or statuses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from indexer.answers.answer import Kind
from indexer.answers.claims import Scan
from indexer.answers.conditions import filter_claims
from indexer.answers.lexicon import Lexicon, compact, publisher_of
from indexer.answers.naming import Namer, Naming
from indexer.answers.plan import Field, Filters, Operand, Operation, Plan, Ranking
from indexer.answers.refusal import Refusal, Refuser
from indexer.answers.resolution import Resolver
from indexer.answers.years import YearReading
from indexer.eras import fiscal_year_label


def sets_years_against_each_other(scan: Scan) -> bool:
    """2019年度から2022年度までにいくら増えた: two years, and a change or the money of both."""
    years = {claim.number for claim in scan.of("year")}
    return len(years) == 2 and scan.has("field:change", "field:rate", "field:amount")


class Comparisons:
    """Plans comparisons."""

    def __init__(
        self, lexicon: Lexicon, resolver: Resolver, namer: Namer, refuser: Refuser
    ) -> None:
        self._lexicon = lexicon
        self._resolver = resolver
        self._namer = namer
        self._refuser = refuser

    def plan(
        self, scan: Scan, year: YearReading, base: Plan, naming: Naming, allowed: frozenset[int]
    ) -> Plan | Refusal | None:
        """Two sides set against each other: programmes, years, publishers, departments …"""
        years = sets_years_against_each_other(scan)
        if not (years or scan.has("op:which", "op:difference", "op:times", "op:compare")):
            return None
        how = _how_compared(scan, years=years)
        low = scan.has("direction:low") and not scan.has("direction:high")
        ranking = Ranking(descending=not low)
        plan = replace(base, operation=Operation.COMPARE, comparison=how, ranking=ranking)
        if scan.has("field:change", "field:rate") and scan.has("op:which"):
            plan = replace(plan, measure=Field.CHANGE)
        alone = scan.has("relative") or (
            how == "times" and len(self._namer.name_each(scan, allowed)) < 2
        )
        if alone and not year.asked and len(naming.entities) == 1:
            return self._against_last_year(plan, naming)
        if len(year.asked) > 1 and (
            naming.entities or naming.mention is None or not naming.mention.text
        ):
            return self._compare_years(scan, year, plan, naming)
        publishers = base.filters.publishers
        if len(publishers) > 1:
            return self._compare_publishers(scan, plan, naming, publishers)
        return self._compare_sides(scan, plan, allowed)

    def _against_last_year(self, plan: Plan, naming: Naming) -> Plan:
        """去年の何倍, 去年との差: the column of the same book."""
        if plan.comparison != "times":
            return replace(
                plan, operation=Operation.LOOKUP, fields=(Field.CHANGE,), entities=naming.entities
            )
        program = naming.entities[0].program
        year = self._lexicon.documents[program.document_id].fiscal_year
        if year is None:
            return plan
        operands = (
            Operand(fiscal_year_label(year), program),
            Operand(fiscal_year_label(year - 1), program, use_previous=True),
        )
        return replace(plan, operands=operands, entities=naming.entities, group_by="fiscal_year")

    def _compare_sides(
        self, scan: Scan, plan: Plan, allowed: frozenset[int]
    ) -> Plan | Refusal | None:
        sets = self._set_operands(scan, plan.filters)
        if len(sets) >= 2:
            return replace(plan, operands=sets[:2])
        each = self._namer.name_each(scan, allowed)
        if len(each) < 2:
            return None
        operands: list[Operand] = []
        for named in each[:2]:
            if named.entities:
                program = named.entities[0].program
                operands.append(Operand(program.title, program))
                continue
            text = named.mention.text if named.mention else ""
            if named.resolution.candidates:
                programs = [c.entry.program for c in named.resolution.candidates]
                return self._refuser.ambiguous(text, programs, Kind.COMPARE)
            near = (
                [e.program for e in self._resolver.nearest(named.mention, allowed)]
                if named.mention
                else []
            )
            return self._refuser.not_found(text, near, Kind.COMPARE)
        entities = tuple(n.entities[0] for n in each[:2])
        return replace(plan, operands=tuple(operands), entities=entities)

    def _set_operands(self, scan: Scan, filters: Filters) -> tuple[Operand, ...]:
        """総務課と企画課, 新規と拡充: one field with two values."""
        for name, values in filters.values:
            if len(values) >= 2 and not scan.has("title"):
                rest = tuple((n, v) for n, v in filters.values if n != name)
                return tuple(
                    Operand(value, filters=replace(filters, values=(*rest, (name, (value,)))))
                    for value in values
                )
        return ()

    def _compare_years(
        self, scan: Scan, year: YearReading, plan: Plan, naming: Naming
    ) -> Plan | Refusal:
        """R6とR7の道路維持費: each year from its own book, else from the 前年度 column."""
        operands: list[Operand] = []
        # 何倍になった asks for the later by the earlier.
        for asked in sorted(year.asked[:2], reverse=plan.comparison == "times"):
            operand = self._year_operand(asked, plan, naming)
            if operand is None:
                return self._refuser.year_not_indexed(asked)
            operands.append(operand)
        return replace(
            plan, operands=tuple(operands), entities=naming.entities, group_by="fiscal_year"
        )

    def _year_operand(self, asked: int, plan: Plan, naming: Naming) -> Operand | None:
        label = fiscal_year_label(asked)
        if not naming.entities:
            if asked in self._lexicon.years:
                return Operand(label, filters=replace(plan.filters, year=asked))
            if asked + 1 in self._lexicon.years and not plan.filters.of("status"):
                return Operand(
                    label, filters=replace(plan.filters, year=asked + 1), use_previous=True
                )
            return None
        program = naming.entities[0].program
        here = self._lexicon.documents[program.document_id]
        for entry in self._lexicon.by_title[compact(program.title)]:
            same = publisher_of(entry.document) == publisher_of(here)
            if same and entry.document.fiscal_year == asked:
                return Operand(label, entry.program)
        for entry in self._lexicon.by_title[compact(program.title)]:
            same = publisher_of(entry.document) == publisher_of(here)
            if same and entry.document.fiscal_year == asked + 1:
                return Operand(label, entry.program, use_previous=True)
        return None

    def _compare_publishers(
        self, scan: Scan, plan: Plan, naming: Naming, publishers: Sequence[str]
    ) -> Plan | Refusal:
        operands: list[Operand] = []
        has_mention = bool(naming.mention and naming.mention.text) or scan.has("title")
        for name in publishers[:2]:
            allowed = frozenset(
                e.index
                for e in self._lexicon.entries
                if publisher_of(e.document) == name
                and e.document.fiscal_year
                == (
                    self._lexicon.newest.get(name)
                    if not scan.has("year", "relative")
                    else plan.filters.year
                )
            )
            if not has_mention:
                operands.append(
                    Operand(
                        name,
                        filters=replace(
                            plan.filters, publishers=(name,), year=self._lexicon.newest.get(name)
                        ),
                    )
                )
                continue
            named = self._namer.name(scan, allowed, filter_claims(scan))
            if not named.entities:
                text = naming.mention.text if naming.mention else name
                return self._refuser.not_found(f"{name}の{text}", kind=Kind.COMPARE)
            operands.append(
                Operand(f"{name}の{named.entities[0].program.title}", named.entities[0].program)
            )
        return replace(plan, operands=tuple(operands))


def _how_compared(scan: Scan, *, years: bool) -> str:
    if scan.has("op:times"):
        return "times"
    if years and scan.has("field:rate"):
        return "rate"
    return "difference" if years or scan.has("op:difference") else "which"
