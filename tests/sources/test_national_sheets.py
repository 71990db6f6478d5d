"""Do the tables of national sheets come together, whatever files they lie in?"""

from __future__ import annotations

import gzip
from pathlib import Path

import orjson
import pytest

from indexer.errors import SourceError
from indexer.sources.discovery import list_files
from indexer.sources.document import SourceDocument, UnchangedDocument
from indexer.sources.reading import read_changed, read_documents
from tests.national import BUDGETS, TABLES, table, write_tables, zipped

ORGANISATION, OUTLINE, POLICY, BUDGET, PAYMENTS = TABLES
USED = (ORGANISATION, OUTLINE, POLICY, BUDGET)


def documents(path: Path) -> list[SourceDocument]:
    return [d for file in list_files([path]).files for d in read_documents(file)]


def refused(path: Path) -> str:
    with pytest.raises(SourceError) as caught:
        documents(path)
    return str(caught.value)


def test_a_document_for_each_ministry(tmp_path: Path) -> None:
    write_tables(tmp_path)
    listing = list_files([tmp_path])
    (file,) = listing.files
    assert [part.shown_path for part in file.parts] == [f"{name}.csv" for name in USED[1:]]
    assert listing.skipped == (f"{PAYMENTS}.csv",)
    first, second = documents(tmp_path)
    assert first.document_key == "review-sheets-2024-架空庁"
    # an agency's programme belongs to the ministry whose policy it is
    assert [record["事業番号"] for record in first.records] == ["001001", "001002"]
    assert [record["事業番号"] for record in second.records] == ["002001"]


def test_every_way_of_keeping_the_files_gives_the_same(tmp_path: Path) -> None:
    """As files, as a zip each, as one zip, compressed, under other names."""
    ways = [tmp_path / name for name in ("files", "zips", "one", "packed", "renamed")]
    for way in ways:
        way.mkdir()
    files, zips, one, packed, renamed = ways
    write_tables(files)
    write_tables(zips, as_zip=True)
    (one / "rs.zip").write_bytes(zipped(*TABLES))
    for number, name in enumerate(TABLES):
        (packed / f"{name}.csv.gz").write_bytes(gzip.compress(table(name)))
        (renamed / f"表{number}.csv").write_bytes(table(name))
    expected = [(d.document_key, d.lines) for d in documents(files)]
    assert len(expected) == 2
    for way in ways:
        assert [(d.document_key, d.lines) for d in documents(way)] == expected


def test_a_file_named_alone_brings_the_others(tmp_path: Path) -> None:
    write_tables(tmp_path)
    whole = [d.lines for d in documents(tmp_path)]
    for name in USED:
        assert [d.lines for d in documents(tmp_path / f"{name}.csv")] == whole


def test_years_stay_apart(tmp_path: Path) -> None:
    write_tables(tmp_path)
    for name in USED:
        data = table(name).replace(b'"2024"', b'"2025"')
        (tmp_path / f"{name.replace('2024', '2025')}.csv").write_bytes(data)
    keys = [document.document_key for document in documents(tmp_path)]
    assert sorted(keys) == [
        f"review-sheets-{year}-{ministry}"
        for year in (2024, 2025)
        for ministry in ("架空庁", "虚構省")
    ]


def test_a_sheet_is_printed_as_rows(tmp_path: Path) -> None:
    """One programme, row by row; a break inside a cell is ⏎, and nobody is named."""
    write_tables(tmp_path)
    first, _ = documents(tmp_path)
    assert first.lines[:13] == (
        "予算事業ID\t001001",
        "事業名\t架空データの整備",
        "政策所管府省庁\t架空庁",
        "担当\t架空庁 長官官房 総務課",
        "事業開始年度\t2024\t事業終了（予定）年度\t終了予定なし",
        "会計区分\t一般会計",
        "主要施策\tデータの活用",
        "事業の目的\tデータを整える。⏎誰もが使えるようにする。",
        "現状・課題\tばらばらである。",
        "事業の概要\t様式をそろえる。",
        "予算年度\t当初予算（合計）\t補正予算（合計）\t前年度からの繰越し（合計）\t"
        "計（歳出予算現額合計）\t執行額（合計）\t翌年度要求額（合計）",
        "2024\t50,617,000円\t\t\t50,617,000円\t\t60,000,000円",
        "",
    )
    assert "太郎" not in "".join(first.lines)
    assert "架空商会" not in "".join(first.lines)


