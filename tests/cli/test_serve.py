"""Does ``yosan serve`` start from nothing, follow the index and leave when told to?"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import orjson
import pytest

from indexer.commands.serve import _listen
from indexer.engine.store import Store
from indexer.errors import IndexDamagedError
from indexer.library import Library
from indexer.pipeline import update_index
from tests.cli.conftest import BOOK, ROOT, Process

PATIENCE = 30.0
"""Seconds after which something that should come is taken not to come."""


class Server:
    """A server process with its address."""

    def __init__(self, folder: Path, *arguments: str, before: str = "") -> None:
        script = f"{before}\nfrom indexer.cli import main; main()"
        self.process = subprocess.Popen(
            [sys.executable, "-c", script, "serve", "--port", "0", *arguments],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stderr=subprocess.PIPE,
            text=True,
        )
        self.said: list[str] = []
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.said.append(line)
            if match := re.search(r"http://[\d.:]+", line):
                self.address = match[0]
                return
        raise AssertionError(f"no address: {self.said}")

    def status(self, path: str) -> int:
        try:
            with urllib.request.urlopen(self.address + path, timeout=PATIENCE) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code

    def body(self, path: str) -> bytes:
        address = self.address + quote(path, safe="/?&=")
        with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
            data: bytes = answer.read()
        return re.sub(rb'"took_ms":[0-9.e-]+', b"", data)

    def json(self, path: str) -> dict[str, object]:
        address = self.address + quote(path, safe="/?&=")
        with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
            found: dict[str, object] = orjson.loads(answer.read())
        return found

    def stop(self, number: int = signal.SIGINT) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(PATIENCE)
        if self.process.stderr is not None and not self.process.stderr.closed:
            self.said += self.process.stderr.readlines()
            self.process.stderr.close()
        return code


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Started in a folder that holds nothing but a corpus of one book."""
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "book.md").write_bytes(BOOK.read_bytes())
    running = Server(tmp_path)
    yield running
    running.stop(signal.SIGKILL)


def eventually(check: object, wanted: object) -> None:
    """Wait until ``check()`` gives ``wanted``; what comes within the patience has come."""
    assert callable(check)
    end = time.monotonic() + PATIENCE
    while (found := check()) != wanted:
        assert time.monotonic() < end, f"{found} instead of {wanted}"
        time.sleep(0.1)


def test_builds_the_index_first(server: Server, tmp_path: Path) -> None:
    """With no index there, the corpus of the current folder is indexed and served."""
    assert (tmp_path / ".yosan" / "CURRENT").is_file()
    assert server.status("/") == 200
    assert server.status("/readyz") == 200
    assert server.json("/api/v1/search?q=")["total"] == 12


def test_follows_the_index(server: Server, tmp_path: Path) -> None:
    """A new generation is served without a restart; a damaged index is not ready."""
    text = BOOK.read_text(encoding="utf-8")
    more = tmp_path / "more.md"
    more.write_text(text.replace("政策経営部", "別の部"), encoding="utf-8")
    update_index(tmp_path / ".yosan", [more])
    eventually(lambda: server.json("/api/v1/search?q=")["total"], 24)
    (tmp_path / ".yosan" / "CURRENT").unlink()
    eventually(lambda: server.status("/readyz"), 503)
    assert server.status("/livez") == 200


