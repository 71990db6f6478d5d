"""How does a change become a new generation? Built beside, verified, synced, then made current.

The steps and their order are those of ``Writer`` in ``store``. Unchanged documents cost nothing
but a link to the files they lie in; only what was added is analysed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from isal import isal_zlib

from indexer import settings
from indexer.engine import files, records, whoosh_index
from indexer.engine.analysts import Analysts
from indexer.engine.collecting import collecting_rarely
from indexer.engine.encoding import Encoding, Known, load_encoder
from indexer.engine.generation import (
    DOCUMENTS_FOLDER,
    MANIFEST_FILE,
    MANIFEST_SUM_FILE,
    WHOOSH_FOLDER,
    CatalogEntry,
    FileEntry,
    Manifest,
    Rows,
    current_versions,
    damaged_vectors,
    describe_file,
)
from indexer.engine.interface import AddedDocument
from indexer.engine.merging import choose_merges, merge_segments
from indexer.engine.schema import is_searchable, texts_of, values_of
from indexer.engine.segment import Row, WrittenSegment
from indexer.engine.segment_files import SegmentInfo
from indexer.engine.sentences import (
    SENTENCES_SUFFIX,
    VECTORS_SUFFIX,
    read_sentences,
    read_vectors,
)
from indexer.engine.whoosh_index import open_segments
from indexer.errors import UsageError
from indexer.lineage import lineage_of
from indexer.model import Check, Document, ParsedDocument, Problem, Program
from indexer.passages import passages_of

Progress = Callable[[int], None]
ROWS_HANDED_OVER = 256
_TOO_MANY = "文が{:,}を超えるため、意味の近さは調べません（言葉での検索は変わりません）。"
DOCUMENTS_BYTES = 16 * 1024 * 1024
"""Documents are gathered up to this size and then written as one file."""


@dataclass(frozen=True, slots=True)
class DocumentBody:
    """What is kept of a document besides its facts and its programmes."""

    program_ids: tuple[str, ...]
    lines: tuple[str, ...]
    problems: tuple[Problem, ...]
    checks: tuple[Check, ...]


@dataclass(slots=True)
class _Shelf:
    """Documents on their way to the disk, several to a file."""

    folder: Path
    blobs: list[bytes] = field(default_factory=list)
    size: int = 0
    number: int = 0

    def put(
        self, parsed: ParsedDocument, token: str
    ) -> tuple[str, tuple[int, int], tuple[int, int]]:
        """Add a document; the name of its file and the spans of its two parts."""
        body = DocumentBody(
            program_ids=tuple(program.id for program in parsed.programs),
            lines=parsed.lines,
            problems=parsed.problems,
            checks=parsed.checks,
        )
        spans = []
        for part in (parsed.document, body):
            blob = isal_zlib.compress(records.encode(part), 1)
            self.blobs.append(blob)
            spans.append((self.size, self.size + len(blob)))
            self.size += len(blob)
        name = f"{DOCUMENTS_FOLDER}/{token}-{self.number}.z"
        if self.size >= DOCUMENTS_BYTES:
            self.flush(token)
        return name, spans[0], spans[1]

    def flush(self, token: str) -> None:
        """Write what was gathered."""
        if self.blobs:
            files.write_file(self.folder / f"{token}-{self.number}.z", *self.blobs)
            self.blobs, self.size, self.number = [], 0, self.number + 1


@dataclass(slots=True)
class Build:
    """A generation in the making, in a folder of its own."""

    folder: Path
    token: str
    """Makes names of new files differ from those of files linked from earlier generations."""
    analyzer: str
    processes: int
    progress: Progress | None = None
    added: dict[str, CatalogEntry] = field(default_factory=dict)
    analysed: int = 0
    encoding: Encoding | None = None
    """How sentences get their vectors; ``None``: they get none."""
    remarks: list[str] = field(default_factory=list)
    """Sentences about what was left undone, for people."""

    def prepare(self) -> None:
        """Make the empty folders."""
        files.make_folder(self.folder)
        files.make_folder(self.folder / WHOOSH_FOLDER)
        files.make_folder(self.folder / DOCUMENTS_FOLDER)

    def take_in(self, documents: Iterable[AddedDocument]) -> list[WrittenSegment]:
        """Analyse documents into segments, one document in memory at a time."""
        shelf = _Shelf(self.folder / DOCUMENTS_FOLDER)
        analysts = Analysts(self.folder / WHOOSH_FOLDER, self.analyzer, self.processes)
        try:
            with collecting_rarely():
                for document in documents:
                    self._take_in(document, shelf, analysts)
                written = analysts.finish()
        finally:
            analysts.close()
        shelf.flush(self.token)
        return written

    def _take_in(self, added: AddedDocument, shelf: _Shelf, analysts: Analysts) -> None:
        parsed = added.parsed
        document = parsed.document
        before = self.added.get(document.id)
        if before is not None:
            raise UsageError(
                f"「{before.path}」と「{document.path}」の文書IDが同じ「{document.id}」です。"
                "目録（manifest）で別のIDを付けてください。"
            )
        name, head, body = shelf.put(parsed, self.token)
        self.added[document.id] = CatalogEntry(
            source=added.source,
            path=document.path,
            rows=(),
            searchable=sum(map(is_searchable, parsed.programs)),
            yen=sum(p.amount.yen or 0 for p in parsed.programs if p.is_summed),
            problems=len(parsed.problems),
            file=name,
            head=head,
            body=body,
        )
        titles = {program.id: program.title for program in parsed.programs}
        for start in range(0, len(parsed.programs), ROWS_HANDED_OVER):
            part = parsed.programs[start : start + ROWS_HANDED_OVER]
            analysts.add([_row(program, document, titles) for program in part])
            searchable = sum(map(is_searchable, part))
            self.analysed += searchable
            if self.progress:
                self.progress(searchable)

    def complete(
        self,
        generation: int,
        written: Sequence[WrittenSegment],
        base: Manifest | None,
        base_folder: Path,
        kept: Mapping[str, CatalogEntry],
    ) -> Manifest:
        """Link what stays, write the table of contents and the manifest, sync everything."""
        placed = _place(self.added, written)
        new = [segment.info for segment in written]
        old, joined, kept = self._merge(base, base_folder, kept)
        new += joined
        documents = sorted(
            (*kept.values(), *placed.values()), key=lambda e: (e.path, e.source.document_id)
        )
        live = _live_rows(documents)
        linked = self._link(base, base_folder, old, kept)
        segments, vectors = self._encode(base, base_folder, old, new)
        linked = [entry for entry in linked if Path(entry.path).name not in vectors]
        toc = whoosh_index.encode_toc((s, _deleted(s, live.get(s.id, []))) for s in segments)
        files.write_file(self.folder / WHOOSH_FOLDER / whoosh_index.TOC_FILE, toc)
        manifest = Manifest(
            generation=generation,
            versions=current_versions(),
            files=(*linked, *self._describe(new, vectors)),
            segments=segments,
            documents=tuple(documents),
            is_too_large_for_vectors=bool(self.remarks),
        )
        self._seal(manifest, {entry.path for entry in linked})
        return manifest

    def _merge(
        self, base: Manifest | None, base_folder: Path, kept: Mapping[str, CatalogEntry]
    ) -> tuple[list[SegmentInfo], list[SegmentInfo], Mapping[str, CatalogEntry]]:
        """Segments that stay, segments joined of others, and where their documents now lie."""
        live = _live_rows(kept.values())
        old = [s for s in (base.segments if base else ()) if s.id in live]
        joined = []
        for group in choose_merges(old, live):
            opened = open_segments(base_folder / WHOOSH_FOLDER, group)
            merged = merge_segments(self.folder / WHOOSH_FOLDER, opened, kept)
            for segment in opened:
                segment.close()
            old = [segment for segment in old if segment.id not in merged.replaced]
            joined.append(merged.segment)
            kept = {**kept, **merged.documents}
        return old, joined, kept

    def _link(
        self,
        base: Manifest | None,
        base_folder: Path,
        segments: Iterable[SegmentInfo],
        kept: Mapping[str, CatalogEntry],
    ) -> list[FileEntry]:
        wanted = {f"{WHOOSH_FOLDER}/{name}" for s in segments for name in _files_of(s)}
        wanted |= {entry.file for entry in kept.values()}
        known = base.files if base else ()
        damaged = set(damaged_vectors(base_folder, known))
        linked = [
            entry
            for entry in known
            if entry.path in wanted and base_folder / entry.path not in damaged
        ]
        for entry in linked:
            files.link_file(base_folder / entry.path, self.folder / entry.path)
        return linked

    def _encode(
        self,
        base: Manifest | None,
        base_folder: Path,
        old: Sequence[SegmentInfo],
        new: Sequence[SegmentInfo],
    ) -> tuple[tuple[SegmentInfo, ...], set[str]]:
        """The segments, those without sound vectors of our encoder given new ones, and the names
        of the files of vectors written."""
        folder = self.folder / WHOOSH_FOLDER
        linked = [
            replace(segment, encoder=segment.encoder if _has_vectors(folder, segment) else None)
            for segment in (*old, *new)
        ]
        if self.encoding is None:
            return tuple(linked), set()
        version = load_encoder(self.encoding.encoder).version
        lacking = [segment for segment in linked if segment.encoder != version]
        wanted = {s.id: read_sentences(folder / f"{s.id}{SENTENCES_SUFFIX}") for s in linked}
        if sum(map(len, wanted.values())) > settings.SENTENCES_MAXIMUM:
            self.remarks.append(_TOO_MANY.format(settings.SENTENCES_MAXIMUM))
            return tuple(linked), set()
        known = _known_vectors(base, base_folder, version) if lacking else Known()
        found = self.encoding.complete(known, {s.id: wanted[s.id] for s in lacking})
        for segment, vectors in found.items():
            files.write_file(folder / f"{segment}{VECTORS_SUFFIX}", vectors.tobytes())
        segments = (replace(s, encoder=version) if s.id in found else s for s in linked)
        return tuple(segments), {f"{segment}{VECTORS_SUFFIX}" for segment in found}

    def _describe(self, segments: Iterable[SegmentInfo], vectors: set[str]) -> list[FileEntry]:
        names = [f"{WHOOSH_FOLDER}/{whoosh_index.TOC_FILE}"]
        for segment in segments:
            own = segment.file, f"{segment.id}{SENTENCES_SUFFIX}"
            names += [f"{WHOOSH_FOLDER}/{name}" for name in own]
        names += [f"{WHOOSH_FOLDER}/{name}" for name in sorted(vectors)]
        names += sorted({entry.file for entry in self.added.values()})
        return [describe_file(self.folder, name) for name in names]

    def _seal(self, manifest: Manifest, linked: set[str]) -> None:
        """Have every new file and every folder on the disk, the manifest last."""
        for entry in manifest.files:
            if entry.path not in linked:
                files.sync_file(self.folder / entry.path)
        data = records.encode(manifest)
        for name, content in (
            (MANIFEST_FILE, data),
            (MANIFEST_SUM_FILE, sha256(data).hexdigest().encode()),
        ):
            files.write_file(self.folder / name, content)
            files.sync_file(self.folder / name)
        for folder in (WHOOSH_FOLDER, DOCUMENTS_FOLDER, ""):
            files.sync_folder(self.folder / folder)


def _row(program: Program, document: Document, titles: Mapping[str, str]) -> Row:
    return Row(
        program_id=program.id,
        document_id=document.id,
        record=records.encode(program),
        texts={str(source): texts for source, texts in texts_of(program, document).items()},
        values=values_of(program, document),
        parent_id=program.parent_id,
        is_summed=program.is_summed,
        lineage=lineage_of(program, document, titles.get(program.parent_id or "")),
        money=records.encode(program.amount),
        is_searchable=is_searchable(program),
        sentences=tuple(p.text for p in passages_of(program)) if is_searchable(program) else (),
    )


def _files_of(segment: SegmentInfo) -> tuple[str, ...]:
    vectors = (f"{segment.id}{VECTORS_SUFFIX}",) if segment.encoder else ()
    return segment.file, f"{segment.id}{SENTENCES_SUFFIX}", *vectors


def _has_vectors(folder: Path, segment: SegmentInfo) -> bool:
    return (folder / f"{segment.id}{VECTORS_SUFFIX}").is_file()


def _known_vectors(base: Manifest | None, base_folder: Path, version: str) -> Known:
    """The sound vectors of the former generation."""
    known = Known()
    if base is None:
        return known
    folder = base_folder / WHOOSH_FOLDER
    damaged = damaged_vectors(base_folder, base.files)
    for segment in base.segments:
        path = folder / f"{segment.id}{VECTORS_SUFFIX}"
        if segment.encoder == version and path not in damaged:
            sentences = read_sentences(folder / f"{segment.id}{SENTENCES_SUFFIX}")
            known.add(sentences.hashes(), read_vectors(path, len(sentences)))
    return known


def _place(
    added: Mapping[str, CatalogEntry], written: Iterable[WrittenSegment]
) -> dict[str, CatalogEntry]:
    """The added documents with the rows that they were given."""
    rows: dict[str, list[Rows]] = {document_id: [] for document_id in added}
    for segment in written:
        for found in segment.documents:
            rows[found.document_id].append(Rows(segment.info.id, found.first, found.count))
    return {i: replace(entry, rows=tuple(rows[i])) for i, entry in added.items()}


def _live_rows(documents: Iterable[CatalogEntry]) -> dict[str, list[Rows]]:
    live: dict[str, list[Rows]] = {}
    for entry in documents:
        for rows in entry.rows:
            live.setdefault(rows.segment, []).append(rows)
    return live


def _deleted(segment: SegmentInfo, live: Iterable[Rows]) -> frozenset[int]:
    alive = {row for rows in live for row in range(rows.first, rows.first + rows.count)}
    return frozenset(set(range(segment.rows)) - alive)
