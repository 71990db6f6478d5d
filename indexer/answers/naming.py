"""Which programmes does a question name? Titles as claimed, and descriptions resolved."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from indexer.analysis.near_words import is_everyday
from indexer.answers.claims import Claim, Scan
from indexer.answers.lexicon import Entry, Lexicon, compact
from indexer.answers.mentions import UNRESOLVED, Candidate, Mention, Resolution, Word
from indexer.answers.plan import Entity
from indexer.answers.resolution import Resolver

_LEADING = re.compile(r"^(?:って|とか|[のはがをにでともやへ])+")
_TRAILING = re.compile(
    r"(?:っていうか|っていう|という|って|とか|など|では|には|とは|からの|での|への|にも|のは|[のはがをにでともやへ])+$"
)
_BETWEEN = re.compile(r"(?<=[^ぁ-ん])(?:と|や|は|及び)(?=[^ぁ-ん])|、")
# 持って of 事業を持っていますか: its って is no particle.
_VERB = re.compile(r"[一-鿿](?:って|で|は)")
_PART_OF_NAME = re.compile(r"第|[0-9一二三四五六七八九十東西南北新旧]")
_TELLING = re.compile(r"[一-鿿々ァ-ヺa-z0-9]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A trimmed stretch of description in the question."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Naming:
    """What was named: programmes, or why none."""

    entities: tuple[Entity, ...] = ()
    resolution: Resolution = UNRESOLVED
    mention: Mention | None = None
    by_title: bool = False
    extra: tuple[Word, ...] = ()
    """Telling words beside a title that is already clear: they ask for a detail of it."""
    constrained: tuple[str, ...] = ()
    """Words between the title and what is asked that the programme does not account for."""
    start: int = 0
    end: int = 0


_WRITTEN = re.compile(r"[^\Wぁ-ゖー]{2}")
"""Two letters that are no hiragana: a noun, and no bit of a verb."""


class Namer:
    """Finds the programmes a scanned question names."""

    def __init__(self, lexicon: Lexicon, resolver: Resolver) -> None:
        self._lexicon = lexicon
        self._resolver = resolver

    def pieces(self, scan: Scan) -> tuple[Piece, ...]:
        """The descriptions left over, without their particles."""
        found: list[Piece] = []
        for start, end in scan.chunks:
            text = scan.folded.text[start:end]
            if start > 0 and (lead := _LEADING.match(text)):
                start, text = start + lead.end(), text[lead.end() :]
            trail = _TRAILING.search(text)
            if trail and not _VERB.fullmatch(text):
                end, text = end - len(trail.group()), text[: trail.start()]
            if text:
                found.append(Piece(start, end, text))
        return tuple(found)

    def things_in(self, text: str) -> tuple[str, ...]:
        """The nouns of a text that name something, being of no everyday talk."""
        return tuple(
            word.surface
            for word in self._lexicon.analyzer.lexemes(text)
            if word.is_noun and not is_everyday(word.term) and _WRITTEN.search(word.surface)
        )

    def name(self, scan: Scan, allowed: frozenset[int], filters: Sequence[Claim] = ()) -> Naming:
        """The programmes named in the question among ``allowed``."""
        pieces = self.pieces(scan)
        titles = _distinct_titles(scan)
        if titles:
            return self._by_titles(scan, titles, pieces, allowed, filters)
        return self.name_pieces(scan, pieces, allowed)

    def _before_question(self, scan: Scan, pieces: Sequence[Piece]) -> tuple[Piece, ...]:
        """Xの改修 of 「Xの改修はいつ着工するのか」: what follows is asked of it."""
        asked = min(claim.start for claim in scan.group("text"))
        subject = tuple(piece for piece in pieces if piece.end <= asked)
        return subject if 0 < len(subject) < len(pieces) else ()

    def name_pieces(self, scan: Scan, pieces: Sequence[Piece], allowed: frozenset[int]) -> Naming:
        """The programme that the descriptions left over in a question mean."""
        words = self._joined(scan, pieces)
        mention = self._resolver.mention_of(words)
        if not words or not (mention.words or len(compact(words)) >= 4):
            return Naming()
        raw = scan.folded.text[pieces[0].start : pieces[-1].end]
        found = self._resolver.resolve_title(raw, words, allowed) if raw != words else UNRESOLVED
        if not found.is_clear:
            found = self._resolver.resolve(mention, allowed)
        if not found.is_clear and scan.group("text"):
            subject = self._before_question(scan, pieces)
            named = self.name_pieces(scan, subject, allowed) if subject else Naming()
            if named.entities:
                return replace(named, extra=mention.telling)
            if subject and not found.candidates:
                return named
        span = self._span_of(pieces)
        if not found.is_clear:
            return Naming((), found, mention, start=span[0], end=span[1])
        best = found.candidates[0]
        entity = Entity(best.entry.program, scan.typed(*span), best.how, best.score)
        extra = mention.telling if found.step == "text" else ()
        return Naming((entity,), found, mention, extra=extra, start=span[0], end=span[1])

    def _span_of(self, pieces: Sequence[Piece]) -> tuple[int, int]:
        """Where the description stands; the て of 1,000万円を超えて is no part of it."""
        telling = [p for p in pieces if self._resolver.mention_of(p.text).telling] or pieces
        return pieces[0].start, telling[-1].end

    def _by_titles(
        self,
        scan: Scan,
        titles: Sequence[Claim],
        pieces: Sequence[Piece],
        allowed: frozenset[int],
        filters: Sequence[Claim],
    ) -> Naming:
        glued = self._glued(scan, titles, pieces)
        if glued is not None:
            return self._by_glued(scan, glued, allowed)
        entities: list[Entity] = []
        for claim in titles:
            entries = [e for e in self._lexicon.by_title[claim.value] if e.index in allowed]
            entries = _narrow_entries(entries, filters)
            typed = scan.typed(claim.start, claim.end)
            if len(entries) != 1:
                candidates = tuple(_candidate(entry, claim.how) for entry in entries)
                mention = self._resolver.mention_of(typed)
                return Naming((), Resolution(candidates, step="title"), mention, True)
            entities.append(Entity(entries[0].program, typed, claim.how))
        mention = self._resolver.mention_of(" ".join(piece.text for piece in pieces))
        return self._with_extras(scan, titles, entities, mention, pieces)

    def _with_extras(
        self,
        scan: Scan,
        titles: Sequence[Claim],
        entities: list[Entity],
        mention: Mention,
        pieces: Sequence[Piece],
    ) -> Naming:
        entry = self._lexicon.by_id[entities[0].program.id]
        asked = min((c.start for c in scan.group("field")), default=len(scan.key))
        constrained: list[str] = []
        for piece in pieces:
            words = self._resolver.mention_of(piece.text).telling
            unknown = [w.typed for w in words if not self._resolver.holds(w, entry)]
            before_field = bool(scan.group("field")) and titles[0].end <= piece.start < asked
            of_title = (
                not scan.group("field")
                and not scan.group("text")
                and (scan.key[titles[-1].end : piece.start] == "の")
            )
            if unknown and (before_field or of_title):
                constrained.append(piece.text)
        return Naming(
            tuple(entities),
            Resolution(step="title"),
            mention,
            True,
            mention.telling,
            tuple(constrained),
            titles[0].start,
            titles[-1].end,
        )

    def _glued(
        self, scan: Scan, titles: Sequence[Claim], pieces: Sequence[Piece]
    ) -> tuple[int, int] | None:
        """A title that runs on (学校給食 in 学校給食費無償化) is only part of a name."""
        for claim in titles:
            for piece in pieces:
                touching = piece.start == claim.end or piece.end == claim.start
                edge = piece.text[0] if piece.start == claim.end else piece.text[-1]
                if (
                    touching
                    and _TELLING.match(edge)
                    and (
                        self._resolver.mention_of(piece.text).telling
                        or _PART_OF_NAME.search(piece.text)
                    )
                ):
                    return min(claim.start, piece.start), max(claim.end, piece.end)
        return None

    def _by_glued(self, scan: Scan, span: tuple[int, int], allowed: frozenset[int]) -> Naming:
        mention = self._resolver.mention_of(scan.folded.text[slice(*span)])
        found = self._resolver.resolve(mention, allowed)
        if not found.is_clear:
            return Naming((), found, mention, start=span[0], end=span[1])
        best = found.candidates[0]
        entity = Entity(best.entry.program, scan.typed(*span), best.how, best.score)
        return Naming((entity,), found, mention, start=span[0], end=span[1])

    def _joined(self, scan: Scan, pieces: Sequence[Piece]) -> str:
        """The pieces as one description: as typed where only particles lie between them."""
        if not pieces:
            return ""
        first, last = pieces[0].start, pieces[-1].end
        between = [c for c in scan.claims if first <= c.start < last and c.tag != "filler"]
        if between or any(claim.start >= first and claim.end <= last for claim in scan.claims):
            return " ".join(piece.text for piece in pieces)
        return scan.folded.text[first:last]

    def name_each(self, scan: Scan, allowed: frozenset[int]) -> tuple[Naming, ...]:
        """The programmes named one beside the other: 図書館と公民館."""
        parts: list[tuple[int, Naming]] = []
        for claim in _distinct_titles(scan):
            entries = [e for e in self._lexicon.by_title[claim.value] if e.index in allowed]
            typed = scan.typed(claim.start, claim.end)
            entities = tuple(Entity(e.program, typed, claim.how) for e in entries[:1])
            candidates = tuple(_candidate(e, claim.how) for e in entries)
            mention = self._resolver.mention_of(typed)
            naming = Naming(
                entities if len(entries) == 1 else (), Resolution(candidates), mention, True
            )
            parts.append((claim.start, naming))
        for piece in self.pieces(scan):
            for text in _BETWEEN.split(piece.text):
                mention = self._resolver.mention_of(text)
                if mention.telling or (len(compact(text)) >= 2 and mention.words):
                    parts.append((piece.start, self._name_text(mention, text, allowed)))
        return tuple(naming for _, naming in sorted(parts, key=lambda part: part[0]))

    def _name_text(self, mention: Mention, typed: str, allowed: frozenset[int]) -> Naming:
        found = self._resolver.resolve(mention, allowed)
        if not found.is_clear and not found.leans:
            return Naming((), found, mention)
        best = found.candidates[0]
        return Naming((Entity(best.entry.program, typed, best.how, best.score),), found, mention)


def _distinct_titles(scan: Scan) -> tuple[Claim, ...]:
    found: dict[str, Claim] = {}
    for claim in scan.of("title"):
        found.setdefault(claim.value, claim)
    return tuple(found.values())


def _candidate(entry: Entry, how: str) -> Candidate:
    return Candidate(entry, 1.0, how)


def _narrow_entries(entries: list[Entry], filters: Sequence[Claim]) -> list[Entry]:
    """Among equal titles, those that fit the department, section or status named."""
    if len(entries) < 2:
        return entries
    for claim in filters:
        name = "status" if claim.tag == "status_word" else claim.tag
        kept = [e for e in entries if getattr(e.program, name, None) == claim.value]
        entries = kept or entries
    return entries
