"""Which programme of one fiscal year is the same one in another? The one definition of it.

It is the same one when publisher, section and title are, and for a part of another programme the
title of the whole: titles are compared without width, spaces and marks (全庁ＬＡＮの保守管理 is
全庁LANの保守管理). A renamed programme is not guessed. Where one year has several of one title, the
year they began in tells them apart, or else the department, and the account. The number that a
national sheet carries does not count: it is given anew every year.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import NamedTuple

from indexer.model import Document, Program

_MARKS = re.compile(r"[\s・･、，,.．「」『』（）()\[\]【】\-‐―ー－]")
_KEY_BYTES = 8
_KEY_BITS = 62
"""A key fits a column of whole numbers."""


class Lineage(NamedTuple):
    """What a programme has in common with itself in other years, as two keys."""

    key: int
    finer: int
    """Tells programmes apart that have the same key in one year."""


def fold_title(title: str) -> str:
    """The title as compared."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", title)).casefold()


def lineage_of(program: Program, document: Document, whole: str | None) -> Lineage | None:
    """The keys of a programme that is a part of the one titled ``whole``, if of any; ``None``
    where its publisher or year is not known, or its title is nothing but marks."""
    title = fold_title(program.title)
    if document.publisher is None or document.fiscal_year is None or not title:
        return None
    above = (fold_title(program.section or ""), fold_title(whole or ""))
    place = (document.publisher.name, *above, title)
    began = program.started or program.department
    return Lineage(_key(*place), _key(*place, began, program.account or document.account))


def _key(*parts: str | int | None) -> int:
    said = "\0".join("" if part is None else str(part) for part in parts)
    digest = hashlib.blake2b(said.encode("utf-8", "replace"), digest_size=_KEY_BYTES).digest()
    return int.from_bytes(digest, "big") >> (8 * _KEY_BYTES - _KEY_BITS)
