"""Which programmes do the rows of a table describe? (one row per programme)

The header says what each cell is. A row of one cell heads the rows below it; a row named 合計 or
小計 declares a sum; 再掲 and うち rows are kept and never summed. A blank cell, a dash and a 0 stay
three different things.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from indexer.model import LineRole, Money, MoneyState, Paragraph, Role
from indexer.parsing.amounts import AmountToken, read_cell
from indexer.parsing.characters import fold_line, match_key
from indexer.parsing.columns import Header
from indexer.parsing.drafts import Draft
from indexer.parsing.forecasts import settle
from indexer.parsing.grid import Grid, Row, find_grids
from indexer.parsing.headings import account_name
from indexer.parsing.heads import Figure, title_only
from indexer.parsing.layout import DeclaredTotal, FoundHeading, Kind, Layout
from indexer.parsing.lines import Line
from indexer.parsing.marks import fold_status, is_department

_DITTO = ("〃", "同上", "”", '"')


@dataclass(slots=True)
class Rows:
    """What the tables of a book gave; ``place`` adds the headings of the text around them."""

    drafts: list[Draft] = field(default_factory=list)
    own_context: dict[int, set[str]] = field(default_factory=dict)
    """id of a draft → the headings its own row or table said."""

    def place(self, layout: Layout) -> list[Draft]:
        """Account, section and goal from the text above the table where the table says none."""
        current: dict[str, FoundHeading | None] = {}
        waiting = iter(sorted(self.drafts, key=lambda draft: draft.line))
        draft = next(waiting, None)
        for number in range(1, len(layout.lines) + 1):
            heading = layout.headings.get(number)
            if heading is not None:
                current[heading.kind] = heading
                if heading.kind == "section":
                    current["goal"] = None
            while draft is not None and draft.line <= number:
                said = self.own_context.get(id(draft), set())
                for kind in ("account", "section", "goal"):
                    if kind not in said:
                        setattr(draft, kind, current.get(kind))
                draft = next(waiting, None)
        return self.drafts


def read_tables(layout: Layout) -> Rows:
    """Read every table; its lines leave the layout's text."""
    rows = Rows()
    for grid in find_grids(layout):
        if not grid.rows:
            continue
        _TableReader(layout, grid, rows).read()
    return rows


