"""What is known of a programme while its book is still being read? Mutable, never handed on."""

from __future__ import annotations

from dataclasses import dataclass, field

from indexer.model import (
    NOT_PRINTED,
    Classification,
    Execution,
    Forecast,
    Funding,
    Money,
    Paragraph,
    Place,
    Role,
)
from indexer.parsing.layout import Entry, FoundHeading


@dataclass(slots=True, eq=False)
class Draft:
    """A programme, or a group of them, before it gets its id. ``line`` is where its title is."""

    title: str
    line: int
    number: str | None = None
    level: int = 0
    bullet: str | None = None
    role: Role = Role.STANDALONE
    amount: Money = NOT_PRINTED
    previous: Money = NOT_PRINTED
    change: Money | None = None
    forecasts: list[Forecast] = field(default_factory=list)
    executions: list[Execution] = field(default_factory=list)
    started: int | None = None
    ended: int | None = None
    statuses: list[tuple[str, int]] = field(default_factory=list)
    departments: list[tuple[str, int]] = field(default_factory=list)
    paragraphs: list[Paragraph] = field(default_factory=list)
    children: list[Draft] = field(default_factory=list)
    parent: Draft | None = None
    group: Draft | None = None
    account: FoundHeading | None = None
    section: FoundHeading | None = None
    goal: FoundHeading | None = None
    entry: Entry | None = None
    page: int | None = None
    page_line: int | None = None
    inherited: list[str] = field(default_factory=list)
    evidence: list[tuple[str, int]] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    title_lines: list[int] = field(default_factory=list)
    lines: set[int] = field(default_factory=set)
    """Lines this programme alone is made of."""
    classification: Classification | None = None
    funding: Funding | None = None
    places: list[Place] = field(default_factory=list)
    """Where it stands, when its lines hold others too; else its lines tell."""
    id: str = ""

    def flag(self, name: str) -> None:
        """Add a flag once."""
        if name not in self.flags:
            self.flags.append(name)

    @property
    def owner(self) -> Draft | None:
        """The parent or group that it takes fields from."""
        return self.parent or self.group
