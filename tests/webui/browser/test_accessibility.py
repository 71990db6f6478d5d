"""axe-core on every kind of page, at every width, in every colour scheme; and no layout shift."""

from __future__ import annotations

from importlib import resources
from typing import Any

import pytest

from tests.webui.browser.conftest import NewPage
from tests.webui.conftest import Ids, page_kinds

WIDTHS = (320, 768, 1280)
SCHEMES: dict[str, dict[str, str]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced": {"forced_colors": "active"},
}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

MEASURE = """() => {
  const wide = document.documentElement.scrollWidth > document.documentElement.clientWidth;
  const small = [...document.querySelectorAll(
      "button, .button, select, input[type=search], summary, label.option, label.pick, .pill, "
      + ".chip, .site-nav a, .pager a, .sorts a"
    )].filter((e) => {
      const box = e.getBoundingClientRect();
      return box.width > 0 && box.height > 0 && box.height < 43.5;
    }).map((e) => e.textContent.trim().slice(0, 20) + " " + e.getBoundingClientRect().height);
  return {wide, small};
}"""

SHIFTS = """() => new Promise((resolve) => {
  let total = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) total += entry.value;
  }).observe({type: "layout-shift", buffered: true});
  setTimeout(() => resolve(total), 150);
})"""


@pytest.fixture(scope="module")
def axe() -> str:
    """The axe-core script, as the package carries it."""
    found = resources.files("axe_playwright_python").joinpath("axe.min.js")
    return found.read_text(encoding="utf-8")


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_no_violation_on_any_page(
    width: int, scheme: str, new_page: NewPage, ids: Ids, axe: str
) -> None:
    """Rules of WCAG 2.0 to 2.2, A and AA, and axe's best practice."""
    # axe is run by the test, outside the page's own policy; the pages load nothing of it.
    page = new_page(width=width, bypass_csp=True, **SCHEMES[scheme])
    problems: list[str] = []
    for name, path in page_kinds(ids).items():
        page.goto(path)
        page.evaluate(axe)
        result: dict[str, Any] = page.evaluate(
            "(rules) => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES
        )
        for violation in result["violations"]:
            targets = [node["html"][:160] for node in violation["nodes"][:3]]
            problems.append(f"{name}: {violation['id']}: {targets}")
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_is_wider_than_the_screen(width: int, new_page: NewPage, ids: Ids) -> None:
    """No sideways scrolling, and nothing to press lower than 44 px."""
    page = new_page(width=width)
    for name, path in page_kinds(ids).items():
        page.goto(path)
        measured = page.evaluate(MEASURE)
        assert not measured["wide"], name
        assert not measured["small"], (name, measured["small"])


def test_nothing_moves_while_loading(new_page: NewPage, ids: Ids) -> None:
    page = new_page()
    for name, path in page_kinds(ids).items():
        page.goto(path)
        assert page.evaluate(SHIFTS) <= 0.02, name


def test_the_policy_is_never_broken(new_page: NewPage, ids: Ids) -> None:
    """No report of the content security policy on any page: data blocks and SVG included."""
    page = new_page()
    page.add_init_script(
        """document.addEventListener("securitypolicyviolation",
             (event) => console.error("policy: " + event.violatedDirective + event.blockedURI));"""
    )
    for path in page_kinds(ids).values():
        page.goto(path)


def test_a_page_makes_few_requests(new_page: NewPage, ids: Ids, site: str) -> None:
    page = new_page()
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    for name, path in page_kinds(ids).items():
        requests.clear()
        page.goto(path, wait_until="networkidle")
        assert len(requests) <= 5, (name, requests)
        assert all(url.startswith(site) for url in requests), name


def test_printing_leaves_the_controls_away(new_page: NewPage) -> None:
    page = new_page()
    page.goto("/search?q=見本")
    page.emulate_media(media="print")
    assert not page.locator(".filters").is_visible()
    assert not page.locator(".site-header").is_visible()
    assert page.locator(".hit").first.is_visible()
    assert page.pdf().startswith(b"%PDF")
