"""What stands on the facing pages of 歳入歳出予算事項別明細書? Each 目 with its figures and 説明.

The left page prints the 目 with this year's and last year's figures and where the money comes
from, the right page 節 and 説明. The two belong together by the level rules that part the 目: both
pages rule at the same height. Where they do not, the 説明 is given to nobody.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from itertools import pairwise

from indexer.model import Box, Place
from indexer.pages.book_lines import BookLines
from indexer.pages.page import LineKind, Page, PageBook, Rule, around
from indexer.parsing.characters import fold_line

FUNDS = ("national", "national_prefectural", "prefectural", "bonds", "other", "general")
_LEFT = ("moku", "amount", "previous", "change")
_RIGHT = ("setsu", "setsu_amount", "explanation")
_HEADER_ROWS = 4
_SAME_LINE = 3.0
"""Points: pieces of one line of text."""
_SAME_HEIGHT = 6.0
"""A name and its figures, which may be set in another size."""
_SAME_RULE = 3.0
_SAME_EDGE = 2.5
_UNIT = re.compile(r"(?:千|百万|万|億)?円")
_FIGURE = re.compile(r"[△▲-]? ?\d{1,3}(?:,\d{3})*|[△▲-]? ?\d+|-")
_NUMBERED = re.compile(r"(?P<number>\d{1,3})(?:[\s.]+|(?=\D))(?P<name>\S.*)")
_CODED = re.compile(r"(?P<number>\d{2,4})\s*(?P<name>\S.*)?")
_HEADING = re.compile(
    r"(?P<number>\d{1,2}) ?(?P<kind>款|項)\s+(?P<name>[^\d\s](?:[^\d]*[^\d\s])?)"
    r"(?:\s+(?P<total>[\d,]+) ?(?P<unit>(?:千|百万)?円))?"
)
_ACCOUNT = re.compile(
    r"(?P<name>一般会計|[^\d\W]{2,16}(?:特別|事業|企業)会計)(?=$|予算|歳入|歳出|\))"
)
_TOTAL = ("計", "合計", "項計")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters with the column it stands in and the line of the document."""

    text: str
    folded: str
    box: Box
    column: int
    line: int

    @property
    def middle(self) -> float:
        """Half way down."""
        return (self.box.y0 + self.box.y1) / 2


@dataclass(frozen=True, slots=True)
class Printed:
    """A figure as printed, and its line."""

    text: str
    line: int


@dataclass(slots=True)
class PrintedLevel:
    """款 or 項: its number, its name, and the sum printed beside it."""

    number: str
    name: str
    line: int
    total: Printed | None = None
    unit: str | None = None


@dataclass(slots=True)
class PrintedSetsu:
    """A numbered line of 節 with its figure."""

    number: str
    name: str
    figure: Printed
    is_open: bool = True
    """Nothing but more of its name has followed."""


@dataclass(slots=True)
class Item:
    """A coded line of 説明: ``003 精神障害者医療費  22,542``, with what stands below it."""

    code: str
    name: str
    line: int
    indent: float
    figure: Printed | None
    last_line: int
    name_start: float
    texts: list[tuple[str, int]] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    parts: list[Item] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Moku:
    """One 目 with everything that the two pages say of it."""

    number: str | None
    name: str
    lines: list[int]
    figures: dict[str, Printed]
    unit: str | None
    kan: PrintedLevel | None
    ko: PrintedLevel | None
    account: PrintedLevel | None
    page: int
    """Of the file, for messages."""
    places: list[Place] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    notes: list[tuple[str, int]] = field(default_factory=list)
    """What 説明 says before its first item: （廃目）."""
    setsu: list[PrintedSetsu] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Statement:
    """All that was read, and which pages of the file were not."""

    moku: list[Moku] = field(default_factory=list)
    kan: list[PrintedLevel] = field(default_factory=list)
    ko: list[tuple[PrintedLevel, PrintedLevel]] = field(default_factory=list)
    """項, each with its 款."""
    read: list[int] = field(default_factory=list)
    """Places of the pages in the book that were read as expenditure."""
    revenue: list[int] = field(default_factory=list)
    doubts: list[tuple[int, str]] = field(default_factory=list)
    """Page of the file, and what on it belongs to nobody."""


