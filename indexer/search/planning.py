"""Which engine queries look for what was typed? Strict first, wider only when that finds little.

strict     every word, in its exact form or, for kana, its reading
widened    every word, also by its parts, synonyms and substrings
near       any of the words, also by words near in meaning: ranked, never counted
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from indexer.analysis.analyzer import Analyzer
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
from indexer.search.combining import best_of, is_sentence
from indexer.search.expansion import (
    EVERYWHERE,
    TITLE_ONLY,
    Expander,
    Fields,
    Neighbours,
)
from indexer.search.grammar import All, Clause, Either, Excluded, FieldIs, Quoted, Words
from indexer.search.response import MatchKind
from indexer.search.runs import Level, Runs
from indexer.search.sought import Concept, Form, Near, Plan, Sought
from indexer.search.vocabulary import fillers

_LONG_TITLE = 9
"""Pairs of characters of a title that is pasted rather than made of words somebody thought of."""
_WEIGHT_STRICT = 10.0
"""What puts the programmes of the strict plan before those that only a wider one finds."""


FieldValues = Callable[[FieldIs], tuple[str, ...]]
"""The values of the index that a field clause means."""


class Planner:
    """Turns clauses into plans. Holds nothing of a request; safe to share."""

    def __init__(
        self,
        reader: Reader,
        analyzer: Analyzer,
        field_values: FieldValues,
        neighbours: Neighbours,
    ) -> None:
        self._analyzer = analyzer
        self._expander = Expander(reader, analyzer, neighbours)
        self._field_values = field_values
        self._reader = reader
        self._size = reader.count(Everything())

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

    def near(self, root: All) -> Near:
        """What to rank: every word by itself, and what must be there all the same."""
        return _Building(self, Level.WIDENED, root).near()

    def weight_of(self, query: Query) -> float:
        """How much a programme says by satisfying ``query``: much if few do."""
        found = self._reader.count(query)
        return math.log1p((self._size - found + 0.5) / (found + 0.5)) if found else 0.0

    def is_whole_title(self, root: All) -> bool:
        """Whether what was typed, taken together, is the title of some programme."""
        typed = _typed_text(root)
        return bool(typed) and self._expander.is_found(self._expander.whole_title(typed))

    def is_long_title(self, root: All) -> bool:
        """Whether what was typed is the title of some programme, and too long for a chance: a
        pasted one, that needs no other words looked for."""
        length = len(self._analyzer.inner_bigrams(_typed_text(root)))
        return length >= _LONG_TITLE and self.is_whole_title(root)

    def is_sentence(self, text: str) -> bool:
        """Whether particles stand between the words of a run."""
        return is_sentence(self._analyzer.lexemes(text))

    def is_printed(self, text: str) -> bool:
        """Whether every word of a run is in print, in one programme or another."""
        return all(map(self._expander.is_printed, self._analyzer.lexemes(text)))

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


class _Building:
    """One walk over the clauses."""

    def __init__(self, planner: Planner, level: Level, root: Clause) -> None:
        self._planner = planner
        self._expander = planner.expander
        self._level = level
        self._root = root
        self.sought: list[Sought] = []
        self._runs = Runs(
            planner.expander,
            planner.analyzer,
            level,
            self.sought,
            skips_fillers=_has_content(planner.analyzer, root),
        )
        self.remarks: list[str] = []
        self.has_unsearchable = False

    def root(self) -> Query | None:
        """The whole query; a title that is all that was typed leads."""
        query = self._clause(self._root)
        typed = _typed_text(self._root)
        if query is None or not typed:
            return query
        return Or((query, self._expander.whole_title(typed)))

    def near(self) -> Near:
        """The words one by one; phrases, fields and exclusions hold as they stand."""
        assert isinstance(self._root, All)
        found: list[tuple[Query, Query, Sought]] = []
        bonus: list[Query] = []
        must: list[Query] = []
        texts: list[str] = []
        for clause in _flattened(self._root):
            match clause:
                case Words(text):
                    words, more = self._runs.concepts(text)
                    found.extend(words)
                    bonus.extend(more)
                    texts.append(text)
                case _:
                    query = self._clause(clause)
                    must.extend([] if query is None else [query])
        typed = _typed_text(self._root)
        if typed:
            bonus.append(self._expander.whole_title(typed))
        concepts: dict[str, Concept] = {}
        nowhere: dict[str, Sought] = {}
        for query, related, sought in found:
            weight = self._planner.weight_of(query) or self._planner.weight_of(related)
            if weight:
                concepts[sought.typed] = Concept(query, related, weight, sought)
            else:
                nowhere[sought.typed] = sought
        return Near(
            " ".join(texts),
            tuple(concepts.values()),
            tuple(bonus),
            tuple(must),
            tuple(nowhere.values()),
        )

    def all(self, root: All) -> Query | None:
        """Every clause that is wanted, none of the excluded."""
        wanted: list[Query] = []
        excluded: list[Query] = []
        for clause in dict.fromkeys(root.parts):
            query = self._clause(clause)
            if query is not None:
                (excluded if isinstance(clause, Excluded) else wanted).append(query)
        if not wanted and not excluded:
            return None
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
        query = self._runs.query(text, fields)
        if isinstance(query, Nothing):
            self._note_unsearchable(text)
            return None
        return query

    def _note_unsearchable(self, text: str) -> None:
        self.has_unsearchable = True
        self.remarks.append(f"「{text}」は検索できる言葉ではないため、読み飛ばしました。")


def _typed_text(root: Clause) -> str:
    """What was typed in a query of nothing but words and quotes; empty for any other."""
    parts = root.parts if isinstance(root, All) else ()
    texts = [part.text for part in parts if isinstance(part, Words | Quoted)]
    return "".join(texts) if len(texts) == len(parts) else ""


def _flattened(root: All) -> Iterator[Clause]:
    for clause in root.parts:
        if isinstance(clause, All):
            yield from _flattened(clause)
        else:
            yield clause


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
