"""Are the books of a folder found, each once, each with its manifest, and nothing else?"""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import orjson
import pytest

from indexer.errors import UsageError
from indexer.sources import names
from indexer.sources.discovery import find_files, list_files

CORPUS = Path(__file__).parents[2] / "corpus"


def shown(*paths: Path) -> list[str]:
    return [file.shown_path for file in find_files(paths)]


def write(folder: Path, *names: str, text: str = "事業 1,000千円\n") -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def test_the_bundled_corpus_is_one_book_with_its_manifest() -> None:
    (book,) = find_files([CORPUS])
    assert book.shown_path == "chiyoda-2025-05-policy-management.md"
    assert book.refusal is None
    assert book.manifest is not None
    assert (book.manifest.publisher, book.manifest.publisher_code) == ("千代田区", "131016")
    assert (book.manifest.fiscal_year, book.manifest.account) == (2025, "一般会計")
    assert (book.manifest.amount_unit, book.manifest.forecast_unit) == ("千円", "百万円")
    # what is not known is not stated
    assert book.manifest.licence is None
    assert book.manifest.source_url is None


def test_a_folder_is_walked_in_sorted_order(tmp_path: Path) -> None:
    write(
        tmp_path, "b.md", "a.txt", "2025/c.csv", "2024/d.tsv", "2024/deep/e.jsonl", "10.ndjson.gz"
    )
    assert shown(tmp_path) == [
        "10.ndjson.gz",
        "2024/d.tsv",
        "2024/deep/e.jsonl",
        "2025/c.csv",
        "a.txt",
        "b.md",
    ]


@pytest.mark.parametrize(
    "name",
    [
        # the page on adding a book, and its kin
        "README.md",
        "readme_ja.txt",
        "README",
        "sub/README.en.md",
        "LICENSE",
        "CHANGELOG.md",
        "はじめにお読みください.txt",
        # manifests
        "manifest.toml",
        "sub/manifest.toml",
        # hidden, and what editors and file systems leave
        ".DS_Store",
        ".git/config.md",
        "~$予算.xlsx",
        "book.md~",
        "book.md.bak",
        "Thumbs.db",
        "__MACOSX/book.md",
        # never a book
        "cover.png",
        "synonyms.toml",
        "settings.json",
        "convert.py",
        # an index that someone keeps among the books
        "index/CURRENT",
        "index/generations/000001/manifest.json",
        "index/generations/000001/segment.seg",
    ],
)
def test_what_is_no_book_is_left_out(tmp_path: Path, name: str) -> None:
    write(tmp_path, "book.md")
    write(tmp_path, name, text="")
    if name.startswith("index/"):
        (tmp_path / "index/generations").mkdir(exist_ok=True)
        write(tmp_path, "index/CURRENT", text="1")
    assert shown(tmp_path) == ["book.md"]


def test_what_was_left_out_is_listed(tmp_path: Path) -> None:
    write(tmp_path, "book.md", "README.md", "cover.png", ".hidden", "manifest.toml")
    assert set(list_files([tmp_path]).skipped) == {"README.md", "cover.png"}


@pytest.mark.parametrize(
    "name",
    [
        # may hold a book: reading says why it cannot be read
        "book.pdf",
        "book.xlsx",
        "book.docx",
        "book.html",
        "book.zip",
        "book.bin",
        "予算書",
        # only looks like a page about the folder
        "readability.md",
        "noticeboard-budget.md",
        "令和7年度.v2.final",
    ],
)
def test_what_may_be_a_book_is_not_dropped_in_silence(tmp_path: Path, name: str) -> None:
    write(tmp_path, name)
    assert shown(tmp_path) == [name]


@pytest.mark.parametrize("name", ["README.md", ".hidden", "cover.png", "settings.json", "x"])
def test_a_file_named_itself_is_always_tried(tmp_path: Path, name: str) -> None:
    write(tmp_path, name)
    assert shown(tmp_path / name) == [name]


def test_a_file_that_a_manifest_names_is_a_book_whatever_it_is_called(tmp_path: Path) -> None:
    write(tmp_path, "README.md", "data.json")
    write(tmp_path, "manifest.toml", text='[books."README.md"]\ntitle = "A"\n')
    assert shown(tmp_path) == ["README.md"]


def test_a_json_list_of_records_is_a_book_and_other_json_is_not(tmp_path: Path) -> None:
    record = {"id": "p", "title": "事業", "document": {"id": "d", "title": "本"}}
    write(tmp_path, "export.json", text=orjson.dumps([record]).decode())
    write(tmp_path, "truth.json", text=orjson.dumps({"document": {"title": "x"}}).decode())
    write(tmp_path, "list.json", text="[1, 2]")
    assert shown(tmp_path) == ["export.json"]