def read_statement(book: PageBook, lines: BookLines) -> Statement | None:
    """The expenditure of the book by 目; ``None`` for a book that is no such statement."""
    reader = _Reader(lines)
    for place, page in enumerate(book.pages):
        reader.take(place, page)
    return reader.statement if reader.statement.read or reader.statement.revenue else None


class _Reader:
    """Goes through the pages in order; a 目 goes on until the next one begins."""

    def __init__(self, lines: BookLines) -> None:
        self.lines = lines
        self.statement = Statement()
        self.kan: PrintedLevel | None = None
        self.ko: PrintedLevel | None = None
        self.account: PrintedLevel | None = None
        self.current: Moku | None = None
        self.open: Item | None = None
        self.headings: list[tuple[float, re.Match[str], int]] = []
        self.bands: list[tuple[float, Moku | None]] | None = None
        """Of the left page before: where each band begins, and whose it is."""

    def take(self, place: int, page: Page) -> None:
        """One page: a left one, a right one, both on one, or another."""
        pieces = _pieces(page, self.lines.of_pages[place])
        header = _header(pieces)
        columns = header.columns
        self._name_account(page, self.lines.of_pages[place])
        is_left = all(role in columns for role in _LEFT)
        is_right = "explanation" in columns and "setsu" in columns
        if is_left and "general" not in columns:
            self.statement.revenue.append(place)
            self.bands = None
            return
        if is_left:
            self._headings(page, self.lines.of_pages[place])
            self.bands = self._left(page, pieces, header)
            self.statement.read.append(place)
        if is_right and self.bands is not None:
            self._right(page, pieces, header)
            if not is_left:
                self.statement.read.append(place)
            self.bands = None
        elif is_right:
            self.statement.revenue.append(place)
        elif not is_left:
            self.bands = None

    def _name_account(self, page: Page, numbers: Sequence[int]) -> None:
        for line, number in zip(page.lines, numbers, strict=True):
            if line.kind is LineKind.ROW or "。" in line.text:
                continue
            match = _ACCOUNT.search(re.sub(r"\s", "", fold_line(line.text)))
            if match is not None and (self.account is None or self.account.name != match["name"]):
                self.account = PrintedLevel("", match["name"], number)

    def _headings(self, page: Page, numbers: Sequence[int]) -> None:
        """款 and 項 that the page names; each holds for the 目 below it."""
        self.headings = [
            (line.box.y0, match, number)
            for line, number in zip(page.lines, numbers, strict=True)
            if line.kind is not LineKind.ROW
            and (match := _HEADING.fullmatch(fold_line(line.text).strip())) is not None
        ]

    def _pass_headings(self, height: float) -> None:
        while self.headings and self.headings[0][0] < height:
            _, match, line = self.headings.pop(0)
            self._level(match, line)

    def _level(self, match: re.Match[str], line: int) -> None:
        total = Printed(match["total"], line) if match["total"] else None
        name = re.sub(r"\s", "", match["name"])
        level = PrintedLevel(match["number"], name, line, total, match["unit"])
        if match["kind"] == "款":
            if self.kan is None or (self.kan.number, self.kan.name) != (level.number, name):
                self.kan, self.ko = level, None
                self.statement.kan.append(level)
        elif self.ko is None or (self.ko.number, self.ko.name) != (level.number, name):
            self.ko = level
            if self.kan is not None:
                self.statement.ko.append((self.kan, level))

    def _left(
        self, page: Page, pieces: Sequence[Piece], header: _Header
    ) -> list[tuple[float, Moku | None]]:
        """Reads the 目 of the page. The first band goes on with the 目 before it unless a 目
        begins right under the header."""
        columns, bottom = header.columns, header.bottom
        body = [piece for piece in pieces if piece.middle > bottom]
        unit = _unit(body, columns["amount"])
        names = _text_rows([p for p in body if p.column == columns["moku"]])
        bands: list[tuple[float, Moku | None]] = [(0.0, self.current)]
        waiting = _figures(body, [columns[role] for role in _LEFT[1:]])
        for row in names:
            self._pass_headings(row[0].box.y0)
            own = [piece for piece in waiting if abs(piece.middle - row[0].middle) < _SAME_HEIGHT]
            if own:
                waiting = [piece for piece in waiting if piece not in own]
                self.current = self._begin(row, page, unit)
                start = _rule_above(page, row[0].box.y0, columns, pieces)
                bands.append((start, self.current))
                if self.current is not None:
                    boxes = [piece.box for piece in row]
                    self.current.places.append(Place(page.number, around(boxes)))
                    self._fill(self.current, body, columns, row[0].middle)
            elif self.current is not None and self.current.page == page.number:
                self.current.name += _squeezed_print(row)
                self.current.lines += [piece.line for piece in row]
                self.current.places.append(Place(page.number, around([piece.box for piece in row])))
            else:
                words = f"目の欄の「{_squeezed_print(row)}」が何の続きか分からない"
                self.statement.doubts.append((page.number, words))
        self._pass_headings(page.height)
        if waiting:
            words = f"「{_squeezed_print(waiting)}」がどの目の金額か分からない"
            self.statement.doubts.append((page.number, words))
        return bands

    def _begin(self, row: Sequence[Piece], page: Page, unit: str | None) -> Moku | None:
        """The 目 that a line of names with figures beside it begins; ``None`` for a sum.

        One that is no longer budgeted is printed without a number.
        """
        text = "\u3000".join(piece.folded for piece in row).strip()
        if re.sub(r"\s", "", text) in _TOTAL:
            return None
        match = _NUMBERED.fullmatch(text)
        moku = Moku(
            match["number"] if match else None,
            _without_number(_squeezed_print(row)) if match else _squeezed_print(row),
            [row[0].line],
            {},
            unit,
            self.kan,
            self.ko,
            self.account,
            page.number,
        )
        self.statement.moku.append(moku)
        return moku

    def _doubt(self, bands: Iterable[tuple[float, Moku | None]], words: str) -> None:
        for _, moku in bands:
            if moku is not None:
                moku.doubts.append(words)

    def _fill(
        self, moku: Moku, body: Sequence[Piece], columns: Mapping[str, int], middle: float
    ) -> None:
        for role in (*_LEFT[1:], *FUNDS):
            if role not in columns:
                continue
            found = [
                piece
                for piece in body
                if piece.column == columns[role]
                and abs(piece.middle - middle) < _SAME_HEIGHT
                and not _UNIT.fullmatch(piece.folded)
            ]
            if len(found) == 1 and is_figure(found[0].folded):
                moku.figures[role] = Printed(found[0].text, found[0].line)
                whole = around([moku.places[0].box, found[0].box])
                moku.places[0] = Place(moku.page, whole)
            elif found:
                moku.doubts.append(f"「{_squeezed_print(found)}」を金額として読めない")

    def _right(self, page: Page, pieces: Sequence[Piece], header: _Header) -> None:
        bands = self.bands or []
        columns, bottom = header.columns, header.bottom
        for before, (start, moku) in pairwise(bands):
            above = [rule for rule in page.levels if abs(rule.at - start) <= _SAME_RULE]
            if not above and start > bottom + 2 * _SAME_RULE:
                self._doubt([before, (start, moku)], "左右のページの罫線の高さが合わない")
        body = [piece for piece in pieces if piece.middle > bottom]
        for row in _text_rows([p for p in body if p.column >= columns["explanation"]]):
            owner = _owner(bands, row[0].middle)
            self._explain(row, owner)
            if owner is not None and owner.items:
                place = Place(page.number, around([piece.box for piece in row]))
                owner.items[-1].places.append(place)
        for row in _text_rows(
            [p for p in body if columns["setsu"] <= p.column < columns["explanation"]]
        ):
            self._setsu(row, columns, _owner(bands, row[0].middle))

    def _setsu(self, row: Sequence[Piece], columns: Mapping[str, int], moku: Moku | None) -> None:
        """A numbered 節 and its figure. Rows below it without a number are more of its name, as
        long as they have no figure, and then parts of it."""
        names = [p for p in row if p.column < columns["setsu_amount"]]
        figures = [p for p in row if p.column == columns["setsu_amount"] and is_figure(p.folded)]
        if moku is None or not names:
            return
        match = _NUMBERED.fullmatch("\u3000".join(p.folded for p in names).strip())
        printed = _squeezed_print(names)
        if match and figures:
            figure = Printed(figures[0].text, figures[0].line)
            moku.setsu.append(PrintedSetsu(match["number"], _without_number(printed), figure))
        elif moku.setsu and moku.setsu[-1].is_open and not figures:
            moku.setsu[-1].name += printed
        elif moku.setsu:
            moku.setsu[-1].is_open = False

    def _explain(self, row: Sequence[Piece], moku: Moku | None) -> None:
        if moku is None:
            return
        pieces = [piece for piece in row if not _UNIT.fullmatch(piece.folded)]
        if not pieces:
            return
        first, line = pieces[0], pieces[0].line
        if len(pieces) == 1 and is_figure(first.folded) and self._takes(first):
            return
        match = _CODED.fullmatch(first.folded.strip())
        if (match is not None and not is_figure(first.folded)) or (len(pieces) > 1 and match):
            self._item(pieces, match, moku)
            return
        text = "\u3000\u3000".join(piece.text for piece in pieces)
        item = self.open if moku.items and self.open is not None else None
        if item is None:
            moku.notes.append((text, line))
            return
        is_name = abs(first.box.x0 - item.name_start) <= _SAME_EDGE and not item.texts
        if is_name and len(pieces) == 1:
            item.name += text
        else:
            item.texts.append((text, line))
        item.last_line = line

    def _takes(self, piece: Piece) -> bool:
        """A figure alone on its line, below a name too long to leave room for it."""
        item = self.open
        if item is None or item.figure is not None or item.texts or piece.line <= item.line:
            return False
        item.figure = Printed(piece.text, piece.line)
        item.last_line = piece.line
        return True

    def _item(self, pieces: Sequence[Piece], match: re.Match[str], moku: Moku) -> None:
        first, last = pieces[0], pieces[-1]
        has_figure = len(pieces) > 1 and is_figure(last.folded)
        words = list(pieces[:-1] if has_figure else pieces)
        start = match.start("name") if match["name"] else 0
        offset = len(first.folded) - len(first.folded.lstrip())
        own = first.text[offset + start :] if match["name"] else ""
        name = "\u3000".join(filter(None, (own, *(piece.text for piece in words[1:]))))
        width = (first.box.x1 - first.box.x0) * (offset + start) / max(len(first.text), 1)
        item = Item(
            match["number"],
            name.strip(),
            first.line,
            first.box.x0,
            Printed(last.text, last.line) if has_figure else None,
            first.line,
            first.box.x0 + width if match["name"] or len(words) < 2 else words[1].box.x0,
        )
        self.open = item
        outer = moku.items[0].indent if moku.items else item.indent
        if item.indent > outer + _SAME_EDGE:
            moku.items[-1].parts.append(item)
        elif item.indent < outer - _SAME_EDGE:
            moku.doubts.append(f"説明の「{item.code} {item.name}」の字下げが分からない")
        else:
            moku.items.append(item)


