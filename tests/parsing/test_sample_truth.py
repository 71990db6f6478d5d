"""The real chapter reads exactly as it was read by hand, field for field."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from indexer.model import LineRole, Money, ParsedDocument, Program, Role
from indexer.parsing import parse
from indexer.sources.document import ManifestEntry, SourceDocument

ROOT = Path(__file__).resolve().parents[2]
BOOK = ROOT / "corpus" / "chiyoda-2025-05-policy-management.md"
TRUTH = json.loads(
    (ROOT / "tests" / "chiyoda-2025-05-policy-management.truth.json").read_text(encoding="utf-8")
)
ROLES = {"group_member": Role.MEMBER}


def parse_sample(manifest: ManifestEntry | None) -> ParsedDocument:
    data = BOOK.read_bytes()
    assert hashlib.sha256(data).hexdigest() == TRUTH["source"]["sha256"]
    return parse(
        SourceDocument(
            path=BOOK.name,
            format="text",
            fingerprint="f",
            sha256=TRUTH["source"]["sha256"],
            encoding="utf-8",
            document_key="chiyoda",
            manifest=manifest,
            lines=tuple(data.decode("utf-8").splitlines()),
        )
    )


@pytest.fixture(scope="module")
def parsed() -> ParsedDocument:
    return parse_sample(
        ManifestEntry(
            file=BOOK.name,
            id="chiyoda",
            title="t",
            publisher="千代田区",
            publisher_code="131016",
            fiscal_year=2025,
            amount_unit="千円",
            forecast_unit="百万円",
        )
    )


@pytest.fixture(scope="module")
def by_truth_id(parsed: ParsedDocument) -> dict[str, Program]:
    named = [program for program in parsed.programs if program.role is not Role.GROUP]
    groups = [program for program in parsed.programs if program.role is Role.GROUP]
    assert len(named) == len(TRUTH["programs"])
    assert len(groups) == len(TRUTH["groups"])
    pairs = [
        *zip(TRUTH["programs"], named, strict=True),
        *zip(TRUTH["groups"], groups, strict=True),
    ]
    return {truth["id"]: program for truth, program in pairs}


def same_money(money: Money, truth: dict[str, Any]) -> None:
    thousand = truth["thousand_yen"]
    assert money.yen == (None if thousand is None else thousand * 1000)
    assert (str(money.state), money.raw, money.line) == (
        truth["state"],
        truth["raw"],
        truth["line"],
    )


def same_labels(program: Program, truth: dict[str, Any], known: dict[str, Program]) -> None:
    for field in ("status", "department"):
        expected = truth[field]
        assert getattr(program, field) == expected["value"]
        assert program.line_of(field) == expected["line"]
        source = expected.get("inherited_from")
        assert (field in program.inherited) == (source is not None)
        if source is not None:
            assert known[source].id in (program.parent_id, program.group_id)


def same_text(program: Program, truth: dict[str, Any]) -> None:
    assert len(program.description) == truth["own_paragraphs"]
    for paragraph, expected in zip(program.description, truth["paragraphs"], strict=True):
        digest = hashlib.sha256(paragraph.text.encode()).hexdigest()[:12]
        assert (paragraph.first_line, paragraph.last_line) == (expected["line"], expected["line"])
        assert (len(paragraph.text), digest) == (expected["chars"], expected["sha256_12"])


def same_forecasts(program: Program, truth: dict[str, Any]) -> None:
    assert len(program.forecasts) == len(truth["forecasts"])
    for forecast, expected in zip(program.forecasts, truth["forecasts"], strict=True):
        assert (forecast.label, forecast.fiscal_year) == (
            expected["label"],
            expected["fiscal_year"],
        )
        same_money(forecast.amount, expected)


@pytest.mark.parametrize("truth", TRUTH["programs"], ids=lambda truth: truth["id"])
def test_programme_is_as_printed(truth: dict[str, Any], by_truth_id: dict[str, Program]) -> None:
    """Every field of every named programme, with the lines that carry it."""
    program = by_truth_id[truth["id"]]
    parent, group = truth["parent_id"], truth["group_id"]
    assert program.title == truth["title"]
    assert program.line_of("title") == truth["title_line"]
    assert program.role == ROLES.get(truth["role"], truth["role"])
    assert program.parent_id == (by_truth_id[parent].id if parent else None)
    assert program.group_id == (by_truth_id[group].id if group else None)
    assert program.number == truth["local_number"]
    assert program.section == truth["section"]["title"]
    assert program.section_number == truth["section"]["number"]
    assert program.account == truth["account"]
    assert program.policy_goal_number == str(truth["policy_goal"])
    same_labels(program, truth, by_truth_id)
    same_money(program.amount, truth["amount"])
    same_money(program.previous_amount, truth["previous_amount"])
    assert program.line_of("amount") == truth["amount"]["line"]
    assert program.line_of("previous_amount") == truth["previous_amount"]["line"]
    change = truth["change_thousand_yen"]
    assert program.change_yen == (None if change is None else change * 1000)
    ratio = program.change_ratio
    assert truth["change_pct"] == (None if ratio is None else round(ratio * 100, 1))
    same_forecasts(program, truth)
    entry = program.contents
    assert entry is not None
    assert (entry.order, entry.line, entry.page) == tuple(truth["toc"].values())
    assert program.page == truth["toc"]["page"]
    same_text(program, truth)
    assert program.line_of("subheading") == truth.get("subheading_line")
    assert list(program.flags) == truth.get("flags", [])


@pytest.mark.parametrize("truth", TRUTH["groups"], ids=lambda truth: truth["id"])
def test_group_is_as_printed(truth: dict[str, Any], by_truth_id: dict[str, Program]) -> None:
    """The shared header keeps its text and forecasts; it has no amount of its own."""
    group = by_truth_id[truth["id"]]
    members = [by_truth_id[member] for member in truth["members"]]
    assert group.role is Role.GROUP
    assert group.child_ids == tuple(member.id for member in members)
    assert group.amount.yen is None
    assert group.amount.raw == ""
    same_labels(group, truth, by_truth_id)
    same_forecasts(group, truth)
    same_text(group, truth)
    total = sum(member.amount.yen or 0 for member in members)
    assert total == truth["amount_sum_thousand_yen"] * 1000


def test_document_facts(parsed: ParsedDocument) -> None:
    """Account, section, goals and units as printed."""
    truth, document = TRUTH["document"], parsed.document
    assert document.account == truth["account"]["value"]
    assert (document.amount_unit, document.forecast_unit) == ("千円", "百万円")
    goals = [(g.number, g.title, g.line) for g in document.goals]
    assert goals == [tuple(goal.values()) for goal in truth["policy_goals"]]
    section = document.sections[0]
    assert [section.number, section.title, section.line] == list(truth["section"].values())
    program = parsed.programs[0]
    assert program.line_of("account") == truth["account"]["line"]


def test_derived_figures(parsed: ParsedDocument, by_truth_id: dict[str, Program]) -> None:
    """Totals that must come out, counted without the children."""
    truth = TRUTH["derived"]
    named = [program for program in parsed.programs if program.role is not Role.GROUP]
    top = [program for program in named if program.parent_id is None]
    assert (len(named), len(top)) == (truth["entries"], truth["top_level_entries"])
    assert sum(p.amount.yen or 0 for p in top) == truth["total_thousand_yen_top_level"] * 1000
    by_status: Counter[str] = Counter()
    by_department: Counter[str] = Counter()
    by_goal: Counter[str] = Counter()
    for program in top:
        thousand = (program.amount.yen or 0) // 1000
        by_status[program.status or ""] += thousand
        by_department[program.department or ""] += thousand
        by_goal[program.policy_goal_number or ""] += thousand
    assert by_status == truth["by_status_top_level"]
    assert by_department == truth["by_department_top_level"]
    assert by_goal == truth["by_policy_goal_top_level"]
    paragraphs = [text for program in parsed.programs for text in program.description]
    assert len(paragraphs) == truth["body_paragraphs"]
    assert sum(len(paragraph.text) for paragraph in paragraphs) == truth["body_chars"]
    for page, members in truth["toc_pages"].items():
        assert [by_truth_id[member].page for member in members] == [int(page)] * len(members)


def test_every_line_is_claimed_once(parsed: ParsedDocument) -> None:
    """55 lines of structure, 27 of body, none of both, none a problem."""
    roles = Counter(claim.role for claim in parsed.claims)
    assert len(parsed.claims) == TRUTH["source"]["lines"]
    assert roles[LineRole.STRUCTURE] == 55
    assert roles[LineRole.BODY] == 27
    assert roles[LineRole.PROBLEM] == 0
    assert parsed.problems == ()
    assert all(check.ok for check in parsed.checks)
    assert len(parsed.checks) == 2


def test_without_a_manifest_the_text_tells(parsed: ParsedDocument) -> None:
    """Year, publisher and units are inferred from the chapter, and marked so."""
    alone = parse_sample(None)
    document = alone.document
    assert document.fiscal_year == 2025
    assert document.publisher is not None
    assert (document.publisher.name, document.publisher.code) == ("千代田区", "131016")
    expected = {"fiscal_year", "publisher", "title", "account", "amount_unit", "forecast_unit"}
    assert set(document.inferred) == expected
    assert [p.id for p in alone.programs] == [p.id for p in parsed.programs]
    assert {problem.severity.value for problem in alone.problems} == {"note"}
