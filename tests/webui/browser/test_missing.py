"""What becomes of the browser tests on a machine without a browser?"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.webui.browser.conftest import find_chromium


@pytest.mark.parametrize(
    ("environment", "outcome"),
    [
        ({}, pytest.skip.Exception),
        ({"CI": ""}, pytest.skip.Exception),
        ({"CI": "false"}, pytest.skip.Exception),
        ({"CI": "1"}, pytest.fail.Exception),
        ({"CI": "true"}, pytest.fail.Exception),
    ],
)
def test_no_browser(
    environment: dict[str, str], outcome: type[BaseException], tmp_path: Path
) -> None:
    """Skipped with a word where people work, a failure where only the result is looked at."""
    with pytest.raises(outcome, match="NO CHROMIUM FOUND"):
        find_chromium({**environment, "PATH": str(tmp_path)})


def test_a_browser_is_found_by_its_usual_names(tmp_path: Path) -> None:
    program = tmp_path / "google-chrome"
    program.touch(mode=0o755)
    assert find_chromium({"CI": "1", "PATH": str(tmp_path)}) == str(program)
