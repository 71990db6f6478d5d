"""What does the book foresee (見込額) for a programme? A forecast is never called a budget."""

from __future__ import annotations

from indexer.answers.answer import Basis, Code, Evidence, Kind, Row, Value
from indexer.answers.evidence import EvidenceFinder, Finding
from indexer.answers.lexicon import Lexicon
from indexer.answers.plan import Plan
from indexer.answers.wording import blank_reason, money_display, program_label, yen_value
from indexer.eras import fiscal_year_label
from indexer.model import Forecast, Money, MoneyState, Program


class Forecasts:
    """Reads the forecasts of single programmes."""

    def __init__(self, lexicon: Lexicon, evidence: EvidenceFinder) -> None:
        self._lexicon = lexicon
        self._evidence = evidence

    def find(self, program: Program, plan: Plan) -> Finding:
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
            label = program_label(program)
            text = f"{label}の{asked}の見込額は予算書にありません（印字は{known}のみ）。"
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
        text = (
            f"{program_label(program)}だけの見込額は印字されていません。"
            f"{names}として印字されているのは「{words}」です。"
        )
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
