"""How long does an answer take, and how long until a server answers at full speed?

    python -m tests.benchmarks.asking --data judgit.ndjson.gz

Questions are made of titles and of pieces of sentences of the corpus, one of each kind per
programme drawn; each is asked once. Memory is what belongs to the process alone: files that are
mapped (dictionary, sentences, vectors) are shared by the workers of a server.
"""

from __future__ import annotations

import random
import re
import tempfile
import time
from pathlib import Path
from typing import Any

from indexer.answers.answerer import Answerer
from indexer.engine.interface import Change
from indexer.engine.store import DEFAULT_ENCODER, Store
from indexer.model import Program
from indexer.search.searcher import Searcher
from tests.benchmarks.common import added_documents, arguments, percentile, report, say

DRAWN = 60
_PIECE = re.compile(r"[^、。「」（）]{8,30}")
_KINDS = {
    "amount of a title": "{title}の予算はいくらですか",
    "office of a title": "{title}の担当課はどこ",
    "change of a title": "{title}は前年度からいくら増えた",
    "amount by a piece of text": "{piece}事業の予算は",
    "what a piece of text is": "{piece}とは何ですか",
}


def main() -> None:
    """Index, warm, ask, and print."""
    wanted = arguments("answers to questions", drawn=DRAWN)
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "index", encoder=DEFAULT_ENCODER)
        say("indexing")
        store.write(Change(list(added_documents(wanted.data))))
        reader = store.open()
        began = time.perf_counter()
        searcher = Searcher(reader)
        answerer = Answerer(reader, searcher)
        searcher.warm()
        answerer.warm()
        answerer.ask("予算はいくら")
        ready = time.perf_counter() - began
        say(f"{len(reader.documents())} documents; at full speed after {ready:.1f} s")
        programs = random.Random(1).sample(list(reader.all_programs()), wanted.drawn)
        rows = [_asked(kind, form, answerer, programs) for kind, form in _KINDS.items()]
        say(f"{_own_memory()} MB of its own after the last question")
        report("ask(), seen for the first time", rows, as_json=wanted.json)
        reader.close()


def _asked(kind: str, form: str, answerer: Answerer, programs: list[Program]) -> dict[str, Any]:
    times = []
    for program in programs:
        question = form.format(title=program.title, piece=_piece_of(program))
        began = time.perf_counter()
        answerer.ask(question)
        times.append(1000 * (time.perf_counter() - began))
    return {
        "question": kind,
        "asked": len(times),
        "median ms": percentile(times, 0.5),
        "p95 ms": percentile(times, 0.95),
    }


def _piece_of(program: Program) -> str:
    texts = (paragraph.text for paragraph in program.description)
    pieces = (match.group() for text in texts for match in _PIECE.finditer(text))
    return next(pieces, program.title)


def _own_memory() -> int:
    """Resident memory that is no mapped file, in MB; 0 where the system does not tell."""
    try:
        status = Path("/proc/self/status").read_text("ascii")
    except OSError:
        return 0
    found = re.search(r"RssAnon:\s+(\d+) kB", status)
    return int(found[1]) // 1024 if found else 0


if __name__ == "__main__":
    main()
