"""How do the words of one run of characters belong together?"""

from __future__ import annotations

import re
from itertools import combinations, pairwise

from indexer.analysis.analyzer import Lexeme
from indexer.engine.query import And, Best, Nothing, Or, Query
from indexer.search.expansion import Alternative
from indexer.search.response import MatchKind
from indexer.search.vocabulary import closing_words, general_words

_HIRAGANA = re.compile("[ぁ-ゖ]")
_COMBINED_MAXIMUM = 10
"""More words than this are not combined in pairs: the query would grow with their square."""


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


def some_of(words: tuple[Lexeme, ...], queries: list[Query], *, is_sentence: bool) -> Query | None:
    """Half of the words that tell enough, the others adding what they find; null when those are
    too few to stand for all of them."""
    telling: list[Query] = []
    others: list[Query] = []
    for word, query in zip(words, queries, strict=True):
        is_one = is_telling(word.surface) and word.term not in general_words()
        (telling if is_one else others).append(query)
    if not telling or (not is_sentence and not others and len(telling) < 3):
        return None
    # Of a compound nothing may be missing but what says little: 土石流 is enough of 土石流対策,
    # 宇宙 is not of 宇宙エレベーター.
    found = half_of(telling) if is_sentence or not others else And(tuple(telling))
    return Or((found, And((found, Or(tuple(others)))))) if others else found


def without_closing(words: tuple[Lexeme, ...]) -> tuple[Lexeme, ...]:
    """The words without a closing …の予算, …の金額."""
    while len(words) > 1 and words[-1].term in closing_words() and is_sentence(words[-2:]):
        words = words[:-1]
    return words


def half_of(queries: list[Query]) -> Query:
    """Half of the queries or so: either of two, two of three to ten, any of more."""
    if len(queries) < 3 or len(queries) > _COMBINED_MAXIMUM:
        return Or(tuple(queries))
    return Best(tuple(And(pair) for pair in combinations(queries, 2)))


def best_of(ways: tuple[Query, ...]) -> Query:
    """The best of the ways that can match at all."""
    possible = tuple(way for way in ways if not isinstance(way, Nothing))
    return possible[0] if len(possible) == 1 else Best(possible)
