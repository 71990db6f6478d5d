"""Does the code pass the checks that the project holds itself to? Lint, format, strict types."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize(
    "command",
    [
        ("ruff", "check", "."),
        ("ruff", "format", "--check", "."),
        ("mypy", "--strict", "indexer", "webui"),
    ],
    ids=" ".join,
)
def test_check(command: tuple[str, ...]) -> None:
    """The tool finds nothing. Its own words say what to do when it does."""
    done = subprocess.run(
        (sys.executable, "-m", *command), cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
