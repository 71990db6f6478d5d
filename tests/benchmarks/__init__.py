"""Benchmarks: one command each, none of them part of the suite.

    python -m tests.benchmarks.search --data FILE     ours, stock Whoosh, SQLite FTS5, Tantivy
    python -m tests.benchmarks.searching --data FILE  whole answers of ``search()``
    python -m tests.benchmarks.sentences --data FILE  sentences asked for the first time
    python -m tests.benchmarks.memory --data FILE     resident memory after ever new queries
    python -m tests.benchmarks.http --data FILE       pages over HTTP, 1 and 2 workers
    python -m tests.benchmarks.indexing --data FILE   against raw Sudachi, and Sudachi + Tantivy
    python -m tests.benchmarks.growth --data FILE     from 12k to 760k programmes

FILE is a file or folder that ``yosan index`` takes. Each prints a table with ratios, or JSON with
``--json``. Tantivy is not a dependency of the product: ``pip install tantivy`` to compare with it.
"""
