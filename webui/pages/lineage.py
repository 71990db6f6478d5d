"""Which programme of one book is which of another? By title, and by department when titles repeat.

Titles are compared as in ``indexer.lineage``; but the books compared may be of two publishers or of
one year. A renamed programme is not guessed: it shows as one ended and one new.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from indexer.lineage import fold_title
from indexer.model import Money, MoneyState, Program


@dataclass(frozen=True, slots=True)
class Pair:
    """One programme in two books (or two years of one book). Amounts in yen."""

    before: Program | None
    after: Program | None
    before_yen: int | None
    after_yen: int | None

    @property
    def title(self) -> str:
        """The later title."""
        program = self.after or self.before
        return program.title if program else ""

    @property
    def kind(self) -> str:
        """``new``, ``ended``, ``increased``, ``decreased``, ``unchanged`` or ``unknown``."""
        if self.before is None:
            return "new"
        if self.after is None:
            return "ended"
        if self.before_yen is None or self.after_yen is None:
            return "unknown"
        if self.before_yen == self.after_yen:
            return "unchanged"
        return "increased" if self.after_yen > self.before_yen else "decreased"

    @property
    def change(self) -> int:
        """After less before; a side without a number counts as nothing, for sorting and sums."""
        return (self.after_yen or 0) - (self.before_yen or 0)


def pair_programs(before: Iterable[Program], after: Iterable[Program]) -> list[Pair]:
    """Every programme of both books once, in the order of the later book, then what ended."""
    waiting: dict[str, list[Program]] = defaultdict(list)
    for program in before:
        waiting[fold_title(program.title)].append(program)
    pairs = []
    for program in after:
        candidates = waiting.get(fold_title(program.title), [])
        partner = _closest(program, candidates)
        if partner is not None:
            candidates.remove(partner)
        pairs.append(
            Pair(partner, program, partner.amount.yen if partner else None, program.amount.yen)
        )
    ended = [program for rest in waiting.values() for program in rest]
    return pairs + [Pair(program, None, program.amount.yen, None) for program in ended]


def pair_years(programs: Iterable[Program]) -> list[Pair]:
    """The two years that one book prints: last year's column against this year's."""
    return [_pair_of_years(program) for program in programs]


def _pair_of_years(program: Program) -> Pair:
    before, after = _stood(program.previous_amount), _stood(program.amount)
    is_known = before is not None and after is not None and (before or after)
    return Pair(
        program if before or not is_known else None,
        program if after or not is_known else None,
        program.previous_amount.yen,
        program.amount.yen,
    )


def _stood(money: Money) -> bool | None:
    """Whether there was an amount that year; ``None`` when the book does not let us know."""
    if money.yen is not None:
        return money.yen != 0
    if money.state is MoneyState.COMPLETED or (money.state is MoneyState.NONE and money.raw):
        return False
    return None


def _closest(program: Program, candidates: list[Program]) -> Program | None:
    """Among programmes of one title: the same department first, then the same section."""
    if not candidates:
        return None
    return max(
        candidates,
        key=lambda other: (
            other.department == program.department,
            other.section == program.section,
            other.role == program.role,
        ),
    )
