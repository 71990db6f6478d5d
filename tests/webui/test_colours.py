"""Can the colours be told apart? Contrast of text (4.5) and of shapes and borders (3), computed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

STYLE = (Path(__file__).parents[2] / "webui/static/style.css").read_text(encoding="utf-8")
LIGHT_PART, DARK_PART = STYLE.split("@media (prefers-color-scheme: dark)")[:2]
TEXT = ("ink", "ink-soft", "blue", "blue-deep", "visited", "up", "down", "good", "nearby")
SHAPES = ("line-strong", "notice-line", *(f"part-{place}" for place in range(6)))
GROUNDS = ("paper", "ground", "raised")


def colours(part: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): #([0-9a-f]{6});", part.partition("\n}\n")[0]))


SCHEMES = {"light": colours(LIGHT_PART), "dark": colours(LIGHT_PART) | colours(DARK_PART)}


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_itself() -> None:
    """Black on white is 21; #767676 is the lightest grey that reaches 4.5 on white."""
    assert contrast("000000", "ffffff") == pytest.approx(21)
    assert contrast("767676", "ffffff") >= 4.5 > contrast("777777", "ffffff")


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("ground", GROUNDS)
def test_text_and_shapes_stand_out(scheme: str, ground: str) -> None:
    found = SCHEMES[scheme]
    low = {
        name: round(contrast(found[name], found[ground]), 2)
        for names, least in ((TEXT, 4.5), (SHAPES, 3.0))
        for name in names
        if contrast(found[name], found[ground]) < least
    }
    assert not low


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(
    ("text", "ground"), [("on-blue", "blue"), ("ink", "mark"), ("ink", "notice")]
)
def test_text_on_colour_is_readable(scheme: str, text: str, ground: str) -> None:
    found = SCHEMES[scheme]
    assert contrast(found[text], found[ground]) >= 4.5
