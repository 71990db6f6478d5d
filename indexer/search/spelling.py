"""Which printed text may a mistyped one stand for? Looked for in the print itself.

Programmes that share pairs of characters with what was typed are found first; in their titles,
names and texts the nearest piece is measured by edits: 帯状泡疹 is one edit from the printed
帯状疱疹, セキリュティ one swap from セキュリティ. Whatever is proposed is printed somewhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, Postfix, Prefix

from indexer.analysis.analyzer import Analyzer
from indexer.analysis.folding import Folded, fold, fold_text
from indexer.engine import schema
from indexer.engine.interface import Reader, Selection
from indexer.engine.query import Or, Query, Term, Weighted
from indexer.model import Program
from indexer.search.homophones import Homophones
from indexer.search.lexicon import Lexicon
from indexer.search.readings import is_kana
from indexer.search.suggest import spellings

_SHORTEST = 3
_LONG = 8
"""Characters from which two edits are still a misspelling, as one is for shorter texts."""
_SURE = 6
"""Characters from which a text one edit away is hardly another word."""
_VERY_LONG = 24
_CANDIDATES = 24
_TEXTS_READ = 4000
"""Characters of a candidate's paragraphs that are compared."""
_PIECES = re.compile(r"[一-鿿々]+[ぁ-ゖ]{0,2}|[ァ-ヺー]+|[a-z]+")
_OWN_WORD = re.compile("[一-鿿々]")
"""The dictionary joins unknown katakana to one word, never unknown kanji."""
_STOPS = "、。，．,. "
_SIGNS = re.compile(r"^[^\w（(「]+|[^\w）)」]+$")
_DIGITS = re.compile(r"\d+")
_WEIGHTS = ((schema.TITLE_BIGRAM, 1.0), (schema.CONTEXT_BIGRAM, 0.7))


@dataclass(frozen=True, slots=True)
class Spelling:
    """A printed text that ``typed`` may be a misspelling of."""

    typed: str
    printed: str
    is_sure: bool
    """Near enough for its length that its programmes may lead those of what was typed."""


@dataclass(frozen=True, slots=True, order=True)
class _Piece:
    """A piece of print, nearest first: fewest edits, a whole title or name, no cut words."""

    edits: int
    is_part: bool
    cut_edges: int
    difference: int
    rank: int
    text: str


class Speller:
    """Finds near spellings in one index. Safe under threads."""

    def __init__(
        self, reader: Reader, analyzer: Analyzer, lexicon: Callable[[], Lexicon | None]
    ) -> None:
        self._reader = reader
        self._analyzer = analyzer
        self._lexicon = lexicon
        self._homophones = Homophones(reader, analyzer)

    def near(self, typed: str) -> Spelling | None:
        """The nearest printed text; ``None`` when nothing is near enough. Never itself."""
        folded = fold_text(typed).strip()
        if len(folded) < 2 or not re.search(r"[^\W\d]", folded):
            return None
        homophone = self._homophones.in_one_piece(folded)
        if homophone is not None:
            return Spelling(typed, homophone.text, homophone.is_sure)
        if self._is_a_word(folded):
            return None
        if not is_kana(folded) or len(folded) >= _SURE:
            piece = self._nearest(folded)
            if piece is not None:
                return Spelling(typed, piece.text, self._is_sure(folded, piece))
        homophone = self._homophones.in_pieces(folded)
        if homophone is not None:
            return Spelling(typed, homophone.text, is_sure=False)
        lexicon = self._lexicon()
        if lexicon is not None:
            for entry in spellings(lexicon, typed, self._analyzer)[:1]:
                return Spelling(typed, entry.text, is_sure=False)
        return None

    def near_in_part(self, typed: str, is_printed: Callable[[str], bool]) -> Spelling | None:
        """Like :meth:`near` for the pieces of one script that nobody printed: 帯状泡疹 of
        帯状泡疹ワクチン."""
        result = folded = fold_text(typed)
        if folded.isascii():
            return None
        for piece in _PIECES.findall(folded):
            if len(piece) < _SHORTEST or piece == folded or is_printed(piece):
                continue
            found = self.near(piece)
            if found is not None:
                result = result.replace(piece, found.printed, 1)
        return None if result == folded else Spelling(typed, result, is_sure=False)

    def _is_a_word(self, folded: str) -> bool:
        """Whether it is one word of kanji that the dictionary has: 失業者 is no slip for 就業者."""
        words = self._analyzer.lexemes(folded)
        return (
            len(words) == 1 and words[0].surface == folded and _OWN_WORD.match(folded) is not None
        )

    def _nearest(self, folded: str) -> _Piece | None:
        pairs = self._analyzer.inner_bigrams(folded)
        allowed = _edits_allowed(folded)
        if len(pairs) < 2 or not allowed:
            return None
        for query, with_texts in (
            (_sharing(pairs, _WEIGHTS), False),
            (_sharing(pairs, ((schema.BODY_BIGRAM, 1.0),)), True),
        ):
            matches = self._reader.evaluate(Selection(query, limit=_CANDIDATES)).matches
            programs = self._reader.programs([match.program_id for match in matches])
            pieces = self._pieces(programs, folded, allowed, with_texts=with_texts)
            nearest = min(pieces, default=None)
            if nearest is not None:
                return nearest
        return None

    def _pieces(
        self, programs: tuple[Program, ...], folded: str, allowed: int, *, with_texts: bool
    ) -> Iterator[_Piece]:
        figures = _DIGITS.findall(folded)
        seen: set[str] = set()
        for rank, program in enumerate(programs):
            for text in _texts_of(program, with_texts=with_texts):
                if text in seen:
                    continue
                seen.add(text)
                for piece in self._pieces_of(fold(text), folded, allowed, rank):
                    if _DIGITS.findall(fold_text(piece.text)) == figures:
                        yield piece

    def _pieces_of(self, text: Folded, folded: str, allowed: int, rank: int) -> Iterator[_Piece]:
        """Pieces of ``text`` within the edits allowed around its best alignment."""
        least = 100 * (1 - (2 * allowed + 1) / len(folded))
        found = fuzz.partial_ratio_alignment(folded, text.text, score_cutoff=least)
        if found is None:
            return
        if len(text.text) < len(folded):
            start, end = 0, len(text.text)
        else:
            start, end = found.dest_start, found.dest_start + len(folded)
        spans = _near_spans(text.text, folded, start, end, allowed)
        if not spans:
            return
        first, last = max(0, start - 24), min(len(text.text), end + 24)
        edges = {first, last}
        for word in self._analyzer.lexemes(text.text[first:last]):
            edges.update((first + word.start, first + word.end))
        for edits, s, e in spans:
            cut = (s not in edges) + (e not in edges)
            printed = _SIGNS.sub("", text.original[slice(*text.span(s, e))])
            yield _Piece(
                edits, e - s < len(text.text), cut, abs(e - s - len(folded)), rank, printed
            )

    def _is_sure(self, folded: str, piece: _Piece) -> bool:
        """Whether it is likelier a slip than another word: 小学校給食 is not 中学校給食."""
        if len(folded) < _SURE or piece.cut_edges == 2:
            return False
        if len(folded) >= _LONG:
            return True
        return len(fold_text(piece.text)) != len(folded) or not self._are_words(folded)

    def _are_words(self, folded: str) -> bool:
        """Whether every word typed is in use."""
        fields = (schema.TITLE.name, schema.BODY.name)
        return all(
            any(self._reader.document_frequency(field, word.term) for field in fields)
            for word in self._analyzer.lexemes(folded)
        )