def _pieces(page: Page, numbers: Sequence[int]) -> list[Piece]:
    """Everything in the tables of the page, from top to bottom."""
    found = [
        Piece(run.text, fold_line(run.text), run.box, run.column, number)
        for line, number in zip(page.lines, numbers, strict=True)
        if line.kind is LineKind.ROW
        for run in line.runs
    ]
    return sorted(found, key=lambda piece: (piece.middle, piece.box.x0))


@dataclass(frozen=True, slots=True)
class _Header:
    """What the columns of a table hold, by the words of its header, and where the header ends."""

    columns: dict[str, int]
    bottom: float


def _header(pieces: Sequence[Piece]) -> _Header:
    cells: dict[tuple[int, int], list[Piece]] = {}
    rows: dict[int, None] = {}
    for piece in pieces:
        rows[piece.line] = None
        if len(rows) > _HEADER_ROWS:
            break
        cells.setdefault((piece.line, piece.column), []).append(piece)
    columns: dict[str, int] = {}
    bottom = 0.0
    for role, names in _words().items():
        for (_, column), cell in cells.items():
            if role not in columns and not _header_words(cell).isdisjoint(names):
                columns[role] = column
                bottom = max(bottom, *(piece.box.y1 for piece in cell))
    return _Header(columns, bottom)


