"""How fast is an answer of ``search()``? The whole call: reading, widening, facets, page, reasons.

Queries are drawn from the titles and texts of the corpus, as people type them: words from rare to
frequent, several words, titles, pieces of compounds, kana, romaji, misspelt words, filters. Each is
answered once by a process that never saw it (its plan, terms and programmes are not cached), and
then again. What is made once for a generation (frequent terms, printed words) is made before.
"""

from __future__ import annotations

import gc
import math
import random
import re
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import jaconv

from indexer.analysis.analyzer import Analyzer
from indexer.engine.interface import Change
from indexer.engine.reader import EngineReader
from indexer.engine.store import Store
from indexer.search.request import SearchRequest
from indexer.search.searcher import Searcher
from tests.benchmarks.common import (
    added_documents,
    arguments,
    milliseconds,
    percentile,
    report,
    say,
)

EACH = 30
"""Queries of every kind."""
_SAMPLE = 1500
_READING = re.compile("[ァ-ヺー]{4,}")
_WORD = re.compile(r"[^\W\d_]{2,}")
_FILTERS = ("1億円以上", "500万円未満", "令和5年度", "2021年度", "新規", "5千万円台")


@dataclass(frozen=True)
class Material:
    """What queries are made of: titles, and printed words with frequency and reading."""

    titles: list[str]
    words: list[str]
    """From rare to frequent."""
    readings: dict[str, str]
    chance: random.Random = field(default_factory=random.Random)

    def word(self) -> str:
        """A word, the rare as likely as the frequent."""
        return self.words[int(len(self.words) * self.chance.random())]

    def read_word(self) -> str:
        """A word with a reading in kana."""
        return self.chance.choice(sorted(self.readings))

    def title(self) -> str:
        """A title."""
        return self.chance.choice(self.titles)


def gather(reader: EngineReader, seed: int) -> Material:
    """Words of evenly taken programmes, one of each step of the logarithm of their frequency."""
    programs = list(reader.iterate_programs())
    step = max(1, len(programs) // _SAMPLE)
    analyzer = Analyzer()
    counts: Counter[str] = Counter()
    readings: dict[str, str] = {}
    for program in programs[::step]:
        texts = (program.title, *(paragraph.text for paragraph in program.description))
        found = {lexeme.surface: lexeme.reading for t in texts for lexeme in analyzer.lexemes(t)}
        for surface, reading in found.items():
            if _WORD.fullmatch(surface):
                counts[surface] += 1
                if _READING.fullmatch(reading) and surface != reading:
                    readings[surface] = reading
    chance = random.Random(seed)
    steps: dict[int, list[str]] = {}
    for word, count in sorted(counts.items()):
        steps.setdefault(int(2 * math.log2(count)), []).append(word)
    words = [
        word
        for _, step in sorted(steps.items())
        for word in chance.sample(step, min(40, len(step)))
    ]
    titles = sorted({program.title for program in programs})
    return Material(titles, words, readings, chance)


def _misspelt(material: Material) -> str:
    """A long word or title with one character gone, doubled, swapped or another."""
    word = next(w for w in iter(material.title, "") if len(w) >= 5)[:12]
    at = material.chance.randrange(1, len(word) - 1)
    return material.chance.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + "誤" + word[at + 1 :],
        )
    )


def _piece(material: Material) -> str:
    title = material.title()
    length = min(len(title), material.chance.randint(3, 8))
    at = material.chance.randrange(len(title) - length + 1)
    return title[at : at + length]


KINDS: dict[str, Callable[[Material], str]] = {
    "word": Material.word,
    "two words": lambda m: f"{m.word()} {m.word()}",
    "words and filter": lambda m: f"{m.word()} {m.chance.choice(_FILTERS)}",
    "title": Material.title,
    "piece of a title": _piece,
    "sentence": lambda m: f"{m.word()}の{m.word()}について知りたい",
    "hiragana": lambda m: jaconv.kata2hira(m.readings[m.read_word()]),
    "romaji": lambda m: str(jaconv.kana2alphabet(jaconv.kata2hira(m.readings[m.read_word()]))),
    "misspelt": _misspelt,
}
"""How a query of each kind is made."""


def draw_queries(material: Material) -> Iterator[tuple[str, str]]:
    """Kind and text of every query; no two texts are the same."""
    seen: set[str] = set()
    for kind, make in KINDS.items():
        texts: list[str] = []
        while len(texts) < EACH:
            text = make(material).strip()
            if len(text) > 1 and text not in seen:
                seen.add(text)
                texts.append(text)
        yield from ((kind, text) for text in texts)


def measure(searcher: Searcher, asked: list[tuple[str, str]], repeat: int) -> list[dict[str, Any]]:
    """Milliseconds by kind: at first sight, and again."""
    first: dict[str, list[float]] = {}
    again: dict[str, list[float]] = {}
    hits: dict[str, list[int]] = {}
    for kind, text in asked:
        request = SearchRequest(text=text)
        began = time.perf_counter()
        total = searcher.search(request).total
        first.setdefault(kind, []).append(1000 * (time.perf_counter() - began))
        hits.setdefault(kind, []).append(total)
    for kind, text in asked:
        request = SearchRequest(text=text)
        took = milliseconds(lambda r=request: searcher.search(r), repeat)  # type: ignore[misc]
        again.setdefault(kind, []).append(took)
    rows = [_row(kind, first[kind], again[kind], hits[kind]) for kind in KINDS]
    every = [[*chain.from_iterable(table.values())] for table in (first, again)]
    return [*rows, _row("all", every[0], every[1], [*chain.from_iterable(hits.values())])]


def _row(kind: str, first: list[float], again: list[float], hits: list[int]) -> dict[str, Any]:
    return {
        "queries": kind,
        "count": len(first),
        "median hits": int(statistics.median(hits)),
        "first median": statistics.median(first),
        "first p95": percentile(first, 0.95),
        "again median": statistics.median(again),
        "again p95": percentile(again, 0.95),
    }


def main() -> None:
    """Run and report."""
    options = arguments(__doc__ or "", repeat=5, seed=1, index="")
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(options.index or folder))
        if not options.index:
            say("indexing")
            store.write(Change(added_documents(options.data)))
        with store.open() as reader:
            say("drawing queries")
            asked = list(draw_queries(gather(reader, options.seed)))
            random.Random(options.seed).shuffle(asked)
        with store.open() as reader:
            say("warming up")
            searcher = Searcher(reader)
            reader.warm()
            _ = searcher.lexicon
            searcher.search(SearchRequest(text="予算"))
            gc.collect()
            gc.freeze()  # as the server does
            rows = measure(searcher, asked, options.repeat)
            programs = len(tuple(reader.iterate_programs()))
    title = f"{programs:,} programmes, {len(asked)} queries, whole search() call with 20 hits, ms"
    report(title, rows, as_json=options.json)


if __name__ == "__main__":
    main()