def test_only_the_ministry_that_changed_is_read_again(tmp_path: Path) -> None:
    write_tables(tmp_path)
    known = {d.document_key: d.fingerprint for d in documents(tmp_path)}
    rows = [{**row, "当初予算（合計）": "900"} if row["予算事業ID"] == "002001" and
            row["予算年度"] == "2024" else row for row in BUDGETS]  # fmt: skip
    (tmp_path / f"{BUDGET}.csv").write_bytes(table(BUDGET, rows))
    (file,) = list_files([tmp_path]).files
    first, second = read_changed(file, known)
    assert first == UnchangedDocument("review-sheets-2024-架空庁")
    assert isinstance(second, SourceDocument)
    assert "2024\t900円" in second.lines


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        # a figure that is none
        (BUDGET, b"3000000", "三百万".encode(), "円の整数ではない"),
        # half a yen
        (BUDGET, b"50617000.0", b"50617000.5", "円の整数ではない"),
        # a year that is none
        (BUDGET, b'"2023","3000000"', b'"?","3000000"', "年度として読めない"),
        # a row that belongs to no programme
        (OUTLINE, b'"001002"', b'""', "のどれかが空か読めない"),
        # a quote that never closes
        (OUTLINE, b'"1998"', b'"1998', "CSVとして読めない"),
        # a row cut off
        (OUTLINE, b'"1998","","","TRUE",""', b'"1998"', "列の数が見出しと違う"),
        # bytes that are no text
        (OUTLINE, "橋を点検する。".encode(), b"\xff\xfe\x00", "テキストとして読めない"),
    ],
)
def test_a_table_that_is_wrong_is_named_with_its_line(
    tmp_path: Path, name: str, old: bytes, new: bytes, said: str
) -> None:
    write_tables(tmp_path)
    (tmp_path / f"{name}.csv").write_bytes(table(name).replace(old, new, 1))
    message = refused(tmp_path)
    assert said in message
    assert message.startswith(f"「{name}.csv」")
    assert message.endswith("ください。")
    assert message.count("。") == 1


def test_two_totals_of_one_year_that_differ_are_refused(tmp_path: Path) -> None:
    """Never the first of two, never their sum."""
    write_tables(tmp_path)
    rows = [*BUDGETS, {"予算事業ID": "002001", "予算年度": "2024", "当初予算（合計）": "801"}]
    (tmp_path / f"{BUDGET}.csv").write_bytes(table(BUDGET, rows))
    assert "合計の行が前にもあり額が違う" in refused(tmp_path)


def test_payments_alone_are_no_sheets(tmp_path: Path) -> None:
    write_tables(tmp_path, [PAYMENTS])
    assert "支出先などの表だけ" in refused(tmp_path)


def test_a_broken_zip_is_refused(tmp_path: Path) -> None:
    write_tables(tmp_path, as_zip=True)
    path = tmp_path / f"{BUDGET}.zip"
    path.write_bytes(path.read_bytes()[:-40])
    said = [refused(path) for path in (path,)]
    assert "zip" in said[0]


def sheets(folder: Path, name: str, *numbers: str, year: int = 2020) -> Path:
    """Sheets of before 2024, as JSONL."""
    path = folder / name
    records = [
        {
            "公開年度": year,
            "事業番号": number,
            "事業名": f"事業{number}",
            "府省庁": "架空庁",
            "予算": [],
        }
        for number in numbers
    ]
    path.write_bytes(b"".join(orjson.dumps(record) + b"\n" for record in records))
    return path


def test_sheets_of_one_ministry_and_year_in_several_files_are_one_document(tmp_path: Path) -> None:
    """Whichever of the files is named; a file of another year stays for itself."""
    first = sheets(tmp_path, "a.ndjson", "1", "2")
    second = sheets(tmp_path, "b.ndjson", "3")
    sheets(tmp_path, "c.ndjson", "1", year=2021)
    for path in (first, second):
        (document,) = documents(path)
        assert [record["事業番号"] for record in document.records] == ["1", "2", "3"]
    assert [len(file.parts) for file in list_files([tmp_path]).files] == [1, 0]
    # over a third file that has sheets of both
    both = sheets(tmp_path, "d.ndjson", "4")
    both.write_bytes(both.read_bytes() + sheets(tmp_path, "e", "5", year=2021).read_bytes())
    (tmp_path / "e").unlink()
    (file,) = list_files([tmp_path]).files
    assert [part.shown_path for part in file.parts] == ["b.ndjson", "c.ndjson", "d.ndjson"]
    assert [len(document.records) for document in read_documents(file)] == [4, 2]


def test_a_sheet_in_two_files_is_told_with_both(tmp_path: Path) -> None:
    sheets(tmp_path, "a.ndjson", "1", "2")
    sheets(tmp_path, "b.ndjson", "2")
    message = refused(tmp_path)
    assert message.startswith("「b.ndjson」の1行目")
    assert "「a.ndjson」の2行目にもある" in message
