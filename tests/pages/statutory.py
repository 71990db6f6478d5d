"""歳入歳出予算事項別明細書 as cities print it: facing pages, drawn from the figures of a test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tests.pages.books import Draw, Sheet

LEFT_EDGES = (30, 105, 169, 232, 296, 360, 423, 487, 552)
LEFT_WORDS = (
    "目",
    "本年度予算額",
    "前年度予算額",
    "比　較",
    "国県支出金",
    "地方債",
    "その他",
    "一般財源",
)
RIGHT_EDGES = (34, 118, 188, 552)
TOP, HEADER, BOTTOM = 92, 140, 770


@dataclass(frozen=True)
class Row:
    """One 目 of a left page, and what the right page prints beside it."""

    y: float
    name: Sequence[str]
    figures: Sequence[str]
    """本年度 前年度 比較 国県 地方債 その他 一般"""
    setsu: Sequence[tuple[str, str]] = ()
    lines: Sequence[tuple[int, str, str]] = ()
    """説明: depth (0 事業, 1 細事業, 2 text), words, figure."""


def left(number: int, heading: str, rows: Sequence[Row], words: Sequence[str] = LEFT_WORDS) -> Draw:
    """目 with their figures; each row is ruled above."""

    def draw(sheet: Sheet) -> None:
        for line, text in enumerate(heading.split("\n")):
            sheet.write(50, 57 + 15 * line, text)
        _frame(sheet, LEFT_EDGES, rows)
        for x, word in zip(LEFT_EDGES, words, strict=False):
            sheet.write(x + 3, 125, word, 8)
        for x in LEFT_EDGES[2:]:
            sheet.write_right(x - 3, HEADER + 9, "千円", 7)
        for row in rows:
            for line, text in enumerate(row.name):
                sheet.write(34, row.y + 22 + 20 * line, text, 8)
            for x, figure in zip(LEFT_EDGES[2:], row.figures, strict=False):
                sheet.write_right(x - 3, row.y + 22, figure, 8)
        sheet.write(280, 805, f"- {number} -")

    return draw


def right(number: int, rows: Sequence[Row], shift: float = 0) -> Draw:
    """節 and 説明, ruled at the height of the left page unless ``shift`` moves the rules."""

    def draw(sheet: Sheet) -> None:
        _frame(sheet, RIGHT_EDGES, [replace(row, y=row.y + shift) for row in rows])
        sheet.write(60, 105, "節", 8)
        for x, word in zip(RIGHT_EDGES, ("区　分", "金　額", "説　　　明"), strict=False):
            sheet.write(x + 20, 125, word, 8)
        for x in RIGHT_EDGES[2:]:
            sheet.write_right(x - 3, HEADER + 9, "千円", 7)
        for row in rows:
            for line, (name, figure) in enumerate(row.setsu):
                sheet.write(38, row.y + 22 + 24 * line, name, 8)
                sheet.write_right(185, row.y + 22 + 24 * line, figure, 8)
            for line, (depth, text, figure) in enumerate(row.lines):
                y = row.y + 22 + 20 * line
                sheet.write(196 + (0, 10, 40)[depth], y, text, 8)
                sheet.write_right((549, 515, 496)[depth], y, figure, 8)
        sheet.write(280, 805, f"- {number} -")

    return draw


def _frame(sheet: Sheet, edges: Sequence[float], rows: Sequence[Row]) -> None:
    for y in (TOP, HEADER, BOTTOM, *(row.y for row in rows)):
        sheet.rule(edges[0], y, edges[-1], y)
    for x in edges:
        sheet.rule(x, TOP, x, BOTTOM)
