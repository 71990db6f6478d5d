"""What may an engine be asked? A small tree of our own, free of any engine.

The same tree is compiled to arrays by the embedded engine and could be compiled to another
engine's query language. Terms are index terms made by ``indexer.analysis``; fields and columns
are named in ``indexer.engine.schema``.

    Term("body", "防災")                      documents holding the term, scored by BM25F
    Phrase("body", ("ふるさと", "納税"))       terms at consecutive positions
    Prefix("title", "デジ")                   any term with that beginning (bounded)
    And((a, b)) · Or((a, b)) · Not(a)         as in logic; scores add, Not has none
    Best((a, b, c), tie=0.1)                  any of them, scored by the best one (dis-max), the
                                              others adding so much of theirs
    Weighted(a, 0.4)                          the score of a, times a factor
    Covering((a, b), (2.1, 0.4), 0.3)         any of them, scores add, times the share met
    Unscored(a)                               the documents of a, score 0 (a filter)
    Among("status", ("新規",))                column value is one of these
    Range("amount", low=100_000_000)          numeric column within [low, high], null never
    Named(("3ea691282a",))                    the programmes with these ids; score 0
    InAnyYear(a)                              every fiscal year of the programmes of a; score 0
    Everything() · Nothing()
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

_KEY_SIZE = 16


class _Composed:
    """A query made of others. What was found for it is kept under a key of a few bytes, made once:
    a whole tree as a key would be held as long, and hashed and compared at every look."""

    __slots__ = ("_key",)
    _key: bytes

    @property
    def key(self) -> bytes:
        """Equal queries have the same; others another one."""
        try:
            return self._key
        except AttributeError:
            spelled = self._spelled().encode("utf-8", "surrogatepass")
            key = blake2b(spelled, digest_size=_KEY_SIZE).digest()
            object.__setattr__(self, "_key", key)
            return key

    def _spelled(self) -> str:
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Term:
    """Documents that hold ``text`` in ``field``."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Documents that hold ``texts`` at consecutive positions of ``field``."""

    field: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prefix:
    """Documents that hold a term of ``field`` beginning with ``text``."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class And(_Composed):
    """Documents that satisfy every part; scores add."""

    parts: tuple[Query, ...]

    def _spelled(self) -> str:
        return f"And {_spell_all(self.parts)}"


@dataclass(frozen=True, slots=True)
class Or(_Composed):
    """Documents that satisfy any part; scores add."""

    parts: tuple[Query, ...]

    def _spelled(self) -> str:
        return f"Or {_spell_all(self.parts)}"


@dataclass(frozen=True, slots=True)
class Best(_Composed):
    """Documents that satisfy any part, scored by the highest-scoring one.

    The other parts add ``tie`` times their score, 0 … 1.
    """

    parts: tuple[Query, ...]
    tie: float = 0.0

    def _spelled(self) -> str:
        return f"Best {self.tie} {_spell_all(self.parts)}"


@dataclass(frozen=True, slots=True)
class Covering(_Composed):
    """Documents that satisfy any part. Scores add, and the sum is multiplied by
    ``floor + (1 - floor) * share``, ``share`` being what the parts satisfied weigh of all.

    ``bonus`` adds its scores to documents found so, and finds none itself.
    """

    parts: tuple[Query, ...]
    weights: tuple[float, ...]
    floor: float
    bonus: tuple[Query, ...] = ()

    def _spelled(self) -> str:
        parts, bonus = _spell_all(self.parts), _spell_all(self.bonus)
        return f"Covering {self.weights} {self.floor} {parts} {bonus}"


@dataclass(frozen=True, slots=True)
class Not:
    """Documents that do not satisfy ``part``."""

    part: Query


@dataclass(frozen=True, slots=True)
class Weighted:
    """``part`` with its score multiplied by ``weight``."""

    part: Query
    weight: float


@dataclass(frozen=True, slots=True)
class Unscored:
    """``part`` as a filter: its documents, score 0."""

    part: Query


@dataclass(frozen=True, slots=True)
class Among:
    """Documents whose ``column`` holds one of ``values``; score 0."""

    column: str
    values: tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Range:
    """Documents whose numeric ``column`` lies in [low, high], both inclusive; score 0."""

    column: str
    low: int | float | None = None
    high: int | float | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """The documents of these programme ids; score 0. Unknown ids are passed over."""

    program_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InAnyYear:
    """Every fiscal year of the programmes that ``part`` finds in any of them; score 0."""

    part: Query


@dataclass(frozen=True, slots=True)
class Everything:
    """Every searchable document; score 0."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """No document."""


Query = (
    Term
    | Phrase
    | Prefix
    | And
    | Or
    | Best
    | Covering
    | Not
    | Weighted
    | Unscored
    | Among
    | Range
    | Named
    | InAnyYear
    | Everything
    | Nothing
)


def _spell_all(parts: Sequence[Query]) -> str:
    return f"{len(parts)} {' '.join(map(_spell, parts))}"


def _spell(query: Query) -> str:
    """A part of a query, in a form that no other part has; cheap, for there are hundreds."""
    match query:
        case Term(field, text) | Prefix(field, text):
            return f"{type(query).__name__} {field} {len(text)} {text}"
        case Weighted(part, weight):
            return f"Weighted {weight} {_spell(part)}"
        case Phrase(field, texts):
            return f"Phrase {field} {len(texts)} {' '.join([f'{len(t)} {t}' for t in texts])}"
        case _Composed():
            return query.key.hex()
        case Not(part) | Unscored(part):
            return f"{type(query).__name__} {_spell(part)}"
    return repr(query)
