"""Which title was meant by one mistyped by a letter or two, or converted to the wrong kanji?"""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import fuzz, process

from indexer.answers.candidates import Candidate, Resolution, rank
from indexer.answers.lexicon import Entry, Lexicon, compact, sound_of
from indexer.answers.mentions import Mention
from indexer.answers.slips import is_slip

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
