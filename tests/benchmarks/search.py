"""How fast is a search with facets? Ours, Tantivy, SQLite FTS5 and stock Whoosh, in one run.

Every engine gets the same terms of the same texts, the same queries and the same five facets with
sums of yen, and gives the ten best hits. The queries are drawn from the corpus by document
frequency: from words of a single programme to words of most of them, alone, in twos with AND and
OR, as phrases, and as sentences of 8 to 25 words, any of which will do. Stock Whoosh reads our own
index and counts the facets without summing.
"""

from __future__ import annotations

import math
import random
import sqlite3
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from whoosh import query as wq
from whoosh import sorting
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex

from indexer.analysis.analyzer import Analyzer
from indexer.engine import query as q
from indexer.engine.generation import WHOOSH_FOLDER, generation_folder
from indexer.engine.interface import Change, Selection
from indexer.engine.reader import EngineReader
from indexer.engine.schema import BODY, Source, is_searchable, texts_of, values_of
from indexer.engine.segment_files import INDEX_NAME
from indexer.engine.store import Store
from tests.benchmarks.common import (
    added_documents,
    arguments,
    milliseconds,
    percentile,
    report,
    say,
)

FACETS = ("section", "status", "department", "fiscal_year", "publisher")
FACET_VALUES = 30
HITS = 10
FIELD = BODY.name
SINGLE, PAIRS, PHRASES, SENTENCES = 120, 40, 30, 40
FLOOR = 0.4
JOINED = {"word": "", "phrase": "", "and": "AND", "or": "OR", "sentence": "OR"}
GAP = ""


@dataclass(frozen=True)
class Asked:
    """A query of the mix: its kind and its terms."""

    kind: str
    terms: tuple[str, ...]


@dataclass(frozen=True)
class Text:
    """What the other engines index of a programme: terms in order, facets, yen."""

    terms: list[str]
    facets: dict[str, str]
    yen: int


def read_texts(data: Path) -> Iterator[Text]:
    """Every programme's A units in order, with a gap where our positions have one. C units are
    left to us alone: the other engines have one term to a position."""
    analyzer = Analyzer()
    for added in added_documents(data):
        document = added.parsed.document
        for program in filter(is_searchable, added.parsed.programs):
            terms: list[str] = []
            for text in texts_of(program, document)[Source.BODY]:
                by_position = {token.position: token.term for token in analyzer.words(text)}
                end = max(by_position, default=-1) + 1
                terms += [by_position.get(position, GAP) for position in range(end)] + [GAP]
            values = values_of(program, document)
            facets = {name: str(values[name] or "") for name in FACETS}
            yield Text(terms, facets, program.amount.yen or 0)


def draw_queries(texts: list[Text], seed: int) -> list[Asked]:
    """The mix: single words at even steps of the logarithm of their frequency, then others."""
    chance = random.Random(seed)
    frequency = Counter(term for text in texts for term in set(text.terms) if term)
    by_frequency = sorted(frequency, key=lambda term: (frequency[term], term))
    counts = [frequency[term] for term in by_frequency]
    top = math.log(counts[-1])
    singles = []
    for step in range(SINGLE):
        wanted = math.exp(top * step / (SINGLE - 1))
        near = [t for t, c in zip(by_frequency, counts, strict=True) if 0.9 <= c / wanted <= 1.1]
        singles.append(chance.choice(near or by_frequency[-1:]))
    asked = [Asked("word", (term,)) for term in singles]
    usual = [term for term in by_frequency if frequency[term] >= len(texts) / 500]
    for kind in ("and", "or"):
        asked += [Asked(kind, tuple(chance.sample(usual, 2))) for _ in range(PAIRS)]
    while len(asked) < SINGLE + 2 * PAIRS + PHRASES:
        terms = chance.choice(texts).terms
        at = chance.randrange(max(1, len(terms) - 1))
        pair = tuple(terms[at : at + 2])
        if len(pair) == 2 and all(pair):
            asked.append(Asked("phrase", pair))
    while len(asked) < SINGLE + 2 * PAIRS + PHRASES + SENTENCES:
        terms, length = chance.choice(texts).terms, chance.randint(8, 25)
        at = chance.randrange(max(1, len(terms) - length))
        words = tuple(dict.fromkeys(filter(None, terms[at : at + length])))
        if len(words) >= 8:
            asked.append(Asked("sentence", words))
    return asked