def _header_words(cell: Sequence[Piece]) -> set[str]:
    """Of a header cell as a whole (本年度 over 予算額), and of each line (節 over 区分)."""
    rows = _text_rows(cell)
    return {_squeezed(piece for row in rows for piece in row), *map(_squeezed, rows)}


def _squeezed(cell: Iterable[Piece]) -> str:
    return "".join(re.sub(r"\s", "", piece.folded) for piece in cell)


@lru_cache(maxsize=1)
def _words() -> Mapping[str, tuple[str, ...]]:
    text = resources.files("indexer.parsing").joinpath("statutory_words.toml").read_text("utf-8")
    columns: Mapping[str, Sequence[str]] = tomllib.loads(text)["columns"]
    return {role: tuple(map(fold_line, names)) for role, names in columns.items()}


def _unit(body: Sequence[Piece], column: int) -> str | None:
    """The unit printed over the first figure of the column."""
    own = (piece.folded for piece in body if piece.column == column)
    return next((text for text in own if _UNIT.fullmatch(text)), None)


def is_figure(folded: str) -> bool:
    """A whole figure of these tables, or a dash."""
    return _FIGURE.fullmatch(folded.strip()) is not None


def _figures(body: Sequence[Piece], columns: Sequence[int]) -> list[Piece]:
    """What stands in these columns and is no unit: figures, also misprinted ones."""
    return [p for p in body if p.column in columns and not _UNIT.fullmatch(p.folded)]


