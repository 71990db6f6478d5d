"""What is asked of a set of programmes, or of none at all? Lists, sums and whether any is there."""

from __future__ import annotations

from dataclasses import replace

from indexer.answers.answer import Kind
from indexer.answers.conditions import is_open
from indexer.answers.fields import asked_fields
from indexer.answers.lexicon import Lexicon
from indexer.answers.plan import (
    ASKED_AGAIN,
    KIND_OF_FIELD,
    Check,
    Context,
    Field,
    Filters,
    Operation,
    Plan,
)
from indexer.answers.refusal import Refusal, Refuser


class SetPlans:
    """Plans for sets of programmes, and ways forward where nothing is named."""

    def __init__(self, lexicon: Lexicon, refuser: Refuser) -> None:
        self._lexicon = lexicon
        self._refuser = refuser

    def about_nothing(self, context: Context) -> Plan | Refusal:
        scan = context.scan
        fields = asked_fields(scan)
        beyond = context.year.column == "forecast" and context.year.figures
        if beyond and (Field.FORECAST not in fields or beyond not in self._lexicon.forecast_years):
            return self._refuser.year_not_indexed(beyond)
        if scan.has("op:list") and scan.has("domain", "op:list") and not fields:
            return self.plan(context, context.filters)
        if fields:
            kind = KIND_OF_FIELD[fields[0]]
            if fields[0] is Field.TEXT and scan.has("domain") and scan.has("text:what"):
                return self.plan(context, context.filters)
            return self._refuser.which_programme(ASKED_AGAIN.get(kind, "の予算額は？"), kind)
        if scan.has("pronoun"):
            return self._refuser.which_programme("の予算額は？", Kind.AMOUNT)
        if scan.has("domain", "year", "relative"):
            return self.plan(context, context.filters)
        return self._refuser.unparsed(scan)

    def plan(self, context: Context, filters: Filters) -> Plan | Refusal:
        """A list, the sum of a set whose amount is asked, or whether there is any."""
        scan, year = context.scan, context.year
        fields = asked_fields(scan)
        base = Plan(
            Operation.LIST,
            (Field.AMOUNT,),
            filters=filters,
            year=year.figures or year.book,
            assumptions=year.assumptions,
        )
        money = {Field.AMOUNT, Field.PREVIOUS, Field.CHANGE, Field.RATE, Field.FORECAST}
        if filters.state_year is not None:
            return base
        if year.column == "forecast" and Field.FORECAST not in fields and year.figures is not None:
            return self._refuser.year_not_indexed(year.figures)
        if year.column == "previous_amount":
            if not set(fields) & {Field.AMOUNT, Field.PREVIOUS} or filters.of("status"):
                assert year.figures is not None
                return self._refuser.year_not_indexed(year.figures)
            return replace(base, operation=Operation.SUM, measure=Field.PREVIOUS)
        if scan.has("predicate:exists") and not is_open(scan) and not scan.has("op:list"):
            return replace(base, operation=Operation.CHECK, check=Check("any"))
        asked_money = [f for f in fields if f in money]
        bounded = filters.low is not None or filters.high is not None or filters.state is not None
        if asked_money and not scan.has("op:list") and not bounded:
            return replace(base, operation=Operation.SUM, measure=asked_money[0])
        return base
