"""Which engine queries look for what was typed? Strict first, wider only when that finds little.

strict     every word, in its exact form or, for kana, its reading
widened    every word, also by its parts, synonyms and substrings
relaxed    half of the words, said in a remark
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum

from indexer.analysis.analyzer import Analyzer, Lexeme
from indexer.analysis.folding import fold_text
from indexer.engine.interface import Reader
from indexer.engine.query import (
    Among,
    And,
    Best,
    Everything,
    Not,
    Nothing,
    Or,
    Query,
    Range,
    Unscored,
    Weighted,
)
from indexer.search import readings
from indexer.search.amounts import read_amount_range
from indexer.search.combining import (
    best_of,
    half_of,
    is_sentence,
    reads_better,
    some_of,
    without_closing,
)
from indexer.search.expansion import (
    EVERYWHERE,
    TITLE_ONLY,
    Alternative,
    Expander,
    Fields,
    in_fields,
)
from indexer.search.grammar import All, Clause, Either, Excluded, FieldIs, Quoted, Words
from indexer.search.response import MatchKind
from indexer.search.sought import Form, Plan, Sought
from indexer.search.vocabulary import fillers

_WEIGHT_SIDE_BY_SIDE = 0.5
"""What the words of one run add when they are printed side by side, too."""


_BIT = 3
_LONG_TITLE = 9
"""Pairs of characters of a title that is pasted rather than made of words somebody thought of."""
_WEIGHT_STRICT = 10.0
"""What puts the programmes of the strict plan before those that only a wider one finds."""


class Level(Enum):
    """How widely to look."""

    STRICT = 0
    WIDENED = 1
    RELAXED = 2


FieldValues = Callable[[FieldIs], tuple[str, ...]]
"""The values of the index that a field clause means."""


class Planner:
    """Turns clauses into plans. Holds nothing of a request; safe to share."""

    def __init__(self, reader: Reader, analyzer: Analyzer, field_values: FieldValues) -> None:
        self._analyzer = analyzer
        self._expander = Expander(reader, analyzer)
        self._field_values = field_values

    def plan(self, root: All, level: Level) -> Plan:
        """The plan of one level; ``Everything`` when nothing is left to look for."""
        building = _Building(self, level, root)
        query = building.root()
        remarks = tuple(building.remarks)
        if query is None:
            query = Nothing() if building.has_unsearchable else Everything()
        elif level is not Level.STRICT:
            strict = _Building(self, Level.STRICT, root).root()
            query = query if strict is None else Best((Weighted(strict, _WEIGHT_STRICT), query))
        return Plan(query, tuple(building.sought), remarks, level is not Level.STRICT)

    def is_whole_title(self, root: All) -> bool:
        """Whether what was typed, taken together, is the title of some programme."""
        typed = _typed_text(root)
        return bool(typed) and self._expander.is_found(self._expander.whole_title(typed))

    def is_long_title(self, root: All) -> bool:
        """Whether what was typed is the title of some programme, and too long for a chance: a
        pasted one, that needs no other words looked for."""
        length = len(self._analyzer.inner_bigrams(_typed_text(root)))
        return length >= _LONG_TITLE and self.is_whole_title(root)

    def is_printed_sentence(self, text: str) -> bool:
        """Whether all words of a sentence are in print: then none of them is misspelt."""
        words = self._analyzer.lexemes(text)
        return is_sentence(words) and all(map(self._expander.is_printed, words))

    @property
    def expander(self) -> Expander:
        """The maker of alternatives."""
        return self._expander

    @property
    def analyzer(self) -> Analyzer:
        """The analyser of typed text."""
        return self._analyzer

    def field_values(self, clause: FieldIs) -> tuple[str, ...]:
        """The values of the index that a field clause means."""
        return self._field_values(clause)


@dataclass(slots=True)
class _Run:
    """The words of one run of characters, fillers left out."""

    text: str
    words: tuple[Lexeme, ...]


class _Building:
    """One walk over the clauses."""

    def __init__(self, planner: Planner, level: Level, root: Clause) -> None:
        self._planner = planner
        self._expander = planner.expander
        self._level = level
        self._root = root
        self._skips_fillers = _has_content(planner.analyzer, root)
        self._is_one_run = isinstance(root, All) and sum(map(_is_wanted, root.parts)) == 1
        self.sought: list[Sought] = []
        self.remarks: list[str] = []
        self.has_unsearchable = False

    def root(self) -> Query | None:
        """The whole query; a title that is all that was typed leads."""
        query = self._clause(self._root)
        typed = _typed_text(self._root)
        if query is None or not typed:
            return query
        return Or((query, self._expander.whole_title(typed)))

    def all(self, root: All) -> Query | None:
        """Every clause; in a relaxed plan any of those that are wanted, none of the excluded."""
        wanted: list[Query] = []
        excluded: list[Query] = []
        for clause in dict.fromkeys(root.parts):
            query = self._clause(clause)
            if query is not None:
                (excluded if isinstance(clause, Excluded) else wanted).append(query)
        if not wanted and not excluded:
            return None
        if self._level is Level.RELAXED and len(wanted) > 1:
            wanted = [half_of(wanted)]
        wanted = self._read_together(root, wanted)
        if not wanted:
            return And((Everything(), *excluded))
        return And((*wanted, *excluded)) if len(wanted) + len(excluded) > 1 else wanted[0]

    def _read_together(self, root: All, wanted: list[Query]) -> list[Query]:
        """Kana or romaji typed with spaces may spell one word: sakura matsuri is 桜まつり."""
        texts = [clause.text for clause in root.parts if isinstance(clause, Words)]
        if len(texts) < 2 or len(texts) < sum(map(_is_wanted, root.parts)):
            return wanted
        typed = "".join(texts)
        if not all(
            fold_text(text).isascii() or readings.is_kana(fold_text(text)) for text in texts
        ):
            return wanted
        ways = self._expander.read_as(typed)
        if not ways:
            return wanted
        self.sought.append(Sought(" ".join(texts), tuple(way.form for way in ways)))
        every = And(tuple(wanted)) if len(wanted) > 1 else next(iter(wanted), Nothing())
        return [best_of((every, *(way.query for way in ways)))]

    def _clause(self, clause: Clause) -> Query | None:
        match clause:
            case Words(text):
                return self._words(text)
            case Quoted(text):
                return self._quoted(text)
            case FieldIs():
                return self._field(clause)
            case Excluded(part):
                return self._excluded(part)
            case Either(parts):
                found = [query for part in parts if (query := self._clause(part)) is not None]
                return Or(tuple(found)) if found else None
            case All():
                return self.all(clause)

    def _excluded(self, part: Clause) -> Query | None:
        """What must not be there: taken strictly, and never marked in the hits."""
        inner = _Building(self._planner, Level.STRICT, All(()))
        query = inner._excluded_words(part.text) if isinstance(part, Words) else inner._clause(part)
        return None if query is None else Not(query)

    def _excluded_words(self, text: str) -> Query | None:
        words = self._planner.analyzer.lexemes(text)
        if not words:
            return None
        return And(tuple(self._expander.exact(word).query for word in words))

    def _quoted(self, text: str) -> Query | None:
        folded = fold_text(text).strip()
        if not folded:
            return None
        query = self._expander.verbatim(text)
        if isinstance(query, Nothing):
            self._note_unsearchable(text)
            return None
        self.sought.append(Sought(text, (Form(MatchKind.EXACT, folded),)))
        return query

    def _field(self, clause: FieldIs) -> Query | None:
        if clause.field == "title":
            return self._words(clause.value, TITLE_ONLY)
        if clause.field == "amount":
            amount = read_amount_range(fold_text(clause.value))
            if amount is None:
                self.remarks.append(f"「{clause.value}」を金額として読めませんでした。")
                return None
            return Unscored(Range("amount", amount.low, amount.high))
        values = self._planner.field_values(clause)
        if not values:
            self.remarks.append(f"「{clause.typed}」に当たる値は索引にありません。")
        column_values: tuple[str | int, ...] = values
        if clause.field == "fiscal_year":
            column_values = tuple(int(value) for value in values)
        return Unscored(Among(clause.field, column_values))

    def _words(self, text: str, fields: Fields = EVERYWHERE) -> Query | None:
        """A run of characters: its words, side by side if possible, or the run as a whole."""
        words = self._planner.analyzer.lexemes(text)
        kept = without_closing(tuple(word for word in words if not self._is_filler(word)))
        if words and not kept:
            return None
        ways: list[Alternative] = list(self._whole_run(text, kept, fields))
        covers = "".join(word.surface for word in kept) == text
        if readings.is_kana(fold_text(text)) and reads_better(ways, kept, covers=covers):
            kept = ()  # ふるさと/のう/ぜ/い, きょう/いく: the dictionary cut kana wrongly
        is_bits = not covers and readings.is_hiragana(fold_text(text)) and _are_bits(kept)
        is_alone = covers and len(kept) == 1
        if not is_alone:
            self._seek_run(text, kept, ways)
        queries = [self._word(word, text, fields, ways if is_alone else None) for word in kept]
        query = self._joined(queries, kept, fields)
        if is_bits and kept:
            query = self._expander.verbatim(text, fields)  # こん of えあこん is not これ
        if not is_alone:
            as_typed = self._expander.run_as_typed(text, fields)
            query = _any_of((query, *as_typed))
        if ways:
            query = best_of((query, *(way.query for way in ways)))
        if isinstance(query, Nothing):
            self._note_unsearchable(text)
            return None
        return query

    def _joined(self, queries: list[Query], words: tuple[Lexeme, ...], fields: Fields) -> Query:
        """All words, or when relaxed half of a sentence; more when printed side by side."""
        if len(queries) < 2:
            return next(iter(queries), Nothing())
        terms = [part for word in words for part in word.parts]
        side_by_side = Weighted(in_fields(fields.words, terms), _WEIGHT_SIDE_BY_SIDE)
        joined: Query = And(tuple(queries))
        if self._level is Level.RELAXED and self._is_one_run:
            joined = some_of(words, queries, is_sentence=is_sentence(words)) or joined
        return Or((joined, side_by_side))

    def _seek_run(self, text: str, words: tuple[Lexeme, ...], ways: list[Alternative]) -> None:
        """A run of several words is marked as a whole where it is printed so."""
        forms = [way.form for way in ways]
        if len(words) > 1:
            terms = tuple(part for word in words for part in word.parts)
            start, end = words[0].start, words[-1].end
            forms.insert(0, Form(MatchKind.EXACT, fold_text(text[start:end]), terms))
        if words:
            forms.append(Form(MatchKind.SUBSTRING, fold_text(text).strip()))
        if forms:
            self.sought.append(Sought(text, tuple(forms)))

    def _is_filler(self, word: Lexeme) -> bool:
        return self._skips_fillers and word.term in fillers()

    def _whole_run(
        self, text: str, words: tuple[Lexeme, ...], fields: Fields
    ) -> Iterator[Alternative]:
        """Alternatives for the run as a whole, which the dictionary may have cut wrongly."""
        folded = fold_text(text)
        is_one_printed_word = len(words) == 1 and self._expander.is_printed(words[0])
        if readings.is_hiragana(folded) or not is_one_printed_word:
            apart = self._level is not Level.STRICT
            read = self._expander.read_as(text, fields, apart=apart)
            yield from read
            if apart and not any(self._expander.is_found(way.query) for way in read):
                yield from self._expander.synonyms_by_sound(text, fields)
        if self._level is Level.STRICT:
            return
        if len(words) != 1:
            yield from self._expander.synonyms(text, fields)
            yield from self._expander.substring(text, fields)

    def _word(
        self, word: Lexeme, text: str, fields: Fields, alone: list[Alternative] | None
    ) -> Query:
        """One word of the run ``text``; ``alone``: the ways to read a run that is this word.

        What a single character of a longer run matched is not marked everywhere."""
        is_alone = alone is not None
        exact = self._expander.exact(word, fields)
        ways = [exact]
        # Two kana are read into anything: さい of きょうさい into 歳.
        is_read = len(word.surface) > 2 and readings.is_kana(fold_text(word.surface))
        if not is_alone and is_read:
            ways.extend(self._expander.read_as(word.surface, fields))
        if self._level is not Level.STRICT:
            around = text[max(0, word.start - 1) : word.end + 1]
            ways.extend(self._expander.widened(word, fields, around))
        forms = [way.form for way in (*ways, *(alone or ()))]
        if is_alone or len(word.surface) > 1:
            self.sought.append(Sought(word.surface, tuple(forms)))
        return Best(tuple(way.query for way in ways)) if len(ways) > 1 else exact.query

    def _note_unsearchable(self, text: str) -> None:
        self.has_unsearchable = True
        self.remarks.append(f"「{text}」は検索できる言葉ではないため、読み飛ばしました。")


def _are_bits(words: tuple[Lexeme, ...]) -> bool:
    """Whether nothing but bits of one or two kana is left of a run."""
    return all(len(word.surface) < _BIT for word in words)


def _typed_text(root: Clause) -> str:
    """What was typed in a query of nothing but words and quotes; empty for any other."""
    parts = root.parts if isinstance(root, All) else ()
    texts = [part.text for part in parts if isinstance(part, Words | Quoted)]
    return "".join(texts) if len(texts) == len(parts) else ""


def _any_of(parts: tuple[Query, ...]) -> Query:
    possible = tuple(part for part in parts if not isinstance(part, Nothing))
    return Or(possible) if len(possible) > 1 else next(iter(possible), Nothing())


def _is_wanted(clause: Clause) -> bool:
    return not isinstance(clause, Excluded)


def _has_content(analyzer: Analyzer, clause: Clause) -> bool:
    """Whether something besides fillers is looked for."""
    match clause:
        case Words(text):
            return any(word.term not in fillers() for word in analyzer.lexemes(text))
        case All(parts) | Either(parts):
            return any(_has_content(analyzer, part) for part in parts)
        case Excluded():
            return False
    return True
