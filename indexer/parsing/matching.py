"""Which programme does a line of the contents list name, and what does the list add to it?

By folded title and order, within the section first: a parent and its first child may share a
title, and two sections may have a programme of the same name.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence

from indexer.model import Role
from indexer.parsing.characters import match_key
from indexer.parsing.drafts import Draft
from indexer.parsing.layout import Entry, FoundHeading, Kind, Layout


def place_entries(layout: Layout) -> None:
    """Give every entry the headings it stands under in the list."""
    by_line = {entry.lines[0]: entry for entry in layout.entries}
    current: dict[str, FoundHeading | None] = {"account": None, "section": None, "goal": None}
    for number in range(1, len(layout.lines) + 1):
        heading = layout.headings.get(number)
        if heading is not None:
            current[heading.kind] = heading
            if heading.kind == "section":
                current["goal"] = None
        entry = by_line.get(number)
        if entry is not None:
            entry.account, entry.section = current["account"], current["section"]
            entry.goal = current["goal"]


def match_entries(layout: Layout, drafts: Sequence[Draft]) -> None:
    """Pair entries with programmes; both sides keep what finds no partner."""
    entries: dict[str, list[Entry]] = defaultdict(list)
    for entry in layout.entries:
        entries[match_key(entry.title)].append(entry)
    waiting: dict[str, list[Draft]] = defaultdict(list)
    for draft in drafts:
        if draft.role is not Role.GROUP:
            waiting[match_key(draft.title)].append(draft)
    for key, named in entries.items():
        candidates = waiting.get(key, [])
        for section in {_section_key(entry.section) for entry in named}:
            _pair(
                [entry for entry in named if _section_key(entry.section) == section],
                [draft for draft in candidates if _section_key(draft.section) == section],
            )
        taken = {id(draft.entry) for draft in candidates if draft.entry}
        _pair(
            [entry for entry in named if id(entry) not in taken],
            [draft for draft in candidates if draft.entry is None],
        )
    _take_headings(layout, drafts)


def _pair(entries: Sequence[Entry], drafts: Sequence[Draft]) -> None:
    """First with first: the list and the body print equal titles in the same order."""
    for entry, draft in zip(entries, drafts, strict=False):
        draft.entry = entry


def _section_key(heading: FoundHeading | None) -> str:
    return match_key(heading.title) if heading else ""


def _take_headings(layout: Layout, drafts: Sequence[Draft]) -> None:
    """Headings printed in the list count through it; headings of the body count by position."""
    listed = {
        id(heading)
        for entry in layout.entries
        for heading in (entry.account, entry.section, entry.goal)
        if heading is not None
    }
    numbered = {match_key(e.goal.title): e.goal for e in layout.entries if e.goal}
    for draft in drafts:
        if draft.role is Role.GROUP:
            continue
        entry = draft.entry
        if entry is not None:
            if draft.section is None or id(draft.section) in listed:
                draft.section = entry.section or draft.section
            if draft.account is None or id(draft.account) in listed:
                draft.account = entry.account or draft.account
        if draft.goal is None or id(draft.goal) in listed:
            draft.goal = entry.goal if entry else None
        if draft.goal and draft.goal.number is None:
            draft.goal = numbered.get(match_key(draft.goal.title), draft.goal)
    _from_family(drafts)


def _from_family(drafts: Sequence[Draft]) -> None:
    """A child that the list leaves out stands where its parent does, a group where its members."""
    for draft in drafts:
        owner = draft.parent
        if owner is not None and draft.entry is None:
            draft.goal = draft.goal or owner.goal
            draft.section, draft.account = owner.section, owner.account
    for draft in drafts:
        if draft.role is Role.GROUP and draft.children:
            first = draft.children[0]
            draft.section, draft.account = first.section, first.account
            goals = {id(child.goal) for child in draft.children}
            draft.goal = first.goal if len(goals) == 1 else None


def find_repeated_goals(layout: Layout) -> None:
    """A goal of the list printed again in the body, over its programmes, is a heading there."""
    goals = {
        match_key(heading.title): heading
        for heading in layout.headings.values()
        if heading.kind == "goal"
    }
    numbered = {match_key((h.number or "") + h.title): h for h in goals.values()}
    if not goals:
        return
    for line in list(layout.text_lines()):
        if len(line.text) > 200:
            continue
        key = match_key(line.text)
        found = goals.get(key) or numbered.get(key)
        if found is not None:
            layout.headings[line.number] = FoundHeading(
                "goal", found.title, line.number, found.number, line.number
            )
            layout.set(line.number, Kind.HEADING)


def take_pages(layout: Layout, drafts: Sequence[Draft]) -> None:
    """The printed page: from the list, else from the page number beside the title."""
    numbers = sorted(layout.pages)
    footers = _are_footers(layout, numbers)
    for draft in drafts:
        if draft.entry is not None and draft.entry.page is not None:
            draft.page, draft.page_line = draft.entry.page, draft.entry.lines[-1]
            continue
        if draft.role is Role.GROUP:
            continue
        if layout.known_pages is not None:
            page = layout.known_pages.pages[draft.line - 1]
            if page is not None:
                draft.page, draft.page_line = page, layout.known_pages.numbered.get(page)
            continue
        if draft.parent is not None and draft.parent.page is not None and not numbers:
            draft.page, draft.page_line = draft.parent.page, draft.parent.page_line
            continue
        index = bisect_right(numbers, draft.line) - (0 if footers else 1)
        if 0 <= index < len(numbers):
            line = numbers[index]
            draft.page, draft.page_line = layout.pages[line], line
    for draft in drafts:
        pages = {(c.page, c.page_line) for c in draft.children if c.page is not None}
        if draft.role is Role.GROUP and len({page for page, _ in pages}) == 1:
            draft.page, draft.page_line = min(pages, key=lambda pair: pair[1] or 0)


def _are_footers(layout: Layout, numbers: list[int]) -> bool:
    """Page numbers stand below their page unless one opens the book, alone or under nothing but
    a running head, and the last one has text below it."""
    if not numbers:
        return True
    above = (n for n in range(1, numbers[0]) if layout.kind(n) is not Kind.BLANK)
    words = [n for n in above if layout.kind(n) is not Kind.FURNITURE]
    opens = not words or (len(words) == 1 and numbers[0] <= words[0] + 1)
    return not opens or layout.neighbour(numbers[-1], 1) is None
