"""Which words and marks does this book use, and what do they mean?

The vocabulary is data (``profiles/*.toml``): a manifest may name a profile, every other book is
read with ``generic``. A profile states only what differs from ``generic``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from importlib import resources
from typing import Any

from indexer.model import MoneyState
from indexer.parsing.characters import BREAK, fold_line

GENERIC = "generic"


@dataclass(frozen=True, eq=False)
class Profile:
    """Vocabulary and order of one kind of book. All words are folded.

    Compared and hashed by identity, so that what is looked up in it can be remembered.
    """

    name: str
    statuses: Mapping[str, str]
    """Printed word → folded word: ``充実`` → ``拡充``."""
    status_marks: Mapping[str, str]
    """Marks before a title whose meaning is only assumed: ``★`` → ``重点``."""
    bullets: frozenset[str]
    not_programs: tuple[str, ...]
    department_marks: frozenset[str]
    department_labels: tuple[str, ...]
    department_endings: tuple[str, ...]
    labels: Mapping[str, str]
    """Word before a figure → ``amount``, ``previous``, ``change`` or ``forecast``."""
    dashes: Mapping[str, MoneyState]
    """Place of a dash → what it means."""
    states: Mapping[str, MoneyState]
    """Word in place of an amount → what it means."""
    repeated_words: tuple[str, ...]
    part_of_words: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    column_endings: Mapping[str, tuple[str, ...]]
    total_words: frozenset[str]
    zero_is_below_unit: bool = False
    bracketed: str = "previous"
    """What a figure in brackets is that no word names: the book may say 増減額."""
    legend_marks: frozenset[str] = frozenset()
    """Marks whose meaning the book itself states."""
    stated_columns: Mapping[str, str] = field(default_factory=dict)
    """Words of a header cell → its role, as the manifest says for this book; see
    :func:`header_words`."""

    def with_columns(self, stated: Iterable[tuple[str, Iterable[str]]]) -> Profile:
        """The same profile for a book whose manifest names columns."""
        columns = {header_words(word): role for role, words in stated for word in words}
        return replace(self, stated_columns=columns)

    def with_legend(self, statuses: Mapping[str, str], dash: MoneyState | None) -> Profile:
        """The same profile after the book has said what its marks and dashes mean."""
        dashes = {**self.dashes, "amount": dash, "previous": dash} if dash else self.dashes
        marks = {mark: word for mark, word in statuses.items() if len(mark) == 1}
        return replace(
            self,
            statuses={**self.statuses, **statuses},
            status_marks={**self.status_marks, **marks},
            legend_marks=self.legend_marks | frozenset(marks),
            dashes=dashes,
        )

    @cached_property
    def label_at_end(self) -> re.Pattern[str]:
        """A label at the end of a text, the longest that fits."""
        words = "|".join(map(re.escape, self.labels_longest_first))
        return re.compile(f"(?:{words})$")

    @cached_property
    def label_here(self) -> re.Pattern[str]:
        """A label at a position."""
        return re.compile("|".join(map(re.escape, self.labels_longest_first)))

    @cached_property
    def labels_longest_first(self) -> tuple[str, ...]:
        """Labels in the order to try them: 前年度予算額 before 前年度."""
        return tuple(sorted(self.labels, key=len, reverse=True))


def header_words(cell: str) -> str:
    """A header cell as two printings of it are compared: folded, without spaces and breaks."""
    return re.sub(r"[\s*]", "", fold_line(BREAK.sub("", cell))).lower()


@lru_cache(maxsize=16)
def load_profile(name: str | None) -> Profile:
    """The profile of that name. Raises ``KeyError`` when there is none."""
    data = _read(GENERIC)
    if name and name != GENERIC:
        if name not in profile_names():
            raise KeyError(name)
        data = _merge(data, _read(name))
    return _build(data)


@lru_cache(maxsize=1)
def profile_names() -> tuple[str, ...]:
    """Names a manifest may use."""
    folder = resources.files("indexer.parsing") / "profiles"
    names = (item.name for item in folder.iterdir() if item.name.endswith(".toml"))
    return tuple(sorted(name.removesuffix(".toml") for name in names))


def _read(name: str) -> dict[str, Any]:
    file = resources.files("indexer.parsing") / "profiles" / f"{name}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _merge(base: dict[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in change.items():
        known = merged.get(key)
        both = isinstance(value, dict) and isinstance(known, dict)
        merged[key] = _merge(known, value) if both and isinstance(known, dict) else value
    return merged


def _build(data: Mapping[str, Any]) -> Profile:
    return Profile(
        name=data["name"],
        statuses=_inverted(data["status"]),
        status_marks=_folded_keys(data["status_marks"]),
        bullets=frozenset(_folded(data["title"]["bullets"])),
        not_programs=_folded(data["title"]["not_programs"]),
        department_marks=frozenset(_folded(data["department"]["marks"])),
        department_labels=tuple(sorted(_folded(data["department"]["labels"]), key=len)[::-1]),
        department_endings=_folded(data["department"]["endings"]),
        labels={
            word: "amount" if kind == "current" else kind
            for kind, words in data["amount"].items()
            for word in _folded(words)
        },
        dashes={place: MoneyState(state) for place, state in data["dash"].items()},
        states={
            word: MoneyState(state)
            for state, words in data["states"].items()
            for word in _folded(words)
        },
        repeated_words=_folded(data["repeated"]["words"]),
        part_of_words=_folded(data["repeated"]["part_of"]),
        columns={role: _folded(words) for role, words in data["columns"].items()},
        column_endings={role: _folded(words) for role, words in data["column_endings"].items()},
        total_words=frozenset(_folded(data["totals"]["words"])),
        zero_is_below_unit=bool(data.get("zero_is_below_unit", False)),
    )


def _folded(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(fold_line(word) for word in words)


def _inverted(table: Mapping[str, Iterable[str]]) -> dict[str, str]:
    return {word: folded for folded, words in table.items() for word in _folded(words)}


def _folded_keys(table: Mapping[str, str]) -> dict[str, str]:
    return {fold_line(key): value for key, value in table.items()}
