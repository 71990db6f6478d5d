"""Does ``yosan describe`` propose what a person can use, and ``yosan index`` what is missing?"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.cli.conftest import BOOK, Yosan, read_json
from tests.national import write_tables
from tests.workbooks import Cell, Sheet, workbook

ROWS: list[list[Cell]] = [
    ["令和7年度 架空市主要事業", None, None],
    ["しごと", "R7枠", "国費"],
    ["公園の整備", 10, 4],
    ["橋の点検", 20, 6],
]


@pytest.fixture
def unknown(tmp_path: Path) -> Path:
    """A workbook whose header and unit nobody can tell."""
    path = tmp_path / "枠.xlsx"
    path.write_bytes(workbook({"一覧": Sheet(ROWS)}))
    return path


def test_what_the_file_tells_is_a_fact_and_the_rest_a_comment(yosan: Yosan, unknown: Path) -> None:
    result = yosan("describe", unknown)
    assert (result.exit_code, result.stderr) == (0, "")
    assert tomllib.loads(result.stdout) == {
        "books": {
            "枠.xlsx": {
                "title": "令和7年度 架空市主要事業",
                "publisher": "架空市",
                "fiscal_year": "令和7年度",
            }
        }
    }
    assert '# amount_unit = "千円"' in result.stdout
    assert '# columns = { title = "しごと", amount = "R7枠" }' in result.stdout


def test_the_entry_once_settled_makes_the_book_readable(
    yosan: Yosan, unknown: Path, tmp_path: Path
) -> None:
    """From the refusal to the figures: index, describe, take the comments over, index."""
    index = tmp_path / "index"
    refused = yosan("index", unknown, "--index", index)
    assert refused.exit_code == 1
    assert 'columns = { title = "しごと", amount = "R7枠" }' in refused.stderr
    assert 'amount_unit = "千円"' in refused.stderr
    assert '[books."枠.xlsx"]' in refused.stderr
    entry = yosan("describe", unknown).stdout
    settled = entry.replace("# amount_unit", "amount_unit").replace("# columns", "columns")
    (tmp_path / "manifest.toml").write_text(settled, encoding="utf-8")
    assert yosan("index", unknown, "--index", index).exit_code == 0
    found = read_json(yosan("search", "公園", "--index", index, "--json"))
    program = found["hits"][0]["program"]
    assert program["amount"]["yen"] == 10_000
    source = {"path": "枠.xlsx", "first_line": 3, "last_line": 3}
    assert {name: program["source"][name] for name in source} == source
    # what is settled is a fact now
    again = yosan("describe", unknown).stdout
    assert tomllib.loads(again)["books"]["枠.xlsx"]["amount_unit"] == "千円"


def test_evidence_is_the_row_as_it_is_shown(yosan: Yosan, tmp_path: Path) -> None:
    path, index = tmp_path / "r7.xlsx", tmp_path / "index"
    rows: list[list[Cell]] = [
        ["令和7年度 架空市主要事業"],
        ["事業名", "予算額（千円）"],
        ["公園\nの整備", 1234],
    ]
    path.write_bytes(workbook({"一覧": Sheet(rows, formats={"B3": "#,##0"})}))
    assert yosan("index", path, "--index", index).exit_code == 0
    answer = read_json(yosan("ask", "公園の整備の予算はいくら", "--index", index, "--json"))
    assert answer["value"]["number"] == 1_234_000
    (evidence,) = answer["evidence"]
    assert (evidence["line"], evidence["quote"]) == (3, "公園⏎の整備\t1,234")


def test_json(yosan: Yosan, unknown: Path) -> None:
    found = read_json(yosan("describe", unknown, "--json"))
    assert found["file"] == "枠.xlsx"
    items = {item["key"]: item for item in found["items"]}
    assert (items["publisher"]["value"], items["publisher"]["is_told"]) == ("架空市", True)
    assert (items["amount_unit"]["value"], items["amount_unit"]["is_told"]) == ("千円", False)
    assert items["columns"]["value"] == {"title": ["しごと"], "amount": ["R7枠"]}


def test_any_book_can_be_described(yosan: Yosan, tmp_path: Path) -> None:
    """A chapter of text as well; records need no entry, a folder is no file."""
    assert 'publisher = "千代田区"' in yosan("describe", BOOK).stdout
    write_tables(tmp_path)
    (path,) = tmp_path.glob("2-1*")
    assert "書く項目はありません" in yosan("describe", path).stdout
    assert yosan("describe", tmp_path).exit_code == 2
    assert yosan("describe", tmp_path / "none.csv").exit_code == 2
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04")
    result = yosan("describe", broken)
    assert (result.exit_code, result.stdout) == (6, "")
    assert "broken.xlsx" in result.stderr
