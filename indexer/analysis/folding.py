"""Which letters count as the same letter? Lossy folding, with a map back to the printed text.

Folding happens only for the index and the query; what is shown is always the printed text, which
the map leads back to: ``㎡`` folds to ``m2`` and a match on ``2`` marks the whole ``㎡``.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

_LONG_VOWEL = "ー"
_DASHES = "‐‑‒–—―−－﹣─━"
_ZERO_WIDTH = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_SMALL_KE = {"ヶ": "ケ", "ヵ": "カ", "〜": "~", "～": "~"}
_KEPT_CONTROLS = "\n"
_COMBINING_MARKS = frozenset(map(chr, (*range(0x300, 0x370), 0x3099, 0x309A, 0xFF9E, 0xFF9F)))
_LONG_VOWEL_DASH = re.compile(r"(?<=[ァ-ヺー])-(?=[ァ-ヺー]|\W|$)")


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text; ``starts``/``ends`` hold, per folded character, its span in the original.

    Both are null when every character folded to exactly one, so that offsets are the same.
    """

    original: str
    text: str
    starts: Sequence[int] | None = None
    ends: Sequence[int] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original span of the folded span [start, end); empty stays empty."""
        if self.starts is None or self.ends is None:
            return start, end
        if start >= end:
            at = self.starts[start] if start < len(self.starts) else len(self.original)
            return at, at
        return self.starts[start], self.ends[end - 1]


def fold(text: str) -> Folded:
    """Fold width, case, dashes, radicals, variant kanji and invisible characters.

    Total: any string, lone surrogates and NUL included, gives a text that can be encoded.
    """
    table = _table()
    folded = text.translate(table)
    if len(folded) == len(text) and table.uneven.isdisjoint(text):
        return Folded(text, _restore_long_vowels(folded))
    pieces: list[str] = []
    starts, ends = array("L"), array("L")
    for start, end in _clusters(text):
        piece = _fold_cluster(text[start:end], table)
        pieces.append(piece)
        starts.extend([start] * len(piece))
        ends.extend([end] * len(piece))
    return Folded(text, _restore_long_vowels("".join(pieces)), starts, ends)


def fold_text(text: str) -> str:
    """The folded text alone, for comparing two strings."""
    return fold(text).text


def to_hiragana(text: str) -> str:
    """Katakana as hiragana, so that ごみ and ゴミ are one term."""
    return text.translate(_HIRAGANA)


def to_katakana(text: str) -> str:
    """Hiragana as katakana, the script of readings."""
    return text.translate(_KATAKANA)


_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
_KATAKANA = {code: code + 0x60 for code in range(ord("ぁ"), ord("ゖ") + 1)}


def _restore_long_vowels(folded: str) -> str:
    """A dash inside katakana is a long vowel: サ－バ－ is サーバー."""
    if "-" not in folded:
        return folded
    return _LONG_VOWEL_DASH.sub(_LONG_VOWEL, folded)


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Spans of one character with the combining marks that follow it (ﾃ + ﾞ)."""
    start = 0
    for index in range(1, len(text) + 1):
        if index < len(text) and text[index] in _COMBINING_MARKS:
            continue
        yield start, index
        start = index


def _fold_cluster(cluster: str, table: _FoldTable) -> str:
    if len(cluster) > 1:
        cluster = unicodedata.normalize("NFKC", cluster)
    return cluster.translate(table)


class _FoldTable(dict[int, str]):
    """Code point to folded string, worked out when first met.

    ``uneven`` collects the characters that do not fold to exactly one: ㈱, ㎡, zero width spaces,
    and the marks that combine with the character before them.
    """

    def __init__(self) -> None:
        super().__init__()
        self.uneven = set(_COMBINING_MARKS)
        for radical, ideograph in _read_pairs("radicals.tsv"):
            self[ord(radical)] = ideograph
        for kept, variants in _read_pairs("variants.tsv"):
            self.update((ord(variant), kept) for variant in variants)
        self.update((ord(character), plain) for character, plain in _SMALL_KE.items())

    def __missing__(self, code: int) -> str:
        folded = _fold_by_rule(code)
        if len(folded) != 1:
            self.uneven.add(chr(code))
        self[code] = folded
        return folded


@lru_cache(maxsize=1)
def _table() -> _FoldTable:
    return _FoldTable()


def _fold_by_rule(code: int) -> str:
    """NFKC and lower case; dashes to one; controls to spaces; invisible characters to nothing."""
    character = chr(code)
    if 0xD800 <= code <= 0xDFFF:
        return "\ufffd"
    if character in _ZERO_WIDTH or 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF:
        return ""
    if character in _DASHES:
        return "-"
    if code < 0x20 or code == 0x7F:
        return character if character in _KEPT_CONTROLS else " "
    folded = unicodedata.normalize("NFKC", character).lower()
    if folded == character:
        return folded
    # NFKC may itself give a dash or a radical (⁻ becomes −): fold what it gave once more.
    return "".join(part if part == character else _table()[ord(part)] for part in folded)


def _read_pairs(name: str) -> Iterator[tuple[str, str]]:
    """The tab-separated pairs of a data file; ``#`` begins a comment line."""
    text = resources.files("indexer.analysis").joinpath("data", name).read_text("utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            first, second = line.split("\t")
            yield first, second
