"""Which words are of everyday talk, and name nothing by themselves?"""

from __future__ import annotations

import pytest

from indexer.analysis.near_words import is_everyday


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("人", True),
        ("話", True),
        ("去年", True),
        ("作る", True),
        # things, of which a programme that does not print them is another one
        ("監査", False),
        ("図書館", False),
        ("待機児童", False),
        # a name that no vector is of
        ("千代田荘別館", False),
        ("", False),
    ],
)
def test_everyday(term: str, expected: bool) -> None:
    assert is_everyday(term) is expected
