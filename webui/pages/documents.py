"""What does the book say, line by line? The book as printed, and the list of books."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse

from indexer.library import IndexedDocument, Library
from indexer.model import Document, Problem, Program, Role
from webui.dataset import dataset
from webui.links import LINES_PER_PART
from webui.parameters import last, read_integer
from webui.rendering import Page, language_of, library_of, pairs, render

FOUND_MAXIMUM = 200
PROGRAMS_SHOWN = 300
PROBLEMS_SHOWN = 200
PROGRAMS_PER_CHAPTER = 3
CHAPTERS_ANYWAY = 4
DOCUMENTS_PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class BookLine:
    """One printed line: its number, the programme that begins on it, problems said about it."""

    number: int
    text: str
    program: Program | None
    is_amount: bool
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """Programmes that follow each other under one section and goal."""

    title: str
    programs: tuple[Program, ...]


@dataclass(frozen=True, slots=True)
class FoundLine:
    """A line that holds the words looked for, and where."""

    number: int
    text: str
    ranges: tuple[tuple[int, int], ...]


def document_page(request: Request) -> HTMLResponse:
    """``/documents/{id}``; ``?find=`` lists lines, ``?part=2`` shows further lines."""
    library = library_of(request)
    indexed = library.document(request.path_params["id"])
    if indexed is None:
        raise HTTPException(404)
    parts = max((len(indexed.lines) - 1) // LINES_PER_PART + 1, 1)
    part = read_integer(pairs(request), "part", 1, parts, 1)
    wanted = last(pairs(request), "find").strip()
    programs = _programs(library, indexed)
    program_count = sum(1 for p in programs if p.role is not Role.GROUP)
    context = {
        "indexed": indexed,
        "document": indexed.document,
        "programs": programs[:PROGRAMS_SHOWN],
        "chapters": chapters(programs[:PROGRAMS_SHOWN]),
        "program_count": program_count,
        "lines": book_lines(indexed, programs, part),
        "part": part,
        "parts": parts,
        "find": wanted,
        "found": find_lines(indexed.lines, wanted),
        "found_maximum": FOUND_MAXIMUM,
        "problems": indexed.problems[:PROBLEMS_SHOWN],
        "failed_checks": [check for check in indexed.checks if not check.ok],
        "dataset": dataset(indexed.document, program_count, Page(request, language_of(request))),
    }
    return render(request, "document.html", context)


def documents_page(request: Request) -> HTMLResponse:
    """``/documents``: every book."""
    documents = sorted(library_of(request).documents(), key=_newest_first)
    last_page = max((len(documents) - 1) // DOCUMENTS_PER_PAGE + 1, 1)
    number = read_integer(pairs(request), "page", 1, last_page, 1)
    start = (number - 1) * DOCUMENTS_PER_PAGE
    context = {
        "documents": documents[start : start + DOCUMENTS_PER_PAGE],
        "total": len(documents),
        "number": number,
        "last_page": last_page,
    }
    return render(request, "documents.html", context)


def chapters(programs: Sequence[Program]) -> list[Chapter]:
    """The contents list in the order of the book, cut where section or goal change. A book that
    changes them with nearly every programme (a review sheet) is cut by section alone."""
    listed = [program for program in programs if program.role is not Role.GROUP]
    by_goal = _runs(listed, lambda program: (program.section, program.policy_goal))
    if len(by_goal) * PROGRAMS_PER_CHAPTER <= len(listed) or len(by_goal) <= CHAPTERS_ANYWAY:
        return by_goal
    return _runs(listed, lambda program: (program.section,))


def _runs(
    programs: Iterable[Program], key: Callable[[Program], tuple[str | None, ...]]
) -> list[Chapter]:
    return [
        Chapter("　".join(name for name in names if name), tuple(run))
        for names, run in groupby(programs, key)
    ]


def book_lines(indexed: IndexedDocument, programs: list[Program], part: int) -> list[BookLine]:
    """The lines of one part of the book."""
    titles: dict[int, Program] = {}
    amounts: set[int] = set()
    for program in programs:
        line = program.line_of("title") or program.first_line
        if line is not None and program.role is not Role.GROUP:
            titles.setdefault(line, program)
        if (amount_line := program.line_of("amount")) is not None:
            amounts.add(amount_line)
    problems: dict[int, list[Problem]] = {}
    for problem in indexed.problems:
        if problem.line is not None:
            problems.setdefault(problem.line, []).append(problem)
    first = (part - 1) * LINES_PER_PART
    return [
        BookLine(n, text, titles.get(n), n in amounts, tuple(problems.get(n, ())))
        for n, text in enumerate(indexed.lines[first : first + LINES_PER_PART], first + 1)
    ]


def find_lines(lines: tuple[str, ...], wanted: str) -> list[FoundLine]:
    """Lines that hold ``wanted``, whatever the width of its letters, with the places to mark."""
    needle = unicodedata.normalize("NFKC", wanted).casefold()
    if not needle:
        return []
    found: list[FoundLine] = []
    for number, text in enumerate(lines, 1):
        folded, origins = _fold_with_origins(text)
        ranges = []
        at = folded.find(needle)
        while at >= 0:
            ranges.append((origins[at], origins[at + len(needle) - 1] + 1))
            at = folded.find(needle, at + len(needle))
        if ranges:
            found.append(FoundLine(number, text, tuple(ranges)))
        if len(found) > FOUND_MAXIMUM:
            break
    return found


def _programs(library: Library, indexed: IndexedDocument) -> list[Program]:
    found = (library.program(program_id) for program_id in indexed.program_ids)
    return [program for program in found if program is not None]


def _fold_with_origins(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters the printed one it came from."""
    if text.isascii():
        return text.casefold(), list(range(len(text)))
    letters: list[str] = []
    origins: list[int] = []
    for at, letter in enumerate(text):
        folded = unicodedata.normalize("NFKC", letter).casefold()
        letters.append(folded)
        origins.extend([at] * len(folded))
    return "".join(letters), origins


def _newest_first(document: Document) -> tuple[int, str, str]:
    name = document.publisher.name if document.publisher else ""
    return (-(document.fiscal_year or 0), name, document.title)
