"""Which stretch of a question says what? Every character is claimed once, or left over.

Names of the index are claimed first, longest first, so that a title holding 予算 or 合計 stays a
title; then years, amounts and ranks; then the question words of the vocabulary. What is left
over is a description of a programme, or a word that nobody accounts for.
"""

from __future__ import annotations

import re
from dataclasses import replace

from indexer.analysis.folding import fold, to_hiragana
from indexer.answers import patterns
from indexer.answers.claims import Claim, Scan
from indexer.answers.figures import find_figures
from indexer.answers.kana_questions import in_printed_words
from indexer.answers.lexicon import Lexicon, Phrase, sound_of
from indexer.answers.romaji import romaji_to_kana
from indexer.answers.vocabulary import Vocabulary
from indexer.eras import era_of, era_to_western, find_years

_COMPOUND = re.compile(r"[一-鿿々ァ-ヺー]")
_OWN_COUNTS = frozenset(
    {"", "事業", "新規", "拡充", "継続", "総", "全", "事業別", "区分別", "部別", "課別", "掲載"}
)
_SUPPLEMENT = frozenset({"補正", "補正額", "補正予算", "補正予算額"})
"""What the amounts of a supplementary budget are called; other books print no such column."""


class Scanner:
    """Claims the stretches of questions against one lexicon and the vocabulary."""

    def __init__(self, lexicon: Lexicon, vocabulary: Vocabulary) -> None:
        self._lexicon = lexicon
        self._vocabulary = vocabulary

    def scan(self, question: str) -> Scan:
        """Claim everything in ``question`` that has a meaning of its own."""
        typed = romaji_to_kana(question, self._lexicon.latin_words)
        kana = _without_gaps(_typed_in_katakana(typed))
        folded = fold(in_printed_words(kana, self._lexicon, self._vocabulary))
        key = to_hiragana(folded.text)
        owned = [False] * len(key)
        claims: list[Claim] = []
        self._claim_status_split(key, owned, claims)
        self._claim_phrases(folded.text, key, owned, claims)
        self._claim_sounds(key, owned, claims)
        self._claim_years(folded.text, owned, claims)
        self._claim_numbers(folded.text, owned, claims)
        for match in patterns.WHAT_IF.finditer(folded.text):
            _claim_one(owned, claims, Claim(*match.span("if"), "refuse:NEEDS_OPINION", match["if"]))
        named = self._claim_places(folded.text, owned, claims)
        self._claim_vocabulary(folded.text, key, owned, claims)
        self._claim_units(folded.text, owned, claims)
        claims = self._without_described(folded.text, key, owned, claims)
        claims.sort(key=lambda claim: (claim.start, claim.end))
        quoted = tuple(m.span("inside") for m in patterns.QUOTED.finditer(folded.text))
        original = folded.original
        return Scan(original, folded, key, tuple(claims), _chunks(key, owned), quoted, named)

    def _claim_status_split(self, key: str, owned: list[bool], claims: list[Claim]) -> None:
        """新規・拡充別 groups by status and filters nothing."""
        for match in patterns.STATUS_SPLIT.finditer(key):
            names = re.findall(r"[一-鿿]{2}", match["names"])
            if len(names) > 1 and all(name in self._vocabulary.statuses for name in names):
                _claim_one(owned, claims, Claim(*match.span(), "group:status", match.group()))

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
                if any(owned[start:end]) or _splits_run(text, start, end):
                    continue
                if self._is_common(plain[at : at + length], phrases):
                    continue
                _claim(
                    owned,
                    claims,
                    [_phrase_claim(start, end, phrase) for phrase in phrases],
                )
                if phrases[0].kind in ("department", "section") and key[end : end + 1] == "長":
                    # 課長, 部長: a person, whom the book does not name.
                    chief = Claim(end, end + 1, "refuse:FIELD_NOT_IN_BOOK", "長")
                    _claim_one(owned, claims, chief)

    def _is_common(self, name: str, phrases: tuple[Phrase, ...]) -> bool:
        """A title that is also a question word (予算) names nothing by itself."""
        return name in self._vocabulary.words and phrases[0].kind in (
            "title",
            "account",
        )

    def _claim_sounds(self, key: str, owned: list[bool], claims: list[Claim]) -> None:
        """Names typed in kana. Only stretches of hiragana, so that kanji keep their meaning."""
        for run in re.finditer(r"[ぁ-ゖー]{4,}", key):
            if any(owned[run.start() : run.end()]):
                continue
            self._claim_sounds_in(key, run.start(), run.end(), owned, claims)

    def _claim_sounds_in(
        self, key: str, first: int, last: int, owned: list[bool], claims: list[Claim]
    ) -> None:
        for start, end in self._heard_names(key, first, last):
            length = end - start
            if any(owned[start:end]) or key[start:end] in self._vocabulary.words:
                continue
            if self._takes_a_letter(key, start, end):
                continue
            if length >= 5 or length == last - first:
                phrases = self._lexicon.sound_phrases[sound_of(key[start:end])]
                _claim(owned, claims, [_phrase_claim(start, end, p) for p in phrases])

    def _takes_a_letter(self, key: str, start: int, end: int) -> bool:
        """ほしゅかんりいくら: the い is heard as a long vowel, but begins いくら."""
        if sound_of(key[start : end - 1]) != sound_of(key[start:end]):
            return False
        return any(key[end - 1 : end + size] in self._vocabulary.words for size in (1, 2, 3))

    def _heard_names(self, key: str, first: int, last: int) -> list[tuple[int, int]]:
        """Where names stand in ``key[first:last]`` as heard, the longest stretches first.

        A sound depends on what stands before it only, so that the sound of a stretch begins the
        sound of all that follows its start: each start is heard once, and only lengths that some
        name has are looked up. Trying every stretch took most of a minute for 1,000 kana.
        """
        known = self._lexicon.sound_phrases
        found: list[tuple[int, int]] = []
        for start in range(first, last - 3):
            heard = sound_of(key[start:last])
            for size in self._lexicon.sound_lengths:
                if size > len(heard):
                    break
                if heard[:size] not in known:
                    continue
                for end in range(start + size, last + 1):
                    sound_size = len(sound_of(key[start:end]))
                    if sound_size > size:
                        break
                    if sound_size == size:
                        found.append((start, end))
        return sorted(found, key=lambda span: (span[0] - span[1], span[0]))

    def _claim_years(self, text: str, owned: list[bool], claims: list[Claim]) -> None:
        for year in find_years(patterns.SMALL_ERA.sub(lambda match: match.group().upper(), text)):
            _claim_one(owned, claims, Claim(year.start, year.end, "year", number=year.year))
        for match in patterns.ERA_SHORT.finditer(text):
            era = {"れいわ": "令和", "へいせい": "平成"}.get(match["era"], match["era"])
            number = era_to_western(era, match["n"]) or era_to_western(era, _small(match["n"]) or 0)
            if number is not None:
                _claim_one(owned, claims, Claim(*match.span(), "year", number=number))
        latest = self._lexicon.latest_year()
        era_now = era_of(latest) if latest else None
        for match in patterns.BARE_FISCAL.finditer(text):
            number = era_to_western(era_now.name, match["n"]) if era_now else None
            if number is not None:
                _claim_one(owned, claims, Claim(*match.span(), "year", number=number))
        for match in patterns.WESTERN.finditer(text):
            _claim_one(owned, claims, Claim(*match.span(), "year", number=int(match["n"])))

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
                _claim_one(owned, claims, Claim(*match.span(), tag_now, value, number))
        for figure in find_figures(text):
            _claim_one(owned, claims, Claim(figure.start, figure.end, "money", figure=figure))
        for match in patterns.PERCENT.finditer(text):
            _claim_one(owned, claims, Claim(*match.span(), "percent", match["n"]))
        for match in patterns.HOW_MANY.finditer(text):
            _claim_one(owned, claims, Claim(*match.span(), "how_many", "", _small(match["n"])))

    def _claim_vocabulary(
        self, text: str, key: str, owned: list[bool], claims: list[Claim]
    ) -> None:
        bounds = self._bounds(text)
        at = 0
        while at < len(key):
            end = None if owned[at] else self._longest_word(text, key, at, owned, bounds)
            if end is None or key[at:end] == "何":
                counted = None if owned[at] else _end_of_counter(text, at, bounds)
                if counted and not any(owned[at:counted]):
                    _claim(owned, claims, [Claim(at, counted, "text:howmany", key[at:counted])])
                    at = counted
                    continue
            if end is None:
                at += 1
                continue
            _claim(owned, claims, self._word_claims(key[at:end], at, end))
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
            if any(owned[at:end]) or _splits_run(text, at, end):
                continue
            if at not in bounds and _ends_a_verb(text, at, owned):
                continue
            if len(word) <= 2 and not _stands_alone(text, at, end, owned, bounds):
                continue
            if _cuts_a_noun(text, at, end, owned):
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

    def _claim_places(self, text: str, owned: list[bool], claims: list[Claim]) -> tuple[Claim, ...]:
        """Names of places without a book; returned are those that some text speaks of."""
        known = self._vocabulary
        found: list[Claim] = []
        for name in (*known.prefectures, *known.cities):
            if name in text:
                for match in re.finditer(re.escape(name) + "[市区都府県]?民?", text):
                    found.append(Claim(*match.span(), "place", match.group().rstrip("民")))
        for match in patterns.PLACE.finditer(text):
            name = match["name"]
            if name in known.not_places or to_hiragana(name[:-1]) in known.words:
                continue
            if len(name) > 1 and name[-2:] not in known.not_places:
                found.append(Claim(*match.span(), "place", name))
        found.extend(
            Claim(*match.span(), "place", match.group())
            for match in patterns.OTHER_PLACE.finditer(text)
        )
        named: list[Claim] = []
        for claim in found:
            if any(owned[claim.start : claim.end]) or not _is_whole(text, claim, owned):
                continue
            if self._is_spoken_of(claim):
                named.append(claim)
            else:
                _claim_one(owned, claims, claim)
        self._claim_other_places(text, owned, claims)
        return tuple(named)

    def _claim_other_places(self, text: str, owned: list[bool], claims: list[Claim]) -> None:
        """みどり市, typed in kana; 国 and 県, which are those of the index where it has any."""
        known = self._vocabulary
        for match in patterns.KANA_PLACE.finditer(text):
            if match["name"][:-1] not in known.not_places:
                _claim_one(owned, claims, Claim(*match.span("name"), "place", match["name"]))

        for match in patterns.STATE.finditer(text):
            name, span = match["name"], match.span("name")
            own = ("省", "庁", "国", "府") if name in ("国", "政府") else (name,)
            publishers = [p for p in self._lexicon.publishers if p.endswith(own)]
            meant = [Claim(*span, "publisher", publisher) for publisher in publishers]
            if not any(owned[slice(*span)]):
                _claim(owned, claims, meant or [Claim(*span, "place", name)])

    def _claim_units(self, text: str, owned: list[bool], claims: list[Claim]) -> None:
        """Names of departments and offices that the index does not know."""
        for match in patterns.UNIT_NAME.finditer(text):
            key = to_hiragana(match["name"])
            if self._lexicon.holding(key, "title") or self._lexicon.holding(key, "body"):
                continue
            _claim_one(owned, claims, Claim(*match.span(), "unit_name", match["name"]))

    def _without_described(
        self, text: str, key: str, owned: list[bool], claims: list[Claim]
    ) -> list[Claim]:
        """Give back words that describe something: 20万円を上限とする事業 asks for no 上限, and
        委託先のセキュリティ for no 委託先 when the text speaks of it."""
        kept: list[Claim] = []
        for claim in claims:
            if claim.value in _SUPPLEMENT and self._lexicon.has_supplements:
                kept.append(replace(claim, tag="field:amount"))
                continue
            after = text[claim.end : claim.end + 2]
            described = claim.tag == "refuse:FIELD_NOT_IN_BOOK" and (
                after[:1] == "の"
                and bool(patterns.NOUN.match(after[1:]))
                and not any(owned[claim.end + 1 : claim.end + 2])
                and bool(self._lexicon.holding(claim.value, "body"))
            )
            compound = _compound_around(text, claim)
            if claim.tag == "refuse:NEEDS_OPINION" and self._is_printed(compound, claim):
                owned[claim.start : claim.end] = [False] * (claim.end - claim.start)
                continue  # 混雑予測 of the text asks for no 予測
            if claim.tag == "op:count" and _is_column(compound, claim):
                kept.append(replace(claim, tag="refuse:FIELD_NOT_IN_BOOK"))
                continue  # 相談件数は何件: not how many programmes there are
            if claim.tag == "topic:marker" and patterns.VERB_END.match(text, claim.end):
                continue  # 15か所をまわります
            if claim.tag == "predicate:exists" and _is_attribute(text, key, claim, claims):
                # 予算書にあるX, 載っているX: said of X, and asks nothing.
                kept.append(replace(claim, tag="filler"))
                continue
            if _is_of_the_text(text, claim):
                kept.append(replace(claim, tag="text:howmuch"))
                continue
            limit = claim.tag == "text:howmuch" and "いくら" not in claim.value
            if described or (limit and re.match(r"[とをに]", key[claim.end :])):
                owned[claim.start : claim.end] = [False] * (claim.end - claim.start)
                continue
            kept.append(claim)
        return kept

    def _is_printed(self, compound: str, claim: Claim) -> bool:
        """Whether a longer word around the claim stands in some title or text."""
        key = to_hiragana(compound)
        longer = len(key) > claim.end - claim.start
        return longer and any(self._lexicon.holding(key, w) for w in ("title", "body"))

    def _is_spoken_of(self, place: Claim) -> bool:
        """A place name that a title or text of the index holds may be part of a description."""
        key = to_hiragana(place.value)
        return any(self._lexicon.holding(key, where) for where in ("title", "body"))


