"""Which of the typed words are filters? Amounts, fiscal years, status words, names of facets.

    令和7年度の新規事業 1億円以上      会計年度 = 2025, 区分 = 新規, 予算額 ≥ 1億円; no word is left

A filter is read out only where it stands alone or before a particle (新規 is a status, 新規就農者
is not), only when the index has its value, never from quotes, exclusions or alternatives, and it is
always shown and can be removed. With ``literal`` nothing is read out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from indexer import eras, wording
from indexer.analysis.folding import Folded, fold, fold_text
from indexer.engine.interface import Reader
from indexer.search.amounts import AmountRange, read_amount_range
from indexer.search.grammar import All, Clause, FieldIs, Words
from indexer.search.response import UnderstoodFilter
from indexer.search.short_names import short_names
from indexer.search.vocabulary import filter_context, status_words

NAMED_FACETS = ("section", "department", "publisher", "account", "policy_goal")
"""Facets whose values are names; the first one that has the name is meant."""
_SPOKEN_FACETS = ("section", "department", "publisher", "account")
_YEAR = "fiscal_year"
_BOUNDS = frozenset({"min_amount", "max_amount", "min_change", "max_change"})
_PLAIN_YEAR = re.compile(r"\d{1,2}年度")
_ATTRIBUTIVE = "たる"
"""How a verb ends that a noun may follow: 拡充された防災."""
_CERTAIN_STATUS = frozenset({"新規", "拡充"})
"""Statuses that are meant behind の, too: 防災の新規. 制度の見直し is something to look for."""
_OLD_ERA_LETTERS = "stm"


@dataclass(slots=True)
class Understood:
    """What was read out of the typed text, and the clauses that are left to look for."""

    root: All
    shown: list[UnderstoodFilter] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    matches_nothing: bool = False
    """A field filter named a value that does not exist."""

    @property
    def filters(self) -> dict[str, tuple[str, ...]]:
        """Values by facet; one facet's values are alternatives."""
        found: dict[str, dict[str, None]] = {}
        for item in self.shown:
            if item.facet not in _BOUNDS:
                found.setdefault(item.facet, {})[item.value] = None
        return {facet: tuple(values) for facet, values in found.items()}

    @property
    def names_a_year(self) -> bool:
        """Whether a fiscal year is among the filters."""
        return any(item.facet == _YEAR for item in self.shown)

    def bound(self, name: str) -> int | None:
        """``min_amount``, ``max_change`` … in yen; the stricter of several."""
        values = [int(item.value) for item in self.shown if item.facet == name]
        if not values:
            return None
        return max(values) if name.startswith("min") else min(values)


