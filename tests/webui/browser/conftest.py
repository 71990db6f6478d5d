"""A headless Chromium over the test site. Missing: skipped loudly, and a failure in CI."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "chrome")

NewPage = Callable[..., Page]


def find_chromium(environment: Mapping[str, str]) -> str:
    """The path of the browser on ``PATH``. Without one the tests are skipped with a word that
    shows in the summary; where ``CI`` is set they fail, for nobody reads summaries there."""
    names = (shutil.which(name, path=environment.get("PATH", "")) for name in PROGRAMS)
    found = next(filter(None, names), None)
    if found is not None:
        return found
    message = "NO CHROMIUM FOUND: the browser tests did not run; install chromium"
    if environment.get("CI", "") not in ("", "0", "false"):
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chromium of this machine."""
    path = find_chromium(os.environ)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield started
        started.close()


class Watch:
    """What a page complained of: script errors, console errors, policy reports."""

    def __init__(self) -> None:
        self.complaints: list[str] = []

    def attach(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._on_console)

    def _on_console(self, message: Any) -> None:
        # The browser logs the status of an error page itself; that is no complaint about it.
        is_status = "the server responded with a status of 4" in message.text
        if message.type in ("error", "warning") and not is_status:
            self.complaints.append(message.text)


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Collects complaints; a test that ends with any has failed."""
    seen = Watch()
    yield seen
    assert not seen.complaints, seen.complaints


@pytest.fixture
def new_page(browser: Browser, site: str, watch: Watch) -> Iterator[NewPage]:
    """Open a page: ``new_page(width=320, color_scheme="dark", java_script_enabled=False)``."""
    with ExitStack() as stack:

        def open_page(width: int = 1280, **options: Any) -> Page:
            options.setdefault("locale", "ja-JP")
            context: BrowserContext = browser.new_context(
                base_url=site, viewport={"width": width, "height": 900}, **options
            )
            stack.callback(context.close)
            page = context.new_page()
            watch.attach(page)
            return page

        yield open_page


def open_filters(page: Page) -> None:
    """Show the filters of a result: on a narrow screen they wait behind a link."""
    link = page.locator(".to-filters")
    if link.is_visible():
        link.click()
