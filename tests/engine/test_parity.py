"""Does our evaluation find what stock Whoosh finds, with the same scores?

The same generation is opened by Whoosh as any Whoosh index is: it is one. Corpora are small and
random, written in several generations, so that there are several segments and deleted rows.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh import query as wq
from whoosh.collectors import UnlimitedCollector
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex
from whoosh.scoring import BM25F

from indexer.engine import files
from indexer.engine import query as q
from indexer.engine.generation import WHOOSH_FOLDER, generation_folder
from indexer.engine.interface import Change, Selection
from indexer.engine.reader import EngineReader
from indexer.engine.schema import TEXT_FIELDS
from indexer.engine.segment_files import INDEX_NAME
from indexer.engine.store import Store
from tests.engine.corpus import ANALYZER, book, program

WORDS = ("防災", "訓練", "計画", "デジタル", "デジタ", "子ども", "a", "b")
FIELDS = ("title", "body", "title_reading")


@dataclass(frozen=True)
class Opened:
    """One index, open twice."""

    reader: EngineReader
    searcher: Any

    def ours(self, query: q.Query) -> dict[str, float]:
        found = self.reader.evaluate(Selection(query, limit=10_000))
        assert found.total == len(found.matches)
        return {match.program_id: match.score for match in found.matches}

    def theirs(self, query: Any) -> dict[str, float]:
        collector = UnlimitedCollector()
        self.searcher.search_with_collector(query, collector)
        found = {number: score for score, number in collector.items}
        reader = self.searcher.reader()
        return {reader.stored_fields(n)["id"]: score for n, score in found.items()}


@contextmanager
def opened(generations: list[Change]) -> Iterator[Opened]:
    with tempfile.TemporaryDirectory() as folder, mock.patch.object(files, "_sync"):
        store = Store(Path(folder) / "index", analyzer=ANALYZER, processes=1)
        for change in generations:
            store.write(change)
        current = store.current()
        assert current is not None
        whoosh = generation_folder(store.folder, current) / WHOOSH_FOLDER
        index = FileIndex(FileStorage(str(whoosh)), indexname=INDEX_NAME)
        weighting = BM25F(**{f"{field.name}_B": field.b for field in TEXT_FIELDS})
        with store.open() as reader, index.searcher(weighting=weighting) as searcher:
            yield Opened(reader, searcher)
        index.close()


def as_whoosh(query: q.Query) -> Any:
    """The same query in Whoosh's own classes."""
    match query:
        case q.Term(field, text):
            return wq.Term(field, text)
        case q.Phrase(field, texts):
            return wq.Phrase(field, list(texts))
        case q.Prefix(field, text):
            return wq.Prefix(field, text, constantscore=False)
        case q.And(parts):
            return wq.And([as_whoosh(part) for part in parts])
        case q.Or(parts):
            return wq.Or([as_whoosh(part) for part in parts])
        case q.Not(part):
            return wq.Not(as_whoosh(part))
    raise AssertionError(query)


texts = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)
bodies = st.lists(texts, max_size=3).map("\n".join)


@st.composite
def histories(draw: st.DrawFn) -> list[Change]:
    """One to four generations: books added, replaced and removed."""
    changes = []
    for _ in range(draw(st.integers(1, 4))):
        names = draw(st.lists(st.sampled_from("abc"), min_size=1, max_size=3, unique=True))
        books = [
            book(
                name,
                [
                    program(number, draw(texts), draw(bodies), document=name)
                    for number in range(draw(st.integers(0, 5)))
                ],
            )
            for name in names
        ]
        removed = draw(st.lists(st.sampled_from("abc"), max_size=1))
        changes.append(Change(books, removed))
    return changes


terms = st.builds(q.Term, st.sampled_from(FIELDS), st.sampled_from((*WORDS, "ない", "A")))
phrases = st.builds(
    q.Phrase,
    st.sampled_from(("title", "body")),
    st.lists(st.sampled_from(WORDS), min_size=2, max_size=3).map(tuple),
)
prefixes = st.builds(
    q.Prefix, st.sampled_from(FIELDS), st.sampled_from(("デ", "デジタ", "子", "x"))
)
leaves = st.one_of(terms, phrases, prefixes)


def combine(parts: st.SearchStrategy[q.Query]) -> st.SearchStrategy[q.Query]:
    several = st.lists(parts, min_size=2, max_size=3).map(tuple)
    return st.one_of(several.map(q.And), several.map(q.Or))


positive = st.recursive(leaves, combine, max_leaves=6)
# Not only on top: inside an Or, Whoosh scores a document by a part that excludes it.
without = st.tuples(positive, positive).map(lambda pair: q.And((pair[0], q.Not(pair[1]))))
queries = st.one_of(positive, without)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(histories(), st.lists(queries, min_size=4, max_size=8))
def test_same_documents_and_same_scores(history: list[Change], asked: list[q.Query]) -> None:
    with opened(history) as index:
        for query in asked:
            theirs = index.theirs(as_whoosh(query))
            if isinstance(query, q.And) and isinstance(query.parts[-1], q.Not):
                # Whoosh gives what is not there a score of 1. Ours gives it none.
                theirs = {program_id: score - 1 for program_id, score in theirs.items()}
            assert_same(index.ours(query), theirs, query)


def assert_same(ours: dict[str, float], theirs: dict[str, float], query: q.Query) -> None:
    assert ours.keys() == theirs.keys(), query
    for program_id, score in theirs.items():
        assert ours[program_id] == pytest.approx(score, rel=1e-5, abs=1e-5), query


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(histories(), st.lists(positive, min_size=2, max_size=4), st.sampled_from((0.0, 0.05, 1.0)))
def test_best_and_weighted(history: list[Change], parts: list[q.Query], tie: float) -> None:
    """Held to Whoosh part by part: its own DisjunctionMax takes the higher of two scores even
    when they belong to different documents."""
    with opened(history) as index:
        scores: dict[str, list[float]] = {}
        for part in parts:
            for program_id, score in index.theirs(as_whoosh(part)).items():
                scores.setdefault(program_id, []).append(2.5 * score)
        expected = {
            program_id: max(own) + tie * (sum(own) - max(own)) for program_id, own in scores.items()
        }
        best = q.Best(tuple(q.Weighted(part, 2.5) for part in parts), tie)
        assert_same(index.ours(best), expected, best)
