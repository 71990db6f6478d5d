"""What does an update take in, leave alone and drop? Counted, never timed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from indexer import changes, reading_stamp
from indexer.engine.store import Store
from indexer.library import Library, SearchRequest
from indexer.pipeline import IndexReport, update_index
from indexer.sources.document import SourceDocument
from tests.national import TABLES, table, write_tables
from tests.workbooks import Sheet, workbook

BOOK = Path(__file__).parent.parent / "corpus" / "chiyoda-2025-05-policy-management.md"
TEXT = BOOK.read_text(encoding="utf-8")

Update = Callable[..., IndexReport]


def book(number: int) -> str:
    """The sample chapter as another section, so that its programmes are others."""
    return TEXT.replace("政策経営部", f"第{number}部")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Five books."""
    books = tmp_path / "books"
    books.mkdir()
    for number in range(5):
        (books / f"{number}.md").write_text(book(number), encoding="utf-8")
    return books


@pytest.fixture
def update(tmp_path: Path, folder: Path) -> Update:
    """Update the index of the test with the folder, or with the paths given."""

    def run(*paths: Path, full: bool = False) -> IndexReport:
        return update_index(tmp_path / "index", paths or (folder,), full=full)

    return run


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of the documents parsed, in order."""
    paths: list[str] = []
    parse = changes.parse

    def note(document: SourceDocument) -> object:
        paths.append(document.path)
        return parse(document)

    monkeypatch.setattr(changes, "parse", note)
    return paths


def test_nothing_changed_does_nothing(update: Update, parsed: list[str]) -> None:
    """No document parsed, no programme analysed, no new generation."""
    first = update()
    assert (first.documents, first.programs, first.analysed) == (5, 60, 60)
    parsed.clear()
    second = update()
    assert parsed == []
    assert (second.changed, second.removed, second.analysed) == ((), (), 0)
    assert (second.generation, second.documents, second.programs) == (first.generation, 5, 60)


def test_one_changed_of_many(update: Update, folder: Path, parsed: list[str]) -> None:
    """Only the changed book is parsed and analysed."""
    update()
    parsed.clear()
    changed = book(3).replace("40,500千円", "40,600千円")
    (folder / "3.md").write_text(changed, encoding="utf-8")
    report = update()
    assert parsed == ["3.md"]
    assert len(report.changed) == 1
    assert report.analysed == 12
    assert (report.documents, report.programs) == (5, 60)


def test_file_gone(update: Update, folder: Path) -> None:
    """Its document leaves the index, and with it its programmes."""
    update()
    (folder / "2.md").unlink()
    report = update()
    assert len(report.removed) == 1
    assert (report.documents, report.programs) == (4, 48)


def test_file_gone_elsewhere(update: Update, folder: Path) -> None:
    """A document whose file is gone leaves also when another path is given."""
    update()
    (folder / "2.md").unlink()
    report = update(folder / "0.md")
    assert (len(report.removed), report.documents) == (1, 4)


def test_other_paths_add(update: Update, tmp_path: Path) -> None:
    """Indexing one more file does not drop the folder indexed before."""
    update()
    more = tmp_path / "more.md"
    more.write_text(book(9), encoding="utf-8")
    report = update(more)
    assert (len(report.changed), report.removed, report.documents) == (1, (), 6)


def test_full_is_the_given_paths_alone(update: Update, folder: Path, parsed: list[str]) -> None:
    """``--full`` starts from nothing."""
    update()
    parsed.clear()
    report = update(folder / "0.md", full=True)
    assert parsed == ["0.md"]
    assert (report.documents, report.programs) == (1, 12)


def test_broken_now_stays_as_last_read(update: Update, folder: Path, tmp_path: Path) -> None:
    """A book that can no longer be read is refused; what was read of it before still answers."""
    update()
    (folder / "1.md").write_bytes(b"%PDF-1.7\n")
    report = update()
    assert [refusal.path for refusal in report.refused] == ["1.md"]
    assert (report.documents, report.programs) == (5, 60)
    with Library.open(tmp_path / "index", follow=False) as library:
        assert library.search(SearchRequest(filters={"section": ("第1部",)})).total == 12


def test_moved_file(update: Update, folder: Path, tmp_path: Path) -> None:
    """A folder moved as a whole is the same documents in another place."""
    ids = set(update().changed)
    moved = tmp_path / "moved"
    folder.rename(moved)
    report = update(moved)
    assert (report.documents, report.programs, set(report.changed)) == (5, 60, ids)


def test_same_index_from_either_order(update: Update, folder: Path, tmp_path: Path) -> None:
    """Ids come from content: a fresh index of the same books has the same programmes."""
    update(folder / "4.md")
    update(folder)
    other = tmp_path / "other"
    update_index(other, [folder])
    with (
        Library.open(tmp_path / "index", follow=False) as grown,
        Library.open(other, follow=False) as fresh,
    ):
        everything = SearchRequest()
        assert {p.id for p in grown.matching(everything)} == {
            p.id for p in fresh.matching(everything)
        }
        assert grown.search(everything).total_yen == fresh.search(everything).total_yen


def test_library_follows_the_index(update: Update, folder: Path, tmp_path: Path) -> None:
    """A library that is open serves the new generation once it looks, without being reopened."""
    update()
    with Library.open(tmp_path / "index", follow=False) as library:
        export = library.export(SearchRequest())
        first = next(export)  # a request under way when the generation changes
        (folder / "2.md").unlink()
        update()
        library.refresh()
        assert library.search(SearchRequest()).total == 48
        assert len([first, *export]) == 60


def test_same_programmes_in_two_books(tmp_path: Path) -> None:
    """An initial budget and a supplement of one year name the same programmes: both stay."""
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    facts = 'publisher = "千代田区"\npublisher_code = "131016"\nfiscal_year = 2025\n'
    manifest = f'[books."a.md"]\n{facts}\n[books."b.md"]\n{facts}'
    (tmp_path / "manifest.toml").write_text(manifest, encoding="utf-8")
    index = tmp_path / "index"
    report = update_index(index, [tmp_path / "a.md", tmp_path / "b.md"])
    assert (report.documents, report.programs, report.refused) == (2, 24, ())
    assert report.problems >= 1
    reader = Store(index).open()
    try:
        programs = {program.id: program for program in reader.all_programs()}
        assert len(programs) == 26
        for program in programs.values():
            related = (program.parent_id, program.group_id, *program.child_ids)
            documents = {programs[other].document_id for other in related if other is not None}
            assert documents <= {program.document_id}
    finally:
        reader.close()
    again = update_index(index, [tmp_path])
    assert (again.changed, again.generation) == ((), report.generation)


def test_other_reading_code_reads_again(
    update: Update, parsed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who edits a profile sees what the new one reads, though no book changed."""
    update()
    parsed.clear()
    monkeypatch.setattr(changes, "reading_stamp", lambda: "another")
    update()
    assert len(parsed) == 5
    parsed.clear()
    update()
    assert parsed == []


