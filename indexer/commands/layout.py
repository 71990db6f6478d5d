"""How does a result look on a terminal? Marks, tables, amounts in words."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence

from indexer import wording
from indexer.commands.columns import pad, width
from indexer.commands.terminal import Style, styled
from indexer.model import Document, Program


def has_colour() -> bool:
    """Whether to colour stdout: on a terminal, unless NO_COLOR is set (no-color.org)."""
    wanted = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return wanted and sys.stdout.isatty()


def bold(text: str) -> str:
    """Bold on a terminal, as it is elsewhere."""
    return styled(text, Style.BOLD) if has_colour() else text


def faint(text: str) -> str:
    """Dim on a terminal, as it is elsewhere."""
    return styled(text, Style.FAINT) if has_colour() else text


def mark(text: str, ranges: Iterable[tuple[int, int]]) -> str:
    """``text`` with the ranges highlighted on a terminal; printed text itself is not altered."""
    if not has_colour():
        return text
    pieces: list[str] = []
    end = 0
    for first, last in sorted(ranges):
        pieces += [text[end:first], styled(text[first:last], Style.FOUND)]
        end = last
    return "".join((*pieces, text[end:]))


def table(rows: Sequence[tuple[str, str]], indent: str = "  ") -> str:
    """Label and value, the values aligned; a value of several lines keeps its column."""
    columns = max((width(label) for label, _ in rows), default=0)
    margin = indent + " " * (columns + 2)
    return "\n".join(
        f"{indent}{pad(label, columns)}  {value.replace(chr(10), chr(10) + margin)}"
        for label, value in rows
    )


def amounts(program: Program) -> str:
    """``40,500千円（前年度 なし）``: this year, last year, and the change when there is one."""
    text = wording.money_in_words(program.amount)
    previous = wording.money_in_words(program.previous_amount)
    if program.change_yen is None:
        return f"{text}（前年度 {previous}）"
    change = wording.change_in_unit(program.change_yen, program.amount.unit or "千円")
    ratio = wording.ratio_in_words(program.change_ratio)
    return f"{text}（前年度 {previous}、{change} {ratio}".rstrip() + "）"


def place(program: Program, document: Document) -> str:
    """Where the programme stands: publisher, year, section, department, page."""
    parts = (
        document.publisher.name if document.publisher else None,
        document.fiscal_year_label,
        program.section,
        program.department,
        f"{program.page}頁" if program.page is not None else None,
    )
    return " · ".join(part for part in parts if part)
