"""What may someone who typed this want to type? Completions and もしかして, from print alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from heapq import nsmallest

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from indexer.analysis.analyzer import Analyzer
from indexer.analysis.folding import fold_text
from indexer.search import readings
from indexer.search.lexicon import Entry, Lexicon

_KIND_ORDER = {
    "title": 1,
    "department": 0,
    "section": 0,
    "publisher": 0,
    "policy_goal": 2,
    "word": 3,
}
_HALF_TYPED_ROMAJI = re.compile(r"(?<=[ぁ-ヺー一-鿿々])[a-z]{1,3}$")
_HALF_A_SYLLABLE = re.compile(r"[bcdfghjkmprstvwxyz]{1,3}$")
"""The last consonants of romaji on the way to a syllable; n is one itself."""
_ROMAJI = re.compile(r"[a-zāīūēōâîûêô' -]{2,}")
_KANA_AT_THE_END = re.compile("[一-鿿々].*[ぁ-ゖァ-ヺー]$")
_HIRAGANA = re.compile("[ぁ-ゖ]")
_SPELLINGS = 3
_EDITS_MAXIMUM = 2
_SHORTEST = 3
_LONG = 8
_NEAR_MAXIMUM = 50
_READING_LENGTH = 5
_TITLE_SCORE = 80.0
_TITLE_LENGTH = 6
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A printed text, and what it is: ``title``, a facet name, or ``word``."""

    text: str
    kind: str


def suggest(lexicon: Lexicon, text: str, limit: int, analyzer: Analyzer) -> tuple[Suggestion, ...]:
    """Printed texts that begin with, hold, or are read like ``text``, likeliest first."""
    folded = fold_text(text).strip()
    if not folded:
        return ()
    # An input method leaves half a syllable at the end: ふるさとのうz.
    whole = _HALF_TYPED_ROMAJI.sub("", folded)
    reading = _reading_so_far(whole, analyzer)
    if whole != folded and not lexicon.names_with(folded):
        folded = whole
    ranks: dict[Entry, int] = {}
    for rank, entries in enumerate(_near_and_far(lexicon, folded, reading)):
        for entry in entries:
            ranks.setdefault(entry, rank)
    best = nsmallest(
        2 * limit,  # the same text may be a title and a word
        ranks,
        key=lambda e: (ranks[e], _KIND_ORDER[e.kind], -e.count, len(e.text), e.text),
    )
    texts: dict[str, str] = {}
    for entry in best:
        texts.setdefault(entry.text, entry.kind)
    return tuple(Suggestion(name, kind) for name, kind in list(texts.items())[:limit])


def _reading_so_far(folded: str, analyzer: Analyzer) -> str:
    """The reading that kana, romaji however short, or kanji with kana behind them begin to spell:
    生活ほ is せいかつほ."""
    if _ROMAJI.fullmatch(folded):
        return readings.reading_of_romaji(_HALF_A_SYLLABLE.sub("", folded.replace(" ", "")))
    if _KANA_AT_THE_END.fullmatch(folded):
        return analyzer.spoken(folded)
    return readings.reading_of_typed(folded)


def _near_and_far(lexicon: Lexicon, folded: str, reading: str) -> Iterator[list[Entry]]:
    """Entries that begin with the text, are read so from the beginning, hold it, are read so."""
    yield lexicon.beginning_with(folded)
    yield lexicon.read_from_the_beginning(reading) if reading else []
    yield lexicon.names_with(folded) if len(folded) > 1 else []
    yield lexicon.names_read_with(reading) if len(reading) > 2 else []


def spellings(lexicon: Lexicon, typed: str, analyzer: Analyzer) -> tuple[Entry, ...]:
    """Printed texts that ``typed`` may be a misspelling of, nearest first; never itself.

    Kanji are compared by reading, too, for edit distance alone is noise between words of two
    kanji. Figures must be the same: 令和6年度 is no misspelling of 令和7年度.
    """
    folded = fold_text(typed).strip()
    if len(folded) < 2 or not re.search(r"[^\W\d]", folded):
        return ()
    found = dict.fromkeys(_same_reading(lexicon, folded, analyzer))
    found.update(dict.fromkeys(_near_words(lexicon, folded, analyzer)))
    if len(folded) >= _TITLE_LENGTH:
        found.update(dict.fromkeys(_near_titles(lexicon, folded)))
    figures = _DIGITS.findall(folded)
    return tuple(
        entry
        for entry in found
        if entry.folded != folded and _DIGITS.findall(entry.folded) == figures
    )[:_SPELLINGS]


def _same_reading(lexicon: Lexicon, folded: str, analyzer: Analyzer) -> Iterator[Entry]:
    """Homophones: 予参 for 予算, 保育え for none."""
    reading = readings.reading_of_typed(folded) or analyzer.spoken(folded)
    if len(reading) >= 3:
        yield from sorted(lexicon.by_reading.get(reading, ()), key=lambda entry: -entry.count)


def _near_words(lexicon: Lexicon, folded: str, analyzer: Analyzer) -> Iterator[Entry]:
    """Words and names within one edit, or two from eight characters on; by reading also."""
    near = list(_within(lexicon.of_length, folded, penalty=0.0))
    reading = readings.reading_of_typed(folded) or analyzer.spoken(folded)
    # 残業 is read almost like 林業: what was typed without kana is not compared by sound.
    is_by_sound = readings.reading_of_typed(folded) or _HIRAGANA.search(folded)
    if is_by_sound and len(reading) >= _READING_LENGTH:
        near.extend(_within(lexicon.read_in_length, reading, penalty=0.5))
    near.sort(key=lambda found: (found[0], -found[1].count, found[1].text))
    yield from (entry for _, entry in near[:_SPELLINGS])


_OfLength = Callable[[int, int], tuple[list[str], list[Entry]]]


def _within(of_length: _OfLength, typed: str, penalty: float) -> Iterator[tuple[float, Entry]]:
    """Edits and entry of the printed texts few enough edits away for their length."""
    allowed = 1 if len(typed) < _LONG else _EDITS_MAXIMUM
    # Two letters more or fewer make another word: エレベーター of 宇宙エレベーター.
    texts, entries = of_length(max(_SHORTEST, len(typed) - 1), len(typed) + 1)
    near = process.extract(
        typed, texts, scorer=OSA.distance, score_cutoff=allowed, limit=_NEAR_MAXIMUM
    )
    for text, distance, index in near:
        if distance <= (1 if min(len(typed), len(text)) < _LONG else _EDITS_MAXIMUM):
            yield distance + penalty, entries[index]


def _near_titles(lexicon: Lexicon, folded: str) -> Iterator[Entry]:
    # A ratio of 80 or more needs lengths within two thirds to one and a half of each other.
    texts, entries = lexicon.of_length(2 * len(folded) // 3, 3 * len(folded) // 2)
    near = process.extract(
        folded, texts, scorer=fuzz.ratio, limit=_SPELLINGS, score_cutoff=_TITLE_SCORE
    )
    yield from (entries[index] for _, _, index in near if entries[index].kind != "word")