def test_stamp_is_of_code_and_profiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One character in a profile or in the parser is another stamp; a compiled file is none."""
    readers = [reading_stamp._ROOT / name for name in reading_stamp._READERS]
    assert [path for path in readers if not path.exists()] == []
    monkeypatch.setattr(reading_stamp, "_ROOT", tmp_path)
    profile = tmp_path / "parsing" / "profiles" / "generic.toml"
    profile.parent.mkdir(parents=True)
    stamps = []
    for path, text in (
        (profile, "a = 1"),
        (profile, "a = 2"),
        (tmp_path / "parsing" / "marks.py", "a = 1"),
        (tmp_path / "contract.py", "a = 1"),
        (tmp_path / "parsing" / "marks.pyc", "a = 1"),
    ):
        path.write_text(text, encoding="utf-8")
        reading_stamp.reading_stamp.cache_clear()
        stamps.append(reading_stamp.reading_stamp())
    reading_stamp.reading_stamp.cache_clear()
    assert len(set(stamps)) == 4
    assert stamps[-1] == stamps[-2]


def test_fault_of_the_parser_refuses_one_book(
    update: Update, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a book makes the parser do, the others go in."""
    parse = changes.parse

    def fail(document: SourceDocument) -> object:
        if document.path == "2.md":
            raise IndexError("list index out of range")
        return parse(document)

    monkeypatch.setattr(changes, "parse", fail)
    report = update()
    assert report.documents == 4
    (refusal,) = report.refused
    assert refusal.path == "2.md"
    assert "IndexError" in refusal.message


