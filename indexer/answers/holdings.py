"""Which programmes print a word? Substring look-up over many short texts, without reading all.

A word is looked for only in the texts that hold its rarest letters: a question has a dozen words
in several spellings, and reading 47,000 descriptions for each would take a second.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

_MANY = 2_000


class Holdings:
    """Texts, numbered from 0, and which of them hold a string. Equal texts are kept once."""

    def __init__(self, texts: Iterable[str]) -> None:
        same: defaultdict[str, list[int]] = defaultdict(list)
        for index, text in enumerate(texts):
            same[text].append(index)
        self._texts = tuple(same)
        self._indexes = tuple(tuple(indexes) for indexes in same.values())
        found: defaultdict[str, list[int]] = defaultdict(list)
        for at, text in enumerate(self._texts):
            for letter in set(text):
                found[letter].append(at)
        self._by_letter = dict(found)

    def holding(self, word: str) -> frozenset[int]:
        """The numbers of the texts that ``word`` stands in; none for an empty word."""
        if not word:
            return frozenset()
        letters = sorted((self._by_letter.get(letter, ()) for letter in set(word)), key=len)
        near: Iterable[int] = letters[0]
        if len(letters) > 1 and len(letters[0]) > _MANY:
            near = set(letters[0]).intersection(letters[1])
        texts, indexes = self._texts, self._indexes
        return frozenset(i for at in near if word in texts[at] for i in indexes[at])
