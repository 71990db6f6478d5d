"""What does one generation answer? A snapshot that stays as it is while newer ones are written.

Everything it will ever need is open or in memory once it is made, so the files may be removed
under it. Safe under threads; what is decoded on the way is kept within a bound.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from pathlib import Path
from threading import Lock
from types import TracebackType

import numpy as np
from isal import isal_zlib
from numpy.typing import NDArray

from indexer.engine import records, schema
from indexer.engine.building import DocumentBody
from indexer.engine.checking import check_generation
from indexer.engine.comparison import Comparer, Part
from indexer.engine.evaluation import Evaluator
from indexer.engine.facets import FacetCounter, Narrowed
from indexer.engine.generation import (
    MANIFEST_FILE,
    WHOOSH_FOLDER,
    CatalogEntry,
    Manifest,
    damaged_segment,
    damaged_vectors,
    manifest_sha256,
    unreadable_file,
)
from indexer.engine.hits import Ordinals
from indexer.engine.interface import (
    Comparison,
    Evaluation,
    IndexedDocument,
    IndexedSource,
    InYear,
    Match,
    Selection,
)
from indexer.engine.meaning import Meaning
from indexer.engine.ordering import Ordering
from indexer.engine.query import Query
from indexer.engine.schema import Analysis, ColumnKind
from indexer.engine.sentences import (
    SENTENCES_SUFFIX,
    VECTORS_SUFFIX,
    Sentences,
    Vectors,
    read_sentences,
    read_vectors,
)
from indexer.engine.snapshot import Snapshot
from indexer.engine.terms_index import TermsIndex
from indexer.engine.views import Copies
from indexer.engine.whoosh_index import MappedFile, OpenSegment, View, map_file, open_segments
from indexer.errors import IndexDamagedError, is_want_of_room
from indexer.model import Document, Money, Program

_DAMAGED_VECTORS = (
    "意味の近さのためのファイル「{}」がないか壊れているので、言葉だけで探します。"
    "yosan index で作り直せます。"
)
PROGRAMS_KEPT = 512
DOCUMENTS_KEPT = 8


class EngineReader:
    """A :class:`indexer.engine.interface.Reader` over Whoosh files whose checksums were verified.

    Raises ``IndexDamagedError`` when Whoosh cannot read them all the same.
    """

    def __init__(self, folder: Path, manifest: Manifest, copies: Copies | None = None) -> None:
        """Reads the files of ``folder``, or the ``copies`` made of them."""
        self._manifest = manifest
        self._content = manifest_sha256(folder)
        self._written = datetime.fromtimestamp((folder / MANIFEST_FILE).stat().st_mtime, UTC)
        whoosh = folder / WHOOSH_FOLDER
        view: View = copies or map_file
        try:
            self._segments = open_segments(whoosh, manifest.segments, view)
            self._snapshot = Snapshot(manifest, self._segments)
            names = sorted({entry.file for entry in manifest.documents})
            self._files = {name: MappedFile.open(folder / name, view) for name in names}
        except Exception as error:
            if is_want_of_room(error):
                raise unreadable_file(folder, error) from error
            raise damaged_segment(folder, error) from error
        self._sentences = [
            (self._snapshot.bases[s.info.id], _read_sentences(s, view)) for s in self._segments
        ]
        damaged = copies.damaged if copies else damaged_vectors(folder, manifest.files)
        vectors = self._open_vectors(damaged, view)
        self._comparer = Comparer(
            [Part(*one, own) for one, own in zip(self._sentences, vectors, strict=True)]
        )
        self._terms = TermsIndex(self._snapshot, self._segments)
        self._evaluator = Evaluator(self._snapshot, self._terms)
        self._ordering = Ordering(self._snapshot)
        self._entries = {entry.source.document_id: entry for entry in manifest.documents}
        self._matched: dict[str, int] = {}
        self._closing = Lock()
        self._closed = False
        # Caches of this reader, not of the class: they go when it goes.
        self._program = lru_cache(PROGRAMS_KEPT)(self._load_program)
        self._document = lru_cache(DOCUMENTS_KEPT)(self._load_document)

    def _open_vectors(self, damaged: Sequence[Path], view: View) -> Sequence[Vectors | None]:
        """Map the vectors, if every segment has some of one encoder and all are whole."""
        without: list[Vectors | None] = [None] * len(self._segments)
        self._meaning: Meaning | None = None
        self._encoder: str | None = None
        self._vectors_problem: str | None = None
        encoders = {segment.info.encoder for segment in self._segments}
        if len(encoders) != 1 or None in encoders:
            return without
        if damaged:
            self._vectors_problem = _DAMAGED_VECTORS.format(damaged[0].name)
            return without
        parts = [
            (base, sentences, read_vectors(_vectors_file(segment), len(sentences), view))
            for (base, sentences), segment in zip(self._sentences, self._segments, strict=True)
        ]
        self._meaning = Meaning(self._snapshot, parts)
        self._encoder = next(iter(encoders))
        return [vectors for _, _, vectors in parts]

    @property
    def generation(self) -> int:
        """The number of the generation read."""
        return self._manifest.generation

    @property
    def content(self) -> str:
        """A hash of all that the generation holds."""
        return self._content

    @property
    def written(self) -> datetime:
        """When the generation was written (UTC)."""
        return self._written

    @cached_property
    def _counter(self) -> FacetCounter:
        return FacetCounter(self._snapshot)

    def evaluate(self, selection: Selection) -> Evaluation:
        """Evaluate ``selection``; raises ``ValueError`` for an unknown field or column."""
        hits = self._evaluator.hits(selection.query)
        narrowed = Narrowed(hits, selection.filters, self._evaluator)
        found = narrowed.all
        folded = self._snapshot.lineages.fold(found) if selection.fold else None
        listed = folded.hits if folded else found
        page = self._ordering.first(
            listed,
            selection.sort,
            descending=selection.descending,
            offset=selection.offset,
            limit=selection.limit,
        )
        ids = self._ids_of(listed.ordinals[page])
        best = self._ids_of(folded.best(page)) if folded else ids
        scores = [0.0] * len(ids) if listed.scores is None else listed.scores[page].tolist()
        matches = tuple(map(Match, ids, scores, best))
        if not selection.sums and not selection.facets:
            return Evaluation(len(listed), len(found), 0, 0, matches, {})
        counted = self._counter.count(
            narrowed,
            selection.facets,
            selection.filters,
            selection.facet_limit,
            folded=folded.hits.ordinals if folded else None,
        )
        return Evaluation(
            total=len(listed),
            total_rows=len(found),
            total_yen=counted.amounts.now.total(),
            previous_total_yen=counted.amounts.before.total(),
            matches=matches,
            facets=counted.values,
            facet_totals=counted.totals,
        )

    def _ids_of(self, ordinals: Ordinals) -> list[str]:
        rows = self._snapshot.rows[ordinals]
        ids = self._snapshot.ids.take(rows)
        self._matched.update(zip(ids, rows.tolist(), strict=True))
        return ids

    def count(self, query: Query) -> int:
        """How many programmes satisfy ``query``."""
        return len(self._evaluator.hits(query))

    def scores(self, program_ids: Sequence[str], queries: Sequence[Query]) -> NDArray[np.float64]:
        """For each of these programmes a row: the score of each query, 0 where it is no match."""
        ordinals = self._snapshot.ordinal_of_row[self._rows(program_ids)]
        found = np.zeros((len(program_ids), len(queries)))
        for column, query in enumerate(queries):
            found[:, column] = self._evaluator.hits(query).scores_of(ordinals)
        return found

    def program(self, program_id: str) -> Program | None:
        """The programme or group with this id."""
        row = self._row(program_id)
        return None if row is None else self._program(row)

    def programs(self, program_ids: Sequence[str]) -> tuple[Program, ...]:
        """The programmes with these ids, in this order; unknown ids are left out."""
        rows = map(self._row, program_ids)
        return tuple(self._program(row) for row in rows if row is not None)

    def iterate_programs(self) -> Iterator[Program]:
        """Every programme and group, in document and printed order, one at a time."""
        return map(self._load_program, self._snapshot.live_rows.tolist())

    def all_programs(self, *, with_text: bool = True) -> tuple[Program, ...]:
        """Every programme and group, in document and printed order; their descriptions, which are
        most of them, on demand."""
        if with_text:
            return tuple(self.iterate_programs())
        decoder = records.ManyDecoder(Program, emptied=("description",))
        rows = self._snapshot.live_rows.tolist()
        return tuple(decoder.decode(self._record(row)) for row in rows)

    def years(self, program_ids: Sequence[str]) -> tuple[tuple[InYear, ...], ...]:
        """Of each of these programmes every fiscal year of it, newest first. One that is the same
        in no other year stands alone; an unknown id has none."""
        ordinals = self._ordinals_of(program_ids).tolist()
        return tuple(() if one < 0 else self._years_of(one) for one in ordinals)

    def _years_of(self, ordinal: int) -> tuple[InYear, ...]:
        own = self._snapshot.lineages.years(ordinal)
        year = self._snapshot.facets[schema.FISCAL_YEAR.name]
        years = [year.values[code - 1] if code else None for code in year.codes[own].tolist()]
        monies = self._snapshot.monies.take(self._snapshot.rows[own])
        amounts = [records.decode(Money, money.encode()) for money in monies]
        return tuple(map(InYear, years, self._ids_of(own), amounts))

    def lineages(self, program_ids: Sequence[str]) -> tuple[int, ...]:
        """A number for each of these programmes that its other fiscal years share; -1 for an
        unknown id."""
        ordinals = self._ordinals_of(program_ids)
        numbers = np.where(ordinals < 0, -1, self._snapshot.lineages.of_ordinal[ordinals])
        return tuple(numbers.tolist())

    def _ordinals_of(self, program_ids: Sequence[str]) -> Ordinals:
        rows = [-1 if (row := self._row(one)) is None else row for one in program_ids]
        ordinals = self._snapshot.ordinal_of_row[rows]
        return np.where(np.array(rows, dtype=np.intp) < 0, -1, ordinals)

    def passages(self, program_ids: Sequence[str]) -> tuple[tuple[str, ...], ...]:
        """The sentences of each of these programmes as printed, the title first."""
        return tuple(self._sentences_of(self._row(one)) for one in program_ids)

    def _sentences_of(self, row: int | None) -> tuple[str, ...]:
        if row is None:
            return ()
        for base, sentences in reversed(self._sentences):
            if row >= base:
                return tuple(sentences[n] for n in sentences.of_row(row - base).tolist())
        return ()

    @property
    def encoder(self) -> str | None:
        """The version of the encoder whose vectors are there to compare with, if they are."""
        return self._encoder

    @property
    def vectors_problem(self) -> str | None:
        """Why nothing can be compared by meaning though it was prepared: one sentence."""
        return self._vectors_problem

    def compare(
        self, program_ids: Sequence[str], pairs: Mapping[str, float], vector: Sequence[float] | None
    ) -> Comparison:
        """The sentences of these programmes, as :meth:`passages` has them, with a text: its pairs
        of characters with what each weighs, and its vector."""
        meant = vector is not None and self._meaning is not None
        array = np.asarray(vector, dtype=np.float32) if meant else None
        return self._comparer.compare(self._rows(program_ids), pairs, array)

    def nearest(self, vector: Sequence[float], limit: int) -> tuple[tuple[str, float], ...]:
        """The programmes with the sentences nearest to ``vector``, and their cosine."""
        if self._meaning is None:
            return ()
        found = self._meaning.nearest(np.asarray(vector, dtype=np.float32), limit)
        ids = self._snapshot.ids.take(np.array([row for row, _ in found], dtype=np.int64))
        self._matched.update(zip(ids, (row for row, _ in found), strict=True))
        return tuple(zip(ids, (cosine for _, cosine in found), strict=True))

    def vocabulary(self, field: str) -> Iterator[str]:
        """Every index term of ``field``; those in several segments more than once."""
        for segment in self._segments:
            yield from (term.decode() for term in segment.terms_from(field, b""))

    def document(self, document_id: str) -> IndexedDocument | None:
        """The document with this id."""
        return self._document(document_id) if document_id in self._entries else None

    def documents(self) -> tuple[Document, ...]:
        """Every document, without its lines."""
        return self._documents

    @cached_property
    def _documents(self) -> tuple[Document, ...]:
        return tuple(
            records.decode(Document, self._read(entry, entry.head))
            for entry in self._manifest.documents
        )

    def sources(self) -> tuple[IndexedSource, ...]:
        """Where every document came from."""
        return tuple(entry.source for entry in self._manifest.documents)

    def document_frequency(self, field: str, text: str) -> int:
        """In how many programmes ``field`` holds the index term ``text``."""
        return self._terms.document_frequency(field, text)

    def holding(
        self, program_ids: Sequence[str], field: str, texts: tuple[str, ...]
    ) -> frozenset[str]:
        """Which of these programmes hold the index terms at consecutive positions of ``field``."""
        rows = self._rows(program_ids)
        ordinals = self._snapshot.ordinal_of_row[rows]
        held = self._terms.phrase(field, texts).among(ordinals).tolist()
        return frozenset(
            one
            for one, row, is_held in zip(program_ids, rows, held, strict=True)
            if is_held and row >= 0
        )

    def terms(self, field: str, beginning: str = "") -> Iterable[str]:
        """Index terms of ``field`` with this beginning, in order, up to
        ``settings.TERM_EXPANSIONS`` of each segment. Not for people's eyes."""
        return self._terms.terms_from(field, beginning)

    def values(self, column: str) -> tuple[str | int, ...]:
        """The distinct values of a column, in order."""
        found = schema.column(column, ColumnKind.FACET, ColumnKind.TEXT)
        if found.kind is ColumnKind.TEXT:
            return tuple(sorted(set(self._snapshot.titles.take(self._snapshot.rows))))
        return self._snapshot.facets[column].values

    def warm(self) -> None:
        """Do now what first requests would wait for: frequent terms, sort orders, sums."""
        _ = self._counter
        for field in schema.TEXT_FIELDS:
            if field.analysis is Analysis.WORDS:
                for term in self._terms.frequent(field.name):
                    self._terms.term(field.name, term)
        for column in schema.COLUMNS:
            if column.kind is not ColumnKind.FACET:
                self._ordering.ranks(column.name, descending=column.kind is ColumnKind.NUMBER)
        _ = self._snapshot.row_of_id
        self._counter.warm()
        if self._meaning is not None:
            self._meaning.warm()
        self._comparer.warm()

    def check(self, *, thorough: bool, checked: frozenset[str] = frozenset()) -> None:
        """Hold counts, yen and canary queries (all postings if ``thorough``) to the manifest.

        Segments of ``checked`` (ids) are linked from a generation whose postings were held to it,
        and whose checksums agreed: their postings are left out.

        Raises ``IndexDamagedError``.
        """
        new = [segment for segment in self._segments if segment.info.id not in checked]
        problem = check_generation(self._manifest, self._snapshot, new, thorough)
        if problem:
            raise IndexDamagedError(
                f"索引の世代{self.generation}の中身が目録と合いません（{problem}）。"
                "yosan index --full で作り直してください。"
            )

    def close(self) -> None:
        """Release files. Idempotent."""
        with self._closing:
            if self._closed:
                return
            self._closed = True
        for segment in self._segments:
            segment.close()
        for file in self._files.values():
            file.close()

    def __enter__(self) -> EngineReader:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _row(self, program_id: str) -> int | None:
        row = self._matched.get(program_id)
        return self._snapshot.row_of_id.get(program_id) if row is None else row

    def _rows(self, program_ids: Sequence[str]) -> NDArray[np.int64]:
        """Their rows, -1 for an unknown id."""
        rows = (-1 if (row := self._row(one)) is None else row for one in program_ids)
        return np.fromiter(rows, np.int64, len(program_ids))

    def _load_program(self, row: int) -> Program:
        return records.decode(Program, self._record(row))

    def _record(self, row: int) -> bytes:
        for segment in self._segments:
            if row < segment.info.rows:
                return segment.record(row)
            row -= segment.info.rows
        raise IndexError(row)

    def _load_document(self, document_id: str) -> IndexedDocument:
        entry = self._entries[document_id]
        body = records.decode(DocumentBody, self._read(entry, entry.body))
        return IndexedDocument(
            document=records.decode(Document, self._read(entry, entry.head)),
            program_ids=body.program_ids,
            lines=body.lines,
            problems=body.problems,
            checks=body.checks,
        )

    def _read(self, entry: CatalogEntry, span: tuple[int, int]) -> bytes:
        start, end = span
        return isal_zlib.decompress(self._files[entry.file].get(start, end - start))


def _read_sentences(segment: OpenSegment, view: View) -> Sentences:
    return read_sentences(segment.folder / f"{segment.info.id}{SENTENCES_SUFFIX}", view)


def _vectors_file(segment: OpenSegment) -> Path:
    return segment.folder / f"{segment.info.id}{VECTORS_SUFFIX}"
