"""Does an answer belong to one generation, and its tag to what that generation holds?"""

from __future__ import annotations

from pathlib import Path

from tests.webui.swapping import generations, swap_under_load

SWAPS = 60


def test_no_answer_is_of_two_generations(tmp_path: Path) -> None:
    """Every route, asked for by several at once while generations take turns: each answer is, to
    the byte and with its tag, what one generation answers in quiet."""
    with generations(tmp_path) as (address, library, index):
        outcome = swap_under_load(address, library, index, SWAPS)
    assert (outcome.swaps, outcome.failed, outcome.mixed) == (SWAPS, [], [])
    assert min(outcome.by_generation[number] for number in (1, 2)) > 20
