"""What do sets of programmes hold, and what do they add up to? Lists, counts, sums, ranks, shares.

Always over the whole set, never over a page of hits; the money rule is in ``selection``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from indexer.answers.answer import Basis, Code, Derivation, Evidence, Kind, Row, Value
from indexer.answers.evidence import EvidenceFinder
from indexer.answers.findings import Finding
from indexer.answers.lexicon import Lexicon, publisher_of
from indexer.answers.plan import Field, Filters, Plan, Ranking
from indexer.answers.selection import Counted, Selector, measured
from indexer.answers.wording import (
    FIELD_NAMES,
    change_value,
    describe_set,
    money_display,
    percent_of,
    program_label,
    yen_value,
)
from indexer.eras import fiscal_year_label
from indexer.model import MoneyState, Program
from indexer.wording import change_in_words, in_words, ratio_in_words

_NAMED_IN_TEXT = 5
_EVIDENCE_LINES = 400
_BASIS = {
    Field.AMOUNT: Basis.BUDGET,
    Field.PREVIOUS: Basis.PREVIOUS,
    Field.FORECAST: Basis.FORECAST,
}


class Aggregates:
    """Executes plans over sets."""

    def __init__(self, lexicon: Lexicon, selector: Selector, evidence: EvidenceFinder) -> None:
        self._lexicon = lexicon
        self._selector = selector
        self._evidence = evidence
        self._amount_rows: dict[str, Row] = {}

    # ---- lists and counts -----------------------------------------------------------------

    def list_all(self, plan: Plan) -> Finding:
        """Every programme of the set, with its amount."""
        programs = self._selector.select(plan.filters)
        text = f"{self._set(plan)}は{len(programs)}件です{self._names(programs)}。"
        return self._listed(plan, programs, text, Kind.LIST)

    def count(self, plan: Plan) -> Finding:
        """How many programmes are in the set; children are programmes of their own."""
        programs = self._selector.select(plan.filters)
        ids = {program.id for program in programs}
        inner = [program for program in programs if program.parent_id in ids]
        note = (
            f"（このうち{len(inner)}件は親事業の内訳で、親事業にまとめると{len(programs) - len(inner)}件）"
            if inner
            else ""
        )
        text = f"{self._set(plan)}は{len(programs)}件です{note}。"
        return self._listed(plan, programs, text, Kind.AGGREGATE, inner)

    def _listed(
        self,
        plan: Plan,
        programs: Sequence[Program],
        text: str,
        kind: Kind,
        inner: Sequence[Program] = (),
    ) -> Finding:
        if not programs and plan.filters.topic:
            text = f"{self._set(plan)}の記載は索引の予算書に見つかりません。"
            return Finding(kind, text, code=Code.PROGRAM_NOT_FOUND)
        rows = tuple(map(self._amount_row, programs))
        value = Value(len(programs), "件", None, f"{len(programs)}件", plan.filters.year, None)
        args = (len(programs), len(programs) - len(inner), len(inner))
        derivation = Derivation("count", args, len(programs), len(programs), len(programs))
        evidence = self._filter_lines(plan.filters, programs)
        return Finding(kind, text, value, rows, evidence, derivation)

    def any_at_all(self, plan: Plan) -> Finding:
        """Whether the set has any member. The set of an index is closed, so いいえ is a fact."""
        finding = self.list_all(plan)
        if not finding.rows:
            if plan.filters.topic:
                text = f"{self._set(plan)}の記載は索引の予算書に見つかりません。"
                return Finding(Kind.YESNO, text, code=Code.PROGRAM_NOT_FOUND)
            value = Value(None, None, "いいえ", "いいえ", plan.filters.year)
            text = f"いいえ、{self._set(plan)}は0件です。"
            return Finding(Kind.YESNO, text, value, (), (), finding.derivation)
        value = Value(None, None, "はい", "はい", plan.filters.year)
        return Finding(
            Kind.YESNO,
            f"はい、{finding.text}",
            value,
            finding.rows,
            finding.evidence,
            finding.derivation,
        )

    def removed(self, plan: Plan, year: int) -> Finding:
        """Programmes of last year's book that this year's no longer holds."""
        programs = self._selector.removed(plan.filters, year)
        label, before = fiscal_year_label(year), fiscal_year_label(year - 1)
        text = f"{before}の予算書にあって{label}にない事業は{len(programs)}件です{self._names(programs)}。"
        rows = tuple(map(self._amount_row, programs))
        value = Value(len(programs), "件", None, f"{len(programs)}件", year, None)
        derivation = Derivation(
            "count", (len(programs),), len(programs), len(programs), len(programs)
        )
        return Finding(Kind.LIST, text, value, rows, self._evidence.titles(programs), derivation)

    # ---- sums, averages, ranks, shares ----------------------------------------------------

    def counted(self, plan: Plan, filters: Filters | None = None) -> Counted:
        """The set of the plan, ready for arithmetic; cut to its ranking if it has one."""
        programs = self._selector.select(filters or plan.filters)
        year = plan.year if plan.measure is Field.FORECAST else None
        counted = self._selector.count(programs, plan.measure, year)
        if plan.ranking is not None and not plan.ranking.everything and filters is None:
            return Counted(
                counted.matched,
                tuple(_ranked(counted, plan.ranking)),
                counted.nested,
                counted.blank,
            )
        return counted

    def add_up(self, plan: Plan) -> Finding:
        """The sum of a set; says what was left out."""
        counted = self.counted(plan)
        if not counted.pairs:
            return self._nothing(plan, counted)
        total = sum(yen for _, yen in counted.pairs)
        what = f"{self._when(plan)}の{self._set(plan)}の{FIELD_NAMES[plan.measure]}の合計"
        if plan.ranking is not None:
            side = "上位" if plan.ranking.descending else "下位"
            what = f"{self._when(plan)}の{self._set(plan)}のうち{FIELD_NAMES[plan.measure]}{side}{len(counted.pairs)}件の合計"
        note = f"（{counted.reason}）" if counted.reason else ""
        said = change_in_words(total) if plan.measure is Field.CHANGE else money_display(total)
        text = f"{what}は、{len(counted.pairs)}件で{said}です{note}。"
        return self._reduced(plan, counted, text, "sum", total, self._value(plan, total))

    def average(self, plan: Plan) -> Finding:
        """The mean over the programmes that count, rounded to whole yen at display."""
        counted = self.counted(plan)
        if not counted.pairs:
            return self._nothing(plan, counted)
        total = sum(yen for _, yen in counted.pairs)
        mean = int((Decimal(total) / len(counted.pairs)).quantize(Decimal(1), ROUND_HALF_UP))
        note = f"（{counted.reason}）" if counted.reason else ""
        text = (
            f"{self._when(plan)}の{self._set(plan)}の{FIELD_NAMES[plan.measure]}の平均は、"
            f"{len(counted.pairs)}件で{in_words(mean)}です（合計{money_display(total)}を{len(counted.pairs)}で割り、円未満を四捨五入）{note}。"
        )
        return self._reduced(plan, counted, text, "avg", mean, self._value(plan, mean))

    def _reduced(
        self, plan: Plan, counted: Counted, text: str, op: str, result: int, value: Value
    ) -> Finding:
        args = tuple(yen for _, yen in counted.pairs)
        derivation = Derivation(
            op,
            args,
            result,
            len(counted.matched),
            len(counted.pairs),
            counted.excluded,
            counted.reason,
        )
        rows = tuple(self._row(program, plan.measure, yen) for program, yen in counted.pairs)
        lines = self._money_lines([program for program, _ in counted.pairs], plan.measure)
        return Finding(Kind.AGGREGATE, text, value, rows, lines, derivation)

    def rank(self, plan: Plan) -> Finding:
        """The largest or smallest programmes; equal last places are all named."""
        ranking = plan.ranking or Ranking()
        programs = self._selector.select(plan.filters)
        counted = self._selector.count(
            programs, plan.measure, plan.year if plan.measure is Field.FORECAST else None
        )
        if not counted.pairs:
            return self._nothing(plan, counted)
        ordered = _ranked(counted, ranking, everything=True)
        if ranking.nth is not None:
            if ranking.nth > len(ordered):
                return Finding(
                    Kind.AGGREGATE,
                    f"{self._set(plan)}で金額のあるものは{len(ordered)}件です。",
                    code=Code.NOT_COMPUTABLE,
                    derivation=Derivation("count", (), len(ordered), len(programs), len(ordered)),
                )
            chosen = ordered[ranking.nth - 1 : ranking.nth]
        else:
            chosen = _ranked(counted, ranking)
        rows = tuple(self._row(program, plan.measure, yen) for program, yen in chosen)
        top = rows[0]
        op = "max" if ranking.descending else "min"
        lines = self._money_lines([program for program, _ in chosen], plan.measure)
        derivation = Derivation(
            op,
            tuple(yen for _, yen in ordered),
            chosen[0][1],
            len(counted.matched),
            len(counted.pairs),
            counted.excluded,
            counted.reason,
        )
        return Finding(
            Kind.AGGREGATE,
            self._rank_text(plan, ranking, chosen),
            top.value,
            rows,
            lines,
            derivation,
        )

    def _rank_text(
        self, plan: Plan, ranking: Ranking, chosen: Sequence[tuple[Program, int]]
    ) -> str:
        measure = FIELD_NAMES[plan.measure]
        if plan.measure in (Field.CHANGE, Field.RATE) and not ranking.descending:
            order = "減った" if chosen[0][1] < 0 else "増えていない"
        else:
            order = "大きい" if ranking.descending else "小さい"
        names = "、".join(
            f"{program_label(program)}{self._said(program, plan.measure, yen)}"
            for program, yen in chosen[:10]
        )
        place = f"{ranking.nth}番目に" if ranking.nth else ""
        verb = order in ("減った", "増えていない")
        head = f"{self._when(plan)}の{self._set(plan)}で{'' if verb else measure + 'が'}{place}{'最も' if verb and not place else ''}{order}"
        if len(chosen) == 1:
            return f"{head}のは、{names}です。"
        rest = "など" if len(chosen) > 10 else ""
        return f"{head}順に、{names}{rest}です。"

    def _said(self, program: Program, measure: Field, yen: int) -> str:
        if measure is Field.RATE:
            return f"（{ratio_in_words(program.change_ratio)}）"
        return f"（{change_in_words(yen) if measure is Field.CHANGE else money_display(yen)}）"

    def share(self, plan: Plan) -> Finding:
        """What percentage a set (or programme) is of the whole."""
        part, whole = (
            self.counted(plan),
            self.counted(plan, plan.base or Filters(year=plan.filters.year)),
        )
        total, all_yen = sum(y for _, y in part.pairs), sum(y for _, y in whole.pairs)
        if not part.pairs or not all_yen:
            return self._nothing(plan, part)
        percent = percent_of(total, all_yen)
        base = (
            describe_set(plan.base, self._lexicon)
            if plan.base and plan.base.values
            else "索引にある事業全体"
        )
        text = (
            f"{self._when(plan)}の{self._set(plan)}の{FIELD_NAMES[plan.measure]}{money_display(total)}は、"
            f"{base}{money_display(all_yen)}の{percent}%です。"
        )
        rows = (
            Row(self._set(plan), self._value(plan, total)),
            Row(base, self._value(plan, all_yen)),
        )
        derivation = Derivation(
            "div",
            (total, all_yen),
            float(percent),
            len(whole.matched),
            len(whole.pairs),
            whole.excluded,
            whole.reason,
        )
        value = Value(float(percent), "%", None, f"{percent}%", plan.filters.year, None)
        lines = self._money_lines([p for p, _ in whole.pairs], plan.measure)
        return Finding(Kind.AGGREGATE, text, value, rows, lines, derivation)

    # ---- groups ---------------------------------------------------------------------------

    def group(self, plan: Plan) -> Finding:
        """One row per value of a field: counts, sums, averages or changes."""
        programs = self._selector.select(self._group_filters(plan))
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
                f"{self._set(plan)}を{_unit_name(by)}ごとに分ける記載が予算書にありません。",
                code=Code.FIELD_NOT_IN_BOOK,
            )
        rows = [self._group_row(name, members[name], totals[name], plan) for name in members]
        return self._group_finding(plan, rows, counted, programs, missing)

    def _group_filters(self, plan: Plan) -> Filters:
        return plan.filters

    def _group_row(self, name: str, count: int, yen: list[int], plan: Plan) -> Row:
        year = plan.filters.year
        if plan.reduce == "count":
            return Row(name, Value(count, "件", None, f"{count}件", year, None))
        if not yen:
            return Row(name, Value(None, "円", None, "金額の記載なし", year, None))
        if plan.reduce == "average":
            mean = int((Decimal(sum(yen)) / len(yen)).quantize(Decimal(1), ROUND_HALF_UP))
            return Row(name, yen_value(mean, year, _BASIS.get(plan.measure)))
        if plan.reduce == "change":
            return Row(name, change_value(sum(yen), year))
        return Row(name, self._value(plan, sum(yen)))

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
            self._filter_lines(plan.filters, programs)
            if plan.reduce == "count"
            else self._money_lines([p for p, _ in counted.pairs], plan.measure)
        )
        warnings = (
            (f"{unit}の記載がない{len(missing)}件は分けられませんでした。",) if missing else ()
        )
        if plan.ranking is not None:
            return self._top_group(plan, rows, derivation, lines, unit, warnings)
        said = "、".join(f"{row.title}{row.value.display}" for row in rows if row.value)
        text = f"{self._when(plan)}の{self._set(plan)}を{unit}ごとにまとめると、{said}です{note}。"
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
        text = f"{self._when(plan)}の{self._set(plan)}で{place}{order}{unit}は、{top.title}（{value.display}）です。"
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

    # ---- shared ---------------------------------------------------------------------------

    def _nothing(self, plan: Plan, counted: Counted) -> Finding:
        if not counted.matched:
            text = f"{self._when(plan)}の{self._set(plan)}は索引の予算書に見つかりません（0件）。"
            return Finding(Kind.AGGREGATE, text, code=Code.PROGRAM_NOT_FOUND)
        text = f"{self._set(plan)}{len(counted.matched)}件には{FIELD_NAMES[plan.measure]}を計算できる数字の印字がありません。"
        n = len(counted.matched)
        derivation = Derivation("count", (), n, n, 0, counted.excluded, counted.reason)
        return Finding(Kind.AGGREGATE, text, None, (), (), derivation, Code.NOT_COMPUTABLE)

    def _set(self, plan: Plan) -> str:
        return describe_set(plan.filters, self._lexicon)

    def _when(self, plan: Plan) -> str:
        year = plan.year if plan.measure in (Field.FORECAST, Field.PREVIOUS) else plan.filters.year
        return fiscal_year_label(year) if year is not None else ""

    def _value(self, plan: Plan, yen: int) -> Value:
        if plan.measure in (Field.CHANGE, Field.RATE):
            return change_value(yen, plan.filters.year)
        return yen_value(yen, self._year_of(plan), _BASIS.get(plan.measure))

    def _year_of(self, plan: Plan) -> int | None:
        year = plan.filters.year
        if plan.measure is Field.PREVIOUS:
            return year - 1 if year is not None else None
        return plan.year if plan.measure is Field.FORECAST else year

    def _row(self, program: Program, measure: Field, yen: int | None = None) -> Row:
        if measure is Field.AMOUNT:
            return self._amount_row(program)
        return self._new_row(program, measure, yen)

    def _new_row(self, program: Program, measure: Field, yen: int | None = None) -> Row:
        year = self._lexicon.documents[program.document_id].fiscal_year
        if measure is Field.RATE:
            ratio = program.change_ratio
            percent = (
                float(percent_of(program.change_yen or 0, program.previous_amount.yen or 1))
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
        return Row(program.title, yen_value(yen, year, _BASIS.get(measure)), program.id)

    def _amount_row(self, program: Program) -> Row:
        """The row of a list; made once per programme, for lists may hold thousands."""
        row = self._amount_rows.get(program.id)
        if row is None:
            row = self._amount_rows[program.id] = self._new_row(program, Field.AMOUNT)
        return row

    def _names(self, programs: Sequence[Program]) -> str:
        if not programs:
            return ""
        shown = "".join(program_label(program) for program in programs[:_NAMED_IN_TEXT])
        return f"（{shown}{'など' if len(programs) > _NAMED_IN_TEXT else ''}）"

    def _filter_lines(self, filters: Filters, programs: Sequence[Program]) -> tuple[Evidence, ...]:
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

    def _money_lines(self, programs: Sequence[Program], measure: Field) -> tuple[Evidence, ...]:
        found: dict[Evidence, None] = {}
        for program in programs:
            if measure is Field.FORECAST:
                for forecast in program.forecasts:
                    found.update(
                        dict.fromkeys(self._evidence.money(program, forecast.amount, "forecasts"))
                    )
            elif measure is not Field.PREVIOUS:
                found.update(dict.fromkeys(self._evidence.money(program, program.amount, "amount")))
            if measure in (Field.PREVIOUS, Field.CHANGE, Field.RATE):
                found.update(
                    dict.fromkeys(
                        self._evidence.money(program, program.previous_amount, "previous_amount")
                    )
                )
            if len(found) >= _EVIDENCE_LINES:
                break
        return tuple(found)


def _ranked(
    counted: Counted, ranking: Ranking, everything: bool = False
) -> list[tuple[Program, int]]:
    """Pairs in order; a tie at the last place keeps all that are equal."""

    def key(pair: tuple[Program, int]) -> float:
        program, yen = pair
        value = float(yen)
        if ranking.measure is Field.RATE:
            value = program.change_ratio if program.change_ratio is not None else float("-inf")
        return -value if ranking.descending else value

    pairs = [
        p
        for p in counted.pairs
        if ranking.measure is not Field.RATE or p[0].change_ratio is not None
    ]
    ordered = sorted(pairs, key=key)
    if everything or ranking.everything or len(ordered) <= ranking.count:
        return ordered
    last = key(ordered[ranking.count - 1])
    return [pair for at, pair in enumerate(ordered) if at < ranking.count or key(pair) == last]


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
