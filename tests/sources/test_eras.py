"""Is a year read as the year it is, in every form a book or a person writes it?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.eras import (
    era_to_western,
    era_year_label,
    find_fiscal_years,
    find_years,
    fiscal_year_label,
    parse_fiscal_year,
    short_fiscal_year_label,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # the usual form
        ("令和7年度", 2025),
        # full-width digits, as ministries print
        ("令和７年度", 2025),
        # the first year has a name, not a number
        ("令和元年度", 2019),
        ("令和1年度", 2019),
        # one fiscal year with two names (BAM: title 平成31年度, id 2019)
        ("平成31年度", 2019),
        ("平成元年度", 1989),
        ("昭和64年度", 1989),
        ("昭和63年度", 1988),
        # a book of FY2018 looking ahead: it became 令和2年度
        ("平成32年度", 2020),
        # a liability over thirty years
        ("令和31年度", 2049),
        # letters of budget tables, half and full width, with and without a dot
        ("R7", 2025),
        ("Ｒ７", 2025),
        ("R7年度", 2025),
        ("R.7", 2025),
        ("h31", 2019),
        ("H元年度", 1989),
        # kanji numerals of older books
        ("令和七年度", 2025),
        ("平成三十一年度", 2019),
        ("令和十年度", 2028),
        ("令和十二年度", 2030),
        ("二〇二五年度", 2025),
        # square era names
        ("㋿7年度", 2025),
        ("㍻31年度", 2019),
        # western
        ("2025年度", 2025),
        ("２０２５年度", 2025),
        ("2025", 2025),
        ("FY2025", 2025),
        # what a person types in a manifest
        ("令和7", 2025),
        ("令和7年", 2025),
        (" 令和 7 年度 ", 2025),
        ("　令和　７　年　度　", 2025),
        # both forms, agreeing
        ("令和7年度（2025年度）", 2025),
        ("令和7（2025）年度", 2025),
        ("2025（令和7）年度", 2025),
        ("2025年度(令和7年度)", 2025),
        # both forms, disagreeing: neither can be trusted
        ("令和7年度（2024年度）", None),
        ("令和7（2024）年度", None),
        ("2025（令和8）年度", None),
        # there is no year 0
        ("令和0年度", None),
        ("R0", None),
        # a date is not a year
        ("令和7年4月", None),
        ("R7.4.1", None),
        # no era, and no document to take it from
        ("7年度", None),
        # two years are not one
        ("令和6年度から令和7年度", None),
        ("R6-R8", None),
        # not a year at all
        ("", None),
        ("年度", None),
        ("新規", None),
        ("999年度", None),
        ("20250年度", None),
        ("9999", None),
        ("令和100年度", None),
        ("慶応3年度", None),
        ("²", None),
        ("令和²年度", None),
    ],
)
def test_one_year(text: str, expected: int | None) -> None:
    assert parse_fiscal_year(text) == expected


@pytest.mark.parametrize(
    ("text", "near", "expected"),
    [
        # 期間 `７年度から / 11年度まで`: the era of the document
        ("11年度", 2025, 2029),
        ("７年度", 2025, 2025),
        # a book of 平成30 looks ahead in its own era
        ("32年度", 2018, 2020),
        # an era that is written wins over the document's
        ("平成30年度", 2025, 2018),
        # a number without 年度 is a number
        ("11", 2025, None),
    ],
)
def test_a_year_without_era_takes_the_era_of_its_document(
    text: str, near: int, expected: int | None
) -> None:
    assert parse_fiscal_year(text, near) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # forecasts of the sample (line 36)
        ("R8 見込額：40 百万円 R9 見込額：40 百万円", ["R8", "R9"]),
        # prose with a date in it (sample line 32: the application began in a month)
        ("令和7年度は、令和7年4月に運用開始の防災アプリ", ["令和7年度"]),
        # a bracketed gloss belongs to the year
        ("令和７（２０２５）年度当初予算", ["令和７（２０２５）年度"]),
        # formulas, rooms, areas, versions and amounts are not years
        ("H2O、100m2、m2、R7.4.1、Ver.R1.5、XR7、1,966,770千円、156", []),
        # a money amount that happens to have four digits
        ("2025千円", []),
        # western years, but not a date
        ("2024年度と2025年と2025年4月", ["2024年度", "2025年"]),
        # a range
        ("R6〜R8", ["R6", "R8"]),
        # after a bracket or a Japanese character
        ("（R7）", ["R7"]),
        ("前年度R6", ["R6"]),
    ],
)
def test_years_in_running_text(text: str, expected: list[str]) -> None:
    assert [text[year.start : year.end] for year in find_years(text)] == expected


def test_fiscal_years_are_told_from_calendar_years() -> None:
    text = "令和5年の調査に基づき令和7年度に実施"
    assert [year.year for year in find_fiscal_years(text)] == [2025]


@pytest.mark.parametrize(
    ("text", "beyond"),
    [
        # the era had ended
        ("平成32年度", True),
        # its last year
        ("平成31年度", False),
        # an era that lasts has no end
        ("令和31年度", False),
        ("2049年度", False),
    ],
)
def test_a_year_past_its_era_says_so(text: str, beyond: bool) -> None:
    (year,) = find_years(text)
    assert year.beyond_end is beyond


@pytest.mark.parametrize(
    ("year", "label", "short"),
    [
        (2025, "令和7年度", "R7"),
        # the newer name of a year with two
        (2019, "令和元年度", "R1"),
        (1989, "平成元年度", "H1"),
        (1988, "昭和63年度", "S63"),
        (1925, "大正14年度", "T14"),
        (1800, "1800年度", "1800"),
    ],
)
def test_labels(year: int, label: str, short: str) -> None:
    assert fiscal_year_label(year) == label
    assert era_year_label(year) == label.removesuffix("度")
    assert short_fiscal_year_label(year) == short


@given(st.integers(min_value=1868, max_value=2117))
def test_a_label_reads_back_as_its_year(year: int) -> None:
    assert parse_fiscal_year(fiscal_year_label(year)) == year
    assert parse_fiscal_year(short_fiscal_year_label(year)) == year
    assert parse_fiscal_year(f"{year}年度") == year


@given(
    st.text(
        alphabet=st.sampled_from("令和平成昭RＨ元年度月(（)）0123７八十二〇㋿ .　あ²①"), max_size=30
    )
)
def test_nothing_typed_raises_and_spans_lie_in_the_text(text: str) -> None:
    parse_fiscal_year(text, 2025)
    years = find_years(text)
    ends = [0, *(year.end for year in years)]
    for year, before in zip(years, ends, strict=False):
        assert before <= year.start < year.end <= len(text)


def test_unknown_era_signs_are_no_year() -> None:
    assert era_to_western("X", 7) is None
    assert era_to_western("", 7) is None
    assert era_to_western("令和", "数") is None
