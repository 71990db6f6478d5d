"""In which forms may a typed word be printed, and how much does each weigh?

    exact       the C unit, or its A units side by side            1     0.9
    reading     typed kana or romaji: words read like it           0.5
    parts       the A units anywhere in the programme              0.4
    synonym     the dictionary's groups and the municipal table    0.25
    related     words of the index near in meaning                 0.4 × likeness²
    substring   the characters side by side, inside any word       by the bigram field's weight

The first is the strict reading; the others only widen, and weigh less than the exact form in the
same field. Field weights are the schema's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from indexer.analysis.analyzer import Analyzer, Lexeme
from indexer.analysis.folding import fold_text
from indexer.analysis.synonyms import synonyms_of, words_read_as
from indexer.engine import schema
from indexer.engine.interface import Reader
from indexer.engine.query import (
    And,
    Best,
    Everything,
    Nothing,
    Or,
    Phrase,
    Prefix,
    Query,
    Term,
    Weighted,
)
from indexer.engine.schema import TextField
from indexer.search import readings
from indexer.search.response import MatchKind
from indexer.search.sought import Form

_WEIGHT_PHRASE = 0.9
_WEIGHT_READING = 0.5
_WEIGHT_READING_APART = 0.2
_WEIGHT_PARTS = 0.4
_WEIGHT_SYNONYM = 0.25
_WEIGHT_RELATED = 0.4
"""Times the square of the likeness, which is 0.5 and more."""
_COMMON = 20
"""Programmes from which a word is one of the book's own: no other is looked for in its place."""
_EVERYWHERE = 0.3
"""The share of programmes from which a word is in any text."""
_SYNONYM_WORDS_MAXIMUM = 4
_TIE = 0.05
"""What a word adds in the fields where it weighs less. If all added up, a long title with the words
repeated below it would come before the short title that is made of nothing else."""
_WEIGHT_WHOLE_TITLE = 3.0
_WEIGHT_AS_TYPED = 4.0
"""Pairs of characters weigh less than words; a whole run of them in order is worth as much."""
_BEGUN_SHORTEST, _BEGUN_ALONE, _BEGUN_WORDS = 2, 4, 3
"""Sounds of a word that is only begun, behind others and alone, and how many such are tried."""
_CUT_RUN = 3
"""Pairs of characters that must follow a Latin word that may be cut: ICT教育 is not any 教育."""
_LONG_RUN = 6
"""Pairs of characters from which a run is looked for in texts, too: pasted pieces of print."""


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of one scope: everything, or the title alone (``事業名:``)."""

    words: tuple[TextField, ...] = (schema.TITLE, schema.BODY, schema.CONTEXT)
    readings: tuple[TextField, ...] = (schema.TITLE_READING, schema.BODY_READING)
    bigrams: tuple[TextField, ...] = (
        schema.TITLE_BIGRAM,
        schema.BODY_BIGRAM,
        schema.CONTEXT_BIGRAM,
    )


EVERYWHERE = Fields()
TITLE_ONLY = Fields((schema.TITLE,), (schema.TITLE_READING,), (schema.TITLE_BIGRAM,))


Neighbours = Callable[[str], Sequence[tuple[str, float]]]
"""Index terms near in meaning to one, each with its likeness, 0 … 1, nearest first."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """A query for one form of a word, and the form."""

    query: Query
    form: Form


class Expander:
    """Makes the alternatives of typed words, knowing which readings one index holds."""

    def __init__(self, reader: Reader, analyzer: Analyzer, neighbours: Neighbours) -> None:
        self._reader = reader
        self._analyzer = analyzer
        self._neighbours = neighbours
        self._size = reader.count(Everything())
        self._known = readings.remembering(self._holds_reading)

    def exact(self, word: Lexeme, fields: Fields = EVERYWHERE) -> Alternative:
        """The word itself: its C unit, or its A units side by side."""
        query = in_fields(fields.words, (word.term,))
        if len(word.parts) > 1:
            phrase = Weighted(in_fields(fields.words, word.parts), _WEIGHT_PHRASE)
            query = Best((query, phrase))
        return Alternative(query, Form(MatchKind.EXACT, fold_text(word.surface), word.parts))

    def widened(
        self, word: Lexeme, fields: Fields = EVERYWHERE, around: str = ""
    ) -> tuple[Alternative, ...]:
        """Synonyms, parts and substrings of one word. ``around`` is the word with the characters
        typed right beside it: one character is looked for inside words only together with one."""
        found = list(self.synonyms(word.surface, fields))
        if len(word.parts) > 1 and all(len(part) > 1 for part in word.parts):
            parts = And(tuple(in_fields(fields.words, (part,)) for part in word.parts))
            form = Form(MatchKind.SUBSTRING, "", word.parts)
            found.append(Alternative(Weighted(parts, _WEIGHT_PARTS), form))
        is_short = len(word.surface) < 3 and readings.is_hiragana(fold_text(word.surface))
        if len(around) > len(word.surface) and (is_short or len(word.surface) == 1):
            # The dictionary cuts えあこん into えあ and こん: two kana are in any word.
            found.extend(() if is_short else self._beside(word.surface, around, fields))
        else:
            found.extend(self.substring(word.surface, fields))
        return tuple(found)

    def _beside(self, surface: str, around: str, fields: Fields) -> Iterator[Alternative]:
        pairs = self._analyzer.inner_bigrams(around)
        if pairs:
            query = Or(tuple(in_fields(fields.bigrams, (pair,)) for pair in pairs))
            yield Alternative(query, Form(MatchKind.SUBSTRING, fold_text(surface)))

    def synonyms(self, text: str, fields: Fields = EVERYWHERE) -> tuple[Alternative, ...]:
        """Other words that mean ``text``, each named as it is printed."""
        found = []
        for other in synonyms_of(text):
            parts = [part for word in self._analyzer.lexemes(other) for part in word.parts]
            if not parts or len(parts) > _SYNONYM_WORDS_MAXIMUM:
                continue
            query = Weighted(in_fields(fields.words, parts), _WEIGHT_SYNONYM)
            form = Form(MatchKind.SYNONYM, fold_text(other), tuple(parts))
            found.append(Alternative(query, form))
        return tuple(found)

    def related(self, word: Lexeme, fields: Fields = EVERYWHERE) -> Iterator[Alternative]:
        """Words of the index near in meaning: 除雪 for 雪かき. None for a word of kana (ある), and
        none that is in any text (こと): such words say nothing."""
        if readings.is_hiragana(fold_text(word.surface)):
            return
        for term, likeness in self._neighbours(word.term):
            if self._is_everywhere(term):
                continue
            weight = _WEIGHT_RELATED * likeness**2
            query = Weighted(in_fields(fields.words, (term,)), weight)
            yield Alternative(query, Form(MatchKind.RELATED, "", (term,)))

    def _is_everywhere(self, term: str) -> bool:
        frequency = self._reader.document_frequency
        most = max(frequency(field.name, term) for field in EVERYWHERE.words)
        return most > self._size * _EVERYWHERE

    def is_common(self, word: Lexeme) -> bool:
        """Whether the word itself is in many programmes."""
        frequency = self._reader.document_frequency
        return any(frequency(field.name, word.term) >= _COMMON for field in EVERYWHERE.words)

    def synonyms_by_sound(self, text: str, fields: Fields) -> Iterator[Alternative]:
        """Synonyms of the words that typed kana or romaji spell: ほいくえん calls for 保育所."""
        for reading in readings.readings_of_typed(text):
            for word in words_read_as(reading):
                yield from self.synonyms(word, fields)

    def substring(self, text: str, fields: Fields = EVERYWHERE) -> tuple[Alternative, ...]:
        """The characters of ``text`` side by side; nothing for figures and single Latin words."""
        folded = fold_text(text)
        form = Form(MatchKind.SUBSTRING, folded)
        bigrams = self._analyzer.inner_bigrams(text)
        if folded.isascii():
            return ()
        if bigrams:
            return (Alternative(in_fields(fields.bigrams, bigrams), form),)
        if len(folded) == 1 and folded.isalnum() and not readings.is_kana(folded):
            ways = tuple(Weighted(Prefix(f.name, folded), f.weight) for f in fields.bigrams)
            return (Alternative(Or(ways), form),)
        return ()

    def whole_title(self, text: str) -> Query:
        """Programmes whose title is ``text``, spaces and signs apart."""
        edged = [token.term for token in self._analyzer.bigrams(text)]
        if not edged:
            return Nothing()
        return Weighted(run(schema.TITLE_BIGRAM, edged), _WEIGHT_WHOLE_TITLE)

    def run_as_typed(self, text: str, fields: Fields = EVERYWHERE) -> tuple[Query, ...]:
        """The characters of a run of several words, wherever the dictionary cuts the print; in
        texts only if no title has them and they are many, for that is where pieces are pasted
        from, and it is dear."""
        bigrams = self._analyzer.inner_bigrams(text)
        if not bigrams:
            return ()
        found = [tuple(_as_typed(field, bigrams)) for field in fields.bigrams]
        is_long = len(bigrams) >= _LONG_RUN
        if not is_long or any(self.is_found(query) for query in found[0]):
            return found[0]
        return tuple(query for queries in found for query in queries)

    def is_printed_in_a_row(self, text: str) -> bool:
        """Whether any programme holds the characters of ``text`` in this order."""
        return self.is_found(self.verbatim(text))

    def is_found(self, query: Query) -> bool:
        """Whether any programme satisfies ``query``."""
        return self._reader.count(query) > 0

    def verbatim(self, text: str, fields: Fields = EVERYWHERE) -> Query:
        """The characters of a quoted text in this order; a single word as a word."""
        bigrams = self._analyzer.inner_bigrams(text)
        if bigrams:
            ways = zip(fields.bigrams, fields.words, strict=True)
            return Or(tuple(Weighted(run(b, bigrams), w.weight) for b, w in ways))
        words = self._analyzer.lexemes(text)
        if words:
            return And(tuple(self.exact(word, fields).query for word in words))
        return next((found.query for found in self.substring(text, fields)), Nothing())

    def read_as(
        self, text: str, fields: Fields = EVERYWHERE, *, apart: bool = False
    ) -> tuple[Alternative, ...]:
        """Words that are read as the typed kana or romaji; none for other scripts.

        With ``apart`` also programmes that hold the words anywhere, not side by side.
        """
        is_typed_in_kana = readings.is_kana(fold_text(text))
        cut = readings.cut_reading if is_typed_in_kana else readings.cut_romaji
        found: list[Alternative] = []
        typed = readings.readings_of_typed(text)
        cuts = next(filter(None, (cut(reading, self._known) for reading in typed)), ())
        found.extend(_read(pieces, fields) for pieces in cuts)
        if apart and not any(self.is_found(way.query) for way in found):
            begun = next(filter(None, map(self._cut_begun, typed)), ())
            found.extend(_read(pieces, fields) for pieces in begun)
        for pieces in cuts if apart else ():
            if len(pieces) > 1 and all(len(piece) > 2 for piece in pieces):
                anywhere = And(tuple(in_fields(fields.readings, (piece,)) for piece in pieces))
                form = Form(MatchKind.READING, "", pieces[:1])
                found.append(Alternative(Weighted(anywhere, _WEIGHT_READING_APART), form))
        return tuple(found)

    def _cut_begun(self, reading: str) -> tuple[tuple[str, ...], ...]:
        """Ways to spell a reading whose last word is only begun: ぼうさいへり, 防災ヘリコプター."""
        for start in range(len(reading) - _BEGUN_SHORTEST, -1, -1):
            head, tail = reading[:start], reading[start:]
            heads = readings.cut_reading(head, self._known)[:1] if head else ((),)
            if not heads or len(tail) < (_BEGUN_SHORTEST if head else _BEGUN_ALONE):
                continue
            begun = dict.fromkeys(
                term
                for field in EVERYWHERE.readings
                for term in islice(self._reader.terms(field.name, tail), _BEGUN_WORDS)
            )
            if begun:
                return tuple((*heads[0], term) for term in begun)
        return ()

    def is_printed(self, word: Lexeme) -> bool:
        """Whether any programme holds the word itself."""
        return any(
            self._reader.document_frequency(field.name, word.term) for field in EVERYWHERE.words
        )

    def _holds_reading(self, reading: str) -> bool:
        return any(
            self._reader.document_frequency(field.name, reading) for field in EVERYWHERE.readings
        )


def _read(pieces: tuple[str, ...], fields: Fields) -> Alternative:
    """Words read so, side by side."""
    query = Weighted(in_fields(fields.readings, pieces), _WEIGHT_READING)
    return Alternative(query, Form(MatchKind.READING, "", pieces))


def _as_typed(field: TextField, bigrams: tuple[str, ...]) -> Iterator[Query]:
    for query in (run(field, bigrams), *_cut_run(field, bigrams)):
        yield Weighted(query, field.weight * _WEIGHT_AS_TYPED)


def _cut_run(field: TextField, bigrams: tuple[str, ...]) -> Iterator[Query]:
    """The run when a Latin word or figure at an end of it may be cut: 公民館のＷ of のＷｉ－Ｆｉ.
    Those are one unit of the index, so what is left of the last one is a beginning."""
    begins, ends = bigrams[0][0].isascii(), bigrams[-1][-1].isascii()
    inner = bigrams[1 if begins else 0 : -1 if ends else None]
    if len(inner) >= (_CUT_RUN if begins else 1) and (begins or ends):
        parts: list[Query] = [run(field, inner)]
        if ends:
            parts.append(Prefix(field.name, bigrams[-1]))
        yield And(tuple(parts)) if len(parts) > 1 else parts[0]


def in_fields(fields: Sequence[TextField], texts: Sequence[str]) -> Query:
    """The terms, side by side, in any of the fields; the field where they weigh most decides."""
    if len(fields) == 1:
        return Weighted(run(fields[0], texts), fields[0].weight)
    return Best(tuple(Weighted(run(f, texts), f.weight) for f in fields), _TIE)


def run(field: TextField, texts: Sequence[str]) -> Query:
    """A term, or terms at consecutive positions."""
    return Term(field.name, texts[0]) if len(texts) == 1 else Phrase(field.name, tuple(texts))
