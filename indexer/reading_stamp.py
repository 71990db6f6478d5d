"""Would a document that was indexed before be read the same today?

Only if the code that reads it, and the profiles and word lists it reads by, are the same: whoever
edits a profile must not go on seeing what the old one read.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

_ROOT = Path(__file__).parent
_FOLDERS = ("sources", "pages", "parsing")
_FILES = ("contract.py", "eras.py", "model.py", "radicals.py", "unique_ids.py")
_READERS = (*_FOLDERS, *_FILES)
"""What decides how a document is read, below this package."""
_DATA_SUFFIXES = (".py", ".toml", ".json", ".tsv", ".txt", ".csv")


@cache
def reading_stamp() -> str:
    """A short checksum of the reading code and its data files as they lie on disk."""
    digest = hashlib.sha256()
    for path in _files():
        digest.update(f"{path.relative_to(_ROOT).as_posix()}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _files() -> list[Path]:
    places = [_ROOT / name for name in _READERS]
    found = [inner for place in places for inner in (place, *place.rglob("*"))]
    return sorted(path for path in found if path.suffix in _DATA_SUFFIXES and path.is_file())
