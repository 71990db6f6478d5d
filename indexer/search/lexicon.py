"""Which words are printed in this index, and how are they read? For suggestions and spelling.

Titles, departments, sections and publishers whole, and the words of titles and texts with their
frequency. Built from print alone: an index term that nobody printed (古里) is never in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

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
    """The printed words of one index."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = tuple(entries)
        self.folded = [entry.folded for entry in self.entries]
        self.readings = [entry.reading for entry in self.entries]
        self.by_reading: dict[str, list[Entry]] = {}
        for entry in self.entries:
            self.by_reading.setdefault(entry.reading, []).append(entry)


def build_lexicon(reader: Reader, analyzer: Analyzer) -> Lexicon:
    """Read the printed titles, names and words of ``reader``'s programmes."""
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
