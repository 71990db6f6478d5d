"""Where may a text be cut before it goes to the tokenizer? At sentence ends, losing nothing."""

from __future__ import annotations

from collections.abc import Iterator

CHUNK_CHARACTERS = 12_000
"""Sudachi refuses more than 49,149 bytes a call; a character has at most four in UTF-8."""
_SENTENCE_ENDS = "。\n！？!?"
_WORD_ENDS = "、 \t,"


def cut_chunks(text: str) -> Iterator[tuple[int, str]]:
    """Offsets and pieces that add up to ``text``, each short enough for one call."""
    start = 0
    while len(text) - start > CHUNK_CHARACTERS:
        end = _last_end(text, start, start + CHUNK_CHARACTERS)
        yield start, text[start:end]
        start = end
    yield start, text[start:]


def _last_end(text: str, start: int, limit: int) -> int:
    """The end of the last sentence before ``limit``, else of the last word, else ``limit``."""
    for ends in (_SENTENCE_ENDS, _WORD_ENDS):
        found = max(text.rfind(mark, start, limit) for mark in ends)
        if found > start:
            return found + 1
    return limit
