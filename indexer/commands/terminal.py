"""What may reach a terminal? Text of books as it can be seen, and no command but our own styles.

A book is a file from elsewhere: an escape sequence in a title would set colours, move the cursor,
rename the window or, in some terminals, type. So every character that is a command and no text is
written out (``\\x1b``) on its way out. Our own styles are put in as marks that no book can know,
since they are drawn anew for every run, and become escape sequences after that.
"""

from __future__ import annotations

import re
import secrets
from enum import StrEnum

_COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Controls but for tab and line feed, and what reorders the text around it."""


class Style(StrEnum):
    """How a piece of text is set off."""

    BOLD = "1"
    FAINT = "2"
    FOUND = "33;1"


_DRAWN = secrets.token_hex(8)
_OPENING = {style: f"\ufdd0{_DRAWN}{number}\ufdd1" for number, style in enumerate(Style)}
_CLOSING = f"\ufdd0{_DRAWN}-\ufdd1"


def styled(text: str, style: Style) -> str:
    """The text with marks around it; :func:`shown` makes a style of them."""
    return f"{_OPENING[style]}{text}{_CLOSING}"


def shown(text: str) -> str:
    """What is written for the text: commands spelled out, our own marks turned into styles."""
    visible = _COMMANDS.sub(_spelled, text)
    if _DRAWN not in visible:
        return visible
    for style, mark in _OPENING.items():
        visible = visible.replace(mark, f"\x1b[{style}m")
    return visible.replace(_CLOSING, "\x1b[0m")


def shown_data(data: bytes) -> bytes:
    """Data for other programs, when a terminal gets it after all. In JSON a character spelled out
    is still that character."""
    text = data.decode("utf-8", "replace").replace("\r\n", "\n")
    return _COMMANDS.sub(_spelled_for_json, text).encode()


def _spelled(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape").decode("ascii")


def _spelled_for_json(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"
