"""What is indexed of a programme? The one list of text fields and columns.

Every other module takes field and column names from here. A text field is one analysis of one
source text; a column is one value per programme, to filter, count, add up or sort by.

    source    text
    title     the title
    body      the programme's own paragraphs, never its group's or parent's
    context   section, department, policy goal, account, publisher, status: where it stands
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from indexer.model import Document, Program, Role

SCHEMA_VERSION = 6
"""Raised whenever a field, a column or the layout of a generation changes: old ones are refused."""


class Source(StrEnum):
    """Which text of a programme a field is made from."""

    TITLE = "title"
    BODY = "body"
    CONTEXT = "context"


class Analysis(StrEnum):
    """Which of the analyser's three streams of tokens a field holds."""

    WORDS = "words"
    READINGS = "readings"
    BIGRAMS = "bigrams"


@dataclass(frozen=True, slots=True)
class TextField:
    """A searchable field: its source text, its analysis and how much a match in it weighs."""

    name: str
    source: Source
    analysis: Analysis
    weight: float
    """Factor on the score of a match, for the search stage; the engine's scores are without it."""
    b: float = 0.75
    """BM25 length normalisation. A title counts in full: words that make up most of a short title
    are closer to it than to a long one that has them too. Headings are a list of names: less."""


class ColumnKind(StrEnum):
    """What a column can do."""

    FACET = "facet"  # few values: filter, count, add up
    NUMBER = "number"  # range and sort; null is a value of its own
    TEXT = "text"  # sort


@dataclass(frozen=True, slots=True)
class Column:
    """One value per programme. ``type`` is the Python type of its values."""

    name: str
    kind: ColumnKind
    type: type[str] | type[int] | type[float]


TITLE = TextField("title", Source.TITLE, Analysis.WORDS, weight=3.0)
BODY = TextField("body", Source.BODY, Analysis.WORDS, weight=1.0)
CONTEXT = TextField("context", Source.CONTEXT, Analysis.WORDS, weight=0.8, b=0.3)
TITLE_READING = TextField("title_reading", Source.TITLE, Analysis.READINGS, weight=1.2)
BODY_READING = TextField("body_reading", Source.BODY, Analysis.READINGS, weight=0.4)
TITLE_BIGRAM = TextField("title_bigram", Source.TITLE, Analysis.BIGRAMS, weight=0.5)
BODY_BIGRAM = TextField("body_bigram", Source.BODY, Analysis.BIGRAMS, weight=0.15)
CONTEXT_BIGRAM = TextField("context_bigram", Source.CONTEXT, Analysis.BIGRAMS, weight=0.2, b=0.3)

TEXT_FIELDS: tuple[TextField, ...] = (
    TITLE,
    BODY,
    CONTEXT,
    TITLE_READING,
    BODY_READING,
    TITLE_BIGRAM,
    BODY_BIGRAM,
    CONTEXT_BIGRAM,
)

SECTION = Column("section", ColumnKind.FACET, str)
STATUS = Column("status", ColumnKind.FACET, str)
DEPARTMENT = Column("department", ColumnKind.FACET, str)
FISCAL_YEAR = Column("fiscal_year", ColumnKind.FACET, int)
PUBLISHER = Column("publisher", ColumnKind.FACET, str)
ACCOUNT = Column("account", ColumnKind.FACET, str)
POLICY_GOAL = Column("policy_goal", ColumnKind.FACET, str)
ROLE = Column("role", ColumnKind.FACET, str)
DOCUMENT = Column("document", ColumnKind.FACET, str)
AMOUNT = Column("amount", ColumnKind.NUMBER, int)
PREVIOUS_AMOUNT = Column("previous_amount", ColumnKind.NUMBER, int)
CHANGE = Column("change", ColumnKind.NUMBER, int)
CHANGE_RATIO = Column("change_ratio", ColumnKind.NUMBER, float)
PAGE = Column("page", ColumnKind.NUMBER, int)
TITLE_ORDER = Column("title", ColumnKind.TEXT, str)

COLUMNS: tuple[Column, ...] = (
    SECTION,
    STATUS,
    DEPARTMENT,
    FISCAL_YEAR,
    PUBLISHER,
    ACCOUNT,
    POLICY_GOAL,
    ROLE,
    DOCUMENT,
    AMOUNT,
    PREVIOUS_AMOUNT,
    CHANGE,
    CHANGE_RATIO,
    PAGE,
    TITLE_ORDER,
)

RELEVANCE = "relevance"
"""The one sort order that is not a column."""

# What every row carries besides, for the engine's own use.
PROGRAM_ID = "id"
PARENT_ID = "parent_id"
SUMMED = "is_summed"
LINEAGE = "lineage"
FINER_LINEAGE = "finer_lineage"
"""The keys of ``indexer.lineage``."""
MONEY = "money"
"""The amount with all that is known of it: a list of years shows it without the programmes."""
RECORD = "program"

_FIELDS_BY_NAME = {field.name: field for field in TEXT_FIELDS}
_COLUMNS_BY_NAME = {column.name: column for column in COLUMNS}


def text_field(name: str) -> TextField:
    """The text field of this name; ``ValueError`` when there is none."""
    field = _FIELDS_BY_NAME.get(name)
    if field is None:
        raise ValueError(f"no text field {name!r}; there are {', '.join(_FIELDS_BY_NAME)}")
    return field


@lru_cache
def column(name: str, *kinds: ColumnKind) -> Column:
    """The column of this name (and of one of ``kinds``); ``ValueError`` when there is none."""
    found = _COLUMNS_BY_NAME.get(name)
    if found is None or (kinds and found.kind not in kinds):
        fitting = [c.name for c in COLUMNS if not kinds or c.kind in kinds]
        raise ValueError(f"no such column {name!r}; there are {', '.join(fitting)}")
    return found


def is_searchable(program: Program) -> bool:
    """Groups are stored, to be shown, but never found."""
    return program.role is not Role.GROUP


def texts_of(program: Program, document: Document) -> dict[Source, tuple[str, ...]]:
    """The texts to analyse, one per paragraph: no phrase runs from one into the next."""
    publisher = document.publisher.name if document.publisher else None
    context = (
        program.section,
        program.department,
        program.policy_goal,
        program.account or document.account,
        publisher,
        program.status,
    )
    paragraphs = (line for p in program.description for line in p.text.split("\n"))
    return {
        Source.TITLE: (program.title,),
        Source.BODY: tuple(line for line in paragraphs if line and not line.isspace()),
        Source.CONTEXT: tuple(text for text in context if text),
    }


def values_of(program: Program, document: Document) -> dict[str, str | int | float | None]:
    """The value of every column, ``None`` where the book states none."""
    return {
        SECTION.name: program.section,
        STATUS.name: program.status,
        DEPARTMENT.name: program.department,
        FISCAL_YEAR.name: document.fiscal_year,
        PUBLISHER.name: document.publisher.name if document.publisher else None,
        ACCOUNT.name: program.account or document.account,
        POLICY_GOAL.name: program.policy_goal,
        ROLE.name: str(program.role),
        DOCUMENT.name: program.document_id,
        AMOUNT.name: program.amount.yen,
        PREVIOUS_AMOUNT.name: program.previous_amount.yen,
        CHANGE.name: program.change_yen,
        CHANGE_RATIO.name: program.change_ratio,
        PAGE.name: program.page,
        TITLE_ORDER.name: program.title,
    }
