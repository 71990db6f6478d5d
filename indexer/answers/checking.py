"""Is a stated fact so? はい or いいえ, always with the printed fact beside it."""

from __future__ import annotations

from dataclasses import replace

from indexer.answers.answer import Code, Derivation, Kind, Value
from indexer.answers.evidence import EvidenceFinder, Finding
from indexer.answers.lexicon import Lexicon
from indexer.answers.lookup import Lookup
from indexer.answers.plan import Check, Field, Plan, Premise
from indexer.answers.wording import money_display, program_label
from indexer.model import MoneyState, Program
from indexer.wording import in_words

_FIELD_OF_FACT = {
    "status": Field.STATUS,
    "department": Field.DEPARTMENT,
    "section": Field.SECTION,
    "policy_goal": Field.GOAL,
    "account": Field.ACCOUNT,
    "amount": Field.AMOUNT,
    "previous_amount": Field.PREVIOUS,
    "direction": Field.CHANGE,
    "change": Field.CHANGE,
    "completes": Field.FORECAST,
    "forecast": Field.FORECAST,
    "children": Field.CHILDREN,
}
_NAMES = {
    "status": "区分",
    "department": "担当課",
    "section": "部局",
    "policy_goal": "政策目標",
    "account": "会計",
}


class Checker:
    """Answers yes/no questions and examines premises."""

    def __init__(self, lexicon: Lexicon, lookup: Lookup, evidence: EvidenceFinder) -> None:
        self._lexicon = lexicon
        self._lookup = lookup
        self._evidence = evidence

    def check(self, program: Program, check: Check, plan: Plan) -> Finding:
        """The yes/no finding of a fact about one programme."""
        if check.fact in ("exists", "text"):
            return self._exists(program, check, plan)
        years = (
            (check.year,) if check.year and check.fact in ("forecast", "completes") else plan.years
        )
        asked = replace(plan, years=tuple(y for y in years if y))
        fact = self._lookup.find(program, _FIELD_OF_FACT[check.fact], asked)
        if check.fact == "amount" and check.year is not None:
            fact, holds = self._amount_of_year(program, check, asked)
        else:
            holds = self._holds(program, check, asked)
        if holds is None:
            code = fact.code or Code.NOT_COMPUTABLE
            return replace(fact, kind=Kind.YESNO, code=code)
        # 「新規ではないですか」「減ってない？」 suspect the fact itself: はい means that it is so.
        word = "はい" if holds else "いいえ"
        value = Value(
            None, None, word, word, self._lexicon.documents[program.document_id].fiscal_year
        )
        rows = fact.rows
        return Finding(
            Kind.YESNO, f"{word}、{fact.text}", value, rows, fact.evidence, fact.derivation
        )

    def _amount_of_year(
        self, program: Program, check: Check, plan: Plan
    ) -> tuple[Finding, bool | None]:
        """「R8に4,000万円を超えますか」: the figure of that year, forecast or last year's."""
        year = self._lexicon.documents[program.document_id].fiscal_year
        if year is None or check.year == year:
            return self._lookup.find(program, Field.AMOUNT, plan), _in_range(
                program.amount.yen, check
            )
        if check.year == year - 1:
            finding = self._lookup.find(program, Field.PREVIOUS, plan)
            return finding, _in_range(program.previous_amount.yen, check)
        asked = replace(plan, years=(check.year,) if check.year else ())
        finding = self._lookup.find(program, Field.FORECAST, asked)
        yen = next((f.amount.yen for f in program.forecasts if f.fiscal_year == check.year), None)
        return finding, _in_range(yen, check)

    def _holds(self, program: Program, check: Check, plan: Plan) -> bool | None:
        """Whether the fact is so; None when the book does not tell."""
        name = check.fact
        if name in _NAMES:
            printed = getattr(program, name)
            return None if not printed else _same(printed, check.expected)
        if name == "children":
            return bool(self._lexicon.family(program))
        if name == "direction":
            return _moves(program, check)
        if name == "completes":
            return self._completes(program, plan)
        yen = {
            "amount": program.amount.yen,
            "previous_amount": program.previous_amount.yen,
            "change": program.change_yen,
        }.get(name)
        if name == "forecast":
            yen = next(
                (
                    f.amount.yen
                    for f in program.forecasts
                    if not plan.years or f.fiscal_year in plan.years
                ),
                None,
            )
        return _in_range(yen, check)

    def _completes(self, program: Program, plan: Plan) -> bool | None:
        holder = program
        for other_id in (program.parent_id, program.group_id):
            if not holder.forecasts and other_id in self._lexicon.programs:
                holder = self._lexicon.programs[str(other_id)]
        if not holder.forecasts:
            return None
        wanted = [f for f in holder.forecasts if not plan.years or f.fiscal_year in plan.years]
        return any(f.amount.state is MoneyState.COMPLETED for f in wanted)

    def _exists(self, program: Program, check: Check, plan: Plan) -> Finding:
        """The programme is printed; what is said of it must stand in its text."""
        year = self._lexicon.documents[program.document_id].fiscal_year
        value = Value(None, None, "はい", "はい", year)
        if plan.text_words:
            finding = self._lookup.find(program, Field.TEXT, replace(plan, text_kind="what"))
            if finding.code is None:
                return replace(finding, kind=Kind.YESNO, text=f"はい、{finding.text}", value=value)
        lines = self._evidence.field(program, "title")
        money = self._lookup.find(program, Field.AMOUNT, plan)
        text = f"はい、{program_label(program)}の記載があります。{money.text}"
        return Finding(Kind.YESNO, text, value, (), tuple(dict.fromkeys((*lines, *money.evidence))))

    def corrections(self, program: Program, premises: tuple[Premise, ...]) -> tuple[Finding, ...]:
        """What the question takes for granted and the book contradicts, put right."""
        found: list[Finding] = []
        for premise in premises:
            wrong = self._correction(program, premise)
            if wrong is not None:
                found.append(wrong)
        return tuple(found)

    def _correction(self, program: Program, premise: Premise) -> Finding | None:
        label = program_label(program)
        if premise.field in _NAMES:
            printed = getattr(program, premise.field)
            if not printed or _same(printed, premise.value):
                return None
            name = _NAMES[premise.field]
            text = f"{label}の{name}は「{premise.value}」ではなく「{printed}」です。"
            return Finding(
                Kind.STATUS,
                text,
                evidence=self._evidence.field(program, premise.field),
                code=Code.FALSE_PREMISE,
            )
        if premise.field == "amount":
            yen = program.amount.yen
            if yen is None or yen == int(premise.value):
                return None
            said, printed = in_words(int(premise.value)), money_display(yen, program.amount.unit)
            text = f"{label}の予算額は{said}ではなく{printed}です。"
            lines = self._evidence.money(program, program.amount, "amount")
            return Finding(Kind.AMOUNT, text, evidence=lines, code=Code.FALSE_PREMISE)
        change = program.change_yen
        if premise.field != "direction" or change is None:
            return None
        if (change > 0 and premise.value == "up") or (change < 0 and premise.value == "down"):
            return None
        said = "増えて" if premise.value == "up" else "減って"
        fact = (
            "同額です"
            if change == 0
            else f"{in_words(abs(change))}{'増えています' if change > 0 else '減っています'}"
        )
        lines = tuple(
            dict.fromkeys(
                (
                    *self._evidence.money(program, program.amount, "amount"),
                    *self._evidence.compared(program),
                )
            )
        )
        text = f"{label}の予算額は前年度から{said}いません。{fact}。"
        args = (program.amount.yen or 0, program.compared_yen or 0)
        derivation = Derivation("sub", args, change, 1, 1)
        return Finding(
            Kind.DELTA, text, evidence=lines, derivation=derivation, code=Code.FALSE_PREMISE
        )


def _moves(program: Program, check: Check) -> bool | None:
    """Whether it rose (fell); 「減ってない？」 is asked of the fall itself."""
    change = program.change_yen
    if change is None:
        return None
    if check.expected == "same":
        return change == 0
    return change > 0 if check.expected == "up" else change < 0


def _in_range(yen: int | None, check: Check) -> bool | None:
    if yen is None:
        return None
    return (check.low is None or yen >= check.low) and (check.high is None or yen <= check.high)


def _same(printed: str, expected: str) -> bool:
    return printed == expected or printed.replace(" ", "") == expected.replace(" ", "")
