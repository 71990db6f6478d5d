"""Is what is served always whole: old or new, whatever happens to the writer?"""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from unittest import mock

import pytest

from indexer.engine import files
from indexer.engine.generation import generation_folder
from indexer.engine.interface import Change, Selection
from indexer.engine.query import Everything, Phrase, Term
from indexer.engine.store import Store
from indexer.errors import (
    ExitCode,
    IndexDamagedError,
    IndexLockedError,
    IndexMissingError,
    IndexWriteError,
    UsageError,
)
from indexer.model import Role
from tests.engine.corpus import ANALYZER, added, book, program

ROOT = Path(__file__).parents[2]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return make_store(tmp_path / "index")


def make_store(folder: Path) -> Store:
    return Store(folder, analyzer=ANALYZER, processes=1)


OLD = book("a", [program(1, "防災 訓練", "地域 の 防災", document="a", amount=100)])
NEW = book("a", [program(1, "防災 計画", document="a", amount=70)], fingerprint="b")
OTHER = book("b", [program(1, "子ども", document="b", amount=3), program(2, "橋", document="b")])


def served(folder: Path) -> tuple[int, int, int]:
    """Programmes, yen, and hits of a word only the old book has."""
    with make_store(folder).open() as reader:
        everything = reader.evaluate(Selection(Everything()))
        return (
            everything.total,
            everything.total_yen,
            reader.evaluate(Selection(Term("title", "訓練"))).total,
        )


OLD_ANSWER, NEW_ANSWER = (1, 100, 1), (3, 73, 0)


# What a generation is


def test_an_index_that_is_not_there(store: Store) -> None:
    assert store.current() is None
    with pytest.raises(IndexMissingError, match="yosan index"):
        store.open()


def test_writing_replacing_and_removing(store: Store) -> None:
    assert store.write(added(OLD)).changed == ("a",)
    report = store.write(Change([NEW, OTHER]))
    assert (report.generation, report.documents, report.programs, report.analysed) == (2, 2, 3, 3)
    assert served(store.folder) == NEW_ANSWER
    report = store.write(Change((), ["a", "never there"]))
    assert (report.generation, report.removed, report.analysed) == (3, ("a",), 0)
    assert served(store.folder) == (2, 3, 0)


def test_nothing_changed_writes_nothing(store: Store) -> None:
    store.write(added(OLD))
    before = sorted(store.folder.rglob("*"))
    report = store.write(Change((), ["never there"]))
    assert (report.generation, report.analysed) == (1, 0)
    assert sorted(store.folder.rglob("*")) == before


def test_unchanged_documents_are_linked_not_written(store: Store) -> None:
    store.write(added(OTHER))
    first = {p.name: p.stat().st_ino for p in generation_folder(store.folder, 1).rglob("*.seg")}
    store.write(added(OLD))
    second = {p.name: p.stat().st_ino for p in generation_folder(store.folder, 2).rglob("*.seg")}
    assert first.items() < second.items()


def test_full_keeps_nothing_of_the_former_generation(store: Store) -> None:
    store.write(added(OLD))
    store.write(added(OTHER), full=True)
    assert served(store.folder) == (2, 3, 0)


def test_grown_bit_by_bit_answers_like_built_at_once(tmp_path: Path) -> None:
    # Ties are in document and printed order, whichever segment a document lies in.
    books = [book(n, [program(i, "橋", document=n) for i in range(3)]) for n in "cab"]
    grown, built = make_store(tmp_path / "grown"), make_store(tmp_path / "built")
    for one in books:
        grown.write(added(one))
    built.write(added(*books))
    for query in (Everything(), Term("title", "橋")):
        with grown.open() as ours, built.open() as theirs:
            assert ours.evaluate(Selection(query)) == theirs.evaluate(Selection(query))
            assert ours.all_programs() == theirs.all_programs()


def test_groups_are_shown_but_not_found(store: Store) -> None:
    group = program(9, "橋", document="b", role=Role.GROUP, amount=5)
    store.write(added(book("b", [group, program(1, "橋", document="b", amount=2)])))
    with store.open() as reader:
        found = reader.evaluate(Selection(Term("title", "橋")))
        assert [match.program_id for match in found.matches] == ["b-1"]
        assert found.total_yen == 2
        assert reader.program("b-9") == group
        assert [p.id for p in reader.all_programs()] == ["b-9", "b-1"]