class FilterReader:
    """Reads filters out of clauses, knowing the facet values of one index."""

    def __init__(self, reader: Reader) -> None:
        self._values = {
            facet: {fold_text(str(value)): str(value) for value in reader.values(facet)}
            for facet in (*NAMED_FACETS, "status", _YEAR)
        }
        publishers = self._values["publisher"]
        for short, name in short_names(publishers.values()).items():
            publishers.setdefault(fold_text(short), name)
        years = [int(year) for year in self._values[_YEAR].values()]
        self._newest = max(years, default=None)
        self._longest = max(
            (len(name) for facet in _SPOKEN_FACETS for name in self._values[facet]), default=0
        )

    def read(self, root: All, *, literal: bool) -> Understood:
        """Read the filters of the top level of ``root``."""
        understood = Understood(All(()))
        left: list[Clause] = []
        for clause in root.parts:
            if isinstance(clause, FieldIs) and clause.field != "title":
                self._read_field(clause, understood)
            elif isinstance(clause, Words) and not literal:
                rest = self._read_words(clause.text, understood)
                left.extend([Words(rest)] if rest else [])
            else:
                left.append(clause)
        understood.root = All(tuple(left))
        return understood

    def field_values(self, clause: FieldIs) -> tuple[str, ...]:
        """The values of the index that ``課:総務`` means: the exact one, else those holding it."""
        if clause.field == _YEAR:
            year = eras.parse_fiscal_year(clause.value)
            known = self._values[_YEAR]
            return (known[str(year)],) if str(year) in known else ()
        values = self._values.get(clause.field, {})
        folded = fold_text(clause.value)
        if clause.field == "status":
            folded = fold_text(status_words().get(folded, folded))
        if folded in values:
            return (values[folded],)
        return tuple(dict.fromkeys(value for name, value in values.items() if folded in name))

    def _read_field(self, clause: FieldIs, understood: Understood) -> None:
        if clause.field == "amount":
            amount = read_amount_range(fold_text(clause.value))
            if amount is None:
                understood.remarks.append(f"「{clause.value}」を金額として読めませんでした。")
            else:
                understood.shown.extend(_amount_filters(clause.typed, amount))
            return
        values = self.field_values(clause)
        if not values:
            label = wording.FACETS[clause.field]
            understood.remarks.append(f"{label}「{clause.value}」は索引にありません。")
            understood.matches_nothing = True
        for value in values:
            understood.shown.append(_facet_filter(clause.typed, clause.field, value))

    def _read_words(self, text: str, understood: Understood) -> str:
        """Peel filters off both ends of a run of characters; what is left is looked for."""
        folded = fold(text)
        at, found = self._peel(folded, 0)
        end, closing = self._peel_end(folded, at)
        understood.shown.extend((*found, *closing))
        understood.remarks.extend(self._remarks_on((*found, *closing)))
        if not (found or closing):
            return text
        rest = folded.text[at:end]
        if not rest or rest in filter_context().after:
            return ""
        return text[slice(*folded.span(at, end))]

    def _peel(self, folded: Folded, at: int) -> tuple[int, list[UnderstoodFilter]]:
        """Filters one after the other from ``at`` on, and where they end."""
        found: list[UnderstoodFilter] = []
        while at < len(folded.text):
            length, filters = self._read_one(folded.text, at)
            if not filters:
                break
            typed = folded.original[slice(*folded.span(at, at + length))]
            found.extend(_renamed(item, typed) for item in filters)
            at = _past_particles(folded.text, at + length)
        return at, found

    def _peel_end(self, folded: Folded, start: int) -> tuple[int, list[UnderstoodFilter]]:
        """Filters behind a particle up to the end: 子育て支援の新規事業. Names are left to be
        looked for there, and so are statuses that may be what a text is about."""
        text = folded.text
        for at in range(start + 2, len(text)):
            particle = next((p for p in filter_context().joints if text.endswith(p, start, at)), "")
            if not particle or at - len(particle) <= start:
                continue
            end, found = self._peel(folded, at)
            rest = text[end:]
            is_end = not rest or rest in filter_context().after
            if found and is_end and all(map(_may_close, found)):
                return at - len(particle), found
        return len(text), []

    def _remarks_on(self, found: Iterable[UnderstoodFilter]) -> Iterator[str]:
        words = dict(filter_context().years)
        for item in found:
            if item.facet == _YEAR and item.typed in words:
                yield f"「{item.typed}」を、索引の最新の年度から数えて{item.label}と読みました。"

    def _read_one(self, folded: str, at: int) -> tuple[int, list[UnderstoodFilter]]:
        return (
            self._read_year(folded, at)
            or self._read_plain_year(folded, at)
            or self._read_amount(folded, at)
            or self._read_change(folded, at)
            or self._read_name(folded, at)
            or (0, [])
        )

    def _read_plain_year(self, folded: str, at: int) -> tuple[int, list[UnderstoodFilter]] | None:
        """7年度 and 今年度: years of the era, or counted from the newest one, of the index."""
        if self._newest is None:
            return None
        plain = _PLAIN_YEAR.match(folded, at)
        word = next((w for w, _ in filter_context().years if folded.startswith(w, at)), "")
        if plain is not None:
            word, year = plain[0], eras.parse_fiscal_year(plain[0], near=self._newest)
        elif word:
            year = self._newest + dict(filter_context().years)[word]
        else:
            return None
        end = at + len(word)
        if str(year) not in self._values[_YEAR] or not _ends_here(folded, end):
            return None
        return len(word), [_facet_filter(word, _YEAR, str(year))]

    def _read_change(self, folded: str, at: int) -> tuple[int, list[UnderstoodFilter]] | None:
        """予算が増えた, 前年度より減った: more or less than last year."""
        context = filter_context()
        before = next((w for w in context.before_change if folded.startswith(w, at)), "")
        start = at + len(before)
        for word, direction in context.changed:
            end = start + len(word)
            # 減った福祉の事業, but not 減額措置.
            may_end = word[-1] in _ATTRIBUTIVE or _ends_here(folded, end)
            if folded.startswith(word, start) and may_end:
                bound, value = ("min_change", "1") if direction == "up" else ("max_change", "-1")
                label = "前年度より増" if direction == "up" else "前年度より減"
                length = len(before) + len(word)
                return length, [UnderstoodFilter(folded[at : at + length], bound, value, label)]
        return None

    def _read_year(self, folded: str, at: int) -> tuple[int, list[UnderstoodFilter]] | None:
        rest = folded[at:]
        whole = eras.parse_fiscal_year(rest)
        # 2001 may be a number and T4 a form: bare ones are years only if the index has the year.
        is_certain = not rest.isdigit() and rest[0] not in _OLD_ERA_LETTERS
        if whole is not None and (is_certain or str(whole) in self._values[_YEAR]):
            return len(rest), [_facet_filter(rest, _YEAR, str(whole))]
        for year in eras.find_fiscal_years(rest)[:1]:
            if year.start == 0:
                return year.end, [_facet_filter(rest[: year.end], _YEAR, str(year.year))]
        return None

    def _read_amount(self, folded: str, at: int) -> tuple[int, list[UnderstoodFilter]] | None:
        before = next((w for w in filter_context().before if folded.startswith(w, at)), "")
        amount = read_amount_range(folded, at + len(before))
        if amount is None:
            return None
        length = len(before) + amount.length
        if not _ends_here(folded, at + length) and not _goes_on(folded, at + length, amount):
            return None
        return length, _amount_filters(folded[at : at + length], amount)

    def _read_name(self, folded: str, at: int) -> tuple[int, list[UnderstoodFilter]] | None:
        """The longest status word or facet value at ``at`` that ends where a word may end."""
        longest = max(self._longest, *map(len, status_words()))
        for end in range(min(len(folded), at + longest), at + 1, -1):
            may_end = folded[end - 1] in _ATTRIBUTIVE or _ends_here(folded, end)
            if may_end and (named := self._named(folded[at:end])):
                return end - at, [_facet_filter(folded[at:end], *named)]
        return None

    def _named(self, folded: str) -> tuple[str, str] | None:
        status = status_words().get(folded, folded)
        if fold_text(status) in self._values["status"]:
            return "status", self._values["status"][fold_text(status)]
        if not folded.endswith(filter_context().name_endings):
            return None
        named = [facet for facet in _SPOKEN_FACETS if folded in self._values[facet]]
        if {"section", "department"} <= set(named):
            return None  # either may be meant: as a word it finds both
        return (named[0], self._values[named[0]][folded]) if named else None


