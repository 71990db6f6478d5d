"""One reading of amounts for the box and for questions."""

from __future__ import annotations

import pytest

from indexer.analysis.folding import fold_text
from indexer.answers.figures import find_figures
from indexer.search.amounts import find_amounts

OKU, MAN = 100_000_000, 10_000


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        # up to the next step of the last figure typed, not to the next hundred million
        ("1億2千万円台", 12_000 * MAN, 13_000 * MAN - 1),
        ("5千万円台", 5_000 * MAN, 6_000 * MAN - 1),
        # less than, however it is bent
        ("3億円を下回る", None, 3 * OKU - 1),
        ("3億円を下回っている事業", None, 3 * OKU - 1),
        ("3億円に満たない", None, 3 * OKU - 1),
        ("3億円より少ない", None, 3 * OKU - 1),
        # more than
        ("3億円を上回った", 3 * OKU + 1, None),
        ("3億円を超えていますか", 3 * OKU + 1, None),
        ("3億円より高い", 3 * OKU + 1, None),
        # bounds included
        ("1,000千円以上", 1_000_000, None),
        ("500万円まで", None, 500 * MAN),
        ("1〜3億円", 1 * OKU, 3 * OKU),
        # a tenth either way
        ("約1億円", 9_000 * MAN, 11_000 * MAN),
    ],
)
def test_an_amount_is_the_same_in_the_box_and_in_a_question(
    text: str, low: int | None, high: int | None
) -> None:
    folded = fold_text(text)
    ((_, amount),) = find_amounts(folded)
    assert (amount.low, amount.high) == (low, high)
    (figure,) = find_figures(folded)
    assert (figure.low, figure.high) == (low, high)


@pytest.mark.parametrize(
    "text",
    [
        "一億総活躍",  # a word that begins with a figure
        "3件の事業",  # counted, not paid
        "第3千代田",  # an ordinal and a name
        "令和7年度",
    ],
)
def test_no_amount(text: str) -> None:
    assert find_amounts(fold_text(text)) == ()
    assert find_figures(fold_text(text)) == ()


def test_nothing_at_all_is_no_amount() -> None:
    """1円も変わらない says that nothing changes."""
    assert find_figures("1円も変わらない") == ()
