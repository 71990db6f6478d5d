"""Does the title stand above its amount, below it, or in a column of its own?

Extraction from pages moves amounts away from their titles. How each amount is given the lines of
its title, and the cases where the title is not simply the text above.
"""

from __future__ import annotations

from indexer.parsing.characters import join_wrapped
from indexer.parsing.heads import Head, is_title, title_only
from indexer.parsing.layout import Kind, Layout

_STYLE_AMOUNTS = 50


def join_title(layout: Layout, numbers: list[int]) -> str:
    heads = [title_only(layout.line(n), layout.profile) for n in numbers]
    text = ""
    for index, (number, head) in enumerate(zip(numbers, heads, strict=True)):
        plain = layout.line(number).raw.strip()
        part = (head.title if head else plain) if index == 0 or index == len(numbers) - 1 else plain
        text = join_wrapped(text, part) if text else part
    return text


def settle_title(layout: Layout, head: Head, title_lines: list[int], number: int) -> None:
    """The head takes its title and the marks around it from the title's lines."""
    head.title = join_title(layout, title_lines)
    head.title_lines = list(title_lines)
    first = title_only(layout.line(title_lines[0]), layout.profile)
    last = title_only(layout.line(title_lines[-1]), layout.profile)
    for part in dict.fromkeys((title_lines[0], title_lines[-1])):
        marks = first if part == title_lines[0] else last
        if marks is None:
            continue
        head.labels.add(marks.labels)
        head.flags += [flag for flag in marks.flags if flag not in head.flags]
        if marks.labels.statuses:
            head.label_lines.setdefault("status", part)
        if marks.labels.departments:
            head.label_lines.setdefault("department", part)
    if first is not None and head.leading.number is None:
        head.leading = first.leading
    for line in title_lines:
        layout.set(line, Kind.TITLE)
    layout.set(number, Kind.AMOUNT)


def title_below(layout: Layout, number: int, head: Head) -> bool:
    """The amount came before its title in the extraction: ``予算額 1千円 / ■広報【広報課】``."""
    below = layout.neighbour(number, 1)
    if below is None or layout.kind(below) is not Kind.TEXT:
        return False
    found = title_only(layout.line(below), layout.profile)
    if found is None or not _is_strong(found):
        return False
    settle_title(layout, head, [below], number)
    return True


def _is_strong(head: Head) -> bool:
    """A title by its own marks: a bullet, or a department or status in brackets."""
    bullet = head.leading.bullet
    return bool(bullet and bullet != "・") or bool(head.labels.departments)


def fill_open_title(layout: Layout, number: int, head: Head) -> bool:
    """``■title【課】 / text / 予算額 1,000千円``: the amount closes the block."""
    above = number - 1
    while above > 0 and layout.kind(above) in (Kind.TEXT, Kind.BLANK, Kind.LABELS, Kind.FURNITURE):
        if layout.kind(above) is Kind.TEXT:
            found = title_only(layout.line(above), layout.profile)
            if found and found.leading.bullet and found.labels.departments:
                settle_title(layout, head, [above], number)
                return True
        if number - above > 60:
            return False
        above -= 1
    return False


def pair_columns(layout: Layout, amounts: list[int]) -> None:
    """Titles one under another, then their amounts one under another, as extraction leaves them."""
    index = 0
    while index < len(amounts):
        run = [amounts[index]]
        while index + len(run) < len(amounts) and amounts[index + len(run)] == run[-1] + 1:
            run.append(amounts[index + len(run)])
        index += len(run)
        complete = all(layout.heads[n].figure("amount") for n in run)
        if len(run) < 2 or not complete:
            continue
        above = layout.neighbour(run[0], -1)
        titles: list[int] = []
        while above is not None and layout.kind(above) is Kind.TEXT and len(titles) <= len(run):
            if not is_title(layout.line(above).text.strip()):
                break
            titles.insert(0, above)
            above = above - 1 if layout.kind(above - 1) is Kind.TEXT else None
        if len(titles) != len(run):
            continue
        for number, title in zip(run, titles, strict=True):
            settle_title(layout, layout.heads[number], [title], number)


def amounts_come_first(layout: Layout, amounts: list[int]) -> bool:
    """Whether the book's extraction puts an amount above its bulleted title."""
    if not amounts or any(_strong_at(layout, n) for n in range(1, amounts[0])):
        return False
    for number in amounts[:_STYLE_AMOUNTS]:
        above, below = layout.neighbour(number, -1), layout.neighbour(number, 1)
        strong_above = _strong_at(layout, above)
        strong_below = _strong_at(layout, below)
        if strong_above != strong_below:
            return strong_below
    return False


def _strong_at(layout: Layout, number: int | None) -> bool:
    if number is None or layout.kind(number) is not Kind.TEXT:
        return False
    found = title_only(layout.line(number), layout.profile)
    return found is not None and _is_strong(found)
