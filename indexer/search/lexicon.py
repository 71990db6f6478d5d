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
from indexer.engine.interface import Reader
from indexer.model import Program, Role

_TEXT_CHARACTERS = 400_000
"""How much of the descriptions is read for words; programmes are taken evenly."""
_WORDS_MAXIMUM = 50_000
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
        self.by_folded: dict[str, Entry] = {}
        self.by_reading: dict[str, list[Entry]] = {}
        for entry in self.entries:
            self.by_folded.setdefault(entry.folded, entry)
            self.by_reading.setdefault(entry.reading, []).append(entry)


def build_lexicon(reader: Reader, analyzer: Analyzer) -> Lexicon:
    """Read the printed words of ``reader``'s programmes."""
    programs = [p for p in reader.all_programs() if p.role is not Role.GROUP]
    whole = Counter(("title", program.title) for program in programs)
    for facet in _FACETS:
        for value in reader.values(facet):
            whole[facet, str(value)] += 1
    words = _count_words(programs, analyzer)
    titles = {text for _, text in whole}
    entries = [
        Entry(text, kind, count, fold_text(text), analyzer.spoken(text))
        for (kind, text), count in whole.items()
        if len(text) <= _LENGTH_MAXIMUM
    ]
    entries.extend(
        Entry(text, "word", count, fold_text(text), analyzer.spoken(text))
        for text, count in words.most_common(_WORDS_MAXIMUM)
        if text not in titles
    )
    return Lexicon(entries)


def _count_words(programs: list[Program], analyzer: Analyzer) -> Counter[str]:
    """Printed words of two characters or more, figures left out."""
    words: Counter[str] = Counter()
    for text in _texts(programs):
        lexemes = analyzer.lexemes(text)
        words.update(word.surface for word in lexemes)
        # Two words side by side are what people take for one: キャッシュレス決済.
        words.update(
            first.surface + second.surface
            for first, second in pairwise(lexemes)
            if first.end == second.start
        )
    for word in [w for w in words if len(w) < 2 or any(map(str.isdigit, w))]:
        del words[word]
    return words


def _texts(programs: list[Program]) -> Iterator[str]:
    yield from {program.title for program in programs}
    length = sum(len(p.text) for program in programs for p in program.description)
    step = max(1, -(-length // _TEXT_CHARACTERS))
    for program in programs[::step]:
        for paragraph in program.description:
            yield paragraph.text
