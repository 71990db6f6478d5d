"""What does the book say of one programme? One finding per field asked for."""

from __future__ import annotations

from indexer.answers.answer import Basis, Code, Derivation, Evidence, Kind, Row, Value
from indexer.answers.evidence import EvidenceFinder, Finding
from indexer.answers.forecasts import Forecasts
from indexer.answers.lexicon import Lexicon, publisher_of
from indexer.answers.passages import Passage, PassageFinder
from indexer.answers.plan import Field, Plan
from indexer.answers.wording import (
    FIELD_NAMES,
    TEXT_NAMES,
    blank_reason,
    change_value,
    money_display,
    percent_of,
    program_label,
    yen_value,
)
from indexer.eras import fiscal_year_label
from indexer.model import Execution, Money, MoneyState, Program
from indexer.wording import in_words, ratio_in_words

_WORD_FIELDS = {
    Field.DEPARTMENT: ("department", "担当課", Kind.DEPARTMENT),
    Field.STATUS: ("status", "区分", Kind.STATUS),
    Field.SECTION: ("section", "部局", Kind.DEPARTMENT),
    Field.GOAL: ("policy_goal", "政策目標", Kind.PARENT),
    Field.ACCOUNT: ("account", "会計", Kind.PARENT),
}
_YEAR_FIELDS = (Field.STARTED, Field.ENDED)
_PASSAGES_SHOWN = 3