def test_documents_and_programmes_come_back_as_they_were(store: Store) -> None:
    store.write(added(OLD, OTHER))
    with store.open() as reader:
        for one in (OLD, OTHER):
            parsed = one.parsed
            found = reader.document(parsed.document.id)
            assert found is not None
            assert (found.document, found.lines) == (parsed.document, parsed.lines)
            assert reader.programs([*found.program_ids, "none"]) == parsed.programs
        assert reader.documents() == (OLD.parsed.document, OTHER.parsed.document)
        assert reader.sources() == (OLD.source, OTHER.source)
        assert reader.document("none") is None


def test_two_documents_with_one_id(store: Store) -> None:
    store.write(added(OLD))
    with pytest.raises(UsageError, match=r"a\.txt"):
        store.write(added(NEW, NEW))
    assert served(store.folder) == OLD_ANSWER


def test_a_reader_outlives_its_generation(store: Store) -> None:
    store.write(added(OLD))
    reader = store.open()
    for number in range(4):
        store.write(added(book("x", [program(number, "橋", document="x")])))
    assert not generation_folder(store.folder, 1).exists()
    assert reader.evaluate(Selection(Term("title", "訓練"))).total == 1
    assert reader.program("a-1") == OLD.parsed.programs[0]
    assert reader.document("a") is not None
    reader.close()
    reader.close()


def test_two_generations_are_kept_and_rollback_goes_back(store: Store) -> None:
    for change in (added(OTHER), added(OLD), Change([NEW])):
        store.write(change)
    kept = sorted(p.name for p in (store.folder / "generations").iterdir())
    assert kept == ["000002", "000003"]
    assert store.rollback() == 2
    assert served(store.folder) == (3, 103, 1)
    with pytest.raises(UsageError, match="前の世代"):
        store.rollback()
    assert store.write(added(NEW)).generation == 4
    assert served(store.folder) == NEW_ANSWER


def test_only_the_owner_may_enter(store: Store) -> None:
    store.write(added(OLD))
    for path in (store.folder, *store.folder.rglob("*")):
        assert path.stat().st_mode & 0o077 == 0, path


# Damage


def test_every_flipped_bit_is_caught(store: Store) -> None:
    store.write(added(OLD, OTHER))
    targets = [p for p in generation_folder(store.folder, 1).rglob("*") if p.is_file()]
    chance = random.Random(7)
    for path in targets:
        content = path.read_bytes()
        for _ in range(12):
            place, bit = chance.randrange(len(content)), 1 << chance.randrange(8)
            damaged = bytearray(content)
            damaged[place] ^= bit
            path.write_bytes(damaged)
            for look in (store.open, store.verify):
                with pytest.raises(IndexDamagedError) as caught:
                    look()
                assert caught.value.exit_code is ExitCode.INDEX_DAMAGED
                assert "yosan index --full" in str(caught.value)
        path.write_bytes(content)
    assert store.verify().programs == 3


DAMAGE: list[tuple[str, Callable[[Path], None]]] = [
    # A file of the generation is gone.
    ("missing file", lambda index: next(index.rglob("*.seg")).unlink()),
    # The generation itself is gone, as when a backup was restored in part.
    ("missing generation", lambda index: shutil.rmtree(index / "generations" / "000001")),
    # CURRENT is lost: the generations are there, so this is not "no index".
    ("missing pointer", lambda index: (index / "CURRENT").unlink()),
    ("empty pointer", lambda index: (index / "CURRENT").write_bytes(b"")),
    ("pointer of another kind", lambda index: (index / "CURRENT").write_text('["x"]')),
    ("truncated file", lambda index: os.truncate(next(index.rglob("*.toc")), 10)),
]


@pytest.mark.parametrize(("_name", "damage"), DAMAGE, ids=[name for name, _ in DAMAGE])
def test_damage_is_told(store: Store, _name: str, damage: Callable[[Path], None]) -> None:
    store.write(added(OLD))
    damage(store.folder)
    with pytest.raises(IndexDamagedError, match="yosan index --full"):
        store.open()
    with pytest.raises(IndexDamagedError):
        store.write(added(OTHER))
    # The way out that the message names.
    store.write(added(OLD), full=True)
    assert served(store.folder) == OLD_ANSWER


