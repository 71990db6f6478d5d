"""A command line to type into, as a function and as a real process, over an index of the sample."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner, Result

from indexer.cli import cli
from indexer.pipeline import update_index

ROOT = Path(__file__).parent.parent.parent
CORPUS = ROOT / "corpus"
BOOK = CORPUS / "chiyoda-2025-05-policy-management.md"

Yosan = Callable[..., Result]
Process = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.fixture(scope="session")
def sample_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the bundled corpus; tests that write make their own."""
    index = tmp_path_factory.mktemp("sample") / "index"
    update_index(index, [CORPUS])
    return index


@pytest.fixture
def yosan() -> Yosan:
    """Run a command line in this process."""

    def run(*args: str | Path) -> Result:
        return CliRunner().invoke(cli, [str(arg) for arg in args])

    return run


@pytest.fixture
def process(tmp_path: Path) -> Process:
    """Run a command line as a process of its own, as a shell would, in an empty folder."""

    def run(*args: str | Path, **extra: Any) -> subprocess.CompletedProcess[bytes]:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), **extra.pop("env", {})}
        script = extra.pop("script", "from indexer.cli import main; main()")
        handles = extra.pop("handles", None)
        args = args if handles is None else (str(handles), *args)
        return subprocess.run(
            [sys.executable, "-c", script, *map(str, args)],
            capture_output=True,
            cwd=extra.pop("cwd", tmp_path),
            env=environment,
            check=False,
            **extra,
        )

    return run


def read_json(result: Result) -> Any:
    """The one JSON document on stdout; anything beside it fails to parse."""
    return orjson.loads(result.stdout_bytes)
