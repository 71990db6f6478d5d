"""What does Sudachi know of a word? The one door to the dictionary, by tables and caches.

A tokenizer is not safe to share between threads, so each thread has its own. Parts of speech are
read once into a table by number, and what is known of a word is kept by its dictionary number:
asking Sudachi for its strings again at every occurrence would double the time of an index run.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import TypeVar

from sudachipy import Dictionary, Morpheme, MorphemeList, SplitMode, Tokenizer

from indexer.analysis.folding import fold_text, to_hiragana, to_katakana

_WORD_NUMBERS = 0x0FFFFFFF
"""Numbers from here on are no dictionary words: joined numbers, joined katakana, unknown words."""
_DICTIONARY_WORDS_KEPT, _OTHER_WORDS_KEPT = 1 << 15, 1 << 13
"""Of the dictionary more than a large index has; of others (figures, names, slips) there is no end.
A word takes some 600 bytes."""
_READING = re.compile("[ァ-ヺー]+")
_ENDING_LONG_VOWEL = re.compile("^([ァ-ヺー]{3,})ー$")
_KE_BETWEEN_KANJI = re.compile("(?<=[一-鿿])ケ(?=[一-鿿])")
_SOUNDS = (("ヴァ", "バ"), ("ヴィ", "ビ"), ("ヴェ", "ベ"), ("ヴォ", "ボ"), ("ヴ", "ブ"))
_SAME_READING = str.maketrans("ヂヅヲ", "ジズオ")

_UNINDEXED = frozenset(
    {
        ("空白", "*"),
        ("補助記号", "一般"),
        ("補助記号", "括弧開"),
        ("補助記号", "括弧閉"),
        ("補助記号", "ＡＡ"),
        ("記号", "一般"),
        ("形状詞", "助動詞語幹"),
        ("名詞", "助動詞語幹"),
        ("感動詞", "フィラー"),
    }
)
_UNINDEXED_CLASSES = frozenset({"助詞", "助動詞", "接続詞"})
_SENTENCE_BREAKS = frozenset({("補助記号", "句点"), ("補助記号", "読点")})


@dataclass(frozen=True, slots=True, eq=False)
class Word:
    """What the index keeps of one dictionary word.

    ``terms`` and ``readings`` are those of its A units, side by side; ``whole`` and
    ``whole_reading`` those of the C unit when it has several A units, else empty. ``step`` is how
    far the position moves on: a word that is not indexed moves it by 0, a comma by 1.
    """

    terms: tuple[str, ...]
    readings: tuple[str, ...] = ()
    whole: str = ""
    whole_reading: str = ""
    step: int = 1


NOT_INDEXED = Word((), step=0)
BREAK = Word((), step=1)
K = TypeVar("K", int, tuple[str, int])
_words_by_number: dict[int, Word] = {}
_words_by_surface: dict[tuple[str, int], Word] = {}
"""What was learnt, by any thread: the same word learnt twice is the same."""


class WordTable:
    """Tokenises by mode C and tells what the index keeps of each word. One per thread."""

    def __init__(self) -> None:
        self._dictionary = _dictionary()
        self._tokenizer: Tokenizer = self._dictionary.create(SplitMode.C)

    def tokenize(self, folded: str) -> MorphemeList:
        """The C units of a folded text of at most ``CHUNK_CHARACTERS``."""
        return self._tokenizer.tokenize(folded)

    @property
    def by_number(self) -> dict[int, Word]:
        """The words met so far by dictionary number, for a loop that cannot afford a call."""
        return _words_by_number

    def word(self, morpheme: Morpheme) -> Word:
        """What the index keeps of this word, from the cache when it was met before."""
        number = morpheme.word_id()
        if number < _WORD_NUMBERS:
            return self._known(_words_by_number, number, morpheme, _DICTIONARY_WORDS_KEPT)
        key = morpheme.surface(), morpheme.part_of_speech_id()
        return self._known(_words_by_surface, key, morpheme, _OTHER_WORDS_KEPT)

    def _known(self, known: dict[K, Word], key: K, morpheme: Morpheme, most: int) -> Word:
        word = known.get(key)
        if word is None:
            if len(known) >= most:
                known.clear()
            word = known[key] = self._learn(morpheme)
        return word

    def _learn(self, morpheme: Morpheme) -> Word:
        kind = _kind(morpheme)
        if kind is not None:
            return kind
        parts = [part for part in morpheme.split(SplitMode.A) if _kind(part) is None]
        if len(parts) < 2:
            return Word((index_term(morpheme),), (index_reading(morpheme),))
        return Word(
            tuple(index_term(part) for part in parts),
            tuple(index_reading(part) for part in parts),
            index_term(morpheme),
            index_reading(morpheme),
            len(parts),
        )


def index_term(morpheme: Morpheme) -> str:
    """The term a word is found by: its normal form, folded. Never shown to a person."""
    return fold_term(morpheme.normalized_form())


def is_verb(morpheme: Morpheme) -> bool:
    """Whether it says what happens: 集め of ごみを集める."""
    return _part_of_speech(morpheme) == "動詞"


def is_noun(morpheme: Morpheme) -> bool:
    """Whether it is a noun that stands by itself: 修繕, not 直す nor 費."""
    return _part_of_speech(morpheme) == "名詞"


def _part_of_speech(morpheme: Morpheme) -> str:
    return str(_parts_of_speech()[morpheme.part_of_speech_id()][0])


def fold_term(normal_form: str) -> str:
    """Fold what the dictionary leaves apart: サーバー/サーバ, ゴミ/ごみ, ヴィ/ビ, 霞ケ関/霞が関."""
    term = fold_text(normal_form)
    for sound, plain in _SOUNDS:
        term = term.replace(sound, plain)
    term = _ENDING_LONG_VOWEL.sub(r"\1", term)
    return to_hiragana(_KE_BETWEEN_KANJI.sub("が", term))


def index_reading(morpheme: Morpheme) -> str:
    """The reading a word is found by, in katakana; empty for numbers, signs and Latin words."""
    if _parts_of_speech()[morpheme.part_of_speech_id()][1] == "数詞":
        return ""
    return fold_reading(morpheme.reading_form())


def fold_reading(reading: str) -> str:
    """A reading in katakana with sounds folded that are heard alike; empty when it is none."""
    katakana = to_katakana(reading)
    if not _READING.fullmatch(katakana):
        return ""
    for sound, plain in _SOUNDS:
        katakana = katakana.replace(sound, plain)
    return _ENDING_LONG_VOWEL.sub(r"\1", katakana).translate(_SAME_READING)


def word_table() -> WordTable:
    """This thread's table."""
    table: WordTable | None = getattr(_threads, "table", None)
    if table is None:
        table = _threads.table = WordTable()
    return table