def test_many_changed_at_once(update: Update, folder: Path, parsed: list[str]) -> None:
    """More changed books than are held from the comparison: each is parsed once all the same."""
    for number in range(5, 12):
        (folder / f"{number}.md").write_text(book(number), encoding="utf-8")
    update()
    parsed.clear()
    for number in range(12):
        changed = book(number).replace("40,500千円", "40,600千円")
        (folder / f"{number}.md").write_text(changed, encoding="utf-8")
    report = update()
    assert sorted(parsed) == sorted(f"{number}.md" for number in range(12))
    assert (len(report.changed), report.programs) == (12, 144)


class TestSheets:
    """Workbooks and the tables of national sheets: several documents a file, several files one."""

    def test_one_sheet_of_a_workbook_changes(
        self, tmp_path: Path, update: Update, parsed: list[str]
    ) -> None:
        path = tmp_path / "r7.xlsx"
        rows = [["事業名", "予算額（千円）"], ["甲", 10]]
        path.write_bytes(workbook({"総務部": Sheet(rows), "福祉部": Sheet(rows)}))
        assert update(path).documents == 2
        parsed.clear()
        path.write_bytes(workbook({"総務部": Sheet(rows), "福祉部": Sheet([*rows, ["乙", 20]])}))
        report = update(path)
        assert parsed == ["r7.xlsx#福祉部"]
        assert (report.documents, report.programs) == (2, 3)
        # a sheet that is gone takes its programmes along; the other is the workbook then
        path.write_bytes(workbook({"福祉部": Sheet(rows)}))
        report = update(path)
        assert (report.documents, report.programs, len(report.removed)) == (1, 1, 2)

    def test_national_tables_through_their_life(
        self, tmp_path: Path, update: Update, parsed: list[str]
    ) -> None:
        folder = tmp_path / "rs"
        folder.mkdir()
        organisation, outline, policy, budget, _ = TABLES
        # without the first table at first: the documents are known by the second
        write_tables(folder, [outline, policy, budget])
        assert (update(folder).documents, update(folder).changed) == (2, ())
        # a table that comes to lie before the others takes the lead; nothing is doubled
        write_tables(folder, [organisation])
        report = update(folder)
        assert (report.documents, report.refused) == (2, ())
        # a figure of one ministry
        parsed.clear()
        data = table(budget).replace(b'"800"', b'"900"')
        (folder / f"{budget}.csv").write_bytes(data)
        report = update(folder)
        assert (report.documents, len(report.changed), len(parsed)) == (2, 1, 1)
        # the lead is gone: the rest stands for itself, and nothing is lost
        (folder / f"{organisation}.csv").unlink()
        report = update(folder)
        assert (report.documents, report.programs, report.refused) == (2, 3, ())
        assert update(folder).changed == ()
        # all is gone
        for path in folder.iterdir():
            path.unlink()
        assert update().documents == 5

    def test_sheets_split_over_files_that_come_and_go(self, tmp_path: Path, update: Update) -> None:
        folder = tmp_path / "sheets"
        folder.mkdir()
        record = (
            '{{"公開年度":2020,"事業番号":"{0}","事業名":"事業{0}","府省庁":"架空庁","予算":[]}}\n'
        )

        def put(name: str, *numbers: str) -> None:
            (folder / name).write_text("".join(map(record.format, numbers)), encoding="utf-8")

        put("b.ndjson", "1", "2")
        assert (update(folder).documents, update(folder).programs) == (1, 2)
        put("a.ndjson", "3")
        report = update(folder)
        assert (report.documents, report.programs, report.refused) == (1, 3, ())
        (folder / "b.ndjson").unlink()
        report = update(folder)
        assert (report.documents, report.programs) == (1, 1)
