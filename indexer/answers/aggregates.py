"""What do sets of programmes hold, and what do they add up to? Lists, counts, sums, ranks, shares.

Always over the whole set, never over a page of hits; the money rule is in ``selection``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from indexer.answers.answer import Code, Derivation, Kind, Row, Value
from indexer.answers.evidence import EvidenceFinder, Finding
from indexer.answers.lexicon import Lexicon
from indexer.answers.plan import Field, Filters, Plan, Ranking
from indexer.answers.selection import Counted, Selector
from indexer.answers.set_parts import SetParts
from indexer.answers.wording import (
    FIELD_NAMES,
    describe_set,
    money_display,
    percent_of,
    program_label,
)
from indexer.eras import fiscal_year_label
from indexer.model import Program
from indexer.wording import change_in_words, in_words, ratio_in_words


class Aggregates:
    """Executes plans over sets."""

    def __init__(
        self, lexicon: Lexicon, selector: Selector, evidence: EvidenceFinder, parts: SetParts
    ) -> None:
        self._lexicon = lexicon
        self._selector = selector
        self._evidence = evidence
        self._parts = parts

    # ---- lists and counts -----------------------------------------------------------------

    def list_all(self, plan: Plan) -> Finding:
        """Every programme of the set, with its amount."""
        programs = self._selector.select(plan.filters)
        text = f"{self._parts.name(plan)}は{len(programs)}件です{self._parts.names(programs)}。"
        return self._listed(plan, programs, text, Kind.LIST)

    def count(self, plan: Plan) -> Finding:
        """How many programmes are in the set; children are programmes of their own."""
        programs = self._selector.select(plan.filters)
        ids = {program.id for program in programs}
        inner = [program for program in programs if program.parent_id in ids]
        outer = len(programs) - len(inner)
        note = f"（うち{len(inner)}件は親事業の内訳。親事業にまとめると{outer}件）" if inner else ""
        text = f"{self._parts.name(plan)}は{len(programs)}件です{note}。"
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
            text = f"{self._parts.name(plan)}の記載は索引の予算書に見つかりません。"
            return Finding(kind, text, code=Code.PROGRAM_NOT_FOUND)
        rows = tuple(map(self._parts.amount_row, programs))
        value = Value(len(programs), "件", None, f"{len(programs)}件", plan.filters.year, None)
        args = (len(programs), len(programs) - len(inner), len(inner))
        derivation = Derivation("count", args, len(programs), len(programs), len(programs))
        evidence = self._parts.filter_lines(plan.filters, programs)
        return Finding(kind, text, value, rows, evidence, derivation)

    def any_at_all(self, plan: Plan) -> Finding:
        """Whether the set has any member. The set of an index is closed, so いいえ is a fact."""
        finding = self.list_all(plan)
        if not finding.rows:
            if plan.filters.topic:
                text = f"{self._parts.name(plan)}の記載は索引の予算書に見つかりません。"
                return Finding(Kind.YESNO, text, code=Code.PROGRAM_NOT_FOUND)
            value = Value(None, None, "いいえ", "いいえ", plan.filters.year)
            text = f"いいえ、{self._parts.name(plan)}は0件です。"
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
        names = self._parts.names(programs)
        text = f"{before}の予算書にあって{label}にない事業は{len(programs)}件です{names}。"
        rows = tuple(map(self._parts.amount_row, programs))
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
            return self._parts.nothing(plan, counted)
        total = sum(yen for _, yen in counted.pairs)
        what = f"{self._parts.titled(plan)}の{FIELD_NAMES[plan.measure]}の合計"
        if plan.ranking is not None:
            side = "上位" if plan.ranking.descending else "下位"
            top = f"{FIELD_NAMES[plan.measure]}{side}{len(counted.pairs)}件"
            what = f"{self._parts.titled(plan)}のうち{top}の合計"
        note = f"（{counted.reason}）" if counted.reason else ""
        said = change_in_words(total) if plan.measure is Field.CHANGE else money_display(total)
        text = f"{what}は、{len(counted.pairs)}件で{said}です{note}。"
        return self._reduced(plan, counted, text, "sum", total, self._parts.value(plan, total))

    def average(self, plan: Plan) -> Finding:
        """The mean over the programmes that count, rounded to whole yen at display."""
        counted = self.counted(plan)
        if not counted.pairs:
            return self._parts.nothing(plan, counted)
        total = sum(yen for _, yen in counted.pairs)
        mean = int((Decimal(total) / len(counted.pairs)).quantize(Decimal(1), ROUND_HALF_UP))
        note = f"（{counted.reason}）" if counted.reason else ""
        text = (
            f"{self._parts.titled(plan)}の{FIELD_NAMES[plan.measure]}の平均は、"
            f"{len(counted.pairs)}件で{in_words(mean)}です（合計{money_display(total)}を{len(counted.pairs)}で割り、円未満を四捨五入）{note}。"
        )
        return self._reduced(plan, counted, text, "avg", mean, self._parts.value(plan, mean))

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
        rows = tuple(self._parts.row(program, plan.measure, yen) for program, yen in counted.pairs)
        lines = self._parts.money_lines([program for program, _ in counted.pairs], plan.measure)
        return Finding(Kind.AGGREGATE, text, value, rows, lines, derivation)

    def rank(self, plan: Plan) -> Finding:
        """The largest or smallest programmes; equal last places are all named."""
        ranking = plan.ranking or Ranking()
        programs = self._selector.select(plan.filters)
        counted = self._selector.count(
            programs, plan.measure, plan.year if plan.measure is Field.FORECAST else None
        )
        if not counted.pairs:
            return self._parts.nothing(plan, counted)
        ordered = _ranked(counted, ranking, everything=True)
        if ranking.nth is not None:
            if ranking.nth > len(ordered):
                return Finding(
                    Kind.AGGREGATE,
                    f"{self._parts.name(plan)}で金額のあるものは{len(ordered)}件です。",
                    code=Code.NOT_COMPUTABLE,
                    derivation=Derivation("count", (), len(ordered), len(programs), len(ordered)),
                )
            chosen = ordered[ranking.nth - 1 : ranking.nth]
        else:
            chosen = _ranked(counted, ranking)
        rows = tuple(self._parts.row(program, plan.measure, yen) for program, yen in chosen)
        top = rows[0]
        op = "max" if ranking.descending else "min"
        lines = self._parts.money_lines([program for program, _ in chosen], plan.measure)
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
            None if top.value is None else replace(top.value, text=chosen[0][0].title),
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
        single = ranking.count == 1 and not ranking.everything
        place = f"{ranking.nth}番目に" if ranking.nth else ("最も" if single else "")
        if order in ("減った", "増えていない"):
            head = f"{self._parts.titled(plan)}で{place or '最も'}{order}"
        else:
            head = f"{self._parts.titled(plan)}で{measure}が{place}{order}"
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
            return self._parts.nothing(plan, part)
        percent = percent_of(total, all_yen)
        base = (
            describe_set(plan.base, self._lexicon)
            if plan.base and plan.base.values
            else "索引にある事業全体"
        )
        text = (
            f"{self._parts.titled(plan)}の{FIELD_NAMES[plan.measure]}{money_display(total)}は、"
            f"{base}{money_display(all_yen)}の{percent}%です。"
        )
        rows = (
            Row(self._parts.name(plan), self._parts.value(plan, total)),
            Row(base, self._parts.value(plan, all_yen)),
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
        lines = self._parts.money_lines([p for p, _ in whole.pairs], plan.measure)
        return Finding(Kind.AGGREGATE, text, value, rows, lines, derivation)


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