def _squeezed_print(pieces: Iterable[Piece]) -> str:
    return "".join(re.sub(r"\s", "", piece.text) for piece in pieces)


def _without_number(printed: str) -> str:
    return re.sub(r"^[\d.．]+", "", printed)


def _text_rows(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Pieces on one line of text, left to right; the lines from top to bottom."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: piece.middle):
        if rows and piece.middle - rows[-1][0].middle <= _SAME_LINE:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda piece: piece.box.x0) for row in rows]


def _rule_above(
    page: Page, top: float, columns: Mapping[str, int], pieces: Sequence[Piece]
) -> float:
    """The level rule over a line of the 目 column."""
    own = [piece for piece in pieces if piece.column == columns["moku"]]
    middle = (min(p.box.x0 for p in own) + max(p.box.x1 for p in own)) / 2
    over = [rule for rule in page.levels if _covers(rule, middle) and rule.at <= top + 1]
    return max((rule.at for rule in over), default=top)


def _covers(rule: Rule, x: float) -> bool:
    return rule.start <= x <= rule.end


def _owner(bands: Sequence[tuple[float, Moku | None]], middle: float) -> Moku | None:
    """Whose band a height lies in."""
    owner: Moku | None = None
    for start, moku in bands:
        if start <= middle:
            owner = moku
    return owner
