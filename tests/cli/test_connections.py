"""Can one reader keep the server from others, or from ending? Sockets against a real process."""

from __future__ import annotations

import re
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from indexer.contract import program_to_json
from indexer.pipeline import update_index
from tests.cli.test_serve import Server, eventually
from tests.webui.books import MANY, many_programs, paragraph

QUICK = """
import resource, indexer.settings as s
s.REQUEST_SECONDS, s.TAKE_SECONDS, s.SHUTDOWN_SECONDS, s.CONNECTIONS_MAXIMUM = 1.0, 2.0, 2, 20
"""
FEW_HANDLES = (
    QUICK + "\ns.CONNECTIONS_MAXIMUM = 1000\nresource.setrlimit(resource.RLIMIT_NOFILE, (96, 96))"
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Enough text that no buffer between the server and a reader takes an export of it."""
    folder = tmp_path_factory.mktemp("connections")
    text = paragraph("子育てと防災の見本です。" * 2_000)
    programs = [
        replace(program, id=f"{program.id}-{n}", description=text)
        for n in range(8)
        for program in many_programs()
    ]
    lines = (orjson.dumps(program_to_json(program, MANY)) for program in programs)
    (folder / "many.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    update_index(folder / ".yosan", [folder / "many.jsonl"], sentence_vectors=False)
    return folder


@pytest.fixture
def server(index: Path) -> Iterator[Server]:
    running = Server(index, before=QUICK)
    yield running
    running.stop(signal.SIGKILL)


def connect(server: Server, sent: bytes = b"", buffer: int = 4_096) -> socket.socket:
    """A connection with a small buffer that has sent this much of a request."""
    found = re.fullmatch(r"http://([\d.]+):(\d+)", server.address)
    assert found is not None
    connected = socket.socket()
    connected.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    connected.settimeout(20)
    connected.connect((found[1], int(found[2])))
    connected.sendall(sent)
    return connected


def seconds_until_cut(connected: socket.socket) -> float:
    """How long the server holds a connection on which nothing more happens."""
    start = time.monotonic()
    try:
        while connected.recv(65_536):
            pass
    except ConnectionResetError:
        pass
    return time.monotonic() - start


EXPORT = b"GET /export.jsonl HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.mark.parametrize(
    "sent",
    [
        b"",  # says nothing
        b"GET / HTTP/1.1\r\nHost: x\r\n",  # never ends its request
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n",  # never sends the body
    ],
)
def test_a_request_must_come(sent: bytes, server: Server) -> None:
    with connect(server, sent) as connected:
        assert seconds_until_cut(connected) < 8
    assert server.status("/livez") == 200


def test_a_request_a_letter_at_a_time(server: Server) -> None:
    """Each letter does not begin the time anew."""
    with connect(server, b"GET / HTTP/1.1\r\nX: ") as connected:
        start = time.monotonic()
        with suppress(OSError):  # cut
            while time.monotonic() < start + 15:
                connected.sendall(b"x")
                time.sleep(0.1)
        assert time.monotonic() < start + 5


def test_an_answer_must_be_taken(server: Server) -> None:
    with connect(server, EXPORT) as connected:
        time.sleep(6)
        assert seconds_until_cut(connected) < 5  # what lay in the buffers, then the cut
    assert server.status("/livez") == 200


def test_more_connections_than_are_held(server: Server) -> None:
    """Further ones are told so; those that were there first are served, and all when they left."""
    with ExitStack() as held:
        first = held.enter_context(connect(server, b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"))
        assert b" 200 " in first.recv(65_536)
        for _ in range(20):
            held.enter_context(connect(server))
        with connect(server, b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n") as further:
            told = further.recv(65_536)
        assert told.startswith(b"HTTP/1.1 503 ")
        assert b"Retry-After" in told
    time.sleep(1.5)
    assert server.status("/livez") == 200


def test_at_the_limit_of_file_handles(index: Path) -> None:
    """Hundreds of half-open connections: no processor is burnt, no log filled, service goes on."""
    server = Server(index, before=FEW_HANDLES)
    try:
        eventually(lambda: server.json("/readyz")["warm"], True)
        with ExitStack() as held:
            for _ in range(400):
                held.enter_context(connect(server))
            before = _processor_seconds(server.process.pid)
            time.sleep(2)
            assert _processor_seconds(server.process.pid) - before < 1.0
        time.sleep(1.5)
        assert server.status("/livez") == 200
    finally:
        server.stop(signal.SIGTERM)
    assert len("".join(server.said)) < 5_000


def _processor_seconds(pid: int) -> float:
    parts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(parts[11]) + int(parts[12])) / 100


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_slow_reader_does_not_hold_the_end(
    number: signal.Signals, workers: str, index: Path
) -> None:
    """Told to end it ends within ten seconds, with readers in the middle of an export; one that
    reads on gets all of it."""
    server = Server(index, "--workers", workers)
    taken: list[bytes] = []

    def read_on(connected: socket.socket) -> None:
        while piece := connected.recv(65_536):
            taken.append(piece)

    with ExitStack() as held:
        for _ in range(4):
            held.enter_context(connect(server, EXPORT))
        last = EXPORT.removesuffix(b"\r\n") + b"Connection: close\r\n\r\n"
        quick = held.enter_context(connect(server, last, 1 << 20))
        reading = threading.Thread(target=read_on, args=(quick,))
        reading.start()
        eventually(lambda: bool(taken), True)
        start = time.monotonic()
        server.stop(number)
        assert time.monotonic() - start <= 10
        reading.join(10)
    assert b"".join(taken).endswith(b"0\r\n\r\n")
