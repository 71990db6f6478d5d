"""Query understanding: what becomes a filter, and what stays a word."""

from __future__ import annotations

from typing import cast

import pytest

from indexer.engine.interface import Reader
from indexer.engine.reader import EngineReader
from indexer.search.grammar import FieldIs, Words, parse
from indexer.search.understanding import FilterReader, Understood


@pytest.fixture(scope="module")
def filters(reader: EngineReader) -> FilterReader:
    return FilterReader(reader)


def _read(filters: FilterReader, text: str, *, literal: bool = False) -> Understood:
    return filters.read(parse(text).root, literal=literal)


def _left(understood: Understood) -> str:
    return " ".join(part.text for part in understood.root.parts if isinstance(part, Words))


AMOUNTS = [
    # text, lowest yen, highest yen: what people write around an amount.
    ("1億円以上", 100_000_000, None),
    ("１億円以上", 100_000_000, None),
    ("一億円以上", 100_000_000, None),
    ("1億以上", 100_000_000, None),
    ("1億2,000万円以下", None, 120_000_000),
    ("500万円未満", None, 4_999_999),
    ("3億円を超える事業", 300_000_001, None),
    ("5千万円台", 50_000_000, 59_999_999),
    ("3,500万円台", 35_000_000, 35_999_999),
    ("1億円台", 100_000_000, 199_999_999),
    # As a book prints it: exactly this amount.
    ("1,000千円", 1_000_000, 1_000_000),
    ("40,500千円", 40_500_000, 40_500_000),
    # Ranges; a figure without its unit takes that of the other.
    ("1億〜3億円", 100_000_000, 300_000_000),
    ("1～3億円", 100_000_000, 300_000_000),
    ("1千万円から5千万円まで", 10_000_000, 50_000_000),
    # About: a tenth either way.
    ("約1億円", 90_000_000, 110_000_000),
    ("500万円程度", 4_500_000, 5_500_000),
    # Two bounds without anything between.
    ("1億以上10億以下", 100_000_000, 1_000_000_000),
    ("1億円以上3億円未満", 100_000_000, 299_999_999),
    # A sentence around it.
    ("予算額が1億円以上の事業", 100_000_000, None),
    ("予算:1億円以上", 100_000_000, None),
]


@pytest.mark.parametrize(("text", "low", "high"), AMOUNTS)
def test_amounts(filters: FilterReader, text: str, low: int | None, high: int | None) -> None:
    understood = _read(filters, text)
    assert (understood.bound("min_amount"), understood.bound("max_amount")) == (low, high)
    assert _left(understood) == ""


VALUES = [
    # text, filters, words left
    ("R7", {"fiscal_year": ("2025",)}, ""),
    ("Ｒ７", {"fiscal_year": ("2025",)}, ""),
    ("令和７年度", {"fiscal_year": ("2025",)}, ""),
    ("2025年度", {"fiscal_year": ("2025",)}, ""),
    # Two names of one year.
    ("平成31年度", {"fiscal_year": ("2019",)}, ""),
    ("令和元年度", {"fiscal_year": ("2019",)}, ""),
    # A bare number is a year only when the index has that year.
    ("2025", {"fiscal_year": ("2025",)}, ""),
    ("2001", {}, "2001"),
    # 大正4年 by its letter, but far likelier a form or a thing.
    ("T4", {}, "T4"),
    ("令和7年度予算", {"fiscal_year": ("2025",)}, ""),
    ("令和7年度防災", {"fiscal_year": ("2025",)}, "防災"),
    # Two years are alternatives.
    ("R6 R7", {"fiscal_year": ("2024", "2025")}, ""),
    # Status words and their everyday forms.
    ("新規", {"status": ("新規",)}, ""),
    ("新しい事業", {"status": ("新規",)}, ""),
    ("新規 拡充", {"status": ("新規", "拡充")}, ""),
    # Part of a longer word it is none; nor is a status that the index does not have.
    ("新規就農者", {}, "新規就農者"),
    ("拡充計画", {}, "拡充計画"),
    ("休止", {}, "休止"),
    # Names of departments, sections, publishers, whole; signs and width folded.
    ("情報システム課", {"department": ("情報システム課",)}, ""),
    ("災害対策･危機管理課", {"department": ("災害対策・危機管理課",)}, ""),
    ("政策経営部", {"section": ("政策経営部",)}, ""),
    ("若葉市", {"publisher": ("若葉市",)}, ""),
    ("防災", {}, "防災"),
    ("総務", {}, "総務"),
    ("情報システム課長", {}, "情報システム課長"),
    # Several in one run, joined by particles.
    ("令和7年度の新規事業", {"fiscal_year": ("2025",), "status": ("新規",)}, ""),
    ("若葉市の公園", {"publisher": ("若葉市",)}, "公園"),
    ("情報政策課の新規", {"department": ("情報政策課",), "status": ("新規",)}, ""),
    # Behind the words that they narrow, when they can be nothing but filters.
    ("子育て支援の新規事業", {"status": ("新規",)}, "子育て支援"),
    ("防災の拡充", {"status": ("拡充",)}, "防災"),
    ("福祉に関する継続事業", {"status": ("継続",)}, "福祉"),
    ("学校給食の令和6年度", {"fiscal_year": ("2024",)}, "学校給食"),
    ("窓口の見直し", {}, "窓口の見直し"),
    ("窓口の情報システム課", {}, "窓口の情報システム課"),
    # A year of the index's era, or counted from its newest year; none that it does not have.
    ("7年度", {"fiscal_year": ("2025",)}, ""),
    ("６年度予算", {"fiscal_year": ("2024",)}, ""),
    ("昨年度の防災", {"fiscal_year": ("2024",)}, "防災"),
    ("5年度", {}, "5年度"),
    ("前年度比", {}, "前年度比"),
    # Field filters: exact, part of a name, everyday form.
    ("課:情報システム課", {"department": ("情報システム課",)}, ""),
    ("課:水産", {"department": ("水産課",)}, ""),
    ("年度:R7", {"fiscal_year": ("2025",)}, ""),
    ("区分:新しい事業", {"status": ("新規",)}, ""),
    # Quoted, excluded and alternative words are left alone.
    ('"新規"', {}, ""),
    ("-新規", {}, ""),
    # Words that begin with a figure are no amounts.
    ("一億総活躍", {}, "一億総活躍"),
    ("千代田", {}, "千代田"),
    ("三千人", {}, "三千人"),
]


