"""Under which coarser names does the row of a table stand?

Names of programmes may have levels: columns 大事業名 中事業名 小事業名, or names set back under one
wide header. The finest name of a row is its title; a coarser one with an amount of its own is the
programme it belongs to, so that no sum counts both, and without one it heads the rows below.
"""

from __future__ import annotations

import re

from indexer.model import Role
from indexer.parsing.cells import Row
from indexer.parsing.characters import BREAK
from indexer.parsing.drafts import Draft


class TitleLevels:
    """Follows the names of one table from row to row."""

    def __init__(self, columns: tuple[int, ...]) -> None:
        self._columns = columns
        self._names: dict[int, tuple[str, int]] = {}
        """Level → the last name printed on it, and its line."""
        self._open: list[tuple[int, Draft]] = []
        """Programmes that a row of a finer level is a part of, with their levels."""

    def column(self, row: Row) -> int | None:
        """Where the row prints its own name: the finest one."""
        printed = (index for index in reversed(self._columns) if _is_name(row.cell(index)))
        return next(printed, self._columns[0] if self._columns else None)

    def clear(self) -> None:
        """A heading ends what was open above it."""
        self._names.clear()
        self._open.clear()

    def note(self, row: Row) -> None:
        """Take down the names of a row; another one ends those of the levels below it."""
        for level, index in enumerate(self._columns):
            name = BREAK.sub("", row.cell(index)).strip()
            if _is_name(name) and self._names.get(level, ("", 0))[0] != name:
                self._names = {k: known for k, known in self._names.items() if k < level}
                self._open = [(k, draft) for k, draft in self._open if k < level]
                self._names[level] = (name, row.line(index))

    def coarsest(self, row: Row) -> tuple[str, int] | None:
        """The first name above the row's own, with its line, unless that is a programme."""
        if not self._level(row) or self._open:
            return None
        return self._names.get(min(self._names, default=0))

    def nest(self, row: Row, draft: Draft) -> None:
        """Make the programme a part of the coarser one that is open, and open it in turn."""
        if len(self._columns) < 2:
            return
        level = self._level(row)
        self._open = [(k, other) for k, other in self._open if k < level]
        if self._open:
            parent = self._open[-1][1]
            draft.parent, draft.role = parent, Role.CHILD
            parent.children.append(draft)
            if parent.role is not Role.CHILD:
                parent.role = Role.PARENT
        self._open.append((level, draft))

    def _level(self, row: Row) -> int:
        index = self.column(row)
        return self._columns.index(index) if index in self._columns else 0


def _is_name(cell: str) -> bool:
    return re.search(r"\w", cell) is not None
