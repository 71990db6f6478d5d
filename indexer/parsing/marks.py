"""Which marks stand around a title: bullet, number, status, department?

Before a title they come in any order (``★ 1 【新規】``), after it in brackets
(``広報紙の発行【広報課】``). What they mean as statuses and departments, ``labels`` knows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from indexer.parsing import patterns
from indexer.parsing.labels import (
    BRACKET_INSIDE_MAXIMUM,
    Labels,
    fold_status,
    is_department,
    read_bracketed,
    skip_space,
    status_word,
)
from indexer.parsing.profile import Profile

_LEVELS = {
    "plain": 1,
    "no": 1,
    "ordinal": 1,
    "roman": 1,
    "path": 1,
    "round": 2,
    "circled": 3,
    "kana": 4,
}


@dataclass(slots=True)
class Leading:
    """What stands before a title; ``end`` is where the title begins."""

    end: int
    bullet: str | None = None
    number: str | None = None
    number_kind: str | None = None
    labels: Labels = field(default_factory=Labels)

    @property
    def level(self) -> int:
        """0 for an unnumbered line, then deeper: ``1``, ``(1)``, ``①``, ``ア``."""
        return _LEVELS.get(self.number_kind or "", 0)


def scan_leading(printed: str, text: str, profile: Profile) -> Leading:
    """Bullets, numbers and status marks before a title, in any order."""
    leading = Leading(0)
    conversion = patterns.CONVERSION_MARK.match(text)
    position = conversion.end() if conversion else 0
    while True:
        position = skip_space(text, position)
        following = _leading_mark(printed, text, position, profile, leading)
        if following is None:
            break
        position = following
    leading.end = position
    return leading


def _leading_mark(
    printed: str, text: str, position: int, profile: Profile, leading: Leading
) -> int | None:
    character = text[position : position + 1]
    if bracketed := read_bracketed(printed, text, position, profile, after_title=False):
        leading.labels.add(bracketed[0])
        return bracketed[1]
    if character in profile.bullets and leading.bullet is None and character:
        if character == "〇" and text[position + 1 : position + 2] in "歳才次年月日":
            return None
        leading.bullet = character
        word = status_word(text, position + 1, profile)
        if character in profile.status_marks and word:
            leading.labels.statuses.append(printed[position:word])
            return word
        return position + 1
    match = patterns.NUMBER_MARK.match(text, position) if leading.number is None else None
    if match and match.end() < len(text):
        found = {key: value for key, value in match.groupdict().items() if value and key != "mark"}
        leading.number_kind, number = next(iter(found.items()))
        leading.number = _plain_number(number)
        return match.end()
    word_end = status_word(text, position, profile)
    if (
        word_end
        and word_end < len(text)
        and text[word_end] in " \t"
        and not leading.labels.statuses
    ):
        wide = printed[word_end] in "\t\u3000" or text[word_end : word_end + 2] == "  "
        if word_end - position >= 2 or wide:
            leading.labels.statuses.append(printed[position:word_end])
            return word_end
    return None


def _plain_number(text: str) -> str:
    if len(text) == 1 and "①" <= text <= "⑳":
        return str(ord(text) - ord("①") + 1)
    if len(text) == 1 and "❶" <= text <= "❿":
        return str(ord(text) - ord("❶") + 1)
    return text


def trim_trailing(
    printed: str, text: str, start: int, end: int, profile: Profile
) -> tuple[int, Labels]:
    """Status and department brackets at a title's end: ``■広報【広報課】`` → the title's end."""
    labels = Labels()
    while True:
        while (end > start and text[end - 1] in " \t:") or (
            end > start and printed[end - 1] == "*"
        ):
            end -= 1
        opening = _opening_of_last_bracket(text, start, end)
        if opening is None or opening <= start:
            break
        found = read_bracketed(printed, text[:end], opening, profile)
        if found is None or found[1] != end:
            break
        labels.statuses[:0] = found[0].statuses
        labels.departments[:0] = found[0].departments
        end = opening
    words = re.search(r"[\s](\S{2,10})$", text[start:end])
    if words and fold_status(words[1], profile) and not labels.statuses:
        labels.statuses.append(printed[start + words.start(1) : end])
        end = start + words.start()
    while end > start and text[end - 1] in " \t:":
        end -= 1
    for mark in profile.department_marks:
        at = text.find(mark, start, end)
        if at > start:
            labels.departments.append(printed[at + 1 : end].strip())
            return trim_trailing_end(text, start, at), labels
    return end, labels


def trim_trailing_end(text: str, start: int, end: int) -> int:
    """``end`` without the spaces before it."""
    while end > start and text[end - 1] in " \t":
        end -= 1
    return end


def _opening_of_last_bracket(text: str, start: int, end: int) -> int | None:
    if end <= start or text[end - 1] not in patterns.CLOSING:
        return None
    closing = text[end - 1]
    opening = patterns.OPENING[patterns.CLOSING.index(closing)]
    depth = 0
    for index in range(end - 1, max(start - 1, end - BRACKET_INSIDE_MAXIMUM), -1):
        if text[index] == closing:
            depth += 1
        elif text[index] == opening:
            depth -= 1
            if depth == 0:
                return index
    return None


__all__ = ["Leading", "fold_status", "is_department", "scan_leading", "trim_trailing"]
