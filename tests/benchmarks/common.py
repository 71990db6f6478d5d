"""What do the benchmarks share? Reading the data, timing, and the table at the end."""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from indexer.engine.interface import AddedDocument, IndexedSource
from indexer.parsing import parse
from indexer.sources.discovery import find_files
from indexer.sources.reading import read_documents


def arguments(description: str, **more: Any) -> argparse.Namespace:
    """The options every benchmark has, and ``more`` of its own (name → default)."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--data", type=Path, required=True, help="a file or folder to index")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    for name, default in more.items():
        flag = f"--{name.replace('_', '-')}"
        parser.add_argument(flag, type=type(default), default=default, help=f"default {default}")
    return parser.parse_args()


def added_documents(data: Path) -> Iterator[AddedDocument]:
    """Every document of ``data``, parsed, one at a time."""
    for file in find_files([data]):
        for source in read_documents(file):
            parsed = parse(source)
            yield AddedDocument(
                parsed,
                IndexedSource(
                    parsed.document.id, source.document_key, str(file.path), source.fingerprint
                ),
            )


def milliseconds(work: Callable[[], object], repeat: int) -> float:
    """The median time of ``work`` over ``repeat`` runs."""
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return 1000 * statistics.median(times)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that ``share`` of all values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def say(text: str) -> None:
    """Progress, on stderr."""
    print(text, file=sys.stderr, flush=True)


def report(title: str, rows: Sequence[dict[str, Any]], *, as_json: bool) -> None:
    """Print the result: every row has the same keys."""
    if as_json:
        print(json.dumps({"title": title, "rows": rows}, ensure_ascii=False, indent=1))
        return
    names = list(rows[0])
    cells = [[_cell(row[name]) for name in names] for row in rows]
    widths = [max(map(len, column)) for column in zip(names, *cells, strict=True)]
    print(title)
    for line in (names, ["-" * width for width in widths], *cells):
        print("  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)))


def _cell(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:,.3f}" if isinstance(value, float) else str(value)
