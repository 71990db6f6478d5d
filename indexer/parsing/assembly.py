"""How do drafts become programmes? Ids, evidence, flags and claims, for all layouts alike."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.model import (
    ContentsEntry,
    LineRole,
    MoneyState,
    Program,
    Role,
    Severity,
    SourceLine,
)
from indexer.parsing.drafts import Draft
from indexer.parsing.identity import IdentityKey, program_ids
from indexer.parsing.inference import Facts
from indexer.parsing.labels import fold_status, foremost_status
from indexer.parsing.layout import Layout
from indexer.parsing.profile import Profile


def assign_ids(drafts: Sequence[Draft], facts: Facts, document_key: str) -> None:
    """Every draft gets its id, from content alone."""
    keys = [_key(draft, facts, document_key) for draft in drafts]
    for draft, identifier in zip(drafts, program_ids(keys), strict=True):
        draft.id = identifier


def _key(draft: Draft, facts: Facts, document_key: str) -> IdentityKey:
    publisher = facts.publisher
    known = publisher is not None and facts.fiscal_year is not None
    name = (publisher.code or publisher.name) if publisher else ""
    path = [draft.title]
    owner = draft.parent
    while owner is not None:
        path.insert(0, owner.title)
        owner = owner.parent
    return IdentityKey(
        publisher=name if known else f"{name} {document_key}".strip(),
        fiscal_year=facts.fiscal_year,
        account=draft.account.title if draft.account else facts.account,
        section=draft.section.title if draft.section else facts.section,
        title_path=tuple(path),
        department="、".join(name for name, _ in draft.departments) or None,
        goal=draft.goal.title if draft.goal else None,
        kind="group" if draft.role is Role.GROUP else "program",
    )


def build_programs(
    layout: Layout, drafts: Sequence[Draft], facts: Facts, document: str
) -> tuple[Program, ...]:
    """The programmes of the model; flags are set and doubtful amounts become problems."""
    orders = {id(entry): n for n, entry in enumerate(layout.entries, start=1)}
    return tuple(_program(layout, draft, facts, document, orders) for draft in drafts)


def _program(
    layout: Layout, draft: Draft, facts: Facts, document: str, orders: dict[int, int]
) -> Program:
    status_raw = "・".join(dict.fromkeys(word for word, _ in draft.statuses)) or None
    status = _fold(layout.profile, draft)
    _flag(draft, status)
    _doubt_amounts(layout, draft)
    first, last = _span(draft)
    entry = draft.entry
    return Program(
        id=draft.id,
        document_id=document,
        title=draft.title,
        role=draft.role,
        number=draft.number,
        account=draft.account.title if draft.account else facts.account,
        section=draft.section.title if draft.section else facts.section,
        section_number=draft.section.number if draft.section else None,
        policy_goal=draft.goal.title if draft.goal else None,
        policy_goal_number=draft.goal.number if draft.goal else None,
        status=status,
        status_raw=status_raw,
        department="、".join(dict.fromkeys(name for name, _ in draft.departments)) or None,
        amount=draft.amount,
        previous_amount=draft.previous,
        printed_change=draft.change,
        forecasts=tuple(draft.forecasts),
        started=draft.started,
        ended=draft.ended,
        executions=tuple(sorted(draft.executions, key=lambda e: e.fiscal_year, reverse=True)),
        page=draft.page,
        parent_id=draft.parent.id if draft.parent else None,
        group_id=draft.group.id if draft.group else None,
        child_ids=tuple(child.id for child in draft.children),
        description=tuple(draft.paragraphs),
        inherited=tuple(draft.inherited),
        contents=ContentsEntry(orders[id(entry)], entry.lines[-1], entry.page) if entry else None,
        first_line=first,
        last_line=last,
        evidence=_evidence(draft),
        classification=draft.classification,
        funding=draft.funding,
        places=tuple(draft.places),
        flags=tuple(draft.flags),
    )


def _fold(profile: Profile, draft: Draft) -> str | None:
    """The status counted: the first one that is more than an assumed mark or a priority."""
    folded = [fold_status(word, profile) for word, _ in draft.statuses]
    return foremost_status([word for word in folded if word])


def _flag(draft: Draft, status: str | None) -> None:
    """Facts worth showing; printed contradictions stay as printed."""
    amount, previous = draft.amount.yen, draft.previous.yen
    child_amounts = [c.amount.yen for c in draft.children if "part_of" not in c.flags]
    known = [yen for yen in child_amounts if yen is not None]
    is_complete = bool(known) and len(known) == len(child_amounts)
    if draft.role is Role.PARENT and amount and is_complete and sum(known) == amount:
        draft.flag("amount_is_sum_of_children")
    if amount is None or not previous:
        return
    if status == "拡充" and amount < previous:
        draft.flag("status_expanded_but_amount_decreased")
    if status == "縮小" and amount > previous:
        draft.flag("status_reduced_but_amount_increased")
    if status == "新規":
        draft.flag("new_but_previous_amount")


def _doubt_amounts(layout: Layout, draft: Draft) -> None:
    names = (("予算額", draft.amount), ("前年度予算額", draft.previous), ("増減", draft.change))
    forecasts = (("見込額", f.amount) for f in draft.forecasts)
    executions = (("執行額", e.amount) for e in draft.executions)
    for name, money in (*names, *forecasts, *executions):
        if money is not None and money.state is MoneyState.UNREADABLE:
            layout.problem(
                money.line,
                "unreadable_amount",
                f"{money.line}行目にある{draft.title[:30]}の{name}「{money.raw}」を金額として"
                f"{_why_unreadable(layout, money.raw)}",
                Severity.ERROR,
            )
    if draft.role is not Role.GROUP and not draft.amount.raw:
        layout.problem(
            draft.line,
            "program_without_amount",
            f"{draft.line}行目の{draft.title[:30]}に予算額が見つかりません。",
        )


def _why_unreadable(layout: Layout, raw: str) -> str:
    """The end of the sentence; a formula without a result has a way out of its own."""
    if raw.startswith("#"):
        return f"読めません。{layout.path} の表計算の誤りを直し、保存し直してください。"
    if raw.startswith("="):
        return (
            "読めません。計算結果が保存されていないので、"
            f"{layout.path} を表計算ソフトで開いて保存し直してください。"
        )
    return "読めません。原本と単位を確かめてください。"


def _span(draft: Draft) -> tuple[int, int]:
    lines = set(draft.lines) or {draft.line}
    if draft.role in (Role.GROUP, Role.PARENT):
        for child in draft.children:
            lines |= child.lines
    return min(lines), max(lines)


def _evidence(draft: Draft) -> tuple[SourceLine, ...]:
    """The line behind every field, printed order within a field."""
    found = list(draft.evidence)
    found += [("title", line) for line in draft.title_lines]
    found += [("status", line) for _, line in draft.statuses]
    found += [("department", line) for _, line in draft.departments]
    for name, heading in (
        ("account", draft.account),
        ("section", draft.section),
        ("policy_goal", draft.goal),
    ):
        if heading is not None:
            found.append((name, heading.line))
    if draft.page_line is not None:
        found.append(("page", draft.page_line))
    if draft.entry is not None:
        found.append(("contents", draft.entry.lines[-1]))
    found += [("description", paragraph.first_line) for paragraph in draft.paragraphs]
    return tuple(SourceLine(name, line) for name, line in dict.fromkeys(found))


def claim_lines(layout: Layout, drafts: Sequence[Draft]) -> None:
    """Body lines and the structure of each programme; whatever is left over is blank."""
    body: dict[int, Draft] = {}
    for draft in drafts:
        for paragraph in draft.paragraphs:
            for number in range(paragraph.first_line, paragraph.last_line + 1):
                body[number] = draft
    for draft in drafts:
        for number in sorted(draft.lines):
            if number in layout.claims:
                continue
            is_body = body.get(number) is draft
            layout.claim(number, LineRole.BODY if is_body else LineRole.STRUCTURE, draft.id)
    for line in layout.lines:
        if line.number not in layout.claims:
            layout.claim(line.number, LineRole.BLANK if line.is_blank else LineRole.PROBLEM)
