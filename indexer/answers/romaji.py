"""What does a question typed in Latin letters say in kana? hoikuryou mushouka yosan."""

from __future__ import annotations

import re

import jaconv

_WORD = re.compile(r"[a-z']+")
_JAPANESE = re.compile(r"[ぁ-ゖァ-ヺ一-鿿]")
_SYLLABLES = re.compile(
    r"(?:n(?![aiueoy])|n'|(?:ky|gy|sh|sy|j|jy|zy|ch|ty|cy|ny|hy|by|py|my|ry|dy|ts|kk|ss|tt|pp|"
    r"[kstnhmyrwgzdbpfjcv])?[kstpgzdbc]?[hy]?[aiueo])+"
)
_SPACE_OR_SIGN = re.compile(r"[\s\d?!.,。、？！'-]+")


def romaji_to_kana(question: str) -> str:
    """The question in hiragana when all of its words are romaji; otherwise unchanged."""
    if _JAPANESE.search(question):
        return question
    lowered = question.lower()
    words = _WORD.findall(lowered)
    letters = sum(map(len, words))
    if letters < 5 or not all(_SYLLABLES.fullmatch(word) for word in words):
        return question
    if _WORD.sub("", lowered) and not _SPACE_OR_SIGN.fullmatch(_WORD.sub("", lowered)):
        return question
    return str(_WORD.sub(lambda match: jaconv.alphabet2kana(match.group()), lowered))
