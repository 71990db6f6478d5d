"""Which printed sentence answers a question about the text? Verbatim sentences, best first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from indexer.answers.lexicon import Lexicon, compact
from indexer.answers.vocabulary import Vocabulary, key_of
from indexer.model import Program
from indexer.passages import Passage as Printed
from indexer.passages import passages_of

_NAME_BEFORE = re.compile(r"[0-9０-９A-Za-z一-鿿々ァ-ヶー]+$|(?:^|(?<=[、。・（(「内]))[ぁ-ん]+$")
_NUMBER_OF = re.compile(r"(?<![第0-9０-９])[0-9０-９]+$")  # 区内5公園 names no park
_WITHOUT_CUE = frozenset({"what", "purpose"})
"""Kinds of question that any sentence may answer, if one must."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence of the text, where it is printed, and how well it answers."""

    text: str
    first_line: int
    last_line: int
    score: float
    has_cue: bool
    holder: Program


class PassageFinder:
    """Ranks the sentences of a programme's own text (and of its group's or parent's)."""

    def __init__(self, lexicon: Lexicon, vocabulary: Vocabulary) -> None:
        self._lexicon = lexicon
        self._vocabulary = vocabulary

    def find(
        self, program: Program, kind: str, words: Sequence[str], counter: str | None = None
    ) -> tuple[Passage, ...]:
        """The sentences that answer ``kind`` (``what``, ``purpose`` …), best first.

        Empty when the text does not say it: a question for a time, place, person, number or
        reason is only answered by a sentence that holds one.
        """
        title = compact(program.title)
        passages = [
            self._score(holder, printed, at, kind, words, title)
            for at, (holder, printed) in enumerate(self._sentences(program))
        ]
        if counter is not None:
            passages = [p for p in passages if re.search(counter, p.text)]
        elif kind not in _WITHOUT_CUE:
            passages = [p for p in passages if p.has_cue]
        return tuple(sorted(passages, key=lambda p: -p.score))

    def _sentences(self, program: Program) -> Iterator[tuple[Program, Printed]]:
        """Of its own text first; of a group's shared text too; of a parent's only for want of an
        own."""
        own = self._lexicon.described(program)
        others = (program.group_id, None if own.description else program.parent_id)
        known = (self._lexicon.programs.get(other or "") for other in others)
        for holder in (own, *(self._lexicon.described(one) for one in known if one is not None)):
            for printed in passages_of(holder)[1:]:
                yield holder, printed

    def _score(
        self,
        holder: Program,
        printed: Printed,
        at: int,
        kind: str,
        words: Sequence[str],
        title: str,
    ) -> Passage:
        key = key_of(printed.text)
        cues = self._vocabulary.passages.get(kind, ())
        said = (*words, "".join(words), title) if kind == "where" else ()
        hits = [i for i, cue in enumerate(cues) if _tells(_compiled(cue), printed.text, said)]
        score = sum(2.0 / (i + 1) for i in hits[:3]) - 0.06 * at
        score += sum(_weight(word, title) for word in words if key_of(word) in key)
        lines = printed.first_line or 0, printed.last_line or 0
        return Passage(printed.text, *lines, score, bool(hits), holder)


def _tells(cue: re.Pattern[str], sentence: str, said: Sequence[str]) -> bool:
    """Whether a cue stands in the sentence, beyond the words ``said`` in the question.

    「公園のトイレを洋式化します」 does not tell which park a question about 公園トイレ asks for;
    「みなと橋の耐震補強」 tells which bridge.
    """
    return any(
        not any(compact(_place_around(sentence, match)) in compact(word) for word in said)
        for match in cue.finditer(sentence)
    )


def _place_around(sentence: str, match: re.Match[str]) -> str:
    """The name a place word ends: みなと橋, 公園; a verb of place (に開設) as it stands."""
    head = _NAME_BEFORE.search(sentence[: match.start()])
    name = head.group() if head else ""
    return ("" if _NUMBER_OF.search(name) else name) + match.group()


def _weight(word: str, title: str) -> float:
    """A word of the title stands in most sentences; the stem of a verb tells less than a noun."""
    if compact(word) in title:
        return 0.6
    return 3.0 if len(word) > 1 else 1.5


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
