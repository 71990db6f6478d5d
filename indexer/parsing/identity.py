"""What is this programme called for good? Ids made from content, so that permalinks last.

An id depends on publisher, fiscal year, account, section and the title path, never on the line,
the order or the amount: reindexing, reordering, corrected figures and other programmes leave it
alone. Only programmes that share all of these are told apart further: by department, by policy
goal, and at the very last by their order.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.parsing.characters import match_key

_HASH_CHARACTERS = 10
_NOT_SLUG = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class IdentityKey:
    """The content a programme is known by. ``title_path`` runs from the outermost title."""

    publisher: str
    """Publisher code, else name, else the document's key."""
    fiscal_year: int | None
    account: str | None
    section: str | None
    title_path: tuple[str, ...]
    department: str | None = None
    goal: str | None = None
    kind: str = "program"
    """``group`` for a shared header, whose title is made of its members'."""


def program_ids(keys: Sequence[IdentityKey]) -> tuple[str, ...]:
    """One URL-safe id per key, all different: ``131016-2025-9f3a6c01d2``."""
    hashed = [_material(key) for key in keys]
    hashed = _extend_repeated(hashed, [_fold(key.department) for key in keys])
    hashed = _extend_repeated(hashed, [_fold(key.goal) for key in keys])
    hashed = _extend_repeated(hashed, _ordinals(hashed))
    return tuple(_prefix(key) + _digest(text) for key, text in zip(keys, hashed, strict=True))


def document_id(document_key: str) -> str:
    """A URL-safe id from the manifest's id or the file's shown path.

    ``books/道路.txt`` keeps what is ASCII and gets a hash for the rest, so two paths stay apart.
    """
    if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", document_key):
        return document_key
    stem = re.sub(r"\.(md|txt|csv|tsv|text)$", "", document_key, flags=re.IGNORECASE)
    slug = _NOT_SLUG.sub("-", stem.lower()).strip("-")
    return "-".join(part for part in (slug[:60].strip("-"), _digest(document_key)) if part)


def _material(key: IdentityKey) -> str:
    year = str(key.fiscal_year) if key.fiscal_year is not None else ""
    parts = (key.kind, key.publisher, year, _fold(key.account), _fold(key.section))
    return "\x1f".join((*parts, *(_fold(title) for title in key.title_path)))


def _fold(text: str | None) -> str:
    return match_key(text) if text else ""


def _extend_repeated(hashed: list[str], further: list[str]) -> list[str]:
    counts = Counter(hashed)
    return [
        f"{text}\x1e{more}" if counts[text] > 1 and more else text
        for text, more in zip(hashed, further, strict=True)
    ]


def _ordinals(hashed: list[str]) -> list[str]:
    """Empty for the first of equals, then 2, 3 …"""
    seen: Counter[str] = Counter()
    ordinals = []
    for text in hashed:
        seen[text] += 1
        ordinals.append(str(seen[text]) if seen[text] > 1 else "")
    return ordinals


def _prefix(key: IdentityKey) -> str:
    if re.fullmatch(r"[0-9A-Za-z]{1,12}", key.publisher):
        publisher = key.publisher.lower()
    else:
        publisher = "p" + _digest(key.publisher)[:5]
    return f"{publisher}-{key.fiscal_year or 'x'}-"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_HASH_CHARACTERS]