def _may_close(item: UnderstoodFilter) -> bool:
    """Whether a filter may stand behind the words it narrows."""
    if item.facet != "status":
        return item.facet == _YEAR or item.facet in _BOUNDS
    typed = fold_text(item.typed)
    return typed in _CERTAIN_STATUS or typed.endswith(filter_context().kinds)


def _goes_on(folded: str, end: int, amount: AmountRange) -> bool:
    """Whether another bound follows: 1億以上10億以下."""
    is_one_sided = (amount.low is None) != (amount.high is None)
    return is_one_sided and read_amount_range(folded, end) is not None


def _ends_here(folded: str, end: int) -> bool:
    """Whether a filter may end at ``end``: at the end, a particle or a word like 事業."""
    rest = folded[end:]
    context = filter_context()
    return not rest or rest in context.after or rest.startswith(context.particles)


def _past_particles(folded: str, at: int) -> int:
    for particle in filter_context().particles:
        if folded.startswith(particle, at):
            return at + len(particle)
    return at


def _facet_filter(typed: str, facet: str, value: str) -> UnderstoodFilter:
    label = eras.fiscal_year_label(int(value)) if facet == _YEAR else value
    return UnderstoodFilter(typed, facet, value, label)


def _amount_filters(typed: str, amount: AmountRange) -> list[UnderstoodFilter]:
    return list(_bounds(typed, amount))


def _bounds(typed: str, amount: AmountRange) -> Iterator[UnderstoodFilter]:
    if amount.low is not None:
        yield UnderstoodFilter(typed, "min_amount", str(amount.low), amount.low_label)
    if amount.high is not None:
        yield UnderstoodFilter(typed, "max_amount", str(amount.high), amount.high_label)


def _renamed(item: UnderstoodFilter, typed: str) -> UnderstoodFilter:
    return UnderstoodFilter(typed, item.facet, item.value, item.label)
