"""How fast are the pages over HTTP? ``yosan serve`` with 1 and 2 workers, asked by several at once.

The server runs as people run it, in processes of its own. The mix is ``GET /search`` as HTML,
compressed as browsers ask for it: words drawn from the titles at even steps of the logarithm of
their frequency, each alone, with a filter, sorted by amount, and on its second page. Nothing of
an answer is kept by the server, so that every row but "unchanged" is the full work of a page;
"unchanged" repeats the addresses with the tag that a browser sends back (304).

The client is plain sockets in threads of this process, kept open: an HTTP library of Python would
take a good part of the machine that it shares with the server. ``client`` is the share of one
core that it took all the same.
"""

from __future__ import annotations

import math
import random
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO, NamedTuple
from urllib.parse import urlencode

from indexer.analysis.analyzer import Analyzer
from indexer.library import Library, SearchRequest
from indexer.pipeline import update_index
from tests.benchmarks.common import arguments, percentile, report, say

WORKERS = (1, 2)
CONCURRENCY = (1, 4, 16)
WORDS = 40
TITLES_READ = 5_000
PAGE_HITS = 20
WARMING_SECONDS = 8.0


@dataclass(frozen=True)
class Level:
    """What a run at one concurrency gave: milliseconds and bytes of each answer."""

    times: list[float]
    sizes: list[int]
    failed: int
    seconds: float
    client: float


class Answer(NamedTuple):
    """What came back."""

    status: int
    body: bytes
    tag: str


