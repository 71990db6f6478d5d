"""Small books for the engine's tests, and an analyser that needs no dictionary."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from indexer.engine.interface import AddedDocument, Change, IndexedSource
from indexer.model import (
    NOT_PRINTED,
    Document,
    Money,
    MoneyState,
    Paragraph,
    ParsedDocument,
    Program,
    Publisher,
    Role,
)

ANALYZER = "tests.engine.corpus:SpaceAnalyzer"


@dataclass(frozen=True, eq=False)
class Word:
    """A word; one with a hyphen is a C unit of its parts."""

    terms: tuple[str, ...]
    readings: tuple[str, ...]
    whole: str
    whole_reading: str
    step: int


@dataclass(frozen=True)
class Sequence:
    words: list[Word]
    bigrams: list[str]


class SpaceAnalyzer:
    """Words stand between spaces; their reading is their upper case."""

    def sequence(self, text: str) -> Sequence:
        bigrams = [a + b for a, b in pairwise(text)]
        return Sequence([_word(word) for word in text.split()], bigrams)


@cache
def _word(text: str) -> Word:
    parts = tuple(text.split("-"))
    whole = "".join(parts) if len(parts) > 1 else ""
    upper = tuple(part.upper() for part in parts)
    return Word(parts, upper, whole, whole.upper(), len(parts))


def yen(amount: int | None) -> Money:
    if amount is None:
        return NOT_PRINTED
    state = MoneyState.ZERO if amount == 0 else MoneyState.VALUE
    return Money(amount, state, f"{amount}円")


def program(
    number: int,
    title: str,
    body: str = "",
    *,
    document: str = "book",
    amount: int | None = None,
    previous: int | None = None,
    role: Role = Role.STANDALONE,
    parent: int | None = None,
    section: str | None = None,
    status: str | None = None,
    department: str | None = None,
    flags: tuple[str, ...] = (),
    page: int | None = None,
) -> Program:
    return Program(
        id=f"{document}-{number}",
        document_id=document,
        title=title,
        role=role,
        section=section,
        status=status,
        department=department,
        amount=yen(amount),
        previous_amount=yen(previous),
        parent_id=None if parent is None else f"{document}-{parent}",
        description=tuple(Paragraph(text, 1, 1) for text in body.split("\n") if text),
        flags=flags,
        page=page,
    )


def book(
    name: str,
    programs: Iterable[Program],
    *,
    publisher: str | None = "千代田区",
    fiscal_year: int | None = 2025,
    lines: tuple[str, ...] = ("一行目", "二行目"),
    fingerprint: str = "a",
) -> AddedDocument:
    document = Document(
        id=name,
        title=f"{name}の予算",
        path=f"{name}.txt",
        publisher=Publisher(publisher, "131016") if publisher else None,
        fiscal_year=fiscal_year,
    )
    return AddedDocument(
        parsed=ParsedDocument(document, tuple(programs), lines=lines),
        source=IndexedSource(name, f"{name}.txt", f"/books/{name}.txt", fingerprint),
    )


def added(*books: AddedDocument) -> Change:
    return Change(added=books)


class BrokenAnalyzer:
    """Stands for a process that dies on the way."""

    def sequence(self, text: str) -> Sequence:
        raise ValueError("no dictionary")
