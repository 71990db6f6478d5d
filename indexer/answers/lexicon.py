"""Which names does the index know? Titles, readings, departments, sections, goals, years, places.

Built once per generation from the programmes themselves, so a new book teaches it. Readings of
titles cost one tokenisation each and are made when a question first needs them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from threading import Lock
from typing import Protocol

from indexer.analysis.analyzer import Analyzer
from indexer.analysis.folding import fold_text, to_hiragana
from indexer.answers.vocabulary import key_of, load_vocabulary
from indexer.engine.interface import IndexedDocument
from indexer.model import Document, Forecast, Program, Role
from indexer.search.short_names import short_names


class ProgramSource(Protocol):
    """A snapshot of one generation; every ``indexer.engine.interface.Reader`` is one."""

    def all_programs(self, *, with_text: bool = True) -> tuple[Program, ...]:
        """Every programme and group, in document and printed order; their descriptions, which are
        most of them, on demand."""

    def program(self, program_id: str) -> Program | None:
        """The programme with this id, its description too."""

    def document(self, document_id: str) -> IndexedDocument | None:
        """The document with this id, with its lines."""

    def documents(self) -> tuple[Document, ...]:
        """Every document, without its lines."""


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


class Sounds:
    """Names by how they are heard; the short ones, heard everywhere, are left out."""

    def __init__(self, found: Mapping[str, Sequence[Phrase]]) -> None:
        self.phrases: Mapping[str, tuple[Phrase, ...]] = {
            key: tuple(phrases) for key, phrases in found.items() if len(key) > 3
        }
        self.lengths = tuple(sorted(set(map(len, self.phrases))))
        """Ascending."""


class Lexicon:
    """Everything a question may name, of one generation of the index."""

    def __init__(self, source: ProgramSource, analyzer: Analyzer) -> None:
        self.analyzer = analyzer
        self._source = source
        self._lock = Lock()
        self._lines: dict[str, tuple[str, ...]] = {}
        self.documents: Mapping[str, Document] = {d.id: d for d in source.documents()}
        printed = source.all_programs(with_text=False)
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

    def described(self, program: Program) -> Program:
        """The programme with its description, which is kept by the index alone."""
        return self._source.program(program.id) or program

    def body_of(self, program: Program) -> str:
        """Its own paragraphs and, of a member, the group's shared ones; as a key."""
        texts = [paragraph.text for paragraph in self.described(program).description]
        group = self.programs.get(program.group_id or "")
        if group is not None:
            texts.extend(paragraph.text for paragraph in self.described(group).description)
        return key_of("\n".join(texts))

    @cached_property
    def latin_words(self) -> frozenset[str]:
        """The Latin words of titles: lan of 全庁LANの保守管理."""
        return frozenset(
            word for entry in self.entries for word in _LATIN.findall(entry.title) if len(word) > 1
        )

    @cached_property
    def facets_by_sound(self) -> Sounds:
        """Publishers and the values of facets by their reading."""
        found: defaultdict[str, list[Phrase]] = defaultdict(list)
        for field, values in (*self.values.items(), ("publisher", self.publishers)):
            for value in values:
                found[sound_of(self.reading(value))].append(Phrase(field, value, "reading"))
        return Sounds(found)

    @cached_property
    def names_by_sound(self) -> Sounds:
        """All names by their reading, for questions typed in nothing but kana. Titles are many:
        the first such question waits for them, some seconds over a large index."""
        with self._lock:
            found = {
                sound_of(self.reading(entries[0].program.title)): (
                    Phrase("title", title, "reading"),
                )
                for title, entries in self.by_title.items()
            }
            return Sounds({**found, **self.facets_by_sound.phrases})

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

    def warm(self, stopped: Callable[[], bool]) -> None:
        """Make what the first questions would otherwise wait for, until ``stopped`` says so."""
        if not stopped():
            _ = self.facets_by_sound, self.facets

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


def _scopes(entries: Iterable[Entry]) -> Mapping[tuple[str | None, int | None], frozenset[int]]:
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
