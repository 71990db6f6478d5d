"""Does a question ask the amount of something that a text only mentions in passing?

「工事中は、旧桜丘小学校を仮施設として利用します」 makes no budget of 旧桜丘小学校の改修, and
「区道第12号線ほか2路線」 none of 区道第12号線 alone: the book prints the amount of the whole.
"""

from __future__ import annotations

import re

from indexer.answers.vocabulary import key_of

_PLACE = re.compile(
    r"[0-9一-鿿々ァ-ヶー]*[一-鿿々ァ-ヶー0-9]"
    r"(?:小学校|中学校|高校|幼稚園|保育園|号線|号|会館|公園|図書館|公民館|集会室|駅|橋|川|港|病院)"
    r"(?=の|は|に|だけ|$)"
)
_AND_OTHERS = re.compile(r"^(?:ほか|外|など|等|や|及び|・|、)")
_REST = re.compile(r"[一-鿿々ァ-ヶー]{2,}")
_SENTENCE = re.compile(r"[^。\n]+")


def passing_mention(described: str, title: str, body: str) -> str | None:
    """The place in ``described`` (what a question calls a programme) that is only mentioned.

    ``title`` and ``body`` are keys of the programme. None when the place is in the title, is
    not printed, or when one sentence says of it what the question says.
    """
    for match in _PLACE.finditer(described):
        place = key_of(match.group())
        if place in title or place not in body:
            continue
        rest = [key_of(word) for word in _REST.findall(described[match.end() :])]
        sentences = [s for s in _SENTENCE.findall(body) if place in s]
        if not any(_is_subject(place, sentence, rest) for sentence in sentences):
            return match.group()
    return None


def _is_subject(place: str, sentence: str, rest: list[str]) -> bool:
    after = sentence[sentence.index(place) + len(place) :]
    if _AND_OTHERS.match(after):
        return False
    return all(word[:1] in sentence for word in rest)
