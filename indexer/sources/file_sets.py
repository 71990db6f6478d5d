"""Which files of a folder are to be read together?

The national sheets of one year come as several tables, and records of sheets may be split at will:
what belongs to one ministry and year is one document, in however many files it lies. The files of a
set are known by the first of them, in the order of their names.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from indexer.sources.bounds import bounded_lines
from indexer.sources.document import SourceFile
from indexer.sources.national_tables import Table, open_table, parts_of
from indexer.sources.records import document_keys

_RECORD_SUFFIXES = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")
_TABLE_SUFFIXES = (".csv", ".csv.gz", ".zip")

_Joined = tuple[list[SourceFile], list[SourceFile]]


def join_sets(files: Sequence[SourceFile]) -> _Joined:
    """The files with each set as one of them, and the files that no set has use for."""
    sets = {id(file): _table_set(file) for file in files}
    tables = {key: found for key, found in sets.items() if found is not None}
    useful = {found.key for found in tables.values() if found.is_useful}
    unused = [
        file
        for file in files
        if (found := tables.get(id(file))) and not found.is_useful and found.key in useful
    ]
    passed_over = {id(file) for file in unused}
    used = [file for file in files if id(file) not in passed_over]
    joined = _grouped(used, lambda file: tables[id(file)].key if id(file) in tables else None)
    return _joined_by_keys(joined), unused


@dataclass(frozen=True, slots=True)
class _TableSet:
    key: Hashable
    """Tables of one folder and year, of which the manifest says the same, belong together."""
    is_useful: bool
    """Not only payments and the like, which are passed over."""


def may_have_parts(path: Path) -> bool:
    """Whether a file of this name may be one of a set."""
    return path.name.casefold().endswith((*_RECORD_SUFFIXES, *_TABLE_SUFFIXES))


def siblings(path: Path) -> list[Path]:
    """The files of its folder that may belong to its set, the file itself among them."""
    try:
        with os.scandir(path.parent) as entries:
            found = sorted(
                Path(entry.path) for entry in entries if entry.is_file(follow_symlinks=False)
            )
    except OSError:
        return [path]
    return [inner for inner in found if may_have_parts(inner)]


def _table_set(file: SourceFile) -> _TableSet | None:
    parts = parts_of(file)
    if not parts:
        return None
    key = (file.path.parent, parts[0].year, _stated(file))
    return _TableSet(key, any(part.table is not Table.OTHER for part in parts))


def _stated(file: SourceFile) -> Hashable:
    """What the manifest says, but for the name of the file."""
    return replace(file.manifest, file="") if file.manifest else None


def _grouped(
    files: Sequence[SourceFile], set_of: Callable[[SourceFile], Hashable | None]
) -> list[SourceFile]:
    """Each set in the place of its first file."""
    sets: dict[Hashable, list[SourceFile]] = {}
    for file in files:
        sets.setdefault(set_of(file) or id(file), []).append(file)
    return [_lead(members) for members in sets.values()]


def _lead(members: Sequence[SourceFile]) -> SourceFile:
    first, *others = sorted(members, key=lambda member: member.shown_path)
    return replace(first, parts=tuple(others)) if others else first


def _joined_by_keys(files: Sequence[SourceFile]) -> list[SourceFile]:
    """Files of records that share a document, directly or over others, become one set."""
    folders: dict[Hashable, list[SourceFile]] = {}
    for file in files:
        if file.refusal is None and file.path.name.casefold().endswith(_RECORD_SUFFIXES):
            folders.setdefault((file.path.parent, _stated(file)), []).append(file)
    sets: dict[int, set[int]] = {}
    for members in folders.values():
        sheets = [file for file in members if len(members) > 1 and _first_keys(file)]
        if len(sheets) > 1:
            sets |= _connected(sheets)
    return _grouped(files, lambda file: frozenset(sets[id(file)]) if id(file) in sets else None)


def _connected(files: Sequence[SourceFile]) -> dict[int, set[int]]:
    """The id of each file that shares a document → the ids of all files of its set."""
    sets: dict[int, set[int]] = {}
    owners: dict[str, set[int]] = {}
    for file in files:
        together = {id(file)}
        keys = _document_keys(file)
        for key in keys:
            together |= owners.get(key, set())
        for other in list(together):
            together |= sets.get(other, set())
        for key in [*keys, *(key for key, members in owners.items() if members & together)]:
            owners[key] = together
        for other in together:
            sets[other] = together
    return {member: together for member, together in sets.items() if len(together) > 1}


def _first_keys(file: SourceFile) -> set[str]:
    """Whether it holds sheets at all: the document of its first line."""
    return _document_keys(file, 1)


def _document_keys(file: SourceFile, lines: int | None = None) -> set[str]:
    try:
        with open_table(file.path) as stream:
            return document_keys(islice(bounded_lines(stream), lines))
    except (OSError, EOFError, ValueError):
        return set()  # reading says what is wrong with it
