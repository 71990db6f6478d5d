"""What does each row of a table say: a programme, a heading, a sum, or more of the row above?

A row of one cell heads the rows below it; a row named 合計 or 小計 declares a sum; 再掲 and うち
rows are kept and never summed. A blank cell, a dash and a 0 stay three different things.
"""

from __future__ import annotations

import re
from dataclasses import replace

from indexer.eras import parse_fiscal_year
from indexer.model import Execution, LineRole, Money, MoneyState, Paragraph, Role, Severity
from indexer.parsing import patterns
from indexer.parsing.amounts import AmountToken, read_cell
from indexer.parsing.cells import Row
from indexer.parsing.characters import BREAK, fold_line, join_wrapped
from indexer.parsing.columns import MONEY, cell_unit
from indexer.parsing.drafts import Draft
from indexer.parsing.forecasts import settle
from indexer.parsing.grid import Grid
from indexer.parsing.headings import SECTION_ENDINGS, account_name
from indexer.parsing.heads import Figure, title_only
from indexer.parsing.layout import DeclaredTotal, FoundHeading, Kind, Layout
from indexer.parsing.lines import Line
from indexer.parsing.marks import fold_status, is_department
from indexer.parsing.title_levels import TitleLevels

_DITTO = ("〃", "同上", "”", '"', "々", "仝")
_CIRCLES = ("○", "●", "◯", "〇", "◎", "✓", "✔", "レ", "*")
_SPACED_BREAK = re.compile(rf"\s*(?:{BREAK.pattern})\s*")
_FRAME = re.compile(r"^[\s#*■◆●○◇□▼▽▶【〔<〈《(\[]+|[】〕>〉》)\]\s*]+$")


