"""Which of the candidates is meant? Words, characters and meaning, weighed together.

The engine finds candidates and adds up the scores of words. Here the first few hundred of them are
looked at more closely; what each sign says is a number about 0 … 1, and what it counts for was
fitted on questions with a known answer (``data/ranking.toml``, made by
``python -m tests.benchmarks.fit_ranking``). Without sentence vectors other weights hold.
"""

from __future__ import annotations

import math
import re
import tomllib
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from itertools import pairwise

from indexer.engine import schema
from indexer.engine.interface import Reader
from indexer.engine.query import Everything
from indexer.search.response import Held
from indexer.search.sought import Near

RANKED = 200
"""Candidates looked at closely."""
_PAIRS_MAXIMUM = 120
_LETTERS = re.compile(r"[^\W_]+")
_SENTENCES = 3
"""Sentences of a candidate that are worth showing."""
_NEAREST = 50
_NEAREST_LEAST = 0.3
"""Programmes found by meaning alone, and the least likeness of their best sentence."""

SIGNS = (
    "words",
    "together",
    "covered",
    "near_covered",
    "pairs",
    "sentence",
    "title",
    "named",
    "closest",
    "title_close",
)
"""
words        the scores of the words, by what the words tell together
together     the scores of words side by side and of whole titles
covered      the share of the words that are there, rare ones counting more
near_covered the share of those there at least by a word near in meaning
pairs        the same share of the pairs of characters, in the whole programme
sentence     … in its best sentence
title        … in its title
named        the share of the title's own pairs that were typed
closest      likeness in meaning of the best sentence
title_close  … of the title
"""
_OF_MEANING = frozenset({"closest", "title_close"})


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its score and its sentences, those that speak most for it first."""

    program_id: str
    score: float
    passages: tuple[int, ...]
    """Numbers of sentences; empty where there is nothing but a title."""
    holds: tuple[Held, ...]
    """Of each concept, how it is there."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A candidate looked at: its signs in the order of ``SIGNS``, its best sentences, and which of
    the concepts it holds."""

    signs: tuple[float, ...]
    passages: tuple[int, ...]
    holds: tuple[Held, ...]


@dataclass(frozen=True, slots=True)
class Weights:
    """What the signs count for, and what likelihoods came out on held-out questions."""

    by_sign: Mapping[str, float]
    likelihoods: tuple[tuple[float, float], ...]
    """Pairs, ascending: from this share of the candidates' weight on, so many were right."""


@lru_cache(maxsize=2)
def load_weights(*, with_meaning: bool) -> Weights:
    """The fitted weights, with sentence vectors or without."""
    text = resources.files("indexer.search").joinpath("data", "ranking.toml").read_text("utf-8")
    table = tomllib.loads(text)["with_meaning" if with_meaning else "without_meaning"]
    return Weights(table["weights"], tuple(map(tuple, table["likelihoods"])))


Encode = Callable[[str], Sequence[float]]
"""What makes a vector of a text."""


