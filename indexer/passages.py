"""Which sentences is a programme made of? The unit in which texts are compared and quoted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from indexer.model import Program

_SENTENCE = re.compile(r"[^。\n]*[。\n]|[^。\n]+")


@dataclass(frozen=True, slots=True)
class Passage:
    """One sentence as printed, and where it stands. ``text`` is verbatim, outer spaces aside."""

    field: str
    """``title`` or ``description``."""
    text: str
    first_line: int | None
    last_line: int | None
    """The lines of its paragraph; ``None`` where the book has no lines."""


def passages_of(program: Program) -> tuple[Passage, ...]:
    """The title first, then every sentence of the paragraphs, in printed order."""
    line = program.line_of("title")
    found = [Passage("title", program.title, line, line)]
    for paragraph in program.description:
        lines = paragraph.first_line or None, paragraph.last_line or None
        found.extend(Passage("description", text, *lines) for text in sentences(paragraph.text))
    return tuple(found)


def sentences(text: str) -> Iterator[str]:
    """The sentences of a paragraph, those without a letter or figure left out."""
    for match in _SENTENCE.finditer(text):
        sentence = match.group().strip()
        if any(map(str.isalnum, sentence)):
            yield sentence
