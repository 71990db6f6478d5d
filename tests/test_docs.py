"""Do README and help say everything there is? Documentation that fails when it falls behind."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from indexer.cli import COMMANDS, cli
from indexer.errors import ExitCode
from indexer.pipeline import update_index

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
STAGES = ("sources", "parsing", "analysis", "engine", "search", "answers")


def command(name: str) -> click.Command:
    found: click.Command = importlib.import_module(f"indexer.commands.{name}").command
    return found


def options(name: str) -> list[str]:
    return [
        max(parameter.opts, key=len)
        for parameter in command(name).params
        if isinstance(parameter, click.Option)
    ]


@pytest.mark.parametrize("name", COMMANDS)
def test_command_is_in_the_readme(name: str) -> None:
    """Every command has a row in the table."""
    assert re.search(rf"^\| `yosan {name}\b", README, re.MULTILINE)


@pytest.mark.parametrize("name", COMMANDS)
def test_option_is_in_the_readme(name: str) -> None:
    """Every option of every command is named."""
    assert [option for option in options(name) if f"`{option}" not in README] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_option_has_a_help_text(name: str) -> None:
    """Help in Japanese for every option."""
    for parameter in command(name).params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name} {parameter.opts}"


@pytest.mark.parametrize("code", ExitCode)
def test_exit_code_is_in_the_readme(code: ExitCode) -> None:
    """Scripts are written against these."""
    assert re.search(rf"^\| {int(code)} \|", README, re.MULTILINE)


@pytest.mark.parametrize("stage", STAGES)
def test_stage_asks_its_question_in_the_readme(stage: str) -> None:
    """The one-line docstring of the folder is the line in "How it works"."""
    question = (importlib.import_module(f"indexer.{stage}").__doc__ or "").strip()
    first, *rest = question.splitlines()
    assert f"{first[0].lower()}{first[1:]}" in README
    assert f"indexer/{stage}/" in README
    assert rest == [] or rest[0] == ""


def readme_command(ending: str) -> str:
    (line,) = re.findall(rf"^    (python3 -m venv .*{re.escape(ending)})$", README, re.MULTILINE)
    return str(line)


def test_ci_runs_the_readme_command() -> None:
    """What CI proves is what the README promises: the same line, character for character."""
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert readme_command("-m pytest") in script
    assert readme_command("yosan serve")


def test_files_named_in_the_readme_exist() -> None:
    """A reader who follows a path arrives."""
    paths = re.findall(r"`((?:indexer|tests|webui|corpus)/[\w/.]+)`|\]\(([\w/.]+)\)", README)
    named = [one or other for one, other in paths]
    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_changelog_has_an_open_section() -> None:
    """Changes that a user sees are said where users look."""
    assert "\n## Unreleased\n" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_environment_variables_are_in_the_readme() -> None:
    """Every setting that comes from outside is named."""
    pattern = re.compile(r"environ(?:\.get\(|\[)\"([A-Z_]+)\"|envvar=\"([A-Z_]+)\"")
    names = {
        one or other
        for package in ("indexer", "webui")
        for path in (ROOT / package).rglob("*.py")
        for one, other in pattern.findall(path.read_text(encoding="utf-8"))
    }
    assert "YOSAN_INDEX" in names
    # TERM belongs to the terminal, not to us.
    assert sorted(name for name in names - {"TERM"} if f"`{name}`" not in README) == []


def test_the_answer_in_the_readme_is_the_answer(tmp_path: Path) -> None:
    """README opens with a real answer: this one."""
    index = tmp_path / "index"
    update_index(index, [ROOT / "corpus"])
    example = re.compile(
        r"^    \$ yosan (ask|search) (\S+)\n((?:(?!    \$)    .*\n|\n)+)", re.MULTILINE
    )
    examples = example.findall(README)
    assert len(examples) == 2
    for name, words, printed in examples:
        result = CliRunner().invoke(cli, [name, words.strip('"'), "--index", str(index)])
        lines = [line.removeprefix("    ") for line in printed.strip().splitlines()]
        shown = [line.strip() for line in lines if line.strip()]
        said = [line.strip() for line in result.stdout.splitlines() if line.strip()]
        assert said[: len(shown)] == shown
