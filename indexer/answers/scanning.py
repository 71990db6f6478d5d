"""Which stretch of a question says what? Every character is claimed once, or left over.

Names of the index are claimed first, longest first, so that a title holding 予算 or 合計 stays a
title; then years, amounts and ranks; then the question words of the vocabulary. What is left
over is a description of a programme, or a word that nobody accounts for.
"""

from __future__ import annotations

import re
from collections.abc import Container

import jaconv

from indexer.analysis.folding import fold, to_hiragana
from indexer.answers import patterns
from indexer.answers.claims import (
    Claim,
    Scan,
    chunks,
    end_of_counter,
    ends_a_verb,
    own,
    own_one,
    splits_run,
    stands_alone,
)
from indexer.answers.described import Describer
from indexer.answers.figures import find_figures
from indexer.answers.lexicon import Lexicon, Phrase, Sounds, sound_of
from indexer.answers.linking import Linker
from indexer.answers.place_claims import PlaceClaimer
from indexer.answers.vocabulary import Vocabulary
from indexer.eras import era_of, era_to_western, find_years

_WORD = re.compile(r"[a-z']+")
_JAPANESE = re.compile(r"[ぁ-ゖァ-ヺ一-鿿]")
_SYLLABLES = re.compile(
    r"(?:n(?![aiueoy])|n'|(?:ky|gy|sh|sy|j|jy|zy|ch|ty|cy|ny|hy|by|py|my|ry|dy|ts|kk|ss|tt|pp|"
    r"[kstnhmyrwgzdbpfjcv])?[kstpgzdbc]?[hy]?[aiueo])+"
)
_SPACE_OR_SIGN = re.compile(r"[\s\d?!.,。、？！'-]+")


def romaji_to_kana(question: str, latin: Container[str] = frozenset()) -> str:
    """The question in hiragana when all of its words are romaji; otherwise unchanged.

    Words of ``latin`` (lower case: LAN, AI, DX) are Latin in the books too and are left alone.
    """
    if _JAPANESE.search(question):
        return question
    lowered = question.lower()
    words = _WORD.findall(lowered)
    romaji = [word for word in words if word not in latin]
    letters = sum(map(len, romaji))
    if letters < 5 or not all(_SYLLABLES.fullmatch(word) for word in romaji):
        return question
    if _WORD.sub("", lowered) and not _SPACE_OR_SIGN.fullmatch(_WORD.sub("", lowered)):
        return question
    return str(_WORD.sub(lambda match: _kana(match.group(), latin), lowered))


def _kana(word: str, latin: Container[str]) -> str:
    return word if word in latin else str(jaconv.alphabet2kana(word))


_WRITTEN = re.compile(r"[一-鿿々a-z]")
"""What a question typed in nothing but kana does not hold."""