Search = Callable[[Asked], int]
"""Runs a query in full and gives the number of hits."""


def ours(reader: EngineReader) -> Search:
    """This engine. A sentence is asked as search does, with a floor that no query had before: its
    words are known, its result is not."""
    floors = (FLOOR + n * 1e-9 for n in count())

    def search(asked: Asked) -> int:
        terms = tuple(q.Term(FIELD, term) for term in asked.terms)
        query: q.Query = terms[0]
        if asked.kind == "phrase":
            query = q.Phrase(FIELD, asked.terms)
        elif asked.kind == "sentence":
            query = q.Covering(terms, (1.0,) * len(terms), next(floors))
        elif asked.kind != "word":
            query = q.And(terms) if asked.kind == "and" else q.Or(terms)
        selection = Selection(query, facets=FACETS, limit=HITS, facet_limit=FACET_VALUES)
        return reader.evaluate(selection).total

    return search


def stock_whoosh(index: Path, generation: int) -> Search:
    """Whoosh's own searcher over our index."""
    folder = generation_folder(index, generation) / WHOOSH_FOLDER
    searcher = FileIndex(FileStorage(str(folder)), indexname=INDEX_NAME).searcher()
    facets = sorting.Facets()
    for name in FACETS:
        facets.add_facet(name, sorting.FieldFacet(name, maptype=sorting.Count))

    def search(asked: Asked) -> int:
        terms = [wq.Term(FIELD, term) for term in asked.terms]
        query: Any = terms[0]
        if asked.kind == "phrase":
            query = wq.Phrase(FIELD, list(asked.terms))
        elif asked.kind != "word":
            query = wq.And(terms) if asked.kind == "and" else wq.Or(terms)
        results = searcher.search(query, limit=HITS, groupedby=facets)
        for name in FACETS:
            results.groups(name)
        return len(results)

    return search


def sqlite(texts: list[Text], names: dict[str, str]) -> Search:
    """SQLite FTS5: the hits, then a GROUP BY over them for each facet."""
    base = sqlite3.connect(":memory:")
    base.execute("CREATE VIRTUAL TABLE t USING fts5(body, content='', tokenize='ascii')")
    base.execute(f"CREATE TABLE p (id INTEGER PRIMARY KEY, yen INTEGER, {', '.join(FACETS)})")
    for number, text in enumerate(texts):
        body = " ".join(names[term] for term in text.terms)
        base.execute("INSERT INTO t (rowid, body) VALUES (?, ?)", (number, body))
        values = [number, text.yen, *(text.facets[name] for name in FACETS)]
        base.execute(f"INSERT INTO p VALUES ({', '.join('?' * len(values))})", values)
    base.commit()

    def search(asked: Asked) -> int:
        terms = [names[term] for term in asked.terms]
        match = {"word": terms[0], "phrase": f'"{" ".join(terms)}"'}.get(
            asked.kind, f" {JOINED[asked.kind]} ".join(terms)
        )
        base.execute("DROP TABLE IF EXISTS temp.hit")
        base.execute(
            "CREATE TEMP TABLE hit AS SELECT rowid AS id, rank FROM t WHERE t MATCH ?", (match,)
        )
        base.execute(f"SELECT id FROM hit ORDER BY rank LIMIT {HITS}").fetchall()
        for name in FACETS:
            base.execute(
                f"SELECT {name}, count(*) n, sum(yen) FROM hit JOIN p USING (id) GROUP BY {name} "
                f"ORDER BY n DESC LIMIT {FACET_VALUES}"
            ).fetchall()
        total: int = base.execute(
            "SELECT count(*), sum(yen) FROM hit JOIN p USING (id)"
        ).fetchone()[0]
        return total

    return search


