"""Which words of a question are question words, and what do they ask? Read from vocabulary.toml.

A word may carry several tags (``どの課`` …). Keys are folded and written in hiragana, so that
イクラ, いくら and ｲｸﾗ are one word.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from types import MappingProxyType

from indexer.analysis.folding import fold_text, to_hiragana


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The question words: key → tags; and the plain lists other modules need."""

    words: Mapping[str, tuple[str, ...]]
    longest: int
    statuses: Mapping[str, str]
    """A status as people say it → the folded status: 新しい事業 → 新規."""
    relative_years: Mapping[str, int]
    """去年 → -1. Counted from the fiscal year of the indexed book."""
    prefectures: tuple[str, ...]
    cities: tuple[str, ...]
    not_places: frozenset[str]
    generic: frozenset[str]
    """Words that name no programme by themselves: 事業, 推進."""
    synonyms: Mapping[str, tuple[str, ...]]
    readings: Mapping[str, str]
    """Words the dictionary reads otherwise: 病児 → びょうじ."""
    passages: Mapping[str, tuple[str, ...]]
    """Per text question, the patterns of sentences that answer it."""


def key_of(text: str) -> str:
    """The form in which questions and vocabulary meet: folded, katakana as hiragana."""
    return to_hiragana(fold_text(text))


@lru_cache(maxsize=1)
def load_vocabulary() -> Vocabulary:
    """The vocabulary of the package."""
    folder = resources.files("indexer.answers")
    words = tomllib.loads(folder.joinpath("vocabulary.toml").read_text("utf-8"))
    names = tomllib.loads(folder.joinpath("names.toml").read_text("utf-8"))
    tagged: dict[str, tuple[str, ...]] = {}
    for tag, entries in words["tags"].items():
        for entry in entries:
            tagged[key_of(entry)] = tuple(dict.fromkeys((*tagged.get(key_of(entry), ()), tag)))
    synonyms: dict[str, tuple[str, ...]] = {}
    for group in names["synonyms"]["groups"]:
        keys = tuple(key_of(word) for word in group)
        for key in keys:
            synonyms[key] = tuple(dict.fromkeys((*synonyms.get(key, ()), *keys)))
    return Vocabulary(
        words=MappingProxyType(tagged),
        longest=max(map(len, tagged)),
        statuses=MappingProxyType(
            {key_of(said): status for status, group in names["statuses"].items() for said in group}
        ),
        relative_years=MappingProxyType(
            {key_of(said): int(n) for n, group in names["years"].items() for said in group}
        ),
        prefectures=tuple(names["places"]["prefectures"]),
        cities=tuple(names["places"]["cities"]),
        not_places=frozenset(names["places"]["not_places"]),
        generic=frozenset(map(key_of, names["generic"]["words"])),
        synonyms=MappingProxyType(synonyms),
        readings=MappingProxyType(names["readings"]),
        passages=MappingProxyType({k: tuple(v) for k, v in names["passages"].items()}),
    )
