"""Is the rest of this line nothing but figures, brackets, labels and marks?

The tail of a head is read left to right from its first figure: amounts with what their brackets
and labels say they are, statuses and departments at the edge. Anything else means: no tail.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from indexer.model import Money, MoneyState
from indexer.parsing import patterns
from indexer.parsing.amounts import AmountToken
from indexer.parsing.labels import Labels, bracket_at, read_bracketed, read_labels
from indexer.parsing.lines import Line
from indexer.parsing.profile import Profile


@dataclass(frozen=True, slots=True)
class Figure:
    """An amount of a head and what it is: ``amount``, ``previous``, ``change``, ``other``."""

    kind: str
    token: AmountToken
    line: Line

    def money(self, profile: Profile) -> Money:
        """The figure as the model has it; a dash means what it means in this place."""
        place = self.kind if self.kind in profile.dashes else "amount"
        money = self.token.money(self.line.raw, self.line.number, profile.dashes[place])
        if money.state is MoneyState.ZERO and profile.zero_is_below_unit:
            return Money(None, MoneyState.BELOW_UNIT, money.raw, money.unit, money.line)
        return money


class Tail:
    """The end of a head line from its first figure on, read left to right to the line's end."""

    def __init__(
        self, line: Line, profile: Profile, tokens: tuple[AmountToken, ...], start: int
    ) -> None:
        self.line, self.profile = line, profile
        self.tokens = {token.start: token for token in tokens if token.start >= start}
        self.position = start
        self.figures: list[Figure] = []
        self.labels = Labels()
        self.flags: list[str] = []
        self.pending: str | None = None
        self.has_label = False

    def read(self) -> bool:
        text = self.line.text
        while self.position < len(text):
            if not self._step(text):
                return False
        return bool(self.figures)

    def _step(self, text: str) -> bool:
        position = self.position
        if text[position] in " \t/、,|→⇒:;*=" and position not in self.tokens:
            self.position += 1
            return True
        if token := self.tokens.get(position):
            if change := patterns.CHANGE_AFTER.match(text, token.end):
                token, self.pending = _directed(token, change), "change"
            self._take(token, self.pending or "?")
            self.position = token.end
            return True
        if text[position] in patterns.OPENING:
            return self._bracket(text, position)
        return self._word(text, position)

    def _take(self, token: AmountToken, kind: str) -> None:
        self.figures.append(Figure(kind, token, self.line))
        if token.is_approximate and kind in ("?", "amount"):
            self.flags.append("amount_is_approximate")
        self.pending = None

    def _bracket(self, text: str, position: int) -> bool:
        inside = bracket_at(text, position) or _mixed_bracket(text, position)
        if inside is None:
            return False
        start, end = inside
        tokens = [token for at, token in self.tokens.items() if start <= at < end]
        if not tokens:
            return self._bracketed_words(text, position, start, end)
        self.position = end + 1
        words = text[start : tokens[0].start].strip(" :…")
        kind = self._bracket_kind(words, tokens[0])
        for token in tokens[:1]:
            self._take(token, kind)
        for token in tokens[1:]:
            between = text[tokens[0].end : token.start]
            follow = _label_kind(between, self.profile)
            self._take(token, follow or "other")
        return True

    def _bracket_kind(self, words: str, token: AmountToken) -> str:
        if not words:
            return "change" if token.is_signed else self.profile.bracketed
        return _label_kind(words, self.profile) or "other"

    def _bracketed_words(self, text: str, position: int, start: int, end: int) -> bool:
        found = read_bracketed(
            self.line.raw, text, position, self.profile, after_amount=bool(self.figures)
        )
        if found:
            self.labels.add(found[0])
            self.position = found[1]
            return True
        labels = read_labels(self.line.raw[:end], text[:end], self.profile, start)
        if labels:
            self.labels.add(labels)
        content = text[start:end]
        is_repeated = any(word in content for word in self.profile.repeated_words)
        if not (self.figures or labels or is_repeated):
            return False  # part of the title: ``産後ケア（宿泊型） 40,000千円``
        if content.strip() in ("皆増", "ほぼ皆増", "なし"):
            token = AmountToken(start, end, MoneyState.NONE, None, None)
            self.figures.append(Figure("previous", token, self.line))
        if is_repeated:
            self.flags.append("repeated")
        if "。" in content:
            return False
        self.position = end + 1
        return True

    def _word(self, text: str, position: int) -> bool:
        if rate := patterns.RATE.match(text, position):
            self.position = rate.end()
            return True
        if label := self.profile.label_here.match(text, position):
            self.pending = self.profile.labels[label[0]]
            self.position = label.end()
            self.has_label = True
            return True
        if year := patterns.YEAR_LABEL.match(text, position):
            self.pending = "year:" + year["label"].strip()
            self.position = year.end()
            return True
        if match := patterns.REMARK.match(text, position):
            if match[0] == "再掲":
                self.flags.append("repeated")
            self.position = match.end()
            return True
        return self._edge_labels(text, position)

    def _edge_labels(self, text: str, position: int) -> bool:
        """Status and department after the amounts: ``千円 充実``, ``千円 ▶総務課``."""
        labels = read_labels(
            self.line.raw, text, self.profile, position, bare_department=text[position - 1] in " \t"
        )
        if labels is None:
            return False
        self.labels.add(labels)
        self.position = len(text)
        return True


def _directed(token: AmountToken, change: re.Match[str]) -> AmountToken:
    """``9,000千円減`` is −9,000千円, printed with its word."""
    yen = token.yen
    if yen is not None and change["direction"] == "減":
        yen = -abs(yen)
    return replace(token, end=change.end(), yen=yen)


def _label_kind(words: str, profile: Profile) -> str | None:
    words = words.strip(" :…・(")
    for label in profile.labels_longest_first:
        if words.endswith(label) and len(words) - len(label) <= 12:
            kind = profile.labels[label]
            year = patterns.YEAR_LABEL.match(words)
            return f"year:{year['label'].strip()}" if year and kind == "amount" else kind
    if year := patterns.YEAR_LABEL.fullmatch(words):
        return "year:" + year["label"].strip()
    return None


def _mixed_bracket(text: str, position: int) -> tuple[int, int] | None:
    """Two kinds of bracket in one pair, as extraction leaves them: ``〔33,706千円)``."""
    match = patterns.MIXED_BRACKET.match(text, position)
    return (position + 1, match.end() - 1) if match else None
