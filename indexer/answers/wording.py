"""How is an answer said? Templates for readings, values and links; no number is made here."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from urllib.parse import urlencode

from indexer.answers.answer import Value
from indexer.answers.lexicon import Lexicon, publisher_of
from indexer.answers.plan import Field, Filters, Operation, Plan
from indexer.eras import fiscal_year_label
from indexer.model import Money, MoneyState, Program
from indexer.wording import FACETS, change_in_words, in_unit, in_words

FIELD_NAMES = {
    Field.AMOUNT: "予算額",
    Field.PREVIOUS: "前年度予算額",
    Field.CHANGE: "増減額",
    Field.RATE: "増減率",
    Field.DEPARTMENT: "担当課",
    Field.STATUS: "区分",
    Field.FORECAST: "見込額",
    Field.PAGE: "掲載ページ",
    Field.GOAL: "政策目標",
    Field.SECTION: "部局",
    Field.ACCOUNT: "会計",
    Field.PARENT: "親事業",
    Field.CHILDREN: "内訳",
    Field.TEXT: "内容",
    Field.TITLE: "事業名",
    Field.REQUEST: "要求額",
    Field.PUBLISHER: "発行者",
    Field.STARTED: "開始年度",
    Field.ENDED: "終了年度",
    Field.EXECUTED: "執行額",
}
TEXT_NAMES = {
    "what": "内容",
    "purpose": "目的",
    "why": "理由",
    "why_changed": "増減の理由",
    "when": "時期",
    "where": "場所",
    "who": "対象・関係者",
    "eligible": "対象者",
    "agent": "担い手",
    "definition": "意味",
    "how": "方法",
    "howmany": "数",
    "howmuch": "本文中の金額",
    "price": "料金",
}
OPERATION_NAMES = {
    Operation.LIST: "一覧",
    Operation.COUNT: "件数",
    Operation.SUM: "合計",
    Operation.AVERAGE: "平均",
    Operation.SHARE: "割合",
    Operation.REMOVED: "前年度の予算書にあって今年度にない事業",
}
STATE_NAMES = {
    "zero": "予算額が0円",
    "blank": "予算額の記載なし",
    "no_previous": "前年度予算なし",
    "unchanged": "前年度と同額",
    "increased": "前年度から増",
    "decreased": "前年度から減",
    "completes": "見込額欄が「完了」",
}
CHECKED = {
    "status": "区分",
    "department": "担当課",
    "section": "部局",
    "policy_goal": "政策目標",
    "account": "会計",
    "amount": "予算額",
    "previous_amount": "前年度予算額",
    "change": "増減額",
    "direction": "増減",
    "forecast": "見込額",
    "completes": "完了の時期",
    "children": "内訳の有無",
    "exists": "記載の有無",
    "any": "有無",
    "text": "内容",
}
_BOUNDED = {"amount": "予算額", "previous_amount": "前年度予算額", "change": "増減額"}
_PARAMETERS = ("section", "status", "department", "policy_goal", "account")


def money_display(yen: int, unit: str | None = "千円") -> str:
    """``40500000`` → ``4,050万円（40,500千円）``."""
    words, printed = in_words(yen), in_unit(yen, unit or "千円")
    return words if words == printed else f"{words}（{printed}）"


def yen_value(yen: int, year: int | None, basis: str | None, unit: str = "円") -> Value:
    """A number of yen as a value."""
    return Value(yen, unit, None, in_words(yen), year, basis)


def change_value(yen: int, year: int | None) -> Value:
    """A change in yen as a value, with its sign."""
    return Value(yen, "円", None, change_in_words(yen), year, None)


def percent_of(part: int, whole: int) -> Decimal:
    """``part`` of ``whole`` in percent points, rounded once, to one decimal."""
    return (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def blank_reason(money: Money, what: str) -> str:
    """Why an amount has no number, in words. A dash, 完了 and 0 are three different facts."""
    printed = (
        f"「{money.raw.strip()}」と印字されています" if money.raw.strip() else "印字されていません"
    )
    why = {
        MoneyState.NONE: "（該当する金額なし）",
        MoneyState.UNDETERMINED: "（金額は未定）",
        MoneyState.COMPLETED: "（その年度までに完了する予定）",
        MoneyState.BELOW_UNIT: "（単位未満）",
        MoneyState.ELSEWHERE: "（他の事業に計上）",
        MoneyState.UNREADABLE: "（読み取れない数字）",
    }.get(money.state, "")
    return f"{what}は{printed}{why if money.raw.strip() else ''}。"


def describe_set(filters: Filters, lexicon: Lexicon) -> str:
    """A set of programmes in words: ``新規・1億円以上の事業``."""
    parts: list[str] = [*filters.publishers]
    for name, values in filters.values:
        parts.append("または".join(values) if name != "account" else "・".join(values))
    if filters.topic:
        parts.append("または".join(f"「{word}」" for word in filters.topic) + "関係")
    if filters.low is not None or filters.high is not None:
        parts.append(f"{_BOUNDED[filters.bounded]}が{_range(filters)}")
    if filters.state:
        parts.append(STATE_NAMES[filters.state])
    excluded = [value for _, values in filters.excluded for value in values]
    excluded += [f"「{word}」に関する事業" for word in filters.excluded_topic]
    excluded += [f"「{lexicon.programs[i].title}」" for i in filters.excluded_ids]
    if excluded:
        parts.append(f"{'・'.join(excluded)}以外")
    if filters.ids:
        return "と".join(f"「{lexicon.programs[i].title}」" for i in filters.ids)
    return f"{'・'.join(parts)}の事業" if parts else "すべての事業"


def _range(filters: Filters) -> str:
    low, high = filters.low, filters.high
    if low is not None and low == high:
        return in_words(low)
    words = []
    if low is not None:
        words.append(f"{in_words(low)}以上" if low % 10 != 1 else f"{in_words(low - 1)}超")
    if high is not None:
        words.append(f"{in_words(high)}以下" if high % 10 != 9 else f"{in_words(high + 1)}未満")
    return "".join(words)


def read_plan(plan: Plan, lexicon: Lexicon) -> str:
    """The plan in Japanese: ``令和7年度・ホームタウンちよだ応援事業・予算額``."""
    year = plan.year if plan.year is not None else plan.filters.year
    if plan.operation is Operation.COMPARE and plan.group_by == "fiscal_year":
        year = None
    parts = [fiscal_year_label(year)] if year is not None else []
    if len(lexicon.publishers) > 1 and plan.entities:
        name = publisher_of(lexicon.documents[plan.entities[0].program.document_id])
        parts.extend([name] if name else [])
    if plan.operation is Operation.COMPARE:
        parts.append("と".join(operand.label for operand in plan.operands) + "の比較")
        parts.extend(e.program.title for e in plan.entities[:1] if plan.group_by == "fiscal_year")
    elif plan.entities:
        parts.append("、".join(entity.program.title for entity in plan.entities))
    else:
        parts.append(describe_set(plan.filters, lexicon))
    parts.append(_asked(plan))
    return "・".join(part for part in parts if part)


def _asked(plan: Plan) -> str:
    if plan.operation is Operation.CHECK and plan.check and plan.check.fact in CHECKED:
        return f"{CHECKED[plan.check.fact]}の確認"
    if plan.operation in (Operation.LOOKUP, Operation.CHECK):
        names = [
            TEXT_NAMES[plan.text_kind or "what"] if field is Field.TEXT else FIELD_NAMES[field]
            for field in plan.fields
        ]
        return "と".join(names) + ("の確認" if plan.operation is Operation.CHECK else "")
    measure = FIELD_NAMES[plan.measure]
    if plan.operation is Operation.RANK and plan.ranking:
        order = "大きい順" if plan.ranking.descending else "小さい順"
        return f"{measure}の{order}"
    if plan.operation is Operation.GROUP:
        reduce = {"sum": "合計", "count": "件数", "average": "平均", "change": "増減額の合計"}[
            plan.reduce
        ]
        return f"{FACETS.get(plan.group_by or '', '')}ごとの{reduce}"
    if plan.operation is Operation.COMPARE:
        return measure
    if plan.operation in (Operation.SUM, Operation.AVERAGE):
        return f"{measure}の{OPERATION_NAMES[plan.operation]}"
    return OPERATION_NAMES.get(plan.operation, "")


def search_url(plan: Plan) -> str:
    """The search that shows the same programmes."""
    filters = plan.filters
    pairs: list[tuple[str, str]] = []
    titles = [e.program.title for e in plan.entities]
    titles += [
        o.program.title for o in plan.operands if o.program and o.program.title not in titles
    ]
    if titles:
        pairs.append(("q", " OR ".join(f'"{t}"' for t in titles) if len(titles) > 1 else titles[0]))
    elif filters.topic:
        pairs.append(("q", " OR ".join(filters.topic)))
    if filters.year is not None:
        pairs.append(("fiscal_year", str(filters.year)))
    pairs.extend(("publisher", name) for name in filters.publishers)
    if not plan.entities:
        for name, values in filters.values:
            pairs.extend((name, value) for value in values if name in _PARAMETERS)
        if filters.bounded == "amount":
            pairs.extend(("min_amount", str(filters.low)) for _ in [0] if filters.low is not None)
            pairs.extend(("max_amount", str(filters.high)) for _ in [0] if filters.high is not None)
        pairs.extend(_sorting(plan))
    return f"/search?{urlencode(pairs)}" if pairs else "/search"


def _sorting(plan: Plan) -> list[tuple[str, str]]:
    if plan.operation is not Operation.RANK or plan.ranking is None:
        return []
    sort = {Field.CHANGE: "change", Field.RATE: "change_ratio"}.get(plan.ranking.measure, "amount")
    return [("sort", sort)]


def program_label(program: Program) -> str:
    """A programme's title in brackets, as answers name it."""
    return f"「{program.title}」"
