"""Which printed sentence answers a question about the text? Verbatim sentences, best first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from indexer.answers.lexicon import Lexicon, compact
from indexer.answers.vocabulary import Vocabulary, key_of
from indexer.model import Paragraph, Program

_OPEN, _CLOSE = "「『（(【", "」』）)】"
_NAME_BEFORE = re.compile(r"[0-9０-９A-Za-z一-鿿々ァ-ヶー]+$|(?:^|(?<=[、。・（(「内]))[ぁ-ん]+$")
_NUMBER_OF = re.compile(r"(?<![第0-9０-９])[0-9０-９]+$")  # 区内5公園 names no park
_NEEDS_CUE = frozenset(
    {
        "when",
        "where",
        "who",
        "eligible",
        "agent",
        "howmany",
        "howmuch",
        "price",
        "why",
        "definition",
        "how",
    }
)
_OF_ITS_SUBJECT = frozenset({"when", "where", "who", "eligible", "agent", "price"})


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
        self,
        program: Program,
        kind: str,
        words: Sequence[str],
        counter: str | None = None,
    ) -> tuple[Passage, ...]:
        """The sentences that answer ``kind`` (``what``, ``purpose`` …), best first.

        Empty when the text does not say it: a question for a time, place, person, number or
        reason is only answered by a sentence that holds one.
        """
        passages = [
            self._score(sentence, paragraph, holder, at, kind, words, compact(program.title))
            for holder, paragraph, sentence, at in self._sentences(program)
        ]
        if kind in _NEEDS_CUE and counter is None:
            passages = [p for p in passages if p.has_cue]
        if kind in _OF_ITS_SUBJECT and counter is None:
            passages = self._of_subject(program, passages, words)
        if counter is not None:
            counted = re.compile(counter)
            passages = [p for p in passages if counted.search(p.text)]
        return tuple(sorted(passages, key=lambda p: -p.score))

    def _of_subject(
        self, program: Program, passages: list[Passage], words: Sequence[str]
    ) -> list[Passage]:
        """The passages that speak of what is asked about, or go on from a sentence that does.

        「お試し住宅は誰が泊まれますか」 is not answered by the sentence before the one about it.
        """
        title = compact(program.title)
        nouns = [w for w in words if len(w) > 1]
        subject = [key_of(noun) for noun in nouns if compact(noun) not in title]
        if not subject:
            return passages
        sentences = [key_of(sentence) for _, _, sentence, _ in self._sentences(program)]
        held = [sum(word in sentence for word in subject) for sentence in sentences]
        speaking = [count > 0 and count == max(held) for count in held]
        near = {s for i, s in enumerate(sentences) if speaking[i] or (i and speaking[i - 1])}
        return [passage for passage in passages if key_of(passage.text) in near]

    def _sentences(self, program: Program) -> list[tuple[Program, Paragraph, str, int]]:
        found = (
            (holder, paragraph, sentence)
            for holder in self._holders(program)
            for paragraph in holder.description
            for sentence in split_sentences(paragraph.text)
        )
        return [(*one, at) for at, one in enumerate(found)]

    def _holders(self, program: Program) -> tuple[Program, ...]:
        """Own text first; a group's shared text too; a parent's only for want of an own."""
        own = self._lexicon.described(program)
        holders = [own]
        group = self._lexicon.programs.get(program.group_id or "")
        if group is not None:
            holders.append(self._lexicon.described(group))
        parent = self._lexicon.programs.get(program.parent_id or "")
        if parent is not None and not own.description:
            holders.append(self._lexicon.described(parent))
        return tuple(holders)

    def _score(
        self,
        sentence: str,
        paragraph: Paragraph,
        holder: Program,
        at: int,
        kind: str,
        words: Sequence[str],
        title: str,
    ) -> Passage:
        key = key_of(sentence)
        cues = self._vocabulary.passages.get(kind, ())
        said = (*words, "".join(words), title) if kind == "where" else ()
        hits = [i for i, cue in enumerate(cues) if _tells(_compiled(cue), sentence, said)]
        score = sum(2.0 / (i + 1) for i in hits[:3]) - 0.06 * at
        score += sum(_weight(word, title) for word in words if key_of(word) in key)
        has_cue = bool(hits)
        return Passage(sentence, paragraph.first_line, paragraph.last_line, score, has_cue, holder)


def _tells(cue: re.Pattern[str], sentence: str, said: Sequence[str]) -> bool:
    """Whether a cue stands in the sentence, beyond the words ``said`` in the question.

    「公園のトイレを洋式化します」 does not tell which park a question about 公園トイレ asks for;
    「みなと橋の耐震補強」 tells which bridge.
    """
    if not said:
        return bool(cue.search(sentence))
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


def split_sentences(text: str) -> tuple[str, ...]:
    """Cut at 。 outside of brackets, losing nothing but spaces around sentences."""
    found: list[str] = []
    depth, start = 0, 0
    for at, character in enumerate(text):
        depth += (character in _OPEN) - (character in _CLOSE)
        if character == "。" and depth <= 0:
            found.append(text[start : at + 1].strip())
            start, depth = at + 1, 0
    found.append(text[start:].strip())
    return tuple(sentence for sentence in found if sentence)


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
