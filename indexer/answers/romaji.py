"""What does a question typed in Latin letters say in kana? hoikuryou mushouka yosan."""

from __future__ import annotations

import re
from collections.abc import Container

import jaconv

_WORD = re.compile(r"[a-z']+")
_JAPANESE = re.compile(r"[ぁ-ゖァ-ヺ一-鿿]")
_SYLLABLES = re.compile(
    r"(?:n(?![aiueoy])|n'|(?:ky|gy|sh|sy|j|jy|zy|ch|ty|cy|ny|hy|by|py|my|ry|dy|ts|kk|ss|tt|pp|"
    r"[kstnhmyrwgzdbpfjcv])?[kstpgzdbc]?[hy]?[aiueo])+"
)
_SPACE_OR_SIGN = re.compile(r"[\s\d?!.,。、？！'-]+")


def romaji_to_kana(question: str, latin: Container[str] = frozenset()) -> str:
    """The question in hiragana when all of its words are romaji; otherwise unchanged.

    Words of ``latin`` (lower case: LAN, AI, DX) are Latin in the books too and are left alone.
    """
    if _JAPANESE.search(question):
        return question
    lowered = question.lower()
    words = _WORD.findall(lowered)
    romaji = [word for word in words if word not in latin]
    letters = sum(map(len, romaji))
    if letters < 5 or not all(_SYLLABLES.fullmatch(word) for word in romaji):
        return question
    if _WORD.sub("", lowered) and not _SPACE_OR_SIGN.fullmatch(_WORD.sub("", lowered)):
        return question
    return str(_WORD.sub(lambda match: _kana(match.group(), latin), lowered))


def _kana(word: str, latin: Container[str]) -> str:
    return word if word in latin else str(jaconv.alphabet2kana(word))
