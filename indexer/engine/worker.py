"""What does an analysing process do? Reads rows from its pipe, writes segments, reports them.

It is started as a program of its own rather than forked, so it works from any caller, threads
and interactive sessions included. Requests and the answer are pickles between a parent and the
child it started itself.
"""

from __future__ import annotations

import os
import pickle
import sys
from importlib import import_module
from pathlib import Path
from typing import BinaryIO

from indexer.engine.collecting import collecting_rarely
from indexer.engine.segment import SegmentBuilder, TextAnalyzer

BOOTSTRAP = (
    "import sys, pickle; sys.path[:] = pickle.load(sys.stdin.buffer);"
    "from indexer.engine.worker import main; main()"
)
"""Run with ``python -c``: the child imports from where its parent does."""


def load_analyzer(name: str) -> TextAnalyzer:
    """The analyser named ``module:Class``."""
    module, _, attribute = name.partition(":")
    analyzer: TextAnalyzer = getattr(import_module(module), attribute)()
    return analyzer


def main() -> None:
    """Take ``(folder, analyzer)``, then lists of rows until ``None``; answer with the segments."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not mix with the answer
    try:
        with collecting_rarely():
            answer: object = _work(sys.stdin.buffer)
    except (EOFError, pickle.UnpicklingError):
        return  # the parent has gone, maybe in the middle of a message
    except OSError as error:
        answer = OSError(error.errno, error.strerror, error.filename)
    except Exception as error:  # told to the parent, which raises it
        answer = RuntimeError(f"{type(error).__name__}: {error}")
    pickle.dump(answer, answers)
    answers.close()


def _work(requests: BinaryIO) -> object:
    folder, analyzer = pickle.load(requests)
    builder = SegmentBuilder(Path(folder), load_analyzer(analyzer))
    while (rows := pickle.load(requests)) is not None:
        builder.add(rows)
    return builder.finish()
