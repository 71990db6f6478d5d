"""Does every answer come from one generation while others take its place? ``--swaps 500``.

Two generations of one folder, with other figures, other programmes and other books, become current
in turn while every kind of address is asked for by several at once. What an address answers in each
generation is recorded first, in quiet; under load every answer must be one of the two to the last
byte, under the tag that it had then. Anything else is failed (5xx) or mixed.
"""

from __future__ import annotations

import argparse
import io
import random
import re
import shutil
import sys
import tempfile
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import httpx
import orjson

from indexer.contract import program_to_json
from indexer.engine import files
from indexer.engine.generation import generation_folder, manifest_sha256
from indexer.library import Library, SearchRequest
from indexer.model import Document, Program
from indexer.pipeline import update_index
from tests.webui.books import FORMER, MANY, former_programs, many_programs, money

ASKING = 3
ANSWERS_EACH = 3
"""Answers for every swap, on the average, at the least."""
PAUSES = (0.0, 0.005, 0.02, 0.06)
"""Seconds between two swaps, drawn: some fall into one page, some far apart."""
_VOLATILE = re.compile(rb'"took_ms":[0-9.e-]+')


class Quiet(NamedTuple):
    """What an address answers when nothing changes."""

    status: int
    body: bytes
    tag: str


@dataclass
class Outcome:
    """What came of a run."""

    swaps: int = 0
    answers: int = 0
    failed: list[str] = field(default_factory=list)
    mixed: list[str] = field(default_factory=list)
    by_generation: Counter[int] = field(default_factory=Counter)


def write_generations(folder: Path) -> Path:
    """An index with the generations 1 and 2; the folder of it."""
    books, index = folder / "books", folder / "index"
    books.mkdir()
    many = list(many_programs())
    _write(books, MANY, many)
    _write(books, FORMER, former_programs())
    update_index(index, [books], sentence_vectors=False)
    # Other figures, a third of the programmes gone, other programmes, one book gone, one new.
    changed = [_raised(program) for program in many if int(program.id.split("-")[1]) % 3]
    changed += [_renamed(program, f"new-{program.id}") for program in many[:5]]
    _write(books, MANY, changed)
    (books / FORMER.path).unlink()
    later = Document("later-2026", "令和8年度予算 見本部", "later.jsonl", FORMER.publisher, 2026)
    added = [_renamed(program, f"later-{n}") for n, program in enumerate(former_programs())]
    _write(books, later, added)
    update_index(index, [books], sentence_vectors=False)
    return index


