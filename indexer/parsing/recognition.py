"""In which order are the lines recognised? Each step takes what it is sure of from what is left.

Forecasts before heads (both hold amounts), contents lines with a leader before heads (their page
is no amount), heads before headings, titles before the weaker forms of the contents list.
"""

from __future__ import annotations

import re

from indexer.model import MoneyState
from indexer.parsing import patterns
from indexer.parsing.characters import match_key
from indexer.parsing.contents import (
    entry_titles,
    find_goals,
    find_leader_entries,
    find_weak_entries,
    join_wrapped_entries,
    read_pages_apart,
)
from indexer.parsing.forecasts import forecast_year, scan_forecast
from indexer.parsing.grid import may_be_table_row
from indexer.parsing.headings import account_name, find_headings
from indexer.parsing.heads import Head, scan_head, title_only
from indexer.parsing.labels import is_department, read_labels
from indexer.parsing.layout import DeclaredTotal, Kind, Layout
from indexer.parsing.lines import Line, find_furniture
from indexer.parsing.stacked import read_stacks
from indexer.parsing.themes import find_themes
from indexer.parsing.titles import resolve_titles

_PAGE_FIGURES = 4


def recognise(layout: Layout) -> None:
    """Fill in the layout: afterwards every line that is text is body, or a problem."""
    _find_page_numbers(layout)
    _find_forecasts(layout)
    find_leader_entries(layout)
    loose = _find_heads(layout)
    read_stacks(layout)
    find_headings(layout, set(entry_titles(layout)))
    _find_counts(layout)
    _find_labels(layout)
    _settle_loose(layout, loose)
    resolve_titles(layout)
    _recognise_contents(layout)
    _find_bare_departments(layout)
    _find_title_only_heads(layout)
    find_themes(layout)
    _find_running_heads(layout)
    _find_front(layout)
    _read_marks(layout)


def _read_marks(layout: Layout) -> None:
    """``★文化芸術祭の開催``: a mark is a status where the book explains it, or where only some
    titles carry it; on every title it is a bullet."""
    heads = list({id(head): head for head in layout.heads.values()}.values())
    for mark, _ in layout.profile.status_marks.items():
        marked = [head for head in heads if head.leading.bullet == mark]
        if mark in layout.profile.legend_marks or len(marked) < len(heads):
            for head in marked:
                head.labels.statuses.insert(0, mark)
                head.label_lines.setdefault("status", head.first_title_line)


def _find_page_numbers(layout: Layout) -> None:
    if layout.known_pages is not None:
        return
    furniture = find_furniture(layout.lines, keep=set(range(1, len(layout.lines) + 1)))
    layout.pages = furniture.pages
    for number in furniture.lines:
        if layout.kind(number) is Kind.TEXT:
            layout.set(number, Kind.FURNITURE)


def _find_forecasts(layout: Layout) -> None:
    for line in list(layout.text_lines()):
        found = scan_forecast(line, layout.profile, layout.forecast_unit)
        if found is None:
            continue
        years = [forecast_year(label, layout.fiscal_year) for label, _ in found.entries]
        base = layout.fiscal_year
        later = base is not None and all(year is not None and year > base for year in years)
        printed = any(money is not None for _, money in found.entries)
        if (found.has_word and (later or base is None or printed)) or (later and printed):
            layout.forecasts[line.number] = found
            layout.set(line.number, Kind.FORECAST)


def _find_heads(layout: Layout) -> list[Head]:
    """Heads and lines of amounts; what is no head by itself is given back for later."""
    loose: list[Head] = []
    for line in list(layout.text_lines()):
        if may_be_table_row(line.raw):
            continue
        head = scan_head(line, layout.profile, layout.unit_at(line.number))
        if head is None or _is_note(head, layout):
            continue
        if _is_total(layout, head):
            continue
        if not head.title:
            if _only_bare(head) and not head.has_label and _only_one_small(head):
                continue
            layout.heads[line.number] = head
            layout.set(line.number, Kind.AMOUNT)
        elif head.loose:
            loose.append(head)
        else:
            _set_head(layout, head)
    return loose


