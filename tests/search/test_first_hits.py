"""Query → expected first hit: one row per way of typing, each with its reason.

The table is ``first_hits.tsv``: the query, the beginning of the title expected first (or ``-`` when
no programme may hold the words), and why a person would type it so. Books: the bundled chapter
(千代田区) and the invented ones (若葉市, 汐見町).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.search.request import SearchRequest
from indexer.search.searcher import Searcher

_TABLE = Path(__file__).parent / "first_hits.tsv"


def _rows() -> list[tuple[str, str, str]]:
    rows = []
    for line in _TABLE.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            query, title, reason = line.split("\t")
            rows.append((query, title, reason))
    return rows


def test_the_table_is_long_enough_and_every_row_has_its_reason() -> None:
    rows = _rows()
    assert len(rows) >= 150
    assert all(reason for _, _, reason in rows)
    assert len({query for query, _, _ in rows}) == len(rows)


@pytest.mark.parametrize(("query", "title", "reason"), _rows(), ids=lambda value: str(value)[:24])
def test_first_hit(searcher: Searcher, query: str, title: str, reason: str) -> None:
    response = searcher.search(SearchRequest(text=query))
    hits = [hit for hit in response.hits if hit.complete or title != "-"]
    first = hits[0].program.title if hits else "-"
    assert first.startswith(title), reason
