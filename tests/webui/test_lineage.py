"""Which programme is which in two books, and what that makes of it."""

from __future__ import annotations

import pytest

from indexer.model import Money, MoneyState, Program
from webui.pages.comparison import changes
from webui.pages.lineage import pair_programs, pair_years


def program(title: str, yen: int | None, before: int | None = None, **facts: str) -> Program:
    def money(amount: int | None, raw: str) -> Money:
        if amount is None:
            return Money(None, MoneyState.NONE, raw)
        return Money(amount, MoneyState.VALUE, f"{amount}円")

    return Program(
        id=f"{title}-{facts.get('department', '')}",
        document_id="d",
        title=title,
        amount=money(yen, "—"),
        previous_amount=money(before, facts.pop("previous_raw", "—")),
        **facts,  # type: ignore[arg-type]
    )


def test_two_books() -> None:
    before = [program("A", 100), program("B", 50), program("C", 10), program("D", 5)]
    after = [program("Ａ", 150), program("B", 40), program("C", 10), program("E", 7)]
    kinds = {pair.title: pair.kind for pair in pair_programs(before, after)}
    assert kinds == {
        "Ａ": "increased",
        "B": "decreased",
        "C": "unchanged",
        "D": "ended",
        "E": "new",
    }


def test_titles_that_repeat_are_told_apart_by_department() -> None:
    before = [program("研修", 1, department="総務課"), program("研修", 9, department="企画課")]
    after = [program("研修", 9, department="企画課"), program("研修", 2, department="総務課")]
    pairs = pair_programs(before, after)
    assert [(p.before_yen, p.after_yen) for p in pairs] == [(9, 9), (1, 2)]


def test_every_programme_appears_once() -> None:
    before = [program("研修", 1), program("研修", 2), program("研修", 3)]
    after = [program("研修", 1)]
    pairs = pair_programs(before, after)
    assert sorted(p.kind for p in pairs) == ["ended", "ended", "unchanged"]


@pytest.mark.parametrize(
    ("found", "kind"),
    [
        (program("A", 40, 30), "increased"),
        # (— 千円): nothing last year
        (program("A", 40, None), "new"),
        # the column is not in this book at all: that says nothing about last year
        (program("A", 40, None, previous_raw=""), "unknown"),
        # 0千円 this year after an amount: 皆減
        (program("A", 0, 30), "ended"),
        # no amount this year, one last year
        (program("A", None, 30), "ended"),
    ],
)
def test_two_years_of_one_book(found: Program, kind: str) -> None:
    (pair,) = pair_years([found])
    assert pair.kind == kind


def test_changes_add_up() -> None:
    """What each kind adds up to is the difference of the two totals."""
    before = [program("A", 100), program("B", 50), program("D", 5)]
    after = [program("A", 150), program("B", 40), program("E", 7)]
    groups = changes(pair_programs(before, after))
    assert sum(group.change for group in groups) == 197 - 155
    assert {group.kind: group.change for group in groups} == {
        "new": 7,
        "increased": 50,
        "decreased": -10,
        "ended": -5,
    }
