"""How many columns does Japanese text take, and where may its lines break?"""

from __future__ import annotations

import unicodedata

_NEVER_FIRST = "、。，．）」』】・：％%),.:]ー々"
"""Characters that do not begin a line (行頭禁則)."""


def width(text: str) -> int:
    """Terminal columns that ``text`` takes: a kanji takes two, a combining mark none."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def pad(text: str, columns: int, *, right: bool = False) -> str:
    """``text`` filled with spaces to ``columns`` terminal columns."""
    space = " " * max(0, columns - width(text))
    return space + text if right else text + space


def wrap(text: str, columns: int) -> list[str]:
    """``text`` in lines of about ``columns``: between any two kanji, at spaces for the rest."""
    lines, line = [], ""
    for piece in _pieces(text):
        if line and width(line + piece.rstrip()) > columns and piece[0] not in _NEVER_FIRST:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()] if line else lines


def _pieces(text: str) -> list[str]:
    """Runs that stay together: a word of narrow characters, or one wide character."""
    pieces: list[str] = []
    for character in text:
        is_wide = width(character) == 2
        if pieces and not is_wide and width(pieces[-1][-1]) < 2 and not pieces[-1].endswith(" "):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces
