"""Does input made to exhaust the machine end in one sentence, soon and in little memory?

Every case runs ``yosan index`` as a process that gets one gigabyte of memory and little time.
"""

from __future__ import annotations

import gzip
import os
import resource
import socket
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from indexer import settings
from indexer.errors import SourceError
from indexer.parsing.dispatch import parse
from indexer.pipeline import update_index
from tests.cli.conftest import BOOK, Process
from tests.parsing.books import source

MEMORY = 1024**3
SECONDS = 30


def two_character_lines(folder: Path) -> None:
    (folder / "book.txt").write_bytes(b"1\n" * (50 * 1024 * 1024))


def dotted_keys(folder: Path) -> None:
    (folder / "book.txt").write_text("x")
    (folder / "manifest.toml").write_text("a" + ".a" * 40_000 + " = 1\n")


def dotted_keys_in_a_table(folder: Path) -> None:
    (folder / "book.txt").write_text("x")
    (folder / "manifest.toml").write_text("a = {'x.y' . " + '"b". ' * 20_000 + "c = 1}\n")


def keys_without_end(folder: Path) -> None:
    (folder / "book.txt").write_text("x")
    (folder / "manifest.toml").write_text("\n".join(f"k{n}=1" for n in range(60_000)))


def folders_in_folders(folder: Path) -> None:
    here = os.open(folder, os.O_RDONLY)
    for _ in range(1_500):
        os.mkdir("d", dir_fd=here)
        below = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)


def packed_lines_without_end(folder: Path) -> None:
    packed = gzip.compress(b" " * 1024 * 1024) * 1_100
    for name in ("a", "b"):  # two, so that they are compared with each other
        (folder / f"{name}.jsonl.gz").write_bytes(packed)


def a_list_without_end(folder: Path) -> None:
    (folder / "list.jsonl").write_bytes(b'[{"document":"","title":""},' + b"[]," * 30_000_000)


def a_cell_far_out(folder: Path) -> None:
    book = openpyxl.Workbook()
    book.active.cell(1, 1, "事業名")
    book.active.cell(settings.SHEET_ROWS_MAXIMUM, 900, 1)
    book.save(folder / "book.xlsx")


def a_pipe(folder: Path) -> None:
    os.mkfifo(folder / "book.txt")


def a_pipe_of_records(folder: Path) -> None:
    os.mkfifo(folder / "a.jsonl")
    os.mkfifo(folder / "b.csv")


def a_pipe_for_a_manifest(folder: Path) -> None:
    (folder / "book.txt").write_text("x")
    os.mkfifo(folder / "manifest.toml")


def a_device(folder: Path) -> None:
    (folder / "book.txt").symlink_to("/dev/zero")


def a_socket(folder: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(folder / "book.txt"))


CASES: list[tuple[Callable[[Path], None], str]] = [
    # Each line becomes an object: 100 MB were more than 6 GB.
    (two_character_lines, "200,000行を超える"),
    # A parser of TOML keeps every beginning of the key: 80 KB were more than 6 GB.
    (dotted_keys, "キーの入れ子が16段"),
    (dotted_keys_in_a_table, "キーの入れ子が16段"),
    (keys_without_end, "キーが50,000個"),
    # Every folder was looked up from the root again: 43 s.
    (folders_in_folders, "入れ子が32段"),
    # 1.1 GB in a line of 1 MB.
    (packed_lines_without_end, "展開すると1,024MB"),
    (a_list_without_end, "64MBを超えるJSONの配列"),
    (a_cell_far_out, "マスの広さ"),
    # Nobody writes into these, or something does without end.
    (a_pipe, "普通のファイルではない"),
    (a_pipe_of_records, "普通のファイルではない"),
    (a_pipe_for_a_manifest, "普通のファイルではない"),
    (a_device, "フォルダの外を指すリンク"),
    (a_socket, "普通のファイルではない"),
]


def bound_memory() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


@pytest.mark.parametrize(("make", "said"), CASES, ids=[case[0].__name__ for case in CASES])
def test_refused_before_any_work(
    make: Callable[[Path], None], said: str, tmp_path: Path, process: Process
) -> None:
    folder = tmp_path / "books"
    folder.mkdir()
    make(folder)
    done = process("index", folder, preexec_fn=bound_memory, timeout=SECONDS)
    told = done.stderr.decode()
    assert done.returncode == 1, told[-2_000:]
    assert said in told
    assert "Traceback" not in told
    assert not (tmp_path / ".yosan" / "CURRENT").exists()


def test_a_pipe_in_the_place_of_the_pointer(tmp_path: Path, process: Process) -> None:
    """Nobody waits for it."""
    index = tmp_path / ".yosan"
    update_index(index, [BOOK], sentence_vectors=False)
    (index / "CURRENT").unlink()
    os.mkfifo(index / "CURRENT")
    for command in (("search", "防災"), ("index", BOOK), ("serve", "--port", "0")):
        done = process(*command, timeout=SECONDS)
        assert done.returncode == 4, done.stderr.decode()
        assert "普通のファイルではない" in done.stderr.decode()


def test_more_programmes_than_a_book_has(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted while they are found, not when all of them have been worked out."""
    monkeypatch.setattr("indexer.parsing.blocks.BLOCKS_MAXIMUM", 5)
    with pytest.raises(SourceError, match="事業が5件を超える"):
        parse(source(BOOK.read_text("utf-8")))