class Scanner:
    """Claims the stretches of questions against one lexicon and the vocabulary."""

    def __init__(self, lexicon: Lexicon, vocabulary: Vocabulary, linker: Linker) -> None:
        self._lexicon = lexicon
        self._vocabulary = vocabulary
        self._places = PlaceClaimer(lexicon, vocabulary, linker)
        self._describer = Describer(lexicon, linker)

    def scan(self, question: str) -> Scan:
        """Claim everything in ``question`` that has a meaning of its own."""
        typed = romaji_to_kana(question, self._lexicon.latin_words)
        folded = fold(_without_gaps(_typed_in_katakana(typed)))
        key = to_hiragana(folded.text)
        owned = [False] * len(key)
        claims: list[Claim] = []
        self._claim_status_split(key, owned, claims)
        self._claim_phrases(folded.text, key, owned, claims)
        self._claim_sounds(folded.text, key, owned, claims)
        self._claim_years(folded.text, owned, claims)
        self._claim_numbers(folded.text, owned, claims)
        for match in patterns.AT_HAND.finditer(folded.text):
            own_one(owned, claims, Claim(*match.span(), "filler", match.group()))
        for match in patterns.WHAT_IF.finditer(folded.text):
            own_one(owned, claims, Claim(*match.span("if"), "refuse:NEEDS_OPINION", match["if"]))
        named = self._places.claim_places(folded.text, owned, claims)
        self._claim_vocabulary(folded.text, key, owned, claims)
        self._places.claim_units(folded.text, owned, claims)
        claims = self._describer.without_described(folded.text, key, owned, claims)
        claims.sort(key=lambda claim: (claim.start, claim.end))
        quoted = tuple(m.span("inside") for m in patterns.QUOTED.finditer(folded.text))
        original = folded.original
        return Scan(original, folded, key, tuple(claims), chunks(key, owned), quoted, named)

    def _claim_status_split(self, key: str, owned: list[bool], claims: list[Claim]) -> None:
        """新規・拡充別 groups by status and filters nothing."""
        for match in patterns.STATUS_SPLIT.finditer(key):
            names = re.findall(r"[一-鿿]{2}", match["names"])
            if len(names) > 1 and all(name in self._vocabulary.statuses for name in names):
                own_one(owned, claims, Claim(*match.span(), "group:status", match.group()))

    def _claim_phrases(self, text: str, key: str, owned: list[bool], claims: list[Claim]) -> None:
        """Names of the index, longest first; signs inside a name may be left out."""
        places = [i for i, character in enumerate(key) if not patterns.SIGN.match(character)]
        plain = "".join(key[i] for i in places)
        for length in range(min(len(plain), self._lexicon.longest_phrase), 1, -1):
            for at in range(len(plain) - length + 1):
                phrases = self._lexicon.phrases.get(plain[at : at + length])
                if phrases is None:
                    continue
                start, end = places[at], places[at + length - 1] + 1
                if any(owned[start:end]) or splits_run(text, start, end):
                    continue
                if self._is_common(plain[at : at + length], phrases):
                    continue
                own(owned, claims, [_phrase_claim(start, end, phrase) for phrase in phrases])
                if phrases[0].kind in ("department", "section") and key[end : end + 1] == "長":
                    # 課長, 部長: a person, whom the book does not name.
                    chief = Claim(end, end + 1, "refuse:FIELD_NOT_IN_BOOK", "長")
                    own_one(owned, claims, chief)

    def _is_common(self, name: str, phrases: tuple[Phrase, ...]) -> bool:
        """A title that is also a question word (予算) names nothing by itself."""
        return name in self._vocabulary.words and phrases[0].kind in ("title", "account")

    def _claim_sounds(self, text: str, key: str, owned: list[bool], claims: list[Claim]) -> None:
        """Names typed in kana. Only stretches of hiragana, so that kanji keep their meaning."""
        is_kana = not _WRITTEN.search(text)
        known = self._lexicon.names_by_sound if is_kana else self._lexicon.facets_by_sound
        for run in re.finditer(r"[ぁ-ゖー]{4,}", key):
            if any(owned[run.start() : run.end()]):
                continue
            self._claim_sounds_in(key, run.span(), known, owned, claims)

    def _claim_sounds_in(
        self, key: str, run: tuple[int, int], known: Sounds, owned: list[bool], claims: list[Claim]
    ) -> None:
        first, last = run
        for start, end in heard_names(key, first, last, known):
            length = end - start
            if any(owned[start:end]) or key[start:end] in self._vocabulary.words:
                continue
            if self._takes_a_letter(key, start, end):
                continue
            if length >= 5 or length == last - first:
                phrases = known.phrases[sound_of(key[start:end])]
                own(owned, claims, [_phrase_claim(start, end, p) for p in phrases])

    def _takes_a_letter(self, key: str, start: int, end: int) -> bool:
        """ほしゅかんりいくら: the い is heard as a long vowel, but begins いくら."""
        if sound_of(key[start : end - 1]) != sound_of(key[start:end]):
            return False
        return any(key[end - 1 : end + size] in self._vocabulary.words for size in (1, 2, 3))

    def _claim_years(self, text: str, owned: list[bool], claims: list[Claim]) -> None:
        for year in find_years(patterns.SMALL_ERA.sub(lambda match: match.group().upper(), text)):
            own_one(owned, claims, Claim(year.start, year.end, "year", number=year.year))
        for match in patterns.ERA_SHORT.finditer(text):
            era = {"れいわ": "令和", "へいせい": "平成"}.get(match["era"], match["era"])
            number = era_to_western(era, match["n"]) or era_to_western(era, _small(match["n"]) or 0)
            if number is not None:
                own_one(owned, claims, Claim(*match.span(), "year", number=number))
        latest = self._lexicon.latest_year()
        era_now = era_of(latest) if latest else None
        for match in patterns.BARE_FISCAL.finditer(text):
            number = era_to_western(era_now.name, match["n"]) if era_now else None
            if number is not None:
                own_one(owned, claims, Claim(*match.span(), "year", number=number))
        for match in patterns.WESTERN.finditer(text):
            own_one(owned, claims, Claim(*match.span(), "year", number=int(match["n"])))

    def _claim_numbers(self, text: str, owned: list[bool], claims: list[Claim]) -> None:
        for pattern, tag in (
            (patterns.RANK, "rank"),
            (patterns.NTH, "nth"),
            (patterns.PAGE, "page_number"),
        ):
            for match in pattern.finditer(text):
                value = match.groupdict().get("side") or ""
                tag_now = "nth" if match.groupdict().get("nth") else tag
                number = _small(match["n"])
                own_one(owned, claims, Claim(*match.span(), tag_now, value, number))
        for figure in find_figures(text):
            own_one(owned, claims, Claim(figure.start, figure.end, "money", figure=figure))
        for match in patterns.PERCENT.finditer(text):
            own_one(owned, claims, Claim(*match.span(), "percent", match["n"]))
        for match in patterns.HOW_MANY.finditer(text):
            own_one(owned, claims, Claim(*match.span(), "how_many", "", _small(match["n"])))

    def _claim_vocabulary(
        self, text: str, key: str, owned: list[bool], claims: list[Claim]
    ) -> None:
        bounds = self._bounds(text)
        at = 0
        while at < len(key):
            end = None if owned[at] else self._longest_word(text, key, at, owned, bounds)
            if end is None or key[at:end] == "何":
                counted = None if owned[at] else end_of_counter(text, at, bounds)
                if counted and not any(owned[at:counted]):
                    own(owned, claims, [Claim(at, counted, "text:howmany", key[at:counted])])
                    at = counted
                    continue
            if end is None:
                at += 1
                continue
            own(owned, claims, self._word_claims(key[at:end], at, end))
            at = end

    def _word_claims(self, word: str, start: int, end: int) -> list[Claim]:
        found = [Claim(start, end, tag, word) for tag in self._vocabulary.words.get(word, ())]
        if word in self._vocabulary.statuses:
            found.append(Claim(start, end, "status_word", self._vocabulary.statuses[word]))
        if word in self._vocabulary.relative_years:
            number = self._vocabulary.relative_years[word]
            found.append(Claim(start, end, "relative", word, number))
        return found

    def _longest_word(
        self, text: str, key: str, at: int, owned: list[bool], bounds: set[int]
    ) -> int | None:
        limit = min(len(key), at + self._vocabulary.longest)
        known = self._vocabulary
        for end in range(limit, at, -1):
            word = key[at:end]
            if not (word in known.words or word in known.statuses or word in known.relative_years):
                continue
            if any(owned[at:end]) or splits_run(text, at, end):
                continue
            if at not in bounds and ends_a_verb(text, at, owned):
                continue
            if len(word) <= 2 and not stands_alone(text, at, end, owned, bounds):
                continue
            if word.endswith("何") and len(word) > 1 and patterns.AFTER_WHAT.match(text, end):
                continue
            return end
        return None

    def _bounds(self, text: str) -> set[int]:
        """Offsets at which a word may begin or end."""
        bounds, at = {0}, 0
        for surface in self._lexicon.analyzer.segment(text):
            at += len(surface)
            bounds.add(at)
        return bounds


