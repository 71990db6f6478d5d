"""Which pieces of a printed text are to be marked? Text and ranges → pieces, never HTML."""

from __future__ import annotations

from collections.abc import Sequence

Pieces = list[tuple[str, bool]]
"""A printed text cut into pieces; the marked ones (``True``) are what matched."""


def marked(text: str, ranges: Sequence[tuple[int, int]]) -> Pieces:
    """The text cut at the ranges: (piece, whether it is to be marked). Joined it is ``text``."""
    pieces: Pieces = []
    at = 0
    for start, end in sorted(ranges):
        start, end = max(start, at), min(end, len(text))
        if start >= end:
            continue
        pieces.extend(((text[at:start], False), (text[start:end], True)))
        at = end
    pieces.append((text[at:], False))
    return [piece for piece in pieces if piece[0]]
