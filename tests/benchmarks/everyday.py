"""Do everyday wordings find the programme that is meant?

    python -m tests.benchmarks.everyday [--without-meaning] [-v]

Asks every row of ``tests/search/everyday.tsv`` over the bundled chapter and the invented books:
rows about the chapter within it, the others over all. Programmes of one title count as one. Prints
success@1 and success@3 by register; ``-v`` shows each miss.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from indexer.engine.interface import Change
from indexer.engine.store import DEFAULT_ENCODER, Store
from indexer.parsing import parse
from indexer.search.request import SearchRequest
from indexer.search.searcher import Searcher
from indexer.settings import bundled_corpus
from indexer.sources.discovery import find_files
from indexer.sources.reading import read_documents
from tests.search.invented import as_added, invented_books

TABLE = Path(__file__).parent.parent / "search" / "everyday.tsv"
_CHAPTER = "千代田区"


@dataclass(frozen=True, slots=True)
class Wording:
    """A query, the beginning of the title meant, how it is said, and filters to ask it with."""

    query: str
    title: str
    register: str
    filters: dict[str, tuple[str, ...]]


def wordings() -> list[Wording]:
    """Every row of the table."""
    chapter = {program.title for book in _chapter() for program in book.programs}
    found = []
    for line in TABLE.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            query, title, register = line.split("\t")
            is_chapter = any(one.startswith(title) for one in chapter)
            filters = {"publisher": (_CHAPTER,)} if is_chapter else {}
            found.append(Wording(query, title, register, filters))
    return found


@contextmanager
def index(*, with_meaning: bool) -> Iterator[Searcher]:
    """The chapter and the invented books, indexed for the time being."""
    with TemporaryDirectory() as folder:
        store = Store(Path(folder) / "index", encoder=DEFAULT_ENCODER if with_meaning else None)
        store.write(Change([as_added(book) for book in (*_chapter(), *invented_books())]))
        with store.open() as reader:
            yield Searcher(reader)


def rank(searcher: Searcher, wording: Wording) -> int | None:
    """The place of the programme meant among the distinct titles found."""
    request = SearchRequest(text=wording.query, filters=wording.filters, limit=100)
    titles = dict.fromkeys(hit.program.title for hit in searcher.search(request).hits)
    return next((n for n, one in enumerate(titles, 1) if one.startswith(wording.title)), None)


def _chapter() -> list:  # type: ignore[type-arg]
    files = find_files([bundled_corpus()])
    return [parse(document) for file in files for document in read_documents(file)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--without-meaning", action="store_true")
    parser.add_argument("-v", action="store_true", dest="shows_misses")
    options = parser.parse_args()
    ranks: defaultdict[str, list[int]] = defaultdict(list)
    with index(with_meaning=not options.without_meaning) as searcher:
        for wording in wordings():
            place = rank(searcher, wording) or 999
            ranks[wording.register].append(place)
            ranks["all"].append(place)
            if options.shows_misses and place > 1:
                print(f"{place:>4}  {wording.query}  →  {wording.title}")
    for register, places in ranks.items():
        first, third = (sum(p <= n for p in places) / len(places) for n in (1, 3))
        print(f"{register:10} n={len(places):3}  success@1 {first:.3f}  @3 {third:.3f}")


if __name__ == "__main__":
    main()
