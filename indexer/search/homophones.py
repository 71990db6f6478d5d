"""Which print sounds like what was typed? A wrong kana-kanji conversion is spelled otherwise and
read the same: 防災無銭 is 防災無線, 国民健康保健 is 国民健康保険.

The reading is cut into readings that the index holds; what is proposed is printed somewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.analysis.analyzer import Analyzer, Token
from indexer.analysis.folding import fold_text
from indexer.engine import schema
from indexer.engine.interface import Reader, Selection
from indexer.engine.query import And, Best, Query, Term, Weighted
from indexer.model import Program
from indexer.search.expansion import run
from indexer.search.readings import cut_reading, remembering

_KANJI = re.compile("[一-鿿]")
_SOUNDS_EACH = 2.5
"""Shorter pieces than this on average are read into anything."""
_LONGEST = 24
_SHORTEST = 3
_SURE = 5
_FIELDS = (schema.TITLE_READING, schema.BODY_READING)


@dataclass(frozen=True, slots=True)
class Homophone:
    """A printed text read like the typed one."""

    text: str
    is_sure: bool
    """Printed in one piece, and long enough to be no chance."""


class Homophones:
    """Finds homophones in one index. Safe under threads."""

    def __init__(self, reader: Reader, analyzer: Analyzer) -> None:
        self._reader = reader
        self._analyzer = analyzer
        self._known = remembering(self._is_indexed)

    def in_one_piece(self, folded: str) -> Homophone | None:
        """Print read like a folded text with kanji, its words side by side; never itself."""
        for pieces in self._cuts(folded):
            for field in _FIELDS:
                for program in self._best(run(field, pieces)):
                    printed = self._printed(program, pieces)
                    if printed and fold_text(printed) != folded:
                        is_sure = sum(map(len, pieces)) >= _SURE
                        return Homophone(printed, is_sure)
        return None

    def in_pieces(self, folded: str) -> Homophone | None:
        """The same from words that one programme has, wherever they stand in it."""
        for pieces in self._cuts(folded):
            if len(pieces) < 2:
                continue
            query = And(tuple(_in_either_field(piece) for piece in pieces))
            for program in self._best(query):
                printed = [self._printed(program, (piece,)) for piece in pieces]
                joined = "".join(printed)
                if all(printed) and fold_text(joined) != folded:
                    return Homophone(joined, is_sure=False)
        return None

    def _cuts(self, folded: str) -> Iterator[tuple[str, ...]]:
        if not _KANJI.search(folded):
            return
        reading = self._analyzer.spoken(folded)
        if not _SHORTEST <= len(reading) <= _LONGEST:
            return
        for pieces in cut_reading(reading, self._known):
            if len(reading) >= _SOUNDS_EACH * len(pieces):
                yield pieces

    def _best(self, query: Query) -> Sequence[Program]:
        matches = self._reader.evaluate(Selection(query, limit=1)).matches
        return self._reader.programs([match.program_id for match in matches])

    def _printed(self, program: Program, pieces: tuple[str, ...]) -> str:
        """The print of the readings side by side; empty when it is nowhere."""
        texts = (program.title, *(paragraph.text for paragraph in program.description))
        for text in texts:
            for first, last in _spans(self._analyzer.readings(text), pieces):
                return text[first.start : last.end]
        return ""

    def _is_indexed(self, reading: str) -> bool:
        return len(reading) > 1 and any(
            self._reader.document_frequency(field.name, reading) for field in _FIELDS
        )


def _in_either_field(reading: str) -> Query:
    return Best(tuple(Weighted(Term(f.name, reading), f.weight) for f in _FIELDS))


def _spans(tokens: Sequence[Token], readings: tuple[str, ...]) -> Iterator[tuple[Token, Token]]:
    """First and last token of the readings at consecutive positions."""
    at = {(token.position, token.term): token for token in tokens}
    for token in tokens:
        row = [at.get((token.position + n, reading)) for n, reading in enumerate(readings)]
        if row[0] is not None and row[-1] is not None and all(row):
            yield row[0], row[-1]
