"""Which other words mean the same? The dictionary's groups and the municipal table.

Synonyms widen a search at lower weight and are always named to the reader: 補助金 and 交付金 share
a group though the law keeps them apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from indexer.analysis.dictionary import fold_reading, word_table
from indexer.analysis.folding import fold_text
from indexer.analysis.segmentation import CHUNK_CHARACTERS

SYNONYMS_MAXIMUM = 12
"""How many other words one word may call for, the municipal table's first."""


@lru_cache(maxsize=4096)
def synonyms_of(word: str) -> tuple[str, ...]:
    """The printed forms of other words that mean ``word``, closest source first."""
    folded = fold_text(word)
    found = dict.fromkeys(_municipal().others(folded))
    for group in _group_numbers(folded):
        found.update(dict.fromkeys(_others(_dictionary_groups().get(group, ()), folded)))
    return tuple(other for other in found if fold_text(other) != folded)[:SYNONYMS_MAXIMUM]


def municipal_synonyms_of(word: str) -> tuple[str, ...]:
    """The words of local government that mean ``word``, without the dictionary's wider groups."""
    folded = fold_text(word)
    return tuple(other for other in _municipal().others(folded) if fold_text(other) != folded)


def load_synonyms() -> None:
    """Read the tables now, not in the first request that needs them (0.1 s)."""
    _dictionary_groups()
    _by_reading()


def words_read_as(reading: str) -> tuple[str, ...]:
    """The words of the municipal table that are read so (folded katakana)."""
    return _by_reading().get(reading, ())


@lru_cache(maxsize=1)
def _by_reading() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for folded in _municipal().groups:
        reading = "".join(fold_reading(m.reading_form()) for m in word_table().tokenize(folded))
        found[reading] = (*found.get(reading, ()), folded)
    return found


@dataclass(frozen=True, slots=True)
class _Table:
    """Groups by the folded words that call for them."""

    groups: dict[str, list[tuple[str, ...]]]

    def others(self, folded: str) -> Iterator[str]:
        for group in self.groups.get(folded, ()):
            yield from _others(group, folded)


def _others(group: Iterable[str], folded: str) -> list[str]:
    """The words of a group, without marks; none when the one typed calls for no others."""
    words = list(group)
    if any(word.startswith("*") and fold_text(word[1:]) == folded for word in words):
        return []
    return [word.removeprefix("*") for word in words]


def _group_numbers(folded: str) -> tuple[int, ...]:
    """The dictionary's groups of a text that is one word."""
    if not folded or len(folded) > CHUNK_CHARACTERS:
        return ()
    morphemes = word_table().tokenize(folded)
    return tuple(morphemes[0].synonym_group_ids()) if len(morphemes) == 1 else ()


@lru_cache(maxsize=1)
def _dictionary_groups() -> dict[int, tuple[str, ...]]:
    return {
        int(number): tuple(words.split(","))
        for number, words in (line.split("\t") for line in _lines("synonyms.tsv"))
    }


@lru_cache(maxsize=1)
def _municipal() -> _Table:
    groups: dict[str, list[tuple[str, ...]]] = {}
    for line in _lines("municipal_synonyms.tsv"):
        group = tuple(word.strip() for word in line.split(","))
        for word in group:
            if not word.startswith("*"):
                groups.setdefault(fold_text(word), []).append(group)
    return _Table(groups)


def _lines(name: str) -> Iterator[str]:
    text = resources.files("indexer.analysis").joinpath("data", name).read_text("utf-8")
    return (line for line in text.splitlines() if line and not line.startswith("#"))
