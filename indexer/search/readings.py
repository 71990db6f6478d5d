"""Which printed words are read like this? Typed kana and romaji, cut where the index has words.

The dictionary cuts kana wrongly (まどぐち becomes まど/ぐち), so it is not asked: a typed string is
cut into readings that the index holds, with the fewest pieces.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import product

import jaconv

from indexer.analysis.dictionary import fold_reading
from indexer.analysis.folding import fold_text

KANA = re.compile("[ぁ-ゖァ-ヺー・]+")
_ROMAJI = re.compile(r"(?:[bcdfghjkmnprstvwyz]{0,3}[aiueo]|n'?)+")
_MACRONS = str.maketrans({"ā": "aa", "ī": "ii", "ū": "uu", "ē": "ei", "ō": "ou", "â": "aa"}) | {
    ord(short): long for short, long in {"î": "ii", "û": "uu", "ê": "ei", "ô": "ou"}.items()
}
_PARTICLES = frozenset("ノヲニトハガヘモヤデ")
_LONG_AFTER = {
    **dict.fromkeys("オコソトノホモヨロゴゾドボポョ", "ウ"),
    **dict.fromkeys("ウクスツヌフムユルグズブプュ", "ウ"),
    **dict.fromkeys("エケセテネヘメレゲゼデベペ", "イ"),
}
_ROMAJI_LETTERS = 4
_PIECE_MAXIMUM = 20
_TYPED_MAXIMUM = 48
_LONG_VOWELS_MAXIMUM = 5

Known = Callable[[str], bool]
"""Whether the index holds a reading."""


def is_kana(text: str) -> bool:
    """Whether a folded text is kana alone."""
    return KANA.fullmatch(text) is not None


def is_hiragana(text: str) -> bool:
    """Whether a folded text is hiragana alone (long vowel marks allowed)."""
    return re.fullmatch("[ぁ-ゖー]+", text) is not None


def reading_of_typed(text: str) -> str:
    """The reading that typed kana or romaji spell, in katakana; empty for anything else."""
    folded = fold_text(text)
    if is_kana(folded):
        return fold_reading(folded.replace("・", ""))
    letters = folded.translate(_MACRONS).replace("-", "")
    if len(letters) >= _ROMAJI_LETTERS and _ROMAJI.fullmatch(letters):
        return fold_reading(jaconv.alphabet2kana(letters))
    return ""


def cut_reading(reading: str, known: Known) -> tuple[str, ...]:
    """The fewest indexed readings that spell ``reading``, particles left out; empty if none do."""
    if not 2 <= len(reading) <= _TYPED_MAXIMUM:
        return ()
    best: list[tuple[float, tuple[str, ...]] | None] = [(0.0, ())] + [None] * len(reading)
    for end in range(1, len(reading) + 1):
        best[end] = min(_endings(reading, end, best, known), default=None)
    found = best[len(reading)]
    return found[1] if found else ()


def cut_romaji(reading: str, known: Known) -> tuple[str, ...]:
    """Like :func:`cut_reading`, trying long vowels where romaji leaves them out: nozei, kotu."""
    places = [i for i, sound in enumerate(reading) if sound in _LONG_AFTER][:_LONG_VOWELS_MAXIMUM]
    for choice in sorted(product((False, True), repeat=len(places)), key=sum):
        longer = list(reading)
        for place, is_long in zip(places, choice, strict=True):
            longer[place] += _LONG_AFTER[reading[place]] if is_long else ""
        if pieces := cut_reading("".join(longer), known):
            return pieces
    return ()


def remembering(known: Known) -> Known:
    """``known`` with its answers kept."""
    return lru_cache(maxsize=1 << 16)(known)


def _endings(
    reading: str,
    end: int,
    best: list[tuple[float, tuple[str, ...]] | None],
    known: Known,
) -> Iterator[tuple[float, tuple[str, ...]]]:
    """Ways to spell the first ``end`` sounds, each with its cost: short pieces are dear."""
    for start in range(max(0, end - _PIECE_MAXIMUM), end - 1):
        before = best[start]
        if before is not None and known(reading[start:end]):
            cost = 1.0 if end - start > 2 else 1.6
            yield before[0] + cost, (*before[1], reading[start:end])
    before = best[end - 1]
    if before is not None and before[1] and end < len(reading) and reading[end - 1] in _PARTICLES:
        yield before[0] + 0.5, before[1]
