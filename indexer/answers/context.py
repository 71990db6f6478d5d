"""What is known about a question before it is decided what is done with the programmes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from indexer.answers.answer import Kind
from indexer.answers.claims import Scan
from indexer.answers.plan import Field, Filters
from indexer.answers.years import YearReading

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
