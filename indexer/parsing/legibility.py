"""Is this the text of a Japanese book at all? Garbage is refused with a reason, not indexed."""

from __future__ import annotations

import unicodedata

from indexer.errors import SourceError
from indexer.parsing.characters import is_japanese
from indexer.sources.document import SourceDocument

_SAMPLE_CHARACTERS = 200_000
_ENOUGH_CHARACTERS = 40
_JAPANESE_AT_LEAST = 0.3
"""Of letters: kana and kanji. A budget book has far more; English or shifted glyphs far less."""
_CONTROL_AT_MOST = 0.01
_REPLACED_AT_MOST = 0.02


def require_legible(source: SourceDocument) -> None:
    """Raise ``SourceError`` for an empty text, control characters, lost characters, no Japanese."""
    sample = _sample(source)
    visible = [character for character in sample if not character.isspace()]
    if not visible:
        raise SourceError(
            source.path, f"{source.path} には文字がありません。本文のあるファイルを置いてください。"
        )
    replaced = sum(character in "\ufffd〓" for character in visible)
    control = sum(unicodedata.category(c) in ("Cc", "Co", "Cn", "Cs") for c in visible)
    if control > len(visible) * _CONTROL_AT_MOST:
        _refuse(
            source, "制御文字や割り当てのない文字が多く、文字の対応表が失われたPDFの文字のようです"
        )
    if replaced > len(visible) * _REPLACED_AT_MOST:
        _refuse(source, "失われた文字（\ufffd や 〓）が多く、文字化けしています")
    letters = [character for character in visible if character.isalpha()]
    japanese = sum(is_japanese(character) for character in letters)
    if len(letters) >= _ENOUGH_CHARACTERS and japanese < len(letters) * _JAPANESE_AT_LEAST:
        _refuse(source, "日本語の文字がほとんどありません")


def _sample(source: SourceDocument) -> str:
    parts: list[str] = []
    length = 0
    for line in source.lines:
        parts.append(line)
        length += len(line)
        if length > _SAMPLE_CHARACTERS:
            break
    return "".join(parts)[: 2 * _SAMPLE_CHARACTERS]


def _refuse(source: SourceDocument, reason: str) -> None:
    raise SourceError(
        source.path,
        f"{source.path} は{reason}。原本から文字を取り出し直したものを置いてください。",
    )
