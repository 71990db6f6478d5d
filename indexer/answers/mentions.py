"""What does a question call a programme, and which programmes may be meant, how surely?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from indexer.analysis.analyzer import Analyzer, Token
from indexer.answers.lexicon import Entry
from indexer.answers.vocabulary import Vocabulary, key_of

_HIRAGANA = re.compile(r"[ぁ-ゖ]")
_KANJI = re.compile(r"[一-鿿々]")
TELLS_APART = frozenset(
    "東西南北上下左右大中小前後新旧男女老若幼乳保春夏秋冬私公官民国県都府市区町村高低内外水空海山川"
    "校園館課部所室収出入増減有無本副正親子父母"
)
"""Letters that make another programme of the same title: 東部/西部, 小学校/中学校."""
_VERB_ENDINGS = "るくすうむつぬぶぐい"


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a description: the keys it may be printed as, and whether it tells apart."""

    typed: str
    forms: tuple[str, ...]
    parts: tuple[str, ...]
    telling: bool
    weight: float


@dataclass(frozen=True, slots=True)
class Mention:
    """What the question calls a programme."""

    text: str
    words: tuple[Word, ...]

    @property
    def telling(self) -> tuple[Word, ...]:
        """The words that tell programmes apart."""
        return tuple(word for word in self.words if word.telling)


class MentionReader:
    """Cuts descriptions into words."""

    def __init__(self, analyzer: Analyzer, vocabulary: Vocabulary) -> None:
        self._analyzer = analyzer
        self._vocabulary = vocabulary

    def read(self, text: str) -> Mention:
        """Cut a description into words."""
        words: list[Word] = []
        tokens = self._analyzer.words(text)
        at = -1
        for i, token in enumerate(tokens):
            if token.start < at:
                continue
            parts = [t for t in tokens[i + 1 :] if t.start >= token.start and t.end <= token.end]
            at = token.end
            alone = _stands_alone(text, token.start, token.end)
            surface = text[token.start : token.end]
            words.append(self._word_of(surface, token.term, parts, text, alone))
        return Mention(text.strip(), tuple(words))

    def _word_of(
        self, surface: str, term: str, parts: Sequence[Token], text: str, alone: bool
    ) -> Word:
        key = key_of(surface)
        forms = dict.fromkeys(
            (key, key_of(term), *self._synonyms(key), *self._synonyms(key_of(term)))
        )
        has_kana = bool(_HIRAGANA.search(surface)) and not self._synonyms(key)
        generic = key in self._vocabulary.generic or key_of(term) in self._vocabulary.generic
        single = len(key) == 1
        mixed_noun = (
            bool(_KANJI.search(surface))
            and len(key) >= 3
            and key == key_of(term)
            and key[-1] not in _VERB_ENDINGS
        )
        telling = not generic and not single and (not has_kana or mixed_noun)
        telling = telling or (single and not generic and (alone or key in TELLS_APART))
        pieces = tuple(key_of(text[part.start : part.end]) for part in parts)
        weight = 0.1 if generic else (1.0 if telling else 0.3)
        return Word(surface, tuple(forms), pieces, telling, weight * min(len(key), 4) / 2)

    def _synonyms(self, key: str) -> tuple[str, ...]:
        return self._vocabulary.synonyms.get(key, ())


def _stands_alone(text: str, start: int, end: int) -> bool:
    """A single kanji that is a word of its own (橋の補修), not part of one (千代田荘)."""
    before = text[start - 1 : start]
    return (
        end - start == 1
        and bool(_KANJI.match(text[start]))
        and not _KANJI.match(before or " ")
        and not _KANJI.match(text[end : end + 1] or " ")
    )


TITLE_MARGIN = 0.25


@dataclass(frozen=True, slots=True)
class Candidate:
    """A programme that may be meant."""

    entry: Entry
    score: float
    how: str


@dataclass(frozen=True, slots=True)
class Resolution:
    """``candidates`` best first; one when ``is_clear``."""

    candidates: tuple[Candidate, ...] = ()
    is_clear: bool = False
    step: str = "none"
    leans: bool = False
    """The first candidate is well ahead, but a choice should be offered when it can be."""


UNRESOLVED = Resolution()


def rank(candidates: Iterable[Candidate]) -> list[Candidate]:
    return sorted(candidates, key=lambda c: (-c.score, len(c.entry.title), c.entry.index))


def decide(candidates: list[Candidate], step: str) -> Resolution:
    ranked = rank(candidates)
    clear = len(ranked) == 1 or (
        len(ranked) > 1 and ranked[0].score - ranked[1].score >= TITLE_MARGIN
    )
    return Resolution(tuple(ranked), clear, step=step)
