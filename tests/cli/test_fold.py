"""What does the command line show of a programme through the years?"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from indexer.pipeline import update_index
from tests.cli.conftest import CORPUS, Yosan, read_json
from tests.webui.books import write_books

LAN = "全庁LANの保守管理"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled chapter and the book of the year before."""
    folder = tmp_path_factory.mktemp("years") / "corpus"
    shutil.copytree(CORPUS, folder)
    write_books(folder)
    update_index(folder.parent / "index", [folder])
    return folder.parent / "index"


def test_the_years_stand_in_one_line(yosan: Yosan, index: Path) -> None:
    lines = yosan("search", LAN, "--index", index).stdout.splitlines()
    assert lines[0].startswith("1件　合計")
    assert "年度ごとには2件" in lines[0]
    years = [line.strip() for line in lines if line.strip().startswith("R7 ")]
    assert years[0] == "R7 1,966,770千円、R6 1,897,740千円"


@pytest.mark.parametrize(
    ("options", "fold", "total"),
    [
        ([], "programs", 1),
        (["--fold", "programs"], "programs", 1),
        (["--fold", "none"], "none", 2),
        # a year is asked for
        (["--fiscal-year", "R6"], "none", 1),
    ],
)
def test_json(yosan: Yosan, index: Path, options: list[str], fold: str, total: int) -> None:
    found = read_json(yosan("search", LAN, "--index", index, "--json", *options))
    assert (found["query"]["fold"], found["total"]) == (fold, total)
    assert len([hit for hit in found["hits"] if hit["complete"]]) == total
    years = [year["fiscal_year"] for year in found["hits"][0]["years"]]
    assert years == ([2025, 2024] if fold == "programs" else years[:1])


def test_exports_have_every_year(yosan: Yosan, index: Path) -> None:
    result = yosan("export", LAN, "--index", index, "--format", "jsonl")
    assert len(result.stdout.splitlines()) == 2


def test_another_way_to_fold(yosan: Yosan, index: Path) -> None:
    result = yosan("search", LAN, "--index", index, "--fold", "weekly")
    assert result.exit_code == 2
    assert "--fold" in result.stderr
