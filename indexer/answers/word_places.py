"""Where do the words of a description stand: in titles, in texts, in headings?"""

from __future__ import annotations

from indexer.answers.lexicon import Entry, Lexicon
from indexer.answers.mentions import Word
from indexer.answers.vocabulary import Vocabulary

Places = tuple[frozenset[int], frozenset[int], frozenset[int]]
"""Indexes of entries that hold a word in the title, the text, the headings."""


class WordPlaces:
    """Looks words up in all their forms, over one lexicon."""

    def __init__(self, lexicon: Lexicon, vocabulary: Vocabulary) -> None:
        self._lexicon = lexicon
        self._vocabulary = vocabulary

    def places(self, word: Word) -> Places:
        """Where the word stands: indexes of entries by title, text and headings."""
        return (
            self.holding(word, "title"),
            self.holding(word, "body"),
            self.holding(word, "context"),
        )

    def holding(self, word: Word, where: str) -> frozenset[int]:
        """Entries that hold the word in one of its forms, or all of its parts."""
        found: frozenset[int] = frozenset()
        for form in word.forms:
            if len(form) > 1 or not word.telling or form == word.forms[0]:
                found = found | self._lexicon.holding(form, where)
        parts = [part for part in word.parts if part not in self._vocabulary.generic]
        if not found and len(word.parts) > 1 and parts and all(len(part) > 1 for part in parts):
            found = self._lexicon.holding(parts[0], where)
            for part in parts[1:]:
                found = found & self._lexicon.holding(part, where)
        return found

    def holds(self, word: Word, entry: Entry) -> bool:
        """Whether the programme accounts for the word anywhere."""
        return any(entry.index in where for where in self.places(word))