@pytest.mark.parametrize("name", ["missing", "missing/book.md", "a\0b", "x" * 300])
def test_a_path_that_does_not_exist_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError) as caught:
        find_files([tmp_path, tmp_path / name])
    assert names.show(tmp_path / name) in str(caught.value)
    assert str(caught.value).endswith("ください。")


def test_a_file_is_read_once_however_often_it_is_reached(tmp_path: Path) -> None:
    write(tmp_path, "sub/a.md", "b.md")
    (tmp_path / "link.md").symlink_to("b.md")
    assert shown(tmp_path, tmp_path / "sub", tmp_path / "b.md") == ["b.md", "sub/a.md"]


def test_links_that_loop_or_lead_nowhere(tmp_path: Path) -> None:
    write(tmp_path, "sub/a.md")
    (tmp_path / "sub/up").symlink_to("..")
    (tmp_path / "self").symlink_to("self")
    (tmp_path / "gone.md").symlink_to("nowhere")
    # the two broken links are handed on, and reading says what they are
    assert shown(tmp_path) == ["gone.md", "self", "sub/a.md"]


def test_the_same_name_in_two_folders_is_shown_with_its_folder(tmp_path: Path) -> None:
    write(tmp_path, "x/a.md", "y/a.md", "y/b.md")
    assert shown(tmp_path / "x", tmp_path / "y") == ["x/a.md", "y/a.md", "b.md"]
    assert shown(tmp_path / "x/a.md", tmp_path / "y/a.md") == ["x/a.md", "y/a.md"]


def test_the_same_name_and_folder_name_are_told_apart_further_up(tmp_path: Path) -> None:
    write(tmp_path, "1/x/a.md", "2/x/a.md", "3/y/a.md")
    roots = [tmp_path / "1/x", tmp_path / "2/x", tmp_path / "3/y"]
    assert shown(*roots) == ["1/x/a.md", "2/x/a.md", "y/a.md"]


def test_names_that_are_not_utf_8_or_not_printable(tmp_path: Path) -> None:
    raw = os.fsencode(tmp_path) + b"/\x97\x5c\x8e\x5a.md"
    with open(raw, "w", encoding="utf-8") as file:
        file.write("x")
    write(tmp_path, "a\nb.md", "\u202egpj.md")
    found = shown(tmp_path)
    assert found == sorted(["\\u202egpj.md", "\\x97\\\\x8eZ.md", "a\\nb.md"])
    assert all(name.encode() for name in found)


def test_a_folder_that_cannot_be_listed_is_refused_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "locked/a.md", "open/b.md")
    scandir = os.scandir

    def refuse(path: str | os.PathLike[str]) -> object:
        if Path(path).name == "locked":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    locked, open_file = find_files([tmp_path])
    assert "フォルダ「locked」を開けない" in (locked.refusal or "")
    assert open_file.refusal is None


def test_the_nearest_manifest_that_names_a_file_applies(tmp_path: Path) -> None:
    write(tmp_path, "2025/a.md", "2025/b.md", "2025/c.md")
    write(
        tmp_path,
        "manifest.toml",
        text='[books."2025/a.md"]\ntitle = "far"\n[books."2025/b.md"]\ntitle = "far"\n',
    )
    write(tmp_path, "2025/manifest.toml", text='[books."a.md"]\ntitle = "near"\n')
    titles = [file.manifest and file.manifest.title for file in find_files([tmp_path])]
    assert titles == ["near", "far", None]


def test_a_file_named_itself_takes_the_manifest_beside_it(tmp_path: Path) -> None:
    write(tmp_path, "a.md")
    write(tmp_path, "manifest.toml", text='[books."a.md"]\ntitle = "A"\n')
    (file,) = find_files([tmp_path / "a.md"])
    assert file.manifest is not None
    assert file.manifest.title == "A"


def test_a_broken_manifest_refuses_its_books_and_no_others(tmp_path: Path) -> None:
    write(tmp_path, "bad/a.md", "bad/deep/b.md", "good/c.md")
    write(tmp_path, "bad/manifest.toml", text="[books\n")
    refused = {file.shown_path: file.refusal for file in find_files([tmp_path])}
    assert refused["good/c.md"] is None
    assert refused["bad/a.md"] == refused["bad/deep/b.md"]
    # the manifest is named as the person can open it: there may be one in every folder
    assert f"マニフェスト {tmp_path}/bad/manifest.toml の1行目" in (refused["bad/a.md"] or "")


