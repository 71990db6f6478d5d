"""Which words of a query are not words to look for? The tables that people edit, read once."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from indexer.analysis.folding import fold_text


@lru_cache(maxsize=1)
def field_names() -> dict[str, str]:
    """What may stand before a colon, folded, and the field it names."""
    fields: dict[str, list[str]] = tomllib.loads(_read("fields.toml"))["fields"]
    return {fold_text(name): field for field, names in fields.items() for name in names}


@lru_cache(maxsize=1)
def status_words() -> dict[str, str]:
    """Typed words, folded, and the status they ask for."""
    statuses: dict[str, list[str]] = tomllib.loads(_read("status_words.toml"))["status"]
    return {fold_text(word): status for status, words in statuses.items() for word in words}


@lru_cache(maxsize=1)
def fillers() -> frozenset[str]:
    """Index terms that a sentence holds but nobody looks for."""
    return _terms("fillers.txt")


@lru_cache(maxsize=1)
def closing_words() -> frozenset[str]:
    """Index terms that close a request after の: …の予算."""
    return _terms("closing_words.txt")


@dataclass(frozen=True, slots=True)
class FilterContext:
    """Words that stand around a filter in a sentence, longest first."""

    before: tuple[str, ...]
    after: frozenset[str]
    particles: tuple[str, ...]
    joints: tuple[str, ...]
    """Particles between the words looked for and a filter behind them."""
    kinds: tuple[str, ...]
    """What a status is said of: 廃止する事業."""
    before_change: tuple[str, ...]
    name_endings: tuple[str, ...]
    """How a name ends that is a department, a section, a publisher or an account."""
    compared: tuple[tuple[str, str], ...]
    """Pairs of a word and the comparison it asks for."""
    years: tuple[tuple[str, int], ...]
    """Pairs of a word for a year and its distance from the newest one."""
    changed: tuple[tuple[str, str], ...]
    """Pairs of a word and ``up`` or ``down``, against last year's amount."""


@lru_cache(maxsize=1)
def filter_context() -> FilterContext:
    """The table of words around a filter."""
    table = tomllib.loads(_read("filter_context.toml"))
    compared = [(word, name) for name, words in table["compared"].items() for word in words]
    changed = [(word, name) for name, words in table["changed"].items() for word in words]
    return FilterContext(
        before=_longest_first(table["before"]),
        after=frozenset(fold_text(word) for word in table["after"]),
        particles=_longest_first(table["particles"]),
        joints=_longest_first(table["joints"]),
        kinds=tuple(table["kinds"]),
        before_change=_longest_first(table["before_change"]),
        name_endings=_longest_first(table["name_endings"]),
        compared=tuple(sorted(compared, key=lambda pair: -len(pair[0]))),
        years=tuple(sorted(table["years"].items(), key=lambda pair: -len(pair[0]))),
        changed=tuple(sorted(changed, key=lambda pair: -len(pair[0]))),
    )


def _longest_first(words: list[str]) -> tuple[str, ...]:
    return tuple(sorted(words, key=len, reverse=True))


def _terms(name: str) -> frozenset[str]:
    lines = _read(name).splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def _read(name: str) -> str:
    return resources.files("indexer.search").joinpath("data", name).read_text("utf-8")
