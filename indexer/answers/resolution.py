"""Which programme does a description mean? One retrieval answers: the one that searches.

From sure to unsure, and the first that finds anything decides:

    the whole title                                       ホームタウンちよだ応援事業
    every telling word stands in the title                軽井沢の解体 → 軽井沢少年自然の家の解体
    the title with a slip of the keyboard                 ホームタウンちよだ応援事行
    the programme the ranking is sure of, none of whose words is missing
                                                          ふるさと納税を使った新しい仕組み

Several that come about as close are choices.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from indexer.answers.lexicon import Entry, Lexicon, bare, compact
from indexer.answers.linking import HALF, Link, Linker
from indexer.answers.mentions import (
    TITLE_MARGIN,
    Candidate,
    Mention,
    MentionReader,
    Resolution,
    Word,
    decide,
    rank,
)
from indexer.answers.slips import MistypedTitles
from indexer.answers.vocabulary import Vocabulary
from indexer.search.response import Held, NearHit

_CHOICES = 8
_WHOLE = 0.75
"""The share of a title that is as good as all of it."""


class Resolver:
    """Resolves descriptions against one index."""

    def __init__(self, lexicon: Lexicon, vocabulary: Vocabulary, linker: Linker) -> None:
        self._lexicon = lexicon
        self._linker = linker
        self._mistyped = MistypedTitles(lexicon)
        self._reader = MentionReader(lexicon.analyzer, vocabulary)

    def mention_of(self, text: str) -> Mention:
        """Cut a description into words."""
        return self._reader.read(text)

    def resolve(self, mention: Mention, allowed: frozenset[int]) -> Resolution:
        """The programmes among ``allowed`` (indexes of entries) that ``mention`` may mean."""
        if not mention.text or not allowed:
            return Resolution()
        whole = self._by_title(mention, allowed)
        if whole.candidates:
            return whole
        link = self._linker.link(mention.text, allowed)
        for step in (self._by_words, self._by_slip, self._by_text):
            found = step(mention, link, allowed)
            if found.candidates:
                return found
        return Resolution()

    def resolve_title(self, text: str, described: str, allowed: frozenset[int]) -> Resolution:
        """A whole title, question words inside it and all: 摂取費用の助成 for 接種費用の助成.
        Titles mistyped are among those that what is ``described`` comes near to."""
        mention = self.mention_of(text)
        found = self._by_title(mention, allowed)
        if found.candidates or len(text) < 6:
            return found
        return self._by_slip(mention, self._linker.link(described, allowed), allowed)

    def _by_title(self, mention: Mention, allowed: frozenset[int]) -> Resolution:
        """The whole title, with or without signs and の."""
        key = bare(compact(mention.text))
        same = [e for e in self._lexicon.by_bare_title.get(key, ()) if e.index in allowed]
        return decide([Candidate(entry, 1.0, "exact") for entry in same], "title")

    def _by_words(self, mention: Mention, link: Link, allowed: frozenset[int]) -> Resolution:
        """Every telling word stands in the title."""
        words = mention.telling
        hits = [hit for hit in link.hits if words and not hit.lacks(mention.text)]
        found = [self._title_candidate(mention, self._entry(hit)) for hit in hits]
        titled = [one for one in found if one is not None]
        if len(titled) < 2:
            return Resolution(tuple(titled), bool(titled), step="words")
        ranked = rank(titled)
        family = self._family_choice(ranked)
        ahead = ranked[0].score - ranked[1].score
        told = ranked[0].score >= _WHOLE and ahead >= TITLE_MARGIN
        if family is not None and not told:
            return Resolution((family, *(c for c in ranked if c != family)), True, step="words")
        return Resolution(tuple(ranked[:_CHOICES]), told, step="words", leans=ahead >= TITLE_MARGIN)

    def _title_candidate(self, mention: Mention, entry: Entry) -> Candidate | None:
        covered, how = 0, "alias"
        for word in mention.words:
            form = next((f for f in word.forms if compact(f) and compact(f) in entry.title), None)
            if form is None and word.telling:
                return None
            covered += len(form or "")
            how = "synonym" if form not in (None, word.forms[0]) else how
        share = min(1.0, covered / max(1, len(bare(entry.title))))
        return Candidate(entry, share, how)

    def _family_choice(self, ranked: Sequence[Candidate]) -> Candidate | None:
        """A parent and its children only: the one child said, else the parent."""
        by_id = {c.entry.program.id: c for c in ranked}
        parents = [c for c in ranked if c.entry.program.child_ids]
        if len(parents) != 1:
            return None
        parent = parents[0]
        children = [by_id[i] for i in parent.entry.program.child_ids if i in by_id]
        if len(children) + 1 != len(ranked):
            return None
        return children[0] if len(children) == 1 else parent

    def _by_slip(self, mention: Mention, link: Link, allowed: frozenset[int]) -> Resolution:
        """A title mistyped by a letter or two, or converted to the wrong kanji."""
        return self._mistyped.find(mention, [self._entry(hit) for hit in link.hits])

    def _by_text(self, mention: Mention, link: Link, allowed: frozenset[int]) -> Resolution:
        """The programme that the ranking is sure of, and that holds what was said."""
        telling = [word.typed for word in mention.telling]
        if link.names(mention.text):
            best = Candidate(self._entry(link.hits[0]), 1.0, "synonym")
            return Resolution((best,), True, step="text")
        whole = [
            hit
            for hit in link.hits
            if telling and hit.covered >= HALF and not hit.lacks(mention.text)
        ]
        candidates = tuple(
            Candidate(self._entry(hit), hit.covered, "synonym") for hit in whole[:_CHOICES]
        )
        return Resolution(candidates, step="text")

    def _entry(self, hit: NearHit) -> Entry:
        return self._lexicon.by_id[hit.program.id]

    def holds(self, word: Word, entry: Entry) -> bool:
        """Whether the programme accounts for the word anywhere."""
        said = self._linker.said(word.typed, entry.program)
        return all(one.held is Held.PRINTED for one in said)

    def topic(self, words: Iterable[Word], allowed: frozenset[int]) -> frozenset[int]:
        """The programmes that hold every telling word in title, text or headings."""
        return self._linker.holding(" ".join(word.typed for word in words), allowed)

    def nearest(
        self, mention: Mention, allowed: frozenset[int], limit: int = 3
    ) -> tuple[Entry, ...]:
        """Programmes to offer when the one described is not there."""
        hits = self._linker.link(mention.text, allowed).hits
        return tuple(self._entry(hit) for hit in hits[:limit])
