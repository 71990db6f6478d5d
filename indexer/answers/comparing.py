"""How do two sides compare? Which is larger, by how much, how many times."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from indexer.answers.aggregates import Aggregates
from indexer.answers.answer import Basis, Code, Derivation, Evidence, Kind, Row, Value
from indexer.answers.evidence import EvidenceFinder, Finding
from indexer.answers.lexicon import Lexicon
from indexer.answers.plan import Field, Operand, Plan
from indexer.answers.wording import change_value, money_display, percent_of, yen_value
from indexer.wording import change_in_words, in_words


@dataclass(frozen=True, slots=True)
class Side:
    """One operand, executed."""

    label: str
    yen: int | None
    value: Value
    program_id: str | None
    evidence: tuple[Evidence, ...]
    args: tuple[int, ...] = ()


class Comparer:
    """Executes comparisons."""

    def __init__(self, lexicon: Lexicon, aggregates: Aggregates, evidence: EvidenceFinder) -> None:
        self._lexicon = lexicon
        self._aggregates = aggregates
        self._evidence = evidence

    def compare(self, plan: Plan) -> Finding:
        """The finding of a comparison, both operands in its rows and evidence."""
        first, second = (self._side(operand, plan) for operand in plan.operands[:2])
        rows = tuple(Row(side.label, side.value, side.program_id) for side in (first, second))
        lines = tuple(dict.fromkeys((*first.evidence, *second.evidence)))
        if first.yen is None or second.yen is None:
            blank = first if first.yen is None else second
            text = f"「{blank.label}」に比べられる金額の印字がないため、比較できません。"
            return Finding(Kind.COMPARE, text, None, rows, lines, code=Code.NOT_COMPUTABLE)
        if plan.comparison == "times":
            return self._times(first, second, rows, lines)
        if plan.group_by == "fiscal_year":
            return self._years(plan, first, second, rows, lines)
        return self._difference(plan, first, second, rows, lines)

    def _difference(
        self,
        plan: Plan,
        first: Side,
        second: Side,
        rows: tuple[Row, ...],
        lines: tuple[Evidence, ...],
    ) -> Finding:
        assert first.yen is not None
        assert second.yen is not None
        gap = abs(first.yen - second.yen)
        larger, smaller = (first, second) if first.yen >= second.yen else (second, first)
        high, low = larger.yen or 0, smaller.yen or 0
        derivation = Derivation("sub", (high, low), gap, 2, 2)
        is_change = plan.measure in (Field.CHANGE, Field.RATE)
        said = f"{self._said(first, is_change)}、{self._said(second, is_change)}"
        if gap == 0:
            text = f"{said}で、同額です。"
            value = Value(0, "円", "同額", "0円", plan.filters.year, None)
            return Finding(Kind.COMPARE, text, value, rows, lines, derivation)
        descending = plan.ranking.descending if plan.ranking else True
        asked = larger if descending else smaller
        word = "多く" if descending else "少なく"
        text = f"{said}で、「{asked.label}」のほうが{in_words(gap)}{word}なっています。"
        if plan.comparison == "difference":
            value = Value(gap, "円", None, in_words(gap), plan.filters.year, None)
        else:
            value = Value(
                asked.yen,
                "円",
                asked.label,
                asked.value.display,
                asked.value.fiscal_year,
                asked.value.basis,
            )
        return Finding(Kind.COMPARE, text, value, rows, lines, derivation)

    def _years(
        self,
        plan: Plan,
        first: Side,
        second: Side,
        rows: tuple[Row, ...],
        lines: tuple[Evidence, ...],
    ) -> Finding:
        """The same programme in two years: the later less the earlier."""
        assert first.yen is not None
        assert second.yen is not None
        change = second.yen - first.yen
        move = (
            "同額です"
            if change == 0
            else f"{in_words(abs(change))}{'増えています' if change > 0 else '減っています'}"
        )
        name = f"「{plan.entities[0].program.title}」は、" if plan.entities else ""
        text = f"{name}{self._said(first, False)}、{self._said(second, False)}で、{move}。"
        derivation = Derivation("sub", (second.yen, first.yen), change, 2, 2)
        if plan.comparison == "rate" and first.yen:
            percent = float(percent_of(change, first.yen))
            ratio = Derivation("div", (change, first.yen), percent, 2, 2)
            value = Value(percent, "%", None, f"{percent:+.1f}%", None, None)
            return Finding(Kind.COMPARE, f"{text}{percent:+.1f}%です。", value, rows, lines, ratio)
        return Finding(Kind.COMPARE, text, change_value(change, None), rows, lines, derivation)

    def _times(
        self, first: Side, second: Side, rows: tuple[Row, ...], lines: tuple[Evidence, ...]
    ) -> Finding:
        assert first.yen is not None
        assert second.yen is not None
        if second.yen == 0:
            text = f"「{second.label}」が0円のため、何倍かは計算できません。"
            return Finding(Kind.COMPARE, text, None, rows, lines, code=Code.NOT_COMPUTABLE)
        times = (Decimal(first.yen) / Decimal(second.yen)).quantize(Decimal("0.01"), ROUND_HALF_UP)
        text = f"{self._said(first, False)}は、{self._said(second, False)}の{times}倍です。"
        derivation = Derivation("div", (first.yen, second.yen), float(times), 2, 2)
        value = Value(float(times), "倍", None, f"{times}倍", None, None)
        return Finding(Kind.COMPARE, text, value, rows, lines, derivation)

    def _said(self, side: Side, is_change: bool) -> str:
        yen = side.yen or 0
        return f"「{side.label}」{change_in_words(yen) if is_change else money_display(yen)}"

    def _side(self, operand: Operand, plan: Plan) -> Side:
        program = operand.program
        if program is None:
            return self._set_side(operand, plan)
        year = self._lexicon.documents[program.document_id].fiscal_year
        lines = self._evidence.money(program, program.amount, "amount")
        previous = self._evidence.money(program, program.previous_amount, "previous_amount")
        if operand.use_previous or plan.measure is Field.PREVIOUS:
            yen, basis = program.previous_amount.yen, Basis.PREVIOUS
            year, lines = (year - 1 if year is not None else None), previous
        elif plan.measure in (Field.CHANGE, Field.RATE):
            compared = self._evidence.compared(program)
            yen, basis, lines = program.change_yen, None, (*lines, *compared)
        else:
            yen, basis = program.amount.yen, Basis.BUDGET
        label = operand.label
        value = (
            yen_value(yen, year, basis)
            if yen is not None
            else Value(None, "円", None, program.amount.raw or "記載なし", year, basis)
        )
        return Side(label, yen, value, program.id, tuple(dict.fromkeys(lines)))

    def _set_side(self, operand: Operand, plan: Plan) -> Side:
        measure = Field.PREVIOUS if operand.use_previous else plan.measure
        assert operand.filters is not None
        asked = replace(plan, filters=operand.filters, ranking=None, measure=measure, operands=())
        if plan.measure is Field.AMOUNT and operand.use_previous and operand.filters.year:
            asked = replace(asked, year=operand.filters.year - 1)
        finding = self._aggregates.add_up(asked)
        if finding.derivation is None or finding.value is None or finding.code is not None:
            return Side(operand.label, None, Value(None, "円", None, "記載なし"), None, ())
        yen = finding.value.number
        assert isinstance(yen, int)
        return Side(
            operand.label, yen, finding.value, None, finding.evidence, finding.derivation.args
        )