@pytest.mark.parametrize("room", [True, False], ids=["on disk", "in memory"])
def test_copies_last_whatever_becomes_of_the_files(store: Store, room: bool) -> None:
    store.write(added(OLD, OTHER))
    with mock.patch("indexer.engine.views._has_room", return_value=room):
        reader = store.open(is_copied=True)
    for path in store.folder.rglob("*"):
        if path.is_file():
            os.truncate(path, 0)
    assert reader.evaluate(Selection(Term("title", "訓練"))).total == 1
    assert reader.programs(["a-1", "b-2"]) == (
        OLD.parsed.programs[0],
        OTHER.parsed.programs[1],
    )
    found = reader.document("b")
    assert found is not None
    assert found.document == OTHER.parsed.document
    reader.check(thorough=True)
    reader.close()


def test_rollback_out_of_a_damaged_generation(store: Store) -> None:
    store.write(added(OLD))
    store.write(added(OTHER))
    next(generation_folder(store.folder, 2).rglob("*.toc")).write_bytes(b"")
    with pytest.raises(IndexDamagedError, match="yosan rollback"):
        store.open()
    assert store.rollback() == 1
    assert served(store.folder) == OLD_ANSWER


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(b"{")])
def test_rollback_after_the_pointer_is_lost(store: Store, damage: Callable[[Path], None]) -> None:
    # Which generation it named is not known: the latest whole one is.
    store.write(added(OLD))
    store.write(added(OTHER))
    damage(store.folder / "CURRENT")
    with pytest.raises(IndexDamagedError, match="yosan rollback"):
        store.current()
    assert store.rollback() == 2
    assert served(store.folder) == (3, 103, 1)


def test_a_first_write_that_is_killed_leaves_no_index(tmp_path: Path) -> None:
    # Generation 1 may be there already, but nobody was told so: not damage, and written anew.
    seen = set()
    for at in range(1, 60):
        folder = tmp_path / str(at)
        failure = Failure(at, errno.EIO, dead=True)
        with mock.patch.object(files, "observe", failure), suppress(IndexWriteError):
            make_store(folder).write(added(OLD))
        seen.add(current := make_store(folder).current())
        if current is None:
            assert make_store(folder).write(added(OLD)).documents == 1
        assert served(folder) == OLD_ANSWER
        if failure.count < at:
            break
    assert seen == {None, 1}


def test_rollback_passes_over_a_damaged_generation(store: Store) -> None:
    # Nothing but its own checksum vouches for the manifest of a former generation.
    store.write(added(OLD))
    store.write(added(OTHER))
    manifest = generation_folder(store.folder, 1) / "manifest.json"
    manifest.write_bytes(manifest.read_bytes().replace(b"a.txt", b"b.txt"))
    with pytest.raises(UsageError, match="前の世代"):
        store.rollback()
    assert served(store.folder) == (3, 103, 1)


def test_a_stray_file_beside_whooshs_is_refused(store: Store) -> None:
    store.write(added(OLD))
    stray = generation_folder(store.folder, 1) / "whoosh" / "_MAIN_2.toc"
    stray.write_bytes(b"")
    with pytest.raises(IndexDamagedError, match="_MAIN_2"):
        store.verify()


def test_an_index_of_another_version(store: Store) -> None:
    from indexer.engine import generation

    other = {**generation.current_versions(), "sudachidict": "20200101"}
    with mock.patch("indexer.engine.building.current_versions", return_value=other):
        store.write(added(OLD))
    with pytest.raises(IndexDamagedError, match="sudachidict 20200101"):
        store.open()


# Several writers


def test_a_second_writer_is_told_who_writes(store: Store) -> None:
    with store.writer(), pytest.raises(IndexLockedError, match=str(os.getpid())) as caught:
        store.write(added(OLD))
    assert caught.value.exit_code is ExitCode.INDEX_LOCKED
    store.write(added(OLD))


def _race(folder: str, start: float, name: str) -> None:
    time.sleep(max(0.0, start - time.time()))
    try:
        make_store(Path(folder)).write(added(book(name, [program(1, "橋", document=name)])))
    except IndexLockedError:
        os._exit(int(ExitCode.INDEX_LOCKED))
    os._exit(0)


def test_racing_writers(store: Store) -> None:
    context = multiprocessing.get_context("spawn")
    store.write(added(OLD))
    start = time.time() + 1.5
    racers = [context.Process(target=_race, args=(str(store.folder), start, n)) for n in "xyz"]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    codes = [racer.exitcode for racer in racers]
    assert set(codes) <= {0, int(ExitCode.INDEX_LOCKED)}
    assert served(store.folder)[0] == 1 + codes.count(0)


