"""Which title was meant by one mistyped, and which differences make another programme's name?"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from indexer.answers.lexicon import Entry, Lexicon, compact, sound_of
from indexer.answers.mentions import TELLS_APART, Candidate, Mention, Resolution, rank

_KANJI = re.compile(r"[一-鿿々]")
_NUMBERS = re.compile(r"[0-9〇一二三四五六七八九十]")


def is_slip(
    typed: str,
    title: str,
    typed_sound: str,
    title_sound: str,
    words: frozenset[str],
    heard_alike: Callable[[str, str, str], bool],
) -> bool:
    """Whether the difference is one a keyboard makes, and not another programme's name.

    Never between digits (第二/第三), nor between letters that tell programmes apart (東部/西部);
    kanji for kanji only when both are read the same (無償化 → 無償科), or when the typed one makes
    no word (対索 for 対策; 防犯 for 防災 is a word of its own).
    """
    part = _best_part(typed, title)
    if _NUMBERS.findall(typed) != _NUMBERS.findall(part):
        return False
    if typed_sound in title_sound and len(typed_sound) >= 5:
        return True
    if len(part) < 4:
        return False
    distance = OSA.distance(typed, part)
    if distance > max(1, len(typed) // 5):
        return False
    swapped = sorted(typed) == sorted(part)
    for op, a, b, c, d in SequenceMatcher(None, typed, part, autojunk=False).get_opcodes():
        if op == "equal" or swapped:
            continue
        old, new = typed[a:b], part[c:d]
        if op == "replace" and set(old) & TELLS_APART and set(new) & TELLS_APART:
            return False
        if op != "replace" and (set(old) | set(new)) & TELLS_APART:
            return False
        both_kanji = _KANJI.search(old) and _KANJI.search(new)
        if both_kanji and (len(typed) < 7 or len(old) > 1 or len(new) > 1):
            return False
        if both_kanji and any(len(word) > 1 and old in word for word in words):
            # Deep inside a long title it is a slip all the same (…の推新に向けた…).
            deep = len(typed) >= 12 and a >= 3
            if not deep and not heard_alike(old, new, title):
                return False
        if op != "replace" and _KANJI.search(old or new) and len(old or new) > 1:
            return False
    return True


def _best_part(typed: str, title: str) -> str:
    """The stretch of ``title`` that ``typed`` comes closest to; the whole when about as long."""
    if len(title) <= len(typed) + 2:
        return title
    alignment = fuzz.partial_ratio_alignment(typed, title)
    return title[alignment.dest_start : alignment.dest_end] if alignment else title


_SLIP_MARGIN = 0.06
# Most of a whole title before all of a part: 軽井沢少年自然の家の解体
# before 旧箱根千代田荘・軽井沢少年自然の家の解体.
_ALIKE = ((fuzz.ratio, 74, 1.0), (fuzz.partial_ratio, 84, 0.9))


class MistypedTitles:
    """Finds the titles a slip away from what was typed."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def find(self, mention: Mention, entries: Sequence[Entry]) -> Resolution:
        """A title of ``entries`` mistyped by a letter or two, or converted to the wrong kanji."""
        key = compact(mention.text)
        if len(key) < 4:
            return Resolution()
        sound = sound_of(self._lexicon.reading(mention.text))
        titles = [entry.title for entry in entries]
        words = self._dictionary_words(mention.text)

        def heard_alike(old: str, new: str, title: str) -> bool:
            """Whether the words around two letters are read the same: 非難 for 避難."""
            said = {self._lexicon.reading(word) for word in words if old in word and word != old}
            printed = [compact(title[t.start : t.end]) for t in self._lexicon.analyzer.words(title)]
            return any(self._lexicon.reading(word) in said for word in printed if new in word)

        sounds = [sound_of(self._lexicon.reading(entry.program.title)) for entry in entries]
        close: dict[int, float] = {}
        for choices, typed in ((titles, key), (sounds, sound)):
            for scorer, cutoff, counts in _ALIKE:
                hits = process.extract(typed, choices, scorer=scorer, score_cutoff=cutoff, limit=8)
                for _, score, at in hits:
                    close[at] = max(close.get(at, 0.0), score * counts / 100)
        candidates = [
            Candidate(entries[at], score, "typo")
            for at, score in close.items()
            if is_slip(key, titles[at], sound, sounds[at], words, heard_alike)
        ]
        ranked = rank(candidates)
        clear = len(ranked) == 1 or (
            len(ranked) > 1 and ranked[0].score - ranked[1].score >= _SLIP_MARGIN
        )
        return Resolution(tuple(ranked[:8]), clear, step="slip")

    def _dictionary_words(self, text: str) -> frozenset[str]:
        """The words of ``text`` that the dictionary reads: no 貯流 for 貯留."""
        analyzer = self._lexicon.analyzer
        whole = (word.surface for word in analyzer.lexemes(text) if word.reading)
        parts = (text[token.start : token.end] for token in analyzer.readings(text))
        return frozenset(map(compact, (*whole, *parts)))
