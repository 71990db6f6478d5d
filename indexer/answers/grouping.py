"""What does each department, section, status, goal or year hold? One row per value."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from indexer.answers.answer import Code, Derivation, Evidence, Kind, Row, Value
from indexer.answers.evidence import Finding
from indexer.answers.lexicon import Lexicon, publisher_of
from indexer.answers.plan import Plan, Ranking
from indexer.answers.selection import Counted, Selector
from indexer.answers.set_parts import BASIS, SetParts
from indexer.answers.wording import yen_value
from indexer.eras import fiscal_year_label
from indexer.model import Program


class Grouping:
    """Executes plans that group."""

    def __init__(self, lexicon: Lexicon, selector: Selector, parts: SetParts) -> None:
        self._lexicon = lexicon
        self._selector = selector
        self._parts = parts

    def group(self, plan: Plan) -> Finding:
        """One row per value of a field: counts, sums, averages or changes."""
        programs = self._selector.select(plan.filters)
        counted = self._selector.count(programs, plan.measure)
        by = plan.group_by or "department"
        totals: dict[str, list[int]] = defaultdict(list)
        members: dict[str, int] = defaultdict(int)
        missing = [program for program in programs if self._group_of(program, by) is None]
        for program in programs:
            name = self._group_of(program, by)
            if name is not None:
                members[name] += 1
                totals[name].extend(())
        for program, yen in counted.pairs:
            name = self._group_of(program, by)
            if name is not None:
                totals[name].append(yen)
        if not members:
            return Finding(
                Kind.GROUP,
                f"{self._parts.name(plan)}を{_unit_name(by)}ごとに分ける記載が予算書にありません。",
                code=Code.FIELD_NOT_IN_BOOK,
            )
        rows = [self._group_row(name, members[name], totals[name], plan) for name in members]
        return self._group_finding(plan, rows, counted, programs, missing)

    def _group_row(self, name: str, count: int, yen: list[int], plan: Plan) -> Row:
        year = plan.filters.year
        if plan.reduce == "count":
            return Row(name, Value(count, "件", None, f"{count}件", year, None))
        if not yen:
            return Row(name, Value(None, "円", None, "金額の記載なし", year, None))
        if plan.reduce == "average":
            mean = int((Decimal(sum(yen)) / len(yen)).quantize(Decimal(1), ROUND_HALF_UP))
            return Row(name, yen_value(mean, year, BASIS.get(plan.measure)))
        return Row(name, self._parts.value(plan, sum(yen)))

    def _group_finding(
        self,
        plan: Plan,
        rows: list[Row],
        counted: Counted,
        programs: Sequence[Program],
        missing: Sequence[Program],
    ) -> Finding:
        unit = _unit_name(plan.group_by or "")
        note = f"（{counted.reason}）" if counted.reason and plan.reduce != "count" else ""
        numbers = [row.value.number or 0 for row in rows if row.value]
        total = int(sum(numbers))
        args = tuple(int(number) for number in numbers)
        derivation = Derivation(
            "count" if plan.reduce == "count" else "sum",
            args,
            total,
            len(programs),
            len(programs) if plan.reduce == "count" else len(counted.pairs),
            () if plan.reduce == "count" else counted.excluded,
            None if plan.reduce == "count" else counted.reason,
        )
        lines = (
            self._parts.filter_lines(plan.filters, programs)
            if plan.reduce == "count"
            else self._parts.money_lines([p for p, _ in counted.pairs], plan.measure)
        )
        warnings = (
            (f"{unit}の記載がない{len(missing)}件は分けられませんでした。",) if missing else ()
        )
        if plan.ranking is not None:
            return self._top_group(plan, rows, derivation, lines, unit, warnings)
        said = "、".join(f"{row.title}{row.value.display}" for row in rows if row.value)
        text = f"{self._parts.titled(plan)}を{unit}ごとにまとめると、{said}です{note}。"
        return Finding(Kind.GROUP, text, None, tuple(rows), lines, derivation, warnings=warnings)

    def _top_group(
        self,
        plan: Plan,
        rows: list[Row],
        derivation: Derivation,
        lines: tuple[Evidence, ...],
        unit: str,
        warnings: tuple[str, ...],
    ) -> Finding:
        ranking = plan.ranking or Ranking()
        with_value = [row for row in rows if row.value and row.value.number is not None]
        if not with_value:
            return Finding(
                Kind.GROUP, f"{unit}ごとの金額が予算書にありません。", code=Code.NOT_COMPUTABLE
            )
        ordered = sorted(with_value, key=_number_of, reverse=ranking.descending)
        at = (ranking.nth or 1) - 1
        if at >= len(ordered):
            return Finding(
                Kind.GROUP,
                f"{unit}は{len(ordered)}あります。",
                code=Code.NOT_COMPUTABLE,
                derivation=Derivation("count", (), len(ordered), len(ordered), len(ordered)),
            )
        top = ordered[at]
        value = top.value
        assert value is not None
        named = Value(
            value.number, value.unit, top.title, value.display, value.fiscal_year, value.basis
        )
        order = "多い" if ranking.descending else "少ない"
        if plan.reduce == "change":
            order = "増えた" if ranking.descending else "減った"
        place = f"{ranking.nth}番目に" if ranking.nth else "最も"
        which = f"{place}{order}{unit}"
        text = f"{self._parts.titled(plan)}で{which}は、{top.title}（{value.display}）です。"
        return Finding(
            Kind.GROUP, text, named, tuple(ordered), lines, derivation, warnings=warnings
        )

    def _group_of(self, program: Program, by: str) -> str | None:
        document = self._lexicon.documents[program.document_id]
        if by == "fiscal_year":
            return fiscal_year_label(document.fiscal_year) if document.fiscal_year else None
        if by == "publisher":
            return publisher_of(document)
        value: str | None = getattr(program, by)
        return value


def _number_of(row: Row) -> float:
    return row.value.number or 0 if row.value else 0


def _unit_name(by: str) -> str:
    return {
        "department": "担当課",
        "section": "部局",
        "status": "区分",
        "policy_goal": "政策目標",
        "account": "会計",
        "fiscal_year": "会計年度",
        "publisher": "発行者",
    }.get(by, by)