# Failing and dying on the way


class Failure:
    """Lets the first operations of a write pass and fails one, or all from one on."""

    def __init__(self, at: int, error: int, *, dead: bool = False) -> None:
        self.at, self.error, self.dead = at, error, dead
        self.count = 0
        self.log: list[tuple[str, Path]] = []

    def __call__(self, operation: str, path: Path) -> None:
        self.count += 1
        if self.count == self.at or (self.dead and self.count > self.at):
            raise OSError(self.error, os.strerror(self.error), str(path))
        self.log.append((operation, path))


def attempts(
    tmp_path: Path, error: int, *, dead: bool = False
) -> Iterator[tuple[Path, Failure, bool]]:
    """A write over an old index, failed at each of its operations in turn until it passes."""
    pristine = tmp_path / "pristine"
    make_store(pristine).write(added(OLD))
    for at in range(1, 200):
        folder = tmp_path / f"index{at}"
        shutil.copytree(pristine, folder)
        failure = Failure(at, error, dead=dead)
        with mock.patch.object(files, "observe", failure):
            try:
                make_store(folder).write(Change([NEW, OTHER]))
                passed = True
            except IndexWriteError:
                passed = False
        yield folder, failure, passed
        shutil.rmtree(folder)
        if failure.count < at:
            return
    raise AssertionError("the write never passed")


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO, errno.EACCES, errno.EROFS])
def test_any_operation_may_fail(tmp_path: Path, error: int) -> None:
    seen = set()
    for folder, failure, passed in attempts(tmp_path, error):
        answer = served(folder)
        assert answer in (OLD_ANSWER, NEW_ANSWER)
        if passed:
            assert answer == NEW_ANSWER
        seen.add(answer)
        assert not list((folder / "generations").glob(".tmp-*")), failure.log[-1:]
        make_store(folder).verify()
        make_store(folder).write(Change([NEW, OTHER]))
        assert served(folder) == NEW_ANSWER
    assert seen == {OLD_ANSWER, NEW_ANSWER}


@pytest.mark.parametrize("kept", [0.0, 0.5], ids=["nothing unsynced", "half of what is unsynced"])
@pytest.mark.parametrize("renames", [True, False], ids=["renames seen", "unsynced renames lost"])
def test_power_may_fail_at_any_operation(tmp_path: Path, kept: float, renames: bool) -> None:
    seen = set()
    for folder, failure, _ in attempts(tmp_path, errno.EIO, dead=True):
        lose_power(failure.log, kept=kept, renames=renames)
        answer = served(folder)
        assert answer in (OLD_ANSWER, NEW_ANSWER)
        seen.add(answer)
        make_store(folder).verify()
        make_store(folder).write(Change([NEW, OTHER]))
        assert served(folder) == NEW_ANSWER
        assert not list(folder.rglob("*.tmp-*"))
    assert seen == {OLD_ANSWER, NEW_ANSWER}


def lose_power(log: list[tuple[str, Path]], *, kept: float, renames: bool) -> None:
    """Undo what a disk may forget: content of files never synced, names never synced."""
    written: dict[Path, bool] = {}
    moved: list[tuple[str, Path]] = []
    for operation, path in log:
        if operation == "write":
            written[path] = False
        elif operation == "fsync":
            written[path] = True
        elif operation in ("rename", "replace"):
            moved.append((operation, path))
        elif operation == "fsync_folder":
            moved = [(kind, target) for kind, target in moved if target.parent != path]
    if not renames:
        for operation, target in reversed(moved):
            if operation == "rename" and target.exists():
                target.rename(target.with_name(".tmp-lost"))
            elif operation == "replace":
                # Either name may survive an unsynced replace; the old content is the harder case.
                target.write_text(_former_pointer(target))
    for path, synced in written.items():
        if not synced and path.exists():
            os.truncate(path, int(path.stat().st_size * kept))


def _former_pointer(current: Path) -> str:
    pristine = current.parents[1] / "pristine" / current.name
    return pristine.read_text()


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(IndexWriteError, match="書き込めません"):
        make_store(tmp_path / "file" / "index").write(added(OLD))