@pytest.mark.parametrize(("text", "wanted", "left"), VALUES)
def test_values(
    filters: FilterReader, text: str, wanted: dict[str, tuple[str, ...]], left: str
) -> None:
    understood = _read(filters, text)
    assert understood.filters == wanted
    assert _left(understood) == left


CHANGES = [
    # text, least change, most change, words left: against last year's amount.
    ("予算が増えた事業", 1, None, ""),
    ("前年度より減った事業", None, -1, ""),
    ("減らされた福祉の事業", None, -1, "福祉の事業"),
    ("増額", 1, None, ""),
    ("減額措置", None, None, "減額措置"),
]


@pytest.mark.parametrize(("text", "least", "most", "left"), CHANGES)
def test_changes(
    filters: FilterReader, text: str, least: int | None, most: int | None, left: str
) -> None:
    understood = _read(filters, text)
    assert (understood.bound("min_change"), understood.bound("max_change")) == (least, most)
    assert _left(understood) == left


class _Names:
    """A reader of facet values alone: 議会事務局 is a section here and a department there."""

    def values(self, column: str) -> tuple[str, ...]:
        return {"section": ("議会事務局", "道路局"), "department": ("議会事務局",)}.get(column, ())


def test_a_name_of_a_section_and_of_a_department_is_looked_for_as_a_word() -> None:
    filters = FilterReader(cast(Reader, _Names()))
    assert _left(_read(filters, "議会事務局")) == "議会事務局"
    assert _read(filters, "道路局").filters == {"section": ("道路局",)}


def test_a_counted_year_is_said(filters: FilterReader) -> None:
    (remark,) = _read(filters, "昨年度").remarks
    assert "令和6年度" in remark


def test_every_filter_is_shown_with_what_was_typed(filters: FilterReader) -> None:
    shown = _read(filters, "令和7年度の新規事業 1億円以上").shown
    assert [(item.typed, item.label) for item in shown] == [
        ("令和7年度", "令和7年度"),
        ("新規事業", "新規"),
        ("1億円以上", "1億円以上"),
    ]


def test_literal_reads_nothing_out_but_field_filters(filters: FilterReader) -> None:
    understood = _read(filters, "新規 1億円以上 課:総務課", literal=True)
    assert _left(understood) == "新規 1億円以上"
    assert understood.filters == {"department": ("総務課",)}


def test_a_field_value_that_does_not_exist_is_said(filters: FilterReader) -> None:
    understood = _read(filters, "課:宇宙課")
    assert understood.matches_nothing
    assert "宇宙課" in understood.remarks[0]


def test_title_field_stays_a_clause(filters: FilterReader) -> None:
    assert isinstance(_read(filters, "事業名:灯台").root.parts[0], FieldIs)