def _is_attribute(text: str, key: str, claim: Claim, claims: list[Claim]) -> bool:
    """Whether a verb stands before the noun it is said of: 予算書にあるX."""
    if not key[: claim.end].endswith(("ある", "いる", "てる", "入る")):
        return False
    named = any(other.start == claim.end and other.tag == "title" for other in claims)
    return named or bool(patterns.NOUN.match(text[claim.end : claim.end + 1]))


def _compound_around(text: str, claim: Claim) -> str:
    """The run of kanji and katakana that the claim stands in: 混雑予測."""
    start, end = claim.start, claim.end
    while start > 0 and _COMPOUND.match(text[start - 1]):
        start -= 1
    while end < len(text) and _COMPOUND.match(text[end]):
        end += 1
    return text[start:end]


def _is_column(compound: str, claim: Claim) -> bool:
    """相談件数, 受付件数: a number of something that is no programme."""
    before = compound[: -len("件数")]
    return claim.value == "件数" and compound.endswith("件数") and before not in _OWN_COUNTS


def _is_of_the_text(text: str, claim: Claim) -> bool:
    """何円もらえますか, 1頭いくら: money that a person gets or pays, which no column prints."""
    if claim.tag != "field:amount" or not patterns.ASKING.match(claim.value):
        return False
    return bool(
        patterns.RECEIVED.match(text[claim.end :]) or patterns.PER_ONE.search(text[: claim.start])
    )


