"""How are money, change and labels said in words? A leaf: pages, terminal and answers share it.

Amounts go in as whole yen (``int``) or as :class:`~indexer.model.Money`, and come out as text:

    in_unit(40_500_000)            40,500千円          as the books print it
    in_words(40_500_000)           4,050万円           as people say it
    change_in_words(18_308_000)    +1,830万8千円
    ratio_in_words(0.543)          +54.3%

Nothing here rounds an amount: what does not fit a unit is said in a smaller one.
Only ratios are rounded, to one decimal place, half away from zero. Years: ``indexer.eras``.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from indexer.model import Money, MoneyState

UNITS: dict[str, int] = {"円": 1, "千円": 1_000, "万円": 10_000, "百万円": 1_000_000, "億円": 10**8}
"""The units books print amounts in, in yen."""

_PLACES: tuple[tuple[int, str], ...] = ((10**12, "兆"), (10**8, "億"), (10**4, "万"))

STATES: dict[MoneyState, str] = {
    MoneyState.VALUE: "金額あり",
    MoneyState.ZERO: "0（予算書に0と記載）",
    MoneyState.NONE: "なし（予算書は「—」）",
    MoneyState.UNDETERMINED: "未定",
    MoneyState.COMPLETED: "完了",
    MoneyState.BELOW_UNIT: "単位未満",
    MoneyState.ELSEWHERE: "他の事業に計上",
    MoneyState.UNREADABLE: "読み取れず",
}
"""Why an amount has no number, said to a reader. None of these is 0."""

NOT_PRINTED_WORDS = "記載なし"

FACETS: dict[str, str] = {
    "section": "部局",
    "status": "区分",
    "department": "担当課",
    "policy_goal": "目標",
    "fiscal_year": "会計年度",
    "publisher": "発行者",
    "account": "会計",
    "role": "事業の位置",
    "document": "予算書",
}
"""Facet names of the contract, as a reader sees them."""

SORTS: dict[str, str] = {
    "relevance": "関連度順",
    "amount": "予算額順",
    "change": "増減額順",
    "change_ratio": "増減率順",
    "title": "事業名順",
}
"""Sort names of the contract, as a reader sees them."""

ROLES: dict[str, str] = {
    "standalone": "単独の事業",
    "parent": "内訳のある事業",
    "child": "内訳の事業",
    "member": "まとめて記載された事業",
    "group": "まとめ記載",
}

MATCHES: dict[str, str] = {
    "exact": "完全一致",
    "variant": "表記ゆれ",
    "reading": "読み",
    "synonym": "同義語",
    "related": "近い言葉",
    "substring": "部分一致",
    "fuzzy": "近い語",
}
"""Kinds of match (``indexer.search.response.MatchKind``), as a reader sees them."""

FLAGS: dict[str, str] = {
    "amount_is_sum_of_children": "金額は内訳の合計です。",
    "status_expanded_but_amount_decreased": "区分は「拡充」ですが、予算額は前年度を下回ります。",
    "repeated": "再掲です。合計には入れていません。",
    "part_of": "「うち」書きの内数です。合計には入れていません。",
    "supplement": "補正予算の額（補正額）です。当初予算額ではありません。",
}
"""Facts worth showing about a programme (``Program.flags``)."""


def in_unit(yen: int, unit: str = "千円") -> str:
    """``40500000`` → ``40,500千円``; in 円 when the amount is no whole number of the unit."""
    size = UNITS.get(unit, 1)
    if yen % size:
        unit, size = "円", 1
    return f"{_signed(yen // size if yen >= 0 else -(-yen // size))}{unit if size > 1 else '円'}"


def in_words(yen: int) -> str:
    """``2826344000`` → ``28億2,634万4千円``; ``-9000000`` → ``−900万円``; ``0`` → ``0円``."""
    sign, rest = ("−", -yen) if yen < 0 else ("", yen)
    parts: list[str] = []
    for size, name in _PLACES:
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count:,}{name}")
    if rest and rest % 1000 == 0:
        parts.append(f"{rest // 1000}千")
    elif rest or not parts:
        parts.append(f"{rest:,}")
    return f"{sign}{''.join(parts)}円"


def change_in_words(yen: int | None) -> str:
    """``18308000`` → ``+1,830万8千円``; ``0`` → ``増減なし``; ``None`` → ``比較できません``."""
    if yen is None:
        return "比較できません"
    if yen == 0:
        return "増減なし"
    return in_words(yen) if yen < 0 else f"+{in_words(yen)}"


def change_in_unit(yen: int, unit: str = "千円") -> str:
    """``18308000`` → ``+18,308千円``; ``0`` → ``±0千円``."""
    if yen == 0:
        return f"±0{unit if unit in UNITS else '円'}"
    return in_unit(yen, unit) if yen < 0 else f"+{in_unit(yen, unit)}"


def ratio_in_words(ratio: float | None) -> str:
    """``0.543`` → ``+54.3%``; ``-0.0629`` → ``−6.3%``; ``None`` → empty (no previous amount)."""
    if ratio is None:
        return ""
    percent = (Decimal(repr(ratio)) * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
    if percent == 0:
        return "±0.0%"
    return f"{'+' if percent > 0 else '−'}{abs(percent):,}%"


def share_in_words(part: int, whole: int) -> str:
    """``40500000`` of ``2826344000`` → ``1.4%``; empty without a whole."""
    if not whole:
        return ""
    share = Decimal(part) * 100 / Decimal(whole)
    if 0 < share < Decimal("0.05"):
        return "0.1%未満"
    return f"{share.quantize(Decimal('0.1'), ROUND_HALF_UP)}%"


def money_in_words(money: Money | None) -> str:
    """One printed amount for a reader: ``40,500千円``, ``完了``, ``未定`` or ``記載なし``.

    The figure keeps the unit of the book, so that it can be found again on the page.
    """
    if money is None or (money.state is MoneyState.NONE and not money.raw):
        return NOT_PRINTED_WORDS
    if money.yen is None:
        return STATES[money.state]
    return in_unit(money.yen, money.unit or "千円")


def _signed(number: int) -> str:
    return f"−{-number:,}" if number < 0 else f"{number:,}"
