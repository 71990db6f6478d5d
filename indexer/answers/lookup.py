"""What does the book say of one programme? One finding per field asked for."""

from __future__ import annotations

from indexer.answers.answer import Basis, Code, Derivation, Evidence, Kind, Row, Value
from indexer.answers.evidence import EvidenceFinder
from indexer.answers.findings import Finding
from indexer.answers.lexicon import Lexicon
from indexer.answers.passages import Passage, PassageFinder
from indexer.answers.plan import Field, Plan
from indexer.answers.wording import (
    TEXT_NAMES,
    blank_reason,
    change_value,
    money_display,
    percent_of,
    program_label,
    yen_value,
)
from indexer.eras import fiscal_year_label
from indexer.model import Forecast, Money, MoneyState, Program
from indexer.wording import in_words, ratio_in_words

_WORD_FIELDS = {
    Field.DEPARTMENT: ("department", "担当課", Kind.DEPARTMENT),
    Field.STATUS: ("status", "区分", Kind.STATUS),
    Field.SECTION: ("section", "部局", Kind.DEPARTMENT),
    Field.GOAL: ("policy_goal", "政策目標", Kind.PARENT),
    Field.ACCOUNT: ("account", "会計", Kind.PARENT),
}
_PASSAGES_SHOWN = 3