def _is_whole(text: str, place: Claim, owned: list[bool]) -> bool:
    """Whether a place name stands by itself, and not inside a longer word (港区立)."""
    after, before = place.end, place.start - 1
    runs_on = after < len(text) and not owned[after]
    if runs_on and (patterns.KANJI.match(text[after]) or patterns.KATAKANA.match(text[after])):
        return False
    return before < 0 or owned[before] or not patterns.KANJI.match(text[before])


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


def _claim(owned: list[bool], claims: list[Claim], new: list[Claim]) -> None:
    """Own a stretch by one or several claims about the very same characters."""
    for claim in new:
        claims.append(claim)
        owned[claim.start : claim.end] = [True] * (claim.end - claim.start)


def _claim_one(owned: list[bool], claims: list[Claim], claim: Claim) -> None:
    if not any(owned[claim.start : claim.end]):
        _claim(owned, claims, [claim])


def _splits_run(text: str, start: int, end: int) -> bool:
    """Whether the stretch cuts a katakana or Latin word in two (LAN in PLAN, バス in バスケ)."""
    for pattern in (patterns.KATAKANA, patterns.LATIN):
        if start > 0 and pattern.match(text[start - 1]) and pattern.match(text[start]):
            return True
        if end < len(text) and pattern.match(text[end - 1]) and pattern.match(text[end]):
            return True
    return False


