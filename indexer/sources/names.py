"""Which files of a folder are books, and how is a file called before people?

Only files that lie in a folder are judged by name. A file that was named itself, or that a manifest
names, is always read.
"""

from __future__ import annotations

import os
import unicodedata
from collections import Counter
from collections.abc import Iterable
from pathlib import Path, PurePath

_PAGES_ABOUT_A_FOLDER = (
    "readme",
    "license",
    "licence",
    "copying",
    "notice",
    "changelog",
    "contributing",
    "authors",
    "お読みください",
    "はじめにお読みください",
)
_PICTURES_AND_SOUND = (
    ".png .jpg .jpeg .gif .bmp .svg .webp .ico .tif .tiff .heic "
    ".mp3 .wav .m4a .mp4 .mov .avi .webm .ttf .otf .woff .woff2"
)
_PROGRAMS_AND_SETTINGS = (
    ".py .pyc .js .css .sh .bat .exe .dll .so .toml .yaml .yml .ini .cfg .conf .lock .json "
    ".sql .db .sqlite .log"
)
_LEFT_BY_EDITORS = ".bak .tmp .swp .part .crdownload .orig"
_NEVER_BOOKS = frozenset(
    f"{_PICTURES_AND_SOUND} {_PROGRAMS_AND_SETTINGS} {_LEFT_BY_EDITORS}".split()
)
_NEVER_BOOK_NAMES = frozenset({"thumbs.db", "desktop.ini", "makefile", "dockerfile"})
_FOLDERS_WITHOUT_BOOKS = frozenset({"__pycache__", "__macosx", "node_modules"})


def is_hidden(name: str) -> bool:
    """``.git``, ``.DS_Store``, and the lock files of office programs (``~$book.xlsx``)."""
    return name.startswith((".", "~$")) or name.endswith("~")


def is_page_about_the_folder(name: str) -> bool:
    """``README.md``, ``README.ja.md``, ``LICENSE``: about the books, none of them a book."""
    words = name.casefold().replace("_", ".").replace("-", ".").split(".")
    return words[0] in _PAGES_ABOUT_A_FOLDER


def is_never_a_book(name: str) -> bool:
    """By its suffix: pictures, programs, settings, backups."""
    lowered = name.casefold()
    return lowered in _NEVER_BOOK_NAMES or PurePath(lowered).suffix in _NEVER_BOOKS


def is_folder_without_books(name: str) -> bool:
    """Folders that programs make, and hidden ones."""
    return is_hidden(name) or name.casefold() in _FOLDERS_WITHOUT_BOOKS


def show(path: PurePath | str) -> str:
    """A path that can be printed and encoded: ``/`` between folders, odd characters escaped.

    Names that are not UTF-8 (Japanese zip files) and control characters come out as ``\\x83``:
    nothing a file is called can break a terminal line, a JSON document or an address.
    """
    text = os.fsencode(str(path)).decode("utf-8", "backslashreplace")
    if os.sep != "/":
        text = text.replace(os.sep, "/")
    return "".join(c if unicodedata.category(c)[0] != "C" else _escape(c) for c in text)


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def tell_apart(shown: Iterable[tuple[str, Path]]) -> list[str]:
    """Shown paths made unique: where two are the same, folder names are put before them.

    ``("a.md", x/a.md)`` and ``("a.md", y/a.md)`` become ``x/a.md`` and ``y/a.md``.
    """
    pairs = list(shown)
    names = [name for name, _ in pairs]
    for length in range(2, 1000):
        twice = {name for name, count in Counter(names).items() if count > 1}
        if not twice:
            break
        names = [
            show(PurePath(*path.absolute().parts[-length - name.count("/") :]))
            if current in twice
            else current
            for (name, path), current in zip(pairs, names, strict=True)
        ]
    return names