def _set_head(layout: Layout, head: Head) -> None:
    layout.heads[head.line.number] = head
    layout.set(head.line.number, Kind.HEAD)


def _only_bare(head: Head) -> bool:
    return all("円" not in head.line.text[f.token.start : f.token.end] for f in head.figures)


def _only_one_small(head: Head) -> bool:
    text = head.line.text.strip(" ()")
    return len(head.figures) == 1 and "," not in text


def _is_note(head: Head, layout: Layout) -> bool:
    """``一般財源 20,000千円`` is about a programme, it is none."""
    title = re.sub(r"[\s:…・()]", "", head.title)
    notes = layout.profile.not_programs
    if title in notes:
        return True
    return any(title.endswith(note) for note in notes if note[-1] in "額源高価")


def _is_total(layout: Layout, head: Head) -> bool:
    """``合計 2,826,344千円``, ``政策経営部 計 …``, ``一般会計 …``: a sum, not a programme."""
    title = re.sub(r"\s", "", head.title.replace("\u3000", ""))
    folded = match_key(head.title)
    words = layout.profile.total_words
    suffix = next((w for w in sorted(words, key=len, reverse=True) if title.endswith(w)), None)
    account = account_name(title)
    is_bureau = patterns.SECTION.match(head.title) is not None and folded.endswith(("部", "局"))
    count = patterns.DECLARED_COUNT.fullmatch(title)
    if not (suffix and _may_total(title, suffix)) and not account and not is_bureau and not count:
        return False
    if head.leading.bullet or (is_bureau and head.labels):
        return False
    number = head.line.number
    named = title.removesuffix(suffix or "").rstrip("の") or None
    layout.totals[number] = DeclaredTotal(number, head.title, head.figures, section=named)
    if count:
        layout.totals[number].count = int(count["before"] or count["after"])
    layout.set(number, Kind.TOTAL)
    if is_bureau:
        _section_with_total(layout, head)
    return True


def _section_with_total(layout: Layout, head: Head) -> None:
    """``5 政策経営部 2,826,344千円``: a heading that declares its sum."""
    from indexer.parsing.layout import FoundHeading

    number = head.line.number
    layout.headings[number] = FoundHeading(
        "section", head.title, number, head.leading.number, number
    )
    layout.totals[number].section = head.title


def _may_total(title: str, suffix: str) -> bool:
    """統計 and 会計 end like 計 and are none."""
    before = title.removesuffix(suffix)
    if suffix != "計":
        return len(before) <= 20
    return not before or before.endswith(("部", "局", "課", "室", "会計", "款", "項", "費", ")"))


def _find_counts(layout: Layout) -> None:
    """``全12事業``, ``事業数 12`` on a line of their own."""
    for line in list(layout.text_lines()):
        match = patterns.DECLARED_COUNT.fullmatch(line.text.strip())
        if match is None or not (match["after"] or line.text.strip()[0] in "全計合"):
            continue
        number = line.number
        count = int(match["before"] or match["after"])
        layout.totals[number] = DeclaredTotal(number, line.raw.strip(), [], count)
        layout.set(number, Kind.TOTAL)


def _find_labels(layout: Layout) -> None:
    for line in list(layout.text_lines()):
        if len(line.text) > 120:
            continue
        labels = read_labels(line.raw, line.text, layout.profile)
        if labels is not None:
            layout.labels[line.number] = labels
            layout.set(line.number, Kind.LABELS)


def _settle_loose(layout: Layout, loose: list[Head]) -> None:
    """Heads that need support: a declared unit, grouped digits, marks, or the contents list."""
    known = set(entry_titles(layout))
    first_unit = min(layout.units, default=None)
    for head in loose:
        number = head.line.number
        if layout.kind(number) is not Kind.TEXT:
            continue
        grouped = any(
            "," in head.line.text[f.token.start : f.token.end] or f.token.unit for f in head.figures
        )
        several = len(head.figures) > 1
        marked = bool(head.leading.bullet or head.leading.number or head.labels)
        unread = any(f.token.state is MoneyState.UNREADABLE for f in head.figures)
        declared = first_unit is not None and first_unit <= number
        in_list = match_key(head.title) in known
        if not _only_bare(head):
            sure = marked or in_list or not _in_sentence(layout, head)
        else:
            comma = "," in head.line.text[head.figures[0].token.start :]
            sure = in_list or several or (comma and grouped) or declared or (marked and unread)
        if sure:
            _set_head(layout, head)


