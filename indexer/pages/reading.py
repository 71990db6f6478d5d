"""Which pages does this PDF have? Bytes in, pages out, or one sentence that says why not."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from indexer.errors import SourceError
from indexer.model import Box
from indexer.pages.page import LineKind, Page, PageBook, PageLine, Rule, Run
from indexer.settings import (
    PDF_CHARACTERS_MAXIMUM,
    PDF_PAGES_MAXIMUM,
    PDF_SECONDS_MAXIMUM,
)

_START = """
import sys
sys.path.insert(0, sys.argv[1])
from indexer.pages.worker import main
main()
"""
"""Begins the reading process with this package, wherever it was started from."""
_AS_TEXT = "本文をテキスト（.txt や .md）にして置いてください。"
_IN_PARTS = "章などに分けたPDFにして置いてください。"
_FAULTS = {
    "encrypted": "はパスワードで保護されたPDFなので、パスワードを外して保存し直してください。",
    "broken": "はPDFとして壊れているか途中で切れているので、もう一度入手してください。",
    "pages": f"は読める上限の{PDF_PAGES_MAXIMUM:,}ページを超えるPDFなので、{_IN_PARTS}",
    "characters": f"は読める上限の{PDF_CHARACTERS_MAXIMUM:,}字を超えるPDFなので、{_IN_PARTS}",
    "memory": f"は読むのに要るメモリーが上限を超えるPDFなので、{_IN_PARTS}",
    "time": f"は{PDF_SECONDS_MAXIMUM:,}秒たっても読み終わらないPDFなので、{_IN_PARTS}",
    "crashed": f"は読む途中で異常が起きるPDFなので、もう一度入手するか、{_AS_TEXT}",
    "image": (
        "は画像だけで文字のないPDFなので、文字を起こしたテキスト（.txt や .md）にして"
        "置いてください。"
    ),
    "scanned": (
        "は画像に機械で読み取った文字を重ねたPDFで、数字の読み違いを確かめられないので、"
        f"原本から作ったPDFにするか、{_AS_TEXT}"
    ),
    "garbled": (
        "は文字の対応表がなく、文字が別の文字に化けるPDFなので、原本から書き出し直したPDFにするか、"
        f"{_AS_TEXT}"
    ),
    "blank": "は文字のないPDFなので、中身を確かめて入手し直してください。",
}


def read_pages(path: str, data: bytes) -> PageBook:
    """The pages of a PDF. Raises :class:`SourceError` with the sentence to show; ``path`` is how
    people know the file."""
    result = _run(data)
    if fault := result.get("fault"):
        raise _refuse(path, fault)
    pages = tuple(_page(item) for item in result["pages"])
    if not any(page.lines for page in pages):
        faults = [page.fault for page in pages if page.fault]
        raise _refuse(path, max(faults, key=faults.count) if faults else "blank")
    return PageBook(pages)


def _refuse(path: str, fault: str) -> SourceError:
    return SourceError(path, f"「{path}」{_FAULTS[fault]}")


def _run(data: bytes) -> Mapping[str, Any]:
    """What the reading process says, or how it ended."""
    with tempfile.TemporaryFile() as output:
        try:
            done = subprocess.run(
                (sys.executable, "-c", _START, str(Path(__file__).parents[2])),
                input=data,
                stdout=output,
                stderr=subprocess.PIPE,
                timeout=PDF_SECONDS_MAXIMUM,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return {"fault": "time"}
        if done.returncode != 0:
            return {"fault": _how_it_ended(done.returncode, done.stderr)}
        output.seek(0)
        try:
            result: Mapping[str, Any] = orjson.loads(output.read())
        except orjson.JSONDecodeError:
            return {"fault": "crashed"}
        return result


def _how_it_ended(code: int, said: bytes) -> str:
    if code == -getattr(signal, "SIGXCPU", 0):
        return "time"
    return "memory" if b"MemoryError" in said else "crashed"


def _page(item: Mapping[str, Any]) -> Page:
    return Page(
        item["number"],
        item["width"],
        item["height"],
        tuple(_line(line) for line in item["lines"]),
        item["printed_number"],
        tuple(Rule(**rule) for rule in item["levels"]),
        item["fault"],
    )


def _line(item: Mapping[str, Any]) -> PageLine:
    runs = tuple(
        Run(run["text"], Box(**run["box"]), run["column"], run["row"]) for run in item["runs"]
    )
    return PageLine(LineKind(item["kind"]), runs)
