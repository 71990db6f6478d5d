"""What holds for every test: nothing is skipped in CI, and no test reads the person's settings."""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest
from hypothesis import settings

# Tests never time things: a busy machine is no failure.
settings.register_profile("yosan", deadline=None)
settings.load_profile("yosan")


@pytest.fixture(autouse=True)
def _own_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("YOSAN_INDEX", "YOSAN_DEBUG", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)


def _forbid_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    """In CI (environment variable ``CI``) a skip is a failure: what is not run proves nothing."""
    if os.environ.get("CI") and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped in CI: {report.longrepr}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _forbid_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _forbid_skip(report)
    return report
