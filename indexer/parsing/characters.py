"""Which character is this, whatever way it was typed? Folding for recognition, never for storage.

:func:`fold_line` is one character to one character, so an offset in the folded line is an offset
in the printed line: patterns are written for half-width text and the printed text is cut out by
the same span. :func:`match_key` throws more away and is for comparing titles only.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from indexer.radicals import KANGXI, SUPPLEMENT
from indexer.sources.row_text import CELL_BREAK

DASHES = "-‐‑‒–—―−─━－﹣﹘⁃ｰ"
"""Every dash of §2.2 of the format notes. The long vowel ー (サービス) is not one of them."""

_BRACKETS = {"﹙": "(", "﹚": ")", "⦅": "(", "⦆": ")", "〚": "[", "〛": "]", "﹇": "[", "﹈": "]"}
_OTHER = {"\t": "\t", "\u3000": " ", "\u00a0": " ", "〜": "~", "～": "~", "∼": "~", "·": "・"}
_FOLDED_RANGES = (
    ("！", "～"),  # full-width ASCII: ２ （ ： ，
    KANGXI,  # Kangxi radicals: ⽣
    ("豈", "﫿"),  # compatibility ideographs
    ("｡", "ﾟ"),  # half-width katakana: ﾚ of 【ﾚﾍﾞﾙ】
)


@lru_cache(maxsize=8192)
def fold_character(character: str) -> str:
    """One character as patterns know it; always one character."""
    if " " < character <= "~":
        return character
    if character in DASHES:
        return "-"
    known = _OTHER.get(character) or _BRACKETS.get(character) or SUPPLEMENT.get(character)
    if known:
        return known
    if any(first <= character <= last for first, last in _FOLDED_RANGES):
        folded = unicodedata.normalize("NFKC", character)
        return folded if len(folded) == 1 else character
    if character.isspace() or unicodedata.category(character) in ("Cc", "Cf"):
        return " "
    return character


def fold_line(text: str) -> str:
    """The line as patterns see it, same length: ``２，５００千円`` → ``2,500千円``.

    ``**`` is a mark of the text conversion (``**40,000**千円``) and becomes two spaces.
    """
    folded = "".join(map(fold_character, text))
    return folded.replace("**", "  ")


BREAK = re.compile(rf"<br\s*/?>|\n|{CELL_BREAK}")
"""A line break inside a cell, as texts and sheets have it."""

_NOT_COMPARED = re.compile(r"[\s・･.,、。…‥*「」『』()\[\]〔〕【】<>〈〉《》\"'`~/:;-]+")


def match_key(title: str) -> str:
    """What two printings of one title share: width, spaces, brackets and points do not count."""
    folded = unicodedata.normalize("NFKC", "".join(map(fold_character, title)))
    key = _NOT_COMPARED.sub("", folded).casefold()
    return key or folded.strip()


def is_japanese(character: str) -> bool:
    """Kana, kanji, full-width forms and the marks that go with them."""
    return (
        "\u3005" <= character <= "\u30ff"
        or "\u3400" <= character <= "\u9fff"
        or "\uff00" <= character <= "\uffef"
        or "\u2e80" <= character <= "\u2fdf"
        or "\uf900" <= character <= "\ufaff"
        or "\U00020000" <= character <= "\U0003ffff"
    )


def join_wrapped(first: str, second: str) -> str:
    """Two halves of a line the page was too narrow for: a space only between Latin words."""
    first, second = first.rstrip(), second.lstrip()
    needs_space = first[-1:].isascii() and first[-1:].isalnum()
    needs_space = needs_space and second[:1].isascii() and second[:1].isalnum()
    return f"{first} {second}" if needs_space else first + second