def _without_gaps(question: str) -> str:
    """としょかんの うんえいの おかねは: gaps after kana are no gaps between words asked for."""
    if len(patterns.GAP.findall(question)) < 2:
        return question
    return patterns.GAP.sub("", question)


def _typed_in_katakana(question: str) -> str:
    """A whole question in katakana (コウエンノヨサン) reads as one in hiragana."""
    folded = fold(question).text
    if len(patterns.KATAKANA.findall(folded)) < 8 or re.search(r"[ぁ-ゖ一-鿿a-z]", folded):
        return question
    return to_hiragana(folded)


def _phrase_claim(start: int, end: int, phrase: Phrase) -> Claim:
    return Claim(start, end, phrase.kind, phrase.value, how=phrase.how)


def _small(text: str) -> int | None:
    digits = "〇一二三四五六七八九"
    if text.isdecimal():
        return int(text)
    if text == "十":
        return 10
    return digits.index(text) if text in digits else None


def heard_names(key: str, first: int, last: int, known: Sounds) -> list[tuple[int, int]]:
    """Where names stand in ``key[first:last]`` as heard, the longest stretches first.

    A sound depends on what stands before it only, so that the sound of a stretch begins the
    sound of all that follows its start: each start is heard once, and only lengths that some
    name has are looked up. Trying every stretch took most of a minute for 1,000 kana.
    """
    found: list[tuple[int, int]] = []
    for start in range(first, last - 3):
        heard = sound_of(key[start:last])
        for size in known.lengths:
            if size > len(heard):
                break
            if heard[:size] not in known.phrases:
                continue
            for end in range(start + size, last + 1):
                sound_size = len(sound_of(key[start:end]))
                if sound_size > size:
                    break
                if sound_size == size:
                    found.append((start, end))
    return sorted(found, key=lambda span: (span[0] - span[1], span[0]))
