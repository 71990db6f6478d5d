"""Every way an amount is written (formats survey), read to the exact yen or not at all."""

# Printed lines and their readings stay on one line each.
# ruff: noqa: E501

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.model import MoneyState
from indexer.parsing.amounts import find_amounts, read_cell, unit_yen

FORMS = [
    # the plain form of the sample
    ("52,014千円", 52_014_000, "千円"),
    # a space before the unit, as in the previous-year brackets of the same book
    ("33,706 千円", 33_706_000, "千円"),
    # marks of the text conversion around the digits only, and they are part of what is printed
    ("**40,000**千円", 40_000_000, "千円"),
    # 百 is a digit of 百万, not a hundred of its own
    ("40 百万円", 40_000_000, "百万円"),
    ("2,450万円", 24_500_000, "万円"),
    # mixed units: each part keeps its place
    ("14億5,574万8千円", 1_455_748_000, "千円"),
    # a line of a narrow column breaks after 億
    ("2億 2,454万円", 224_540_000, "万円"),
    ("1億9,601万 7,000円", 196_017_000, "円"),
    # 7百万 and 11万4千: hundreds and thousands of 万 and of yen
    ("792億7百万円", 79_207_000_000, "百万円"),
    ("280億3911万4千円", 28_039_114_000, "千円"),
    # full-width digits, comma and full stop
    ("２兆２，３７０億円", 2_237_000_000_000, "億円"),
    ("３．３億円", 330_000_000, "億円"),
    # kanji numerals of council minutes
    ("二・三兆円", 2_300_000_000_000, "兆円"),
    ("八百五十億円", 85_000_000_000, "億円"),
    ("十五億円", 1_500_000_000, "億円"),
    # signs: △ and ▲ are minus, with or without space
    ("△989,200千円", -989_200_000, "千円"),
    ("▲ 3,658,522 千円", -3_658_522_000, "千円"),
    ("-6,479千円", -6_479_000, "千円"),
    ("−6,479千円", -6_479_000, "千円"),
    ("+48.2億円", 4_820_000_000, "億円"),
    # a nominal entry is real
    ("1千円", 1_000, "千円"),
    # qualifiers stay in what is printed
    ("約3億円", 300_000_000, "億円"),
    ("5,000万円程度", 50_000_000, "万円"),
]


@pytest.mark.parametrize(("printed", "yen", "unit"), FORMS)
def test_amount_is_read_whole(printed: str, yen: int, unit: str) -> None:
    """The token covers all that is printed, also in the middle of a line."""
    for before, after in (("", ""), ("防災の推進 ", " (新規)"), ("(", ")")):
        (token,) = find_amounts(before + printed + after)
        assert (token.yen, token.unit, token.state) == (yen, unit, MoneyState.VALUE)
        assert (before + printed + after)[token.start : token.end] == printed


UNREADABLE = [
    # a comma in the wrong place: which digit is missing nobody knows
    "33兆97,23億円",
    # 263,401 misprinted: below 千円 there is nothing to print after a point
    "263.401千円",
    # OCR put a letter among the digits
    "262,フ73,622千円",
    # 数 says: no number
    "数万円",
    # units out of order
    "3万2億円",
]


@pytest.mark.parametrize("printed", UNREADABLE)
def test_misprint_is_not_guessed(printed: str) -> None:
    """No yen, but the printed string is kept."""
    (token,) = find_amounts(printed)
    assert (token.yen, token.state) == (None, MoneyState.UNREADABLE)
    assert printed[token.start : token.end] == printed


NOT_AMOUNTS = [
    "100%", "156", "令和7年度", "円滑な運営", "(単位 千円)", "2020-2021", "サービス", "3か所", "第2期計画",
    "一般会計", "円卓会議", "A-1棟",
]  # fmt: skip


@pytest.mark.parametrize("text", NOT_AMOUNTS)
def test_other_numbers_are_no_amounts(text: str) -> None:
    """Pages, years, rates, units alone, and the long vowel ー that is no dash."""
    assert find_amounts(text) == ()


