"""Does the book add up? What it declares against what was found; both sides are kept as printed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from indexer.model import Check, Role, Severity
from indexer.parsing.characters import match_key
from indexer.parsing.drafts import Draft
from indexer.parsing.layout import DeclaredTotal, Entry, Layout


def reconcile(layout: Layout, drafts: Sequence[Draft]) -> tuple[Check, ...]:
    """Contents against programmes, parents against children, declared totals and counts."""
    named = [draft for draft in drafts if draft.role is not Role.GROUP]
    checks = [
        *_contents(layout, named),
        *_children(layout, named),
        *_totals(layout, named),
    ]
    return tuple(checks)


def _contents(layout: Layout, named: Sequence[Draft]) -> Iterator[Check]:
    if not layout.entries:
        return
    taken = {id(draft.entry) for draft in named if draft.entry is not None}
    missing = [entry for entry in layout.entries if id(entry) not in taken]
    for entry in missing:
        _entry_without_program(layout, entry)
    listed_sections = {match_key(e.section.title) for e in layout.entries if e.section}
    unlisted = [d for d in named if d.entry is None and _is_listed(d, listed_sections)]
    for draft in unlisted:
        severity = Severity.NOTE if draft.role is Role.CHILD else Severity.WARNING
        layout.problem(
            draft.line,
            "program_without_contents",
            f"{draft.line}行目の{draft.title[:40]}が目次にありません。",
            severity,
        )
    children = [d for d in unlisted if d.role is Role.CHILD]
    found = len([d for d in named if _is_listed(d, listed_sections)]) - len(children)
    yield Check(
        "目次の件数と事業の件数",
        str(len(layout.entries)),
        str(found),
        not missing and found == len(layout.entries),
        layout.entries[0].lines[0],
    )


def _is_listed(draft: Draft, sections: set[str]) -> bool:
    """Whether the list speaks of the programme's section at all."""
    return not sections or draft.section is None or match_key(draft.section.title) in sections


def _entry_without_program(layout: Layout, entry: Entry) -> None:
    layout.problem(
        entry.lines[-1],
        "contents_without_program",
        f"目次の「{entry.title[:40]}」（{entry.lines[-1]}行目）に当たる事業が本文に見つかりません。",
    )


def _children(layout: Layout, named: Sequence[Draft]) -> Iterator[Check]:
    for draft in named:
        children = [child for child in draft.children if "part_of" not in child.flags]
        amounts = [child.amount.yen for child in children]
        if draft.amount.yen is None or not amounts or any(yen is None for yen in amounts):
            continue
        total = sum(yen or 0 for yen in amounts)
        ok = total == draft.amount.yen
        yield Check(
            f"内訳の合計: {draft.title}", str(draft.amount.yen), str(total), ok, draft.amount.line
        )
        if not ok:
            layout.problem(
                draft.amount.line,
                "children_do_not_add_up",
                f"{draft.title[:40]}の予算額{draft.amount.yen:,}円と内訳の合計{total:,}円が合いません。",
            )


def _totals(layout: Layout, named: Sequence[Draft]) -> Iterator[Check]:
    previous = 0
    for number in sorted(layout.totals):
        declared = layout.totals[number]
        scope = _scope(declared, named, previous)
        if declared.figures:
            yield from _total(layout, declared, scope)
        if declared.count is not None:
            found = len([draft for draft in scope if draft.parent is None])
            ok = found == declared.count
            yield Check("事業数", str(declared.count), str(found), ok, number)
            if not ok:
                layout.problem(
                    number,
                    "declared_count_differs",
                    f"{number}行目には{declared.count}事業とありますが、読み取れたのは{found}事業です。",
                )
        if _is_subtotal(declared):
            previous = number


def _is_subtotal(declared: DeclaredTotal) -> bool:
    return "小計" in declared.label


def _scope(declared: DeclaredTotal, named: Sequence[Draft], previous: int) -> list[Draft]:
    """The programmes a total is about: its section's, its account's, else those above it."""
    key = match_key(declared.section) if declared.section else ""
    section = [d for d in named if d.section and key and match_key(d.section.title) == key]
    account = [d for d in named if d.account and key and match_key(d.account.title) == key]
    if section or account:
        return section or account
    above = [draft for draft in named if draft.line < declared.line]
    if _is_subtotal(declared):
        return [draft for draft in above if draft.line > previous]
    return above or list(named)


def _total(layout: Layout, declared: DeclaredTotal, scope: Sequence[Draft]) -> Iterator[Check]:
    figure = next((f for f in declared.figures if f.kind == "amount"), declared.figures[0])
    expected = figure.token.yen
    if expected is None:
        return
    counted = [d for d in scope if d.parent is None and not {"repeated", "part_of"} & set(d.flags)]
    found = sum(d.amount.yen or 0 for d in counted)
    ok = found == expected
    label = declared.label.strip() or "合計"
    yield Check(f"合計: {label}", str(expected), str(found), ok, declared.line)
    if not ok:
        layout.problem(
            declared.line,
            "declared_total_differs",
            f"{declared.line}行目の{label[:30]}は{expected:,}円ですが、読み取れた事業を足すと{found:,}円です。",
        )
