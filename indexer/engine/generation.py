"""What is a generation, and is it whole? Its manifest, the pointer to it, and its checksums.

<index>/CURRENT                   generation number and sha256 of its manifest; number 0 while the
                                  first generation is on its way
<index>/generations/000012/
    manifest.json                 versions, files with size and sha256, segments, documents
    whoosh/                       the Whoosh index, opened only after its checksums agreed
    documents/                    documents as indexed
"""

from __future__ import annotations

import errno
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path

from indexer import settings
from indexer.engine import records, whoosh_index
from indexer.engine.interface import IndexedSource
from indexer.engine.schema import SCHEMA_VERSION
from indexer.engine.segment_files import SegmentInfo
from indexer.engine.sentences import VECTORS_SUFFIX
from indexer.errors import (
    IndexDamagedError,
    IndexMissingError,
    IndexUnreadableError,
    YosanError,
    is_want_of_room,
    reason_of,
)
from indexer.regular_files import open_regular, open_unbuffered, read_regular

CURRENT_FILE = "CURRENT"
GENERATIONS_FOLDER = "generations"
FIRST_ON_ITS_WAY = 0
"""What ``CURRENT`` says until the first generation of a new folder is whole: there is no index
yet. So a ``CURRENT`` that is not there beside generations was lost."""
MANIFEST_FILE = "manifest.json"
MANIFEST_SUM_FILE = "manifest.sha256"
WHOOSH_FOLDER = "whoosh"
DOCUMENTS_FOLDER = "documents"
_HASHED_AT_ONCE = 1 << 20
_SIDE_BY_SIDE_FROM = 32 << 20
_HASHING_THREADS = 4
_WAY_OUT = "yosan index --full で作り直すか、yosan rollback で一つ前の世代に戻してください。"


@dataclass(frozen=True, slots=True)
class Pointer:
    """The content of ``CURRENT``."""

    generation: int
    manifest_sha256: str


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file of a generation, by its path inside it."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Rows:
    """Consecutive rows of one segment."""

    segment: str
    first: int
    count: int


