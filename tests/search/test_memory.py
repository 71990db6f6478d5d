"""Does what is kept stay within bounds, however many different queries come?"""

from __future__ import annotations

import numpy as np
import pytest

from indexer.engine import query as q
from indexer.engine.cache import ByteBoundedCache
from indexer.engine.hits import Hits
from indexer.engine.reader import EngineReader
from indexer.search.searcher import Searcher
from tests.benchmarks.memory import distinct_queries, growth, texts_of

TERM, OTHER = q.Term("body", "橋"), q.Term("body", "道")


def test_thousands_of_new_queries_do_not_make_the_server_grow(
    reader: EngineReader, searcher: Searcher
) -> None:
    before, after = growth(searcher, distinct_queries(texts_of(reader), seed=1), 400, 2000)
    assert after < 1.1 * before


def test_keys_count_and_so_does_the_number_of_entries() -> None:
    nothing = Hits(np.zeros(0, dtype=np.intp))
    by_bytes: ByteBoundedCache[Hits] = ByteBoundedCache(100_000, most=1000)
    for number in range(1000):
        by_bytes.get(("body", "長" * 1000 + str(number)), lambda: nothing)
        assert by_bytes.nbytes <= 100_000
    assert len(by_bytes) < 40
    by_number: ByteBoundedCache[Hits] = ByteBoundedCache(1_000_000, most=10)
    for number in range(100):
        by_number.get(("body", str(number)), lambda: nothing)
    assert len(by_number) == 10


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (q.And((TERM, OTHER)), q.Or((TERM, OTHER))),  # another kind
        (q.And((TERM, OTHER)), q.And((OTHER, TERM))),  # another order
        (q.Best((TERM, OTHER)), q.Best((TERM, OTHER), 0.1)),  # another tie
        (q.Or((q.Term("body", "橋 道"),)), q.Or((q.Phrase("body", ("橋", "道")),))),
        (q.Or((q.Phrase("body", ("橋", "道 川")),)), q.Or((q.Phrase("body", ("橋 道", "川")),))),
        (q.Or((q.Term("body", "橋"),)), q.Or((q.Prefix("body", "橋"),))),  # a word, a beginning
        (q.Or((q.Weighted(TERM, 0.5), OTHER)), q.Or((TERM, q.Weighted(OTHER, 0.5)))),
        (q.And((TERM, q.Not(OTHER))), q.And((TERM, q.Unscored(OTHER)))),
        (q.And((TERM, q.Range("amount", 1))), q.And((TERM, q.Range("amount", None, 1)))),
        (q.And((TERM, q.Or((OTHER,)))), q.Or((TERM, q.And((OTHER,))))),  # another nesting
        (q.Covering((TERM,), (1.0,), 0.4), q.Covering((TERM,), (1.0,), 0.3)),
        (q.Covering((TERM,), (1.0,), 0.4, (OTHER,)), q.Covering((TERM, OTHER), (1.0,), 0.4)),
    ],
)
def test_queries_that_differ_have_keys_that_differ(
    one: q.And | q.Or | q.Best | q.Covering, other: q.And | q.Or | q.Best | q.Covering
) -> None:
    assert one.key != other.key
    assert one.key == type(one)(*(getattr(one, name) for name in one.__dataclass_fields__)).key