class TableReader:
    """Reads one table from top to bottom, carrying what its spanning rows and merged cells say."""

    def __init__(self, layout: Layout, grid: Grid, unit: str | None, start: int) -> None:
        self.layout, self.grid, self.unit = layout, grid, unit
        self.header = grid.header
        self.drafts: list[Draft] = []
        self.own_context: dict[int, set[str]] = {}
        self.departments: dict[int, str] = {}
        self.last: Draft | None = None
        self.top: Draft | None = None
        self.carried: dict[int, tuple[str, int]] = {}
        self.levels = TitleLevels(grid.header.title_columns)
        self.start = start
        """Where the table begins, over page breaks; then the last heading and the last sum."""
        self.heading_line = self.total_line = grid.header.lines[0]
        self.section: str | None = None
        """Of the section column, the last one said."""
        self.is_after_total = False
        self.has_bare_figures = False
        """Whether an amount had no unit to be read in."""
        self.open_section: DeclaredTotal | None = None
        """A bureau's sum printed above the bureau's rows."""

    def read(self) -> None:
        header = [] if self.header.is_resumed else self.header.lines
        for number in (*header, *self.grid.rules):
            self._structure(number)
        if header:
            self._note_unused()
        for row in self.grid.rows:
            self._row(row)
        self._close_section(self.grid.last_line + 1)

    def _note_unused(self) -> None:
        """A column that no field takes stays in the print only, and is said to."""
        names = list(dict.fromkeys(self.header.unused))
        if names:
            line = self.header.lines[0]
            self.layout.problem(
                line,
                "unused_column",
                f"{line}行目からの表の列「{'」「'.join(name[:20] for name in names)}」は"
                "読み取りの対象ではないため、原文にだけ残しました。",
                Severity.NOTE,
            )

    def _structure(self, number: int, program: Draft | None = None) -> None:
        if self.layout.kind(number) is Kind.BLANK or number in self.layout.claims:
            return
        self.layout.set(number, Kind.TABLE)
        if program is None:
            self.layout.claim(number, LineRole.STRUCTURE)
        else:
            program.lines.add(number)

    def _claim(self, row: Row, program: Draft | None = None) -> None:
        for number in range(row.first_line, row.last_line + 1):
            self._structure(number, program)

    def _row(self, row: Row) -> None:
        filled = row.filled
        title = _plain(row.cell(self.levels.column(row)))
        words = title or self._first_words(row)
        amounts = [i for role in MONEY for i in self.header.indexes(role) if row.cell(i).strip()]
        if row.is_misfit or self._is_shifted(row):
            self._unread(row, "列の数が見出しと合わず")
        elif all(cell_unit(row.cells[i]) for i in filled):
            self.unit = cell_unit(row.cells[filled[0]])
            self._claim(row)
        elif self._is_total(words):
            self._total(row, words)
        elif len(filled) == 1 and not amounts:
            self._spanning(row, filled[0])
        elif self._is_section_sum(row, words):
            self._section_sum(row, words)
        elif not title and not amounts and self.last is not None:
            self._continue(row)
        elif not title or title in _DITTO:
            self._unread(row, "事業名がなく")
        else:
            self._program(row, title)

    def _is_shifted(self, row: Row) -> bool:
        """``12,345`` without quotes in a file of commas is two cells: nothing right of it fits."""
        if self.header.shape.delimiter != "," or len(row.cells) <= len(self.header.columns):
            return False
        extra = [cell for cell in row.cells[len(self.header.columns) :] if cell.strip()]
        halves = zip(row.cells, row.cells[1:], strict=False)
        return bool(extra) and any(
            re.fullmatch(r"[△▲-]?\d{1,3}", fold_line(a).strip())
            and re.fullmatch(r"\d{3}", fold_line(b))
            for a, b in halves
        )

    def _first_words(self, row: Row) -> str:
        return next((_plain(cell) for cell in row.cells if re.search(r"[^\W\d]", cell)), "")

    def _is_total(self, words: str) -> bool:
        text = re.sub(r"[\s()【】*]", "", fold_line(words))
        totals = self.layout.profile.total_words
        if text in totals or re.fullmatch(
            r"計\(?\d+(?:事業|件)\)?|(?:全|合計)?\d+(?:事業|件)", text
        ):
            return True
        if len(text) > 30:
            return False
        return any(text.endswith(w) for w in totals if w != "計" and w != "総額") or bool(
            re.search(r"(?:部|局|課|室|会計|款|項|費)計$", text)
        )

    def _total(self, row: Row, words: str) -> None:
        label = re.sub(r"\s", "", words)
        section = re.sub(r"(?:合計|小計|総計|計)$", "", label) or None
        declared = self._declare(row, words, section)
        if count := re.search(r"(\d+)(?:事業|件)", fold_line("".join(row.cells))):
            declared.count = int(count[1])
        inner = [self.total_line, self.heading_line, self.start]
        outer = [self.start, 1]
        is_inner = not re.search(r"合計|総計|総額|純計", label)
        declared.starts = tuple(dict.fromkeys(inner + outer if is_inner else outer + inner))
        self.is_after_total = True
        if is_inner:
            self.total_line = row.last_line + 1
        self._claim(row)

    def _declare(self, row: Row, label: str, section: str | None) -> DeclaredTotal:
        figures: list[Figure] = []
        for role in ("amount", "previous"):
            index = self.header.index(role)
            money = self._money(row, index)
            if money is not None and money.yen is not None:
                token = AmountToken(0, 0, money.state, money.yen, money.unit)
                figures.append(Figure(role, token, self.layout.line(row.line(index))))
        declared = DeclaredTotal(row.first_line, label, figures, section=section)
        self.layout.totals[row.first_line] = declared
        return declared

    def _is_section_sum(self, row: Row, words: str) -> bool:
        """``総務部 … 52,014``: a bureau with figures and nothing else heads the rows below."""
        texts = [i for i in row.filled if re.search(r"[^\W\d]", row.cells[i])]
        name = _FRAME.sub("", fold_line(words))
        if len(texts) != 1 or not (name.endswith(SECTION_ENDINGS) or patterns.KAN.match(name)):
            return False
        match = patterns.SECTION.match(name) or patterns.KAN.match(name)
        role = self.header.columns[texts[0]].role if texts[0] < len(self.header.columns) else ""
        return match is not None and (role != "title" or not name.endswith("の部"))

    def _section_sum(self, row: Row, words: str) -> None:
        heading = self._heading(words, row.first_line)
        self._head(row, heading)
        self.open_section = self._declare(row, words, heading.title)

    def _close_section(self, line: int) -> None:
        if self.open_section is not None:
            self.open_section.end = line
        self.open_section = None

    def _spanning(self, row: Row, index: int) -> None:
        """A row of one cell: a heading, a division, or more of the row above it."""
        words = _plain(row.cells[index])
        column = self.header.columns[index].role if index < len(self.header.columns) else "other"
        if unit := patterns.UNIT_DECLARATION.search(fold_line(words)):
            self.unit = unit["unit"]
            words = re.sub(r"[\s(（\[〔]*単位.*$", "", words)
        name = _FRAME.sub("", fold_line(words))
        heading = self._heading(words, row.first_line)
        if re.match(r"[※(（]?\s*(?:注|※)", words) and self.is_after_total:
            self._claim(row)
            return
        is_text = column == "description" or re.search(r"[。※]", words) or not name
        if is_text and heading.kind == "goal":
            self._continue(row) if self.last is not None else self._unread(row, "事業名がなく")
        elif heading.kind == "goal" and is_department(name, self.layout.profile):
            self.departments[row.first_line] = self._printed(name, row.first_line)
            self.heading_line = row.first_line
            self._claim(row)
        elif heading.kind == "goal" and column == "title" and self._is_wrapped_title():
            assert self.last is not None
            self.last.title = join_wrapped(self.last.title, words)
            self._claim(row, self.last)
        else:
            self._head(row, heading)

    def _is_wrapped_title(self) -> bool:
        return self.last is not None and bool(re.search(r"[のとに・、(（]$", self.last.title))

    def _heading(self, words: str, line: int) -> FoundHeading:
        bare = _FRAME.sub("", fold_line(words))
        if kan := patterns.KAN.match(bare):
            number = kan["number"] or kan["after"]
            return FoundHeading("section", self._printed(kan["name"], line), line, number, line)
        match = re.match(
            r"第?\s*(\d{1,2})\s*(?:章|編|節)?(?:[\s.、:]+|(?=[^\d\s]*(?:部|局)$))", bare
        )
        name = bare[match.end() :] if match else bare
        kind = "section" if name.endswith((*SECTION_ENDINGS, "費")) else "goal"
        if account := account_name(fold_line(words)):
            kind, name, match = "account", account, None
        return FoundHeading(
            kind, self._printed(name, line), line, match[1] if match else None, line
        )

    def _head(self, row: Row, heading: FoundHeading) -> None:
        if heading.kind == "section":
            self._close_section(row.first_line)
        self.layout.headings[row.first_line] = heading
        self.heading_line = row.first_line
        self.carried.clear()
        self.levels.clear()
        self.top = None
        self._claim(row)

    def _printed(self, folded: str, line: int) -> str:
        """The words as printed, cut out of the line by their place in the folded one."""
        found = self.layout.line(line)
        at = found.text.find(folded)
        return found.raw[at : at + len(folded)] if at >= 0 else folded

    def _continue(self, row: Row) -> None:
        """More text for the row above: its explanation runs over lines."""
        assert self.last is not None
        for index in row.filled:
            self._paragraphs(self.last, row, index)
        self._claim(row, self.last)

    def _unread(self, row: Row, why: str) -> None:
        text = " ".join(cell.strip() for cell in row.cells if cell.strip())
        self.layout.problem(
            row.first_line,
            "unclaimed_line",
            f"{row.first_line}行目の表の行「{text[:40]}」は{why}、読み取れませんでした。",
        )
        for number in range(row.first_line, row.last_line + 1):
            if self.layout.kind(number) is not Kind.BLANK and number not in self.layout.claims:
                self.layout.set(number, Kind.TABLE)
                self.layout.claim(number, LineRole.PROBLEM)

    def _program(self, row: Row, title: str) -> None:
        line = row.line(self.levels.column(row))
        flat = _SPACED_BREAK.sub("", title)
        head = title_only(Line(line, flat, fold_line(flat)), self.layout.profile)
        draft = Draft(head.title if head else flat, line)
        draft.evidence.append(("title", line))
        if head is not None:
            draft.number, draft.flags = head.leading.number, list(head.flags)
            draft.statuses += [(word, line) for word in head.labels.statuses]
            draft.departments += [(word, line) for word in head.labels.departments]
        self.levels.note(row)
        self._headings(row, draft)  # before the division: a new bureau ends the one carried
        self._fields(row, draft)
        self._amounts(row, draft)
        self._executed(row, draft)
        self._life(row, draft)
        self._nest(row, draft)
        self._claim(row, draft)
        self.last, self.is_after_total = draft, False
        self.drafts.append(draft)

    def _fields(self, row: Row, draft: Draft) -> None:
        number = _plain(row.cell(self.header.index("number")))
        draft.number = draft.number or number or None
        for index in self.header.indexes("status"):
            words, line = self._merged(row, index) or (_plain(row.cell(index)), row.line(index))
            self._status(draft, words, index, line)
        for index in self.header.indexes("department"):
            name, line = self._carry(row, index)
            if name:
                draft.departments.append((_SPACED_BREAK.sub("", name), line))
        page = self.header.index("page")
        if found := re.search(r"\d+", fold_line(row.cell(page))):
            draft.page, draft.page_line = int(found[0]), row.line(page)
        for index in self.header.indexes("description"):
            self._paragraphs(draft, row, index)

    def _paragraphs(self, draft: Draft, row: Row, index: int) -> None:
        line = row.line(index)
        for part in BREAK.split(row.cells[index] if index < len(row.cells) else ""):
            text = part.strip()
            if text and not re.fullmatch(r"-+", fold_line(text)):
                draft.paragraphs.append(Paragraph(text, line, line))
            line = min(line + (row.first_line != row.last_line), row.last_line)

    def _status(self, draft: Draft, cell: str, index: int, line: int) -> None:
        """A cell of the status column; 一般 or 投資 there is another kind of 区分, kept aside."""
        named = re.sub(r"[\s等()の別]", "", fold_line(self.header.columns[index].name))
        if cell in _CIRCLES and fold_status(named, self.layout.profile):
            draft.statuses.append((named, line))
        elif cell and fold_status(cell, self.layout.profile):
            draft.statuses.append((cell, line))
        elif cell in _CIRCLES[:4] and named.startswith("新"):
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
            words, line = self._carry(row, index) if index is not None else ("", 0)
            if words and kind not in said:
                number = re.match(r"第?(\d{1,2})(?:[\s.:]+|款\s*)(.+)", fold_line(words))
                name = words[number.start(2) :] if number else words
                name = BREAK.sub("", name)
                heading = FoundHeading(kind, name, line, number[1] if number else None, line)
                setattr(draft, kind, heading)
                said.add(kind)
                if kind == "section" and name != self.section:
                    self.section, self.heading_line = name, row.first_line
        if "goal" not in said and (coarsest := self.levels.coarsest(row)):
            draft.goal = FoundHeading("goal", coarsest[0], coarsest[1], None, coarsest[1])
            said.add("goal")
        self.own_context[id(draft)] = said

    def _carry(self, row: Row, index: int) -> tuple[str, int]:
        """〃 repeats the cell above; so does a blank cell left of the names, which is merged.

        A cell further left that says something new ends what is merged to its right.
        """
        words = _plain(row.cell(index))
        title = self.header.index("title")
        if words in _DITTO:
            return self.carried.get(index, ("", 0))
        if words:
            for other in [i for i in self.carried if i > index]:
                if title is not None and index < title:
                    del self.carried[other]
            self.carried[index] = (words, row.line(index))
            return words, row.line(index)
        if merged := self._merged(row, index):
            return merged
        is_left = title is not None and index < title
        return self.carried.get(index, ("", 0)) if is_left else ("", 0)

    def _merged(self, row: Row, index: int | None) -> tuple[str, int] | None:
        """The words and the line of the cell above that a blank one of a sheet is merged into."""
        if index is None or row.cell(index).strip():
            return None
        line = self.layout.merged_line(row.first_line, index)
        if line is None:
            return None
        cells = self.layout.line(line).raw.split(self.header.shape.delimiter)
        words = _plain(cells[index]) if index < len(cells) else ""
        return (words, line) if words else None

    def _amounts(self, row: Row, draft: Draft) -> None:
        for role in MONEY:
            money = self._money(row, self.header.index(role))
            if money is None or not money.raw:
                continue
            if role == "change" and self._is_rate(money):
                continue  # a column 前年度比 may hold a rate
            setattr(draft, role, money)
            index = self.header.index(role)
            if role == "amount" and index is not None and "補正" in self.header.columns[index].name:
                draft.flag("supplement")
            name = {"previous": "previous_amount", "change": "printed_change"}.get(role, role)
            draft.evidence.append((name, money.line or row.first_line))
        for index in self.header.indexes("forecast"):
            money = self._money(row, index)
            label = self.header.columns[index].label
            if money is not None and money.raw and label:
                draft.forecasts += settle([(label, money)], self.layout.fiscal_year)
                draft.evidence.append(("forecasts", row.line(index)))

    def _executed(self, row: Row, draft: Draft) -> None:
        """What was spent, each year by its own column; a blank cell says nothing."""
        for index in self.header.indexes("executed"):
            money, year = self._money(row, index), self.header.columns[index].year
            if money is not None and money.raw and year is not None:
                draft.executions.append(Execution(year, money))
                draft.evidence.append(("executions", row.line(index)))

    def _life(self, row: Row, draft: Draft) -> None:
        """First and last year, where a column prints them as years."""
        for role in ("started", "ended"):
            index = self.header.index(role)
            cell = re.sub(r"\s", "", fold_line(row.cell(index)))
            year = parse_fiscal_year(cell) if cell else None
            if year is not None:
                setattr(draft, role, year)
                draft.evidence.append((role, row.line(index)))

    def _is_rate(self, money: Money) -> bool:
        """``18.3`` of a column without a unit; in 百万円 a change may have decimals."""
        text = fold_line(money.raw)
        of_money = money.unit not in (None, "円", "千円")
        return bool(re.search(r"%|倍", text) or (re.search(r"\.\d", text) and not of_money))

    def _money(self, row: Row, index: int | None) -> Money | None:
        if index is None:
            return None
        column = self.header.columns[index]
        unit = column.unit or self.unit
        if column.role == "forecast":
            unit = column.unit or self.layout.forecast_unit or unit
        profile = self.layout.profile
        if merged := self._merged(row, index):
            return Money(None, MoneyState.ELSEWHERE, merged[0], None, merged[1])
        place = column.role if column.role in profile.dashes else "amount"
        money = read_cell(
            BREAK.sub("", row.cell(index)),
            unit,
            row.line(index),
            dash=profile.dashes[place],
            states=profile.states,
        )
        if unit is None and money.state is MoneyState.UNREADABLE:
            self.has_bare_figures |= re.search(r"\d", money.raw) is not None
        if money.state is MoneyState.ZERO and profile.zero_is_below_unit:
            return replace(money, yen=None, state=MoneyState.BELOW_UNIT)
        return money

    def _nest(self, row: Row, draft: Draft) -> None:
        """``うち…`` rows belong to the row above them; うち水の推進 may be a name."""
        if "part_of" in draft.flags and self._is_name(row, draft):
            draft.flags.remove("part_of")
        if "part_of" not in draft.flags:
            self.top = draft
            self.levels.nest(row, draft)
        elif self.top is not None and "repeated" not in draft.flags:
            draft.parent, draft.role = self.top, Role.CHILD
            self.top.children.append(draft)
            self.top.role = Role.PARENT

    def _is_name(self, row: Row, draft: Draft) -> bool:
        """A share has no number or page of its own, no other bureau or division, no more money."""
        if "repeated" in draft.flags:
            return False
        own = [_plain(row.cell(self.header.index(role))) for role in ("number", "page")]
        if any(own) or self.top is None:
            return True
        whole, part = self.top.amount.yen, draft.amount.yen
        if whole is not None and part is not None and part > whole:
            return True
        if draft.section and self.top.section and draft.section.title != self.top.section.title:
            return True
        names = [name for name, _ in draft.departments]
        return bool(names) and names != [name for name, _ in self.top.departments]


def _plain(cell: str) -> str:
    """The words of a cell without the marks of the conversion: ``**合計**``."""
    text = cell.strip()
    if text.startswith("**") and text.endswith("**") and len(text) > 4:
        text = text[2:-2].strip()
    return text
