"""Whatever the style, the plan of an invented book comes back field for field."""

# Printed lines and their readings stay on one line each.

from __future__ import annotations

import random

import pytest

from indexer.model import LineRole, Program, Role
from tests.parsing.books import read
from tests.parsing.invented import Planned, Planner, Printer, Style, make_style


def expected_programs(planned: Planned) -> list[Planned]:
    own = [] if planned.role == "group" else [planned]
    return [*own, *planned.members]


def check(program: Program, planned: Planned, style: Style, first_section: str) -> None:
    assert program.title == planned.title
    assert program.role == planned.role
    assert program.number == planned.number
    assert program.section == planned.section
    second = style.second_account and planned.section != first_section
    assert program.account == ("国民健康保険事業会計" if second else "一般会計")
    assert (program.status, program.department) == (planned.status, planned.department)
    assert program.amount.yen == planned.amount * 1000
    states = (None, "none") if planned.previous is None else (planned.previous * 1000, None)
    assert program.previous_amount.yen == states[0]
    assert program.previous_amount.state == (states[1] or ("value" if planned.previous else "zero"))
    forecasts = [] if planned.role in ("child", "member") else planned.forecasts
    found = [(f.fiscal_year, str(f.amount.state), f.amount.yen) for f in program.forecasts]
    assert found == forecasts
    assert [paragraph.text for paragraph in program.description] == planned.paragraphs
    if style.listed:
        assert program.policy_goal == planned.goal
        assert program.page == planned.page
    inherits = planned.role in ("child", "member")
    assert program.inherited == (("status", "department") if inherits else ())


@pytest.mark.parametrize("seed", range(200))
def test_plan_comes_back(seed: int) -> None:
    """Titles, roles, amounts, labels, forecasts, pages, goals and text, in printed order."""
    rng = random.Random(seed)
    book, style = Planner(rng).book(), make_style(rng)
    text = Printer(style).print(book)
    document = read(text)
    planned = [
        entry
        for _, _, goals in book
        for _, _, programs in goals
        for program in programs
        for entry in expected_programs(program)
    ]
    named = [program for program in document.programs if program.role is not Role.GROUP]
    assert [program.title for program in named] == [entry.title for entry in planned]
    for program, entry in zip(named, planned, strict=True):
        check(program, entry, style, book[0][1])
    groups = [p for _, _, goals in book for _, _, ps in goals for p in ps if p.role == "group"]
    found = [program for program in document.programs if program.role is Role.GROUP]
    assert [len(program.child_ids) for program in found] == [len(g.members) for g in groups]
    for program, entry in zip(found, groups, strict=True):
        assert [paragraph.text for paragraph in program.description] == entry.paragraphs
        found_forecasts = [
            (f.fiscal_year, str(f.amount.state), f.amount.yen) for f in program.forecasts
        ]
        assert found_forecasts == entry.forecasts
    assert [claim for claim in document.claims if claim.role is LineRole.PROBLEM] == []
    assert [check.name for check in document.checks if not check.ok] == []
