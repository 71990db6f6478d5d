"""Which documents are new, changed or gone, and which are refused?

What an update does to the documents that are indexed already:

- a document whose content and manifest entry are the same is neither parsed nor analysed;
- a document whose file is gone leaves the index, wherever the file was;
- a document whose file is still there stays, also when this update was given other paths;
- a document whose file can no longer be read stays as last read, and the file is refused;
- a document made of several files (the tables of national sheets) is one with the first of them.

Two documents never share an id: the one that came first stays, the other file is refused.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain

from indexer.engine.interface import AddedDocument, Change, IndexedSource, Reader
from indexer.engine.store import Writer, WriteReport
from indexer.errors import SourceError, YosanError
from indexer.model import ParsedDocument
from indexer.parsing.dispatch import parse
from indexer.reading_stamp import reading_stamp
from indexer.sources.document import SourceDocument, SourceFile
from indexer.sources.reading import read_changed
from indexer.unique_ids import make_unique


@dataclass(frozen=True, slots=True)
class Refusal:
    """One input that was not taken in, and why: a Japanese sentence."""

    path: str
    line: int | None
    message: str


@dataclass(frozen=True, slots=True)
class Step:
    """How far an update has come."""

    files_done: int
    files: int
    path: str
    programs: int
    """Programmes analysed so far."""
    sentences_done: int = 0
    sentences: int = 0
    """Once the programmes are analysed: sentences whose meaning is taken down, and of how many."""


Progress = Callable[[Step], None]

_DOCUMENTS_HELD = 8
"""Changed documents, over all files, that are kept from the comparison to the parsing."""


class NothingReadableError(YosanError):
    """No document could be read at all; the index stays as it was."""

    def __init__(self, message: str, refused: tuple[Refusal, ...]) -> None:
        super().__init__(message)
        self.refused = refused


class Update:
    """One update under way: what is known, what was seen, what was refused."""

    def __init__(
        self,
        files: tuple[SourceFile, ...],
        known: tuple[IndexedSource, ...],
        open_reader: Callable[[], Reader | None] | None,
        progress: Progress | None,
    ) -> None:
        self.refused: list[Refusal] = []
        self._files = files
        known = _led_by_first_part(known, files)
        self._known = known
        self._open_reader = open_reader
        self._reader: Reader | None = None
        self._by_file: dict[str, dict[str, IndexedSource]] = {}
        for source in known:
            self._by_file.setdefault(source.file, {})[source.key] = source
        self._unchanged_files: set[str] = set()
        self._held: dict[str, list[SourceDocument]] = {}
        self._owners: dict[str, str] = {}
        """Document id → the file it is read from."""
        self._taken: set[str] = set()
        """Ids of the documents parsed in this update."""
        self._program_owners: dict[str, str] = {}
        """Programme id → id of the document that had it first, of those parsed in this update."""
        self._progress = progress
        self._files_done = 0
        self._analysed = 0

    def write(self, writer: Writer, *, full: bool) -> WriteReport:
        """Compare, parse what changed, and hand it to the engine."""
        removed = self._find_removed()
        self._reader = self._open_reader() if self._open_reader else None
        self._owners = {
            source.document_id: source.file
            for source in self._known
            if source.document_id not in removed
        }
        added = self._parse_changed()
        first = next(added, None)  # so that a failure is known before the engine begins
        if first is None and not self._unchanged_files:
            raise self._nothing_readable()
        stream = chain(() if first is None else (first,), added)
        change = Change(stream, tuple(sorted(removed)))
        return writer.write(
            change, full=full, progress=self._count_analysed, encoded=self._count_encoded
        )

    def _find_removed(self) -> set[str]:
        """Ids of documents whose file is gone, or whose file now holds other documents.

        Files that are indexed already are read here for their fingerprints: the engine has to
        know what leaves before it takes in what comes.
        """
        removed = {source.document_id for source in self._known if _is_gone(source.file)}
        for file in self._files:
            known = self._by_file.get(_absolute(file))
            if known is None:
                continue
            try:
                found = self._compare(file, known)
            except SourceError:
                continue  # refused when it comes to parsing; its documents stay as last read
            removed |= {known[key].document_id for key in known.keys() - found}
        return removed

    def _compare(self, file: SourceFile, known: Mapping[str, IndexedSource]) -> set[str]:
        """The keys of the file's documents. A few changed ones are held, to be parsed without
        reading the file again; many are not, so that memory stays flat."""
        room = _DOCUMENTS_HELD - sum(map(len, self._held.values()))
        found: set[str] = set()
        changed: list[SourceDocument] = []
        for document in read_changed(file, _fingerprints(known)):
            found.add(document.document_key)
            if len(changed) <= room and isinstance(document, SourceDocument):
                changed.append(document)
        if not changed:
            self._unchanged_files.add(_absolute(file))
        elif len(changed) <= room:
            self._held[_absolute(file)] = changed
        return found

    def _parse_changed(self) -> Iterator[AddedDocument]:
        """The documents to take in, one at a time; what is refused is noted."""
        for file in self._files:
            self._report(file.shown_path)
            if _absolute(file) not in self._unchanged_files:
                try:
                    yield from self._parse_file(file)
                except SourceError as error:
                    self._refuse(file, error)
            self._files_done += 1
        self._report("")

    def _parse_file(self, file: SourceFile) -> Iterator[AddedDocument]:
        known = self._by_file.get(_absolute(file), {})
        held = self._held.pop(_absolute(file), None)
        for document in read_changed(file, _fingerprints(known)) if held is None else held:
            if not isinstance(document, SourceDocument):
                continue
            try:
                yield self._parse_document(file, document)
            except SourceError as error:  # one document of several; the others go on
                self._refuse(file, error)

    def _parse_document(self, file: SourceFile, document: SourceDocument) -> AddedDocument:
        parsed = _parse(document)
        document_id = parsed.document.id
        path = _absolute(file)
        owner = self._owners.setdefault(document_id, path)
        if owner != path or document_id in self._taken:
            raise SourceError(file.shown_path, _same_id(document_id, path, owner))
        self._taken.add(document_id)
        source = IndexedSource(document_id, document.document_key, path, _mark(document))
        return AddedDocument(make_unique(parsed, self._is_taken), source)

    def _is_taken(self, program_id: str, document_id: str) -> bool:
        """Whether another document, of this update or one that stays, has the programme."""
        if self._program_owners.setdefault(program_id, document_id) != document_id:
            return True
        program = self._reader.program(program_id) if self._reader else None
        owner = program.document_id if program else document_id
        return owner != document_id and owner in self._owners

    def _refuse(self, file: SourceFile, error: SourceError) -> None:
        self.refused.append(Refusal(error.path or file.shown_path, error.line, str(error)))

    def _nothing_readable(self) -> NothingReadableError:
        message = "読み取れる文書が一つもなかったので、索引は変えていません。"
        return NothingReadableError(message, tuple(self.refused))

    def _count_analysed(self, programs: int) -> None:
        self._analysed += programs
        self._report("")

    def _count_encoded(self, done: int, total: int) -> None:
        self._report("", done, total)

    def _report(self, path: str, sentences_done: int = 0, sentences: int = 0) -> None:
        if self._progress is not None:
            files = self._files_done, len(self._files)
            self._progress(Step(*files, path, self._analysed, sentences_done, sentences))


def _led_by_first_part(
    known: tuple[IndexedSource, ...], files: tuple[SourceFile, ...]
) -> tuple[IndexedSource, ...]:
    """Documents of several files belong to the first of them. A file that comes to lie before it
    takes the lead over; a document whose own file is gone is not handed on, it is read anew."""
    leads = {_absolute(part): _absolute(file) for file in files for part in file.parts}
    return tuple(
        replace(source, file=leads[source.file])
        if source.file in leads and not _is_gone(source.file)
        else source
        for source in known
    )


def _parse(document: SourceDocument) -> ParsedDocument:
    """A fault of our own over one book must not keep the other ninety-nine out."""
    try:
        return parse(document)
    except (YosanError, MemoryError):
        raise
    except Exception as error:
        if os.environ.get("YOSAN_DEBUG"):
            raise
        said = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        raise SourceError(
            document.path,
            f"「{document.path}」を読む途中でプログラムの誤り（{said}）が起きたので、"
            "この文書は入れていません。文書を添えて知らせてください。",
        ) from error


def _same_id(document_id: str, path: str, owner: str) -> str:
    if path == owner:
        return (
            f"{path} の中で文書のID「{document_id}」が重なっているので、"
            "一つの文書の行をまとめるか、別のIDにしてください。"
        )
    return (
        f"{path} と {owner} の文書のIDがどちらも「{document_id}」なので、後の方は入れていません。"
        "片方を除くか、manifest.toml で別のIDを付けてください。"
    )


def _fingerprints(known: Mapping[str, IndexedSource]) -> dict[str, str]:
    """Key → fingerprint of the documents that would be read today as they were then."""
    mark = f"-{reading_stamp()}"
    return {
        key: source.fingerprint.removesuffix(mark)
        for key, source in known.items()
        if source.fingerprint.endswith(mark)
    }


def _mark(document: SourceDocument) -> str:
    """The document's fingerprint, and the stamp of the code that read it: other code may read more
    in the same text."""
    return f"{document.fingerprint}-{reading_stamp()}"


def _absolute(file: SourceFile) -> str:
    return os.path.realpath(file.path)


def _is_gone(path: str) -> bool:
    """Whether there is surely no such file; one that may not be looked at is not gone."""
    try:
        os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False