@dataclass(frozen=True, slots=True)
class CatalogEntry:
    """One document of a generation: where it came from, and where its parts lie."""

    source: IndexedSource
    path: str
    """As shown (``Document.path``): documents are in order of it."""
    rows: tuple[Rows, ...]
    """Its programmes and groups, in printed order."""
    searchable: int
    yen: int
    """Sum of all amounts that may enter a sum: what a reader must find again."""
    problems: int
    """Stated doubts about its reading."""
    file: str
    """The file of ``documents/`` it is in, with the offsets of its two parts."""
    head: tuple[int, int]
    body: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation is made of."""

    generation: int
    versions: Mapping[str, str]
    files: tuple[FileEntry, ...]
    segments: tuple[SegmentInfo, ...]
    documents: tuple[CatalogEntry, ...]
    """In order of path, then id."""
    is_too_large_for_vectors: bool = False
    """There are more sentences than are compared by meaning."""


@cache
def current_versions() -> dict[str, str]:
    """What the terms and files of an index depend on. Another version of any is another index."""
    return {
        "schema": str(SCHEMA_VERSION),
        "whoosh": whoosh_index.version(),
        "sudachipy": metadata.version("SudachiPy"),
        "sudachidict": metadata.version("sudachidict-core"),
    }


def generation_folder(index: Path, generation: int) -> Path:
    """Where a generation lies."""
    return index / GENERATIONS_FOLDER / f"{generation:06d}"


def read_pointer(index: Path) -> Pointer:
    """The content of ``CURRENT``. Raises ``IndexMissingError``, ``IndexDamagedError``.

    Where there are generations but no ``CURRENT``, it was lost: that is damage. To take it for
    "no index" would have somebody build another one over the generations that are there.
    """
    path = index / CURRENT_FILE
    try:
        pointer = records.decode(Pointer, read_regular(path, settings.POINTER_BYTES_MAXIMUM))
        if type(pointer.generation) is not int or pointer.generation < FIRST_ON_ITS_WAY:
            raise ValueError("no number of a generation")
    except (FileNotFoundError, NotADirectoryError):
        if generation_numbers(index):
            raise IndexDamagedError(
                f"索引の「{path}」がありません（世代は残っています）。{_WAY_OUT}"
            ) from None
        raise _missing(index) from None
    except (ValueError, TypeError, KeyError, AttributeError):
        raise IndexDamagedError(f"索引の「{path}」が壊れています。{_WAY_OUT}") from None
    except OSError as error:
        if is_want_of_room(error):
            raise unreadable_file(path, error) from None
        raise IndexDamagedError(
            f"索引の「{path}」を読めません（{reason_of(error)}）。読み取りの権限を確かめてください。"
        ) from None
    if pointer.generation == FIRST_ON_ITS_WAY:
        raise _missing(index)
    return pointer


def generation_numbers(index: Path) -> list[int]:
    """The numbers of the generations that lie in the folder, whole or not, ascending."""
    try:
        names = [path.name for path in (index / GENERATIONS_FOLDER).iterdir()]
    except (FileNotFoundError, NotADirectoryError):
        return []
    return sorted(int(name) for name in names if name.isdecimal())


def _missing(index: Path) -> IndexMissingError:
    return IndexMissingError(f"「{index}」に索引がありません。yosan index で作ってください。")


def read_manifest(folder: Path, sha256: str | None) -> Manifest:
    """The manifest in ``folder``, held to its checksum, to ``sha256`` when given, and to our own
    versions.

    Raises ``IndexDamagedError``.
    """
    path = folder / MANIFEST_FILE
    data = _read(path)
    actual = hashlib.sha256(data).hexdigest()
    if actual.encode() != _read(folder / MANIFEST_SUM_FILE) or sha256 not in (actual, None):
        raise damaged_file(path)
    try:
        versions = json.loads(data)["versions"]
        _check_versions(folder, versions)
        return records.decode(Manifest, data)
    except (ValueError, TypeError, KeyError, AttributeError):
        raise damaged_file(path) from None


def manifest_sha256(folder: Path) -> str:
    """The checksum of the manifest in ``folder``: what ``CURRENT`` carries."""
    return hashlib.sha256(_read(folder / MANIFEST_FILE)).hexdigest()


def verify_files(folder: Path, entries: Sequence[FileEntry]) -> int:
    """Hold every file to its size and checksum; the bytes read. Raises ``IndexDamagedError``.

    Vectors are left out: without them all but the comparison by meaning goes on.
    """
    entries = [entry for entry in entries if not entry.path.endswith(VECTORS_SUFFIX)]
    total = sum(entry.size for entry in entries)
    if total < _SIDE_BY_SIDE_FROM:
        found = [describe_file(folder, entry.path) for entry in entries]
    else:
        # Hashing lets other threads run.
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(_HASHING_THREADS) as threads:
            found = list(threads.map(lambda entry: describe_file(folder, entry.path), entries))
    for entry, actual in zip(entries, found, strict=True):
        if entry != actual:
            raise damaged_file(folder / entry.path)
    return total


def damaged_vectors(folder: Path, entries: Sequence[FileEntry]) -> tuple[Path, ...]:
    """Files of vectors that are gone or not what they were."""
    vectors = [entry for entry in entries if entry.path.endswith(VECTORS_SUFFIX)]
    return tuple(folder / entry.path for entry in vectors if not _is_whole(folder, entry))


def _is_whole(folder: Path, entry: FileEntry) -> bool:
    try:
        return describe_file(folder, entry.path) == entry
    except IndexDamagedError:
        return False


def describe_file(folder: Path, path: str) -> FileEntry:
    """Size and checksum of a file as it is. Raises ``IndexDamagedError`` if it cannot be read."""
    digest, size = hashlib.sha256(), 0
    try:
        with open_unbuffered(folder / path) as stream:
            while chunk := stream.read(_HASHED_AT_ONCE):
                digest.update(chunk)
                size += len(chunk)
    except OSError as error:
        raise unreadable_file(folder / path, error) from None
    return FileEntry(path, size, digest.hexdigest())


def damaged_segment(folder: Path, error: Exception) -> IndexDamagedError:
    """The error for a generation that Whoosh cannot read though its checksums agree."""
    return IndexDamagedError(f"索引「{folder}」を開けません（{error}）。{_WAY_OUT}")


def _read(path: Path) -> bytes:
    try:
        with open_regular(path) as stream:
            return stream.read()
    except OSError as error:
        raise unreadable_file(path, error) from None


def unreadable_file(path: Path, error: BaseException) -> YosanError:
    """The error for a file that cannot be read: damage, unless the system lacks room."""
    if not is_want_of_room(error):
        return damaged_file(path)
    reason = (
        reason_of(error) if isinstance(error, OSError) else reason_of(OSError(errno.ENOMEM, ""))
    )
    return IndexUnreadableError(
        f"索引の「{path}」を読めません（{reason}）。索引が壊れているわけではありません。"
        "ほかのプログラムを終えるか、上限（ulimit）を上げて、もう一度実行してください。"
    )


def damaged_file(path: Path) -> IndexDamagedError:
    """The error for a file that is not what the manifest says, or not there."""
    return IndexDamagedError(f"索引のファイル「{path}」が壊れているか、読めません。{_WAY_OUT}")


def _check_versions(folder: Path, versions: Mapping[str, str]) -> None:
    ours = current_versions()
    differing = [name for name in ours if versions.get(name) != ours[name]]
    if differing:
        said = "、".join(f"{name} {versions.get(name)}（今は {ours[name]}）" for name in differing)
        raise IndexDamagedError(
            f"索引「{folder}」は別の版で作られています：{said}。"
            "yosan index --full で作り直してください。"
        )