def test_a_wrong_entry_refuses_its_book_and_no_other(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "b.md", "c.md")
    write(
        tmp_path,
        "manifest.toml",
        text='[books."a.md"]\ntitel = "A"\n[books."b.md"]\ntitle = "B"\n',
    )
    a, b, c = find_files([tmp_path])
    assert "title の書き間違い" in (a.refusal or "")
    assert a.refusal_line == 2
    assert a.manifest is None
    assert b.manifest is not None
    assert (b.refusal, c.refusal, c.manifest) == (None, None, None)


@pytest.mark.parametrize(
    "entry",
    [
        # the file is not there
        '[books."gone.md"]\ntitle = "A"',
        # a folder is no book
        '[books."sub"]\ntitle = "A"',
        # the file lies outside of the manifest's folder
        '[books."../outside.md"]\ntitle = "A"',
        # a key where a file name belongs
        '[books]\ntitle = "A"',
    ],
)
def test_an_entry_without_a_file_is_refused(tmp_path: Path, entry: str) -> None:
    write(tmp_path, "books/a.md", "books/sub/b.md", "outside.md")
    write(tmp_path, "books/manifest.toml", text=entry)
    files = find_files([tmp_path / "books"])
    refused = [file for file in files if file.refusal]
    assert len(refused) == 1
    assert (refused[0].refusal or "").startswith(f"マニフェスト {tmp_path}/books/manifest.toml の")
    assert [file.shown_path for file in files if not file.refusal] == ["a.md", "sub/b.md"]


def test_a_name_as_macos_stores_it_is_the_name_in_the_manifest(tmp_path: Path) -> None:
    write(tmp_path, unicodedata.normalize("NFD", "がん検診.md"))
    write(tmp_path, "manifest.toml", text='[books."がん検診.md"]\ntitle = "A"\n')
    (file,) = find_files([tmp_path])
    assert file.refusal is None
    assert file.manifest is not None


def test_a_manifest_is_no_book(tmp_path: Path) -> None:
    write(tmp_path, "manifest.toml", text="")
    (file,) = find_files([tmp_path / "manifest.toml"])
    assert "本ではない" in (file.refusal or "")


def test_an_empty_folder_holds_nothing(tmp_path: Path) -> None:
    assert find_files([tmp_path]) == ()
    assert find_files([]) == ()


@pytest.fixture
def linked(tmp_path: Path) -> Path:
    """A folder of books beside secrets, with links to both."""
    root, outside = tmp_path / "books", tmp_path / "outside"
    for folder in (root / "sub", outside / "deep"):
        folder.mkdir(parents=True)
    (root / "a.md").write_text("a")
    (outside / "secret.md").write_text("s")
    (outside / "deep" / "b.md").write_text("b")
    (outside / "manifest.toml").write_text("secret = 1")
    (root / "inside.md").symlink_to("a.md")
    (root / "sub" / "file.md").symlink_to(outside / "secret.md")
    (root / "folder").symlink_to("../outside/deep")
    (root / "chain.md").symlink_to("sub/file.md")
    return root


def test_links_that_lead_out_are_refused_with_the_way_out(linked: Path) -> None:
    files = {file.shown_path: file.refusal for file in find_files([linked])}
    assert files.pop("a.md") is None
    assert set(files) == {"chain.md", "folder"}, "what two links lead to is told once"
    for refusal in files.values():
        assert refusal is not None
        assert "フォルダの外を指すリンク" in refusal
        assert "--follow-links" in refusal


def test_links_are_followed_when_told(linked: Path) -> None:
    files = list_files([linked], follow_links=True).files
    assert {file.shown_path for file in files} == {"a.md", "chain.md", "folder/b.md"}
    assert not any(file.refusal for file in files)


def test_a_link_that_was_named_is_followed(linked: Path) -> None:
    (file,) = find_files([linked / "sub" / "file.md"])
    assert file.refusal is None


def test_a_manifest_elsewhere_is_not_read(linked: Path) -> None:
    """Its mistakes are quoted: any file could be read a line at a time."""
    (linked / "manifest.toml").symlink_to("../outside/manifest.toml")
    (file,) = (file for file in find_files([linked]) if file.shown_path == "a.md")
    assert file.refusal is not None
    assert "フォルダの外へのリンク" in file.refusal
    assert "secret" not in file.refusal
