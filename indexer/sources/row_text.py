"""How does a row of cells stand as one line of text? The one definition, for every kind of sheet.

Line N of the document is row N of the sheet, its cells divided by tabs, blank cells kept. A line
break inside a cell is shown as ``⏎``, so that a row stays one line; a tab inside a cell as a space.
What pages show and answers quote is this line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

CELL_BREAK = "⏎"
"""Stands for a line break inside a cell."""

_BREAK = re.compile(r"[ \t]*(?:\r\n|[\n\r\x0b\x0c\u2028\u2029])")
_SPACE = re.compile(r"[\t\x00-\x08\x0e-\x1f\x7f]")


def row_line(cells: Sequence[str]) -> str:
    """The line of a row; blank cells at its end are left out."""
    return "\t".join(map(cell_text, cells)).rstrip("\t")


def cell_text(cell: str) -> str:
    """A cell as it stands in its line."""
    text = _BREAK.sub(CELL_BREAK, cell.strip())
    return _SPACE.sub(" ", text)
