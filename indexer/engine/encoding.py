"""Which sentences have no vector yet, and how do they get one? Each distinct sentence once, ever.

What any segment of the former generation has is taken from there. What is encoded goes into a
journal beside the index at once, so that an interrupted run loses nothing; the journal is removed
when a generation holds all of it. Encoding runs in processes of its own, as analysing does.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import IO, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.engine import files
from indexer.engine.sentences import DIMENSIONS, Hashes, Sentences, Vectors
from indexer.regular_files import open_regular

JOURNAL_FILE = "sentences.part"
_RECORD = np.dtype([("hash", "<u8"), ("vector", "i1", DIMENSIONS)])
_BATCH = 256
_ALONE = 512
"""Sentences up to which a process of its own would take longer to start than to work."""
_BOOTSTRAP = (
    "import sys, pickle; sys.path[:] = pickle.load(sys.stdin.buffer);"
    "from indexer.engine.encoding import work; work()"
)

Progress = Callable[[int, int], None]
"""Told how many sentences of how many are encoded."""


class Encoder(Protocol):
    """The part of ``indexer.analysis`` that makes vectors, by its name ``module:Class``."""

    version: str

    def encode_small(self, texts: Sequence[str]) -> NDArray[np.int8]:
        """A row of eight-bit numbers for each text."""


def load_encoder(name: str) -> Encoder:
    """The encoder named ``module:Class``."""
    module, _, attribute = name.partition(":")
    encoder: Encoder = getattr(import_module(module), attribute)()
    return encoder


class Known:
    """Vectors by the hash of their sentence."""

    def __init__(self) -> None:
        self._at: dict[int, tuple[Vectors, int]] = {}

    def add(self, hashes: Hashes, vectors: Vectors) -> None:
        """Remember where the vector of each hash lies."""
        self._at.update((one, (vectors, n)) for n, one in enumerate(hashes.tolist()))

    def take(self, hashes: Hashes) -> Vectors:
        """The vectors of these hashes, all of which are known."""
        found = np.empty((len(hashes), DIMENSIONS), dtype=np.int8)
        for n, one in enumerate(hashes.tolist()):
            vectors, at = self._at[one]
            found[n] = vectors[at]
        return found

    def __contains__(self, hash_: int) -> bool:
        return hash_ in self._at


@dataclass(frozen=True, slots=True)
class Encoding:
    """How sentences are encoded: by what, on how many processes, with the journal in ``folder``."""

    encoder: str
    folder: Path
    processes: int
    progress: Progress | None = None

    def complete(self, known: Known, wanted: Mapping[str, Sentences]) -> dict[str, Vectors]:
        """The vectors of every segment of ``wanted``; what is not known is encoded."""
        journal = self.folder / JOURNAL_FILE
        version = load_encoder(self.encoder).version
        known.add(*_read_journal(journal, version))
        hashes = {segment: sentences.hashes() for segment, sentences in wanted.items()}
        missing: dict[int, tuple[Sentences, int]] = {}
        for segment, sentences in wanted.items():
            for n, one in enumerate(hashes[segment].tolist()):
                if one not in known:
                    missing[one] = sentences, n
        if missing:
            self._encode(missing, known, journal, version)
        return {segment: known.take(own) for segment, own in hashes.items()}

    def _encode(
        self,
        missing: Mapping[int, tuple[Sentences, int]],
        known: Known,
        journal: Path,
        version: str,
    ) -> None:
        order = list(missing)
        done = 0
        with _Journal(journal, version) as kept:
            batches = (order[at : at + _BATCH] for at in range(0, len(order), _BATCH))
            texts = ((part, [missing[h][0][missing[h][1]] for h in part]) for part in batches)
            processes = 0 if len(order) <= _ALONE else self.processes
            for part, vectors in _encoded(self.encoder, processes, texts):
                hashes = np.array(part, dtype=np.uint64)
                kept.add(hashes, vectors)
                known.add(hashes, vectors)
                done += len(part)
                if self.progress:
                    self.progress(done, len(order))

    def forget(self) -> None:
        """Remove the journal: a generation holds all of it."""
        with suppress(OSError):
            files.remove_file(self.folder / JOURNAL_FILE)


class _Journal:
    """Vectors on the disk as they are made, behind a line that names the encoder."""

    def __init__(self, path: Path, version: str) -> None:
        is_new = not path.exists()
        self._stream = path.open("ab")
        os.chmod(path, files.PRIVATE_FILE)
        if is_new:
            self._stream.write(_heading(version))

    def add(self, hashes: Hashes, vectors: Vectors) -> None:
        records = np.empty(len(hashes), dtype=_RECORD)
        records["hash"], records["vector"] = hashes, vectors
        self._stream.write(records.tobytes())
        self._stream.flush()

    def __enter__(self) -> _Journal:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()


def _heading(version: str) -> bytes:
    return f"{version}\n".encode()


def _read_journal(path: Path, version: str) -> tuple[Hashes, Vectors]:
    """What an interrupted run has left, whole records alone; a journal that is of another encoder
    or ends within a record is cut back to what can be gone on from."""
    heading = _heading(version)
    try:
        with open_regular(path) as stream:
            data = stream.read()
    except OSError:
        data = b""
    if not data.startswith(heading):
        with suppress(OSError):
            files.remove_file(path)
        data = heading
    count = (len(data) - len(heading)) // _RECORD.itemsize
    whole = len(heading) + count * _RECORD.itemsize
    if whole < len(data):
        os.truncate(path, whole)
    records = np.frombuffer(data, _RECORD, count, len(heading))
    return records["hash"], records["vector"]


Batch = tuple[list[int], list[str]]


def _encoded(
    name: str, processes: int, batches: Iterable[Batch]
) -> Iterator[tuple[list[int], Vectors]]:
    """The vectors of each batch, in any order."""
    if not processes:
        encoder = load_encoder(name)
        for part, texts in batches:
            yield part, encoder.encode_small(texts)
        return
    workers = _Workers(name)
    with ThreadPoolExecutor(processes, "encode") as threads:
        try:
            waiting = {threads.submit(workers.encode, texts): part for part, texts in batches}
            for future in as_completed(waiting):
                yield waiting.pop(future), future.result()
        except BaseException:
            threads.shutdown(wait=False, cancel_futures=True)
            raise
        finally:
            workers.close()


class _Workers:
    """A process for every thread that asks."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._own = threading.local()
        self._all: list[subprocess.Popen[bytes]] = []

    def encode(self, texts: list[str]) -> Vectors:
        """Have this thread's process encode; raises what went wrong there."""
        process = getattr(self._own, "process", None) or self._start()
        requests, answers = _pipes(process)
        pickle.dump(texts, requests, protocol=5)
        requests.flush()
        try:
            answer = pickle.load(answers)
        except EOFError:
            raise RuntimeError("文を数値にするプロセスが途中で終わりました。") from None
        if isinstance(answer, Exception):
            raise answer
        return np.frombuffer(answer, np.int8).reshape(len(texts), DIMENSIONS)

    def _start(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-c", _BOOTSTRAP],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # an interrupt is the parent's to handle
        )
        self._own.process = process
        self._all.append(process)
        requests, _ = _pipes(process)
        pickle.dump(sys.path, requests)
        pickle.dump(self._name, requests)
        return process

    def close(self) -> None:
        """End every process."""
        for process in self._all:
            process.kill()
            for pipe in _pipes(process):
                with suppress(OSError):
                    pipe.close()
            process.wait()


def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    assert process.stdin is not None
    assert process.stdout is not None
    return process.stdin, process.stdout


def work() -> None:
    """What an encoding process does: take the encoder's name, then texts until the pipe ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not mix with the answers
    requests: Any = sys.stdin.buffer
    try:
        encoder = load_encoder(pickle.load(requests))
        while True:
            texts = pickle.load(requests)
            try:
                answer: object = encoder.encode_small(texts).tobytes()
            except Exception as error:  # told to the parent, which raises it
                answer = RuntimeError(f"{type(error).__name__}: {error}")
            pickle.dump(answer, answers, protocol=5)
            answers.flush()
    except (EOFError, pickle.UnpicklingError, BrokenPipeError):
        return  # the parent has gone
