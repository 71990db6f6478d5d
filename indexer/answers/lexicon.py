"""Which names does the index know? Titles, readings, departments, sections, goals, years, places.

Built once per generation from the programmes themselves, so a new book teaches it. Readings of
titles cost one tokenisation each and are made when a question first needs them.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from threading import Lock

from indexer.analysis.analyzer import Analyzer
from indexer.analysis.folding import fold_text, to_hiragana
from indexer.answers.holdings import Holdings
from indexer.answers.sources import ProgramSource
from indexer.answers.vocabulary import key_of, load_vocabulary
from indexer.model import Document, Forecast, Program, Role
from indexer.search.short_names import short_names

_SIGNS = re.compile(r"[\s・,、.。/:;!?()\[\]{}<>「」『』【】〔〕《》\"'`~-]+")
_VOWEL_AFTER = str.maketrans(
    {
        "ー": "",
        "っ": "つ",
        "ゃ": "や",
        "ゅ": "ゆ",
        "ょ": "よ",
        "ぢ": "じ",
        "づ": "ず",
        "ぁ": "あ",
        "ぃ": "い",
        "ぅ": "う",
        "ぇ": "え",
        "ぉ": "お",
        "を": "お",
    }
)
_KANA = re.compile(r"[ぁ-ゖー]+")
_LATIN = re.compile(r"[a-z]+")
_KANJI = re.compile(r"[一-鿿々]")
_LONG = re.compile(
    r"(?<=[あかさたなはまやらわがざだばぱゃ])あ|(?<=[いきしちにひみりぎじびぴ])い|"
    r"(?<=[おこそとのほもよろごぞどぼぽょうくすつぬふむゆるぐずぶぷゅ])う|(?<=[えけせてねへめれげぜでべぺ])い|(?<=お)お"
)

_KEPT = 1_000_000
"""How many numbers of entries are remembered for words looked up before."""

_SIMILAR_KEPT = 256
"""How many typed names are remembered with the titles like them."""

FACET_FIELDS = ("section", "department", "policy_goal", "account", "status")


def compact(text: str) -> str:
    """``text`` as a key without signs and spaces: 旧箱根千代田荘・軽井沢 → 旧箱根千代田荘軽井沢."""
    return _SIGNS.sub("", key_of(text))


def sound_of(kana: str) -> str:
    """Kana as heard: long vowels and small kana folded, so ほーむ, ほうむ and ホオム agree."""
    return _LONG.sub("", kana.translate(_VOWEL_AFTER))


def bare(key: str) -> str:
    """A compact title without the の between its words: 防災意識の普及 = 防災意識普及."""
    return key.replace("の", "") if _KANJI.search(key) else key


@dataclass(frozen=True, slots=True)
class Entry:
    """A named programme with the texts it is found by (all as keys)."""

    index: int
    program: Program
    document: Document
    title: str
    """The title, compact."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A name the index knows: what it names and how it was met."""

    kind: str
    """``title``, ``section``, ``department``, ``policy_goal``, ``account``, ``status``,
    ``publisher``."""
    value: str
    how: str = "exact"


