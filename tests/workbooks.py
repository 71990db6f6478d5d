"""Workbooks and tables of text as people keep them, written by the tests that read them.

Names and amounts are made up.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import openpyxl

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows from A1 on, merged ranges, number formats by cell."""

    rows: Sequence[Sequence[Cell]]
    merged: Sequence[str] = ()
    formats: Mapping[str, str] | None = None
    is_hidden: bool = False


def workbook(sheets: Mapping[str, Sheet]) -> bytes:
    """The bytes of an .xlsx file."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, sheet in sheets.items():
        page = book.create_sheet(name)
        for row in sheet.rows:
            page.append(list(row))
        for cells in sheet.merged:
            page.merge_cells(cells)
        for cells, code in (sheet.formats or {}).items():
            for row in page[cells] if ":" in cells else ((page[cells],),):
                for cell in row:
                    cell.number_format = code
        if sheet.is_hidden:
            page.sheet_state = "hidden"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
