"""How many different programmes stand among the first ten hits?

    python -m tests.benchmarks.reach --data judgit.ndjson.gz
    python -m tests.benchmarks.reach --data .yosan

Asks common words, alone and two together, over an index of many fiscal years (an index folder, or
files to index first), with the years of a programme as one hit and apart. A programme is known by
its publisher and title here, whatever the index takes for the same.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from indexer.engine.generation import CURRENT_FILE
from indexer.engine.interface import Change
from indexer.engine.reader import EngineReader
from indexer.engine.store import Store
from indexer.lineage import fold_title
from indexer.search.request import Fold, SearchRequest
from indexer.search.searcher import Searcher
from tests.benchmarks.common import added_documents, arguments, report, say

HITS = 10
QUERIES = (
    "防災",
    "教育",
    "研究",
    "環境",
    "医療",
    "介護",
    "道路",
    "農業",
    "観光",
    "調査",
    "補助金",
    "国際協力",
    "情報システム",
    "人材育成",
    "中小企業",
    "子育て",
    "子育て 支援",
    "災害 復旧",
    "医療 提供",
    "研究 開発",
    "人材 育成",
    "海外 展開",
    "道路 整備",
    "調査 研究",
    "地域 活性化",
    "雇用 促進",
    "温暖化 対策",
    "防衛 装備",
    "水産 資源",
    "学校 施設",
)


@contextmanager
def opened(data: Path) -> Iterator[EngineReader]:
    """The index in the folder ``data``, or one made of what it holds for the time being."""
    if (data / CURRENT_FILE).is_file():
        with Store(data).open() as reader:
            yield reader
        return
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "index")
        say("indexing")
        store.write(Change(added_documents(data)))
        with store.open() as reader:
            yield reader


def reach(searcher: Searcher, query: str, fold: Fold) -> tuple[int, int]:
    """How many hits there are, and how many programmes among the first ten."""
    response = searcher.search(SearchRequest(query, limit=HITS, facet_limit=0, fold=fold))
    found = {(hit.document.publisher, fold_title(hit.program.title)) for hit in response.hits}
    return response.total, len(found)


def main() -> None:
    options = arguments(__doc__ or "")
    with opened(options.data) as reader:
        searcher = Searcher(reader)
        rows = []
        for query in QUERIES:
            row: dict[str, object] = {"query": query}
            for fold in Fold:
                row[f"hits, {fold}"], row[f"of {HITS}, {fold}"] = reach(searcher, query, fold)
            rows.append(row)
    for fold in Fold:
        middle = statistics.median(int(str(row[f"of {HITS}, {fold}"])) for row in rows)
        say(f"median of {len(rows)} queries, fold={fold}: {middle:g} programmes of {HITS}")
    report("Different programmes among the first hits", rows, as_json=options.json)


if __name__ == "__main__":
    main()