def _raised(program: Program) -> Program:
    assert program.amount.yen is not None
    return _with(program, amount=money(program.amount.yen // 1000 + 7))


def _renamed(program: Program, program_id: str) -> Program:
    return _with(program, id=program_id, title=f"{program.title}改")


def _with(program: Program, **changes: object) -> Program:
    return replace(program, **changes)  # type: ignore[arg-type]


def _write(books: Path, document: Document, programs: Iterable[Program]) -> None:
    lines = (orjson.dumps(program_to_json(program, document)) for program in programs)
    (books / document.path).write_bytes(b"\n".join(lines) + b"\n")


def point(index: Path, generation: int) -> None:
    """Make a generation current as a writer does: by replacing the one file."""
    pointer = {
        "generation": generation,
        "manifest_sha256": manifest_sha256(generation_folder(index, generation)),
    }
    beside = index / "CURRENT.beside"
    files.write_file(beside, orjson.dumps(pointer))
    files.replace_file(beside, index / "CURRENT")


def addresses(index: Path) -> list[str]:
    """Every route, with what is in both generations and with what is in one of them only."""
    with Library.open(index, follow=False) as library:
        programs = [p.id for p in library.matching(SearchRequest())]
    chosen = [*programs[:2], programs[-1], "many-0", "many-1", "former-0", "new-many-3", "later-1"]
    books = [MANY.id, FORMER.id, "later-2026"]
    found = ["/", "/?lang=en", "/documents", "/api", "/accessibility", "/ask", "/compare"]
    found += ["/search", "/search?q=見本", "/search?q=全庁LAN", "/search?fold=none&page=2"]
    found += ["/search?q=見本の事業その1の予算はいくら？", "/search/values/department"]
    found += ["/ask?q=新規事業は何件？", "/ask?q=全庁LANの保守管理の予算はいくら？"]
    found += [f"/programs/{one}" for one in chosen]
    found += [f"/programs/{one}/card" for one in chosen[:3]]
    found += [f"/programs/{one}/data.csv" for one in chosen[:3]]
    found += [f"/documents/{one}" for one in books] + [f"/documents/{MANY.id}?find=見本"]
    found += [f"/compare?id={chosen[0]}&id=many-1&id=later-1", "/compare/documents"]
    found += [f"/compare/documents?before={FORMER.id}&after={MANY.id}"]
    found += [f"/compare/documents?after={MANY.id}"]
    found += [
        "/export.csv",
        "/export.xlsx",
        "/export.jsonl?groups=1",
        "/feed.atom",
        "/feed.atom?q=見本",
    ]
    found += ["/opensearch.xml", "/robots.txt", "/sitemap.xml", "/sitemap-1.xml"]
    found += ["/api/v1/search?q=見本", "/api/v1/search?fold=none", "/api/v1/documents"]
    found += [f"/api/v1/programs/{one}" for one in chosen]
    found += [f"/api/v1/documents/{one}" for one in books]
    found += ["/api/v1/ask?q=予算額が一番大きい事業は？", "/api/v1/suggest?q=見本"]
    return [quote(address, safe="/?&=-.%") for address in dict.fromkeys(found)]


def record(http: httpx.Client, paths: Sequence[str]) -> dict[str, Quiet]:
    """What each address answers now. Asked twice: caches must not change a byte."""
    first = {path: ask(http, path) for path in paths}
    again = {path: ask(http, path) for path in paths}
    differing = [path for path in paths if first[path] != again[path]]
    assert not differing, differing
    return first


def ask(http: httpx.Client, path: str) -> Quiet:
    """One answer, without the milliseconds that it took; of a workbook, its cells."""
    response = http.get(path)
    body = _VOLATILE.sub(b"", response.content)
    if response.status_code == 200 and path.startswith("/export.xlsx"):
        body = zipfile.ZipFile(io.BytesIO(body)).read("xl/worksheets/sheet1.xml")
    return Quiet(response.status_code, body, response.headers.get("etag", ""))


def swap_under_load(address: str, library: Library, index: Path, swaps: int) -> Outcome:
    """Record both generations, then swap them under load. ``library`` is what is served there."""
    paths = addresses(index)
    quiet: list[dict[str, Quiet]] = []
    with httpx.Client(base_url=address, timeout=60) as http:
        for generation in (1, 2):
            point(index, generation)
            library.refresh()
            quiet.append(record(http, paths))
    outcome = Outcome()
    stop = threading.Event()
    lock = threading.Lock()

    def work(seed: int) -> None:
        order = random.Random(seed)
        with httpx.Client(base_url=address, timeout=60) as http:
            while not stop.is_set():
                for path in order.sample(paths, len(paths)):
                    found = ask(http, path)
                    with lock:
                        _judge(path, found, [one[path] for one in quiet], outcome)
                    if stop.is_set():
                        break

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(ASKING)]
    for thread in threads:
        thread.start()
    chance = random.Random(5)
    try:
        for number in range(swaps):
            point(index, 1 + number % 2)
            library.refresh()
            assert library.generation == 1 + number % 2, library.trouble()
            outcome.swaps += 1
            time.sleep(chance.choice(PAUSES))
            while outcome.answers < ANSWERS_EACH * outcome.swaps:
                time.sleep(0.002)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    return outcome


def _judge(path: str, found: Quiet, quiet: list[Quiet], outcome: Outcome) -> None:
    outcome.answers += 1
    if found.status >= 500:
        outcome.failed.append(f"{found.status} {path}")
    elif found not in quiet:
        outcome.mixed.append(path)
    else:
        outcome.by_generation[1 + quiet.index(found)] += 1


@contextmanager
def generations(folder: Path) -> Iterator[tuple[str, Library, Path]]:
    """Two generations behind a real server: its address, its library, the index."""
    from tests.webui.conftest import serve
    from webui.app import create_app

    index = write_generations(folder)
    with Library.open(index, follow=False) as library:
        serving = serve(create_app(library))
        yield next(serving), library, index
        next(serving, None)


def main() -> int:
    """Run and report; 1 when anything failed or was mixed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--swaps", type=int, default=500)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    try:
        with generations(folder) as (address, library, index):
            outcome = swap_under_load(address, library, index, options.swaps)
    finally:
        shutil.rmtree(folder)
    print(
        f"{outcome.swaps} swaps, {outcome.answers:,} answers, "
        f"{len(outcome.failed)} failed, {len(outcome.mixed)} mixed"
    )
    for kind in (outcome.failed, outcome.mixed):
        for path, count in Counter(kind).most_common(20):
            print(f"  {count} × {path}")
    return 1 if outcome.failed or outcome.mixed else 0


if __name__ == "__main__":
    sys.exit(main())
