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
    form: str | None = None
    for line in list(layout.text_lines()):
        theme = patterns.THEME.match(line.text)
        if theme is None or len(line.text) > _CHARACTERS_MAXIMUM or not _stands_over(layout, line):
            continue
        printed = next(key for key, value in theme.groupdict().items() if value and key != "name")
        if form is None and line.number < first_head:
            form = printed
            _note(layout, line.number)
        if printed != form:
            continue
        at = theme.start("name")
        name = line.raw[at : at + len(theme["name"])].strip()
        number = None if printed == "about" else re.sub(r"[^\dⅠ-Ⅻ一-十]", "", theme[printed])
        layout.headings[line.number] = FoundHeading("goal", name, line.number, number)
        layout.set(line.number, Kind.HEADING)


def _stands_over(layout: Layout, line: Line) -> bool:
    """Alone between blank lines, with a programme or a bureau below."""
    number = line.number
    alone = layout.kind(number - 1) is Kind.BLANK if number > 1 else True
    below = layout.neighbour(number, 1)
    if not alone or below is None:
        return False
    return layout.kind(below) in (Kind.HEAD, Kind.TITLE, Kind.LABELS, Kind.HEADING)


def _note(layout: Layout, number: int) -> None:
    text = layout.line(number).raw.strip()
    layout.problem(
        number,
        "inferred_theme",
        f"{number}行目の「{text}」と同じ形の行を、事業をまとめる見出し（目標）として読みました。",
        Severity.NOTE,
    )
