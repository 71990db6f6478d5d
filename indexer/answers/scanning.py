"""Which stretch of a question says what? Every character is claimed once, or left over.

Names of the index are claimed first, longest first, so that a title holding 予算 or 合計 stays a
title; then years, amounts and ranks; then the question words of the vocabulary. What is left
over is a description of a programme, or a word that nobody accounts for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from indexer.analysis.folding import Folded, fold, to_hiragana
from indexer.answers.figures import Figure, find_figures
from indexer.answers.lexicon import Lexicon, Phrase, sound_of
from indexer.answers.romaji import romaji_to_kana
from indexer.answers.vocabulary import Vocabulary
from indexer.eras import era_of, era_to_western, find_years

_SIGN = re.compile(r"[\s・,、.。/:;!?()\[\]{}<>「」『』【】〔〕《》\"'`~…-]")
_QUOTED = re.compile(r"[「『\"“](?P<inside>[^「」『』\"“”]{2,80})[」』\"”]")
_KATAKANA, _LATIN = re.compile(r"[ァ-ヺー]"), re.compile(r"[a-z]")
_KANJI, _HIRAGANA = re.compile(r"[一-鿿々]"), re.compile(r"[ぁ-ゖー]")
_AFTER_WHAT = re.compile(r"[をがのにページぺ件課円年校人台名回月倍番度か%万億千割頁億階]")
# 「って何をする」 asks for more than what something is.
_COUNT = r"(?P<n>[0-9]{1,3}|[一二三四五六七八九十])"
# 上位5つ, トップ10, ワースト3, 上から3番目, 2番目, 3位. The number of a rank, never an amount.
_RANK = re.compile(
    rf"(?P<side>上位|下位|トップ|ベスト|ワースト|上から|下から){_COUNT}(?P<nth>番目|位)?(?:つ|件|個|事業|本|まで)?"
)
_NTH = re.compile(rf"{_COUNT}(?:番目|位)(?:に|の)?")
_HOW_MANY = re.compile(
    r"(?<![0-9,.])(?P<n>[0-9]{1,3}|[一二三四五六七八九十])\s?(?:つ|件|個|事業)(?:だけ|ほど)?(?![0-9])"
)
_ERA_SHORT = re.compile(
    r"(?P<era>令和|平成|昭和|れいわ|へいせい)\s?(?P<n>[0-9]{1,2}|元|[一二三四五六七八九十]{1,3})(?:年度|年|ねんど|ねん)?"
)
_SMALL_ERA = re.compile(r"(?<![a-z])[hs](?=[0-9])")
_STATUS_SPLIT = re.compile(
    r"(?P<names>[一-鿿]{2}(?:[・と、,/]?[一-鿿]{2}){1,4}?)(?:の区分)?(?:別|ごと)"
)
_BARE_FISCAL = re.compile(r"(?<![0-9])(?P<n>[0-9]{1,2})年度")
_WESTERN = re.compile(r"(?<![0-9,.])(?P<n>(?:19|20)[0-9]{2})(?:年度|年)?(?![0-9,.]|千|万|百|円)")
_PAGE = re.compile(r"(?P<n>[0-9]{1,4})\s?(?:ページ|頁|ぺーじ)")
_PERCENT = re.compile(r"(?P<n>[0-9]+(?:\.[0-9]+)?)\s?(?:%|パーセント|割)")
# 横浜市, 長野県. Up to six letters before the suffix, and no compound behind it (市民, 市立).
_PLACE = re.compile(
    r"(?P<name>[一-鿿々ヶケァ-ヺ]{1,6}?(?:[市区町村県府都省]|庁(?!舎)))(?![一-鿿々])"
)
# みどり市, つくば市: a run of kana before 市, but not うちの市.
_KANA_PLACE = re.compile(
    r"(?<![ぁ-ゖ一-鿿])(?P<name>[いうえかきくけこさしすせそたちつてなぬねひふへほまみむめゆよらりるれろわんじずづびぶべがぎぐげござぜぞだどばぼっゃゅょあおやも]{2,5}[市町村])(?![一-鿿々])"
)
# 国の防災予算, 県の予算: another level of government, not 国の補助 (a column nobody prints).
_STATE = re.compile(
    r"(?<![一-鿿])(?P<name>国|政府|県|都|府)(?=(?:の|で|は|が)(?!補助|負担|支出|支援金|制度|交付))"
)
_UNIT_NAME = re.compile(
    r"(?P<name>[一-鿿々ァ-ヺー・a-zいうえかきくけこさしすせそたちつてなぬねひふへほまみむめゆよらりるれろわんじずづびぶべ]{2,14}"
    r"(?:課|部|局|(?:対策|推進|企画|秘書|準備|事務|財政|広報)室))(?![一-鿿々分門品屋])"
)


@dataclass(frozen=True, slots=True)
class Claim:
    """One stretch [start, end) of the folded question and what it says."""

    start: int
    end: int
    tag: str
    """A vocabulary tag, a phrase kind (``title`` …), ``year``, ``relative``, ``money``, ``rank``,
    ``place``, ``unit_name``, ``status_word``, ``page_number`` or ``percent``."""
    value: str = ""
    number: int | None = None
    figure: Figure | None = None
    how: str = "exact"


@dataclass(frozen=True, slots=True)
class Scan:
    """A question with its claims, in order, and the chunks nobody claimed."""

    original: str
    folded: Folded
    key: str
    claims: tuple[Claim, ...]
    chunks: tuple[tuple[int, int], ...]
    quoted: tuple[tuple[int, int], ...] = ()

    def typed(self, start: int, end: int) -> str:
        """The stretch as it was typed."""
        first, last = self.folded.span(start, end)
        return self.original[first:last]

    def has(self, *tags: str) -> bool:
        """Whether any of the tags was claimed."""
        return any(claim.tag in tags for claim in self.claims)

    def of(self, *tags: str) -> tuple[Claim, ...]:
        """The claims with these tags, in order."""
        return tuple(claim for claim in self.claims if claim.tag in tags)

    def group(self, prefix: str) -> tuple[Claim, ...]:
        """The claims whose tag starts with ``prefix:``."""
        return tuple(claim for claim in self.claims if claim.tag.startswith(prefix + ":"))


class Scanner:
    """Claims the stretches of questions against one lexicon and the vocabulary."""

    def __init__(self, lexicon: Lexicon, vocabulary: Vocabulary) -> None:
        self._lexicon = lexicon
        self._vocabulary = vocabulary

    def scan(self, question: str) -> Scan:
        """Claim everything in ``question`` that has a meaning of its own."""
        folded = fold(_typed_in_katakana(romaji_to_kana(question)))
        key = to_hiragana(folded.text)
        owned = [False] * len(key)
        claims: list[Claim] = []
        self._claim_status_split(key, owned, claims)
        self._claim_phrases(folded.text, key, owned, claims)
        self._claim_sounds(key, owned, claims)
        self._claim_years(folded.text, owned, claims)
        self._claim_numbers(folded.text, owned, claims)
        self._claim_places(folded.text, owned, claims)
        self._claim_vocabulary(folded.text, key, owned, claims)
        self._claim_units(folded.text, owned, claims)
        claims = _without_described(key, owned, claims)
        claims.sort(key=lambda claim: (claim.start, claim.end))
        quoted = tuple(m.span("inside") for m in _QUOTED.finditer(folded.text))
        original = folded.original
        return Scan(original, folded, key, tuple(claims), _chunks(key, owned), quoted)

    def _claim_status_split(self, key: str, owned: list[bool], claims: list[Claim]) -> None:
        """新規・拡充別 groups by status and filters nothing."""
        for match in _STATUS_SPLIT.finditer(key):
            names = re.findall(r"[一-鿿]{2}", match["names"])
            if len(names) > 1 and all(name in self._vocabulary.statuses for name in names):
                _claim_one(owned, claims, Claim(*match.span(), "group:status", match.group()))

    def _claim_phrases(self, text: str, key: str, owned: list[bool], claims: list[Claim]) -> None:
        """Names of the index, longest first; signs inside a name may be left out."""
        places = [i for i, character in enumerate(key) if not _SIGN.match(character)]
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
        known = self._lexicon.sound_phrases
        for length in range(last - first, 3, -1):
            for start in range(first, last - length + 1):
                end = start + length
                if any(owned[start:end]) or key[start:end] in self._vocabulary.words:
                    continue
                phrases = known.get(sound_of(key[start:end]))
                if phrases and (length >= 5 or length == last - first):
                    _claim(owned, claims, [_phrase_claim(start, end, p) for p in phrases])

    def _claim_years(self, text: str, owned: list[bool], claims: list[Claim]) -> None:
        for year in find_years(_SMALL_ERA.sub(lambda match: match.group().upper(), text)):
            _claim_one(owned, claims, Claim(year.start, year.end, "year", number=year.year))
        for match in _ERA_SHORT.finditer(text):
            era = {"れいわ": "令和", "へいせい": "平成"}.get(match["era"], match["era"])
            number = era_to_western(era, match["n"]) or era_to_western(era, _small(match["n"]) or 0)
            if number is not None:
                _claim_one(owned, claims, Claim(*match.span(), "year", number=number))
        latest = self._lexicon.latest_year()
        era_now = era_of(latest) if latest else None
        for match in _BARE_FISCAL.finditer(text):
            number = era_to_western(era_now.name, match["n"]) if era_now else None
            if number is not None:
                _claim_one(owned, claims, Claim(*match.span(), "year", number=number))
        for match in _WESTERN.finditer(text):
            _claim_one(owned, claims, Claim(*match.span(), "year", number=int(match["n"])))

    def _claim_numbers(self, text: str, owned: list[bool], claims: list[Claim]) -> None:
        for pattern, tag in ((_RANK, "rank"), (_NTH, "nth"), (_PAGE, "page_number")):
            for match in pattern.finditer(text):
                value = match.groupdict().get("side") or ""
                tag_now = "nth" if match.groupdict().get("nth") else tag
                number = _small(match["n"])
                _claim_one(owned, claims, Claim(*match.span(), tag_now, value, number))
        for figure in find_figures(text):
            _claim_one(owned, claims, Claim(figure.start, figure.end, "money", figure=figure))
        for match in _PERCENT.finditer(text):
            _claim_one(owned, claims, Claim(*match.span(), "percent", match["n"]))
        for match in _HOW_MANY.finditer(text):
            _claim_one(owned, claims, Claim(*match.span(), "how_many", "", _small(match["n"])))

    def _claim_vocabulary(
        self, text: str, key: str, owned: list[bool], claims: list[Claim]
    ) -> None:
        bounds = self._bounds(text)
        at = 0
        while at < len(key):
            end = None if owned[at] else self._longest_word(text, key, at, owned, bounds)
            if end is None:
                at += 1
                continue
            word = key[at:end]
            _claim(owned, claims, self._word_claims(word, at, end))
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
            if len(word) <= 2 and not _stands_alone(text, at, end, owned, bounds):
                continue
            if word.endswith("何") and len(word) > 1 and _AFTER_WHAT.match(text, end):
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

    def _claim_places(self, text: str, owned: list[bool], claims: list[Claim]) -> None:
        """Names of places that the index does not know."""
        known = self._vocabulary
        for name in (*known.prefectures, *known.cities):
            for match in re.finditer(re.escape(name) + "[市区都府県]?", text):
                if self._is_place(text, match.start(), match.end()):
                    _claim_one(owned, claims, Claim(*match.span(), "place", match.group()))
        for match in _PLACE.finditer(text):
            name = match["name"]
            if name in known.not_places or to_hiragana(name[:-1]) in known.words:
                continue
            if not self._is_place(text, match.start(), match.end()):
                continue
            if len(name) > 1 and name[-2:] not in known.not_places:
                _claim_one(owned, claims, Claim(*match.span(), "place", name))
        for match in _KANA_PLACE.finditer(text):
            if match["name"][:-1] not in known.not_places:
                _claim_one(owned, claims, Claim(*match.span("name"), "place", match["name"]))

        for match in _STATE.finditer(text):
            name = match["name"]
            own = ("省", "庁", "国", "府") if name in ("国", "政府") else (name,)
            if not any(publisher.endswith(own) for publisher in self._lexicon.publishers):
                _claim_one(owned, claims, Claim(*match.span("name"), "place", name))

    def _claim_units(self, text: str, owned: list[bool], claims: list[Claim]) -> None:
        """Names of departments and offices that the index does not know."""
        for match in _UNIT_NAME.finditer(text):
            key = to_hiragana(match["name"])
            if self._lexicon.holding(key, "title") or self._lexicon.holding(key, "body"):
                continue
            _claim_one(owned, claims, Claim(*match.span(), "unit_name", match["name"]))

    def _is_place(self, text: str, start: int, end: int) -> bool:
        """A place name that a title or text of the index holds is part of a description."""
        if end < len(text) and (_KANJI.match(text[end]) or _KATAKANA.match(text[end])):
            return False
        if start > 0 and _KANJI.match(text[start - 1]):
            return False
        key = to_hiragana(text[start:end])
        return not self._lexicon.holding(key, "title") and not self._lexicon.holding(key, "body")


def _typed_in_katakana(question: str) -> str:
    """A whole question in katakana (コウエンノヨサン) reads as one in hiragana."""
    folded = fold(question).text
    if len(_KATAKANA.findall(folded)) < 8 or re.search(r"[ぁ-ゖ一-鿿a-z]", folded):
        return question
    return to_hiragana(folded)


def _without_described(key: str, owned: list[bool], claims: list[Claim]) -> list[Claim]:
    """Give back words that describe something: 20万円を上限とする事業 asks for no 上限."""
    kept: list[Claim] = []
    for claim in claims:
        if (
            claim.tag == "text:howmuch"
            and re.match(r"[とをに]", key[claim.end :])
            and "いくら" not in claim.value
        ):
            owned[claim.start : claim.end] = [False] * (claim.end - claim.start)
            continue
        kept.append(claim)
    return kept


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
    for pattern in (_KATAKANA, _LATIN):
        if start > 0 and pattern.match(text[start - 1]) and pattern.match(text[start]):
            return True
        if end < len(text) and pattern.match(text[end - 1]) and pattern.match(text[end]):
            return True
    return False


def _stands_alone(text: str, start: int, end: int, owned: list[bool], bounds: set[int]) -> bool:
    """A word of one or two letters must be a word of the sentence, not part of another."""
    before_owned = start == 0 or owned[start - 1]
    after_owned = end == len(text) or owned[end]
    if not (start in bounds or before_owned) or not (end in bounds or after_owned):
        return False
    if end - start == 1 and _HIRAGANA.match(text[start]):
        # だ of ちよだ is no word, nor ん of みどりん号; と between two names is one.
        return (
            after_owned
            or bool(_SIGN.match(text[end]))
            or (text[start] == "と" and not _HIRAGANA.match(text[end]))
        )
    if end - start > 1 or not _KANJI.match(text[start]):
        return True
    before = start > 0 and not owned[start - 1] and _KANJI.match(text[start - 1])
    after = end < len(text) and not owned[end] and _KANJI.match(text[end])
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
