"""What may a manifest add to a document whose records already say what they are?"""

from __future__ import annotations

from dataclasses import fields, replace

from indexer.model import Document, Problem, Severity
from indexer.sources.document import ManifestEntry

_ADDED = ("licence", "source_url", "kind")
"""About the file as a whole; the records say the rest, programme by programme."""
_ABOUT_THE_FILE = ("file", "id")


def apply_manifest(
    document: Document, entry: ManifestEntry | None
) -> tuple[Document, tuple[Problem, ...]]:
    """The document with licence, address and kind from the manifest, and a note on other keys.

    One file of records makes many documents, so a title or a year in its manifest entry can only
    be wrong for some of them; the note says that it is not used.
    """
    if entry is None:
        return document, ()
    stated = {name: value for name in _ADDED if (value := getattr(entry, name)) is not None}
    unused = [
        item.name
        for item in fields(entry)
        if item.name not in (*_ADDED, *_ABOUT_THE_FILE) and getattr(entry, item.name) is not None
    ]
    problems = (_note(document, unused),) if unused else ()
    return replace(document, **stated), problems


def _note(document: Document, unused: list[str]) -> Problem:
    return Problem(
        path=document.path,
        line=None,
        kind="manifest_key_unused",
        message=(
            f"マニフェストの {'、'.join(unused)} は、記録ごとに値を持つ形式なので使っていません。"
        ),
        severity=Severity.NOTE,
        document_id=document.id,
    )
