"""What did executing a plan find? The parts an answer is composed of."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.answers.answer import Alternative, Code, Derivation, Evidence, Kind, Row, Value


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence with its value, rows and evidence; ``code`` when it is not (fully) there."""

    kind: Kind
    text: str
    value: Value | None = None
    rows: tuple[Row, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    derivation: Derivation | None = None
    code: Code | None = None
    is_partial: bool = False
    """Facts are given although ``code`` says what is missing."""
    warnings: tuple[str, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    field: str | None = None
