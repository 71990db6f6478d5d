"""Which differences between two names are slips of the keyboard, and which make another name?"""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import SequenceMatcher

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

_KANJI = re.compile(r"[一-鿿々]")
_NUMBERS = re.compile(r"[0-9〇一二三四五六七八九十]")
TELLS_APART = frozenset(
    "東西南北上下左右大中小前後新旧男女老若幼乳保春夏秋冬私公官民国県都府市区町村高低内外水空海山川"
    "校園館課部所室収出入増減有無本副正親子父母"
)
"""Letters that make another programme of the same title: 東部/西部, 小学校/中学校."""


def is_slip(
    typed: str,
    title: str,
    typed_sound: str,
    title_sound: str,
    words: frozenset[str],
    heard_alike: Callable[[str, str, str], bool],
) -> bool:
    """Whether the difference is one a keyboard makes, and not another programme's name.

    Never between digits (第二/第三), nor between letters that tell programmes apart (東部/西部);
    kanji for kanji only when both are read the same (無償化 → 無償科), or when the typed one makes
    no word (対索 for 対策; 防犯 for 防災 is a word of its own).
    """
    part = _best_part(typed, title)
    if _NUMBERS.findall(typed) != _NUMBERS.findall(part):
        return False
    if typed_sound in title_sound and len(typed_sound) >= 5:
        return True
    if len(part) < 4:
        return False
    distance = OSA.distance(typed, part)
    if distance > max(1, len(typed) // 5):
        return False
    swapped = sorted(typed) == sorted(part)
    for op, a, b, c, d in SequenceMatcher(None, typed, part, autojunk=False).get_opcodes():
        if op == "equal" or swapped:
            continue
        old, new = typed[a:b], part[c:d]
        if op == "replace" and set(old) & TELLS_APART and set(new) & TELLS_APART:
            return False
        if op != "replace" and (set(old) | set(new)) & TELLS_APART:
            return False
        both_kanji = _KANJI.search(old) and _KANJI.search(new)
        if both_kanji and (len(typed) < 7 or len(old) > 1 or len(new) > 1):
            return False
        if both_kanji and any(len(word) > 1 and old in word for word in words):
            # Deep inside a long title it is a slip all the same (…の推新に向けた…).
            deep = len(typed) >= 12 and a >= 3
            if not deep and not heard_alike(old, new, title):
                return False
        if op != "replace" and _KANJI.search(old or new) and len(old or new) > 1:
            return False
    return True


def _best_part(typed: str, title: str) -> str:
    """The stretch of ``title`` that ``typed`` comes closest to; the whole when about as long."""
    if len(title) <= len(typed) + 2:
        return title
    alignment = fuzz.partial_ratio_alignment(typed, title)
    return title[alignment.dest_start : alignment.dest_end] if alignment else title