def tantivy(texts: list[Text], names: dict[str, str]) -> Search:
    """Tantivy in memory: a search, and one aggregation with a sum in each bucket."""
    import tantivy as library

    builder = library.SchemaBuilder()
    builder.add_text_field("body", tokenizer_name="whitespace", index_option="position")
    for name in FACETS:
        builder.add_text_field(name, tokenizer_name="raw", fast=True)
    builder.add_integer_field("yen", fast=True)
    index = library.Index(builder.build())
    writer = index.writer(heap_size=1_000_000_000, num_threads=1)
    for text in texts:
        body = " ".join(names[term] for term in text.terms)
        writer.add_document(library.Document(body=body, yen=text.yen, **text.facets))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()
    total = {"sum": {"field": "yen"}}
    wanted: dict[str, Any] = {
        name: {"terms": {"field": name, "size": FACET_VALUES}, "aggs": {"yen": total}}
        for name in FACETS
    }
    wanted["yen"] = total

    def search(asked: Asked) -> int:
        terms = [names[term] for term in asked.terms]
        text = (
            f'"{" ".join(terms)}"'
            if asked.kind == "phrase"
            else f" {JOINED[asked.kind]} ".join(terms)
        )
        query = index.parse_query(text, ["body"])
        found = searcher.search(query, HITS)
        searcher.aggregate(query, wanted)
        hits: int = found.count
        return hits

    return search


def main() -> None:
    """Run and report."""
    options = arguments(__doc__ or "", repeat=7, seed=1, whoosh=1)
    say("reading")
    texts = list(read_texts(options.data))
    asked = draw_queries(texts, options.seed)
    vocabulary = sorted({term for text in texts for term in text.terms})
    names = {term: f"t{number}" for number, term in enumerate(vocabulary)} | {GAP: "gap"}
    with tempfile.TemporaryDirectory() as folder:
        say("indexing")
        store = Store(Path(folder) / "index")
        report_ = store.write(Change(added_documents(options.data)))
        engines: dict[str, Search] = {
            "yosan": ours(store.open()),
            "tantivy": tantivy(texts, names),
            "sqlite fts5": sqlite(texts, names),
        }
        if options.whoosh:
            engines["stock whoosh"] = stock_whoosh(store.folder, report_.generation)
        rows = measure(engines, asked, options.repeat)
        rows += first_use(store, engines, asked)
    title = f"{len(texts):,} programmes, {len(asked)} queries, {len(FACETS)} facets with yen, ms"
    report(title, rows, as_json=options.json)


def measure(engines: dict[str, Search], asked: list[Asked], repeat: int) -> list[dict[str, Any]]:
    """Warm times over the mix, by engine and kind of query."""
    hits = {one: engines["yosan"](one) for one in asked}
    times: dict[str, dict[Asked, float]] = {}
    for name, search in engines.items():
        say(name)
        runs = 1 if name == "stock whoosh" else repeat
        times[name] = {}
        other = 0
        for one in asked:
            other += search(one) != hits[one]
            times[name][one] = milliseconds(lambda s=search, o=one: s(o), runs)  # type: ignore[misc]
        say(f"  {other} of {len(asked)} queries with another number of hits than ours")
    rows = []
    for kind in ("all", "word", "and", "or", "phrase", "sentence"):
        chosen = [one for one in asked if kind in ("all", one.kind)]
        base = statistics.median(times["yosan"][one] for one in chosen)
        for name in engines:
            own = [times[name][one] for one in chosen]
            median = statistics.median(own)
            rows.append(
                {
                    "queries": kind,
                    "engine": name,
                    "median": median,
                    "p95": percentile(own, 0.95),
                    "yosan is": f"{base / median:.3f} x",
                }
            )
    return rows


def first_use(store: Store, engines: dict[str, Search], asked: list[Asked]) -> list[dict[str, Any]]:
    """The first use of the most frequent words, each by a reader that has decoded nothing."""
    words = [one for one in asked if one.kind == "word"][-10:]
    other = engines.get("stock whoosh")
    own, theirs = [], []
    for one in words:
        with store.open() as reader:
            search = ours(reader)
            search(Asked("word", (GAP,)))
            start = time.perf_counter()
            search(one)
            own.append(1000 * (time.perf_counter() - start))
        if other:
            theirs.append(milliseconds(lambda o=one: other(o), 1))  # type: ignore[misc]
    rows: list[dict[str, Any]] = []
    for name, times in (("yosan", own), ("stock whoosh", theirs)):
        if times:
            median = statistics.median(times)
            rows.append(
                {
                    "queries": "first use",
                    "engine": name,
                    "median": median,
                    "p95": max(times),
                    "yosan is": f"{statistics.median(own) / median:.3f} x",
                }
            )
    return rows


if __name__ == "__main__":
    main()
