"""What may someone who typed this want to type? Completions and もしかして, from print alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

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
_HALF_TYPED_ROMAJI = re.compile(r"(?<=[ぁ-ヺー])[a-z]{1,3}$")
_SPELLINGS = 3
_EDITS_MAXIMUM = 2
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


def suggest(lexicon: Lexicon, text: str, limit: int) -> tuple[Suggestion, ...]:
    """Printed texts that begin with, hold, or are read like ``text``, likeliest first."""
    folded = fold_text(text).strip()
    if not folded:
        return ()
    # An input method leaves half a syllable at the end: ふるさとのうz.
    reading = readings.reading_of_typed(_HALF_TYPED_ROMAJI.sub("", folded))
    ranked = sorted(
        (rank, _KIND_ORDER[entry.kind], -entry.count, len(entry.text), entry.text, entry.kind)
        for entry in lexicon.entries
        if (rank := _rank(entry, folded, reading)) is not None
    )
    found = dict.fromkeys((text, kind) for *_, text, kind in ranked)
    texts: dict[str, str] = {}
    for name, kind in found:
        texts.setdefault(name, kind)
    return tuple(Suggestion(name, kind) for name, kind in list(texts.items())[:limit])


def _rank(entry: Entry, folded: str, reading: str) -> int | None:
    """How close: 0 begins with the text, 1 is read so from the beginning, 2 holds it, 3 is read."""
    if entry.folded.startswith(folded):
        return 0
    if reading and entry.reading.startswith(reading):
        return 1
    if len(folded) > 1 and folded in entry.folded and entry.kind != "word":
        return 2
    if len(reading) > 2 and reading in entry.reading and entry.kind != "word":
        return 3
    return None


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
    near = list(_within(lexicon.folded, folded, penalty=0.0))
    reading = readings.reading_of_typed(folded) or analyzer.spoken(folded)
    if len(reading) >= _READING_LENGTH:
        near.extend(_within(lexicon.readings, reading, penalty=0.5))
    scored = sorted(
        (distance, -lexicon.entries[index].count, lexicon.entries[index].text, index)
        for distance, index in near
    )
    yield from (lexicon.entries[index] for *_, index in scored[:_SPELLINGS])


def _within(printed: list[str], typed: str, penalty: float) -> Iterator[tuple[float, int]]:
    """Edits and index of the printed texts few enough edits away for their length."""
    near = process.extract(
        typed, printed, scorer=OSA.distance, score_cutoff=_EDITS_MAXIMUM, limit=_NEAR_MAXIMUM
    )
    for text, distance, index in near:
        shorter = min(len(typed), len(text))
        if shorter >= 3 and distance <= (1 if shorter < 8 else _EDITS_MAXIMUM):
            yield distance + penalty, index


def _near_titles(lexicon: Lexicon, folded: str) -> Iterator[Entry]:
    titles = {entry.folded: entry for entry in lexicon.entries if entry.kind != "word"}
    near = process.extract(
        folded, list(titles), scorer=fuzz.ratio, limit=_SPELLINGS, score_cutoff=_TITLE_SCORE
    )
    yield from (titles[name] for name, *_ in near)
