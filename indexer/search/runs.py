"""How is one run of characters looked for? Its words, or the run as a whole where the dictionary
cuts it wrongly; on each level as widely as that allows.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from indexer.analysis.analyzer import Analyzer, Lexeme
from indexer.analysis.folding import fold_text
from indexer.analysis.near_words import is_everyday
from indexer.engine.query import And, Best, Nothing, Or, Query, Weighted
from indexer.search import readings
from indexer.search.combining import best_of, reads_better, without_closing
from indexer.search.expansion import EVERYWHERE, Alternative, Expander, Fields, in_fields
from indexer.search.response import MatchKind
from indexer.search.sought import Form, Sought
from indexer.search.vocabulary import fillers

_WEIGHT_SIDE_BY_SIDE = 0.5
"""What the words of one run add when they are printed side by side, too."""
_BIT = 3


class Level(Enum):
    """How widely to look."""

    STRICT = 0
    WIDENED = 1


class Runs:
    """Makes the queries of the runs of one walk, and adds to ``sought`` what marks their hits."""

    def __init__(
        self,
        expander: Expander,
        analyzer: Analyzer,
        level: Level,
        sought: list[Sought],
        *,
        skips_fillers: bool,
    ) -> None:
        self._expander = expander
        self._analyzer = analyzer
        self._level = level
        self._sought = sought
        self._skips_fillers = skips_fillers

    def query(self, text: str, fields: Fields = EVERYWHERE) -> Query | None:
        """A run of characters: its words, side by side if possible, or the run as a whole.
        ``Nothing`` when there is no word in it, null when it is passed over as filling."""
        words = self._analyzer.lexemes(text)
        kept = self._kept(words)
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
        return best_of((query, *(way.query for way in ways))) if ways else query

    def concepts(
        self, text: str, fields: Fields = EVERYWHERE
    ) -> tuple[list[tuple[Query, Query, Sought]], list[Query]]:
        """The words of a run, each to be looked for by itself, and what adds to them: the words
        side by side, the characters as typed."""
        words = self._analyzer.lexemes(text)
        kept = self._kept(words)
        ways: list[Alternative] = list(self._whole_run(text, kept, fields))
        covers = "".join(word.surface for word in kept) == text
        is_kana = readings.is_kana(fold_text(text))
        is_bits = is_kana and not covers and _are_bits(kept)
        if not kept or is_bits or (is_kana and reads_better(ways, kept, covers=covers)):
            # ふるさと/のう/ぜ/い: the dictionary cut kana wrongly, bits of it are in anything.
            whole = best_of((Nothing(), *(way.query for way in ways)))
            is_noun = any(word.is_noun for word in words)
            return [(whole, Nothing(), Sought(text, tuple(way.form for way in ways), is_noun))], []
        found = []
        for word in kept:
            alone = ways if covers and len(kept) == 1 else []
            alternatives = [*self._ways(word, text, fields, is_alone=bool(alone)), *alone]
            query = best_of(tuple(way.query for way in alternatives))
            near = self._near(word, fields)
            forms = tuple(way.form for way in (*alternatives, *near))
            related = best_of(tuple(way.query for way in near))
            everyday = is_everyday(word.term)
            sought = Sought(word.surface, forms, word.is_noun, everyday)
            found.append((query, related, sought))
        if len(kept) < 2:
            return found, []
        terms = [part for word in kept for part in word.parts]
        bonus = [Weighted(in_fields(fields.words, terms), _WEIGHT_SIDE_BY_SIDE)]
        return found, [*bonus, *(way.query for way in ways)]

    def _kept(self, words: tuple[Lexeme, ...]) -> tuple[Lexeme, ...]:
        return without_closing(tuple(word for word in words if not self._is_filler(word)))

    def _joined(self, queries: list[Query], words: tuple[Lexeme, ...], fields: Fields) -> Query:
        """All words; more when printed side by side."""
        if len(queries) < 2:
            return next(iter(queries), Nothing())
        terms = [part for word in words for part in word.parts]
        side_by_side = Weighted(in_fields(fields.words, terms), _WEIGHT_SIDE_BY_SIDE)
        return Or((And(tuple(queries)), side_by_side))

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
            self._sought.append(Sought(text, tuple(forms)))

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
        ways = self._ways(word, text, fields, is_alone=is_alone)
        forms = [way.form for way in (*ways, *(alone or ()))]
        if is_alone or len(word.surface) > 1:
            self._sought.append(Sought(word.surface, tuple(forms)))
        return Best(tuple(way.query for way in ways)) if len(ways) > 1 else ways[0].query

    def _ways(
        self, word: Lexeme, text: str, fields: Fields, *, is_alone: bool
    ) -> list[Alternative]:
        """The forms one word may be printed in, closest first."""
        ways = [self._expander.exact(word, fields)]
        # Two kana are read into anything: さい of きょうさい into 歳.
        is_read = len(word.surface) > 2 and readings.is_kana(fold_text(word.surface))
        if not is_alone and is_read:
            ways.extend(self._expander.read_as(word.surface, fields))
        if self._level is Level.STRICT or self._expander.is_common(word):
            return ways
        around = text[max(0, word.start - 1) : word.end + 1]
        ways.extend(self._expander.widened(word, fields, around))
        return ways

    def _near(self, word: Lexeme, fields: Fields) -> list[Alternative]:
        """Words near in meaning, for a word that the book hardly uses itself."""
        if self._expander.is_common(word):
            return []
        return list(self._expander.related(word, fields))


def _are_bits(words: tuple[Lexeme, ...]) -> bool:
    """Whether nothing but bits of one or two kana is left of a run."""
    return all(len(word.surface) < _BIT for word in words)


def _any_of(parts: tuple[Query, ...]) -> Query:
    possible = tuple(part for part in parts if not isinstance(part, Nothing))
    return Or(possible) if len(possible) > 1 else next(iter(possible), Nothing())
