"""What does an answer consist of? The values of the contract's Answer, and their JSON.

Money is whole yen. Percentages are in percent points (54.3). Everything a reader is shown can be
traced: ``evidence`` quotes printed lines, ``derivation`` can be computed again from its ``args``.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from indexer.contract import money_to_json
from indexer.model import Money


class Status(StrEnum):
    """How far the question was answered."""

    ANSWERED = "answered"
    PARTIAL = "partial"  # facts are given, but something asked or assumed does not hold
    AMBIGUOUS = "ambiguous"  # several readings; ``alternatives`` holds them
    SHOWN = "shown"  # nothing is claimed: ``passages`` are the nearest printed lines
    ABSTAINED = "abstained"


class Kind(StrEnum):
    """What kind of thing was asked for."""

    AMOUNT = "amount"
    DELTA = "delta"
    DEPARTMENT = "department"
    STATUS = "status"
    FORECAST = "forecast"
    TEXT = "text"
    LIST = "list"
    AGGREGATE = "aggregate"
    COMPARE = "compare"
    GROUP = "group"
    YESNO = "yesno"
    PAGE = "page"
    PARENT = "parent"


class Code(StrEnum):
    """Why a question is not (or not fully) answered. The codes of the contract."""

    OUT_OF_DOMAIN = "OUT_OF_DOMAIN"
    PUBLISHER_NOT_INDEXED = "PUBLISHER_NOT_INDEXED"
    YEAR_NOT_INDEXED = "YEAR_NOT_INDEXED"
    PROGRAM_NOT_FOUND = "PROGRAM_NOT_FOUND"
    AMBIGUOUS = "AMBIGUOUS"
    FIELD_NOT_IN_BOOK = "FIELD_NOT_IN_BOOK"
    VALUE_BLANK = "VALUE_BLANK"
    FALSE_PREMISE = "FALSE_PREMISE"
    NOT_COMPUTABLE = "NOT_COMPUTABLE"
    NEEDS_OPINION = "NEEDS_OPINION"
    UNPARSED = "UNPARSED"


class Basis(StrEnum):
    """Which printed figure a number is. A forecast (見込額) is never called a budget."""

    BUDGET = "当初予算"
    PREVIOUS = "前年度予算"
    FORECAST = "見込額"
    REQUEST = "要求額"
    SUPPLEMENT = "補正予算"
    EXECUTED = "執行額"


@dataclass(frozen=True, slots=True)
class Value:
    """One answer value: a number with its unit, or a text (総務課, はい)."""

    number: int | float | None = None
    unit: str | None = None
    """円, %, 件, 倍 or 頁."""
    text: str | None = None
    display: str = ""
    fiscal_year: int | None = None
    basis: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list, group, comparison, or one of several asked fields."""

    title: str
    value: Value | None = None
    program_id: str | None = None
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A printed line: ``quote`` is verbatim text of ``line`` of the document."""

    program_id: str | None
    document_id: str
    page: int | None
    line: int | None
    field: str
    quote: str


@dataclass(frozen=True, slots=True)
class Derivation:
    """How a number was computed: ``op`` over ``args`` (yen) gives ``result``."""

    op: str
    args: tuple[int, ...] = ()
    result: int | float | None = None
    n_matched: int = 0
    n_with_value: int = 0
    excluded: tuple[str, ...] = ()
    """Ids of programmes left out so that no money counts twice, or without a number."""
    excluded_reason: str | None = None


@dataclass(frozen=True, slots=True)
class MatchedEntity:
    """What the question called the programme, and what the book calls it."""

    typed: str
    matched: str
    how: str
    """``exact``, ``alias``, ``reading``, ``typo`` or ``synonym``."""


class TakenAs(StrEnum):
    """What a part of a question can be taken for."""

    PUBLISHER = "publisher"
    FISCAL_YEAR = "fiscal_year"
    SECTION = "section"
    DEPARTMENT = "department"
    STATUS = "status"
    ACCOUNT = "account"
    AMOUNT = "amount"
    FIELD = "field"
    OPERATION = "operation"
    TOPIC = "topic"
    POLITENESS = "politeness"


@dataclass(frozen=True, slots=True)
class Bound:
    """A part of the question as it was typed, what it was taken for, and the value it gave."""

    typed: str
    taken_as: TakenAs
    value: str


@dataclass(frozen=True, slots=True)
class Interpretation:
    """How the question was read. Always shown."""

    ja: str
    search_url: str
    entity: MatchedEntity | None = None
    assumptions: tuple[str, ...] = ()
    unused_words: tuple[str, ...] = ()
    bound: tuple[Bound, ...] = ()
    """What every part of the question was taken for."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another reading, as a question to ask with one click."""

    question: str
    program_id: str | None = None


@dataclass(frozen=True, slots=True)
class Abstention:
    """Why there is no (full) answer, and the way forward."""

    code: Code
    message_ja: str
    nearest: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A printed sentence shown in place of an answer, with the figure of its programme.

    ``quote`` is verbatim; ``line`` is where it begins."""

    program_id: str
    title: str
    document_id: str
    page: int | None
    line: int | None
    quote: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question."""

    status: Status
    kind: Kind
    text: str
    value: Value | None = None
    rows: tuple[Row, ...] = ()
    interpretation: Interpretation = Interpretation("", "/search")
    evidence: tuple[Evidence, ...] = ()
    derivation: Derivation | None = None
    alternatives: tuple[Alternative, ...] = ()
    warnings: tuple[str, ...] = ()
    abstention: Abstention | None = None
    passages: tuple[Passage, ...] = ()
    """The nearest printed lines, best first, where the question is not (fully) answered."""


def answer_to_json(answer: Answer) -> dict[str, Any]:
    """The contract's Answer JSON: the fields of the values are its keys."""
    return {field.name: _plain(getattr(answer, field.name)) for field in fields(answer)}


def _plain(value: Any) -> Any:
    if value is None or type(value) in _PLAIN:
        return value
    if isinstance(value, StrEnum):
        return str(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Money):
        return money_to_json(value)
    # ``as`` is a word of Python's own
    return {
        "as" if field.name == "taken_as" else field.name: _plain(getattr(value, field.name))
        for field in fields(value)
    }


_PLAIN = frozenset({str, int, float})
