"""Which lines of text are the rows of a table without rules, and which stand in two columns?

A table is told by figures standing under each other; its columns are the places its rows with
figures leave blank all the way down. A cell is placed by where it stands, never by its order: a
blank cell stays a blank cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from indexer.pages.page import LineKind, PageLine, Run
from indexer.pages.runs import TextLine, is_figure

_ROWS_ENOUGH = 3
_FIGURES_SHARE = 0.5
_COLUMN_GAP = 3.0
"""Points that columns stand apart at least."""
_LINES_APART = 3.5
"""Of the size: a wider gap ends a table."""
_HEADER_LINES = 3
_SIDE_LINES = 4
_FULL = 0.75
"""Of the width of its side: a line of running text reaches that far."""
_GUTTER = 9.0


def rows_and_text(lines: Sequence[TextLine]) -> list[PageLine]:
    """The lines in order, those of tables as rows."""
    found: list[PageLine] = []
    index = 0
    while index < len(lines):
        end = _table_end(lines, index)
        rows = _rows(lines[index:end]) if end - index >= _ROWS_ENOUGH else None
        if rows is None:
            found.append(PageLine(LineKind.TEXT, lines[index].runs))
            index += 1
        else:
            found += rows
            index = end
    return found


def split_columns(lines: Sequence[TextLine], width: float) -> list[list[TextLine]]:
    """The lines in the order they are read: above two columns, the left, the right, below."""
    best: tuple[int, float, int, int] | None = None
    for place in map(float, range(round(width * 0.35), round(width * 0.65), 3)):
        for first, last in _stretches(lines, place):
            if best is not None and last - first <= best[0]:
                continue
            if _are_columns(lines[first:last], place):
                best = (last - first, place, first, last)
    if best is None:
        return [list(lines)]
    _, place, first, last = best
    left, right = _halves(lines[first:last], place)
    above = split_columns(lines[:first], width) if first else []
    below = split_columns(lines[last:], width) if last < len(lines) else []
    return [*above, left, right, *below]


def _stretches(lines: Sequence[TextLine], place: float) -> list[tuple[int, int]]:
    """Runs of lines that all leave the gutter at ``place`` blank."""
    found: list[tuple[int, int]] = []
    start = 0
    for index, line in enumerate(lines):
        if any(
            run.box.x0 < place + _GUTTER / 2 and run.box.x1 > place - _GUTTER / 2
            for run in line.runs
        ):
            if index - start >= _SIDE_LINES:
                found.append((start, index))
            start = index + 1
    if len(lines) - start >= _SIDE_LINES:
        found.append((start, len(lines)))
    return found


def _halves(lines: Sequence[TextLine], place: float) -> tuple[list[TextLine], list[TextLine]]:
    left, right = [], []
    for line in lines:
        first = tuple(run for run in line.runs if run.box.x1 <= place)
        second = tuple(run for run in line.runs if run.box.x0 >= place)
        if first:
            left.append(TextLine(first, line.size))
        if second:
            right.append(TextLine(second, line.size))
    return left, right


def _are_columns(lines: Sequence[TextLine], place: float) -> bool:
    """Running text on both sides, or the same header over both."""
    left, right = _halves(lines, place)
    if min(len(left), len(right)) < _SIDE_LINES:
        return False
    if len(left[0].runs) > 1 and _words(left[0]) == _words(right[0]):
        return True
    return _is_running(left) and _is_running(right)


def _words(line: TextLine) -> list[str]:
    return [run.text for run in line.runs]


def _is_running(lines: Sequence[TextLine]) -> bool:
    """Many lines that fill their side, few figures."""
    start = min(line.box.x0 for line in lines)
    end = max(line.box.x1 for line in lines)
    full = sum(line.box.x1 - line.box.x0 >= (end - start) * _FULL for line in lines)
    runs = [run for line in lines for run in line.runs]
    figures = sum(is_figure(run.text) for run in runs)
    length = median(sum(len(run.text) for run in line.runs) for line in lines)
    return full >= max(2, len(lines) * 0.3) and figures <= len(runs) * 0.25 and length >= 8


def _table_end(lines: Sequence[TextLine], start: int) -> int:
    """Where the lines with several cells that begin here are over."""
    if len(lines[start].runs) < 2:
        return start
    end = last = start
    while end + 1 < len(lines):
        gap = lines[end + 1].box.y0 - lines[end].box.y1
        if gap > _LINES_APART * lines[end].size:
            break
        end += 1
        if len(lines[end].runs) > 1:
            last = end
        elif end - last > 1:
            break
    return last + 1


def _rows(lines: Sequence[TextLine]) -> list[PageLine] | None:
    body = [line for line in lines if _is_body(line)]
    if len(body) < _ROWS_ENOUGH:
        return None
    columns = _columns(body)
    if len(columns) < 2 or not any(_holds_figures(body, column) for column in columns):
        return None
    rows: list[PageLine] = []
    for line in lines:
        placed = _place(line, columns)
        if placed is None:
            return None
        rows.append(PageLine(LineKind.ROW, placed))
    return rows


def _is_body(line: TextLine) -> bool:
    return len(line.runs) > 1 and any(is_figure(run.text) for run in line.runs)


def _columns(body: Sequence[TextLine]) -> list[tuple[float, float]]:
    """The stretches of the width that some row fills."""
    found: list[tuple[float, float]] = []
    for run in sorted((run for line in body for run in line.runs), key=lambda run: run.box.x0):
        if found and run.box.x0 < found[-1][1] + _COLUMN_GAP:
            found[-1] = (found[-1][0], max(found[-1][1], run.box.x1))
        else:
            found.append((run.box.x0, run.box.x1))
    return found


def _holds_figures(body: Sequence[TextLine], column: tuple[float, float]) -> bool:
    runs = [run for line in body for run in line.runs if column[0] <= run.box.x0 <= column[1]]
    return sum(is_figure(run.text) for run in runs) >= max(2, len(runs) * _FIGURES_SHARE)


def _place(line: TextLine, columns: Sequence[tuple[float, float]]) -> tuple[Run, ...] | None:
    """Each run in the column it stands in; ``None`` when two figures would share one."""
    placed: list[Run] = []
    for run in line.runs:
        placed.append(replace(run, column=_nearest(run, columns)))
    taken = [run.column for run in placed]
    if len(set(taken)) < len(taken):
        if len(taken) == len(columns) and not any(is_figure(run.text) for run in placed):
            return tuple(replace(run, column=n) for n, run in enumerate(placed))
        if _is_body(line):
            return None
    return tuple(placed)


def _nearest(run: Run, columns: Sequence[tuple[float, float]]) -> int:
    def distance(index: int) -> float:
        start, end = columns[index]
        overlap = min(end, run.box.x1) - max(start, run.box.x0)
        return -overlap

    return min(range(len(columns)), key=distance)
