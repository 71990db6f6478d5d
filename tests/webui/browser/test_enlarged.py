"""Does enlarged or widely set text stay on the page? WCAG 1.4.4 and 1.4.12, measured."""

from __future__ import annotations

import pytest

from tests.webui.browser.conftest import NewPage
from tests.webui.conftest import Ids, page_kinds

SPACING = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
  word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }"""
TWICE = "html { font-size: 200% !important; }"

MEASURE = """() => {
  const root = document.documentElement;
  const cut = [...document.querySelectorAll("main *")].filter((e) =>
    !e.closest(".sr, .compact label, thead, svg") && getComputedStyle(e).overflowX === "hidden"
    && e.scrollWidth > e.clientWidth + 1).map((e) => e.outerHTML.slice(0, 80));
  return {wide: root.scrollWidth > root.clientWidth, cut};
}"""


@pytest.mark.parametrize(
    ("width", "style"),
    [(320, SPACING), (1280, SPACING), (1280, TWICE)],
    ids=["spacing-320", "spacing-1280", "twice-1280"],
)
def test_nothing_runs_out_of_the_page(width: int, style: str, new_page: NewPage, ids: Ids) -> None:
    # The style comes from the test, as it would from a reader's browser: not from the page.
    page = new_page(width=width, bypass_csp=True)
    for name, path in page_kinds(ids).items():
        page.goto(path)
        page.add_style_tag(content=style)
        measured = page.evaluate(MEASURE)
        assert not measured["wide"], name
        assert not measured["cut"], (name, measured["cut"])
