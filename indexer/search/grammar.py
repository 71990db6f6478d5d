"""Which words, phrases, exclusions and fields did the person type?

    防災 アプリ                       both words
    "危機管理課" 「普及・啓発」          the characters in this order
    -広報  NOT 広報                   without it
    防災 OR 減災  防災 | 減災           either
    (防災 OR 減災) 訓練                grouped
    課:総務課  区分:新規                a field

The forgiving door (``parse``) takes any string and says what it passed over; the strict one
(``parse_strictly``) raises :class:`UsageError` with the first such remark. Limits on length, terms
and nesting (``indexer.settings``) hold here, before the engine sees anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from indexer import settings
from indexer.analysis.folding import fold_text
from indexer.errors import UsageError
from indexer.search.vocabulary import field_names


@dataclass(frozen=True, slots=True)
class Words:
    """A run of characters without spaces: 生成AIの活用."""

    text: str


@dataclass(frozen=True, slots=True)
class Quoted:
    """Characters that must stand in this order."""

    text: str


@dataclass(frozen=True, slots=True)
class FieldIs:
    """``課:総務課``: ``field`` as in the table of field names, the value as typed."""

    field: str
    value: str
    typed: str


@dataclass(frozen=True, slots=True)
class Excluded:
    """What must not be there."""

    part: Clause


@dataclass(frozen=True, slots=True)
class Either:
    """One of the parts at least."""

    parts: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class All:
    """Every part."""

    parts: tuple[Clause, ...]


Clause = Words | Quoted | FieldIs | Excluded | Either | All


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """The clauses of the typed text, and what was passed over, in Japanese sentences."""

    root: All
    remarks: tuple[str, ...] = ()


_QUOTES = {'"': '"', "“": "”", "„": "”", "＂": "＂", "「": "」", "『": "』", "｢": "｣"}
_CLOSING = frozenset("”」』｣")
_OPEN, _CLOSE = "(（", ")）"
_MINUS = "-－−‐–"
_OR = frozenset({"OR", "ＯＲ", "|", "｜", "||", "または", "又は"})
_AND = frozenset({"AND", "ＡＮＤ", "&", "＆", "&&", "かつ"})
_NOT = frozenset({"NOT", "ＮＯＴ"})
_FIELD = re.compile(r"([^:：\s]{1,20})[:：]")


def parse(text: str) -> ParsedQuery:
    """The best reading of any string; never raises."""
    return _Parser(text).parse()


def parse_strictly(text: str) -> ParsedQuery:
    """The reading of a well-formed query; ``UsageError`` for what ``parse`` would remark on."""
    parsed = parse(text)
    if parsed.remarks:
        raise UsageError(parsed.remarks[0])
    return parsed


class _Parser:
    """Recursive descent over the characters; every method moves on or ends."""

    def __init__(self, text: str) -> None:
        self._remarks: dict[str, None] = {}
        if len(text) > settings.QUERY_CHARACTERS:
            longest = settings.QUERY_CHARACTERS
            text = text[:longest]
            self._remark(f"検索の言葉が長いため、はじめの{longest}文字で探しました。")
        # Half a surrogate pair cannot be printed in a remark.
        self._text = text.encode("utf-8", "replace").decode("utf-8")
        self._at = 0
        self._terms = 0

    def parse(self) -> ParsedQuery:
        root = self._all(0)
        return ParsedQuery(root, tuple(self._remarks))

    def _remark(self, sentence: str) -> None:
        self._remarks.setdefault(sentence)

    def _all(self, depth: int) -> All:
        """Clauses up to the end or, inside a group, its closing bracket."""
        parts: list[Clause] = []
        pending_or = False
        while (word := self._next_operator_or_clause(depth)) is not None:
            if word == "OR":
                if not parts or pending_or:
                    self._remark("「OR」の前に言葉がないため、読み飛ばしました。")
                pending_or = bool(parts)
            elif isinstance(word, str):
                continue
            elif pending_or:
                previous = parts.pop()
                parts.append(_either(previous, word))
                pending_or = False
            else:
                parts.append(word)
        if pending_or:
            self._remark("「OR」のあとに言葉がないため、読み飛ばしました。")
        return All(tuple(parts))

    def _next_operator_or_clause(self, depth: int) -> Clause | str | None:
        """A clause, ``"OR"``, ``"AND"`` or another mark to pass over; null at the end."""
        self._skip_spaces()
        if self._at >= len(self._text):
            return None
        character = self._text[self._at]
        if character in _CLOSE:
            self._at += 1
            if depth:
                return None
            self._remark("対応する「（」のない「）」を読み飛ばしました。")
            return ""
        operator = self._operator()
        if operator is not None:
            return operator if operator != "NOT" else self._excluded("NOT", depth)
        if character in _MINUS:
            self._at += 1
            return self._excluded(character, depth)
        return self._clause(depth)

    def _operator(self) -> str | None:
        end = self._word_end(self._at, stops=_OPEN + _CLOSE)
        word = self._text[self._at : end]
        for name, spellings in (("OR", _OR), ("AND", _AND), ("NOT", _NOT)):
            if word in spellings:
                self._at = end
                return name
        return None

    def _excluded(self, mark: str, depth: int) -> Clause | str:
        if self._at >= len(self._text) or (mark != "NOT" and self._text[self._at].isspace()):
            self._remark(f"「{mark}」のあとに言葉がないため、読み飛ばしました。")
            return ""
        self._skip_spaces()
        if self._at >= len(self._text) or self._text[self._at] in _CLOSE:
            self._remark(f"「{mark}」のあとに言葉がないため、読み飛ばしました。")
            return ""
        while self._at < len(self._text) and self._text[self._at] in _MINUS:
            self._at += 1
        clause = self._clause(depth)
        return clause if isinstance(clause, str) else Excluded(clause)

    def _clause(self, depth: int) -> Clause | str:
        if self._at >= len(self._text):
            return ""
        character = self._text[self._at]
        if character in _OPEN:
            return self._group(depth)
        if character in _QUOTES:
            quoted = self._quoted()
            return self._count(Quoted(quoted)) if quoted.strip() else ""
        if character in _CLOSING:
            self._at += 1
            self._remark(f"対応する始まりのない「{character}」を読み飛ばしました。")
            return ""
        field = self._field()
        return self._words() if field is None else field

    def _group(self, depth: int) -> Clause | str:
        self._at += 1
        if depth >= settings.QUERY_NESTING:
            deepest = settings.QUERY_NESTING
            self._remark(f"かっこの入れ子が{deepest}段を超えたため、内側を読み飛ばしました。")
            return ""
        closed_at = len(self._text)
        group = self._all(depth + 1)
        if self._at >= closed_at and self._text[closed_at - 1] not in _CLOSE:
            self._remark("（）が閉じていません。終わりまでを一組としました。")
        return group if group.parts else ""

    def _quoted(self) -> str:
        opening = self._text[self._at]
        closing = _QUOTES[opening]
        start = self._at + 1
        end = self._text.find(closing, start)
        if end < 0:
            self._remark(f"{opening}{closing}が閉じていません。終わりまでを一つの語句としました。")
            end = len(self._text)
        self._at = min(end + 1, len(self._text))
        return self._text[start:end]

    def _field(self) -> Clause | str | None:
        """``課:総務課``; null when the name before the colon is none of ours."""
        match = _FIELD.match(self._text, self._at)
        field = field_names().get(fold_text(match[1])) if match else None
        if match is None or field is None:
            return None
        start, self._at = self._at, match.end()
        if self._at < len(self._text) and self._text[self._at] in _QUOTES:
            value = self._quoted()
        else:
            end = self._word_end(self._at, stops=_CLOSE)
            value, self._at = self._text[self._at : end], end
        if not value.strip():
            self._remark(f"「{match[0]}」のあとに値がないため、読み飛ばしました。")
            return ""
        return self._count(FieldIs(field, value.strip(), self._text[start : self._at]))

    def _words(self) -> Clause | str:
        end = self._word_end(self._at, stops="".join(_QUOTES) + "".join(_CLOSING))
        while self._closes_nothing(end):
            end = self._word_end(end + 1, stops="".join(_QUOTES) + "".join(_CLOSING))
        end = self._before_group_end(end)
        text, self._at = self._text[self._at : end], end
        return self._count(Words(text))

    def _closes_nothing(self, end: int) -> bool:
        """A closing mark with characters on both sides belongs to the word: さくらん号」の運行 is a
        piece of print, copied without its beginning."""
        text = self._text
        return end + 1 < len(text) and text[end] in _CLOSING and text[end + 1].isalnum()

    def _before_group_end(self, end: int) -> int:
        """A bracket opened inside the word (無償化（仮称）) belongs to it; others end it."""
        open_brackets = 0
        for index in range(self._at, end):
            if self._text[index] in _OPEN:
                open_brackets += 1
            elif self._text[index] in _CLOSE:
                if not open_brackets:
                    return max(index, self._at + 1)
                open_brackets -= 1
        return end

    def _count(self, clause: Clause) -> Clause | str:
        self._terms += 1
        if self._terms > settings.QUERY_TERMS:
            self._remark(f"言葉が多いため、はじめの{settings.QUERY_TERMS}語で探しました。")
            return ""
        return clause

    def _word_end(self, start: int, stops: str) -> int:
        """Where the run of characters that are neither spaces nor ``stops`` ends; moves on."""
        end = start
        while end < len(self._text) and not self._text[end].isspace():
            if end > start and self._text[end] in stops:
                break
            end += 1
        return end

    def _skip_spaces(self) -> None:
        while self._at < len(self._text) and self._text[self._at].isspace():
            self._at += 1


def _either(first: Clause, second: Clause) -> Either:
    parts = first.parts if isinstance(first, Either) else (first,)
    return Either((*parts, second))
