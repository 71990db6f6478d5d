"""Who analyses the rows? This process when they are few, processes beside it when they are many.

Rows of one publisher go to the same process where possible: books repeat last year's text, and
what a process has analysed once it remembers.
"""

from __future__ import annotations

import os
import pickle
import queue
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from indexer.engine import schema
from indexer.engine.segment import Row, SegmentBuilder, WrittenSegment
from indexer.engine.worker import BOOTSTRAP, load_analyzer

PARALLEL_FROM = 600_000
"""Characters from which other processes pay: they take as long to start as these to analyse."""
BATCH_CHARACTERS = 60_000
BATCHES_WAITING = 8
PROCESSES_MAXIMUM = 4


def available_processes() -> int:
    """How many processes may work side by side here."""
    if hasattr(os, "sched_getaffinity"):
        return min(PROCESSES_MAXIMUM, len(os.sched_getaffinity(0)))
    return min(PROCESSES_MAXIMUM, os.cpu_count() or 1)


class Analysts:
    """Takes rows in any number and ends with segments written into ``folder``."""

    def __init__(self, folder: Path, analyzer: str, processes: int) -> None:
        self._folder = folder
        self._analyzer = analyzer
        self._processes = processes
        self._waiting: list[Row] = []
        self._size = 0
        self._builder: SegmentBuilder | None = None
        self._workers: list[_Worker] = []
        self._worker_of: dict[str, _Worker] = {}

    def add(self, rows: Sequence[Row]) -> None:
        """Take rows of one document. Raises what went wrong in another process meanwhile."""
        self._waiting.extend(rows)
        self._size += sum(map(_characters, rows))
        if self._workers:
            self._dispatch(whole=False)
        elif self._size >= PARALLEL_FROM:
            if self._processes > 1:
                self._workers = [
                    _Worker(self._folder, self._analyzer) for _ in range(self._processes)
                ]
                self._dispatch(whole=False)
            else:
                self._analyse_here()

    def finish(self) -> list[WrittenSegment]:
        """Wait for all; the segments written."""
        if not self._workers:
            self._analyse_here()
            return self._builder.finish() if self._builder else []
        self._dispatch(whole=True)
        for worker in self._workers:
            worker.put(None)
        return [segment for worker in self._workers for segment in worker.result()]

    def close(self) -> None:
        """End the processes, whatever they are doing. Idempotent."""
        for worker in self._workers:
            worker.kill()

    def _analyse_here(self) -> None:
        if not self._waiting:
            return
        if self._builder is None:
            self._builder = SegmentBuilder(self._folder, load_analyzer(self._analyzer))
        self._builder.add(self._waiting)
        self._waiting, self._size = [], 0

    def _dispatch(self, *, whole: bool) -> None:
        """Hand out what is waiting in batches; the last, unfilled one only when ``whole``."""
        batch: list[Row] = []
        size = 0
        for row in self._waiting:
            if batch and (size >= BATCH_CHARACTERS or _home(row) != _home(batch[0])):
                self._choose(batch, size).put(batch)
                batch, size = [], 0
            batch.append(row)
            size += _characters(row)
        if batch and (whole or size >= BATCH_CHARACTERS):
            self._choose(batch, size).put(batch)
            batch, size = [], 0
        self._waiting, self._size = batch, size

    def _choose(self, batch: Sequence[Row], size: int) -> _Worker:
        home = _home(batch[0])
        idlest = min(self._workers, key=lambda worker: (worker.waiting(), worker.given))
        worker = self._worker_of.setdefault(home, idlest)
        if worker.waiting() >= BATCHES_WAITING and not idlest.waiting():
            worker = idlest
        worker.given += size
        return worker


def _characters(row: Row) -> int:
    return sum(len(text) for texts in row.texts.values() for text in texts)


def _home(row: Row) -> str:
    return str(row.values[schema.PUBLISHER.name] or row.document_id)


class _Worker:
    """A process, and a thread that feeds it and waits for its answer."""

    def __init__(self, folder: Path, analyzer: str) -> None:
        self.given = 0
        self._process = subprocess.Popen(
            [sys.executable, "-c", BOOTSTRAP],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # an interrupt is the parent's to handle
        )
        self._batches: queue.Queue[list[Row] | None] = queue.Queue(BATCHES_WAITING)
        self._answer: object = None
        self._thread = threading.Thread(target=self._feed, args=(folder, analyzer), daemon=True)
        self._thread.start()

    def waiting(self) -> int:
        return self._batches.qsize()

    def put(self, batch: list[Row] | None) -> None:
        while True:
            if not self._thread.is_alive():
                self.result()
                raise RuntimeError("an analysing process ended too early")
            try:
                return self._batches.put(batch, timeout=0.5)
            except queue.Full:
                continue

    def result(self) -> list[WrittenSegment]:
        """The segments written. Raises the error that ended the process instead."""
        self._thread.join()
        if isinstance(self._answer, Exception):
            raise self._answer
        assert isinstance(self._answer, list)
        return self._answer

    def kill(self) -> None:
        self._process.kill()
        with suppress(queue.Empty):
            while True:
                self._batches.get_nowait()
        with suppress(queue.Full):
            self._batches.put_nowait(None)
        self._thread.join()

    def _feed(self, folder: Path, analyzer: str) -> None:
        requests, answers = self._process.stdin, self._process.stdout
        assert requests is not None
        assert answers is not None
        try:
            self._send(requests, folder, analyzer)
        except BrokenPipeError:
            pass  # it has ended: its answer says why
        except Exception as error:
            self._answer = error
            self._process.kill()
            return
        try:
            self._answer = pickle.load(answers)
        except EOFError:
            self._answer = RuntimeError("解析のプロセスが途中で終わりました。")
        finally:
            with suppress(BrokenPipeError):  # what it did not read any more
                requests.close()
            answers.close()
            self._process.wait()

    def _send(self, requests: IO[bytes], folder: Path, analyzer: str) -> None:
        for message in (sys.path, (str(folder), analyzer)):
            pickle.dump(message, requests)
        while (batch := self._batches.get()) is not None:
            pickle.dump(batch, requests, protocol=5)
        pickle.dump(None, requests)
        requests.flush()