class Lookup:
    """Reads the fields of single programmes."""

    def __init__(self, lexicon: Lexicon, evidence: EvidenceFinder, passages: PassageFinder) -> None:
        self._lexicon = lexicon
        self._evidence = evidence
        self._passages = passages
        self._forecasts = Forecasts(lexicon, evidence)

    def find(self, program: Program, field: Field, plan: Plan) -> Finding:
        """The finding for one field of one programme."""
        if field is Field.AMOUNT:
            return self._amount(program)
        if field is Field.PREVIOUS:
            return self._previous(program)
        if field in (Field.CHANGE, Field.RATE):
            return self._change(program, field)
        if field is Field.FORECAST:
            return self._forecasts.find(program, plan)
        if field in _WORD_FIELDS:
            return self._word(program, field)
        if field is Field.PAGE:
            return self._page(program)
        if field is Field.PARENT:
            return self._parent(program)
        if field is Field.CHILDREN:
            return self._children(program)
        if field is Field.TITLE:
            return self._title(program, plan)
        if field is Field.REQUEST:
            return self._request(program)
        if field is Field.PUBLISHER:
            return self._publisher(program)
        if field in _YEAR_FIELDS:
            return self._year_of_it(program, field)
        if field is Field.EXECUTED:
            return self._executed(program, plan)
        return self._text(program, plan)

    def _request(self, program: Program) -> Finding:
        """What the ministry asks for; no budget, and no forecast either."""
        requests = self._lexicon.requests.get(program.id, ())
        if not requests:
            text = f"{program_label(program)}の要求額は予算書に書かれていません。"
            return Finding(Kind.AMOUNT, text, code=Code.FIELD_NOT_IN_BOOK)
        asked = requests[0]
        found = self._evidence.money(program, asked.amount, "forecasts")
        name = f"{program_label(program)}の{fiscal_year_label(asked.fiscal_year)}の要求額"
        return self._money(asked.amount, name, Basis.REQUEST, asked.fiscal_year, found)

    def _publisher(self, program: Program) -> Finding:
        """Whose book prints it: a ministry, a municipality."""
        name = publisher_of(self._lexicon.documents[program.document_id])
        if name is None:
            text = f"{program_label(program)}の発行者は予算書に印字されていません。"
            return Finding(Kind.DEPARTMENT, text, code=Code.FIELD_NOT_IN_BOOK)
        text = f"{program_label(program)}は{name}の事業です。"
        value = Value(None, None, name, name, self._year(program), None)
        return Finding(Kind.DEPARTMENT, text, value, (), self._evidence.field(program, "title"))

    def _year_of_it(self, program: Program, field: Field) -> Finding:
        """The fiscal year in which the programme begins or ends, where the book has a column."""
        label = FIELD_NAMES[field]
        year: int | None = getattr(program, str(field))
        if year is None:
            text = f"{program_label(program)}の{label}は予算書に印字されていません。"
            return Finding(Kind.TEXT, text, code=Code.FIELD_NOT_IN_BOOK)
        said = fiscal_year_label(year)
        text = f"{program_label(program)}の{label}は{said}（{year}年度）です。"
        value = Value(year, "年度", f"{said}（{year}年度）", said, self._year(program), None)
        return Finding(Kind.TEXT, text, value, (), self._evidence.field(program, str(field)))

    def _executed(self, program: Program, plan: Plan) -> Finding:
        """What was spent, of the year asked for whichever sheet prints it; else of the newest."""
        wanted = next(iter(plan.years), None)
        for holder in self._lexicon.through_the_years(program):
            for execution in holder.executions:
                if wanted in (None, execution.fiscal_year):
                    return self._execution(holder, execution)
        when = fiscal_year_label(wanted) + "の" if wanted is not None else ""
        text = f"{program_label(program)}の{when}執行額は予算書に書かれていません。"
        return Finding(Kind.AMOUNT, text, code=Code.FIELD_NOT_IN_BOOK)

    def _execution(self, program: Program, execution: Execution) -> Finding:
        found = self._evidence.money(program, execution.amount, "executions")
        year = fiscal_year_label(execution.fiscal_year)
        printed = f"（{self._when(program)}のシートによる）"
        name = f"{program_label(program)}の{year}の執行額{printed}"
        return self._money(execution.amount, name, Basis.EXECUTED, execution.fiscal_year, found)

    def _title(self, program: Program, plan: Plan) -> Finding:
        """Which programme it is, with the sentence it was found by."""
        passages = self._passages.find(program, "what", plan.text_words)[:1]
        said = f"予算書に「{passages[0].text}」と書かれています。" if passages else ""
        value = Value(None, None, program.title, program.title, self._year(program), None)
        rows = (Row(program.title, self._amount(program).value, program.id),)
        lines = (*self._evidence.field(program, "title"), *self._passage_lines(passages))
        text = f"{program_label(program)}です。{said}"
        return Finding(Kind.TEXT, text, value, rows, lines)

    def _year(self, program: Program) -> int | None:
        return self._lexicon.documents[program.document_id].fiscal_year

    def _when(self, program: Program, offset: int = 0) -> str:
        year = self._year(program)
        return fiscal_year_label(year + offset) if year is not None else ""

    def _amount(self, program: Program) -> Finding:
        found = self._evidence.money(program, program.amount, "amount")
        is_supplement = "supplement" in program.flags
        kind, basis = ("補正額", Basis.SUPPLEMENT) if is_supplement else ("予算額", Basis.BUDGET)
        name = f"{program_label(program)}の{self._when(program)}の{kind}"
        return self._money(program.amount, name, basis, self._year(program), found)

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
        zero = (
            f"（予算書に「{money.raw.strip()}」と印字されています）"
            if money.state is MoneyState.ZERO
            else ""
        )
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
        if change is not None and before.yen is None:
            return self._printed_change(program, change, field)
        if change is None or now.yen is None or before.yen is None:
            return self._not_comparable(program, lines)
        derivation = Derivation("sub", (now.yen, before.yen), change, 1, 1)
        year = self._year(program)
        if field is Field.RATE and before.yen == 0:
            text = (
                f"{title}は前年度予算額が0円で、今年度が"
                f"{money_display(now.yen, now.unit)}の皆増です。"
                "前年度が0円のため増減率は計算できません。"
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

    def _printed_change(self, program: Program, change: int, field: Field) -> Finding:
        """The change of a book that prints it and no last year's column."""
        now = program.amount
        assert now.yen is not None
        lines = (*self._evidence.money(program, now, "amount"), *self._evidence.compared(program))
        year, base = self._year(program), program.compared_yen or 0
        rise = (
            "増減なし"
            if change == 0
            else f"{in_words(abs(change))}の{'増' if change > 0 else '減'}"
        )
        ratio = program.change_ratio
        rate = f"（{ratio_in_words(ratio)}）" if ratio is not None else ""
        text = (
            f"{program_label(program)}の{self._when(program)}の予算額は"
            f"{money_display(now.yen, now.unit)}で、予算書の増減額は前年度から{rise}です{rate}。"
        )
        derivation = Derivation("sub", (now.yen, base), change, 1, 1)
        evidence = tuple(dict.fromkeys(lines))
        if field is Field.CHANGE:
            return Finding(Kind.DELTA, text, change_value(change, year), (), evidence, derivation)
        if ratio is None:
            return Finding(Kind.DELTA, text, None, (), evidence, derivation, Code.NOT_COMPUTABLE)
        percent = percent_of(change, base)
        value = Value(float(percent), "%", None, ratio_in_words(ratio), year, None)
        divided = Derivation("div", (change, base), float(percent), 1, 1)
        return Finding(Kind.DELTA, text, value, (), evidence, divided)

    def _not_comparable(self, program: Program, lines: tuple[Evidence, ...]) -> Finding:
        now, before = program.amount, program.previous_amount
        title = program_label(program)
        if now.yen is None:
            text = blank_reason(now, f"{title}の予算額") + "増減は計算できません。"
        elif before.raw.strip():
            text = (
                f"{title}の前年度予算額は「{_bare(before)}」と印字されていて、前年度の金額がありません"
                f"（今年度の{money_display(now.yen, now.unit)}は皆増）。"
                "増減額・増減率は計算できません。"
            )
        else:
            text = f"{title}の前年度予算額は印字されていないため、増減は計算できません。"
        return Finding(Kind.DELTA, text, None, (), lines, code=Code.NOT_COMPUTABLE)

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
        # Why the money rose or fell is printed in no book.
        passages = (
            ()
            if kind == "why_changed"
            else self._passages.find(program, kind, plan.text_words, plan.text_counter)
        )
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
        asked = f"{program_label(program)}の{TEXT_NAMES[kind]}"
        text = f"{asked}は、予算書に「{best.text}」と書かれています。"
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
