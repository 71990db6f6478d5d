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
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from indexer.engine import schema
from indexer.engine.comparison import PAIRS_MAXIMUM
from indexer.engine.interface import Comparison, Reader
from indexer.engine.query import Everything
from indexer.search.response import Held
from indexer.search.sought import Near

RANKED = 200
"""Candidates looked at closely."""
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


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its score. What else is said of it is read off when it is shown."""

    program_id: str
    score: float
    looked: Looked = field(repr=False)
    place: int
    """Its place among the candidates looked at."""

    @property
    def passages(self) -> tuple[int, ...]:
        """Numbers of its sentences, those that speak most for it first; empty where there is
        nothing but a title."""
        return self.looked.passages(self.place)

    @property
    def holds(self) -> tuple[Held, ...]:
        """Of each concept, how it is there."""
        return self.looked.holds(self.place)


@dataclass(frozen=True, slots=True)
class Looked:
    """Candidates looked at. Arrays have an entry, or a row, of each candidate."""

    signs: Mapping[str, NDArray[np.float64]]
    """By name; all of ``SIGNS``."""
    words: NDArray[np.float64]
    """The score of each concept."""
    related: NDArray[np.float64]
    """… of the words near to it in meaning."""
    compared: Comparison
    sentence_weights: tuple[float, float]
    """What the pairs in a sentence, and its meaning, count for."""

    def holds(self, place: int) -> tuple[Held, ...]:
        """Of each concept, how a candidate has it."""
        return tuple(map(held_by, self.words[place].tolist(), self.related[place].tolist()))

    def passages(self, place: int) -> tuple[int, ...]:
        """The sentences of a candidate by what they say of the text, as the fitted weights count
        it."""
        by_text, by_meaning = self.sentence_weights
        start, end = self.compared.bounds[place : place + 2].tolist()
        scores = by_text * self.compared.shares[start:end]
        if self.compared.likeness is not None:
            scores = scores + by_meaning * self.compared.likeness[start:end]
        counted = scores.tolist()
        ranked = sorted(range(1, len(counted)), key=lambda at: -counted[at])
        return tuple(ranked[:_SENTENCES])


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
        self._rarity = lru_cache(maxsize=1 << 13)(self._rarity_of)

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
        looked = self.look(near, program_ids, vector)
        weights = load_weights(with_meaning=vector is not None).by_sign
        scores = np.zeros(len(program_ids))
        for name, weight in weights.items():
            scores += weight * looked.signs[name]
        ranked = [
            Ranked(one, score, looked, place)
            for place, (one, score) in enumerate(zip(program_ids, scores.tolist(), strict=True))
        ]
        # Stable: of equal ones the engine's order holds.
        return tuple(sorted(ranked, key=lambda item: -item.score))

    def look(
        self, near: Near, program_ids: Sequence[str], vector: Sequence[float] | None
    ) -> Looked:
        """What is seen of the candidates."""
        count = len(near.concepts)
        weights = np.array([concept.weight for concept in near.concepts])
        queries = [concept.query for concept in near.concepts]
        queries += [concept.related for concept in near.concepts]
        scores = self._reader.scores(program_ids, (*queries, *near.bonus))
        words, related = scores[:, :count], scores[:, count : 2 * count]
        together = scores[:, 2 * count :].sum(axis=1)
        compared = self._reader.compare(program_ids, self._pairs(near.text), vector)
        fitted = load_weights(with_meaning=vector is not None).by_sign
        total = weights.sum() or 1.0
        signs = {
            "words": np.maximum(words, related).sum(axis=1) / total / 4,
            "together": np.log1p(together) / 4,
            "covered": (words != 0) @ weights / total,
            "near_covered": ((words != 0) | (related != 0)) @ weights / total,
            "pairs": compared.pairs,
            "sentence": compared.sentence,
            "title": compared.title,
            "named": compared.named,
            "closest": compared.closest,
            "title_close": compared.title_close,
        }
        by_sentence = fitted.get("sentence", 1.0), fitted.get("closest", 0.0)
        return Looked(signs, words, related, compared, by_sentence)

    def _pairs(self, text: str) -> dict[str, float]:
        """The pairs of characters typed, each with what it tells."""
        typed = _LETTERS.findall(_plain(text))
        pairs = dict.fromkeys(a + b for run in typed for a, b in pairwise(run))
        weighed = {pair: self._rarity(pair) for pair in pairs}
        kept = sorted(weighed, key=lambda pair: -weighed[pair])[:PAIRS_MAXIMUM]
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


def _plain(text: str) -> str:
    """The text in one width and case, as sentences are compared."""
    return unicodedata.normalize("NFKC", text).lower()
