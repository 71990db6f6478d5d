"""How is a set of programmes said and shown? Its name, rows, values and printed lines."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.answers.answer import Basis, Code, Derivation, Evidence, Kind, Row, Value
from indexer.answers.evidence import EvidenceFinder, Finding
from indexer.answers.lexicon import Lexicon
from indexer.answers.plan import Field, Filters, Plan
from indexer.answers.selection import Counted, measured
from indexer.answers.wording import (
    FIELD_NAMES,
    change_value,
    describe_set,
    percent_of,
    program_label,
    yen_value,
)
from indexer.eras import fiscal_year_label
from indexer.model import MoneyState, Program
from indexer.wording import ratio_in_words

_NAMED_IN_TEXT = 5
_EVIDENCE_LINES = 400
BASIS = {Field.AMOUNT: Basis.BUDGET, Field.PREVIOUS: Basis.PREVIOUS, Field.FORECAST: Basis.FORECAST}


class SetParts:
    """The parts that answers about sets are made of."""

    def __init__(self, lexicon: Lexicon, evidence: EvidenceFinder) -> None:
        self._lexicon = lexicon
        self._evidence = evidence
        self._amount_rows: dict[str, Row] = {}

    def nothing(self, plan: Plan, counted: Counted) -> Finding:
        """What to say of a set that is empty, or that prints no figure to compute with."""
        if not counted.matched:
            text = f"{self.titled(plan)}は索引の予算書に見つかりません（0件）。"
            return Finding(Kind.AGGREGATE, text, code=Code.PROGRAM_NOT_FOUND)
        n, measure = len(counted.matched), FIELD_NAMES[plan.measure]
        text = f"{self.name(plan)}{n}件には{measure}を計算できる数字の印字がありません。"
        derivation = Derivation("count", (), n, n, 0, counted.excluded, counted.reason)
        return Finding(Kind.AGGREGATE, text, None, (), (), derivation, Code.NOT_COMPUTABLE)

    def name(self, plan: Plan) -> str:
        return describe_set(plan.filters, self._lexicon)

    def titled(self, plan: Plan) -> str:
        """The year and the set: ``令和7年度の新規の事業``."""
        return f"{self.when(plan)}の{self.name(plan)}"

    def when(self, plan: Plan) -> str:
        year = plan.year if plan.measure in (Field.FORECAST, Field.PREVIOUS) else plan.filters.year
        return fiscal_year_label(year) if year is not None else ""

    def value(self, plan: Plan, yen: int) -> Value:
        if plan.measure in (Field.CHANGE, Field.RATE):
            return change_value(yen, plan.filters.year)
        return yen_value(yen, self._year_of(plan), BASIS.get(plan.measure))

    def _year_of(self, plan: Plan) -> int | None:
        year = plan.filters.year
        if plan.measure is Field.PREVIOUS:
            return year - 1 if year is not None else None
        return plan.year if plan.measure is Field.FORECAST else year

    def row(self, program: Program, measure: Field, yen: int | None = None) -> Row:
        year = self._lexicon.documents[program.document_id].fiscal_year
        if measure is Field.RATE:
            ratio = program.change_ratio
            percent = (
                float(percent_of(program.change_yen or 0, program.compared_yen or 1))
                if ratio is not None
                else None
            )
            return Row(
                program.title,
                Value(percent, "%", None, ratio_in_words(ratio), year, None),
                program.id,
            )
        if yen is None:
            yen = measured(program, measure)
        if yen is None:
            words = (
                "完了"
                if program.amount.state is MoneyState.COMPLETED
                else (program.amount.raw or "金額の記載なし")
            )
            return Row(program.title, Value(None, "円", None, words, year, None), program.id)
        if measure is Field.CHANGE:
            return Row(program.title, change_value(yen, year), program.id)
        if measure is Field.PREVIOUS:
            return Row(
                program.title,
                yen_value(yen, year - 1 if year else None, Basis.PREVIOUS),
                program.id,
            )
        return Row(program.title, yen_value(yen, year, BASIS.get(measure)), program.id)

    def amount_row(self, program: Program) -> Row:
        """The row of a list; made once per programme, for lists may hold thousands."""
        row = self._amount_rows.get(program.id)
        if row is None:
            row = self._amount_rows[program.id] = self.row(program, Field.AMOUNT)
        return row

    def names(self, programs: Sequence[Program]) -> str:
        if not programs:
            return ""
        shown = "".join(program_label(program) for program in programs[:_NAMED_IN_TEXT])
        return f"（{shown}{'など' if len(programs) > _NAMED_IN_TEXT else ''}）"

    def filter_lines(self, filters: Filters, programs: Sequence[Program]) -> tuple[Evidence, ...]:
        """The lines that put each programme into the set: its title, and the fields filtered on."""
        found: dict[Evidence, None] = {}
        names = [name for name, _ in (*filters.values, *filters.excluded)]
        for program in programs:
            lines = [*self._evidence.field(program, "title")]
            for name in names:
                lines.extend(self._evidence.field(program, name))
            lines.extend(self._evidence.money(program, program.amount, "amount"))
            found.update(dict.fromkeys(lines))
            if len(found) >= _EVIDENCE_LINES:
                break
        return tuple(found)

    def money_lines(self, programs: Sequence[Program], measure: Field) -> tuple[Evidence, ...]:
        found: dict[Evidence, None] = {}
        for program in programs:
            if measure is Field.FORECAST:
                for forecast in program.forecasts:
                    found.update(
                        dict.fromkeys(self._evidence.money(program, forecast.amount, "forecasts"))
                    )
            elif measure is not Field.PREVIOUS:
                found.update(dict.fromkeys(self._evidence.money(program, program.amount, "amount")))
            if measure in (Field.CHANGE, Field.RATE):
                found.update(dict.fromkeys(self._evidence.compared(program)))
            elif measure is Field.PREVIOUS:
                found.update(
                    dict.fromkeys(
                        self._evidence.money(program, program.previous_amount, "previous_amount")
                    )
                )
            if len(found) >= _EVIDENCE_LINES:
                break
        return tuple(found)
