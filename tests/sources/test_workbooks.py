"""Is a workbook read as its sheets show it, and what is damaged refused before it does harm?"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.errors import SourceError
from indexer.sources import workbook_parts
from indexer.sources.discovery import find_files
from indexer.sources.document import SourceDocument, UnchangedDocument
from indexer.sources.number_formats import read_format, show_plain
from indexer.sources.reading import read_changed
from indexer.sources.row_text import row_line
from tests.sources.helpers import outcome, read
from tests.workbooks import Sheet, workbook

TABLE = Sheet([["事業名", "予算額（千円）"], ["甲", 10]])
SHEET = "xl/worksheets/sheet1.xml"
_HEAD = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'


def rewritten(part: str, change: Callable[[bytes], bytes]) -> bytes:
    """A sound workbook with one of its parts made anew."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook({"一覧": TABLE}))) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, change(data) if name == part else data)
    return buffer.getvalue()


def sheet_of(cells: str) -> bytes:
    return rewritten(SHEET, lambda _: f"{_HEAD}{cells}</sheetData></worksheet>".encode())


def rows(count: int) -> bytes:
    """That many rows of one figure: a few kilobytes on disk."""
    line = '<row r="{0}"><c r="A{0}"><v>1</v></c></row>'
    return sheet_of("".join(line.format(number) for number in range(1, count + 1)))


