"""How do the words of one run of characters belong together?"""

from __future__ import annotations

import re
from itertools import pairwise

from indexer.analysis.analyzer import Lexeme
from indexer.engine.query import Best, Nothing, Query
from indexer.search.expansion import Alternative
from indexer.search.response import MatchKind
from indexer.search.vocabulary import closing_words

_HIRAGANA = re.compile("[ぁ-ゖ]")


def reads_better(ways: list[Alternative], words: tuple[Lexeme, ...], *, covers: bool) -> bool:
    """Whether the run is read in fewer pieces than the dictionary cut it into, or as a known word
    of another print."""
    if any(way.form.kind is MatchKind.SYNONYM for way in ways):
        return True
    read = [way.form.terms for way in ways if way.form.kind is MatchKind.READING]
    return bool(read) and (not covers or len(read[0]) < len(words))


def is_sentence(words: tuple[Lexeme, ...]) -> bool:
    """Whether particles stand between the words: half of a compound is another thing."""
    return any(first.end < second.start for first, second in pairwise(words))


def is_telling(surface: str) -> bool:
    """Whether a word says enough to be looked for without the others: 踏切, not 開か(ずの)."""
    hiragana = len(_HIRAGANA.findall(surface))
    return len(surface) - hiragana > 1 or hiragana == len(surface) > 1


def without_closing(words: tuple[Lexeme, ...]) -> tuple[Lexeme, ...]:
    """The words without a closing …の予算, …の金額."""
    while len(words) > 1 and words[-1].term in closing_words() and is_sentence(words[-2:]):
        words = words[:-1]
    return words


def best_of(ways: tuple[Query, ...]) -> Query:
    """The best of the ways that can match at all."""
    possible = tuple(way for way in ways if not isinstance(way, Nothing))
    return Best(possible) if len(possible) > 1 else next(iter(possible), Nothing())