class Ranker:
    """Weighs candidates for one typed text. Safe under threads."""

    def __init__(self, reader: Reader, encode: Encode | None) -> None:
        self._reader = reader
        self._encode = encode
        self._size = reader.count(Everything())
        self._rarity = lru_cache(maxsize=1 << 14)(self._rarity_of)

    def vector(self, text: str) -> Sequence[float] | None:
        """The meaning of a text, where the index has vectors to compare it with."""
        if self._encode is None or not text:
            return None
        return self._encode(text)

    def nearest(self, vector: Sequence[float] | None) -> tuple[str, ...]:
        """Programmes near in meaning, whatever their words."""
        if vector is None:
            return ()
        found = self._reader.nearest(vector, _NEAREST)
        return tuple(one for one, likeness in found if likeness >= _NEAREST_LEAST)

    def likelihood(self, ranked: Sequence[Ranked], vector: Sequence[float] | None) -> float | None:
        """How likely the first of the candidates is the one meant, whichever fiscal year of it:
        what stands there for several years is one candidate, by the best of them."""
        known = load_weights(with_meaning=vector is not None).likelihoods
        if not ranked or not known:
            return None
        lineages = self._reader.lineages([item.program_id for item in ranked])
        scores: dict[int, float] = {}
        for lineage, item in zip(lineages, ranked, strict=True):
            scores[lineage] = max(item.score, scores.get(lineage, -math.inf))
        best = max(scores.values())
        weights = {lineage: math.exp(score - best) for lineage, score in scores.items()}
        share = weights[lineages[0]] / sum(weights.values())
        return known[max(0, bisect_right(known, (share, 2.0)) - 1)][1]

    def rank(
        self, near: Near, program_ids: Sequence[str], vector: Sequence[float] | None
    ) -> tuple[Ranked, ...]:
        """The candidates, best first."""
        signs = self.signs(near, program_ids, vector)
        weights = load_weights(with_meaning=vector is not None).by_sign
        used = [(SIGNS.index(name), weight) for name, weight in weights.items()]
        ranked = [
            Ranked(one, sum(w * looked.signs[n] for n, w in used), looked.passages, looked.holds)
            for one, looked in zip(program_ids, signs, strict=True)
        ]
        # Stable: of equal ones the engine's order holds.
        return tuple(sorted(ranked, key=lambda item: -item.score))

    def signs(
        self, near: Near, program_ids: Sequence[str], vector: Sequence[float] | None
    ) -> list[Looked]:
        """What is seen of each candidate."""
        concepts = [concept.query for concept in near.concepts]
        weights = [concept.weight for concept in near.concepts]
        related = [concept.related for concept in near.concepts]
        scores = self._reader.scores(program_ids, (*concepts, *related, *near.bonus))
        passages = self._reader.passages(program_ids)
        likeness = self._reader.closeness(program_ids, vector) if vector is not None else None
        pairs = self._pairs(near.text)
        fitted = load_weights(with_meaning=vector is not None).by_sign
        sentence_weights = fitted.get("sentence", 1.0), fitted.get("closest", 0.0)
        all_weights = sum(weights) or 1.0
        found: list[Looked] = []
        for index, row in enumerate(scores):
            count = len(weights)
            words, others, together = row[:count], row[count : 2 * count], row[2 * count :]
            each = list(zip(weights, words, others, strict=True))
            covered = sum(weight for weight, word, _ in each if word)
            near_covered = sum(weight for weight, word, other in each if word or other)
            by_text, shares = _by_text(passages[index], pairs)
            alike = likeness[index] if likeness is not None else ()
            by_meaning = (max(alike), alike[0]) if alike else (0.0, 0.0)
            signs = (
                sum(map(max, words, others)) / all_weights / 4,
                math.log1p(sum(together)) / 4,
                covered / all_weights,
                near_covered / all_weights,
                *by_text,
                *by_meaning,
            )
            holds = tuple(held_by(word, other) for _, word, other in each)
            found.append(Looked(signs, _best_first(shares, alike, sentence_weights), holds))
        return found

    def _pairs(self, text: str) -> dict[str, float]:
        """The pairs of characters typed, each with what it tells."""
        typed = _LETTERS.findall(_plain(text))
        pairs = dict.fromkeys(a + b for run in typed for a, b in pairwise(run))
        weighed = {pair: self._rarity(pair) for pair in pairs}
        kept = sorted(weighed, key=lambda pair: -weighed[pair])[:_PAIRS_MAXIMUM]
        total = sum(weighed[pair] for pair in kept) or 1.0
        return {pair: weighed[pair] / total for pair in kept}

    def _rarity_of(self, pair: str) -> float:
        frequency = self._reader.document_frequency(schema.BODY_BIGRAM.name, pair)
        return math.log1p((self._size - frequency + 0.5) / (frequency + 0.5))


def held_by(word: float, related: float) -> Held:
    """How a word is held whose forms, and words near in meaning, have these scores."""
    if word:
        return Held.PRINTED
    return Held.NEARLY if related else Held.MISSING


def _by_text(
    passages: Sequence[str], pairs: Mapping[str, float]
) -> tuple[tuple[float, float, float, float], Sequence[float]]:
    """The signs ``pairs``, ``sentence``, ``title`` and ``named``, and each sentence's share."""
    passages = [_plain(text) for text in passages]
    joined = "\n".join(passages)
    there = [(pair, weight) for pair, weight in pairs.items() if pair in joined]
    shares = [sum(weight for pair, weight in there if pair in text) for text in passages]
    if not shares:
        return (0.0, 0.0, 0.0, 0.0), ()
    title = passages[0]
    own = [title[at : at + 2] for at in range(len(title) - 1)]
    named = sum(pair in pairs for pair in own) / len(own) if own else 0.0
    best = max(shares[1:], default=shares[0])
    return (sum(weight for _, weight in there), best, shares[0], named), shares


def _plain(text: str) -> str:
    """The text in one width and case: cheap, for two hundred programmes at once."""
    return unicodedata.normalize("NFKC", text).lower()


def _best_first(
    shares: Sequence[float], likeness: Sequence[float], weights: tuple[float, float]
) -> tuple[int, ...]:
    """The sentences by what they say of the text, as the fitted weights count it."""
    by_text, by_meaning = weights
    alike = likeness if len(likeness) == len(shares) else [0.0] * len(shares)
    scores = [
        by_text * share + by_meaning * like for share, like in zip(shares, alike, strict=True)
    ]
    ranked = sorted(range(1, len(scores)), key=lambda at: -scores[at])
    return tuple(ranked[:_SENTENCES])
