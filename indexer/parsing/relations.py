"""What does a block mean: one programme, a parent with children, a shared header?

Sums count leaves or parents, never both, so this is where a book's total is won or lost. A block
is read as printed: numbered heads under one without a number are its children; heads of one kind
over one status line are members of a shared header; the rest stand alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from indexer.model import Money, Role
from indexer.parsing.blocks import Block, Event
from indexer.parsing.characters import match_key
from indexer.parsing.drafts import Draft
from indexer.parsing.forecasts import forecast_year, settle
from indexer.parsing.heads import Head
from indexer.parsing.labels import Labels
from indexer.parsing.layout import Kind, Layout
from indexer.parsing.paragraphs import ParagraphBuilder


def settle_block(layout: Layout, block: Block, width: int) -> list[Draft]:
    """The block's programmes in printed order, its group (if it has one) before its members."""
    return _Settler(layout, block, width).settle()


@dataclass(slots=True)
class _Part:
    """A stretch of the block under one subhead (or under none: ``target`` is ``None``)."""

    target: Draft | None
    events: list[Event]


class _Settler:
    def __init__(self, layout: Layout, block: Block, width: int) -> None:
        self.layout, self.block, self.width = layout, block, width
        self.drafts: dict[int, Draft] = {}

    def settle(self) -> list[Draft]:
        for event in self.block.events:
            if event.kind == "head" and event.head:
                self.drafts[id(event.head)] = self._draft(event.head, event.lines)
        run, tops = self._nest()
        parts = self._parts()
        group = self._group(run, tops, parts)
        shared = group or self._shared_target(run, tops)
        self._distribute(parts, shared)
        for draft in self.drafts.values():
            if draft.parent is None and "part_of" in draft.flags:
                draft.flags.remove("part_of")  # うちエコ診断 is a name, not a share
        self._inherit(group)
        ordered = [group] if group else []
        ordered += list(self.drafts.values())
        self._place(ordered)
        return ordered

    def _draft(self, head: Head, lines: list[int]) -> Draft:
        draft = Draft(
            head.title,
            head.first_title_line,
            head.leading.number,
            head.leading.level,
            head.leading.bullet,
            flags=list(head.flags),
            title_lines=list(head.title_lines),
            lines=set(lines),
        )
        draft.evidence.append(("title", head.first_title_line))
        self._figures(draft, head)
        self._add_labels(draft, head.labels, head.label_lines, head.first_title_line)
        return draft

    def _figures(self, draft: Draft, head: Head) -> None:
        base = self.layout.fiscal_year
        for figure in head.figures:
            money = figure.money(self.layout.profile)
            kind = figure.kind
            if kind.startswith("year:"):
                kind = self._year_kind(draft, kind[5:], money, base)
            if kind == "amount" and draft.amount.raw == "":
                draft.amount = money
                draft.evidence.append(("amount", figure.line.number))
            elif kind == "previous" and draft.previous.raw == "":
                draft.previous = money
                draft.evidence.append(("previous_amount", figure.line.number))
            elif kind == "change" and draft.change is None:
                draft.change = money
                draft.evidence.append(("printed_change", figure.line.number))
            elif kind == "other":
                draft.flag("has_other_amount")

    def _year_kind(self, draft: Draft, label: str, money: Money, base: int | None) -> str:
        """``(5年度:128 億円)``: this year's, last year's or a later year's figure."""
        year = forecast_year(label, base)
        if base is None or year is None:
            return "amount" if draft.amount.raw == "" else "previous"
        if year == base:
            return "amount"
        if year == base - 1:
            return "previous"
        if year > base:
            draft.forecasts += settle([(label, money)], base)
            draft.evidence.append(("forecasts", money.line or draft.line))
            return "forecast"
        return "other"

    def _add_labels(
        self, draft: Draft, labels: Labels, lines: dict[str, int], default: int
    ) -> None:
        status_line = lines.get("status", default)
        department_line = lines.get("department", default)
        draft.statuses += [(word, status_line) for word in labels.statuses]
        draft.departments += [(name, department_line) for name in labels.departments]

    def _nest(self) -> tuple[list[Draft], list[Draft]]:
        """Children under their parents by level, bullet or sum; the heads of the opening run."""
        run_events = []
        for event in self.block.events:
            if event.kind != "head":
                break
            run_events.append(event)
        run = [self.drafts[id(event.head)] for event in run_events]
        first = {id(draft) for draft in run}
        late = [draft for draft in self.drafts.values() if id(draft) not in first]
        tops = self._nest_run(run)
        for draft in late:
            self._adopt(tops[-1] if tops else run[0], draft)
        return run, tops

    def _nest_run(self, run: list[Draft]) -> list[Draft]:
        if len(run) == 1:
            return run
        if _first_is_sum(run) and len({_rank(draft) for draft in run}) == 1:
            for draft in run[1:]:
                self._adopt(run[0], draft)
            return run[:1]
        lowest = min(_rank(draft) for draft in run)
        if _rank(run[0]) != lowest:
            return run
        tops: list[Draft] = []
        stack: list[Draft] = []
        for draft in run:
            if not tops or (_rank(draft) == lowest and "part_of" not in draft.flags):
                tops.append(draft)
                stack = [draft]
                continue
            while len(stack) > 1 and _rank(stack[-1]) >= _rank(draft):
                stack.pop()
            self._adopt(stack[-1], draft)
            stack.append(draft)
        return tops

    def _adopt(self, parent: Draft, child: Draft) -> None:
        child.parent, child.role = parent, Role.CHILD
        parent.children.append(child)
        if parent.role is not Role.CHILD:
            parent.role = Role.PARENT

    def _parts(self) -> list[_Part]:
        """The block after its heads, cut at subheads and at children that come late."""
        parts = [_Part(None, [])]
        started = False
        for event in self.block.events:
            if event.kind == "head":
                if started and event.head:
                    parts.append(_Part(self.drafts[id(event.head)], []))
                continue
            started = True
            if event.kind == "sub" and event.head:
                target = self._target_of(event)
                parts.append(_Part(target, []))
                target.lines |= set(event.lines)
                target.evidence.append(("subheading", event.lines[0]))
                target.number = target.number or event.number
                continue
            parts[-1].events.append(event)
        return self._late_text(parts)

    def _target_of(self, event: Event) -> Draft:
        """The head a subhead repeats; a child before a parent of the same title."""
        head = event.head
        assert head is not None
        own = self.drafts.get(id(head))
        family = [own, *own.children] if own else []
        key = match_key(head.title)
        same = [draft for draft in family if match_key(draft.title) == key]
        numbered = [draft for draft in same if draft.number and draft.number == event.number]
        return (numbered or same or list(self.drafts.values()))[0]

    def _late_text(self, parts: list[_Part]) -> list[_Part]:
        """Children printed after the text: the text behind the last one is theirs only if the
        others have some too, else it goes on with the parent."""
        late = [
            part
            for part in parts
            if part.target and part.target.parent and part.target.evidence[-1][0] != "subheading"
        ]
        if not late:
            return parts
        others = late[:-1]
        if not any(any(e.kind == "text" for e in part.events) for part in others):
            last = late[-1]
            parts[0].events += last.events
            last.events = []
        return parts

    def _group(self, run: list[Draft], tops: list[Draft], parts: list[_Part]) -> Draft | None:
        """A shared header: several heads, and a status, department or text for all of them."""
        if len(tops) < 2:
            return None
        first = parts[0].events
        shared = [event.labels for event in first if event.kind == "labels" and event.labels]
        subheads = {id(part.target) for part in parts} & {id(draft) for draft in tops}
        gives_status = any(found.statuses for found in shared) and not any(
            any(word not in self.layout.profile.status_marks for word, _ in draft.statuses)
            for draft in tops
        )
        gives_department = any(found.departments for found in shared) and not any(
            draft.departments or draft.statuses or draft.bullet for draft in tops
        )
        if not (gives_status or gives_department or len(subheads) > 1):
            return None
        group = Draft("、".join(draft.title for draft in tops), tops[0].line, role=Role.GROUP)
        group.children = list(tops)
        for draft in tops:
            draft.group = group
            if draft.role is Role.STANDALONE:
                draft.role = Role.MEMBER
        return group

    def _shared_target(self, run: list[Draft], tops: list[Draft]) -> Draft:
        """Whose the text is when no header is shared: the parent's, or the last head's."""
        return tops[-1]

    def _distribute(self, parts: list[_Part], shared: Draft) -> None:
        forecasting = [p for p in parts if any(e.kind == "forecast" for e in p.events)]
        own_forecasts = len([p for p in forecasting if p.target]) > 1
        closing = parts[-1]
        for part in parts:
            target = part.target or shared
            builder = ParagraphBuilder(self.width)
            for event in part.events:
                if event.kind == "text":
                    self._text(builder, target, event)
                elif event.kind == "labels" and event.labels:
                    builder.close()
                    self._labels(target, event)
                elif event.kind == "forecast":
                    builder.close()
                    whose = target if own_forecasts or part is not closing else shared
                    self._forecast(whose if part.target else shared, event)
            target.paragraphs += builder.finish()

    def _text(self, builder: ParagraphBuilder, target: Draft, event: Event) -> None:
        number = event.lines[0]
        target.lines.add(number)
        gap = self._only_furniture_above(number)
        builder.add(self.layout.line(number), gap)

    def _only_furniture_above(self, number: int) -> bool:
        above, furniture = number - 1, False
        while above > 0 and self.layout.kind(above) in (Kind.BLANK, Kind.FURNITURE):
            furniture = furniture or self.layout.kind(above) is Kind.FURNITURE
            above -= 1
        return furniture

    def _labels(self, target: Draft, event: Event) -> None:
        number = event.lines[0]
        target.lines.add(number)
        if event.labels:
            self._add_labels(target, event.labels, {}, number)

    def _forecast(self, target: Draft, event: Event) -> None:
        number = event.lines[0]
        target.lines.add(number)
        found = self.layout.forecasts[number]
        target.forecasts += settle(found.entries, self.layout.fiscal_year)
        target.evidence.append(("forecasts", number))

    def _inherit(self, group: Draft | None) -> None:
        """Children and members take status and department where they print none."""
        for draft in self.drafts.values():
            owner = draft.owner
            if owner is None:
                continue
            chain = [owner, *([owner.owner] if owner.owner else [])]
            for field_name in ("statuses", "departments"):
                if getattr(draft, field_name):
                    continue
                source = next((o for o in chain if o and getattr(o, field_name)), None)
                if source is not None:
                    getattr(draft, field_name).extend(getattr(source, field_name))
                    draft.inherited.append("status" if field_name == "statuses" else "department")

    def _place(self, drafts: list[Draft]) -> None:
        context = self.block.context
        for draft in drafts:
            draft.account, draft.section = context.account, context.section
            draft.goal = context.goal
            if context.department and not draft.departments:
                line = context.department_line
                draft.departments += [(name, line) for name in context.department.departments]


def _rank(draft: Draft) -> int:
    """Depth by the mark before the title: none, bullet, ``1``, ``(1)``, ``①``, ``ア``, ``・``."""
    if draft.level:
        return draft.level + 1
    if draft.bullet in ("・", "-", "•"):
        return 8
    return 1 if draft.bullet else 0


def _first_is_sum(run: list[Draft]) -> bool:
    amounts = [draft.amount.yen for draft in run]
    if len(run) < 3 or any(not amount for amount in amounts):
        return False
    return amounts[0] == sum(amount or 0 for amount in amounts[1:])
