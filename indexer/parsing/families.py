"""Which heads of the book belong together, and what does the book print first?

Questions about more than one head, asked while the blocks are cut: whose parts add up to whose
amount, which bullets open programmes, whether labels stand above their titles.
"""

from __future__ import annotations

from indexer.parsing.heads import Head
from indexer.parsing.layout import Kind, Layout

FAMILY_SIZE, FAMILY_LINES = 40, 1000
"""How many children, and how far away, are looked at to see whether they add up to a parent."""


def head_lines(head: Head) -> list[int]:
    lines = {head.line.number, *head.title_lines, *head.label_lines.values()}
    lines |= set(head.other_lines)
    lines |= {figure.line.number for figure in head.figures}
    return sorted(lines)


def following_heads(layout: Layout, head: Head) -> list[Head]:
    """This head and the later ones of its level, up to a shallower one or a heading."""
    found: list[Head] = [head]
    number = max(head_lines(head)) + 1
    last = min(len(layout.lines), number + FAMILY_LINES)
    while number <= last and len(found) < FAMILY_SIZE:
        kind = layout.kind(number)
        if kind is Kind.HEADING or kind is Kind.CONTENTS:
            break
        other = layout.heads.get(number)
        if other is not None and other not in found:
            if other.leading.level < head.leading.level or (
                other.leading.bullet != head.leading.bullet
            ):
                break
            if other.leading.level == head.leading.level:
                if other.leading.number == head.leading.number is not None:
                    break
                found.append(other)
        number += 1
    return found


def sums_up(top: Head, children: list[Head]) -> bool:
    amount = top.figure("amount")
    theirs = [child.figure("amount") for child in children]
    if amount is None or not amount.token.yen or len(children) < 2:
        return False
    return amount.token.yen == sum((figure.token.yen or 0) for figure in theirs if figure)


def has_own_labels(layout: Layout, head: Head) -> bool:
    if head.labels:
        return True
    below = layout.neighbour(max(head_lines(head)), 1)
    return below is not None and layout.kind(below) is Kind.LABELS


def top_bullets(layout: Layout) -> set[str]:
    """Bullets of heads that open the book or a section: those are no marks of children."""
    found: set[str] = set()
    fresh = True
    for number in range(1, len(layout.lines) + 1):
        if layout.kind(number) is Kind.HEADING:
            fresh = True
        head = layout.heads.get(number)
        if head is not None and fresh:
            fresh = False
            if head.leading.bullet:
                found.add(head.leading.bullet)
    return found


def labels_come_first(layout: Layout) -> bool:
    """Whether the book prints status or department above the title, not below the amount."""
    votes = 0
    for number in layout.labels:
        above, below = layout.neighbour(number, -1), layout.neighbour(number, 1)
        kind_above = layout.kind(above) if above else Kind.BLANK
        kind_below = layout.kind(below) if below else Kind.BLANK
        opens = kind_above in (Kind.HEADING, Kind.BLANK, Kind.FRONT, Kind.NOTE, Kind.CONTENTS)
        if opens and kind_below in (Kind.HEAD, Kind.TITLE, Kind.LABELS):
            return True
        if kind_above in (Kind.HEAD, Kind.AMOUNT):
            votes -= 1
        elif kind_below in (Kind.HEAD, Kind.TITLE) and kind_above is not Kind.TEXT:
            votes += 1  # under a text it may as well close its programme: ``【健康推進課】``
        if votes <= -3:
            return False
    return votes > 0