def damage_by_shortening(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def damage_by_emptying(path: Path) -> None:
    os.truncate(path, 0)


def damage_in_place(path: Path) -> None:
    """The same size and time: nothing but the content tells."""
    times = path.stat()
    data = bytes(byte ^ 0xFF for byte in path.read_bytes())
    path.write_bytes(data)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def damage_by_removing(path: Path) -> None:
    path.unlink()


ASKED = (
    "/search?q=防災",
    "/search?q=生成AIの予算はいくら",
    "/ask?q=新規事業は何件？",
    "/documents",
    "/export.csv",
    "/api/v1/search?q=システム&sort=amount",
    "/api/v1/documents",
)


@pytest.mark.parametrize(
    ("damage", "workers"),
    [
        (damage_by_shortening, "1"),
        (damage_by_emptying, "2"),
        (damage_in_place, "1"),
        (damage_by_removing, "1"),
    ],
)
def test_survives_damage_to_the_files_it_serves(
    damage: Callable[[Path], None], workers: str, tmp_path: Path
) -> None:
    """Every file of the generation is damaged under the running server: it answers as before, to
    the byte, says in /readyz that something is wrong, and is ready again after a rollback."""
    index = tmp_path / ".yosan"
    text = BOOK.read_text(encoding="utf-8")
    for number in (0, 1):
        book = tmp_path / "book.md"
        book.write_text(text.replace("40,500千円", f"{40_500 + number:,}千円"), encoding="utf-8")
        update_index(index, [book], full=True)
    quick = "import indexer.settings as s; s.VERIFY_SECONDS = 0.5"
    server = Server(tmp_path, "--workers", workers, before=quick if workers == "1" else "")
    try:
        before = {path: server.body(path) for path in ASKED}
        for path in (index / "generations" / "000002").rglob("*"):
            if path.is_file():
                damage(path)
        eventually(lambda: [server.status("/readyz") for _ in range(8)], [503] * 8)
        for _ in range(4):  # a connection of its own each: both processes are asked
            assert {path: server.body(path) for path in ASKED} == before
        assert server.process.poll() is None
        Store(index).rollback()
        eventually(lambda: [server.status("/readyz") for _ in range(8)], [200] * 8)
        assert server.json("/api/v1/search?q=ふるさと納税")["total_yen"] == 40_500_000
    finally:
        server.stop(signal.SIGTERM)


def test_a_process_that_begins_anew_falls_back(tmp_path: Path) -> None:
    """A server process started over a damaged generation serves the one before it, and says so;
    the command itself refuses to start like that."""
    index, book = tmp_path / ".yosan", tmp_path / "book.md"
    for number in (0, 1):
        text = BOOK.read_text(encoding="utf-8").replace("40,500千円", f"{40_500 + number:,}千円")
        book.write_text(text, encoding="utf-8")
        update_index(index, [book], full=True)
    os.truncate(next((index / "generations" / "000002").rglob("*.seg")), 100)
    with pytest.raises(IndexDamagedError):
        Library.open(index)
    with Library.open(index, fall_back=True) as library:
        assert library.generation == 1
        assert isinstance(library.trouble(), IndexDamagedError)
        Store(index).rollback()
        library.refresh()
        assert library.ready()


def test_nothing_is_built_over_a_lost_pointer(tmp_path: Path, process: Process) -> None:
    """The books that were indexed are not the sample: ``serve`` refuses, as all commands do, and
    touches nothing; ``rollback`` finds the generation again."""
    index, book = tmp_path / ".yosan", tmp_path / "own.md"
    book.write_bytes(BOOK.read_bytes())
    update_index(index, [book])
    (index / "CURRENT").unlink()
    before = sorted(index.rglob("*"))
    for command in (("serve", "--port", "0"), ("search", "防災"), ("check",), ("index", "own.md")):
        done = process(*command)
        assert done.returncode == 4, (command, done.stderr.decode())
        assert "yosan rollback" in done.stderr.decode()
    assert [path for path in sorted(index.rglob("*")) if path.name != "write.lock"] == [
        path for path in before if path.name != "write.lock"
    ]
    assert process("rollback").returncode == 0
    assert process("search", "防災").returncode in (0, 3)


def test_interrupted(server: Server) -> None:
    """Ctrl-C ends it with the documented code and no stack trace."""
    assert server.status("/") == 200
    assert server.stop() == 130
    assert "Traceback" not in "".join(server.said)


def test_answers_are_sent_at_once() -> None:
    """Also on connections of worker processes, which know the listening socket by its number and
    not that it is one of TCP: headers and body do not wait for each other."""
    with (
        closing(_listen("127.0.0.1", 0)) as listening,
        closing(socket.fromfd(listening.fileno(), socket.AF_UNIX, socket.SOCK_STREAM)) as known,
        closing(socket.create_connection(listening.getsockname())),
    ):
        accepted, _ = known.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_several_processes(tmp_path: Path, sample_index: Path) -> None:
    """``--workers 2`` answers on the one address, and both processes end together."""
    running = Server(tmp_path, "--workers", "2", "--index", str(sample_index))
    try:
        assert [running.status("/livez") for _ in range(6)] == [200] * 6
    finally:
        code = running.stop()
    assert code in (0, 130)
    assert "Traceback" not in "".join(running.said)