_threads = threading.local()


@lru_cache(maxsize=1)
def _dictionary() -> Dictionary:
    return Dictionary(dict="core")


@lru_cache(maxsize=1)
def _parts_of_speech() -> list[tuple[str, ...]]:
    """Every part of speech of the dictionary by number."""
    table: list[tuple[str, ...]] = []
    while (part_of_speech := _dictionary().pos_of(len(table))) is not None:
        table.append(tuple(part_of_speech))
    return table


@lru_cache(maxsize=1)
def _stop_words() -> frozenset[str]:
    text = resources.files("indexer.analysis").joinpath("data", "stop_words.txt").read_text("utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))


def _kind(morpheme: Morpheme) -> Word | None:
    """``BREAK`` or ``NOT_INDEXED`` for a word that is no term, null for one that is."""
    part_of_speech = _parts_of_speech()[morpheme.part_of_speech_id()]
    if part_of_speech[:2] in _SENTENCE_BREAKS:
        return BREAK
    if part_of_speech[:2] in _UNINDEXED or part_of_speech[0] in _UNINDEXED_CLASSES:
        return NOT_INDEXED
    if part_of_speech[0] == "動詞" and morpheme.normalized_form() in _stop_words():
        return NOT_INDEXED
    if not any(character.isalnum() for character in morpheme.surface()):
        return NOT_INDEXED
    return None
