"""Does a library serve one whole generation per request, and let go of the former ones?"""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from indexer.engine.reader import EngineReader
from indexer.engine.store import Store
from indexer.errors import IndexDamagedError, IndexMissingError
from indexer.library import Library, SearchRequest, read_yen
from indexer.pipeline import update_index

BOOK = Path(__file__).parent.parent / "corpus" / "chiyoda-2025-05-policy-management.md"
TEXT = BOOK.read_text(encoding="utf-8")
GENERATIONS = 6


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one book, indexed."""
    (tmp_path / "books").mkdir()
    write(tmp_path, 0)
    return tmp_path


def write(folder: Path, number: int) -> None:
    """Make generation ``number``: the sample with every amount of 40,500千円 raised by it."""
    amount = f"{40_500 + number:,}千円"
    (folder / "books" / "book.md").write_text(TEXT.replace("40,500千円", amount), encoding="utf-8")
    update_index(folder / "index", [folder / "books"])


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The generations whose reader was closed, in order."""
    numbers: list[int] = []
    close = EngineReader.close

    def note(reader: EngineReader) -> None:
        numbers.append(reader.generation)
        close(reader)

    monkeypatch.setattr(EngineReader, "close", note)
    return numbers


def test_every_request_sees_one_generation(folder: Path) -> None:
    """Threads that search while generations change never see parts of two."""
    stop = threading.Event()

    def ask(library: Library) -> set[tuple[int, int]]:
        seen = set()
        while not stop.is_set():
            response = library.search(SearchRequest(text="ふるさと納税"))
            yen = response.hits[0].program.amount.yen
            assert yen is not None
            seen.add((response.total_yen, yen))
        return seen

    with Library.open(folder / "index", follow=False) as library, ThreadPoolExecutor(3) as pool:
        running = [pool.submit(ask, library) for _ in range(3)]
        for number in range(1, GENERATIONS):
            write(folder, number)
            library.refresh()
        stop.set()
        seen = set().union(*(future.result() for future in running))
        assert library.search(SearchRequest(text="ふるさと納税")).total_yen == 40_505_000
    assert seen <= {(40_500_000 + 1_000 * number,) * 2 for number in range(GENERATIONS)}


def test_former_generation_closes_after_its_last_request(folder: Path, closed: list[int]) -> None:
    """A long export keeps its generation; the end of it lets go."""
    with Library.open(folder / "index", follow=False) as library:
        export = library.export(SearchRequest())
        first = next(export)
        write(folder, 1)
        closed.clear()  # readers that the update itself opened
        library.refresh()
        assert closed == []
        assert len([first, *export]) == 12
        assert closed == [1]
        assert library.generation == 2
    assert closed == [1, 2]


def test_each_generation_is_warmed_beside_its_requests(folder: Path) -> None:
    """Those that follow: at the start, and again when the next generation has taken its place."""
    with Library.open(folder / "index") as library:
        for number in (1, 2):
            end = time.monotonic() + 30
            while not (library.generation == number and library.warm()):
                assert library.search(SearchRequest(text="ふるさと納税")).total
                assert time.monotonic() < end
            write(folder, number)


def test_closing_ends_the_work_in_the_background(folder: Path) -> None:
    """At whatever moment: none of the threads waits for one that has ended."""
    for pause in (0.0, 0.001, 0.01, 0.1):
        library = Library.open(folder / "index")
        time.sleep(pause)
        library.close()
        library.close()
    assert not [t for t in threading.enumerate() if t.name in ("follow-index", "warm-index")]


@pytest.fixture
def library(folder: Path) -> Iterator[Library]:
    with Library.open(folder / "index", follow=False) as opened:
        yield opened


def test_damage_is_noticed_and_the_former_still_served(folder: Path, library: Library) -> None:
    """A later generation with a flipped bit is not served; ready turns false and says why."""
    write(folder, 1)
    victim = max(folder.glob("index/generations/000002/*/*"), key=lambda path: path.stat().st_size)
    data = bytearray(victim.read_bytes())
    data[len(data) // 2] ^= 1
    victim.unlink()  # it may be linked from the generation before
    victim.write_bytes(bytes(data))
    library.refresh()
    assert not library.ready()
    assert isinstance(library.trouble(), IndexDamagedError)
    assert library.generation == 1
    assert library.search(SearchRequest(text="ふるさと納税")).total_yen == 40_500_000
    Store(folder / "index").rollback()
    library.refresh()
    assert library.ready()


def test_a_lost_pointer_is_noticed(folder: Path, library: Library) -> None:
    """Without ``CURRENT`` nobody knows what to be ready for; what was there is still served."""
    (folder / "index" / "CURRENT").unlink()
    library.refresh()
    assert isinstance(library.trouble(), IndexDamagedError)
    assert library.search(SearchRequest(text="ふるさと納税")).total_yen == 40_500_000
    Store(folder / "index").rollback()
    library.refresh()
    assert library.ready()


def test_an_index_that_is_gone_is_noticed(folder: Path, library: Library) -> None:
    """With its generations: there is no index any more."""
    shutil.rmtree(folder / "index")
    library.refresh()
    assert isinstance(library.trouble(), IndexMissingError)


def test_no_index(tmp_path: Path) -> None:
    """The sentence says how to make one, and looking made nothing."""
    with pytest.raises(IndexMissingError, match="yosan index"):
        Library.open(tmp_path / "none")
    assert not (tmp_path / "none").exists()


# Amounts as people type them into --min-amount and into the web form.
@pytest.mark.parametrize(
    ("typed", "yen"),
    [
        ("1億円", 100_000_000),
        ("1億", 100_000_000),  # nobody types 円 twice
        ("5,000万円", 50_000_000),
        ("5千万円", 50_000_000),
        ("５０００万", 50_000_000),  # as an input method leaves it
        ("1億2,000万円", 120_000_000),
        ("40,500千円", 40_500_000),  # as the book prints it
        ("40500000", 40_500_000),  # plain yen
        ("1.5億円", 150_000_000),
        ("0", 0),
        ("1億円以上", 100_000_000),  # which bound it is, the option says
        ("△900万円", -9_000_000),
        ("-900万円", -9_000_000),
        ("百万円", 1_000_000),  # a scale alone is one of it
        ("千五百万円", 15_000_000),
        ("3億千万円", 310_000_000),
        # No amount: nothing is guessed.
        ("億円", None),
        ("たくさん", None),
        ("数億円", None),
        ("", None),
    ],
)
def test_read_yen(typed: str, yen: int | None) -> None:
    """Whole yen, or nothing."""
    assert read_yen(typed) == yen


UNCLOSED = """
import sys
from pathlib import Path
from indexer.library import Library, SearchRequest
library = Library.open(Path(sys.argv[1]))
print(library.search(SearchRequest(text="ふるさと納税")).total)
"""


def test_a_program_may_end_without_closing(folder: Path) -> None:
    """Its threads are still warming the index when it ends: they must not abort it."""
    command = [sys.executable, "-c", UNCLOSED, str(folder / "index")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "1\n", "")
