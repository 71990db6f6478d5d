"""Has a page text that can be trusted? Pictures, scans and lost characters are told, never read.

A file may name its signs wrongly: digits as control characters, kanji as rare ones. A page of a
budget book is made of the characters of the Japanese standard (JIS X 0208); a page that is not
has lost the table that names them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from indexer.pages.glyphs import Drawing, Glyph

_ENOUGH = 12
_LOST_AT_MOST = 0.03
_RARE_AT_MOST = 0.08
_HIDDEN_AT_LEAST = 0.5


def fault_of(drawing: Drawing) -> str | None:
    """``image`` for a picture without text, ``scanned`` for text a program read in a picture,
    ``garbled`` for signs nobody can name; ``None`` for text, and for a blank page."""
    seen = [glyph for glyph in drawing.glyphs if not glyph.character.isspace()]
    if not seen:
        return "image" if drawing.has_picture else None
    hidden = sum(glyph.is_hidden for glyph in seen)
    if hidden >= len(seen) * _HIDDEN_AT_LEAST:
        return "scanned"
    if len(seen) >= _ENOUGH and _is_garbled(seen):
        return "garbled"
    return None


def _is_garbled(glyphs: Sequence[Glyph]) -> bool:
    lost = sum(glyph.is_unknown or _is_lost(glyph.character) for glyph in glyphs)
    if lost > len(glyphs) * _LOST_AT_MOST:
        return True
    rare = sum(_is_rare(glyph.character) for glyph in glyphs)
    return rare > len(glyphs) * _RARE_AT_MOST


def _is_lost(character: str) -> bool:
    return character == "\ufffd" or unicodedata.category(character) in ("Cc", "Co", "Cn", "Cs")


def _is_rare(character: str) -> bool:
    """No character of the Japanese standards, nor a radical that stands for one."""
    if character.isascii() or "\u2e80" <= character <= "\u2fdf":
        return False
    try:
        character.encode("cp932")
    except UnicodeEncodeError:
        return unicodedata.category(character)[0] == "L"
    return False