def _in_sentence(layout: Layout, head: Head) -> bool:
    above = head.line.number - 1
    if layout.kind(above) is not Kind.TEXT:
        return False
    return layout.line(above).text.rstrip()[-1:] not in patterns.SENTENCE_ENDS


def _recognise_contents(layout: Layout) -> None:
    titles: dict[str, list[int]] = {}
    for head in {id(head): head for head in layout.heads.values()}.values():
        titles.setdefault(match_key(head.title), []).append(head.first_title_line)
    join_wrapped_entries(layout, titles)
    find_weak_entries(layout, titles)
    read_pages_apart(layout)
    join_wrapped_entries(layout, titles)
    find_goals(layout, titles)


def _find_bare_departments(layout: Layout) -> None:
    """``総務課`` alone, directly below amounts or status, where no department is marked."""
    for line in list(layout.text_lines()):
        text = line.text.strip()
        if len(text) > 30 or not is_department(text, layout.profile):
            continue
        above = layout.neighbour(line.number, -1)
        if above is None or layout.kind(above) not in (Kind.HEAD, Kind.AMOUNT, Kind.LABELS):
            continue
        if layout.kind(above) is Kind.LABELS and layout.labels[above].departments:
            continue
        labels = read_labels(line.raw, line.text, layout.profile, bare_department=True)
        if labels is not None:
            layout.labels[line.number] = labels
            layout.set(line.number, Kind.LABELS)


def _find_title_only_heads(layout: Layout) -> None:
    """A title of the contents list that stands in the body without any amount."""
    found = {match_key(head.title) for head in layout.heads.values()}
    wanted = {match_key(e.title): e for e in layout.entries if match_key(e.title) not in found}
    last_entry = max((entry.lines[-1] for entry in layout.entries), default=0)
    for line in list(layout.text_lines()):
        head = title_only(line, layout.profile)
        if head is None:
            continue
        key = match_key(head.title)
        listed = key in wanted and line.number > wanted[key].lines[-1]
        marked = bool(head.leading.bullet and head.labels.departments) and line.number > last_entry
        if not listed and not marked:
            continue
        wanted.pop(key, None)
        head.title_lines = [line.number]
        _set_head(layout, head)


def _find_running_heads(layout: Layout) -> None:
    if layout.known_pages is not None:
        return
    keep = {n for n, kind in enumerate(layout.kinds, 1) if kind is not Kind.TEXT}
    furniture = find_furniture(layout.lines, keep)
    for number in furniture.lines:
        if layout.kind(number) is Kind.TEXT:
            layout.set(number, Kind.FURNITURE)


def _find_front(layout: Layout) -> None:
    """Title pages and the words 目次: what stands before the first programme and names the book."""
    first = min(
        (head.first_title_line for head in layout.heads.values()), default=len(layout.lines)
    )
    for line in list(layout.text_lines()):
        if patterns.CONTENTS_TITLE.match(line.text):
            layout.set(line.number, Kind.FRONT)
            continue
        if line.number >= first or len(line.text) > 60:
            continue
        if is_front_line(line):
            layout.set(line.number, Kind.FRONT)


def is_front_line(line: Line) -> bool:
    """``令和7年度 千代田区予算案の概要``, ``令和7年2月``, ``千代田区``: words of a title page."""
    text = line.text.strip()
    if "。" in text:
        return False
    if patterns.BOOK_TITLE.search(text) and len(text) <= 60:
        return True
    alone = re.sub(r"[\s#*]", "", text)
    return bool(
        re.fullmatch(
            r"(?:令和|平成|R)\d{1,2}(?:年度|年)(?:\d{1,2}月(?:\d{1,2}日)?)?|20\d\d年度?(?:\d{1,2}月)?",
            alone,
        )
        or patterns.PUBLISHER.fullmatch(alone)
    )
