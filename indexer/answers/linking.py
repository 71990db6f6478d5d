"""Which programme is spoken of, and which of its sentences? Asked of the search, never of titles.

A question in other words than the book's is looked for as it stands: the same ranking that lists
programmes for a search names the programme here, with how likely it is the one meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from indexer.answers.acceptance import likelihood, load_acceptance, signs_of
from indexer.answers.answer import Passage
from indexer.answers.evidence import EvidenceFinder
from indexer.answers.lexicon import Lexicon, compact, publisher_of
from indexer.model import Program
from indexer.passages import Passage as Printed
from indexer.passages import passages_of
from indexer.search.response import Held, Nearest, NearHit, Said
from indexer.search.searcher import Searcher

_NOUNS = re.compile(r"[^\sぁ-ゖ、・]+")
_LOOKED_AT = 20
_LINKS_KEPT = 64
"""A question is looked for more than once on its way to a plan; the next ones are not it."""
_SHOWN = 3
_SURE = 0.95
"""From this likelihood on the first programme is taken for the one meant."""
_LIKELY = 0.5
_COVERED = 0.75
"""What a programme must hold of what was said in everyday words for its lines to be shown."""
HALF = 0.5
"""What the one that is named must hold of what was said, bits of kana and all."""
_TITLE_SAID = 0.3
"""From this share of a title on, another word in its place names another programme."""

_Filters = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Link:
    """The programmes nearest to a question, best first, and how likely the first is meant."""

    hits: tuple[NearHit, ...] = ()
    confidence: float = 0.0

    @property
    def is_likely(self) -> bool:
        """Whether the first is the one meant, as far as can be told."""
        return bool(self.hits) and self.confidence >= _LIKELY

    @property
    def is_worth_showing(self) -> bool:
        """Whether any of it speaks of what was asked, by more than a word of any talk (対策)."""
        if self.confidence >= _SURE:
            return True
        return any(
            hit.covered >= _COVERED or any(one.held and not one.is_everyday for one in hit.said)
            for hit in self.hits[:_SHOWN]
        )

    def holds(self, described: str) -> bool:
        """Whether each telling thing that ``described`` names is printed there."""
        return bool(self.hits) and not any(
            one.held < Held.PRINTED and one.is_thing and _is_telling(one)
            for one in self.hits[0].said
            if one.typed in described
        )

    def names(self, described: str, *, in_passing: bool = False) -> bool:
        """Whether the first is surely the programme ``described`` by its words.

        Each thing named is printed there. One noun alone that is only printed somewhere in the
        text (助産所, 市道第9号線) names nothing, unless what is printed ``in_passing`` will do: the
        amount is of the whole.
        """
        if not self.hits or self.confidence < _SURE:
            return False
        first = self.hits[0]
        if first.lacks(described) or first.covered < HALF:
            return False
        is_named = in_passing or _is_phrase(described)
        return is_named or _share_said(first.program.title, described) > 0

    def tells(self, described: str, *, is_told: bool) -> bool:
        """Whether the first is surely what ``described`` tells of in a speaker's own words, which
        need not be those of the book: how much may be missing is fitted."""
        if not self.may_be_told(described, is_told=is_told):
            return False
        known = load_acceptance()
        return likelihood(self.signs(described, is_told=is_told), known) >= known.least

    def may_be_told(self, described: str, *, is_told: bool) -> bool:
        """Whether it is described, by more than one noun; and no other number is said, nor another
        name by a title with a word changed: 東公園を再整備する, beside 中央公園の再整備."""
        if not is_told and not _is_phrase(described):
            return False
        if not self.hits or _share_said(self.hits[0].program.title, described) >= _TITLE_SAID:
            return False
        return not any(
            one.held < Held.PRINTED and one.typed[0].isnumeric() for one in self.said(described)
        )

    def said(self, described: str) -> tuple[Said, ...]:
        """The words of ``described``, by how the first holds them."""
        return tuple(one for one in self.hits[0].said if one.typed in described)

    def signs(self, described: str, *, is_told: bool) -> tuple[float, ...]:
        """What speaks for the first, as :data:`~indexer.answers.acceptance.SIGNS` lists it."""
        said, phrase = self.said(described), _is_phrase(described)
        return signs_of(self.hits, self.confidence, said, told=is_told, phrase=phrase)

    @property
    def shown(self) -> tuple[tuple[Program, Printed], ...]:
        """The sentences shown in place of an answer: those of the one programme that is likely
        meant before the best one of each of the next."""
        first = 1 if self.is_likely else 0
        spoken = [(hit.program, one) for hit in self.hits[:first] for one in hit.passages]
        spoken += [(hit.program, hit.passages[0]) for hit in self.hits[first:_SHOWN]]
        return tuple(spoken[:_SHOWN])


class Linker:
    """Links questions to the programmes of one index."""

    def __init__(
        self, searcher: Searcher | None, lexicon: Lexicon, evidence: EvidenceFinder
    ) -> None:
        self._searcher = searcher
        self._lexicon = lexicon
        self._evidence = evidence
        self._nearest = lru_cache(maxsize=_LINKS_KEPT)(self._look)
        self.is_printed = lru_cache(maxsize=_LINKS_KEPT)(self._prints)
        self._books_of = lru_cache(maxsize=_LINKS_KEPT)(self._filters)

    def link(self, text: str, allowed: frozenset[int]) -> Link:
        """The programmes among ``allowed`` (indexes of entries) that ``text`` comes nearest to."""
        if self._searcher is None or not text.strip():
            return Link()
        found = self._nearest(text, self._books_of(allowed))
        among = [hit for hit in found.hits if self._is_among(hit.program, allowed)]
        # What the first of all is likely to be says nothing of another one.
        is_first = bool(among) and among[0] is found.hits[0]
        return Link(self._newest(among), (found.confidence or 0.0) if is_first else 0.0)

    def _look(self, text: str, filters: _Filters) -> Nearest:
        assert self._searcher is not None
        return self._searcher.nearest(text, dict(filters), _LOOKED_AT)

    def passages(self, link: Link) -> tuple[Passage, ...]:
        """The printed lines nearest to a question, best first, each with its programme's figure."""
        if not link.is_worth_showing:
            return ()
        return tuple(self._passage_of(program, sentence) for program, sentence in link.shown)

    def passages_of(self, program: Program, text: str) -> tuple[Passage, ...]:
        """The sentences of one programme nearest to ``text``, best first."""
        if self._searcher is None:
            return ()
        spoken = self._searcher.sentences(text, program.id) or self.printed(program)[:1]
        return tuple(self._passage_of(program, sentence) for sentence in spoken)

    def printed(self, program: Program) -> tuple[Printed, ...]:
        """Every sentence of a programme, its title first."""
        return passages_of(self._lexicon.described(program))

    def _passage_of(self, program: Program, passage: Printed) -> Passage:
        printed = (
            self._evidence.passage(
                program, passage.text, passage.first_line, passage.last_line or passage.first_line
            )
            if passage.first_line
            else ()
        )
        line = printed[0].line if printed else passage.first_line
        return Passage(
            program.id,
            program.title,
            program.document_id,
            program.page,
            line,
            passage.text,
            program.amount,
        )

    def said(self, text: str, program: Program) -> tuple[Said, ...]:
        """The words of ``text`` by how the programme holds them."""
        return self._searcher.said(text, program.id) if self._searcher is not None else ()

    def _prints(self, text: str) -> bool:
        return self._searcher is not None and bool(self._searcher.holding(f'"{text}"'))

    def holding(self, text: str, allowed: frozenset[int]) -> frozenset[int]:
        """Those among ``allowed`` that hold every word of ``text``."""
        if self._searcher is None:
            return frozenset()
        found = self._searcher.holding(text, dict(self._books_of(allowed)))
        known = self._lexicon.by_id
        return frozenset(known[one].index for one in found if one in known) & allowed

    def _newest(self, hits: Iterable[NearHit]) -> tuple[NearHit, ...]:
        """The programme of several years once, as its newest book has it, where its best stands."""
        found: dict[tuple[str | None, str], NearHit] = {}
        for hit in hits:
            entry = self._lexicon.by_id[hit.program.id]
            key = publisher_of(entry.document), entry.title
            known = found.setdefault(key, hit)
            if self._year_of(known) < self._year_of(hit):
                found[key] = hit
        return tuple(found.values())

    def _year_of(self, hit: NearHit) -> int:
        return self._lexicon.by_id[hit.program.id].document.fiscal_year or 0

    def _is_among(self, program: Program, allowed: frozenset[int]) -> bool:
        entry = self._lexicon.by_id.get(program.id)
        return entry is not None and entry.index in allowed

    def _filters(self, allowed: frozenset[int]) -> _Filters:
        """The years and publishers of the books that ``allowed`` are in."""
        documents = self._lexicon.documents_of(allowed)
        years = {str(d.fiscal_year) for d in documents if d.fiscal_year is not None}
        publishers = {name for d in documents if (name := publisher_of(d))}
        filters: dict[str, tuple[str, ...]] = {}
        if len(years) < len(self._lexicon.years):
            filters["fiscal_year"] = tuple(sorted(years))
        if len(publishers) < len(self._lexicon.publishers):
            filters["publisher"] = tuple(sorted(publishers))
        return tuple(filters.items())


def _is_phrase(described: str) -> bool:
    """Whether more is said than one noun: 市道第9号線 may be printed anywhere in passing."""
    return len(_NOUNS.findall(described)) > 1


def _is_telling(word: Said) -> bool:
    return not word.is_everyday or word.typed[0].isnumeric()


def _share_said(title: str, described: str) -> float:
    """How much of a title a description says, by its pairs of characters."""
    own = [a + b for a, b in pairwise(compact(title))]
    said = compact(described)
    return sum(pair in said for pair in own) / len(own) if own else 0.0
