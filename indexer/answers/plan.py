"""What was asked, exactly? The typed plan between a question and its answer.

    ASK field(s) OF entities | set [YEAR y] [WHERE …] [GROUP BY …] [OP …]

A plan is a value: it can be printed (:func:`indexer.answers.wording.read_plan`), compared in tests,
and executed over one generation of the index. Money is whole yen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from indexer.answers.answer import Kind
from indexer.answers.claims import Scan
from indexer.answers.years import YearReading
from indexer.model import Program


class Field(StrEnum):
    """What of a programme is asked for."""

    AMOUNT = "amount"
    PREVIOUS = "previous_amount"
    CHANGE = "change"
    RATE = "change_ratio"
    DEPARTMENT = "department"
    STATUS = "status"
    FORECAST = "forecast"
    PAGE = "page"
    GOAL = "policy_goal"
    SECTION = "section"
    ACCOUNT = "account"
    PARENT = "parent"
    CHILDREN = "children"
    TEXT = "text"
    TITLE = "title"
    REQUEST = "request"
    PUBLISHER = "publisher"
    STARTED = "started"
    ENDED = "ended"
    EXECUTED = "executed"


class Operation(StrEnum):
    """What is done with the programmes found."""

    LOOKUP = "lookup"
    CHECK = "check"  # yes or no
    LIST = "list"
    COUNT = "count"
    SUM = "sum"
    AVERAGE = "average"
    RANK = "rank"
    SHARE = "share"
    GROUP = "group"
    COMPARE = "compare"
    REMOVED = "removed"  # programmes of last year's book that are no longer there


MONEY_FIELDS = frozenset({Field.AMOUNT, Field.PREVIOUS, Field.CHANGE, Field.RATE, Field.FORECAST})
"""Columns of money: what they print is of the whole programme."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which programmes: values are OR inside one field and AND across fields."""

    values: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """``(("status", ("新規",)), ("section", ("健康福祉部",)))``."""
    excluded: tuple[tuple[str, tuple[str, ...]], ...] = ()
    publishers: tuple[str, ...] = ()
    year: int | None = None
    low: int | None = None
    high: int | None = None
    """Inclusive bounds of the measured amount, in yen."""
    bounded: str = "amount"
    """What ``low``/``high`` bound: ``amount``, ``previous_amount``, ``change``."""
    state: str | None = None
    """``zero``, ``blank`` (no figure), ``no_previous``, ``unchanged``, ``increased``,
    ``decreased``, ``completes``."""
    state_year: int | None = None
    """The forecast year ``completes`` speaks of."""
    topic: tuple[str, ...] = ()
    """Descriptions, of which a programme must meet one with all its words."""
    excluded_topic: tuple[str, ...] = ()
    excluded_ids: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    """Exactly these programmes."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing but the year narrows the set."""
        return not (
            self.values
            or self.excluded
            or self.publishers
            or self.topic
            or self.state
            or self.excluded_topic
            or self.excluded_ids
            or self.ids
            or self.low is not None
            or self.high is not None
        )

    @property
    def bounded_money(self) -> bool:
        """Whether the set is narrowed by an amount."""
        return self.low is not None or self.high is not None or self.state is not None

    def of(self, name: str) -> tuple[str, ...]:
        """The values wanted of one field."""
        return next((values for key, values in self.values if key == name), ())


@dataclass(frozen=True, slots=True)
class Ranking:
    """The largest or smallest ``count`` by ``measure``; ``nth`` asks for that place only."""

    count: int = 1
    nth: int | None = None
    descending: bool = True
    measure: Field = Field.AMOUNT
    everything: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """A yes/no question about one fact."""

    fact: str
    """``status``, ``department``, ``section``, ``policy_goal``, ``account``, ``amount``,
    ``bound``, ``previous_amount``, ``direction``, ``completes``, ``children``,
    ``exists``, ``text``."""
    expected: str = ""
    low: int | None = None
    high: int | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Premise:
    """What the question takes for granted about its programme: (field, value)."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Operand:
    """One side of a comparison: a programme, or a set of programmes."""

    label: str
    program: Program | None = None
    filters: Filters | None = None
    use_previous: bool = False


@dataclass(frozen=True, slots=True)
class Entity:
    """A programme the question is about, and how it was recognised."""

    program: Program
    typed: str
    how: str
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Plan:
    """A question, understood."""

    operation: Operation
    fields: tuple[Field, ...] = (Field.AMOUNT,)
    entities: tuple[Entity, ...] = ()
    filters: Filters = Filters()
    base: Filters | None = None
    """What a share is a share of."""
    year: int | None = None
    """The fiscal year of the figures asked for (a forecast's or last year's may differ from the
    book's)."""
    years: tuple[int, ...] = ()
    """Several forecast years asked for at once."""
    also: tuple[Operation, ...] = ()
    """Further operations over the same set: 件数と合計額."""
    group_by: str | None = None
    reduce: str = "sum"
    """What a group holds: ``sum``, ``count``, ``average``, ``change``."""
    ranking: Ranking | None = None
    check: Check | None = None
    premises: tuple[Premise, ...] = ()
    comparison: str = "which"
    """``which``, ``difference``, ``times``, ``rate``."""
    operands: tuple[Operand, ...] = ()
    measure: Field = Field.AMOUNT
    text_kind: str | None = None
    text_counter: str | None = None
    """The counter of a question for a number: 校 of 何校."""
    text_words: tuple[str, ...] = ()
    """Words of the question that the answering sentence should hold."""
    called_budget: bool = False
    """The question says 予算 of a year for which only a forecast is printed."""
    assumptions: tuple[str, ...] = ()
    unused_words: tuple[str, ...] = ()


KIND_OF_FIELD = {
    Field.AMOUNT: Kind.AMOUNT,
    Field.PREVIOUS: Kind.AMOUNT,
    Field.CHANGE: Kind.DELTA,
    Field.RATE: Kind.DELTA,
    Field.DEPARTMENT: Kind.DEPARTMENT,
    Field.STATUS: Kind.STATUS,
    Field.FORECAST: Kind.FORECAST,
    Field.PAGE: Kind.PAGE,
    Field.GOAL: Kind.PARENT,
    Field.SECTION: Kind.DEPARTMENT,
    Field.ACCOUNT: Kind.PARENT,
    Field.PARENT: Kind.PARENT,
    Field.CHILDREN: Kind.PARENT,
    Field.TEXT: Kind.TEXT,
    Field.TITLE: Kind.TEXT,
    Field.REQUEST: Kind.AMOUNT,
    Field.PUBLISHER: Kind.DEPARTMENT,
    Field.STARTED: Kind.TEXT,
    Field.ENDED: Kind.TEXT,
    Field.EXECUTED: Kind.AMOUNT,
}

ASKED_AGAIN = {
    Kind.DEPARTMENT: "の担当課は？",
    Kind.STATUS: "の区分は？",
    Kind.FORECAST: "の見込額は？",
    Kind.PAGE: "は何ページ？",
    Kind.DELTA: "の前年度からの増減額は？",
    Kind.TEXT: "は何をする事業？",
    Kind.PARENT: "の内訳は？",
}


@dataclass(frozen=True, slots=True)
class Context:
    """What is known about a question before its operation is decided."""

    scan: Scan
    year: YearReading
    filters: Filters
    allowed: frozenset[int]
    readings: Mapping[str | None, YearReading]
    """The year as read by the books of each publisher: 去年 counts from its newest."""