class Connection:
    """One kept-open connection that asks and reads whole answers."""

    def __init__(self, address: tuple[str, int]) -> None:
        self._socket = socket.create_connection(address, timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._answers: BinaryIO = self._socket.makefile("rb")

    def ask(self, path: str, tag: str = "") -> Answer:
        """One request and the whole answer to it."""
        lines = [f"GET {path} HTTP/1.1", "Host: localhost", "Accept: text/html"]
        lines += ["Accept-Encoding: gzip", "Accept-Language: ja"]
        lines += [f"If-None-Match: {tag}"] if tag else []
        self._socket.sendall("\r\n".join([*lines, "", ""]).encode("ascii"))
        status = int(self._answers.readline().split()[1])
        length, tag = 0, ""
        while (line := self._answers.readline().strip()) != b"":
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
            elif name.lower() == b"etag":
                tag = value.strip().decode("ascii")
        return Answer(status, self._answers.read(length), tag)

    def close(self) -> None:
        """Hang up."""
        self._answers.close()
        self._socket.close()


def draw_paths(index: Path, seed: int) -> list[str]:
    """The mix, the same for the same index and seed."""
    chance = random.Random(seed)
    with Library.open(index, follow=False) as library:
        paths = []
        for word in draw_words(library, chance):
            found = library.search(SearchRequest(text=word, limit=1))
            departments = [v for v in found.facets["department"] if v.count][:8]
            paths.append({"q": word})
            paths.append({"q": word, "sort": "amount"})
            if departments:
                paths.append({"q": word, "department": str(chance.choice(departments).value)})
            if found.total > PAGE_HITS:
                paths.append({"q": word, "page": "2"})
    chance.shuffle(paths)
    return [f"/search?{urlencode(pairs)}" for pairs in paths]


def draw_words(library: Library, chance: random.Random) -> list[str]:
    """Words of titles as printed, from those of one title to the most frequent."""
    analyzer = Analyzer()
    programs = list(library.matching(SearchRequest()))
    frequency: Counter[str] = Counter()
    for program in chance.sample(programs, min(TITLES_READ, len(programs))):
        title = program.title
        frequency.update({title[t.start : t.end] for t in analyzer.words(title)})
    words = sorted(word for word in frequency if len(word) > 1)
    top = math.log(max(frequency[word] for word in words))
    drawn: dict[str, None] = {}
    for step in range(WORDS):
        wanted = math.exp(top * step / (WORDS - 1))
        chance.shuffle(words)
        drawn[min(words, key=lambda word: abs(math.log(frequency[word] / wanted)))] = None
    return list(drawn)


@contextmanager
def serving(index: Path, workers: int) -> Iterator[tuple[str, int]]:
    """The address of ``yosan serve`` over the index."""
    command = [sys.executable, "-c", "from indexer.cli import main; main()"]
    command += ["--index", str(index), "serve", "--port", "0", "--workers", str(workers)]
    # A file, not a pipe: what the server says while nobody reads would stop it.
    with tempfile.TemporaryFile("a+", encoding="utf-8") as told:
        server = subprocess.Popen(command, stderr=told)
        try:
            while (found := re.search(r"http://([\d.]+):(\d+)/", _read(told))) is None:
                if server.poll() is not None:
                    raise SystemExit(_read(told))
                time.sleep(0.2)
            yield found[1], int(found[2])
        finally:
            server.terminate()
            server.wait()


def _read(file: IO[str]) -> str:
    file.seek(0)
    return file.read()


def run(
    address: tuple[str, int], paths: Sequence[str], concurrency: int, seconds: float, tagged: bool
) -> Level:
    """Ask for the paths in turn from several connections, each beginning elsewhere in the list."""
    times: list[float] = []
    sizes: list[int] = []
    failed: list[str] = []
    tags: dict[str, str] = {}
    if tagged:
        asking = Connection(address)
        tags = {path: asking.ask(path).tag for path in paths}
        asking.close()
    wanted = 304 if tagged else 200
    end = time.perf_counter() + seconds

    def work(first: int) -> None:
        asking = Connection(address)
        turn = first
        while (start := time.perf_counter()) < end:
            path = paths[turn % len(paths)]
            answer = asking.ask(path, tags.get(path, ""))
            times.append(1000 * (time.perf_counter() - start))
            sizes.append(len(answer.body))
            if answer.status != wanted:
                failed.append(path)
            turn += 1
        asking.close()

    threads = [
        threading.Thread(target=work, args=(number * len(paths) // concurrency,))
        for number in range(concurrency)
    ]
    start, busy = time.perf_counter(), time.process_time()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - start
    return Level(times, sizes, len(failed), took, (time.process_time() - busy) / took)


def row(workers: int, asked: str, concurrency: int, level: Level) -> dict[str, Any]:
    """One line of the table."""
    return {
        "workers": workers,
        "asked": asked,
        "at once": concurrency,
        "requests": len(level.times),
        "requests/s": len(level.times) / level.seconds,
        "p50 ms": statistics.median(level.times),
        "p95 ms": percentile(level.times, 0.95),
        "p99 ms": percentile(level.times, 0.99),
        "KB sent": statistics.mean(level.sizes) / 1024,
        "not as wanted": level.failed,
        "client": level.client,
    }


def warm(address: tuple[str, int], paths: Sequence[str], workers: int) -> float:
    """Wait until every worker has made what it makes beside the first requests, and let each
    answer every path. Gives the seconds that the former took."""
    start = time.perf_counter()
    while not all(map(is_warm, [address] * 8 * workers)):
        time.sleep(0.5)
    took = time.perf_counter() - start
    # A connection stays with the process that took it: of several, each process gets some.
    run(address, paths, 8 * workers, WARMING_SECONDS, tagged=False)
    return took


def is_warm(address: tuple[str, int]) -> bool:
    """What ``/readyz`` says to a new connection."""
    asking = Connection(address)
    try:
        return b'"warm":true' in asking.ask("/readyz").body
    finally:
        asking.close()


def measure(index: Path, paths: Sequence[str], seconds: float) -> list[dict[str, Any]]:
    """Every level."""
    rows = []
    for workers in WORKERS:
        with serving(index, workers) as address:
            say(f"{workers} worker(s): warming")
            level = run(address, paths, CONCURRENCY[1], seconds, tagged=False)
            rows.append(row(workers, "page, just started", CONCURRENCY[1], level))
            say(f"  warm after another {warm(address, paths, workers):.0f} s")
            for concurrency in CONCURRENCY:
                say(f"{workers} worker(s), {concurrency} at once")
                level = run(address, paths, concurrency, seconds, tagged=False)
                rows.append(row(workers, "page", concurrency, level))
            level = run(address, paths, CONCURRENCY[1], seconds, tagged=True)
            rows.append(row(workers, "unchanged", CONCURRENCY[1], level))
    return rows


def main() -> None:
    """Run and report. ``--index`` names a folder where the index is made, or stands already."""
    options = arguments(__doc__ or "", index="", seconds=10.0, seed=1)
    with tempfile.TemporaryDirectory() as folder:
        index = Path(options.index or f"{folder}/index")
        if not (index / "CURRENT").exists():
            say("indexing")
            update_index(index, [options.data])
        say("drawing")
        paths = draw_paths(index, options.seed)
        rows = measure(index, paths, options.seconds)
        with Library.open(index, follow=False) as library:
            programmes = library.search(SearchRequest()).total_rows
    title = f"GET /search over {programmes:,} programmes, {len(paths)} addresses"
    report(title, rows, as_json=options.json)


if __name__ == "__main__":
    main()
