"""What are ministries called for short? 国交省 for 国土交通省, 公取委 for 公正取引委員会.

A short name keeps the first letter, the last one and some between, in their order, and is taken
only where one publisher of the index can be meant by it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations

_ENDINGS = {"省": "省", "庁": "庁", "府": "府", "委員会": "委"}
"""How the name of a branch of government ends, and its short name."""
_BETWEEN = (1, 2)
"""Letters kept between the first and the last one."""
_LONGEST = 16


def short_names(names: Iterable[str]) -> Mapping[str, str]:
    """Full names by each short name that can mean only one of ``names``."""
    meant: defaultdict[str, set[str]] = defaultdict(set)
    for name in dict.fromkeys(names):
        for short in _shortened(name):
            meant[short].add(name)
    return {short: full.pop() for short, full in meant.items() if len(full) == 1}


def _shortened(name: str) -> set[str]:
    ending = next((e for e in _ENDINGS if name.endswith(e)), None)
    stem = name.removesuffix(ending or "")
    if ending is None or not 2 < len(stem) <= _LONGEST:
        return set()
    kept = (letters for size in _BETWEEN for letters in combinations(stem[1:], size))
    return {f"{stem[0]}{''.join(letters)}{_ENDINGS[ending]}" for letters in kept} - {name}
