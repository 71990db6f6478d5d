"""How money and change are said: one table for pages, terminal and answers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer import wording
from indexer.model import Money, MoneyState

YEN = st.integers(min_value=-(10**16), max_value=10**16)


@pytest.mark.parametrize(
    ("yen", "words", "unit"),
    [
        # an amount of the sample book: whole 万円
        (40_500_000, "4,050万円", "40,500千円"),
        # 千円 left over after 万: said as 千, not as 4,000円
        (2_826_344_000, "28億2,634万4千円", "2,826,344千円"),
        # below 万 only
        (4_000, "4千円", "4千円"),
        # not a whole number of 千円: the smaller unit, never rounded
        (1_234_567, "123万4,567円", "1,234,567円"),
        # a gap between the places is not padded
        (1_000_000_050_000, "1兆5万円", "1,000,000,050千円"),
        # zero is a number, and says so
        (0, "0円", "0千円"),
        # minus is a minus sign in front, in both
        (-9_000_000, "−900万円", "−9,000千円"),
    ],
)
def test_amounts(yen: int, words: str, unit: str) -> None:
    assert wording.in_words(yen) == words
    assert wording.in_unit(yen) == unit


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        (18308 / 33706, "+54.3%"),
        (-9000 / 143113, "−6.3%"),
        (0.0, "±0.0%"),
        # half away from zero, both ways
        (0.0005, "+0.1%"),
        (-0.0005, "−0.1%"),
        # below a tenth of a percent there is no sign to show
        (0.0001, "±0.0%"),
        (12.5, "+1,250.0%"),
        # no previous amount: nothing to say
        (None, ""),
    ],
)
def test_ratios(ratio: float | None, words: str) -> None:
    assert wording.ratio_in_words(ratio) == words


@pytest.mark.parametrize(
    ("money", "words"),
    [
        (Money(40_000_000, MoneyState.VALUE, "40 百万円", "百万円"), "40百万円"),
        (Money(None, MoneyState.COMPLETED, "完了"), "完了"),
        (Money(None, MoneyState.UNDETERMINED, "－"), "未定"),
        # a printed dash and a field the book does not have are two facts
        (Money(None, MoneyState.NONE, "— 千円"), "なし（予算書は「—」）"),
        (Money(None, MoneyState.NONE, ""), "記載なし"),
        (None, "記載なし"),
    ],
)
def test_money(money: Money | None, words: str) -> None:
    assert wording.money_in_words(money) == words


@pytest.mark.parametrize(
    ("yen", "words"),
    [(18_308_000, "+1,830万8千円"), (-1, "−1円"), (0, "増減なし"), (None, "比較できません")],
)
def test_changes(yen: int | None, words: str) -> None:
    assert wording.change_in_words(yen) == words


@given(YEN)
def test_words_say_the_whole_amount(yen: int) -> None:
    """Reading the words back gives the amount: nothing is rounded away."""
    text = wording.in_words(yen).removesuffix("円").replace(",", "")
    sign, text = (-1, text[1:]) if text.startswith("−") else (1, text)
    total = 0
    for name, size in (("兆", 10**12), ("億", 10**8), ("万", 10**4), ("千", 10**3)):
        if name in text:
            count, text = text.split(name)
            total += int(count) * size
    assert sign * (total + int(text or 0)) == yen


@given(YEN, st.sampled_from(list(wording.UNITS)))
def test_units_say_the_whole_amount(yen: int, unit: str) -> None:
    text = wording.in_unit(yen, unit)
    name = max((u for u in wording.UNITS if text.endswith(u)), key=len)
    number = int(text.removesuffix(name).replace(",", "").replace("−", "-"))
    assert number * wording.UNITS[name] == yen
