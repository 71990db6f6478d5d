"""Is this a forecast line, and for which years? (``R8 見込額：40 百万円 R9 見込額：完了``)

A forecast line is nothing but years, the word for a forecast, values and separators. A sentence
about a forecast leaves words over and stays text. The dash and 完了 of a forecast are states.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from indexer import eras
from indexer.model import Forecast, Money, MoneyState
from indexer.parsing import patterns
from indexer.parsing.amounts import find_amounts, read_cell
from indexer.parsing.labels import bracket_at
from indexer.parsing.lines import Line
from indexer.parsing.profile import Profile

_LINE_CHARACTERS_MAXIMUM = 400


@dataclass(slots=True)
class ForecastLine:
    """The years and values of a line, still without western years."""

    line: Line
    entries: list[tuple[str, Money | None]] = field(default_factory=list)
    """Year label as printed, and the value; ``None`` when the value is not on this line."""
    has_word: bool = False
    """A word such as 見込額 is printed: without one only later years make it a forecast."""


def scan_forecast(line: Line, profile: Profile, unit: str | None) -> ForecastLine | None:
    """The line as a forecast line; ``None`` when anything else stands on it."""
    text = line.text
    if len(text) > _LINE_CHARACTERS_MAXIMUM:
        return None
    if not patterns.YEAR_LABEL.search(text):
        return None
    return _Reader(line, profile, unit).read()


def forecast_year(label: str, near: int | None) -> int | None:
    """``R8``, ``Ｒ８``, ``令和8年度``, ``8年度`` → 2026; a bare year takes the document's era."""
    text = re.sub(r"\s", "", label)
    year = eras.parse_fiscal_year(text, near)
    if year is None and near is None:
        year = eras.parse_fiscal_year(text, 2025)
    return year


def settle(entries: list[tuple[str, Money | None]], near: int | None) -> list[Forecast]:
    """Forecasts with their western years; a value that is not printed stays empty."""
    forecasts = []
    for label, money in entries:
        year = forecast_year(re.split(r"[~〜～]", label)[0], near)
        if year is not None:
            forecasts.append(Forecast(year, label, money or Money(None, MoneyState.NONE, "")))
    return forecasts


class _Reader:
    """Reads a line from left to right as year, word, value."""

    def __init__(self, line: Line, profile: Profile, unit: str | None) -> None:
        self.line, self.profile, self.unit = line, profile, unit
        self.tokens = {token.start: token for token in find_amounts(line.raw, line.text)}
        self.result = ForecastLine(line)
        self.position = 0
        if mark := patterns.CONVERSION_MARK.match(line.text):
            self.position = mark.end()

    def read(self) -> ForecastLine | None:
        text = self.line.text
        while self.position < len(text):
            if not self._step(text):
                return None
        return self.result if self.result.entries else None

    def _step(self, text: str) -> bool:
        position = self.position
        if (token := self.tokens.get(position)) and self._awaits():
            money = token.money(self.line.raw, self.line.number, self.profile.dashes["forecast"])
            return self._value(money, token.end)
        if text[position] in " \t/、,:;|・=→⇒※○●■◆★*":
            self.position += 1
            return True
        if year := patterns.YEAR_LABEL.match(text, position):
            return self._year(text, year)
        for label in self.profile.labels_longest_first:
            kind = self.profile.labels[label]
            if kind in ("forecast", "amount") and text.startswith(label, position):
                self.result.has_word = self.result.has_word or kind == "forecast"
                if kind == "amount" and not self.result.entries:
                    return False
                self.position += len(label)
                return True
        if text[position] in patterns.OPENING:
            return self._bracket(text, position)
        if text[position] in patterns.CLOSING and self.result.entries:
            self.position += 1
            return True
        return self._word(text, position)

    def _awaits(self) -> bool:
        return bool(self.result.entries) and self.result.entries[-1][1] is None

    def _year(self, text: str, match: re.Match[str]) -> bool:
        end = match.end()
        label = self.line.raw[match.start() : end].strip()
        more = patterns.YEAR_RANGE.match(text, end)
        if more and more[0].strip()[:1] in "~か":
            end = more.end()
            label = self.line.raw[match.start() : end].strip()
        self.result.entries.append((label, None))
        self.position = end
        return True

    def _value(self, money: Money, end: int) -> bool:
        label, _ = self.result.entries[-1]
        self.result.entries[-1] = (label, money)
        self.position = end
        return True

    def _bracket(self, text: str, position: int) -> bool:
        """``見込額（R8）：40百万円`` and ``見込額(単位:百万円)`` and ``(R8 見込額：…)``."""
        inside = bracket_at(text, position)
        if inside is None:
            return False
        content = text[inside[0] : inside[1]]
        if unit := patterns.UNIT_DECLARATION.search(content) or patterns.UNIT_ALONE.match(content):
            self.unit = unit["unit"]
            self.position = inside[1] + 1
            return True
        self.position += 1
        return True

    def _word(self, text: str, position: int) -> bool:
        match = patterns.FORECAST_VALUE.match(text, position)
        if match is None or not self._awaits():
            return False
        word = match[0]
        raw = self.line.raw[match.start() : match.end()]
        money = read_cell(
            raw,
            self.unit,
            self.line.number,
            dash=self.profile.dashes["forecast"],
            states=self.profile.states,
        )
        readable = money.state is not MoneyState.UNREADABLE or re.fullmatch(r"[\d,.]+", word)
        return bool(readable) and self._value(money, match.end())
