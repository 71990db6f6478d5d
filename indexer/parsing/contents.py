"""What does the contents list promise, on which page, and under which goal?

A line with a leader and a page is an entry. Lines with only a space before the page, or no page
at all, are entries when the body has that title. What stands between entries is a goal, or the
first half of a wrapped title: the body's titles decide.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from indexer.parsing import patterns
from indexer.parsing.characters import join_wrapped, match_key
from indexer.parsing.headings import is_leader, split_page
from indexer.parsing.layout import Entry, FoundHeading, Kind, Layout
from indexer.parsing.lines import Line
from indexer.parsing.marks import scan_leading, trim_trailing

_WRAP_LINES = 2
_LINE_CHARACTERS_MAXIMUM = 300


def find_leader_entries(layout: Layout) -> None:
    """Lines with a leader and a page (or a leader and nothing behind it)."""
    for line in layout.text_lines():
        if len(line.text) > _LINE_CHARACTERS_MAXIMUM:
            continue
        text = line.text.rstrip()
        split = split_page(text)
        if split is None:
            words = text.rstrip(patterns.LEADER_CHARACTERS + " \t")
            leader = text[len(words) :]
            if len(leader.replace(" ", "")) < 3 or not is_leader(leader.rstrip("\t") or " "):
                continue
            split_words, page = words, None
        else:
            split_words, page = split
        if not re.search(r"[^\W\d_]", split_words) or "。" in split_words.rstrip("。"):
            continue
        entry = _entry(layout, line, split_words, page)
        if entry is not None:
            layout.entries.append(entry)
            layout.set(line.number, Kind.CONTENTS)


def _entry(layout: Layout, line: Line, words: str, page: int | None) -> Entry | None:
    leading = scan_leading(line.raw, words, layout.profile)
    end, _ = trim_trailing(line.raw, words, leading.end, len(words), layout.profile)
    title = line.raw[leading.end : end].strip().strip("*").strip()
    return Entry([line.number], title, page, leading.number) if title else None


def entry_titles(layout: Layout) -> dict[str, Entry]:
    """Keys of titles the list may mean: alone, and joined with the lines above it."""
    titles: dict[str, Entry] = {}
    for entry in layout.entries:
        titles.setdefault(match_key(entry.title), entry)
        number, joined = entry.lines[0], entry.title
        for _ in range(_WRAP_LINES):
            number -= 1
            if layout.kind(number) is not Kind.TEXT:
                break
            joined = join_wrapped(_words(layout, number), joined)
            titles.setdefault(match_key(joined), entry)
    return titles


def _words(layout: Layout, number: int) -> str:
    line = layout.line(number)
    leading = scan_leading(line.raw, line.text, layout.profile)
    return line.raw[leading.end :].strip()


def find_weak_entries(layout: Layout, titles: dict[str, list[int]]) -> None:
    """Entries without a leader: ``防災意識の普及・啓発 156``, or the title alone.

    ``titles`` maps the key of every title of the body to its lines; a line is an entry only
    when the title comes later, and when it is not alone: one repeated title is no list.
    """
    runs: list[list[tuple[Entry, int]]] = [[]]
    heads = iter([*sorted(layout.heads), len(layout.lines) + 1])
    next_head = next(heads)
    for line in layout.lines:
        while line.number > next_head:
            next_head = next(heads)
            if runs[-1]:
                runs.append([])
        if layout.kind(line.number) is not Kind.TEXT or len(line.text) > _LINE_CHARACTERS_MAXIMUM:
            continue
        entry = _weak_entry(layout, line, titles)
        if entry is not None:
            while runs[-1] and runs[-1][-1][1] in entry.lines:
                runs[-1].pop()
            runs[-1].append((entry, line.number))
    for run in runs:
        paged = any(entry.page is not None for entry, _ in run)
        if len(run) < 2 and not paged and not _beside_entry(layout, run):
            continue
        for entry, _ in run:
            layout.entries.append(entry)
            for number in entry.lines:
                layout.set(number, Kind.CONTENTS)
    layout.entries.sort(key=lambda entry: entry.lines[0])


def _beside_entry(layout: Layout, run: list[tuple[Entry, int]]) -> bool:
    numbers = [number for _, number in run]
    return any(
        (other := layout.neighbour(number, step)) is not None
        and layout.kind(other) is Kind.CONTENTS
        for number in numbers
        for step in (-1, 1)
    )


def _weak_entry(layout: Layout, line: Line, titles: dict[str, list[int]]) -> Entry | None:
    text = line.text.rstrip()
    if match := re.search(r"[ \t]+(?:[pP]\.? ?)?\(?(\d{1,4})\)? ?(?:頁|ページ)?$", text):
        words = text[: match.start()]
        page = int(match[1])
        entry = _entry(layout, line, words, page)
        if entry and (
            _comes_later(titles, entry.title, line.number)
            or _join_above(layout, entry, lambda title: _comes_later(titles, title, line.number))
        ):
            return entry
    entry = _entry(layout, line, text, None)
    if entry and _comes_later(titles, entry.title, line.number):
        return entry
    return None


def _comes_later(titles: dict[str, list[int]], title: str, number: int) -> bool:
    lines = titles.get(match_key(title))
    return bool(lines) and lines is not None and min(lines) > number


def join_wrapped_entries(layout: Layout, titles: Iterable[str]) -> None:
    """A title wrapped over lines in the list, where the body has the whole of it."""
    known = set(titles)
    for entry in layout.entries:
        if match_key(entry.title) in known:
            continue
        if _join_above(layout, entry, lambda title: match_key(title) in known):
            for wrapped in entry.lines:
                layout.set(wrapped, Kind.CONTENTS)


def _join_above(layout: Layout, entry: Entry, is_known: Callable[[str], bool]) -> bool:
    """Whether the entry becomes a known title with the lines above it; if so, it takes them."""
    number, joined = entry.lines[0], entry.title
    for _ in range(_WRAP_LINES):
        number -= 1
        if layout.kind(number) is not Kind.TEXT:
            return False
        joined = join_wrapped(_words(layout, number), joined)
        if is_known(joined):
            entry.lines = list(range(number, entry.lines[0] + 1))
            entry.title = joined
            return True
    return False


def read_pages_apart(layout: Layout) -> None:
    """Titles first and their pages in a column of their own below: paired when counts agree."""
    waiting = [entry for entry in layout.entries if entry.page is None]
    if not waiting:
        return
    after = waiting[-1].lines[-1]
    numbers: list[Line] = []
    for line in layout.lines[after:]:
        if line.is_blank:
            continue
        if not re.fullmatch(r"\s*\d{1,4}\s*", line.text):
            break
        numbers.append(line)
    if len(numbers) != len(waiting):
        return
    for entry, line in zip(waiting, numbers, strict=True):
        entry.page = int(line.text)
        layout.set(line.number, Kind.CONTENTS)
        layout.pages.pop(line.number, None)


def find_goals(layout: Layout, titles: Iterable[str]) -> None:
    """Goals of the list: numbered or plain lines between its entries, wrapped ones joined."""
    known = set(titles)
    if not _others_numbered(layout, known):
        for entry in layout.entries:
            _entry_as_goal(layout, entry, known)
    layout.entries = [e for e in layout.entries if e.lines[0] not in layout.headings]
    for entry in list(layout.entries):
        _goals_above(layout, entry.lines[0])


def _entry_as_goal(layout: Layout, entry: Entry, known: set[str]) -> None:
    """A numbered line with a page that no programme answers to is a goal, or a section."""
    if match_key(entry.title) in known:
        return
    below = layout.neighbour(entry.lines[-1], 1)
    followed = below is not None and layout.kind(below) in (Kind.CONTENTS, Kind.TEXT)
    if entry.number is None or not followed:
        return
    first, title = entry.lines[0], entry.title
    layout.headings[first] = FoundHeading(
        "goal", title, first, entry.number, entry.lines[-1], entry.page
    )
    for number in entry.lines:
        layout.set(number, Kind.HEADING)


def _others_numbered(layout: Layout, known: set[str]) -> bool:
    """Whether entries that are programmes carry numbers too: then a number proves nothing."""
    matched = [entry for entry in layout.entries if match_key(entry.title) in known]
    return bool(matched) and sum(e.number is not None for e in matched) * 2 > len(matched)


def _goals_above(layout: Layout, number: int) -> None:
    """Text directly above an entry, up to the entry or heading before it, is its goal."""
    block: list[int] = []
    above = layout.neighbour(number, -1)
    while above is not None and layout.kind(above) is Kind.TEXT and len(block) < 6:
        block.insert(0, above)
        above = layout.neighbour(above, -1)
    if not block or (
        above is not None
        and layout.kind(above)
        not in (
            Kind.CONTENTS,
            Kind.HEADING,
            Kind.FRONT,
            Kind.NOTE,
            Kind.FURNITURE,
        )
    ):
        block = _from_numbered(layout, block)
    starts = [n for n in block if _numbered(layout, n)]
    if not starts:
        if not block or block[-1] < number - 3 or len(block) > 2:
            return
        starts = [block[0]]
    for start, following in zip(starts, [*starts[1:], block[-1] + 1], strict=True):
        part = [n for n in block if start <= n < following]
        _make_goal(layout, part)


def _from_numbered(layout: Layout, block: list[int]) -> list[int]:
    for index, number in enumerate(block):
        if _numbered(layout, number):
            return block[index:]
    return []


def _numbered(layout: Layout, number: int) -> bool:
    line = layout.line(number)
    return scan_leading(line.raw, line.text, layout.profile).number is not None


def _make_goal(layout: Layout, lines: list[int]) -> None:
    first = layout.line(lines[0])
    leading = scan_leading(first.raw, first.text, layout.profile)
    title = first.raw[leading.end :].strip()
    for number in lines[1:]:
        title = join_wrapped(title, layout.line(number).raw.strip())
    page = None
    if len(title) > 200:
        return
    title = title.strip("*").strip()
    layout.headings[lines[0]] = FoundHeading(
        "goal", title, lines[0], leading.number, lines[-1], page
    )
    for number in lines:
        layout.set(number, Kind.HEADING)