def _edits_allowed(folded: str) -> int:
    if len(folded) < _SHORTEST:
        return 0
    if len(folded) < _LONG:
        return 1
    return 2 if len(folded) < _VERY_LONG else 3


def _sharing(pairs: tuple[str, ...], fields: tuple[tuple[schema.TextField, float], ...]) -> Query:
    """Programmes by how many of the pairs of characters they hold, the rare ones above all."""
    return Or(
        tuple(
            Weighted(Term(field.name, pair), weight)
            for field, weight in fields
            for pair in dict.fromkeys(pairs)
        )
    )


def _texts_of(program: Program, *, with_texts: bool) -> Iterator[str]:
    names = (program.title, program.department, program.section, program.policy_goal)
    yield from filter(None, names)
    left = _TEXTS_READ if with_texts else 0
    for paragraph in program.description:
        if left <= 0:
            return
        yield paragraph.text[:left]
        left -= len(paragraph.text)


def _is_another_word(typed: str, printed: str) -> bool:
    """Whether letters side by side are others, not one of them the same: 入用 for 宇宙."""
    start = Prefix.similarity(typed, printed)
    end = Postfix.similarity(typed[start:], printed[start:])
    first, second = typed[start : len(typed) - end], printed[start : len(printed) - end]
    is_long = max(len(first), len(second)) > 1 and min(len(first), len(second)) > 0
    return is_long and not set(first) & set(second)


def _near_spans(
    text: str, folded: str, start: int, end: int, allowed: int
) -> list[tuple[int, int, int]]:
    """Edits, start and end of the pieces about [start, end) that are near, itself left out."""
    spans = []
    for s in range(max(0, start - allowed), min(len(text), start + allowed) + 1):
        for e in range(max(s + 2, end - allowed), min(len(text), end + allowed) + 1):
            if abs(e - s - len(folded)) > 1 or text[s] in _STOPS or text[e - 1] in _STOPS:
                continue  # two letters fewer: エレベーター is no slip for 宇宙エレベーター
            edits = OSA.distance(folded, text[s:e], score_cutoff=allowed)
            if 0 < edits <= allowed and not _is_another_word(folded, text[s:e]):
                spans.append((edits, s, e))
            elif not edits:
                return []
    if not spans:
        return []
    least = min(edits for edits, _, _ in spans)
    return [span for span in spans if span[0] == least]
