"""Is a want of the system (file handles, memory), or a file being written, called what it is?"""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from indexer.engine import reader as reading
from indexer.engine.store import Store
from indexer.errors import ExitCode, IndexUnreadableError
from indexer.library import Library
from indexer.pipeline import update_index
from tests.cli.conftest import BOOK, Process

FEW_HANDLES = """
import resource, sys
import indexer.commands.search, indexer.commands.check, indexer.commands.index
import indexer.library, indexer.engine.store, indexer.answers.answerer, indexer.search.searcher
import indexer.pipeline, indexer.maintenance, indexer.analysis.analyzer, orjson, tempfile
from indexer.cli import main
resource.setrlimit(resource.RLIMIT_NOFILE, (int(sys.argv.pop(1)), 64))
main()
"""
"""With its modules loaded, so that what fails is the index and not the start of Python."""


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("room") / "index"
    update_index(folder, [BOOK], sentence_vectors=False)
    return folder


@pytest.mark.parametrize("command", ["search", "check", "index"])
def test_too_few_file_handles_are_no_damage(command: str, index: Path, process: Process) -> None:
    """With ever more of them: it works, or says what it lacks; never that the index is damaged."""
    argument = {"search": ["防災"], "check": [], "index": [BOOK]}[command]
    told = set()
    for handles in (4, 5, 7):
        done = process("--index", index, command, *argument, script=FEW_HANDLES, handles=handles)
        said = done.stderr.decode()
        assert "壊れている" not in said.replace("壊れているわけではありません", ""), (handles, said)
        assert "プログラムの誤り" not in said, (handles, said)
        assert done.returncode in (0, 1, 3, 6), (handles, done.returncode, said)
        told.add("開いているファイルが多すぎる" in said)
    assert True in told


@pytest.mark.parametrize(
    "error", [OSError(errno.ENOMEM, "x"), OSError(errno.EMFILE, "x"), MemoryError()], ids=repr
)
@pytest.mark.parametrize("follow", [False, True])
def test_want_of_room_is_no_damage(
    error: Exception, follow: bool, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(reading, "open_segments", fail)
    with pytest.raises(IndexUnreadableError, match="壊れているわけではありません") as caught:
        Library.open(index, follow=follow)
    assert caught.value.exit_code is ExitCode.FAILURE


def test_a_server_tries_again_when_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A generation that could not be opened for want of room is opened at the next look."""
    folder = tmp_path / "index"
    update_index(folder, [BOOK], sentence_vectors=False)
    with Library.open(folder, follow=False) as library:
        changed = tmp_path / "book.md"
        changed.write_bytes(BOOK.read_bytes().replace("防災".encode(), "減災".encode()))
        update_index(folder, [changed], sentence_vectors=False, full=True)
        with monkeypatch.context() as patch:
            patch.setattr(Store, "_open", _no_memory)
            library.refresh()
            assert isinstance(library.trouble(), IndexUnreadableError)
        library.refresh()
        assert library.ready()
        assert library.generation == 2


def _no_memory(*_: object) -> None:
    raise IndexUnreadableError("x")


@contextmanager
def written_all_the_time(path: Path) -> Iterator[None]:
    """Somebody writes into the file, again and again."""
    stop = threading.Event()

    def write() -> None:
        with path.open("r+b", buffering=0) as stream:
            while not stop.is_set():
                os.pwrite(stream.fileno(), b"x", 10)

    thread = threading.Thread(target=write)
    thread.start()
    yield
    stop.set()
    thread.join()


@pytest.mark.parametrize("name", ["big.txt", "big.jsonl", "big.csv.gz", "big.xlsx"])
def test_a_file_that_is_being_written_is_refused_alone(
    name: str, tmp_path: Path, process: Process
) -> None:
    """The others go in, and the next run takes it."""
    books = tmp_path / "books"
    books.mkdir()
    (books / "book.md").write_bytes(BOOK.read_bytes())
    (books / name).write_bytes(b"PK\x03\x04" + b"a line of it\n" * 8_000_000)
    with written_all_the_time(books / name):
        done = process("index", "--no-sentence-vectors", books)
    said = done.stderr.decode()
    assert done.returncode == 6, said
    assert f"「{name}」は読んでいる間に書き換えられた" in said
    assert "1文書、12事業" in done.stdout.decode()
