"""The journeys of a newcomer: on a desk, a tablet and a phone, with scripts and without."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.webui.browser.conftest import NewPage
from tests.webui.browser.journeys import (
    asking,
    comparing,
    filtering,
    finding_ways,
    reading,
    searching,
    taking_away,
)
from tests.webui.conftest import Ids

Journey = Callable[[Page, Ids], None]

MODULES = (searching, filtering, reading, asking, comparing, taking_away, finding_ways)
JOURNEYS: tuple[Journey, ...] = tuple(chain.from_iterable(module.JOURNEYS for module in MODULES))

SETTINGS: dict[str, dict[str, Any]] = {
    "desk": {"width": 1280},
    "tablet-no-scripts": {"width": 768, "java_script_enabled": False, "color_scheme": "dark"},
    "phone-no-scripts": {
        "width": 320,
        "java_script_enabled": False,
        "forced_colors": "active",
        "has_touch": True,
        "is_mobile": True,
    },
}
"""Every journey takes every width and colour scheme, with scripts or without."""


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda journey: journey.__name__)
def test_journey(journey: Journey, setting: str, new_page: NewPage, ids: Ids) -> None:
    journey(new_page(**SETTINGS[setting]), ids)


def test_the_journeys_are_many() -> None:
    """Twenty-five at least, none of them told twice."""
    assert len({journey.__name__ for journey in JOURNEYS}) == len(JOURNEYS) >= 25
