"""How does search grow with the index? The data again and again under changed ids.

From 12,000 programmes to 760,000: size and memory per programme, time to open, and the time of
the same queries, which find more each time, set against the number of hits.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from indexer.engine import query as q
from indexer.engine.interface import AddedDocument, Change, Selection
from indexer.engine.schema import BODY
from indexer.engine.store import Store
from tests.benchmarks.common import added_documents, arguments, milliseconds, report, say
from tests.benchmarks.search import FACET_VALUES, FACETS, HITS

SIZES = (12_000, 48_000, 190_000, 760_000)
WORDS = ("事業", "情報", "防災", "生成")


def repeated(data: Path, programmes: int) -> Iterator[AddedDocument]:
    """The documents of ``data``, over again with other ids, until there are enough programmes."""
    count = turn = 0
    while count < programmes:
        for added in added_documents(data):
            if count >= programmes:
                return
            count += len(added.parsed.programs)
            yield renamed(added, turn) if turn else added
        turn += 1


def renamed(added: AddedDocument, turn: int) -> AddedDocument:
    """The same document under other ids."""
    parsed, prefix = added.parsed, f"r{turn}-"
    document = replace(parsed.document, id=prefix + parsed.document.id)
    programs = tuple(
        replace(
            program,
            id=prefix + program.id,
            document_id=document.id,
            parent_id=prefix + program.parent_id if program.parent_id else None,
        )
        for program in parsed.programs
    )
    return AddedDocument(
        replace(parsed, document=document, programs=programs),
        replace(added.source, document_id=document.id, key=prefix + added.source.key),
    )


def measure(folder: Path) -> dict[str, Any]:
    """Open the index in this process and search it."""
    start = time.perf_counter()
    reader = Store(folder).open()
    opened = time.perf_counter() - start
    reader.warm()
    found: dict[str, Any] = {"open s": opened}
    per_hit = []
    for word in WORDS:
        selection = Selection(
            q.Term(BODY.name, word), facets=FACETS, limit=HITS, facet_limit=FACET_VALUES
        )
        total = reader.evaluate(selection).total
        took = milliseconds(lambda s=selection: reader.evaluate(s), 15)  # type: ignore[misc]
        found[f"{word} hits"], found[f"{word} ms"] = total, took
        per_hit.append(1e6 * took / max(total, 1))
    found["ns per hit"] = statistics.median(per_hit)
    found["MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return found


def main() -> None:
    """Run and report. Each size is measured in a process of its own."""
    options = arguments(__doc__ or "", largest=SIZES[-1], measure="")
    if options.measure:
        print(json.dumps(measure(Path(options.measure))))
        return
    rows = []
    for size in (s for s in SIZES if s <= options.largest):
        with tempfile.TemporaryDirectory() as folder:
            say(f"{size:,} programmes")
            index = Path(folder) / "index"
            start = time.perf_counter()
            written = Store(index).write(Change(repeated(options.data, size)))
            took = time.perf_counter() - start
            command = [sys.executable, "-m", "tests.benchmarks.growth", "--measure", str(index)]
            command += ["--data", str(options.data)]
            output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
            bytes_ = sum(path.stat().st_size for path in index.rglob("*") if path.is_file())
            peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
            rows.append(
                {
                    "programmes": written.programs,
                    "index s": took,
                    "peak MB": peak,
                    "bytes each": bytes_ / written.programs,
                    **json.loads(output),
                }
            )
    for row in rows:
        row["memory each"] = 1024 * 1024 * row["MB"] / row["programmes"]
    report("growth", rows, as_json=options.json)


if __name__ == "__main__":
    main()
