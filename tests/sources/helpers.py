"""Reading one file, as the tests of this folder do."""

from __future__ import annotations

from pathlib import Path

from indexer.errors import SourceError
from indexer.sources.discovery import find_files
from indexer.sources.document import SourceDocument
from indexer.sources.reading import read_documents


def read(path: Path) -> list[SourceDocument]:
    (file,) = find_files([path])
    return list(read_documents(file))


def outcome(path: Path) -> list[SourceDocument] | SourceError:
    try:
        return read(path)
    except SourceError as error:
        return error
