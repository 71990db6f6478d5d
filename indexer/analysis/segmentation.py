"""Where may a text be cut before it goes to the tokenizer? At sentence ends, losing nothing.

Sentences are cut always, not only when a text is too long: books of several years repeat each
other's sentences (57% of the characters of 47,597 national sheets), and a sentence met before
need not be tokenised again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

CHUNK_CHARACTERS = 12_000
"""Sudachi refuses more than 49,149 bytes a call; a character has at most four in UTF-8."""
_SENTENCE = re.compile(r"[^。\n]*[。\n]|[^。\n]+")
_WORD_ENDS = "、 \t,"


def cut_sentences(text: str) -> Iterator[tuple[int, str]]:
    """Offsets and pieces that add up to ``text``, each short enough for one call."""
    for match in _SENTENCE.finditer(text):
        if match.end() - match.start() <= CHUNK_CHARACTERS:
            yield match.start(), match.group()
        else:
            yield from _cut_long(match.start(), match.group())


def _cut_long(offset: int, sentence: str) -> Iterator[tuple[int, str]]:
    start = 0
    while len(sentence) - start > CHUNK_CHARACTERS:
        end = _last_word_end(sentence, start, start + CHUNK_CHARACTERS)
        yield offset + start, sentence[start:end]
        start = end
    yield offset + start, sentence[start:]


def _last_word_end(text: str, start: int, limit: int) -> int:
    found = max(text.rfind(mark, start, limit) for mark in _WORD_ENDS)
    return found + 1 if found > start else limit
