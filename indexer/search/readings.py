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
_LENGTHENED = re.compile("[aiueo]-")
_MACRONS = str.maketrans({"ā": "aa", "ī": "ii", "ū": "uu", "ē": "ei", "ō": "ou", "â": "aa"}) | {
    ord(short): long for short, long in {"î": "ii", "û": "uu", "ê": "ei", "ô": "ou"}.items()
}
_PARTICLES = frozenset("ノヲニトハガヘモヤデオワエ")
"""As written and as spoken: を folds to オ, は is typed wa, へ e."""
_LONG_AFTER = {
    **dict.fromkeys("オコソトノホモヨロゴゾドボポョ", "ウ"),
    **dict.fromkeys("ウクスツヌフムユルグズブプュ", "ウ"),
    **dict.fromkeys("エケセテネヘメレゲゼデベペ", "イ"),
}
_VOICED, _PLAIN = "ガギグゲゴザジズゼゾダデドバビブベボ", "カキクケコサシスセソタテトハヒフヘホ"
_UNVOICED = dict(zip(_VOICED, _PLAIN, strict=True))
_DEARER_UNVOICED = 0.4
_ROMAJI_LETTERS = 4
_PIECE_MAXIMUM = 20
_COST_BY_LENGTH = {1: 2.5, 2: 1.6}
_CUTS = 4
_NEARLY = 0.7
"""How much dearer than the cheapest a cut may be and still be tried."""
_TYPED_MAXIMUM = 48
_LONG_VOWELS_MAXIMUM = 5

_Cut = tuple[float, tuple[str, ...]]

_Spell = Callable[[str, bool], Iterator[tuple[str, float]]]
"""How a piece, perhaps the first one, may be spelled, and what each spelling costs."""
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
    return next(iter(readings_of_typed(text)), "")


def readings_of_typed(text: str) -> tuple[str, ...]:
    """The readings that typed kana or romaji may spell, likeliest first.

    A hyphen joins words (sakura-matsuri) or lengthens a vowel (de-ta).
    """
    folded = fold_text(text)
    if is_kana(folded):
        return (fold_reading(folded.replace("・", "")),)
    letters = folded.translate(_MACRONS)
    bare = letters.replace("-", "")
    if len(bare) < _ROMAJI_LETTERS or not _ROMAJI.fullmatch(bare):
        return ()
    return _romaji_readings(letters)


def reading_of_romaji(typed: str) -> str:
    """The likeliest reading of romaji that may be short: hou. Empty for other letters."""
    letters = fold_text(typed).translate(_MACRONS)
    if not _ROMAJI.fullmatch(letters.replace("-", "")):
        return ""
    return next(iter(_romaji_readings(letters)), "")


def _romaji_readings(letters: str) -> tuple[str, ...]:
    bare = letters.replace("-", "")
    spelled = [jaconv.alphabet2kana(bare)]
    if _LENGTHENED.search(letters):
        spelled.append("ー".join(map(jaconv.alphabet2kana, letters.split("-"))))
    if "ny" in bare:  # kinyuu is きにゅう or, without its mark, きんゆう
        spelled.append(jaconv.alphabet2kana(bare.replace("ny", "n'y")))
    return tuple(filter(None, map(fold_reading, spelled)))


def cut_reading(reading: str, known: Known) -> tuple[tuple[str, ...], ...]:
    """Ways to spell ``reading`` with indexed readings, particles left out, fewest pieces first.

    Several, for words are cut at the same cost in more than one place; none when it cannot be.
    """
    return _cut(reading, known, _voiced_or_not)


def _cut(reading: str, known: Known, spell: _Spell) -> tuple[tuple[str, ...], ...]:
    if not 2 <= len(reading) <= _TYPED_MAXIMUM:
        return ()
    best: list[list[_Cut]] = [[(0.0, ())], *([] for _ in reading)]
    for end in range(1, len(reading) + 1):
        endings = sorted(_endings(reading, end, best, known, spell))
        cuts = {pieces: cost for cost, pieces in endings[::-1]}
        best[end] = sorted((cost, pieces) for pieces, cost in cuts.items())[:_CUTS]
    found = best[len(reading)]
    return tuple(pieces for cost, pieces in found if cost <= found[0][0] + _NEARLY)


def cut_romaji(reading: str, known: Known) -> tuple[tuple[str, ...], ...]:
    """Like :func:`cut_reading`, trying long vowels where romaji leaves them out: nozei, kotu."""
    places = [i for i, sound in enumerate(reading) if sound in _LONG_AFTER][:_LONG_VOWELS_MAXIMUM]
    for choice in sorted(product((False, True), repeat=len(places)), key=sum):
        longer = list(reading)
        for place, is_long in zip(places, choice, strict=True):
            longer[place] += _LONG_AFTER[reading[place]] if is_long else ""
        if cuts := _cut("".join(longer), known, _as_typed):
            return cuts
    return cut_reading(reading, known)


def remembering(known: Known) -> Known:
    """``known`` with its answers kept."""
    return lru_cache(maxsize=1 << 13)(known)


def _voiced_or_not(piece: str, is_first: bool) -> Iterator[tuple[str, float]]:
    """A piece, and behind another one the piece as it is read alone: じょ of ひなんじょ is しょ."""
    yield piece, 0.0
    if not is_first and len(piece) > 1 and piece[0] in _UNVOICED:
        yield _UNVOICED[piece[0]] + piece[1:], _DEARER_UNVOICED


def _as_typed(piece: str, _is_first: bool) -> Iterator[tuple[str, float]]:
    yield piece, 0.0


def _endings(
    reading: str, end: int, best: list[list[_Cut]], known: Known, spell: _Spell
) -> Iterator[_Cut]:
    """Ways to spell the first ``end`` sounds, each with its cost: short pieces are dear."""
    for start in range(max(0, end - _PIECE_MAXIMUM), end):
        if not best[start]:
            continue
        for piece, dearer in spell(reading[start:end], not start):
            if known(piece):
                cost = _COST_BY_LENGTH.get(end - start, 1.0) + dearer
                for before, pieces in best[start]:
                    yield before + cost, (*pieces, piece)
    if end < len(reading) and reading[end - 1] in _PARTICLES:
        for before, pieces in best[end - 1]:
            if pieces:
                yield before + 0.5, pieces