class Lexicon:
    """Everything a question may name, of one generation of the index."""

    def __init__(self, source: ProgramSource, analyzer: Analyzer) -> None:
        self.analyzer = analyzer
        self._source = source
        self._lock = Lock()
        self._lines: dict[str, tuple[str, ...]] = {}
        self._scans: dict[tuple[str, str], frozenset[int]] = {}
        self._kept = 0
        self._similar: dict[tuple[str, ...], tuple[int, ...]] = {}
        self.documents: Mapping[str, Document] = {d.id: d for d in source.documents()}
        printed = source.all_programs()
        self.requests: Mapping[str, tuple[Forecast, ...]] = {
            p.id: found for p in printed if (found := tuple(filter(_is_request, p.forecasts)))
        }
        """要求額 by programme: what a ministry asks for is neither a budget nor a forecast."""
        everything = tuple(_without_requests(p) if p.id in self.requests else p for p in printed)
        self.programs: Mapping[str, Program] = {p.id: p for p in everything}
        named = (
            p for p in everything if p.role is not Role.GROUP and p.document_id in self.documents
        )
        self.entries: tuple[Entry, ...] = tuple(
            Entry(i, p, self.documents[p.document_id], compact(p.title))
            for i, p in enumerate(named)
        )
        self.by_id: Mapping[str, Entry] = {entry.program.id: entry for entry in self.entries}
        years = {entry.document.fiscal_year for entry in self.entries}
        self.years: tuple[int, ...] = tuple(sorted(y for y in years if y is not None))
        self.forecast_years: frozenset[int] = frozenset(
            forecast.fiscal_year for program in everything for forecast in program.forecasts
        )
        self.publishers: tuple[str, ...] = _distinct(
            e.document.publisher.name for e in self.entries if e.document.publisher
        )
        self.scopes: Mapping[tuple[str | None, int | None], frozenset[int]] = _scopes(self.entries)
        """Indexes of entries by (publisher, fiscal year)."""
        self.newest: Mapping[str | None, int | None] = {
            name: self.latest_year(name)
            for name in {publisher_of(document) for document in self.documents.values()}
        }
        """Per publisher: the fiscal year of the newest book."""
        self.values: Mapping[str, tuple[str, ...]] = {
            field: _distinct(getattr(e.program, field) for e in self.entries)
            for field in FACET_FIELDS
        }
        self.phrases = self._collect_phrases()
        self.longest_phrase = max(map(len, self.phrases), default=0)
        self.by_title = _grouped(self.entries, lambda entry: entry.title)
        self.by_bare_title = _grouped(self.entries, lambda entry: bare(entry.title))

    def _collect_phrases(self) -> dict[str, tuple[Phrase, ...]]:
        found: defaultdict[str, list[Phrase]] = defaultdict(list)
        for entry in self.entries:
            if not found[entry.title]:
                found[entry.title].append(Phrase("title", entry.title))
            short = bare(entry.title)
            if len(short) > 3 and not found[short]:
                found[short].append(Phrase("title", entry.title))
        for field, values in self.values.items():
            for value in values:
                found[compact(value)].append(Phrase(field, value))
        for name in self.publishers:
            found[compact(name)].append(Phrase("publisher", name))
        for short, name in short_names(self.publishers).items():
            if short not in found:
                found[short].append(Phrase("publisher", name, "alias"))
        return {key: tuple(phrases) for key, phrases in found.items() if len(key) > 1}

    @cached_property
    def bodies(self) -> tuple[str, ...]:
        """Per entry: own paragraphs and, for members, the group's shared ones; as keys."""
        return tuple(self._body_of(entry.program) for entry in self.entries)

    @cached_property
    def contexts(self) -> tuple[str, ...]:
        """Per entry: section, department and goal; as keys."""
        return tuple(
            key_of(
                " ".join(
                    filter(
                        None,
                        (
                            e.program.section,
                            e.program.department,
                            e.program.policy_goal,
                        ),
                    )
                )
            )
            for e in self.entries
        )

    def _body_of(self, program: Program) -> str:
        texts = [paragraph.text for paragraph in program.description]
        group = self.programs.get(program.group_id or "")
        if group is not None:
            texts.extend(paragraph.text for paragraph in group.description)
        return key_of("\n".join(texts))

    @cached_property
    def latin_words(self) -> frozenset[str]:
        """The Latin words of titles: lan of 全庁LANの保守管理."""
        return frozenset(
            word for entry in self.entries for word in _LATIN.findall(entry.title) if len(word) > 1
        )

    @cached_property
    def sounds(self) -> tuple[str, ...]:
        """Per entry: the title's reading as heard."""
        with self._lock:
            titles = dict.fromkeys(entry.program.title for entry in self.entries)
            heard = {title: sound_of(self.reading(title)) for title in titles}
            return tuple(heard[entry.program.title] for entry in self.entries)

    @cached_property
    def by_sound(self) -> Mapping[str, tuple[Entry, ...]]:
        """Entries by the reading of their titles."""
        return _grouped(self.entries, lambda entry: self.sounds[entry.index])

    @cached_property
    def sound_phrases(self) -> Mapping[str, tuple[Phrase, ...]]:
        """Names by their reading, for questions typed in kana."""
        found: defaultdict[str, list[Phrase]] = defaultdict(list)
        for entry, sound in zip(self.entries, self.sounds, strict=True):
            if not found[sound]:
                found[sound].append(Phrase("title", entry.title, "reading"))
        for field, values in (*self.values.items(), ("publisher", self.publishers)):
            for value in values:
                found[sound_of(self.reading(value))].append(Phrase(field, value, "reading"))
        return {key: tuple(phrases) for key, phrases in found.items() if len(key) > 3}

    @cached_property
    def title_words_by_sound(self) -> Mapping[str, str]:
        """Words of titles, and up to three in a row, by their reading: ほちょうき → 補聴器."""
        found: dict[str, str] = {}
        for title in dict.fromkeys(entry.program.title for entry in self.entries):
            units = [t for t in self.analyzer.readings(title) if t.end > t.start]
            for first in range(len(units)):
                heard, last = "", units[first].start
                for unit in units[first : first + 3]:
                    if unit.start < last:
                        continue
                    if unit.start > last:
                        break
                    heard, last = heard + to_hiragana(unit.term), unit.end
                    surface = title[units[first].start : last]
                    if len(heard) >= 3 and not _KANA.fullmatch(surface):
                        found.setdefault(sound_of(heard), surface)
        return found

    @cached_property
    def sound_lengths(self) -> tuple[int, ...]:
        """The lengths that names have as heard, ascending."""
        return tuple(sorted(set(map(len, self.sound_phrases))))

    def reading(self, text: str) -> str:
        """The whole of ``text`` in hiragana, particles included; signs dropped."""
        folded = fold_text(text)
        plain = _SIGNS.sub("", to_hiragana(folded))
        if _KANA.fullmatch(plain):
            return plain
        for word, sound in load_vocabulary().readings.items():
            folded = folded.replace(word, sound)
        pieces: list[str] = []
        at = 0
        for token in self.analyzer.readings(folded):
            if token.start < at:
                continue
            pieces.append(folded[at : token.start])
            pieces.append(to_hiragana(token.term))
            at = token.end
        pieces.append(folded[at:])
        return _SIGNS.sub("", to_hiragana("".join(pieces)))

    def holding(self, word: str, where: str) -> frozenset[int]:
        """Indexes of entries whose ``title``, ``body`` or ``context`` holds the key ``word``."""
        known = self._scans.get((where, word))
        if known is not None:
            return known
        found = self.holdings[where].holding(compact(word) if where == "title" else word)
        self._kept += len(found) + 1
        if self._kept > _KEPT:
            self._scans.clear()
            self._kept = 0
        self._scans[where, word] = found
        return found

    @cached_property
    def holdings(self) -> Mapping[str, Holdings]:
        """The texts of the entries by what they are: ``title``, ``body``, ``context``."""
        return {
            "title": Holdings(entry.title for entry in self.entries),
            "body": Holdings(self.bodies),
            "context": Holdings(self.contexts),
        }

    def warm(self, stopped: Callable[[], bool]) -> None:
        """Make what the first questions would otherwise wait for, until ``stopped`` says so."""
        for made in (
            "bodies",
            "holdings",
            "sounds",
            "by_sound",
            "sound_phrases",
            "bigrams",
            "title_words_by_sound",
        ):
            if stopped():
                return
            getattr(self, made)
        _ = self.facets

    @cached_property
    def has_supplements(self) -> bool:
        """Whether some amount is one of a supplementary budget."""
        return any("supplement" in program.flags for program in self.programs.values())

    def lines(self, document_id: str) -> tuple[str, ...]:
        """The printed lines of a document; empty for structured sources."""
        known = self._lines.get(document_id)
        if known is None:
            indexed = self._source.document(document_id)
            known = self._lines[document_id] = indexed.lines if indexed else ()
        return known

    def through_the_years(self, program: Program) -> tuple[Program, ...]:
        """The programme in every book of its publisher that has its title, newest first."""
        here = publisher_of(self.documents[program.document_id])
        same = (
            entry
            for entry in self.by_title.get(compact(program.title), ())
            if publisher_of(entry.document) == here
        )
        ordered = sorted(same, key=lambda entry: -(entry.document.fiscal_year or 0))
        return tuple(entry.program for entry in ordered)

    def documents_of(self, indexes: Iterable[int]) -> tuple[Document, ...]:
        """The documents of entries."""
        ids = dict.fromkeys(self.entries[i].program.document_id for i in indexes)
        return tuple(self.documents[document_id] for document_id in ids)

    def family(self, program: Program) -> tuple[Program, ...]:
        """The programme's children or, for a group, its members."""
        return tuple(self.programs[i] for i in program.child_ids if i in self.programs)

    @cached_property
    def facets(self) -> Mapping[tuple[str, str], frozenset[int]]:
        """Indexes of entries by (field, value)."""
        found: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
        for field in FACET_FIELDS:
            for entry in self.entries:
                value = getattr(entry.program, field)
                if value:
                    found[field, value].add(entry.index)
        return {key: frozenset(indexes) for key, indexes in found.items()}

    def latest_year(self, publisher: str | None = None) -> int | None:
        """The newest fiscal year indexed (of one publisher)."""
        years = (
            year
            for name, year in self.scopes
            if year is not None and (publisher is None or name == publisher)
        )
        return max(years, default=None)

    def years_of(self, publisher: str | None = None) -> frozenset[int]:
        """The fiscal years indexed (of one publisher)."""
        return frozenset(
            year
            for name, year in self.scopes
            if year is not None and (publisher is None or name == publisher)
        )

    @cached_property
    def bigrams(self) -> Mapping[str, tuple[int, ...]]:
        """Entries by the pairs of letters of their titles and of the titles' readings."""
        found: defaultdict[str, list[int]] = defaultdict(list)
        for entry in self.entries:
            for pair in _pairs(entry.title) | _pairs(self.sounds[entry.index]):
                found[pair].append(entry.index)
        return {pair: tuple(indexes) for pair, indexes in found.items()}

    def similar(self, keys: tuple[str, ...], limit: int = 60) -> tuple[int, ...]:
        """Indexes of the entries that share most pairs of letters with one of ``keys``.

        Remembered, for one question looks the same words up in the books of every year.
        """
        known = self._similar.get(keys)
        if known is None:
            shared: Counter[int] = Counter()
            for pair in set().union(*map(_pairs, keys)):
                shared.update(self.bigrams.get(pair, ()))
            known = tuple(index for index, _ in shared.most_common(limit))
            if len(self._similar) >= _SIMILAR_KEPT:
                self._similar.clear()
            self._similar[keys] = known
        return known


def _is_request(forecast: Forecast) -> bool:
    return "要求" in forecast.label


def _without_requests(program: Program) -> Program:
    kept = tuple(forecast for forecast in program.forecasts if not _is_request(forecast))
    return replace(program, forecasts=kept)


def publisher_of(document: Document) -> str | None:
    """The publisher's name, if the document has one."""
    return document.publisher.name if document.publisher else None


def _distinct(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def _pairs(key: str) -> set[str]:
    return {key[at : at + 2] for at in range(len(key) - 1)}


def _scopes(
    entries: Iterable[Entry],
) -> Mapping[tuple[str | None, int | None], frozenset[int]]:
    found: defaultdict[tuple[str | None, int | None], set[int]] = defaultdict(set)
    for entry in entries:
        found[publisher_of(entry.document), entry.document.fiscal_year].add(entry.index)
    return {scope: frozenset(indexes) for scope, indexes in found.items()}


def _grouped(
    entries: Iterable[Entry], key: Callable[[Entry], str]
) -> Mapping[str, tuple[Entry, ...]]:
    found: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        found[key(entry)].append(entry)
    return {name: tuple(group) for name, group in found.items()}