def encrypted() -> bytes:
    """What a workbook with a password looks like: no zip, an OLE container."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")


DAMAGED: dict[str, tuple[Callable[[], bytes], str]] = {
    # cut off while it was loaded down
    "half of a file": (lambda: workbook({"一覧": TABLE})[:2000], "壊れている"),
    "a zip in name only": (lambda: b"PK\x03\x04" + b"\xff" * 100, "壊れている"),
    "a sheet that is no XML": (lambda: rewritten(SHEET, lambda data: data[:200]), "壊れている"),
    "a part that is missing": (
        lambda: rewritten("xl/_rels/workbook.xml.rels", lambda _: b"<Relationships/>"),
        "壊れている",
    ),
    # entities that multiply have no place in a sheet
    "an entity bomb": (
        lambda: rewritten(SHEET, lambda data: b'<!DOCTYPE x [<!ENTITY a "b">]>' + data),
        "壊れている",
    ),
    "a password": (encrypted, "パスワードを外して"),
    "nothing in any sheet": (lambda: workbook({"一覧": Sheet([])}), "文字のあるシートがない"),
    "a million rows": (lambda: rows(1_000_000), "上限の100,000行を超える"),
    # one cell at the far end would take 17 thousand million cells of memory
    "a cell at the far end": (
        lambda: sheet_of('<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>1</v></c></row>'),
        "上限の1,000列を超える",
    ),
    "a cell at the far bottom": (
        lambda: sheet_of('<row r="1048576"><c r="A1048576"><v>1</v></c></row>'),
        "上限の100,000行を超える",
    ),
    # 300 MB of spaces in 300 kB
    "a part that unpacks without end": (
        lambda: rewritten(
            SHEET, lambda data: data.replace(b"<row", b" " * 300_000_000 + b"<row", 1)
        ),
        "展開すると256MBを超える",
    ),
}


@pytest.mark.parametrize("reason", DAMAGED)
def test_damaged_files_are_refused_in_one_sentence(tmp_path: Path, reason: str) -> None:
    make, said = DAMAGED[reason]
    path = tmp_path / "令和7年度.xlsx"
    path.write_bytes(make())
    error = outcome(path)
    assert isinstance(error, SourceError)
    assert said in str(error)
    assert str(error).startswith("「令和7年度.xlsx」")
    assert str(error).endswith("ください。")
    assert str(error).count("。") == 1


def test_a_sheet_with_too_many_cells_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook_parts, "SHEET_CELLS_MAXIMUM", 3)
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook({"一覧": TABLE}))
    with pytest.raises(SourceError, match="上限の3個のセルを超える"):
        read(path)


def test_cells_that_are_only_coloured_reach_nowhere(tmp_path: Path) -> None:
    """People format whole columns: cells without a value count for nothing."""
    path = tmp_path / "a.xlsx"
    cells = (
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="0"/></row>'
    )
    path.write_bytes(sheet_of(cells))
    (document,) = read(path)
    assert document.lines == ("1",)


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        # as it is stored
        (52014.0, None, "52014"),
        (0.1 + 0.2, None, "0.3"),
        (5e-05, None, "0.00005"),
        (-3.5, None, "-3.5"),
        # grouped, with decimals, rounded half up as spreadsheets do
        (52014.321, "#,##0", "52,014"),
        (2.5, "0", "3"),
        (1234.5, "#,##0.00", "1,234.50"),
        # shown in thousands and in millions
        (52014000, "#,##0,", "52,014"),
        # a unit behind the figure is printed too
        (52014000, '#,##0,"千円"', "52,014千円"),
        (300, '#,##0_ "円"', "300円"),
        (300, '#,##0"人"', "300"),
        (1234500000, "#,##0,,", "1,235"),
        # the signs of budget books
        (-20, '#,##0;"△ "#,##0', "△20"),
        (-20, "#,##0;▲#,##0", "▲20"),
        (-0.2, "#,##0;▲#,##0", "0"),
        (0.543, "0.0%", "54.3%"),
        # accounting formats of the program itself
        (1200, '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', "1,200"),
        (1200, "[Red]#,##0", "1,200"),
        # more than a spreadsheet keeps, or no number at all
        (1e20, "#,##0", "100000000000000000000"),
        (float("inf"), "#,##0", "Infinity"),
        # not for figures: shown as stored
        (3, "General", "3"),
        (3, "0.00E+00", "3"),
    ],
)
def test_a_figure_is_shown_as_the_sheet_shows_it(
    value: float, code: str | None, shown: str
) -> None:
    known = read_format(0, code)
    assert (known.show(value) if known else show_plain(value)) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    # formats that a file names by number alone
    [(0, "1234.5"), (1, "1235"), (3, "1,235"), (4, "1,234.50"), (38, "1,235"), (9, "123450%")],
)
def test_formats_without_a_code(number: int, shown: str) -> None:
    known = read_format(number, None)
    assert (known.show(1234.5) if known else show_plain(1234.5)) == shown


@pytest.mark.parametrize(
    ("cells", "line"),
    [
        (["甲", "1", ""], "甲\t1"),
        (["", "甲"], "\t甲"),
        (["一行目\n二行目", "1"], "一行目⏎二行目\t1"),
        (["a\r\nb", "c\td"], "a⏎b\tc d"),
        (["　甲 "], "甲"),
        ([], ""),
    ],
)
def test_a_row_is_one_line(cells: list[str], line: str) -> None:
    assert row_line(cells) == line


def test_the_manifest_chooses_the_sheets(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(
        workbook({"表": TABLE, "別表": TABLE, "隠し": Sheet(TABLE.rows, is_hidden=True)})
    )
    manifest = tmp_path / "manifest.toml"

    def paths(entry: str) -> list[str] | str:
        manifest.write_text(f'[books."a.xlsx"]\nid = "a"\n{entry}\n', encoding="utf-8")
        found = outcome(path)
        return str(found) if isinstance(found, SourceError) else [d.document_key for d in found]

    assert paths("") == ["a#表", "a#別表"]
    assert paths('sheet = "別表"') == ["a"]
    assert paths('sheet = ["隠し", "表"]') == ["a#隠し", "a#表"]
    said = paths('sheet = "無い表"')
    assert isinstance(said, str)
    assert "「表」「別表」「隠し」" in said


def test_only_the_sheet_that_changed_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook({"表": TABLE, "別表": TABLE}))
    known = {document.document_key: document.fingerprint for document in read(path)}
    other = Sheet([*TABLE.rows, ["乙", 20]])
    path.write_bytes(workbook({"表": TABLE, "別表": other}))
    (file,) = find_files([path])
    first, second = read_changed(file, known)
    assert first == UnchangedDocument("a.xlsx#表")
    assert isinstance(second, SourceDocument)
    assert second.lines[-1] == "乙\t20"


def test_texts_with_readings_and_runs(tmp_path: Path) -> None:
    """Readings (ふりがな) that spreadsheets keep beside names are no part of them."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(
        sheet_of(
            '<row r="1"><c r="A1" t="inlineStr"><is><r><t>庁</t></r><r><t>舎</t></r></is></c></row>'
        )
    )
    (document,) = read(path)
    assert document.lines == ("庁舎",)


def test_a_sheet_is_chosen_of_workbooks_only(tmp_path: Path) -> None:
    """A mistake in the manifest is told, never passed over."""
    (tmp_path / "a.csv").write_text("事業名,予算額（千円）\n甲,10\n", encoding="utf-8")
    entry = '[books."a.csv"]\nsheet = "表"\n'
    (tmp_path / "manifest.toml").write_text(entry, encoding="utf-8")
    with pytest.raises(SourceError, match=r"sheet .*消してください。$"):
        read(tmp_path / "a.csv")
