"""What do the years of a national sheet say: when does a programme run, and what is its 0 then?

A sheet prints a first and a last year, the second often as planned. A year that cannot be one
(2, 2309, a first year after the last) is told and left empty.
"""

from __future__ import annotations

from dataclasses import dataclass

from indexer.model import MoneyState

_FIRST_YEAR, _LAST_YEAR = 1868, 2199
"""Begin of Meiji; sheets name last years up to 2048."""


@dataclass(frozen=True, slots=True)
class Life:
    """The fiscal years in which a programme runs. ``None``: not printed, or not readable."""

    started: int | None
    ended: int | None

    def state_of_zero(self, year: int) -> MoneyState:
        """What a printed 0 says of ``year``: sheets write it for no money and for no budget at all.

        Before the programme began there was none; after it ended it is completed. Otherwise the
        sheet says 0 and means it (a programme that lives on a supplement, or on what was carried
        over).
        """
        if self.started is not None and year < self.started:
            return MoneyState.NONE
        if self.ended is not None and year > self.ended:
            return MoneyState.COMPLETED
        return MoneyState.ZERO


def read_life(begins: int | None, ends: int | None, year: int) -> tuple[Life, tuple[str, ...]]:
    """The years printed on a sheet of ``year``, and a sentence for each that cannot be true.

    A programme of a sheet has begun or begins with the request for the next year.
    """
    started = begins if begins is not None and _FIRST_YEAR <= begins <= year + 1 else None
    ended = ends if ends is not None and _FIRST_YEAR <= ends <= _LAST_YEAR else None
    faults = []
    if started != begins:
        faults.append(f"事業開始年度「{begins}」は{year}年度のシートの開始年度としてありえない")
    if ended != ends:
        faults.append(f"事業終了（予定）年度「{ends}」は年度としてありえない")
    if started is not None and ended is not None and ended < started:
        faults.append(f"事業終了（予定）年度「{ended}」が事業開始年度「{started}」より前である")
        started = ended = None
    return Life(started, ended), tuple(faults)
