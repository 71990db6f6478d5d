"""Does the book add up? What it declares against what was found; both sides are kept as printed."""

from __future__ import annotations

from bisect import bisect_left
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
    counted = _Counted(named)
    previous = 0
    for number in sorted(layout.totals):
        declared = layout.totals[number]
        scopes = counted.scopes(declared, previous)
        if declared.figures:
            yield from _total(layout, declared, scopes)
        if declared.count is not None:
            found = next((n for n, _ in scopes if n == declared.count), scopes[0][0])
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


class _Counted:
    """Counts and sums of programmes by line range, section and account, each looked up at once.

    再掲 and うち amounts and children never enter a sum.
    """

    def __init__(self, named: Sequence[Draft]) -> None:
        tops = sorted((d for d in named if d.parent is None), key=lambda draft: draft.line)
        self.lines = [draft.line for draft in tops]
        self.sums = [0]
        self.named: dict[str, tuple[int, int]] = {}
        """Key of a section or account → number of programmes and yen."""
        for draft in tops:
            yen = 0 if {"repeated", "part_of"} & set(draft.flags) else draft.amount.yen or 0
            self.sums.append(self.sums[-1] + yen)
            for heading in (draft.section, draft.account):
                if heading is not None:
                    count, total = self.named.get(match_key(heading.title), (0, 0))
                    self.named[match_key(heading.title)] = (count + 1, total + yen)

    def scopes(self, declared: DeclaredTotal, previous: int) -> list[tuple[int, int]]:
        """What a total may be about, the likeliest first: its section, its account, its table,
        else the programmes above it. Number of programmes and yen of each."""
        own = self.named.get(match_key(declared.section)) if declared.section else None
        scopes = [own] if own else []
        if declared.end is not None:
            scopes.append(self._between(declared.line, declared.end))
        scopes += [self._between(start, declared.line) for start in declared.starts]
        if scopes:
            return scopes
        if _is_subtotal(declared):
            return [self._between(previous + 1, declared.line)]
        above = self._between(0, declared.line)
        return [above if above[0] else self._between(0, None)]

    def _between(self, first: int, end: int | None) -> tuple[int, int]:
        """Programmes from line ``first`` up to, without, line ``end``."""
        low = bisect_left(self.lines, first)
        high = len(self.lines) if end is None else max(low, bisect_left(self.lines, end))
        return high - low, self.sums[high] - self.sums[low]


def _total(
    layout: Layout, declared: DeclaredTotal, scopes: Sequence[tuple[int, int]]
) -> Iterator[Check]:
    other = None if declared.starts else declared.figures[0]
    figure = next((f for f in declared.figures if f.kind == "amount"), other)
    if figure is None or figure.token.yen is None:
        return
    expected = figure.token.yen
    found = next((yen for _, yen in scopes if yen == expected), scopes[0][1])
    ok = found == expected
    label = declared.label.strip() or "合計"
    yield Check(f"合計: {label}", str(expected), str(found), ok, declared.line)
    if not ok:
        layout.problem(
            declared.line,
            "declared_total_differs",
            f"{declared.line}行目の{label[:30]}は{expected:,}円ですが、読み取れた事業を足すと{found:,}円です。",
        )
