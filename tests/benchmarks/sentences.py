"""How fast is a whole sentence that was never asked before?

    python -m tests.benchmarks.sentences --data judgit.ndjson.gz [--index INDEX] [--questions FILE]

Pieces of 8 to 25 words of printed sentences, each asked once: as a search with facets, hits and
reasons, and as the nearest programmes, what every question begins with. Forty others are asked
before. ``--questions``: lines of JSON whose ``q`` is asked in the same way. Prints the time that
passed and the processor time, for another program may have had the processor.
"""

from __future__ import annotations

import gc
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from indexer.analysis.analyzer import Analyzer
from indexer.engine.interface import Change
from indexer.engine.reader import EngineReader
from indexer.engine.store import DEFAULT_ENCODER, Store
from indexer.passages import passages_of
from indexer.search.request import SearchRequest
from indexer.search.searcher import Searcher
from tests.benchmarks.common import added_documents, arguments, percentile, report, say

BEFORE = 40
_WORDS = 8, 25


def pieces(reader: EngineReader, seed: int) -> Iterator[str]:
    """Runs of words of printed sentences, one of a programme."""
    chance, analyzer = random.Random(seed), Analyzer()
    programs = list(reader.iterate_programs())
    chance.shuffle(programs)
    for program in programs:
        for passage in passages_of(program)[1:2]:
            words = analyzer.words(passage.text)
            length = chance.randint(*_WORDS)
            if len(words) >= length:
                at = chance.randrange(len(words) - length + 1)
                yield passage.text[words[at].start : words[at + length - 1].end]


def measure(name: str, ask: Callable[[str], object], texts: list[str]) -> dict[str, Any]:
    """Milliseconds of each text, asked once."""
    passed, worked = [], []
    for text in texts:
        began, at = time.perf_counter(), time.process_time()
        ask(text)
        passed.append(1000 * (time.perf_counter() - began))
        worked.append(1000 * (time.process_time() - at))
    return {
        "asked": name,
        "count": len(texts),
        "median": statistics.median(passed),
        "p95": percentile(passed, 0.95),
        "processor median": statistics.median(worked),
        "processor p95": percentile(worked, 0.95),
    }


def opened(store: Store) -> tuple[Searcher, EngineReader]:
    """A reader with all made that a server makes in the background."""
    reader = store.open()
    searcher = Searcher(reader)
    reader.warm()
    _ = searcher.lexicon
    searcher.search(SearchRequest(text="予算について知りたい"))
    gc.collect()
    gc.freeze()
    return searcher, reader


def main() -> None:
    """Run and report. Search and nearest are measured by a reader of their own each."""
    options = arguments(__doc__ or "", index="", questions="", count=200, seed=1)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(options.index or folder), encoder=DEFAULT_ENCODER)
        if not options.index:
            say("indexing")
            store.write(Change(added_documents(options.data)))
        with store.open() as reader:
            drawn = list(islice(pieces(reader, options.seed), BEFORE + options.count))
        sets = {"sentences": drawn[BEFORE:]}
        if options.questions:
            lines = Path(options.questions).read_text("utf-8").splitlines()
            sets["questions"] = [json.loads(line)["q"] for line in lines]
        for way in ("search", "nearest"):
            say(way)
            searcher, reader = opened(store)
            with reader:
                asks: dict[str, Callable[[str], object]] = {
                    "search": lambda text, s=searcher: s.search(SearchRequest(text=text)),  # type: ignore[misc]
                    "nearest": lambda text, s=searcher: s.nearest(text, {}, 20),  # type: ignore[misc]
                }
                for text in drawn[:BEFORE]:
                    asks[way](text)
                rows += [measure(f"{way}, {name}", asks[way], each) for name, each in sets.items()]
    report("sentences seen for the first time, ms", rows, as_json=options.json)


if __name__ == "__main__":
    main()
