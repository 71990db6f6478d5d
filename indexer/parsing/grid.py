"""Where are the tables of a text, and which rows belong to each?

A table begins at a header row: a name column and an amount column make one, whatever the other
columns are called. It ends where a line has another shape; rows of the same shape below a line of
text go on under the same header.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from indexer.parsing import patterns
from indexer.parsing.cells import (
    DELIMITERS,
    SPACES,
    Row,
    Shape,
    has_delimiter,
    is_rule,
    read_rows,
    spaced_edges,
)
from indexer.parsing.characters import fold_line
from indexer.parsing.columns import Column, Header, is_known, is_unit, read_header
from indexer.parsing.layout import Kind, Layout
from indexer.parsing.profile import header_words

_HEADER_ROWS = 3
_HEADER_CHARACTERS = 600
_HEADING_CHARACTERS = 40
_HEADINGS_IN_A_ROW = 3
_BLANKS_IN_SPACES = 2
_MAY_BE_HEADER = re.compile(r"予算|事業|額|年度|費|名|件|項|事|区分|施策|取組|20\d\d|[RrHh]\d")
"""Words without one of which no header row is: spares looking at every line of the text."""
_HOLDS_FIGURES = re.compile(r"\d *[千百万億兆]{0,2}円|\d,\d{3}(?!\d)|見込額? ?:|。")
_AMOUNT_CELL = re.compile(
    r"[\s*]*\(?[△▲+-]? ?\d[\d,.]*(?: *[兆億万千百十]{0,2}円)?\)?[\s*]*|[\s*]*-[\s*]*"
)


@dataclass(slots=True)
class Grid:
    """A table: its header, its rows, and lines inside it that are only rules."""

    header: Header
    rows: list[Row] = field(default_factory=list)
    rules: list[int] = field(default_factory=list)
    last_line: int = 0


def find_grids(layout: Layout) -> Iterator[Grid]:
    """The tables of the book from top to bottom."""
    number = 1
    last: Header | None = None
    while number <= len(layout.lines):
        header = _header_at(layout, number) or _resumed(layout, number, last)
        if header is None:
            number += 1
            continue
        start = number if header.is_resumed else header.lines[-1] + 1
        grid = _read_grid(layout, header, start)
        last = replace(header, is_resumed=False) if grid.rows else None
        number = max(grid.last_line, start - 1, number) + 1
        if grid.rows and (header.shape.delimiter != SPACES or _is_sure(grid)):
            yield grid


def _is_sure(grid: Grid) -> bool:
    """``令和7年度　主要事業`` is cut by spaces too, and heads no table."""
    roles = [column for column in grid.header.columns if column.role in ("amount", "previous")]
    named = any(re.sub(r"[\s\d年度令和平成RH元]", "", fold_line(c.name)) for c in roles)
    order = [column.role for column in grid.header.columns]
    if order == ["amount", "title"]:
        return False  # 令和8年度予算案　主な事業
    return (named or len(roles) > 1) and any(_is_row_of(row, grid.header) for row in grid.rows)


def begins_table(layout: Layout, number: int) -> bool:
    """Whether a header stands on the line."""
    return _header_at(layout, number) is not None


def may_be_table_row(text: str) -> bool:
    """``| 指標 | 1,200 | 1,300 |``: cells between pipes, which no head of a programme has."""
    return (text.lstrip().startswith("|") and text.count("|") > 1) or text.count("|") > 2


def _header_at(layout: Layout, number: int) -> Header | None:
    line = layout.line(number)
    if len(line.text) > _HEADER_CHARACTERS or not _may_be_header(layout, line.text):
        return None
    for delimiter in DELIMITERS:
        if not has_delimiter(line, delimiter):
            continue
        rows = _header_rows(layout, number, Shape(delimiter))
        for count in range(len(rows), 0, -1):
            cells = [row.cells for row in rows[:count]]
            columns = read_header(cells, layout.profile, layout.fiscal_year)
            if columns is not None:
                lines = list(range(rows[0].first_line, rows[count - 1].last_line + 1))
                return Header(columns, lines, _shape(layout, delimiter, columns, lines))
    return None


def _may_be_header(layout: Layout, text: str) -> bool:
    """By its words alone, before it is cut into cells. ``text`` is folded."""
    stated = layout.profile.stated_columns
    if stated and any(word in header_words(text) for word in stated):
        return True
    return not _HOLDS_FIGURES.search(text) and _MAY_BE_HEADER.search(text) is not None


def _shape(layout: Layout, delimiter: str, columns: list[Column], lines: list[int]) -> Shape:
    first = layout.line(lines[0])
    if delimiter == SPACES:
        edges = spaced_edges(first)
        return Shape(SPACES, len(columns), edges=edges if len(edges) == len(columns) else ())
    if delimiter == "|":
        return Shape("|", len(columns), is_open=first.raw.strip()[:1] not in "|│┃｜")
    return Shape(delimiter, len(columns))


def _header_rows(layout: Layout, number: int, shape: Shape) -> list[Row]:
    """The row at ``number`` and those below it that hold nothing but header words."""
    found: list[Row] = []
    for row in islice(read_rows(layout.lines, number, shape), _HEADER_ROWS * 2):
        if is_rule(row, layout.line(row.first_line)):
            continue
        if not (_goes_on(layout, found, row) if found else _begins(layout, row)):
            break
        found.append(row)
        if len(found) == _HEADER_ROWS:
            break
        if shape.delimiter == "|":
            shape = replace(shape, columns=len(found[0].cells))
    return found


def _begins(layout: Layout, row: Row) -> bool:
    """A first header row: two cells at least, one of them known, and not only a unit."""
    words = [row.cells[i] for i in row.filled if not is_unit(row.cells[i])]
    return len(row.filled) >= 2 and any(is_known(word, layout.profile) for word in words)


def _goes_on(layout: Layout, above: Sequence[Row], row: Row) -> bool:
    """``国庫支出金 | 一般財源`` below ``財源内訳``: header words, or names under a wide header."""
    words = [row.cells[i] for i in row.filled]
    if not words or any(re.search(r"\d{3}|\d,", fold_line(w)) or len(w) > 20 for w in words):
        return False
    known = [word for word in words if is_known(word, layout.profile) or is_unit(word)]
    if len(known) == len(words):
        return not _is_heading_of_rows(row, above[0])
    return (
        not row.cell(0).strip()
        and all(
            word in known or not above[0].cell(i).strip() or _spans(above[0], row, i)
            for i, word in zip(row.filled, words, strict=True)
        )
        and (bool(known) or any(_spans(above[0], row, i) for i in row.filled))
    )


def _spans(above: Row, row: Row, index: int) -> bool:
    """``財源内訳`` over ``国庫`` and ``県``: a header that goes on over the blank one beside it."""
    is_wide = bool(above.cell(index).strip()) and not above.cell(index + 1).strip()
    return is_wide and index + 1 < len(above.cells) and bool(row.cell(index + 1).strip())


def _is_heading_of_rows(row: Row, first: Row) -> bool:
    """One word alone in the first column heads the rows below; it is no second header row."""
    return row.filled == [0] and bool(first.cell(0).strip()) and not is_unit(row.cells[0])


def _resumed(layout: Layout, number: int, last: Header | None) -> Header | None:
    """The header above, if the line is a row of it that stands below a line of text."""
    if last is None or last.shape.delimiter == SPACES or len(last.columns) < 3:
        return None
    line = layout.line(number)
    if not has_delimiter(line, last.shape.delimiter):
        return None
    row = next(read_rows(layout.lines, number, last.shape))
    if len(row.cells) != len(last.columns) or not _is_row_of(row, last):
        return None
    return replace(last, is_resumed=True)


def _is_row_of(row: Row, header: Header) -> bool:
    """A name in the name column and a figure in an amount column."""
    if not re.search(r"[^\W\d]", row.cell(header.index("title"))):
        return False
    amounts = [row.cell(i) for role in ("amount", "previous") for i in header.indexes(role)]
    return any(_AMOUNT_CELL.fullmatch(fold_line(cell)) for cell in amounts)


def _read_grid(layout: Layout, header: Header, start: int) -> Grid:
    grid = Grid(header, last_line=start - 1)
    pending: list[Row] = []
    blanks = 0
    for row in read_rows(layout.lines, start, header.shape):
        line = layout.line(row.first_line)
        if layout.kind(row.first_line) is Kind.FURNITURE:
            continue
        if line.is_blank and row.first_line == row.last_line:
            blanks += 1
            if header.shape.delimiter == SPACES and blanks > _BLANKS_IN_SPACES:
                break
            continue
        if not row.filled or is_rule(row, line):
            if _belongs(row, header):
                grid.rules.append(row.first_line)
                continue
            break
        if len(row.filled) > 1 and _is_new_header(layout, row):
            break
        if len(row.cells) < 2 or (header.shape.delimiter == SPACES and len(row.filled) < 2):
            if len(pending) >= _HEADINGS_IN_A_ROW or not _may_head(row):
                break
            pending.append(row)
            continue
        if any(_states_unit(cell) for cell in row.cells):
            pending.append(row)  # of the next table, if its header follows
            continue
        if not _fits(row, header):
            break
        blanks = 0
        grid.rows += [*pending, row]
        pending = []
        grid.last_line = row.last_line
    grid.rules = [n for n in grid.rules if n <= grid.last_line + 1]
    grid.last_line = max([grid.last_line, *grid.rules])
    return grid


def _states_unit(cell: str) -> bool:
    return is_unit(cell) or (
        len(cell) <= _HEADING_CHARACTERS
        and patterns.UNIT_DECLARATION.search(fold_line(cell)) is not None
    )


def _belongs(row: Row, header: Header) -> bool:
    """A rule or a row of blank cells inside the table; ``----`` between paragraphs is not one."""
    return len(row.cells) > 1 or header.shape.delimiter in ("|", SPACES)


def _fits(row: Row, header: Header) -> bool:
    """Whether a line cut into cells is a row at all, and no sentence with a comma in it."""
    if header.shape.delimiter == SPACES:
        return row.is_misfit or len(row.filled) > 2 or _is_row_of(row, header)
    if header.shape.delimiter == "," and len(row.cells) < min(3, len(header.columns)):
        return False
    return not (len(row.cells) * 2 < len(header.columns) and "。" in row.cells[-1])


def _may_head(row: Row) -> bool:
    """A line between rows that heads the rows below it: short, and no sentence."""
    text = next((cell.strip() for cell in row.cells if cell.strip()), "")
    return 0 < len(text) <= _HEADING_CHARACTERS and not re.search(r"[。※]", text)


def _is_new_header(layout: Layout, row: Row) -> bool:
    return (
        _may_be_header(layout, fold_line(" ".join(row.cells)))
        and _header_at(layout, row.first_line) is not None
    )
