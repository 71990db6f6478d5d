"""Which kanji does a radical stand for? PDF text holds ⽣ where the page prints 生."""

from __future__ import annotations

import unicodedata

SUPPLEMENT = {
    "⺠": "民", "⺟": "母", "⺝": "月", "⺼": "肉", "⻁": "虎", "⻄": "西", "⻅": "見", "⻆": "角",
    "⻑": "長", "⻘": "青", "⻝": "食", "⻨": "麦", "⻩": "黄", "⻭": "歯", "⻯": "竜", "⻲": "亀",
    "⺩": "王", "⺬": "示", "⺭": "示", "⻌": "辶", "⻖": "阜", "⻤": "鬼", "⻫": "斉", "⻱": "亀",
    "⺡": "水", "⺣": "火", "⺘": "手", "⺮": "竹", "⻂": "衣", "⻃": "西", "⻊": "足", "⻋": "車",
    "⻢": "馬", "⻣": "骨", "⻥": "魚", "⻦": "鳥", "⻰": "竜", "⻔": "門", "⻉": "貝", "⻚": "頁",
    "⻛": "風", "⻜": "飛", "⻓": "長", "⻐": "金",
}  # fmt: skip
"""CJK radicals that NFKC leaves alone."""

KANGXI = ("⼀", "⿕")
"""The first and the last of the radicals that NFKC knows."""


def plain_ideograph(character: str) -> str:
    """The kanji of a radical; any other character as it is."""
    if KANGXI[0] <= character <= KANGXI[1]:
        return unicodedata.normalize("NFKC", character)
    return SUPPLEMENT.get(character, character)
