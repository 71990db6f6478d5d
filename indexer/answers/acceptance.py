"""How surely is the programme meant that a description in a speaker's own words comes nearest to?

What is said need not be printed (街灯をLEDに替える話); how much may be missing, of what kind, and
how far ahead the first must be is fitted on questions with a known programme
(``python -m tests.benchmarks.fit_acceptance``) and stands in ``acceptance.toml``.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from indexer.search.response import Held, NearHit, Said

SIGNS = (
    "confidence",
    "ahead",
    "next_covers",
    "printed",
    "missing",
    "near",
    "near_in_a_name",
    "everyday",
    "told",
    "phrase",
)
"""In this order:

confidence      how likely the search holds the first to be the one meant
ahead           its score before the next one's, up to 10
next_covers     what the next one holds of what was said
printed         words that are printed there, up to 5
missing         things named that are not there
near            things named that are there by a word near in meaning
near_in_a_name  the same, where no verb tells what is done: インフルエンザ予防接種
everyday        words of any talk that are not there: 人, 話
told            whether a verb tells what is done
phrase          whether more is said than one noun
"""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """The fitted weights, and from which likelihood on a programme is taken for the one meant."""

    weights: Mapping[str, float]
    constant: float
    least: float


@lru_cache(maxsize=1)
def load_acceptance() -> Acceptance:
    """The fitted weights of ``acceptance.toml``."""
    text = resources.files("indexer.answers").joinpath("acceptance.toml").read_text("utf-8")
    table = tomllib.loads(text)
    return Acceptance(table["weights"], table["constant"], table["least"])


def signs_of(
    hits: Sequence[NearHit], confidence: float, said: Sequence[Said], *, told: bool, phrase: bool
) -> tuple[float, ...]:
    """What is seen of the first of ``hits``, in the order of ``SIGNS``; ``said`` are its words."""
    ahead = hits[0].score - hits[1].score if len(hits) > 1 else 10.0
    things = [word for word in said if word.is_thing and not word.is_everyday]
    near = sum(word.held is Held.NEARLY for word in things)
    return (
        confidence,
        min(ahead, 10.0) / 10,
        max((hit.covered for hit in hits[1:]), default=0.0),
        min(sum(word.held is Held.PRINTED for word in said), 5) / 5,
        float(sum(word.held is Held.MISSING for word in things)),
        float(near),
        0.0 if told else float(near),
        min(float(sum(word.held < Held.PRINTED and word.is_everyday for word in said)), 3.0),
        float(told),
        float(phrase),
    )


def likelihood(signs: Sequence[float], known: Acceptance) -> float:
    """How likely the first is the one meant, 0 … 1."""
    total = known.constant + sum(
        known.weights[name] * sign for name, sign in zip(SIGNS, signs, strict=True)
    )
    return 1 / (1 + math.exp(-total))