class _TableReader:
    """Reads one table from top to bottom, carrying what its spanning rows say."""

    def __init__(self, layout: Layout, grid: Grid, rows: Rows) -> None:
        self.layout, self.grid, self.rows = layout, grid, rows
        self.header: Header = grid.header
        self.context: dict[str, FoundHeading] = {}
        self.department: tuple[str, int] | None = None
        self.last: Draft | None = None
        self.top: Draft | None = None
        self.carried: dict[int, str] = {}
        self.unit = layout.unit_at(grid.header.lines[0])

    def read(self) -> None:
        for number in (*self.header.lines, *self.grid.rules):
            if self.layout.kind(number) is not Kind.BLANK:
                self._structure(number)
        for row in self.grid.rows:
            self._row(row)

    def _structure(self, number: int, program: Draft | None = None) -> None:
        self.layout.set(number, Kind.TABLE)
        if program is None:
            self.layout.claim(number, LineRole.STRUCTURE)
        else:
            program.lines.add(number)

    def _lines(self, row: Row) -> list[int]:
        numbers = range(row.first_line, row.last_line + 1)
        return [n for n in numbers if self.layout.kind(n) is not Kind.BLANK]

    def _row(self, row: Row) -> None:
        filled = [(i, cell) for i, cell in enumerate(row.cells) if cell.strip()]
        title_at = self.header.index("title")
        title = self._cell(row, title_at).strip()
        amounts = [self._cell(row, i) for i in self._money_columns() if self._cell(row, i).strip()]
        if len(filled) == 1 and not amounts:
            self._spanning(row, filled[0][0], filled[0][1].strip())
            return
        if self._is_total(title or self._first_words(row)):
            self._total(row, title or self._first_words(row))
            return
        if not title and not amounts and self.last is not None:
            self._continue(row)
            return
        if not title or title in _DITTO:
            self._unread(row)
            return
        self._program(row, title)

    def _money_columns(self) -> list[int]:
        return [i for role in ("amount", "previous", "change") for i in self.header.indexes(role)]

    def _cell(self, row: Row, index: int | None) -> str:
        return row.cells[index] if index is not None and index < len(row.cells) else ""

    def _first_words(self, row: Row) -> str:
        return next((cell.strip() for cell in row.cells if re.search(r"[^\W\d]", cell)), "")

    def _is_total(self, words: str) -> bool:
        text = re.sub(r"[\s()【】]", "", fold_line(words))
        totals = self.layout.profile.total_words
        if text in totals or re.fullmatch(r"計\(?\d+(?:事業|件)\)?|全?\d+(?:事業|件)", text):
            return True
        return any(text.endswith(w) for w in totals if w != "計") or bool(
            re.search(r"(?:部|局|課|室|会計|款|項|費)計$", text)
        )

    def _total(self, row: Row, words: str) -> None:
        figures: list[Figure] = []
        line = self.layout.line(row.first_line)
        for role in ("amount", "previous"):
            index = self.header.index(role)
            money = self._money(row, index)
            if money is not None and money.yen is not None:
                token = AmountToken(0, 0, money.state, money.yen, money.unit)
                figures.append(Figure(role, token, line))
        label = words.strip()
        section = re.sub(r"(?:合計|小計|総計|計)$", "", re.sub(r"\s", "", label)) or None
        declared = DeclaredTotal(row.first_line, label, figures, section=section)
        if count := re.search(r"(\d+)(?:事業|件)", fold_line("".join(row.cells))):
            declared.count = int(count[1])
        self.layout.totals[row.first_line] = declared
        for number in self._lines(row):
            self._structure(number)

    def _spanning(self, row: Row, index: int, words: str) -> None:
        """A row of one cell: a heading, or more of the row above it."""
        text = fold_line(words)
        line = row.first_line
        column = self.header.columns[index].role if index < len(self.header.columns) else "other"
        if column == "description" and self.last is not None:
            self._continue(row)
            return
        bare = re.sub(r"^[\s■◆●○◇□【〔<(\[]+|[】〕>)\]\s]+$", "", text)
        number = re.match(r"(?:第)?(\d{1,2})(?:章|編)?[\s.]+", bare)
        name = bare[number.end() :] if number else bare
        found = FoundHeading("goal", name, line, number[1] if number else None, line)
        if account := account_name(text):
            found = FoundHeading("account", account, line)
        elif name.endswith(("部", "局", "委員会", "議会")):
            found.kind = "section"
            self.context.pop("goal", None)
            self.department = None
        elif is_department(name, self.layout.profile):
            self.department = (words.strip("■◆●○◇□【】〔〕<>()[] "), line)
            self._claim_all(row)
            return
        elif re.search(r"[。※]", text):
            self._continue(row) if self.last is not None else self._unread(row)
            return
        elif (
            self.last is not None
            and column == "title"
            and re.search(r"[のとに・、(]$", self.last.title)
        ):
            self.last.title += words
            for wrapped in self._lines(row):
                self._structure(wrapped, self.last)
            return
        at = self.layout.line(line).raw
        found.title = name if name not in at else at[at.index(name) : at.index(name) + len(name)]
        self.context[found.kind] = found
        self.layout.headings[line] = found
        self._claim_all(row)

    def _claim_all(self, row: Row) -> None:
        for number in self._lines(row):
            self._structure(number)

    def _continue(self, row: Row) -> None:
        """More text for the row above: its explanation runs over lines."""
        words = " ".join(cell.strip() for cell in row.cells if cell.strip())
        assert self.last is not None
        self.last.paragraphs.append(Paragraph(words, row.first_line, row.last_line))
        for number in self._lines(row):
            self._structure(number, self.last)

    def _unread(self, row: Row) -> None:
        for number in self._lines(row):
            text = self.layout.line(number).raw.strip()
            self.layout.problem(
                number,
                "unclaimed_line",
                f"{number}行目の表の行「{text[:40]}」に事業名がなく、読み取れませんでした。",
            )
            self.layout.set(number, Kind.TABLE)
            self.layout.claim(number, LineRole.PROBLEM)

    def _program(self, row: Row, title: str) -> None:
        flat = re.sub(r"\s*\n\s*", "", title)
        head = title_only(Line(row.first_line, flat, fold_line(flat)), self.layout.profile)
        name = head.title if head else flat
        draft = Draft(name, row.first_line)
        draft.evidence.append(("title", row.first_line))
        if head is not None:
            draft.number, draft.flags = head.leading.number, list(head.flags)
            draft.statuses += [(word, row.first_line) for word in head.labels.statuses]
            draft.departments += [(word, row.first_line) for word in head.labels.departments]
        self._fields(row, draft)
        self._amounts(row, draft)
        self._nest(title, draft)
        for number in self._lines(row):
            self._structure(number, draft)
        self.last = draft
        self.rows.drafts.append(draft)

    def _fields(self, row: Row, draft: Draft) -> None:
        line = row.first_line
        if number := self._cell(row, self.header.index("number")).strip():
            draft.number = draft.number or number
        for index in self.header.indexes("status"):
            self._status(draft, self._cell(row, index).strip(), line)
        for index in self.header.indexes("department"):
            name = re.sub(r"\s*\n\s*", "", self._carry(index, self._cell(row, index).strip()))
            if name:
                draft.departments.append((name, line))
        if not draft.departments and self.department:
            draft.departments.append(self.department)
        if page := re.search(r"\d+", fold_line(self._cell(row, self.header.index("page")))):
            draft.page, draft.page_line = int(page[0]), line
        for index in self.header.indexes("description"):
            text = self._cell(row, index).strip()
            for part in filter(None, (p.strip() for p in text.split("\n"))):
                draft.paragraphs.append(Paragraph(part, row.first_line, row.last_line))
        self._headings(row, draft)

    def _status(self, draft: Draft, cell: str, line: int) -> None:
        """A cell of the status column; 一般 or 投資 there is another kind of 区分, kept aside."""
        if cell and fold_status(cell, self.layout.profile):
            draft.statuses.append((cell, line))
        elif cell in ("○", "●", "◯", "〇", "✓"):
            head = self.header.index("status")
            label = self.layout.line(self.header.lines[0]).raw
            if head is not None and "新" in label:
                draft.statuses.append(("新規", line))

    def _headings(self, row: Row, draft: Draft) -> None:
        said: set[str] = set()
        for kind, role in (
            ("account", "account"),
            ("section", "section"),
            ("section", "kan"),
            ("goal", "goal"),
        ):
            index = self.header.index(role)
            words = self._carry(index, self._cell(row, index).strip()) if index is not None else ""
            if words and kind not in said:
                number = re.match(r"(\d{1,2})[\s.:款]+(.+)", fold_line(words))
                name = words[number.start(2) :] if number else words
                heading = FoundHeading(kind, name, row.first_line, number[1] if number else None)
                setattr(draft, kind, heading)
                said.add(kind)
        for kind, heading in self.context.items():
            if kind not in said:
                setattr(draft, kind, heading)
                said.add(kind)
        self.rows.own_context[id(draft)] = said

    def _carry(self, index: int | None, words: str) -> str:
        """〃 and 同上 repeat the cell above."""
        if index is None:
            return words
        if words in _DITTO:
            return self.carried.get(index, "")
        if words:
            self.carried[index] = words
        return words

    def _amounts(self, row: Row, draft: Draft) -> None:
        for role in ("amount", "previous", "change"):
            money = self._money(row, self.header.index(role))
            if money is None or not money.raw:
                continue
            name = {"amount": "amount", "previous": "previous", "change": "change"}[role]
            setattr(draft, name, money)
            field_name = {"previous": "previous_amount", "change": "printed_change"}.get(role, role)
            draft.evidence.append((field_name, row.first_line))
        for index in self.header.indexes("forecast"):
            column = self.header.columns[index]
            money = self._money(row, index)
            if money is not None and column.label:
                draft.forecasts += settle([(column.label, money)], self.layout.fiscal_year)
                draft.evidence.append(("forecasts", row.first_line))

    def _money(self, row: Row, index: int | None) -> Money | None:
        if index is None:
            return None
        column = self.header.columns[index]
        unit = column.unit or self.unit
        if column.role == "forecast":
            unit = column.unit or self.layout.forecast_unit or unit
        place = column.role if column.role in self.layout.profile.dashes else "amount"
        money = read_cell(
            self._cell(row, index),
            unit,
            row.first_line,
            dash=self.layout.profile.dashes[place],
            states=self.layout.profile.states,
        )
        if money.state is MoneyState.ZERO and self.layout.profile.zero_is_below_unit:
            return Money(None, MoneyState.BELOW_UNIT, money.raw, money.unit, money.line)
        return money

    def _nest(self, printed: str, draft: Draft) -> None:
        """``うち…`` rows and indented rows belong to the row above them."""
        indented = printed[:1] in (" ", "\u3000") or fold_line(printed).startswith(("うち", "・"))
        if "part_of" in draft.flags and self.top is not None:
            draft.parent, draft.role = self.top, Role.CHILD
            self.top.children.append(draft)
            self.top.role = Role.PARENT
            return
        if not indented or self.top is None:
            self.top = draft


__all__ = ["Rows", "match_key", "read_tables"]