class Lookup:
    """Reads the fields of single programmes."""

    def __init__(self, lexicon: Lexicon, evidence: EvidenceFinder, passages: PassageFinder) -> None:
        self._lexicon = lexicon
        self._evidence = evidence
        self._passages = passages

    def find(self, program: Program, field: Field, plan: Plan) -> Finding:
        """The finding for one field of one programme."""
        if field is Field.AMOUNT:
            return self._amount(program)
        if field is Field.PREVIOUS:
            return self._previous(program)
        if field in (Field.CHANGE, Field.RATE):
            return self._change(program, field)
        if field is Field.FORECAST:
            return self._forecast(program, plan)
        if field in _WORD_FIELDS:
            return self._word(program, field)
        if field is Field.PAGE:
            return self._page(program)
        if field is Field.PARENT:
            return self._parent(program)
        if field is Field.CHILDREN:
            return self._children(program)
        return self._text(program, plan)

    def _year(self, program: Program) -> int | None:
        return self._lexicon.documents[program.document_id].fiscal_year

    def _when(self, program: Program, offset: int = 0) -> str:
        year = self._year(program)
        return fiscal_year_label(year + offset) if year is not None else ""

    def _amount(self, program: Program) -> Finding:
        found = self._evidence.money(program, program.amount, "amount")
        name = f"{program_label(program)}の{self._when(program)}の予算額"
        return self._money(program.amount, name, Basis.BUDGET, self._year(program), found)

    def _previous(self, program: Program) -> Finding:
        found = self._evidence.money(program, program.previous_amount, "previous_amount")
        year = self._year(program)
        name = f"{program_label(program)}の前年度（{self._when(program, -1)}）の予算額"
        before = year - 1 if year is not None else None
        return self._money(program.previous_amount, name, Basis.PREVIOUS, before, found)

    def _money(
        self, money: Money, name: str, basis: Basis, year: int | None, found: tuple[Evidence, ...]
    ) -> Finding:
        if money.yen is None:
            value = Value(None, None, None, money.raw, year, basis)
            return Finding(
                Kind.AMOUNT, blank_reason(money, name), value, (), found, code=Code.VALUE_BLANK
            )
        zero = "（予算書に0と印字されています）" if money.state is MoneyState.ZERO else ""
        text = f"{name}は{money_display(money.yen, money.unit)}です{zero}。"
        return Finding(Kind.AMOUNT, text, yen_value(money.yen, year, basis), (), found)

    def _change(self, program: Program, field: Field) -> Finding:
        now, before = program.amount, program.previous_amount
        found = dict.fromkeys(
            (
                *self._evidence.money(program, now, "amount"),
                *self._evidence.money(program, before, "previous_amount"),
            )
        )
        lines = tuple(found)
        title, change = program_label(program), program.change_yen
        if change is None or now.yen is None or before.yen is None:
            return self._not_comparable(program, lines)
        derivation = Derivation("sub", (now.yen, before.yen), change, 1, 1)
        year = self._year(program)
        if field is Field.RATE and before.yen == 0:
            text = (
                f"{title}は前年度予算額が0円で、今年度が{money_display(now.yen, now.unit)}の皆増です。"
                "前年度が0のため増減率は計算できません。"
            )
            return Finding(Kind.DELTA, text, None, (), lines, derivation, Code.NOT_COMPUTABLE)
        rate = f"（{ratio_in_words(program.change_ratio)}）" if before.yen else ""
        rise = (
            "と同額"
            if change == 0
            else f"から{in_words(abs(change))}{'増えました' if change > 0 else '減りました'}"
        )
        text = (
            f"{title}は、前年度の{money_display(before.yen, before.unit)}に対し"
            f"{self._when(program)}は{money_display(now.yen, now.unit)}で、前年度{rise}"
            f"{'です' if change == 0 else ''}{rate}。"
        )
        if field is Field.CHANGE:
            return Finding(Kind.DELTA, text, change_value(change, year), (), lines, derivation)
        percent = percent_of(change, before.yen)
        value = Value(float(percent), "%", None, ratio_in_words(program.change_ratio), year, None)
        ratio = Derivation("div", (change, before.yen), float(percent), 1, 1)
        return Finding(Kind.DELTA, text, value, (), lines, ratio)

    def _not_comparable(self, program: Program, lines: tuple[Evidence, ...]) -> Finding:
        now, before = program.amount, program.previous_amount
        title = program_label(program)
        if now.yen is None:
            text = blank_reason(now, f"{title}の予算額") + "増減は計算できません。"
        elif before.raw.strip():
            text = (
                f"{title}の前年度予算額は「{_bare(before)}」と印字されていて、前年度の金額がありません"
                f"（今年度の{money_display(now.yen, now.unit)}は皆増）。増減額・増減率は計算できません。"
            )
        else:
            text = f"{title}の前年度予算額は印字されていないため、増減は計算できません。"
        return Finding(Kind.DELTA, text, None, (), lines, code=Code.NOT_COMPUTABLE)

    def _forecast(self, program: Program, plan: Plan) -> Finding:
        holder = self._forecast_holder(program)
        wanted = plan.years
        printed = {forecast.fiscal_year: forecast for forecast in holder.forecasts}
        if not printed:
            text = f"{program_label(program)}の見込額は予算書に印字されていません。"
            return Finding(Kind.FORECAST, text, code=self._no_forecast_code(program))
        years = [year for year in wanted if year in printed] or ([] if wanted else sorted(printed))
        if not years:
            known = "、".join(fiscal_year_label(year) for year in sorted(printed))
            asked = "、".join(fiscal_year_label(year) for year in wanted)
            text = f"{program_label(program)}の{asked}の見込額は予算書にありません（印字は{known}のみ）。"
            lines = self._forecast_lines(holder, list(printed.values()))
            return Finding(Kind.FORECAST, text, None, (), lines, code=Code.YEAR_NOT_INDEXED)
        chosen = [printed[year] for year in years]
        if holder is not program:
            return self._shared_forecast(program, holder, chosen)
        return self._own_forecast(program, chosen, plan)

    def _own_forecast(self, program: Program, chosen: list[Forecast], plan: Plan) -> Finding:
        lines = self._forecast_lines(program, chosen)
        rows = tuple(
            Row(
                f"{fiscal_year_label(f.fiscal_year)}の見込額",
                _forecast_value(f),
                program.id,
                "forecast",
            )
            for f in chosen
        )
        sentences = "、".join(
            f"{fiscal_year_label(f.fiscal_year)}が{_forecast_words(f)}" for f in chosen
        )
        text = f"{program_label(program)}の見込額は、{sentences}です。"
        with_value = [f for f in chosen if f.amount.yen is not None]
        warnings: tuple[str, ...] = ()
        if plan.called_budget:
            warnings = (
                "お尋ねの年度の予算はまだ索引にありません。予算額ではなく、予算書に印字された見込額です。",
            )
            text += "これは予算額ではなく見込額です。"
        if not with_value:
            first = chosen[0].amount
            label = fiscal_year_label(chosen[0].fiscal_year)
            text = blank_reason(first, f"{program_label(program)}の{label}の見込額")
            value = Value(
                None, None, _state_text(first), first.raw, chosen[0].fiscal_year, Basis.FORECAST
            )
            return Finding(
                Kind.FORECAST, text, value, rows, lines, code=Code.VALUE_BLANK, warnings=warnings
            )
        value = _forecast_value(with_value[0] if chosen[0] not in with_value else chosen[0])
        return Finding(
            Kind.FORECAST,
            text,
            value,
            rows,
            lines,
            warnings=warnings,
            is_partial=plan.called_budget,
        )

    def _shared_forecast(
        self, program: Program, holder: Program, chosen: list[Forecast]
    ) -> Finding:
        """A child's or member's forecast is printed for all of them together."""
        lines = self._forecast_lines(holder, chosen)
        words = "、".join(
            f"{fiscal_year_label(f.fiscal_year)}：{_forecast_words(f)}" for f in chosen
        )
        names = (
            "まとめて記載された事業全体"
            if holder.id == program.group_id
            else program_label(holder) + "全体"
        )
        text = f"{program_label(program)}だけの見込額は印字されていません。{names}として印字されているのは「{words}」です。"
        rows = tuple(
            Row(
                f"{holder.title}（{fiscal_year_label(f.fiscal_year)}の見込額）",
                _forecast_value(f),
                holder.id,
                "forecast",
            )
            for f in chosen
        )
        return Finding(Kind.FORECAST, text, None, rows, lines, code=Code.VALUE_BLANK)

    def _forecast_holder(self, program: Program) -> Program:
        if program.forecasts:
            return program
        for other_id in (program.parent_id, program.group_id):
            other = self._lexicon.programs.get(other_id or "")
            if other is not None and other.forecasts:
                return other
        return program

    def _no_forecast_code(self, program: Program) -> Code:
        """A book that prints no forecasts at all, or only none for this programme."""
        printed = any(
            p.forecasts
            for p in self._lexicon.programs.values()
            if p.document_id == program.document_id
        )
        return Code.VALUE_BLANK if printed else Code.FIELD_NOT_IN_BOOK

    def _forecast_lines(self, holder: Program, forecasts: list[Forecast]) -> tuple[Evidence, ...]:
        found: dict[Evidence, None] = {}
        for forecast in forecasts:
            for item in self._evidence.money(holder, forecast.amount, "forecasts"):
                found[item] = None
        return tuple(found) or self._evidence.field(holder, "forecast")

    def _word(self, program: Program, field: Field) -> Finding:
        name, label, kind = _WORD_FIELDS[field]
        text_value: str | None = getattr(program, name)
        if not text_value:
            text = f"{program_label(program)}の{label}は予算書に印字されていません。"
            printed = any(
                getattr(p, name)
                for p in self._lexicon.programs.values()
                if p.document_id == program.document_id
            )
            return Finding(kind, text, code=Code.VALUE_BLANK if printed else Code.FIELD_NOT_IN_BOOK)
        inherited = "（まとめて記載された欄による）" if name in program.inherited else ""
        text = f"{program_label(program)}の{label}は{text_value}です{inherited}。"
        value = Value(None, None, text_value, text_value, self._year(program), None)
        return Finding(kind, text, value, (), self._evidence.field(program, name))

    def _page(self, program: Program) -> Finding:
        if program.page is None:
            text = f"{program_label(program)}の掲載ページは予算書に印字されていません。"
            return Finding(Kind.PAGE, text, code=Code.VALUE_BLANK)
        text = f"{program_label(program)}は{program.page}ページに載っています。"
        value = Value(program.page, "頁", None, f"{program.page}頁", self._year(program), None)
        return Finding(Kind.PAGE, text, value, (), self._evidence.page(program))

    def _parent(self, program: Program) -> Finding:
        parent = self._lexicon.programs.get(program.parent_id or program.group_id or "")
        if parent is None:
            text = f"{program_label(program)}は単独で記載されていて、親事業はありません。"
            lines = self._evidence.field(program, "title")
            return Finding(Kind.PARENT, text, None, (), lines, code=Code.VALUE_BLANK)
        lines = (*self._evidence.field(program, "title"), *self._evidence.field(parent, "title"))
        value = Value(None, None, parent.title, parent.title, self._year(program), None)
        text = f"{program_label(program)}は{program_label(parent)}の内訳です。"
        return Finding(Kind.PARENT, text, value, (), lines)

    def _children(self, program: Program) -> Finding:
        children = self._lexicon.family(program)
        if not children:
            text = f"{program_label(program)}に内訳の事業の記載はありません。"
            lines = self._evidence.field(program, "title")
            return Finding(Kind.PARENT, text, None, (), lines, code=Code.VALUE_BLANK)
        rows: list[Row] = []
        printed = list(self._evidence.field(program, "title"))
        parts = []
        for child in children:
            finding = self._amount(child)
            rows.append(Row(child.title, finding.value, child.id, "amount"))
            printed.extend(finding.evidence)
            amount = (
                money_display(child.amount.yen, child.amount.unit)
                if child.amount.yen is not None
                else "金額の記載なし"
            )
            parts.append(f"{program_label(child)}{amount}")
        text = f"{program_label(program)}の内訳は{len(children)}件で、{'、'.join(parts)}です。"
        value = Value(len(children), "件", None, f"{len(children)}件", self._year(program), None)
        derivation = Derivation("count", (), len(children), len(children), len(children))
        return Finding(Kind.PARENT, text, value, tuple(rows), tuple(printed), derivation)

    def _text(self, program: Program, plan: Plan) -> Finding:
        kind = plan.text_kind or "what"
        if kind == "why_changed":
            passages = self._passages.reason_of_change(program)
        else:
            passages = self._passages.find(program, kind, plan.text_words, plan.text_counter)
        if not passages:
            text = (
                f"{program_label(program)}の{TEXT_NAMES[kind]}は、予算書の本文に書かれていません。"
            )
            return Finding(Kind.TEXT, text, code=Code.FIELD_NOT_IN_BOOK)
        best = passages[0]
        rows = tuple(
            Row(
                p.holder.title,
                Value(None, None, p.text, p.text, self._year(program), None),
                p.holder.id,
                "description",
            )
            for p in passages[:_PASSAGES_SHOWN]
        )
        text = f"{program_label(program)}の{TEXT_NAMES[kind]}は、予算書に「{best.text}」と書かれています。"
        value = Value(None, None, best.text, best.text, self._year(program), None)
        return Finding(
            Kind.TEXT, text, value, rows, self._passage_lines(passages[:_PASSAGES_SHOWN])
        )

    def _passage_lines(self, passages: tuple[Passage, ...]) -> tuple[Evidence, ...]:
        found: list[Evidence] = []
        for passage in passages:
            found.extend(
                self._evidence.passage(
                    passage.holder, passage.text, passage.first_line, passage.last_line
                )
            )
        return tuple(dict.fromkeys(found))


def _bare(money: Money) -> str:
    return money.raw.strip()


def _forecast_value(forecast: Forecast) -> Value:
    money = forecast.amount
    if money.yen is None:
        return Value(
            None, None, _state_text(money), money.raw, forecast.fiscal_year, Basis.FORECAST
        )
    return yen_value(money.yen, forecast.fiscal_year, Basis.FORECAST)


def _state_text(money: Money) -> str | None:
    return {MoneyState.COMPLETED: "完了", MoneyState.UNDETERMINED: "未定"}.get(money.state)


def _forecast_words(forecast: Forecast) -> str:
    money = forecast.amount
    if money.yen is not None:
        return money_display(money.yen, money.unit or "百万円")
    if money.state is MoneyState.COMPLETED:
        return f"「{money.raw.strip()}」（完了する予定）"
    return f"「{money.raw.strip()}」（金額は未定）"
