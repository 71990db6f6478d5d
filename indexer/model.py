"""What is a budget book made of? The values every stage hands to the next.

Everything here is frozen and knows nothing of files, engines or pages. Money is whole yen.
Line numbers are 1-based and count the lines of the document as obtained.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class MoneyState(StrEnum):
    """Why a printed amount has, or has not, a number. None of the stateful forms is 0."""

    VALUE = "value"  # 52,014千円
    ZERO = "zero"  # 0千円
    NONE = "none"  # (— 千円): there was no previous amount
    UNDETERMINED = "undetermined"  # R8 見込額：－ : not set yet
    COMPLETED = "completed"  # R9 見込額：完了
    BELOW_UNIT = "below_unit"  # "0" in a book that says 0 is below its unit
    ELSEWHERE = "elsewhere"  # a dash that means the sum is counted under another programme
    UNREADABLE = "unreadable"  # 33兆97,23億円


@dataclass(frozen=True, slots=True)
class Money:
    """One printed amount. ``yen`` is null unless ``state`` is ``value`` or ``zero``."""

    yen: int | None
    state: MoneyState
    raw: str
    """As printed, marks of the text conversion included: ``**40,000**千円``."""
    unit: str | None = None
    """The unit the figure was read in (``千円``), printed beside it or declared by its header."""
    line: int | None = None


NOT_PRINTED = Money(yen=None, state=MoneyState.NONE, raw="")
"""The money of a field the book does not print at all (raw is empty, unlike a printed dash)."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, in points from its upper left corner."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Place:
    """A rectangle on a page of the file the document was read from. Pages count from 1."""

    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph as printed. A paragraph wrapped over lines is joined; its span says which."""

    text: str
    first_line: int
    last_line: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """A printed forecast (見込額). It is never called a budget."""

    fiscal_year: int
    label: str
    """The year as printed: ``R8``."""
    amount: Money


@dataclass(frozen=True, slots=True)
class Execution:
    """What was spent (執行額) in one fiscal year, as a later sheet prints it: those of 2020 have
    the executed amounts of 2017, 2018 and 2019."""

    fiscal_year: int
    """The year the money belongs to, never the year of the sheet."""
    amount: Money


@dataclass(frozen=True, slots=True)
class Level:
    """One level of the legal classification: the number and the name of a 款, 項 or 目."""

    number: str | None
    name: str


@dataclass(frozen=True, slots=True)
class Setsu:
    """節: what the money of a 目 is spent on, by the kinds of the law."""

    number: str
    name: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Classification:
    """Where a statutory book (事項別明細書) places an amount."""

    side: str
    """``expenditure`` or ``revenue``; the two are never added."""
    kan: Level | None = None
    ko: Level | None = None
    moku: Level | None = None
    setsu: tuple[Setsu, ...] = ()
    """Of a 目 itself; its programmes are not split so."""


@dataclass(frozen=True, slots=True)
class Funding:
    """財源内訳: where the money of a 目 comes from."""

    national_prefectural: Money = NOT_PRINTED
    bonds: Money = NOT_PRINTED
    other: Money = NOT_PRINTED
    general: Money = NOT_PRINTED


@dataclass(frozen=True, slots=True)
class ContentsEntry:
    """Where the contents list names a programme: order (1-based), line, printed page."""

    order: int
    line: int
    page: int | None


class Role(StrEnum):
    """Where a programme stands among its neighbours."""

    STANDALONE = "standalone"
    PARENT = "parent"
    CHILD = "child"
    MEMBER = "member"  # of a shared-header group
    GROUP = "group"  # the shared header itself; found by show, not by search


@dataclass(frozen=True, slots=True)
class SourceLine:
    """Which line of the document carries a field: the evidence behind it."""

    field: str
    """A field name of :class:`Program`: ``title``, ``amount``, ``status``, ``department`` …"""
    line: int


@dataclass(frozen=True, slots=True)
class Program:
    """One programme (事業) of one document, or a shared-header group of them."""

    id: str
    document_id: str
    title: str
    role: Role = Role.STANDALONE
    number: str | None = None
    """The local number printed before the title: ``1`` of ``1 旧箱根千代田荘の解体``."""
    account: str | None = None
    section: str | None = None
    """部, or what stands in its place (ministry, bureau, 款)."""
    section_number: str | None = None
    policy_goal: str | None = None
    policy_goal_number: str | None = None
    status: str | None = None
    """The folded status word: 新規, 拡充, 継続, 見直し, 縮小, 廃止, 完了 …"""
    status_raw: str | None = None
    """The mark as printed: 【新】, レ, 充実."""
    department: str | None = None
    """課 as printed. One printed name is one department, middle dots and all."""
    bureau: str | None = None
    """局 or 庁 that ``department`` begins with, where the source has it apart (national sheets)."""
    amount: Money = NOT_PRINTED
    previous_amount: Money = NOT_PRINTED
    printed_change: Money | None = None
    """A change column as printed (表の増減). The change shown is derived, see ``change_yen``."""
    forecasts: tuple[Forecast, ...] = ()
    started: int | None = None
    """The fiscal year in which the programme began (事業開始年度)."""
    ended: int | None = None
    """The fiscal year in which it ends, planned or past (事業終了（予定）年度)."""
    executions: tuple[Execution, ...] = ()
    """Executed amounts (執行額), the newest fiscal year first."""
    page: int | None = None
    parent_id: str | None = None
    group_id: str | None = None
    child_ids: tuple[str, ...] = ()
    """Children of a parent, members of a group, in printed order."""
    description: tuple[Paragraph, ...] = ()
    """Own paragraphs only; a group's shared text stays with the group."""
    inherited: tuple[str, ...] = ()
    """Fields taken from the parent or group: ``("status", "department")``."""
    contents: ContentsEntry | None = None
    first_line: int | None = None
    last_line: int | None = None
    evidence: tuple[SourceLine, ...] = ()
    classification: Classification | None = None
    funding: Funding | None = None
    places: tuple[Place, ...] = ()
    """Where its lines stand on the pages of the file, if the file has pages."""
    flags: tuple[str, ...] = ()
    """Facts worth showing: ``amount_is_sum_of_children``, ``status_expanded_but_amount_decreased``,
    ``supplement`` (the amount is a 補正額), ``repeated`` (再掲), ``part_of`` (うち): the last two
    never enter a sum."""

    @property
    def compared_yen(self) -> int | None:
        """What the change counts from: last year's amount or, in a book that prints the change
        and no last year's column, what the change leaves of this year's."""
        if self.previous_amount.raw or self.printed_change is None:
            return self.previous_amount.yen
        if self.amount.yen is None or self.printed_change.yen is None:
            return None
        return self.amount.yen - self.printed_change.yen

    @property
    def change_yen(self) -> int | None:
        """This year less last year in yen; null when either is not a number."""
        if self.amount.yen is None or self.compared_yen is None:
            return None
        return self.amount.yen - self.compared_yen

    @property
    def change_ratio(self) -> float | None:
        """The change as a fraction of last year (0.543); null without a previous amount."""
        change = self.change_yen
        if change is None or not self.compared_yen or self.compared_yen < 0:
            return None
        return change / self.compared_yen

    @property
    def is_summed(self) -> bool:
        """Whether the amount may enter a sum at all (再掲 and うち amounts may not)."""
        return self.role is not Role.GROUP and not {"repeated", "part_of"} & set(self.flags)

    @property
    def executed(self) -> Execution | None:
        """The newest executed amount printed, with the fiscal year it belongs to."""
        return self.executions[0] if self.executions else None

    def line_of(self, field: str) -> int | None:
        """The line that carries ``field``, if it was printed."""
        return next((source.line for source in self.evidence if source.field == field), None)


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who published the book: 千代田区 and its 6-digit local government code."""

    name: str
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    """A numbered heading of the book: a section (部) or a policy goal."""

    number: str | None
    title: str
    line: int


@dataclass(frozen=True, slots=True)
class Document:
    """One book, or one chapter of it, as obtained."""

    id: str
    title: str
    path: str
    """Where it was read from, relative to the corpus folder when it lies inside one."""
    publisher: Publisher | None = None
    fiscal_year: int | None = None
    """The western year in which the fiscal year begins: 令和7年度 is 2025."""
    fiscal_year_label: str | None = None
    account: str | None = None
    amount_unit: str | None = None
    forecast_unit: str | None = None
    kind: str | None = None
    """What the text is, in words: 当初予算案の概要, 事業別予算書 …"""
    licence: str | None = None
    source_url: str | None = None
    sha256: str = ""
    encoding: str = "utf-8"
    inferred: tuple[str, ...] = ()
    """Names of the fields above that no manifest states and the text had to tell."""
    goals: tuple[Heading, ...] = ()
    sections: tuple[Heading, ...] = ()


class Severity(StrEnum):
    """How much a problem takes away from what is shown."""

    ERROR = "error"  # something printed could not be read
    WARNING = "warning"  # two printed facts disagree
    NOTE = "note"  # something was inferred or assumed


@dataclass(frozen=True, slots=True)
class Problem:
    """Doubt as data: what could not be read, or does not add up, and where."""

    path: str
    line: int | None
    kind: str
    """A stable word: ``unclaimed_line``, ``contents_without_program`` …"""
    message: str
    """One Japanese sentence for the reader."""
    severity: Severity = Severity.WARNING
    document_id: str | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One reconciliation: what the book declares against what was found."""

    name: str
    expected: str
    found: str
    ok: bool
    line: int | None = None


class LineRole(StrEnum):
    """What a line of a book is. Every non-blank line ends as one of these."""

    STRUCTURE = "structure"
    BODY = "body"
    PROBLEM = "problem"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class LineClaim:
    """What a line was read as (``role``) and for whom."""

    line: int
    role: LineRole
    program_id: str | None = None


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """All that the parser knows of one document."""

    document: Document
    programs: tuple[Program, ...]
    """Named programmes and groups (role ``group``), in printed order."""
    lines: tuple[str, ...] = ()
    """The printed lines, without line ends; empty for structured sources without print."""
    claims: tuple[LineClaim, ...] = ()
    problems: tuple[Problem, ...] = ()
    checks: tuple[Check, ...] = ()
