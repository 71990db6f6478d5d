"""Is a file read whole and as printed, or refused with one sentence that helps?"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import SourceError
from indexer.sources import reading, refusals
from indexer.sources.discovery import find_files
from indexer.sources.document import SourceDocument, SourceFile
from indexer.sources.reading import file_fingerprint, read_documents, split_lines
from tests.sources.helpers import outcome, read

CORPUS = Path(__file__).parents[2] / "corpus"
SAMPLE = CORPUS / "chiyoda-2025-05-policy-management.md"


def refused(tmp_path: Path, name: str, data: bytes) -> SourceError:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(SourceError) as caught:
        read(path)
    return caught.value


def zipped(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


def test_the_bundled_chapter_is_read_byte_for_byte() -> None:
    (document,) = read(CORPUS)
    assert document.sha256 == "786bce620c0b955e29bc61049760d6882deae113ff5179297218614c064c1f1f"
    assert document.sha256 == hashlib.sha256(SAMPLE.read_bytes()).hexdigest()
    assert (document.encoding, document.format) == ("utf-8", "text")
    assert document.document_key == "chiyoda-2025-05"
    # 149 lines, 82 of them not blank
    assert len(document.lines) == 149
    assert sum(bool(line.strip()) for line in document.lines) == 82
    assert document.lines[37] == "ホームタウンちよだ応援事業"
    assert document.lines[39] == "40,500千円 (— 千円)"
    assert "\n".join(document.lines).encode() == SAMPLE.read_bytes().removesuffix(b"\n")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a\nb\n", ["a", "b"]),
        # no end after the last line
        ("a\nb", ["a", "b"]),
        # Windows, old Macintosh, and a mixture
        ("a\r\nb\rc\n", ["a", "b", "c"]),
        # empty lines count
        ("\n\na\n\n", ["", "", "a", ""]),
        # a page break is a character of its line (PDF conversions print it before a title)
        ("a\n\x0cb\n", ["a", "\x0cb"]),
        # no editor ends a line at these
        ("a\u2028b\x0bc\x85d\x1ce\n", ["a\u2028b\x0bc\x85d\x1ce"]),
        # indentation and trailing spaces stay
        ("　a \n", ["　a "]),
        ("", []),
        ("\n", [""]),
    ],
)
def test_lines_are_counted_as_an_editor_counts_them(text: str, lines: list[str]) -> None:
    assert list(split_lines(text)) == lines


@given(st.text(st.characters(exclude_categories=("Cs",))))
def test_lines_lose_nothing_but_their_ends(text: str) -> None:
    unix = text.replace("\r\n", "\n").replace("\r", "\n")
    joined = "".join(line + "\n" for line in split_lines(text))
    assert joined == (unix if unix.endswith("\n") or not unix else unix + "\n")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        # the way the books are published
        ("book.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"),
        # a PDF under another name, with a line of the printer's driver before it
        ("book.md", b"\x1b%-12345X\n%PDF-1.4\n"),
        ("book.pdf.gz", gzip.compress(b"%PDF-1.7\n")),
    ],
)
def test_pdf_is_handed_on_as_it_is(tmp_path: Path, name: str, data: bytes) -> None:
    """Whether it can be opened is found out in a process of its own, when it is parsed."""
    path = tmp_path / name
    path.write_bytes(data)
    (document,) = read(path)
    plain = gzip.decompress(data) if name.endswith(".gz") else data
    assert (document.format, document.content, document.lines) == ("pages", plain, ())


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("book.xlsx", zipped("[Content_Types].xml", "xl/workbook.xml"), "として壊れている"),
        # a spreadsheet under another name, and one of another program
        ("book.csv", zipped("[Content_Types].xml", "xl/workbook.xml"), "として壊れている"),
        ("book.ods", zipped("mimetype", "content.xml"), "Excel ブック（xlsx）"),
        ("book.docx", zipped("[Content_Types].xml", "word/document.xml"), "文書ファイル"),
        ("book.zip", zipped("book.txt"), "圧縮ファイル（zip）"),
        ("book.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "表計算ファイル"),
        ("book.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "文書ファイル"),
        ("book.rtf", b"{\\rtf1\\ansi", "RTF"),
        ("scan.txt", b"\x89PNG\r\n\x1a\n" + bytes(20), "画像"),
        ("book.7z", b"7z\xbc\xaf\x27\x1c\0\0", "展開してから"),
        ("book.html", b"\n<!DOCTYPE html><html>", "HTMLはまだ読めない"),
        ("book.xml", b"<?xml version='1.0'?>", "XMLはまだ読めない"),
        # no bytes, no characters
        ("empty.md", b"", "空のファイル"),
        ("blank.md", " \n\t\r\n　\n\x0c\u200b\n\ufeff".encode(), "空白だけ"),
        ("empty.md.gz", gzip.compress(b""), "空のファイル"),
        # no text
        ("binary.md", bytes(range(256)) * 4, "テキストとして読めない"),
        ("nul.md", "予算\0\0\0\0予算\0".encode(), "テキストとして読めない"),
        # UTF-8 with a hole
        ("hole.md", "一行目\n予算".encode()[:-1], "の2行目に UTF-8 として壊れた文字"),
        # archives
        ("cut.md.gz", gzip.compress(SAMPLE.read_bytes())[:-20], "途中で切れているか壊れている"),
        ("bad.md.gz", b"\x1f\x8b\x08\x00" + b"\xff" * 40, "途中で切れているか壊れている"),
        ("twice.gz", gzip.compress(gzip.compress(b"x")), "二重に圧縮"),
        # a minified file or a conversion without line ends
        ("long.md", ("短い行\n" + "長" * 100_001).encode(), "の2行目は100,000字を超える"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(
    tmp_path: Path, name: str, data: bytes, said: str
) -> None:
    error = refused(tmp_path, name, data)
    assert said in str(error)
    assert str(error).startswith(f"「{name}」")
    assert str(error).endswith("ください。")
    assert str(error).count("。") == 1
    assert error.path == name


def test_a_refusal_of_the_manifest_is_passed_on() -> None:
    file = SourceFile(SAMPLE, "a.md", refusal="だめです。", refusal_line=3)
    for call in (lambda: list(read_documents(file)), lambda: file_fingerprint(file)):
        with pytest.raises(SourceError, match=r"だめです。") as caught:
            call()
        assert caught.value.line == 3


@pytest.mark.parametrize("kind", ["missing", "folder", "pipe", "loop"])
def test_what_is_no_file_is_refused_and_not_waited_for(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "x.md"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "loop":
        path.symlink_to("x.md")
    for call in (read_documents, file_fingerprint):
        with pytest.raises(SourceError, match=r"「x\.md」.*ください。$"):
            list(call(SourceFile(path, "x.md")))


def test_a_file_without_permission_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.md"
    path.write_text("x")

    def deny(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", deny)
    with pytest.raises(SourceError, match=r"許可がない"):
        read(path)


def test_an_error_while_reading_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.md"
    path.write_text("x")

    def fail(*_: object) -> SourceDocument:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(reading, "_read_text", fail)
    with pytest.raises(SourceError, match=r"ディスクの読み書きに失敗した"):
        read(path)


def test_bounds_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "big.md"
    path.write_text("あ" * 1000)
    bomb = tmp_path / "bomb.md.gz"
    bomb.write_bytes(gzip.compress(bytes(4 * 1024 * 1024)))
    monkeypatch.setattr(reading, "FILE_BYTES_MAXIMUM", 2999)
    with pytest.raises(SourceError, match=r"超える大きさ"):
        read(path)
    with pytest.raises(SourceError, match=r"超える大きさ"):
        file_fingerprint(SourceFile(path, "big.md"))
    monkeypatch.setattr(reading, "FILE_BYTES_MAXIMUM", 10**6)
    monkeypatch.setattr(reading, "UNPACKED_BYTES_MAXIMUM", 2 * 1024 * 1024)
    with pytest.raises(SourceError, match=r"展開すると2MBを超える"):
        read(bomb)
    # within the bound of archives, but more than a text may be
    monkeypatch.setattr(reading, "UNPACKED_BYTES_MAXIMUM", 8 * 1024 * 1024)
    with pytest.raises(SourceError, match=r"超える大きさ"):
        read(bomb)


def test_a_compressed_book_reads_as_the_book(tmp_path: Path) -> None:
    path = tmp_path / "book.md.gz"
    path.write_bytes(gzip.compress(SAMPLE.read_bytes()))
    (packed,) = read(path)
    (plain,) = read(SAMPLE)
    assert packed.lines == plain.lines
    assert packed.sha256 == plain.sha256


@pytest.mark.parametrize("name", ["book.md", "book.txt", "book", "book.csv", "予算.v2"])
def test_any_name_may_hold_a_book(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("事業 1,000千円\n", encoding="cp932")
    (document,) = read(path)
    assert document.lines == ("事業 1,000千円",)
    assert (document.encoding, document.document_key) == ("cp932", name)


def test_fingerprints_tell_content_name_and_manifest_apart(tmp_path: Path) -> None:
    path, manifest = tmp_path / "a.md", tmp_path / "manifest.toml"

    def prints() -> tuple[str, str]:
        (file,) = find_files([tmp_path])
        return next(iter(read_documents(file))).fingerprint, file_fingerprint(file)

    seen = set()
    path.write_text("x")
    seen.add(prints())
    path.touch()
    seen.add(prints())
    assert len(seen) == 1
    manifest.write_text('[books."a.md"]\ntitle = "A"\n')
    seen.add(prints())
    manifest.write_text('[books."a.md"]\ntitle = "B"\n')
    seen.add(prints())
    path.write_text("y")
    seen.add(prints())
    assert len(seen) == 4
    # a comment in the manifest changes nothing
    manifest.write_text('# note\n[books."a.md"]\ntitle = "B"\n')
    seen.add(prints())
    assert len(seen) == 4


SAMPLES = st.sampled_from(
    [
        b"",
        SAMPLE.read_bytes()[:600],
        SAMPLE.read_bytes().decode().replace("▶", "●")[:300].encode("cp932", "ignore"),
        SAMPLE.read_bytes().decode()[:300].encode("utf-16"),
        gzip.compress(SAMPLE.read_bytes()),
        gzip.compress(b'{"a":1}\n'),
        b'{"id":"p","title":"t","document":{"id":"d","title":"t"}}\n',
        '{"公開年度":2020,"事業番号":"1","事業名":"a","府省庁":"b","予算":[]}\n'.encode(),
        b"[1,2]",
        b"%PDF",
        b"PK\x03\x04",
    ]
)


@given(
    seed=SAMPLES,
    edits=st.lists(st.tuples(st.integers(0, 800), st.integers(0, 20), st.binary(max_size=6))),
    name=st.sampled_from(["a.md", "a.jsonl", "a.json", "a.ndjson.gz", "a.gz", "a.csv", "a"]),
)
def test_any_bytes_are_documents_or_one_refusal(
    tmp_path_factory: pytest.TempPathFactory,
    seed: bytes,
    edits: list[tuple[int, int, bytes]],
    name: str,
) -> None:
    data = bytearray(seed)
    for place, length, put in edits:
        data[place : place + length] = put
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(bytes(data))
    found = outcome(path)
    if isinstance(found, SourceError):
        assert str(found).startswith(f"「{name}」")
        return
    assert found
    for document in found:
        assert document.lines or document.records
        "\n".join(document.lines).encode()


def test_every_way_a_system_call_fails_has_words() -> None:
    file = SourceFile(Path("x"), "x")
    assert "許可がない" in str(refusals.cannot_open(file, PermissionError(13, "denied")))
    assert "読み取りか書き込みに失敗した" in str(refusals.cannot_open(file, OSError()))
