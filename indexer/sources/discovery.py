"""Which files are there to read, and what does a manifest say of each?

A folder is walked in sorted order. Hidden files, the manifest, pages about the folder (README) and
files that are never a book (pictures, programs) are left out and listed as skipped; everything else
is handed on, and reading says of a PDF or a broken file why it cannot be read.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from indexer.errors import UsageError, reason_of
from indexer.regular_files import read_regular
from indexer.settings import FOLDER_DEPTH_MAXIMUM
from indexer.sources import names
from indexer.sources.document import SourceFile
from indexer.sources.file_sets import join_sets, may_have_parts, siblings
from indexer.sources.manifest import (
    MANIFEST_NAME,
    Manifest,
    file_key,
    load_manifest,
    refuse_manifest,
)

_HEAD_BYTES = 65_536
_SHOWN_CHARACTERS = 80


@dataclass(frozen=True, slots=True)
class Listing:
    """What was found: files to read, and shown paths of files that were left out on purpose."""

    files: tuple[SourceFile, ...]
    skipped: tuple[str, ...]


def find_files(paths: Sequence[Path]) -> tuple[SourceFile, ...]:
    """The files to read, in the order of ``paths``, each folder sorted, each file once.

    Raises :class:`UsageError` for a path that does not exist.
    """
    return list_files(paths).files


def list_files(paths: Sequence[Path], *, follow_links: bool = False) -> Listing:
    """As :func:`find_files`, with what was left out. Links that lead out of the folder named are
    refused unless ``follow_links``: whoever may put a file into it could have any file read."""
    walk = _Walk(follow_links)
    for path in paths:
        if not _exists(path):
            raise UsageError(
                f"「{names.show(path)}」というファイルもフォルダもないので、"
                "パスの書き間違いでないか確かめてください。"
            )
        if path.is_dir():
            walk.add_folder(path)
        else:
            walk.add_named_file(path)
    return walk.listing()


def _exists(path: Path) -> bool:
    try:
        path.lstat()
    except (OSError, ValueError):  # ValueError: a NUL byte in the name
        return False
    return True


@dataclass(slots=True)
class _Walk:
    """Collects files over all paths, so that none is read twice and no two are shown alike."""

    follow_links: bool
    files: list[SourceFile] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    seen_files: set[str] = field(default_factory=set)
    seen_folders: set[str] = field(default_factory=set)

    def listing(self) -> Listing:
        shown = names.tell_apart((file.shown_path, file.path) for file in self.files)
        files = (
            replace(file, shown_path=name) for file, name in zip(self.files, shown, strict=True)
        )
        return Listing(tuple(files), tuple(self.skipped))

    def add_named_file(self, path: Path) -> None:
        """A file the person named is read whatever it is called; its manifest lies beside it."""
        if path.name == MANIFEST_NAME:
            refusal = (
                f"{MANIFEST_NAME} は本の一覧で本ではないので、"
                "本のファイルかフォルダを指定してください。"
            )
            self._add(SourceFile(path, names.show(path.name), refusal=refusal))
            return
        beside = path.parent / MANIFEST_NAME
        manifests = [self._manifest(beside, path.parent)] if _is_file(beside) else []
        file = _describe(path, names.show(path.name), manifests)
        self._add(_with_parts(file, manifests) if may_have_parts(path) else file)

    def add_folder(self, root: Path) -> None:
        found: list[tuple[str, SourceFile]] = []
        for folder, manifests in self._folders(root):
            found += [
                (file.shown_path, file) for file in self._read_folder(folder, root, manifests)
            ]
        listed = [file for _, file in sorted(found, key=lambda pair: pair[0])]
        joined, unused = join_sets(listed)
        self.skipped += [file.shown_path for file in unused]
        for file in joined:
            self._add(file)

    def _folders(self, root: Path) -> Iterator[tuple[Path, list[Manifest]]]:
        """Every folder below ``root`` once (links may loop), with its manifests, nearest first."""
        waiting: list[tuple[Path, list[Manifest], int]] = [(root, [], 0)]
        while waiting:
            folder, above, depth = waiting.pop()
            if depth > FOLDER_DEPTH_MAXIMUM:
                self._add(_too_deep(folder, root))
                continue
            if self._leads_out(folder, root):
                self._add(_led_out(folder, root))
                continue
            real = os.path.realpath(folder)
            if real in self.seen_folders:
                continue
            self.seen_folders.add(real)
            manifests = above
            if _is_file(path := folder / MANIFEST_NAME):
                manifests = [self._manifest(path, root), *above]
            yield folder, manifests
            waiting += [(inner, manifests, depth + 1) for inner in _inner_folders(folder)]

    def _read_folder(
        self, folder: Path, root: Path, manifests: list[Manifest]
    ) -> Iterator[SourceFile]:
        try:
            paths = [Path(entry.path) for entry in _entries(folder) if not _is_folder(entry)]
        except OSError as error:
            shown = _relative(folder, root)
            refusal = (
                f"フォルダ「{shown}」を開けない（{reason_of(error)}）ので、権限を確かめてください。"
            )
            yield SourceFile(folder, shown, refusal=refusal)
            return
        for path in paths:
            shown = _relative(path, root)
            is_named = any(manifest.names(_key(path, manifest)) for manifest in manifests)
            is_book = path.name != MANIFEST_NAME and (is_named or _has_name_of_book(path))
            if is_book and self._leads_out(path, root):
                yield _led_out(path, root)
            elif is_book and (is_named or _may_be_book(path)):
                yield _describe(path, shown, manifests)
            elif path.name != MANIFEST_NAME and not names.is_hidden(path.name):
                self.skipped.append(shown)
        if manifests and manifests[0].folder == folder:
            yield from _missing_files(manifests[0], root)

    def _manifest(self, path: Path, root: Path) -> Manifest:
        """The manifest, named in its sentences as the person can open it: there may be several."""
        shown = names.show(os.path.normpath(path))
        if self._leads_out(path, root):
            return refuse_manifest(path, shown, "フォルダの外へのリンクなので、")
        return load_manifest(path, shown)

    def _leads_out(self, path: Path, root: Path) -> bool:
        """Whether a link on the way leads out of the folder that was named."""
        if self.follow_links or path == root:
            return False
        real, inside = os.path.realpath(path), os.path.realpath(root)
        return os.path.commonpath((real, inside)) != inside

    def _add(self, file: SourceFile) -> None:
        real = os.path.realpath(file.path)
        if real in self.seen_files:
            self.skipped.append(file.shown_path)
            return
        self.seen_files.add(real)
        self.files.append(file)


def _too_deep(folder: Path, root: Path) -> SourceFile:
    shown = _relative(folder, root)
    name = shown if len(shown) <= _SHOWN_CHARACTERS else f"{shown[:_SHOWN_CHARACTERS]}…"
    refusal = (
        f"フォルダ「{name}」は入れ子が{FOLDER_DEPTH_MAXIMUM}段を超えるので読んでいません。"
        "浅いフォルダに移してください。"
    )
    return SourceFile(folder, shown, refusal=refusal)


def _led_out(path: Path, root: Path) -> SourceFile:
    shown = _relative(path, root)
    refusal = (
        f"「{shown}」はフォルダの外を指すリンクなので読んでいません。"
        "読むなら、そのファイルを直接指定するか、--follow-links を付けてください。"
    )
    return SourceFile(path, shown, refusal=refusal)


def _inner_folders(folder: Path) -> list[Path]:
    """The folders to go on to; none of an index that someone keeps among the books."""
    try:
        inner = [entry for entry in _entries(folder) if _is_folder(entry)]
    except OSError:
        return []
    if _is_file(folder / "CURRENT"):
        inner = [entry for entry in inner if entry.name != "generations"]
    return [Path(entry.path) for entry in inner if not names.is_folder_without_books(entry.name)]


def _has_name_of_book(path: Path) -> bool:
    """By its name alone, without a look at it."""
    name = path.name
    if names.is_hidden(name) or names.is_page_about_the_folder(name):
        return False
    return path.suffix.casefold() == ".json" or not names.is_never_a_book(name)


def _may_be_book(path: Path) -> bool:
    name = path.name
    if not _has_name_of_book(path):
        return False
    if path.suffix.casefold() == ".json":
        return _holds_records(path)
    is_of_an_index = name in ("CURRENT", "write.lock") and (path.parent / "generations").is_dir()
    return not is_of_an_index


def _holds_records(path: Path) -> bool:
    """Whether a ``.json`` begins as a list of our records; settings and other data do not."""
    try:
        if not path.is_file():
            return False
        head = read_regular(path, _HEAD_BYTES)
    except OSError:
        return False
    is_list = head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"[")
    sheet = '"公開年度"'.encode() in head and '"事業番号"'.encode() in head
    return is_list and (sheet or (b'"document"' in head and b'"title"' in head))


def _describe(path: Path, shown: str, manifests: Sequence[Manifest]) -> SourceFile:
    """The file with what the nearest manifest that speaks of it says.

    A nearer manifest that cannot be read refuses the file: it might have spoken of it.
    """
    for manifest in manifests:
        key = _key(path, manifest)
        fault = manifest.fault or manifest.faults.get(key)
        if fault:
            return SourceFile(path, shown, refusal=fault.message, refusal_line=fault.line)
        if key in manifest.entries:
            return SourceFile(path, shown, manifest=manifest.entries[key])
    return SourceFile(path, shown)


def _with_parts(file: SourceFile, manifests: Sequence[Manifest]) -> SourceFile:
    """A file of a set brings those with it that lie beside it."""
    paths = siblings(file.path)
    if len(paths) < 2:
        return file
    beside = [_describe(path, names.show(path.name), manifests) for path in paths]
    real = os.path.realpath(file.path)
    joined, _ = join_sets(beside)
    for found in joined:
        if real in (os.path.realpath(part.path) for part in (found, *found.parts)):
            return found
    return file


def _missing_files(manifest: Manifest, root: Path) -> Iterator[SourceFile]:
    """Entries of the manifest whose file is not there: a mistake that must not pass in silence."""
    for key in (*manifest.entries, *manifest.faults):
        path = manifest.folder / key
        is_outside = key.startswith(("/", ".."))
        if not is_outside and (_is_file(path) or _stored_differently(path)):
            continue
        fault = manifest.faults.get(key) or manifest.missing(key)
        yield SourceFile(
            path, _relative(path, root), refusal=fault.message, refusal_line=fault.line
        )


def _stored_differently(path: Path) -> bool:
    """Whether the folder has the name in another normal form (NFD, as macOS writes it)."""
    try:
        return any(
            file_key(entry.name) == path.name and not _is_folder(entry)
            for entry in _entries(path.parent)
        )
    except (OSError, ValueError):
        return False


def _key(path: Path, manifest: Manifest) -> str:
    return file_key(os.path.relpath(path, manifest.folder).replace(os.sep, "/"))


def _relative(path: Path, root: Path) -> str:
    return names.show(os.path.relpath(path, root))


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return list(entries)


def _is_file(path: Path) -> bool:
    """Whether something other than a folder has this name; a broken manifest link counts too."""
    return _exists(path) and not path.is_dir()


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False