@pytest.mark.parametrize("dash", "-‐‑‒–—―−─━－")
def test_any_dash_alone_stands_for_an_amount(dash: str) -> None:
    """One class of dashes, kept as printed."""
    for text in (f"({dash} 千円)", f"（{dash}）", dash):
        (token,) = find_amounts(text)
        assert token.is_dash
        assert token.yen is None
        assert dash in text[token.start : token.end]


CELLS = [
    # blank, dash and zero are three facts
    ("", None, MoneyState.NONE, ""),
    ("－", None, MoneyState.NONE, "－"),
    ("0", 0, MoneyState.ZERO, "0"),
    # the unit of the header applies, unless the cell prints its own
    ("5,000", 5_000_000, MoneyState.VALUE, "5,000"),
    ("△ 25", -25_000, MoneyState.VALUE, "△ 25"),
    ("3億円", 300_000_000, MoneyState.VALUE, "3億円"),
    ("2,340,452", 2_340_452_000, MoneyState.VALUE, "2,340,452"),
    ("２，３４０，４５２", 2_340_452_000, MoneyState.VALUE, "２，３４０，４５２"),
    # a decimal of 千円 is a lost comma; words are no amount
    ("12.5", None, MoneyState.UNREADABLE, "12.5"),
    ("別紙のとおり", None, MoneyState.UNREADABLE, "別紙のとおり"),
    ("1,23", None, MoneyState.UNREADABLE, "1,23"),
]


@pytest.mark.parametrize(("cell", "yen", "state", "raw"), CELLS)
def test_cell(cell: str, yen: int | None, state: MoneyState, raw: str) -> None:
    """A whole cell under the header （単位　千円）."""
    money = read_cell(cell, "千円", 7)
    assert (money.yen, money.state, money.raw) == (yen, state, raw)


def test_cell_without_any_unit_is_not_guessed() -> None:
    """Yen or thousands of yen: the book does not say, so neither do we."""
    money = read_cell("5,000", None)
    assert (money.yen, money.state, money.raw) == (None, MoneyState.UNREADABLE, "5,000")


WIDE = str.maketrans("0123456789,", "０１２３４５６７８９，")


@given(
    st.integers(min_value=0, max_value=99_999_999_999),
    st.sampled_from(["円", "千円", "万円", "百万円", "億円"]),
    st.booleans(),
    st.sampled_from(["", "△", "▲ ", "-"]),
    st.sampled_from(["", " ", "　"]),
)
def test_round_trip(number: int, unit: str, wide: bool, sign: str, space: str) -> None:
    """Whatever is printed with grouped digits and one unit comes back to the yen."""
    figure = f"{number:,}".translate(WIDE) if wide else f"{number:,}"
    text = f"{sign}{figure}{space}{unit}"
    (token,) = find_amounts(text)
    expected = number * unit_yen(unit)
    assert token.yen == (-expected if sign else expected)
    assert text[token.start : token.end] == text


@given(st.integers(min_value=1, max_value=9_999_999_999))
def test_round_trip_of_mixed_units(thousand: int) -> None:
    """``14億5,574万8千円`` for every amount of whole thousands."""
    high, rest = divmod(thousand, 100_000)
    middle, low = divmod(rest, 10)
    parts = [(high, "億"), (middle, "万"), (low, "千")]
    text = "".join(f"{number:,}{unit}" for number, unit in parts if number) + "円"
    (token,) = find_amounts(text)
    assert token.yen == thousand * 1000


@given(st.text(alphabet="0123456789,.千百万億兆円 -△()（）約数一二十・ー", max_size=60))
def test_spans_lie_inside_and_apart(text: str) -> None:
    """Tokens never overlap, never leave the line, and never have yen without a state for it."""
    end = 0
    for token in find_amounts(text):
        assert end <= token.start < token.end <= len(text)
        assert (token.yen is not None) == (token.state in (MoneyState.VALUE, MoneyState.ZERO))
        end = token.end
