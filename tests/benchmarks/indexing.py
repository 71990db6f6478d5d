"""How long does a full index take? Beside raw Sudachi tokenisation of the same text, and beside
Sudachi feeding Tantivy; each with two processes.

The full index is everything: reading and parsing the data, analysis (C and A units, readings,
bigrams), writing, checksums, syncing and verification. Raw tokenisation is Sudachi's C mode over
the texts of all fields and nothing else, its results thrown away, and does not count the reading.
"""

from __future__ import annotations

import os
import pickle
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from indexer.engine.interface import AddedDocument, Change
from indexer.engine.schema import is_searchable, texts_of
from indexer.engine.store import Store
from tests.benchmarks.common import added_documents, arguments, report, say

_RAW = """
import pickle, sys, time
from sudachipy import Dictionary, SplitMode
texts = pickle.load(open(sys.argv[1], "rb"))
tokenizer = Dictionary(dict="core").create(SplitMode.C)
start, cpu = time.perf_counter(), time.process_time()
for text in texts:
    tokenizer.tokenize(text)
print(time.perf_counter() - start, time.process_time() - cpu)
"""

_TANTIVY = """
import pickle, sys, tempfile, time
import tantivy
from sudachipy import Dictionary, SplitMode
texts = pickle.load(open(sys.argv[1], "rb"))
tokenizer = Dictionary(dict="core").create(SplitMode.C)
builder = tantivy.SchemaBuilder()
builder.add_text_field("body", tokenizer_name="whitespace", index_option="position")
start, cpu = time.perf_counter(), time.process_time()
with tempfile.TemporaryDirectory() as folder:
    index = tantivy.Index(builder.build(), path=folder)
    writer = index.writer(heap_size=200_000_000, num_threads=1)
    for text in texts:
        words = [morpheme.normalized_form() for morpheme in tokenizer.tokenize(text)]
        writer.add_document(tantivy.Document(body=" ".join(words)))
    writer.commit()
    writer.wait_merging_threads()
print(time.perf_counter() - start, time.process_time() - cpu)
"""


def write_texts(data: Path, folder: Path, processes: int) -> list[Path]:
    """The texts of all fields, dealt out to files."""
    shares: list[list[str]] = [[] for _ in range(processes)]
    for added in added_documents(data):
        for number, program in enumerate(filter(is_searchable, added.parsed.programs)):
            for texts in texts_of(program, added.parsed.document).values():
                shares[number % processes] += texts
    paths = [folder / f"{number}.pickle" for number in range(processes)]
    for path, share in zip(paths, shares, strict=True):
        path.write_bytes(pickle.dumps(share))
    return paths


def run_script(script: str, paths: list[Path]) -> tuple[float, float]:
    """Wall and processor seconds of the script over all shares at once."""
    running = [
        subprocess.Popen([sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE)
        for path in paths
    ]
    found = [process.communicate()[0].split() for process in running]
    return max(float(wall) for wall, _ in found), sum(float(cpu) for _, cpu in found)


def processor_seconds() -> float:
    """Of this process and those it has waited for."""
    own, children = os.times(), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.user + own.system + children.ru_utime + children.ru_stime


def index_all(data: Path, folder: Path, processes: int) -> tuple[float, float]:
    """Wall and processor seconds of a full index."""
    start, cpu = time.perf_counter(), processor_seconds()
    Store(folder, processes=processes).write(Change(added_documents(data)))
    return time.perf_counter() - start, processor_seconds() - cpu


def change_one(data: Path, folder: Path) -> tuple[float, float]:
    """Wall and processor seconds until one changed programme's document is served again."""
    added = min(added_documents(data), key=lambda one: len(one.parsed.programs))
    first, *others = added.parsed.programs
    programs = (replace(first, title=first.title + "（改）"), *others)
    changed = AddedDocument(replace(added.parsed, programs=programs), added.source)
    start, cpu = time.perf_counter(), processor_seconds()
    Store(folder).write(Change([changed]))
    return time.perf_counter() - start, processor_seconds() - cpu


def main() -> None:
    """Run and report."""
    options = arguments(__doc__ or "", processes=2, tantivy=1)
    with tempfile.TemporaryDirectory() as folder:
        paths = write_texts(options.data, Path(folder), options.processes)
        say("raw tokenisation")
        times = {"raw Sudachi": run_script(_RAW, paths)}
        if options.tantivy:
            say("Sudachi + Tantivy")
            times["Sudachi + Tantivy"] = run_script(_TANTIVY, paths)
        say("full index")
        index = Path(folder) / "index"
        times["yosan, full index"] = index_all(options.data, index, options.processes)
        times["yosan, one document changed"] = change_one(options.data, index)
    raw_wall, raw_cpu = times["raw Sudachi"]
    rows: list[dict[str, Any]] = [
        {
            "what": name,
            "seconds": wall,
            "x raw": wall / raw_wall,
            "processor seconds": cpu,
            "x raw processor": cpu / raw_cpu,
        }
        for name, (wall, cpu) in times.items()
    ]
    report(f"{options.processes} processes", rows, as_json=options.json)


if __name__ == "__main__":
    main()
