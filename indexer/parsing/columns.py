"""Which column of a table holds what? Read from its header, never from its position.

Header cells are folded, joined over header rows (``予算額`` over ``本年度 前年度 増減``) and looked
up in the profile. A unit in the header (``予算額（千円）``) is the unit of its column.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from indexer import eras
from indexer.parsing import patterns
from indexer.parsing.characters import fold_line
from indexer.parsing.profile import Profile

_CONTAINS = ("forecast", "change", "rate", "previous")
_HEADER_CHARACTERS = 30


@dataclass(slots=True)
class Column:
    """One column: its role, the unit its header prints, and the year of an amount column."""

    role: str
    unit: str | None = None
    year: int | None = None
    label: str = ""
    """The year as printed, for a forecast column."""


@dataclass(slots=True)
class Header:
    """The columns of one table and the lines its header stands on."""

    columns: list[Column]
    lines: list[int] = field(default_factory=list)
    delimiter: str = "\t"

    def index(self, role: str) -> int | None:
        """The first column of that role."""
        return next((i for i, column in enumerate(self.columns) if column.role == role), None)

    def indexes(self, role: str) -> list[int]:
        """All columns of that role."""
        return [i for i, column in enumerate(self.columns) if column.role == role]


def read_header(cells: Sequence[str], profile: Profile, base: int | None) -> list[Column] | None:
    """The columns, if the cells are a header: a title and an amount column at least."""
    if len(cells) < 2 or any(len(cell) > _HEADER_CHARACTERS for cell in cells):
        return None
    columns = [_column(cell, profile) for cell in cells]
    _settle_years(columns, base)
    _settle_title(columns)
    roles = {column.role for column in columns}
    if "title" not in roles or not roles & {"amount", "previous"}:
        return None
    return columns


def is_header_cell(cell: str, profile: Profile) -> bool:
    """Whether a cell could stand in a header row."""
    return not cell.strip() or _column(cell, profile).role != "other" or _is_unit(cell)


def join_headers(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """Two header rows as one: an upper cell spans the blank ones to its right."""
    joined: list[str] = []
    spanning = ""
    for index in range(max(len(upper), len(lower))):
        above = upper[index].strip() if index < len(upper) else ""
        below = lower[index].strip() if index < len(lower) else ""
        spanning = above or (spanning if below else "")
        joined.append(f"{spanning}{below}" if below else above)
    return joined


def _column(cell: str, profile: Profile) -> Column:
    return Column(*_column_facts(cell, profile))


@lru_cache(maxsize=16384)
def _column_facts(cell: str, profile: Profile) -> tuple[str, str | None, int | None, str]:
    """Role, unit, year and year label of a header cell."""
    text = re.sub(r"[\s*]", "", fold_line(cell)).lower()
    unit_match = re.search(r"[(\[〔]?(?:単位:?)?([兆億万千百十]{0,2}円)[)\]〕]?$", text)
    unit = unit_match[1] if unit_match else None
    if unit_match:
        text = text[: unit_match.start()].rstrip("(:")
    years = eras.find_years(cell)
    year = years[0].year if years else None
    label = cell[years[0].start : years[0].end].strip() if years else ""
    bare = re.sub(
        r"(?:令和|平成|[rh])?(?:\d{1,2}|元)年度|20\d\d年度|[rh]\d{1,2}(?:年度)?", "", text
    )
    bare = re.sub(r"[()〔〕\[\]]", "", bare) if bare != text else text
    role = _role(text, profile) or _role(bare, profile)
    stripped = re.sub(r"\(.*?\)$|[abc①-⑨]$", "", text)
    role = role or _role(stripped, profile)
    if role in (None, "amount") and year is not None and bare in ("", "の", "当初"):
        role = "amount"
    if role is None and _split_span(text, profile):
        role = _split_span(text, profile)
    return role or "other", unit, year, label


def _role(text: str, profile: Profile) -> str | None:
    if not text:
        return None
    for role, words in profile.columns.items():
        if text in words:
            return role
        if role in _CONTAINS and any(word in text for word in words):
            return role
    return None


def _split_span(text: str, profile: Profile) -> str | None:
    """``予算額本年度`` of two header rows: the lower half decides, the upper confirms."""
    for word in sorted(profile.columns["amount"], key=len, reverse=True):
        if text.startswith(word) and len(text) > len(word):
            rest = text[len(word) :].strip("()")
            return _role(rest, profile)
    return None


def _settle_years(columns: list[Column], base: int | None) -> None:
    """Amount columns headed by years: this year's, last year's, later ones are forecasts."""
    dated = [c for c in columns if c.role == "amount" and c.year is not None]
    if not dated:
        return
    current = base if any(c.year == base for c in dated) else max(c.year or 0 for c in dated)
    for column in dated:
        if column.year == current:
            continue
        if column.year == current - 1 if current is not None else False:
            column.role = "previous"
        elif current is not None and column.year is not None and column.year > current:
            column.role = "forecast"
        else:
            column.role = "other"


def _settle_title(columns: list[Column]) -> None:
    """A table without a name column is named by 目, else by its explanation."""
    roles = [column.role for column in columns]
    if "title" in roles:
        return
    for substitute in ("moku", "description", "goal"):
        if substitute in roles:
            columns[roles.index(substitute)].role = "title"
            return


def _is_unit(cell: str) -> bool:
    return bool(
        patterns.UNIT_ALONE.match(fold_line(cell))
        or patterns.UNIT_DECLARATION.search(fold_line(cell))
    )
