"""Does a server grow that is asked ever new queries?

    python -m tests.benchmarks.memory --data corpus [--index INDEX] [--queries 50000]

Distinct queries, found and not found, short and long, in sentences and in kana, drawn from the
texts of the index with the same seed every time. Prints resident memory after the first thousand
and after all of them: what is kept must by then have found its bound.
"""

from __future__ import annotations

import gc
import random
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from indexer.engine.interface import Change
from indexer.engine.reader import EngineReader
from indexer.engine.store import DEFAULT_ENCODER, Store
from indexer.passages import passages_of
from indexer.search.request import SearchRequest
from indexer.search.searcher import Searcher
from tests.benchmarks.common import added_documents, arguments, report, say

FIRST = 1000
_SAMPLE = 2000
_KANA = "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわん"
_SYLLABLES = ("ka", "shi", "tsu", "ne", "ho", "mu", "ya", "ri", "go", "ji", "bu", "nn", "kyou")


def distinct_queries(texts: list[str], seed: int) -> Iterator[str]:
    """Queries without end, no two alike: half of them in nobody's print."""
    chance = random.Random(seed)
    letters = sorted(set("".join(texts)) - set('\\s"-()|:'))
    seen: set[int] = set()
    while True:
        query = _draw(chance, texts, letters).strip()
        if query and hash(query) not in seen:
            seen.add(hash(query))
            yield query


def _draw(chance: random.Random, texts: list[str], letters: list[str]) -> str:
    """A piece of print, two of them, one with a figure, letters at random, kana or romaji."""
    kind = chance.randrange(6)
    if kind == 0:
        return _piece(chance, texts, 80)
    if kind == 1:
        return f"{_piece(chance, texts, 8)} {_piece(chance, texts, 8)}"
    if kind == 2:
        return f"{_piece(chance, texts, 20)}{chance.randrange(10**6)}円"
    if kind == 3:
        return "".join(chance.choices(letters, k=chance.randint(1, 40)))
    if kind == 4:
        return "".join(chance.choices(_KANA, k=chance.randint(2, 12)))
    return "".join(chance.choices(_SYLLABLES, k=chance.randint(2, 6)))


def _piece(chance: random.Random, texts: list[str], longest: int) -> str:
    text = chance.choice(texts)
    length = chance.randint(1, longest)
    start = chance.randrange(max(1, len(text) - length))
    return text[start : start + length]


def texts_of(reader: EngineReader) -> list[str]:
    """Sentences of evenly taken programmes."""
    programs = list(reader.iterate_programs())
    step = max(1, len(programs) // _SAMPLE)
    return [p.text for one in programs[::step] for p in passages_of(one) if p.text]


def resident() -> float:
    """Megabytes of memory that this process has now."""
    gc.collect()
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise OSError("no VmRSS")


def growth(searcher: Searcher, queries: Iterator[str], first: int, count: int) -> tuple[float, ...]:
    """Resident memory after ``first`` queries and after ``count``."""
    for query in islice(queries, first):
        ask(searcher, query)
    before = resident()
    for number, query in enumerate(islice(queries, count - first), first + 1):
        ask(searcher, query)
        if number % 5000 == 0:
            say(f"{number:,} queries, {resident():,.0f} MB")
    return before, resident()


def ask(searcher: Searcher, query: str) -> None:
    """Search for a query; every other one is also a question's."""
    searcher.search(SearchRequest(text=query))
    if len(query) % 2:
        searcher.nearest(query, {}, 20)


def main() -> None:
    """Run and report."""
    options: Any = arguments(__doc__ or "", index="", queries=50_000, seed=1)
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(options.index or folder), encoder=DEFAULT_ENCODER)
        if not options.index:
            say("indexing")
            store.write(Change(added_documents(options.data)))
        with store.open() as reader:
            texts = texts_of(reader)
        with store.open() as reader:
            searcher = Searcher(reader)
            reader.warm()
            _ = searcher.lexicon
            queries = distinct_queries(texts, options.seed)
            before, after = growth(searcher, queries, FIRST, options.queries)
    row = {
        f"MB after {FIRST:,}": before,
        f"MB after {options.queries:,}": after,
        "ratio": after / before,
    }
    report("resident memory", [row], as_json=options.json)


if __name__ == "__main__":
    main()
