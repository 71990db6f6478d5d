"""What does the index answer? The public door for pages, the command line and other programs.

    with Library.open(Path(".yosan")) as library:
        response = library.search(SearchRequest(text="生成AI"))
        program = library.program(response.hits[0].program.id)

A ``Library`` follows the index folder: when another generation becomes current it is opened,
verified and swapped in, while requests under way finish on the former one. Each call is answered
by one generation; :meth:`Library.hold` keeps one for several calls. It may be shared by any number
of threads. Money is whole yen throughout.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Hashable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from indexer.answers.answer import Answer, Evidence, Passage, Row, TakenAs, answer_to_json
from indexer.answers.answer import Code as AbstentionCode
from indexer.answers.answer import Kind as AnswerKind
from indexer.answers.answer import Status as AnswerStatus
from indexer.engine.interface import FacetValue, IndexedDocument, InYear, Selection
from indexer.engine.query import Everything
from indexer.errors import YosanError
from indexer.exports import ExportItem
from indexer.model import Document, Program
from indexer.overview import Overview, summarize
from indexer.search.request import Fold, SearchRequest, Sort
from indexer.search.response import (
    Hit,
    MatchKind,
    NextStep,
    Reason,
    SearchResponse,
    Snippet,
    UnderstoodFilter,
)
from indexer.search.result_json import filters_to_json, search_to_json
from indexer.snapshots import Follower, Source

if TYPE_CHECKING:
    from indexer.answers.evaluation import Report as Evaluation
    from indexer.search.suggest import Suggestion

__all__ = [
    "AbstentionCode",
    "Answer",
    "AnswerKind",
    "AnswerStatus",
    "Evidence",
    "ExportItem",
    "FacetValue",
    "Fold",
    "Hit",
    "InYear",
    "IndexedDocument",
    "Library",
    "MatchKind",
    "NextStep",
    "Overview",
    "Passage",
    "Reason",
    "Row",
    "SearchRequest",
    "SearchResponse",
    "Snippet",
    "Sort",
    "TakenAs",
    "UnderstoodFilter",
    "answer_to_json",
    "filters_to_json",
    "read_yen",
    "search_to_json",
]

Made = TypeVar("Made")


class Library:
    """The index, for reading."""

    def __init__(self, follower: Source) -> None:
        self._follower = follower

    @classmethod
    def open(cls, index: Path, *, follow: bool = True, fall_back: bool = False) -> Self:
        """Open the current generation of the folder ``index``.

        With ``follow`` a background thread notices later generations, and damage to this one,
        which does not touch what is served: that is read from copies. With ``fall_back`` a
        generation that is damaged already gives way to the one before it, and :meth:`trouble`
        says so. Raises :class:`IndexMissingError` when there is none, :class:`IndexDamagedError`
        when its files do not match their checksums or were written by another version.
        """
        from indexer.engine.store import Store

        return cls(Follower(Store(index), follow=follow, fall_back=fall_back))

    def hold(self) -> Self:
        """A library of the generation current now, which stays the same until it is closed: for
        what is put together from several calls."""
        return type(self)(self._follower.hold())

    def close(self) -> None:
        """Stop following and release files once the requests under way are done. Idempotent."""
        self._follower.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def generation(self) -> int:
        """The number of the generation being served."""
        with self._follower.lease() as snapshot:
            return snapshot.reader.generation

    @property
    def content(self) -> str:
        """A hash of all that this generation holds: another folder, or the same made anew, may
        have the same number."""
        with self._follower.lease() as snapshot:
            return snapshot.reader.content

    @property
    def written(self) -> datetime:
        """When that generation was written (UTC)."""
        with self._follower.lease() as snapshot:
            return snapshot.reader.written

    def ready(self) -> bool:
        """Whether what is served is sound and is what the folder holds now."""
        return self.trouble() is None

    def warm(self) -> bool:
        """Whether what the first requests would wait for has been made in the background."""
        return self._follower.warm

    def trouble(self) -> YosanError | None:
        """Why it is not ready: the folder's index is gone, damaged or of another version."""
        return self._follower.trouble

    def refresh(self) -> None:
        """Look for another generation now instead of within a second."""
        self._follower.refresh()

    def keep(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What ``make`` gave when first asked for under this key: made once a generation."""
        with self._follower.lease() as snapshot:
            return snapshot.keep(key, make)

    def search(self, request: SearchRequest) -> SearchResponse:
        """One page of hits with totals, facets and ways forward. Never raises on typed text."""
        with self._follower.lease() as snapshot:
            return snapshot.searcher.search(request)

    def matching(self, request: SearchRequest) -> Iterator[Program]:
        """Every programme that matches, in the request's order; no page limit."""
        with self._follower.lease() as snapshot:
            yield from snapshot.searcher.matching(request)

    def export(self, request: SearchRequest, *, groups: bool = False) -> Iterator[ExportItem]:
        """Every match with its document and printed lines, ready for the writers of ``exports``.

        With ``groups`` each shared-header group is listed once, before its first member.
        """
        with self._follower.lease() as snapshot:
            reader = snapshot.reader
            documents: dict[str, IndexedDocument] = {}
            listed: set[str] = set()
            for program in snapshot.searcher.matching(request):
                indexed = documents.get(program.document_id)
                if indexed is None:
                    indexed = _document_of(program, reader.document(program.document_id))
                    documents[program.document_id] = indexed
                group_id = program.group_id
                if groups and group_id is not None and group_id not in listed:
                    listed.add(group_id)
                    for group in reader.programs((group_id,)):
                        yield ExportItem(group, indexed.document, indexed.lines)
                yield ExportItem(program, indexed.document, indexed.lines)

    def program(self, program_id: str) -> Program | None:
        """The programme or group with this id."""
        with self._follower.lease() as snapshot:
            return snapshot.reader.program(program_id)

    def programs(self, program_ids: Sequence[str]) -> tuple[Program, ...]:
        """The programmes with these ids, in this order; unknown ids are left out."""
        with self._follower.lease() as snapshot:
            return snapshot.reader.programs(program_ids)

    def program_ids(self) -> tuple[str, ...]:
        """The ids of every programme that can be found, in document and printed order."""
        everything = Selection(query=Everything(), limit=sys.maxsize)
        with self._follower.lease() as snapshot:
            return tuple(match.program_id for match in snapshot.reader.evaluate(everything).matches)

    def years(self, program_id: str) -> tuple[InYear, ...]:
        """Every fiscal year of this programme, newest first; nothing for an unknown id."""
        with self._follower.lease() as snapshot:
            return snapshot.reader.years((program_id,))[0]

    def document(self, document_id: str) -> IndexedDocument | None:
        """The document with its printed lines, problems and checks."""
        with self._follower.lease() as snapshot:
            return snapshot.reader.document(document_id)

    def documents(self) -> tuple[Document, ...]:
        """Every document, without its lines."""
        with self._follower.lease() as snapshot:
            return snapshot.reader.documents()

    def values(self, facet: str) -> tuple[str | int, ...]:
        """The distinct values of a facet in the index, in order."""
        with self._follower.lease() as snapshot:
            return snapshot.reader.values(facet)

    def overview(self, request: SearchRequest | None = None) -> Overview:
        """The index (or what ``request`` narrows it to) at a glance."""
        with self._follower.lease() as snapshot:
            return summarize(snapshot.reader, snapshot.searcher, request or SearchRequest())

    def suggest(self, text: str, limit: int = 10) -> tuple[Suggestion, ...]:
        """What someone who has typed ``text`` may want to type."""
        with self._follower.lease() as snapshot:
            return snapshot.searcher.suggest(text, limit)

    def related(self, program_id: str, limit: int = 10) -> tuple[Program, ...]:
        """The same programme in other years or documents first, then similar ones."""
        with self._follower.lease() as snapshot:
            return snapshot.searcher.related(program_id, limit)

    def ask(self, question: str, today: date | None = None) -> Answer:
        """The answer with its evidence, or a typed refusal. Never raises on typed text."""
        with self._follower.lease() as snapshot:
            return snapshot.answerer().ask(question, today)

    def evaluate(self, path: Path) -> Evaluation:
        """Ask every question of the JSONL file ``path`` and compare what it expects.

        Raises :class:`UsageError` naming the file and line that cannot be read.
        """
        from indexer.answers.evaluation import evaluate, load_questions

        questions = load_questions(path)
        with self._follower.lease() as snapshot:
            return evaluate(snapshot.answerer(), questions)


def _document_of(program: Program, indexed: IndexedDocument | None) -> IndexedDocument:
    assert indexed is not None, f"programme {program.id} without its document"
    return indexed


def read_yen(text: str) -> int | None:
    """The yen of an amount as people type it: ``1億円``, ``5千万``, ``40500000``, ``△900万円``."""
    from indexer.parsing.amounts import read_typed

    return read_typed(text)