_KILLED = """
import sys
from pathlib import Path
sys.path.insert(0, {root!r})
from tests.engine.test_store import NEW, OTHER, make_store
from indexer.engine.interface import Change
print("ready", flush=True)
while True:
    make_store(Path({folder!r})).write(Change([NEW, OTHER]))
"""


def test_a_writer_may_be_killed_at_any_moment(store: Store) -> None:
    store.write(added(OLD))
    chance = random.Random(11)
    for _ in range(8):
        code = _KILLED.format(root=str(ROOT), folder=str(store.folder))
        with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == b"ready\n"
            time.sleep(chance.uniform(0, 0.2))
            writer.send_signal(signal.SIGKILL)
        assert served(store.folder) in (OLD_ANSWER, NEW_ANSWER)
        store.verify()
    store.write(added(OTHER))
    assert not list((store.folder / "generations").glob(".tmp-*"))


def test_the_pointer_says_what_it_points_to(store: Store) -> None:
    store.write(added(OLD))
    pointer = json.loads((store.folder / "CURRENT").read_text())
    assert pointer.keys() == {"generation", "manifest_sha256"}


def test_analysis_in_processes_gives_the_same_index(tmp_path: Path) -> None:
    books = [
        book(
            f"book{number}",
            [
                program(
                    i, f"事業 {number} 番 {i}", "本文 " * 60, document=f"book{number}", amount=i
                )
                for i in range(20)
            ],
            publisher=f"市{number % 7}",
        )
        for number in range(40)
    ]
    with mock.patch("indexer.engine.analysts.PARALLEL_FROM", 5_000):
        many = Store(tmp_path / "many", analyzer=ANALYZER, processes=2)
        many.write(added(*books))
    one = make_store(tmp_path / "one")
    one.write(added(*books))
    assert len(list(many.folder.rglob("*.seg"))) == 2
    many.verify()
    selection = Selection(Term("title", "事業"), facets=("publisher", "document"), limit=1000)
    with many.open() as ours, one.open() as theirs:
        assert ours.evaluate(selection) == theirs.evaluate(selection)


def test_a_failing_analyser_in_a_process_is_told(store: Store) -> None:
    broken = Store(store.folder, analyzer="tests.engine.corpus:BrokenAnalyzer", processes=2)
    with (
        mock.patch("indexer.engine.analysts.PARALLEL_FROM", 10),
        pytest.raises(RuntimeError, match="no dictionary"),
    ):
        broken.write(added(OLD))
    assert store.current() is None
    assert not list((store.folder / "generations").iterdir())


def test_many_small_updates_are_joined(tmp_path: Path) -> None:
    # An index fed book by book must not end with a segment per book, nor be rewritten each time.
    grown, built = make_store(tmp_path / "grown"), make_store(tmp_path / "built")
    books = [
        book(
            f"{number:02}",
            [
                program(i, "橋 道", f"本文 語{number} 道-路 橋", document=f"{number:02}", amount=i)
                for i in range(1, 4)
            ],
        )
        for number in range(30)
    ]
    for one in books:
        grown.write(added(one))
    grown.write(Change((), ["00", "29"]))
    built.write(added(*books[1:-1]))
    grown.verify()
    assert len(list(generation_folder(grown.folder, 31).rglob("*.seg"))) < 12
    fields = [Term("title", "橋"), Term("body", "語7"), Phrase("body", ("語7", "道", "路"))]
    with grown.open() as ours, built.open() as theirs:
        assert ours.all_programs() == theirs.all_programs()
        for query in (Everything(), *fields):
            one, other = (
                reader.evaluate(Selection(query, facets=("document", "role"), limit=100))
                for reader in (ours, theirs)
            )
            assert [m.program_id for m in one.matches] == [m.program_id for m in other.matches]
            assert (one.total_yen, one.facets) == (other.total_yen, other.facets)


def test_dead_rows_are_left_behind(store: Store) -> None:
    books = [book(n, [program(i, "橋", document=n) for i in range(5)]) for n in "abc"]
    store.write(added(*books))
    store.write(Change((), ["a"]))
    first = {path.name for path in generation_folder(store.folder, 2).rglob("*.seg")}
    store.write(Change((), ["b"]))
    second = {path.name for path in generation_folder(store.folder, 3).rglob("*.seg")}
    assert not first & second
    with store.open() as reader:
        assert reader.evaluate(Selection(Everything())).total == 5
        # Nothing of the dead is left in the statistics either.
        assert reader.document_frequency("title", "橋") == 5
