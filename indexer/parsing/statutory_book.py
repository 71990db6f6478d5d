"""Which programmes does 歳入歳出予算事項別明細書 describe? Each 目, and the items of its 説明.

The book proves its figures itself: 本年度 less 前年度 is 比較, the items of 説明 and the 節 add up
to the 目, the 目 to the 項 and the 項 to the 款. A 目 whose row does not agree is left out and
told, and items that do not add up to their 目 likewise. Nothing unproven is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from indexer.model import (
    Check,
    Classification,
    Funding,
    Level,
    LineRole,
    Money,
    Paragraph,
    Role,
    Setsu,
    Severity,
)
from indexer.pages.book_lines import BookLines
from indexer.pages.page import LineKind, PageBook
from indexer.parsing.amounts import read_cell
from indexer.parsing.drafts import Draft
from indexer.parsing.layout import FoundHeading, Kind, Layout
from indexer.parsing.statutory_pages import (
    FUNDS,
    Item,
    Moku,
    Printed,
    PrintedLevel,
    Statement,
)


@dataclass(slots=True)
class StatutoryBook:
    """The drafts of a statement and what proves them."""

    layout: Layout
    statement: Statement
    drafts: list[Draft] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    headings: dict[int, FoundHeading] = field(default_factory=dict)
    tallies: dict[str, list[bool]] = field(default_factory=dict)
    """Name of a proof → for each 目 that prints it, whether it holds."""

    def read(self, book: PageBook, lines: BookLines) -> None:
        """Fill in drafts and checks; every line is claimed or told."""
        for moku in self.statement.moku:
            self._moku(moku)
        for page, words in self.statement.doubts:
            self.layout.problem(
                None,
                "statement_unclear",
                f"{page}ページ目は、{words}ため、読み落としがあるかもしれません。"
                "原本を確かめてください。",
            )
        self._prove_levels()
        self._claim(book, lines)

    def _moku(self, moku: Moku) -> None:
        amount = self._money(moku.figures.get("amount"), moku.unit)
        reason = self._doubt_of(moku, amount)
        if reason is not None:
            self.layout.problem(
                moku.lines[0],
                "moku_unread",
                f"{moku.page}ページ目の目「{moku.name}」は{reason}ため、入れていません。"
                "原本を確かめてください。",
                Severity.ERROR,
            )
            return
        draft = self._draft(moku, moku.name, moku.number, moku.lines[0], amount)
        draft.title_lines = sorted(set(moku.lines))
        draft.previous = self._money(moku.figures.get("previous"), moku.unit)
        draft.change = self._money(moku.figures.get("change"), moku.unit)
        for name, role in (("previous_amount", "previous"), ("printed_change", "change")):
            if role in moku.figures:
                draft.evidence.append((name, moku.figures[role].line))
        draft.lines |= set(moku.lines)
        draft.places = list(moku.places)
        draft.paragraphs = [Paragraph(text, line, line) for text, line in moku.notes]
        self.drafts.append(draft)
        self._children(moku, draft)

    def _doubt_of(self, moku: Moku, amount: Money) -> str | None:
        """Why the row of a 目 cannot be trusted."""
        if moku.unit is None:
            return "金額の単位が見つからない"
        if amount.yen is None:
            return "本年度予算額が読めない"
        change, previous = (
            self._yen(moku.figures.get(role), moku.unit) for role in ("change", "previous")
        )
        has_change = "change" in moku.figures
        if has_change and not self._tally(
            "目: 本年度−前年度=比較", amount.yen - previous == change
        ):
            return "本年度予算額と前年度予算額の差が「比較」と合わない"
        funds = [moku.figures[role] for role in FUNDS if role in moku.figures]
        total = sum(self._yen(figure, moku.unit) for figure in funds)
        if funds and not self._tally("目: 財源内訳の合計", total == amount.yen):
            return "財源内訳の合計が本年度予算額と合わない"
        if not has_change and not funds:
            return "金額を確かめる欄がない"
        return None

    def _children(self, moku: Moku, draft: Draft) -> None:
        self._classify(moku, draft)
        if not moku.items:
            return
        total = sum(self._yen(item.figure, moku.unit) for item in moku.items)
        adds_up = self._tally("目: 説明の事業の合計", total == draft.amount.yen)
        if not adds_up or moku.doubts or any(item.figure is None for item in moku.items):
            reason = moku.doubts[0] if moku.doubts else "合計が目の額と合わない"
            self.layout.problem(
                draft.line,
                "explanation_unread",
                f"{moku.page}ページ目の目「{moku.name}」の説明の事業は、{reason}ため、"
                "入れていません。原本を確かめてください。",
            )
            return
        for item in moku.items:
            self._child(moku, item, draft)

    def _classify(self, moku: Moku, draft: Draft) -> None:
        """款 項 目, the 節 where they add up, and where the money comes from."""
        setsu = [
            Setsu(item.number, item.name, self._money(item.figure, moku.unit))
            for item in moku.setsu
        ]
        total = sum(item.amount.yen or 0 for item in setsu)
        if setsu and not self._tally("目: 節の合計", total == draft.amount.yen):
            setsu = []
        draft.classification = Classification(
            "expenditure",
            _level(moku.kan),
            _level(moku.ko),
            Level(moku.number, moku.name),
            tuple(setsu),
        )
        if any(role in moku.figures for role in FUNDS):
            draft.funding = self._funding(moku)

    def _funding(self, moku: Moku) -> Funding:
        """国 and 県 are one where the book prints them as one, and added where it does not."""
        whole = self._money(moku.figures.get("national_prefectural"), moku.unit)
        parts = [
            money
            for role in ("national", "prefectural")
            if (money := self._money(moku.figures.get(role), moku.unit)).yen is not None
        ]
        if parts:
            raw = "、".join(money.raw for money in parts)
            whole = replace(parts[0], yen=sum(money.yen or 0 for money in parts), raw=raw)
        bonds, other, general = (
            self._money(moku.figures.get(role), moku.unit) for role in ("bonds", "other", "general")
        )
        return Funding(whole, bonds, other, general)

    def _child(self, moku: Moku, item: Item, parent: Draft) -> None:
        amount = self._money(item.figure, moku.unit)
        child = self._draft(moku, item.name, item.code, item.line, amount)
        child.title_lines = [item.line]
        child.paragraphs = list(_paragraphs(item))
        child.lines |= {item.line}
        child.places = list(item.places)
        if parent.classification is not None:
            child.classification = replace(parent.classification, setsu=())
        child.parent, child.role = parent, Role.CHILD
        parent.role = Role.PARENT
        parent.children.append(child)
        if item.parts:
            total = sum(self._yen(part.figure, moku.unit) for part in item.parts)
            self._tally("説明: 細事業の合計", total == amount.yen)
        self.drafts.append(child)

    def _draft(self, moku: Moku, title: str, number: str | None, line: int, amount: Money) -> Draft:
        draft = Draft(title, line, number, amount=amount)
        draft.account = self._heading("account", moku.account)
        draft.section = self._heading("section", moku.kan)
        if amount.line is not None:
            draft.evidence.append(("amount", amount.line))
            draft.lines.add(amount.line)
        return draft

    def _heading(self, kind: str, level: PrintedLevel | None) -> FoundHeading | None:
        if level is None:
            return None
        if level.line not in self.headings:
            number = level.number or None
            self.headings[level.line] = FoundHeading(kind, level.name, level.line, number)
            self.layout.headings[level.line] = self.headings[level.line]
        return self.headings[level.line]

    def _money(self, figure: Printed | None, unit: str | None) -> Money:
        profile = self.layout.profile
        return read_cell(
            figure.text if figure else "",
            unit,
            figure.line if figure else None,
            dash=profile.dashes["amount"],
            states=profile.states,
        )

    def _yen(self, figure: Printed | None, unit: str | None) -> int:
        """For a sum: a blank and a dash count nothing."""
        return self._money(figure, unit).yen or 0

    def _tally(self, name: str, holds: bool) -> bool:
        self.tallies.setdefault(name, []).append(holds)
        return holds

    def _prove_levels(self) -> None:
        """One fact for each kind of proof over all 目, and one for each sum the book prints."""
        for name, results in self.tallies.items():
            found = f"{sum(results)}"
            self.checks.append(Check(name, f"{len(results)}", found, all(results)))
        for kan, ko in self.statement.ko:
            self._prove(f"{kan.name} {ko.name}", ko, [m for m in self.statement.moku if m.ko is ko])
        for kan in self.statement.kan:
            self._prove(kan.name, kan, [m for m in self.statement.moku if m.kan is kan])

    def _prove(self, name: str, level: PrintedLevel, moku: Sequence[Moku]) -> None:
        if level.total is None:
            return
        unit = level.unit or next((m.unit for m in moku), None)
        expected = self._yen(level.total, unit)
        found = sum(self._yen(m.figures.get("amount"), m.unit) for m in moku)
        self.checks.append(
            Check(f"目の合計: {name}", str(expected), str(found), expected == found, level.line)
        )
        if expected != found:
            self.layout.problem(
                level.line,
                "declared_total_differs",
                f"{level.line}行目の{name}は{expected:,}円ですが、読み取れた目を足すと{found:,}円です。",
            )

    def _claim(self, book: PageBook, lines: BookLines) -> None:
        """Lines of the pages read are structure; other pages are told as a whole."""
        own = {number for draft in self.drafts for number in draft.lines}
        own |= {
            number
            for draft in self.drafts
            for paragraph in draft.paragraphs
            for number in range(paragraph.first_line, paragraph.last_line + 1)
        }
        read = set(self.statement.read)
        for place, numbers in enumerate(lines.of_pages):
            for number in numbers:
                if number not in own:
                    is_read = place in read or number in lines.furniture
                    self.layout.claim(number, LineRole.STRUCTURE if is_read else LineRole.PROBLEM)
                self.layout.set(number, Kind.TABLE)
        revenue = set(self.statement.revenue)
        others = [
            place
            for place, page in enumerate(book.pages)
            if place not in read | revenue and any(line.kind is LineKind.ROW for line in page.lines)
        ]
        self._tell(book, sorted(revenue), "revenue_unread", "は歳入の明細のため、")
        self._tell(book, others, "pages_unread", "は歳出の事項別明細ではないため、")

    def _tell(self, book: PageBook, places: Sequence[int], kind: str, words: str) -> None:
        if places:
            pages = ranges(book.pages[place].number for place in places)
            self.layout.problem(
                None,
                kind,
                f"{self.layout.path} の{pages}ページ目{words}事業として読まず、"
                "原文にだけ残しました。",
                Severity.NOTE,
            )


def _level(printed: PrintedLevel | None) -> Level | None:
    return Level(printed.number, printed.name) if printed else None


def ranges(numbers: Iterable[int]) -> str:
    """``3、5〜7``: pages of the file, which need not be the numbers printed."""
    found = []
    ordered = sorted(set(numbers))
    for _, run in groupby(enumerate(ordered), key=lambda pair: pair[1] - pair[0]):
        group = [number for _, number in run]
        found.append(f"{group[0]}" if len(group) == 1 else f"{group[0]}〜{group[-1]}")
    return "、".join(found)


def _paragraphs(item: Item) -> Iterator[Paragraph]:
    """What stands below an item, each finer one with its figure."""
    yield from (Paragraph(text, line, line) for text, line in item.texts)
    for part in item.parts:
        words = [f"{part.code} {part.name}", part.figure.text if part.figure else ""]
        last = part.figure.line if part.figure else part.line
        text = "\u3000\u3000".join(filter(None, words))
        yield Paragraph(text, part.line, max(part.line, last))
        yield from (Paragraph(text, line, line) for text, line in part.texts)
