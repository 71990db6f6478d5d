"""Can a spreadsheet open what we export, without running it and without losing a figure?"""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.exports import COLUMNS, ExportItem, csv_bytes, csv_lines, json_bytes, jsonl_lines
from indexer.model import (
    Document,
    Execution,
    Forecast,
    Money,
    MoneyState,
    Paragraph,
    Program,
    Publisher,
)

DOCUMENT = Document(
    id="book",
    title="予算書",
    path="book.md",
    publisher=Publisher("札幌市", "011002"),
    fiscal_year=2025,
    fiscal_year_label="令和7年度",
)
PROGRAM = Program(
    id="p-1",
    document_id="book",
    title="除雪",
    amount=Money(-9_000_000, MoneyState.VALUE, "△9,000千円", "千円"),
    previous_amount=Money(None, MoneyState.NONE, "— 千円", "千円"),
    forecasts=(Forecast(2026, "R8", Money(None, MoneyState.COMPLETED, "完了")),),
    started=1957,
    executions=(
        Execution(2024, Money(3_000_000, MoneyState.VALUE, "3百万円", "百万円")),
        Execution(2023, Money(2_000_000, MoneyState.VALUE, "2百万円", "百万円")),
    ),
    description=(Paragraph("一つ目。", 3, 3), Paragraph("二つ目。", 5, 5)),
)


def rows(*items: ExportItem) -> list[dict[str, str]]:
    text = b"".join(csv_bytes(items)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_one_datum_per_cell() -> None:
    """Yen, state, print and unit stand apart; a code keeps its zero; no line break in a cell."""
    (row,) = rows(ExportItem(PROGRAM, DOCUMENT))
    assert row["amount_yen"] == "-9000000"
    assert (row["amount_raw"], row["amount_unit"]) == ("△9,000千円", "千円")
    assert (row["previous_amount_yen"], row["previous_amount_state"]) == ("", "none")
    assert (row["forecast1_fiscal_year"], row["forecast1_state"]) == ("2026", "completed")
    assert (row["forecast2_fiscal_year"], row["forecast2_yen"]) == ("", "")
    assert (row["executed_fiscal_year"], row["executed_yen"]) == ("2024", "3000000")
    assert (row["started"], row["ended"]) == ("1957", "")
    assert row["publisher_code"] == "011002"
    assert row["description"] == "一つ目。 二つ目。"


# Every character that makes a spreadsheet take text for a formula or a command (ASVS 1.2.10).
@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "\t", "＝", "＋", "－", "＠", "﹢", "﹣", "﹦", "﹫"]
)
@pytest.mark.parametrize(
    "before",
    [
        "",
        " ",
        "\u3000",
        "\u00a0",
        "\u200b",  # zero width space
        "\ufeff",  # byte order mark
        "\u2060\u200d",  # joiners
        "\u202e",  # turns the direction
        "\u3164",  # a letter that is blank
        "\u00ad",  # soft hyphen
        "\x01\x1b",
        "\ufe0f",  # variation selector
    ],
    ids=ascii,
)
@pytest.mark.parametrize("field", ["title", "section", "department", "status", "policy_goal"])
def test_formula_is_made_text(start: str, before: str, field: str) -> None:
    """A leading ' in every text column, whatever a book prints there, also before the start."""
    start = before + start
    program = replace(PROGRAM, **{field: f"{start}cmd|' /C calc'!A0"})
    (row,) = rows(ExportItem(program, DOCUMENT))
    assert row[field].startswith(f"'{start}")


@pytest.mark.parametrize(
    ("printed", "cell"),
    [
        ("一行\n二行", "一行 二行"),
        ("一行\r\n二行", "一行 二行"),
        ("一行\u2028\u0085\v二行", "一行 二行"),
        ("\r=1+1", "' =1+1"),
        ("\n=1+1", "' =1+1"),
        (" 字下げ", " 字下げ"),  # blanks before plain text are what was printed
        ("△1,000", "△1,000"),
        ("A-1 = B", "A-1 = B"),
    ],
)
def test_a_cell_is_one_line(printed: str, cell: str) -> None:
    (row,) = rows(ExportItem(replace(PROGRAM, title=printed, section=printed), DOCUMENT))
    assert (row["title"], row["section"]) == (cell, cell)


def test_negative_numbers_stay_numbers() -> None:
    """Neutralised numbers would be text, and no sum would count them."""
    reduced = replace(PROGRAM, previous_amount=Money(1_000_000, MoneyState.VALUE, "1,000千円"))
    (row,) = rows(ExportItem(reduced, DOCUMENT))
    assert (row["change_yen"], row["change_ratio"]) == ("-10000000", "-10.0")


def test_print_that_is_a_dash_is_neutralised() -> None:
    """A printed hyphen is text: its meaning is in the state column."""
    money = Money(None, MoneyState.UNDETERMINED, "-", "百万円")
    (row,) = rows(ExportItem(replace(PROGRAM, amount=money), DOCUMENT))
    assert (row["amount_raw"], row["amount_state"]) == ("'-", "undetermined")


@given(st.lists(st.text(), max_size=3))
def test_any_text_is_one_record(texts: list[str]) -> None:
    """Quotes, commas and line ends inside a title never shift a column or add a row."""
    items = [
        ExportItem(replace(PROGRAM, title=text.encode("utf-8", "replace").decode()), DOCUMENT)
        for text in texts
    ]
    found = list(csv.reader(io.StringIO("".join(csv_lines(items)), newline="")))
    assert len(found) == len(texts) + 1
    assert {len(row) for row in found} == {len(COLUMNS)}
    assert len(list(jsonl_lines(items))) == len(texts)


def test_json_is_one_document() -> None:
    """``--json`` of none, one and several records is a list each time."""
    item = ExportItem(PROGRAM, DOCUMENT)
    sizes = [len(orjson.loads(b"".join(json_bytes([item] * count)))) for count in (0, 1, 3)]
    assert sizes == [0, 1, 3]
