"""Which facets are counted together? Those whose values meet in few combinations."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from indexer.engine.facets import combine_facets
from indexer.engine.snapshot import Facet

PROGRAMMES = np.arange(48_000)


def facet(codes: NDArray[np.intp]) -> Facet:
    return Facet(codes, tuple(range(int(codes.max()))), {})


STATUS = facet(PROGRAMMES % 2)
SECTION = facet(PROGRAMMES % 21)


@pytest.mark.parametrize(
    ("department", "expected"),
    [
        # Few departments: all three, and nothing narrower is worth keeping beside them.
        (facet(PROGRAMMES % 42), [({"status", "section", "department"}, 42)]),
        # Some hundreds: all three for large sets, two for sets of middling size.
        (
            facet(PROGRAMMES % 250),
            [({"status", "section", "department"}, 5_250), ({"status", "section"}, 42)],
        ),
        # One for every twelfth programme: combined with it, nothing would be left to gain.
        (facet(PROGRAMMES % 4_000), [({"status", "section"}, 42)]),
    ],
)
def test_facets_are_combined(department: Facet, expected: list[tuple[set[str], int]]) -> None:
    facets = {"department": department, "section": SECTION, "status": STATUS}
    found = combine_facets(facets)
    assert [(set(combined.codes), combined.count) for combined in found] == expected
    for combined in found:
        for name, codes in combined.codes.items():
            assert (codes[combined.of_ordinal] == facets[name].codes).all()


def test_one_facet_alone_is_not_combined() -> None:
    assert combine_facets({"section": SECTION}) == ()
