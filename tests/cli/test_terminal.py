"""Can a book give orders to the terminal of who reads it? Read from a real terminal."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from indexer.commands.terminal import Style, shown, styled
from indexer.contract import program_to_json
from indexer.pipeline import update_index
from tests.cli.conftest import ROOT
from tests.webui.books import FORMER, former_programs, paragraph

CONTROLS = "".join(
    chr(code)
    for code in (*range(0x01, 0x09), *range(0x0B, 0x20), *range(0x7F, 0xA0), 0x202E, 0x2066, 0x200F)
)
ORDERS = f"\x1b]0;名前\x07\x1b[31m赤\x1b[0m\x9b2J\x1b[2J{CONTROLS}"
_STYLES = re.compile(rb"\x1b\[(?:1|2|33;1|0)m")
_ORDER = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f]")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of a book with orders in every text, and a file that is refused, called so too."""
    folder = tmp_path_factory.mktemp("terminal")
    books = folder / "books"
    books.mkdir()
    document = replace(FORMER, title=f"本{ORDERS}")
    programs = [
        replace(
            program,
            title=f"{program.title}{ORDERS}",
            section=f"部{ORDERS}",
            status=f"継続{ORDERS}",
            department=f"課{ORDERS}",
            description=paragraph(f"説明{ORDERS}です。"),
        )
        for program in former_programs()
    ]
    lines = (orjson.dumps(program_to_json(program, document)) for program in programs)
    (books / "book.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    (books / "壊れ\x1b[31m[").mkdir()
    (books / "壊れ\x1b[31m[" / "b].txt").write_bytes(b"\xff\xfe\x00")
    update_index(folder / ".yosan", [books], sentence_vectors=False)
    return folder


def on_a_terminal(folder: Path, arguments: Sequence[str]) -> bytes:
    """What a terminal is sent, both streams."""
    ours, theirs = pty.openpty()
    script = "from indexer.cli import main; main()"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm"}
    environment.pop("NO_COLOR", None)
    with subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=folder,
        env=environment,
    ) as running:
        os.close(theirs)
        sent = b""
        while True:
            try:
                sent += (piece := os.read(ours, 65_536))
            except OSError:  # the other end is closed
                break
            if not piece:
                break
        running.wait()
    os.close(ours)
    return sent.replace(b"\r\n", b"\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ["search", "保守"],
        ["search", "保守", "--json"],
        ["show", "former-0"],
        ["show", "former-0", "--json"],
        ["ask", "庁舎の改修の予算はいくら？"],
        ["ask", f"{ORDERS}は？"],
        ["search", "--section", ORDERS],
        ["check"],
        ["check", "--json"],
        ["export"],
        ["export", "--format", "csv"],
        ["show", ORDERS],
        [ORDERS],
    ],
    ids=lambda arguments: ascii(" ".join(arguments))[:40],
)
def test_no_order_of_a_book_reaches_a_terminal(arguments: list[str], folder: Path) -> None:
    sent = on_a_terminal(folder, [argument.replace("\0", "") for argument in arguments])
    assert sent.strip()
    assert not _ORDER.findall(_STYLES.sub(b"", sent).decode().removeprefix("\ufeff")), sent[:2_000]
    if "--json" in arguments:
        orjson.loads(sent)


def test_what_is_spelled_out_can_be_read() -> None:
    assert shown("赤\x1b[31m字\x9b\u202e") == "赤\\x1b[31m字\\x9b\\u202e"
    assert shown("表\t外字\ue000絵\u200d文字\n") == "表\t外字\ue000絵\u200d文字\n"
    assert shown(styled("太い\x1b[8m", Style.BOLD)) == "\x1b[1m太い\\x1b[8m\x1b[0m"


def test_the_names_of_files_are_no_markup(folder: Path) -> None:
    """The progress bar shows them, too."""
    sent = on_a_terminal(folder, ["index", "--full", "--no-sentence-vectors", "books"])
    assert b"[/b].txt" in sent
    assert b"\x1b[31m" not in sent
    assert b"Error" not in sent
