"""axe-core on every kind of page, at every width, in every colour scheme; and no layout shift.

Each page is loaded once at each width and seen there in all schemes; the three widths are three
windows that work at the same time. What was seen is noted, and the tests hold the notes against
what is promised.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.webui.browser.conftest import NewPage, Watch
from tests.webui.conftest import Ids, page_kinds

WIDTHS = (320, 768, 1280)
SCHEMES: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "forced_colors": "none"},
    "dark": {"color_scheme": "dark", "forced_colors": "none"},
    "forced": {"color_scheme": "light", "forced_colors": "active"},
}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
"""The axe-core script, as the package carries it."""

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

# Left to run: its promise is awaited once every window has begun.
BEGIN = """(rules) => {
  window.axeRun = axe.run(document, {runOnly: rules, resultTypes: ["violations"]});
}"""
END = """() => window.axeRun.then((result) => result.violations.map(
  (violation) => [violation.id, violation.nodes.slice(0, 3).map((n) => n.html.slice(0, 160))]))"""

# The entries from before the observer are delivered in a task of their own, soon after.
SHIFTS = """() => new Promise((resolve) => {
  let total = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) total += entry.value;
  }).observe({type: "layout-shift", buffered: true});
  requestAnimationFrame(() => setTimeout(() => resolve(total), 20));
})"""

POLICY_REPORTS = """document.addEventListener("securitypolicyviolation",
  (event) => console.error("policy: " + event.violatedDirective + event.blockedURI));"""


@dataclass
class Seen:
    """One page at one width."""

    width: int
    name: str
    wide: bool = False
    small: list[str] = field(default_factory=list)
    shift: float = 0.0
    violations: dict[str, list[Any]] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


class Window:
    """A browser window of one width, and what it sees of the page it is at."""

    def __init__(self, page: Page, width: int) -> None:
        self.page = page
        self._width = width
        self._watch = Watch()
        self._watch.attach(page)
        self._requests: list[str] = []
        page.on("request", lambda request: self._requests.append(request.url))
        page.add_init_script(POLICY_REPORTS)

    def open(self, name: str, path: str) -> Seen:
        """Load the page, and measure it before anything else is done to it."""
        self._watch.complaints, self._requests = [], []
        seen = Seen(self._width, name)
        self.page.emulate_media(**SCHEMES["light"])
        self.page.goto(path)
        measured = self.page.evaluate(MEASURE)
        seen.wide, seen.small = measured["wide"], measured["small"]
        # By the debugger's door: the page itself loads nothing of it, and its policy stands.
        self.page.evaluate(AXE)
        return seen

    def close(self, seen: Seen) -> None:
        """Note what happened since: by now everything that loads or moves has done so."""
        seen.requests, seen.complaints = self._requests, self._watch.complaints


@pytest.fixture(scope="module")
def visits(browser: Browser, site: str, ids: Ids) -> Iterator[list[Seen]]:
    """Every kind of page at every width."""
    with ExitStack() as stack:
        windows = []
        for width in WIDTHS:
            context = browser.new_context(
                base_url=site, viewport={"width": width, "height": 900}, locale="ja-JP"
            )
            stack.callback(context.close)
            windows.append(Window(context.new_page(), width))
        found: list[Seen] = []
        for name, path in page_kinds(ids).items():
            found += see(windows, name, path)
        yield found


def see(windows: list[Window], name: str, path: str) -> list[Seen]:
    """One page in all windows: axe in each scheme, in the windows at the same time."""
    seen = [window.open(name, path) for window in windows]
    for scheme, media in SCHEMES.items():
        for window in windows:
            window.page.emulate_media(**media)
            window.page.evaluate(BEGIN, RULES)
        for window, one in zip(windows, seen, strict=True):
            one.violations[scheme] = window.page.evaluate(END)
    for window, one in zip(windows, seen, strict=True):
        one.shift = window.page.evaluate(SHIFTS)
        window.close(one)
    return seen


def at(visits: list[Seen], width: int, ids: Ids) -> list[Seen]:
    """The pages seen at one width: all of them."""
    seen = [one for one in visits if one.width == width]
    assert [one.name for one in seen] == list(page_kinds(ids))
    return seen


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_no_violation_on_any_page(width: int, scheme: str, visits: list[Seen], ids: Ids) -> None:
    """Rules of WCAG 2.0 to 2.2, A and AA, and axe's best practice."""
    seen = at(visits, width, ids)
    problems = [f"{one.name}: {found}" for one in seen for found in one.violations[scheme]]
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_is_wider_than_the_screen(width: int, visits: list[Seen], ids: Ids) -> None:
    """No sideways scrolling, and nothing to press lower than 44 px."""
    for one in at(visits, width, ids):
        assert not one.wide, one.name
        assert not one.small, (one.name, one.small)


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_moves_while_loading(width: int, visits: list[Seen], ids: Ids) -> None:
    for one in at(visits, width, ids):
        assert one.shift <= 0.02, one.name


@pytest.mark.parametrize("width", WIDTHS)
def test_the_policy_is_never_broken(width: int, visits: list[Seen], ids: Ids) -> None:
    """No report of the content security policy on any page, data blocks and SVG included; and
    no error of a script."""
    for one in at(visits, width, ids):
        assert not one.complaints, (one.name, one.complaints)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_page_makes_few_requests(width: int, visits: list[Seen], ids: Ids, site: str) -> None:
    for one in at(visits, width, ids):
        assert 1 <= len(one.requests) <= 5, (one.name, one.requests)
        assert all(url.startswith(site) for url in one.requests), one.name


FAULTY = """<!doctype html><html lang="ja"><title>x</title><main>
<p style="color:#bbb;background:#fff">薄い</p>
<style>@media (prefers-color-scheme: dark) { b { color: #222; background: #000 } }</style>
<h1>見出し</h1><b>暗い</b><button style="height:10px">押</button>
<div style="width:5000px">はみ出す</div><img src="data:,">
<script>setTimeout(() => document.body.prepend(Object.assign(
  document.createElement("div"), {style: "height:500px"})), 50)</script></main>"""


def test_what_is_wrong_is_seen(browser: Browser, site: str) -> None:
    """The notes can say no: contrast in one scheme only, width, height, shift, an error."""
    page = browser.new_page(viewport={"width": 320, "height": 900})
    page.route("**/faulty", lambda route: route.fulfill(body=FAULTY, content_type="text/html"))
    window = Window(page, 320)
    page.on("load", lambda: page.evaluate("console.error('told')"))
    (seen,) = see([window], "faulty", f"{site}/faulty")
    page.close()
    found = {scheme: dict(rules) for scheme, rules in seen.violations.items()}
    assert found["light"]["image-alt"]
    faint = {scheme: len(rules["color-contrast"]) for scheme, rules in found.items()}
    assert faint["dark"] == faint["light"] + 1
    assert seen.wide
    assert seen.small
    assert seen.shift > 0.02
    assert seen.complaints


def test_printing_leaves_the_controls_away(new_page: NewPage) -> None:
    page = new_page()
    page.goto("/search?q=見本")
    page.emulate_media(media="print")
    assert not page.locator(".filters").is_visible()
    assert not page.locator(".site-header").is_visible()
    assert page.locator(".hit").first.is_visible()
    assert page.pdf().startswith(b"%PDF")