def _end_of_counter(text: str, at: int, bounds: set[int]) -> int | None:
    """Where the counter of 何… ends: 何発上がりますか asks for 発."""
    counted = patterns.WHAT_COUNT.match(text, at)
    if counted is None:
        return None
    return next((end for end in range(at + 2, counted.end()) if end in bounds), counted.end())


def _cuts_a_noun(text: str, start: int, end: int, owned: list[bool]) -> bool:
    """の中 of 令和7年度の中学校: a particle and the first letter of what follows."""
    if end == len(text) or owned[end] or not patterns.HIRAGANA.match(text[start]):
        return False
    return end - start == 2 and all(patterns.KANJI.match(text[at]) for at in (end - 1, end))


def _ends_a_verb(text: str, at: int, owned: list[bool]) -> bool:
    """される of 取り壊される belongs to the word before it."""
    if at == 0 or owned[at - 1]:
        return False
    return bool(patterns.KANJI.match(text[at - 1]) and patterns.HIRAGANA.match(text[at]))


def _stands_alone(text: str, start: int, end: int, owned: list[bool], bounds: set[int]) -> bool:
    """A word of one or two letters must be a word of the sentence, not part of another."""
    before_owned = start == 0 or owned[start - 1]
    after_owned = end == len(text) or owned[end]
    if not (start in bounds or before_owned) or not (end in bounds or after_owned):
        return False
    if end - start == 1 and patterns.HIRAGANA.match(text[start]):
        # だ of ちよだ is no word, nor ん of みどりん号; と between two names is one.
        return (
            after_owned
            or bool(patterns.SIGN.match(text[end]))
            or (text[start] == "と" and not patterns.HIRAGANA.match(text[end]))
        )
    if end - start > 1 or not patterns.KANJI.match(text[start]):
        return True
    before = start > 0 and not owned[start - 1] and patterns.KANJI.match(text[start - 1])
    after = end < len(text) and not owned[end] and patterns.KANJI.match(text[end])
    return not before and not after


def _chunks(key: str, owned: list[bool]) -> tuple[tuple[int, int], ...]:
    """Runs of unclaimed characters between claims, spaces and punctuation."""
    found: list[tuple[int, int]] = []
    start: int | None = None
    for at in range(len(key) + 1):
        inside = (
            at < len(key) and not owned[at] and not re.match(r"[\s,、。!?「」『』()\"]", key[at])
        )
        if inside and start is None:
            start = at
        elif not inside and start is not None:
            found.append((start, at))
            start = None
    return tuple(found)


def _small(text: str) -> int | None:
    digits = "〇一二三四五六七八九"
    if text.isdecimal():
        return int(text)
    if text == "十":
        return 10
    return digits.index(text) if text in digits else None
