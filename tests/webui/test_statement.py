"""Is the accessibility statement true? Its numbers are those of the tests themselves."""

from __future__ import annotations

import httpx
import pytest

from tests.webui.browser.test_accessibility import WIDTHS
from tests.webui.browser.test_journeys import JOURNEYS, SETTINGS
from tests.webui.conftest import Ids, page_kinds
from tests.webui.reading import all_of, text_of, tree
from webui.pages.about import criteria


@pytest.mark.parametrize("code", ["ja", "en"])
def test_its_numbers_are_those_of_the_tests(code: str, http: httpx.Client, ids: Ids) -> None:
    root = tree(http.get(f"/accessibility?lang={code}"))
    text = text_of(root)
    kinds, journeys = len(page_kinds(ids)), len(JOURNEYS)
    assert text.count(f"{kinds}種類" if code == "ja" else f"{kinds} kinds") >= 6
    assert text.count(f"{journeys}通り" if code == "ja" else f"{journeys} ") >= 2
    assert all(str(width) in text for width in WIDTHS)
    assert str(len(criteria())) in text


def test_journeys_are_walked_as_it_says() -> None:
    """With scripts at 1280 pixels, without at 768 and 320."""
    walked = {s["width"]: s.get("java_script_enabled", True) for s in SETTINGS.values()}
    assert walked == {1280: True, 768: False, 320: False}


def test_every_criterion_of_level_a_and_aa_is_there(http: httpx.Client) -> None:
    """WCAG 2.2 has 31 of level A and 24 of level AA (4.1.1 was taken out)."""
    numbers = [item["number"] for item in criteria()]
    assert len(numbers) == len(set(numbers))
    levels = [item["level"] for item in criteria()]
    assert (levels.count("A"), levels.count("AA")) == (31, 24)
    rows = [text_of(row) for row in all_of(tree(http.get("/accessibility")), "tr")]
    assert all(any(row.startswith(f"{number} ") for row in rows) for number in numbers)
