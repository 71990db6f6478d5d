"""Which words are printed in this index, and how are they read? For suggestions and spelling.

Titles, departments, sections and publishers whole, and the words of titles and texts with their
frequency. Built from print alone: an index term that nobody printed (古里) is never in it.
"""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from indexer.analysis.analyzer import Analyzer
from indexer.analysis.folding import fold_text
from indexer.engine.interface import Reader, Selection
from indexer.engine.query import Everything

_TEXT_CHARACTERS = 300_000
"""How much of the descriptions is read for words; programmes are taken evenly."""
_SAMPLES = 60
_SAMPLE_SIZE = 20
_WORDS_MAXIMUM = 30_000
_FACETS = ("department", "section", "publisher", "policy_goal")
_LENGTH_MAXIMUM = 60
_INSIDE_MAXIMUM = 300
_LAST_CHARACTER = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Entry:
    """One printed text that can be suggested."""

    text: str
    kind: str
    """``title``, a facet name, or ``word``."""
    count: int
    folded: str
    reading: str
    """Of the whole text, in katakana; particles included."""


class Lexicon:
    """The printed words of one index, in the orders that completions and spellings ask for."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = tuple(entries)
        self.by_reading: dict[str, list[Entry]] = {}
        for entry in self.entries:
            self.by_reading.setdefault(entry.reading, []).append(entry)
        names = [entry for entry in self.entries if entry.kind != "word"]
        self._texts = _Strings(self.entries, [entry.folded for entry in self.entries])
        self._readings = _Strings(self.entries, [entry.reading for entry in self.entries])
        self._names = _Inside(names, [entry.folded for entry in names])
        self._read_names = _Inside(names, [entry.reading for entry in names])

    def beginning_with(self, folded: str) -> list[Entry]:
        """Entries whose folded text begins so."""
        return self._texts.beginning_with(folded)

    def read_from_the_beginning(self, reading: str) -> list[Entry]:
        """Entries whose reading begins so."""
        return self._readings.beginning_with(reading)

    def names_with(self, folded: str) -> list[Entry]:
        """Titles and facet values that hold the text; the first hundreds."""
        return self._names.holding(folded)

    def names_read_with(self, reading: str) -> list[Entry]:
        """Titles and facet values whose reading holds this one; the first hundreds."""
        return self._read_names.holding(reading)

    def of_length(self, shortest: int, longest: int) -> tuple[list[str], list[Entry]]:
        """Folded texts of these lengths, and their entries."""
        return self._texts.of_length(shortest, longest)

    def read_in_length(self, shortest: int, longest: int) -> tuple[list[str], list[Entry]]:
        """Readings of these lengths, and their entries."""
        return self._readings.of_length(shortest, longest)


class _Strings:
    """One string of each entry, sorted, and by length."""

    def __init__(self, entries: Sequence[Entry], strings: Sequence[str]) -> None:
        order = sorted(range(len(strings)), key=strings.__getitem__)
        self._sorted = [strings[index] for index in order]
        self._entries = [entries[index] for index in order]
        self._lengths: dict[int, tuple[list[str], list[Entry]]] = {}
        for text, entry in zip(self._sorted, self._entries, strict=True):
            texts, found = self._lengths.setdefault(len(text), ([], []))
            texts.append(text)
            found.append(entry)

    def beginning_with(self, beginning: str) -> list[Entry]:
        start = bisect_left(self._sorted, beginning)
        end = bisect_left(self._sorted, beginning + _LAST_CHARACTER, start)
        return self._entries[start:end]

    def of_length(self, shortest: int, longest: int) -> tuple[list[str], list[Entry]]:
        texts: list[str] = []
        entries: list[Entry] = []
        for length in range(shortest, longest + 1):
            some = self._lengths.get(length, ((), ()))
            texts.extend(some[0])
            entries.extend(some[1])
        return texts, entries


class _Inside:
    """Strings one after the other, so that one search goes through all of them."""

    def __init__(self, entries: Sequence[Entry], strings: Sequence[str]) -> None:
        self._entries = entries
        self._joined = "\n".join(strings) + "\n"
        self._ends = list(accumulate(len(text) + 1 for text in strings))

    def holding(self, piece: str) -> list[Entry]:
        found: list[Entry] = []
        at = self._joined.find(piece)
        while at >= 0 and len(found) < _INSIDE_MAXIMUM:
            index = bisect_right(self._ends, at)
            found.append(self._entries[index])
            at = self._joined.find(piece, self._ends[index])
        return found


class AbandonedError(Exception):
    """The program ends while a lexicon is being built."""


def build_lexicon(reader: Reader, analyzer: Analyzer) -> Lexicon:
    """Read the printed titles, names and words of ``reader``'s programmes.

    Raises :class:`AbandonedError` when the program ends meanwhile.
    """
    titles = [str(title) for title in reader.values("title")]
    whole = [("title", title) for title in titles]
    whole.extend((facet, str(value)) for facet in _FACETS for value in reader.values(facet))
    words = _Words(analyzer)
    for text in (*titles, *_sampled_texts(reader)):
        words.add(text)
    named = {text for _, text in whole}
    entries = [
        Entry(text, kind, 1, fold_text(text), analyzer.spoken(text))
        for kind, text in whole
        if len(text) <= _LENGTH_MAXIMUM
    ]
    entries.extend(
        Entry(text, "word", count, fold_text(text), words.readings[text])
        for text, count in words.counts.most_common(_WORDS_MAXIMUM)
        if text not in named
    )
    return Lexicon(entries)


class _Words:
    """Printed words and pairs of words with their frequency and reading."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self.counts: Counter[str] = Counter()
        self.readings: dict[str, str] = {}

    def add(self, text: str) -> None:
        """Count the words of ``text``, two characters or more, figures left out."""
        if not threading.main_thread().is_alive():
            raise AbandonedError
        lexemes = self._analyzer.lexemes(text)
        for word in lexemes:
            self._count(word.surface, word.reading)
        for first, second in pairwise(lexemes):
            # Two words side by side are what people take for one: キャッシュレス決済.
            if first.end == second.start:
                reading = first.reading + second.reading if first.reading else ""
                self._count(first.surface + second.surface, reading)

    def _count(self, surface: str, reading: str) -> None:
        if len(surface) >= 2 and not any(map(str.isdigit, surface)):
            self.counts[surface] += 1
            self.readings[surface] = reading


def _sampled_texts(reader: Reader) -> Iterator[str]:
    """Paragraphs of programmes taken evenly, up to a number of characters."""
    everything = reader.evaluate(Selection(query=Everything(), limit=0)).total
    step = max(_SAMPLE_SIZE, everything // _SAMPLES)
    left = _TEXT_CHARACTERS
    for offset in range(0, everything, step):
        matches = reader.evaluate(
            Selection(query=Everything(), sort="title", offset=offset, limit=_SAMPLE_SIZE)
        ).matches
        for program in reader.programs([match.program_id for match in matches]):
            for paragraph in program.description:
                left -= len(paragraph.text)
                yield paragraph.text
        if left < 0:
            return
