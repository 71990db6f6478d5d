"""Which lines between programmes are themes: ``１　子ども・教育``, ``Ⅱ 防災``, ``産業課関係``?

No word says that such a line is a heading. Its place does: the first of them stands over the
first programme of the book, alone between blank lines, and the later ones print the same form.
"""

from __future__ import annotations

import re

from indexer.model import Severity
from indexer.parsing import patterns
from indexer.parsing.layout import FoundHeading, Kind, Layout
from indexer.parsing.lines import Line

_CHARACTERS_MAXIMUM = 40


def find_themes(layout: Layout) -> None:
    """Takes the themes of the book as headings of its policy axis, and says so."""
    first_head = min(layout.heads, default=0)
    standing = _standing(layout)
    forms: dict[str, int] = {}
    for line in standing:
        form = _form(line)
        if form not in forms and line.number < first_head:
            forms[form] = line.number
            _note(layout, line.number)
    for line in standing:
        theme = patterns.THEME.match(line.text)
        form = _form(line)
        if theme is None or form not in forms:
            continue
        at = theme.start("name")
        name = line.raw[at : at + len(theme["name"])].strip()
        number = None if form == "about" else re.sub(r"[^\dⅠ-Ⅻ一-十]", "", theme[form])
        layout.headings[line.number] = FoundHeading("goal", name, line.number, number)
        layout.set(line.number, Kind.HEADING)


def _standing(layout: Layout) -> list[Line]:
    """The lines of such a form that stand over programmes, or over another of them."""
    found: list[Line] = []
    over: set[int] = set()
    for line in reversed(list(layout.text_lines())):
        if len(line.text) > _CHARACTERS_MAXIMUM or not patterns.THEME.match(line.text):
            continue
        if _stands_over(layout, line, over):
            over.add(line.number)
            found.append(line)
    return found[::-1]


def _form(line: Line) -> str:
    theme = patterns.THEME.match(line.text)
    groups = theme.groupdict() if theme else {}
    return next(key for key, value in groups.items() if value and key != "name")


def _stands_over(layout: Layout, line: Line, over: set[int]) -> bool:
    """Alone between blank lines, with a programme, a bureau or another theme below."""
    number = line.number
    alone = layout.kind(number - 1) is Kind.BLANK if number > 1 else True
    below = layout.neighbour(number, 1)
    if not alone or below is None:
        return False
    return below in over or layout.kind(below) in (Kind.HEAD, Kind.TITLE, Kind.LABELS, Kind.HEADING)


def _note(layout: Layout, number: int) -> None:
    text = layout.line(number).raw.strip()
    layout.problem(
        number,
        "inferred_theme",
        f"{number}行目の「{text}」と同じ形の行を、事業をまとめる見出し（目標）として読みました。",
        Severity.NOTE,
    )
