"""Which lines are the title of this amount?

Title and amount stand on one line, or the amount stands alone and its title above it, wrapped or
not, with a status between them or not; in some extractions the amount comes before its title, or
after the text. The contents list decides where it can; else closeness does.
"""

from __future__ import annotations

import re
from collections import Counter

from indexer.model import Severity
from indexer.parsing import patterns
from indexer.parsing.characters import fold_line, join_wrapped, match_key
from indexer.parsing.contents import entry_titles
from indexer.parsing.heads import Head, is_title, title_only
from indexer.parsing.layout import Kind, Layout
from indexer.parsing.marks import scan_leading
from indexer.parsing.title_order import (
    amounts_come_first,
    fill_open_title,
    join_title,
    pair_columns,
    settle_title,
    title_below,
)

_TITLE_LINES = 3
_WRAPPED_CHARACTERS = 8
"""A first half shorter than this was not wrapped for want of room."""


def resolve_titles(layout: Layout) -> None:
    """Give every line of amounts its title; what has none is a problem."""
    known = _known_titles(layout)
    amounts = [n for n, kind in enumerate(layout.kinds, 1) if kind is Kind.AMOUNT]
    pair_columns(layout, amounts)
    before = amounts_come_first(layout, amounts)
    for number in amounts:
        if layout.kind(number) is not Kind.AMOUNT:
            continue
        head = layout.heads[number]
        if head.title:
            continue
        if not head.only_bracketed and before and title_below(layout, number, head):
            continue
        if _merge_into_head_above(layout, number, head):
            continue
        if _title_above(layout, number, head, known):
            continue
        if fill_open_title(layout, number, head) or title_below(layout, number, head):
            continue
        _orphan(layout, number)
    for number, head in sorted(layout.heads.items()):
        if layout.kind(number) is Kind.HEAD and not head.title_lines:
            _extend_upwards(layout, head, known)
    listed = set(entry_titles(layout))
    for head in layout.heads.values():
        _split_glued_number(head, listed)


def _split_glued_number(head: Head, listed: set[str]) -> None:
    """``1旧箱根千代田荘の解体`` without a space, when the contents list has it without the 1."""
    match = re.match(r"[0-9０-９]{1,2}(?=\D)", head.title)
    if match is None or head.leading.number is not None or match_key(head.title) in listed:
        return
    rest = head.title[match.end() :].strip()
    if match_key(rest) in listed:
        head.title = rest
        head.leading.number, head.leading.number_kind = fold_line(match[0]), "plain"


def _known_titles(layout: Layout) -> set[str]:
    """Titles of the contents list, and lines that the book prints more than once: alone, or
    joined with the lines above them (``AI・ICTに向 / けた環境づくり 74`` in list and body)."""
    counts: Counter[str] = Counter()
    window: list[tuple[int, str]] = []
    for line in layout.text_lines():
        if len(line.text) >= 120:
            continue
        if window and window[-1][0] != line.number - 1:
            window = []
        leading = scan_leading(line.raw, line.text, layout.profile)
        words = re.sub(r"[ \t]+\(?\d{1,4}\)?$", "", line.text[leading.end :].rstrip())
        window = [*window[1 - _TITLE_LINES :], (line.number, words)]
        for size in range(1, len(window) + 1):
            counts[match_key("".join(part for _, part in window[-size:]))] += 1
    return set(entry_titles(layout)) | {key for key, count in counts.items() if count > 1}


def _merge_into_head_above(layout: Layout, number: int, head: Head) -> bool:
    """``(33,706千円)`` or ``前年度 33,706千円`` below the line that printed this year's amount."""
    if head.figure("amount") and not any(f.kind != "amount" for f in head.figures):
        kinds = {"amount"}
    else:
        kinds = {figure.kind for figure in head.figures}
    above = layout.neighbour(number, -1)
    while above is not None and layout.kind(above) is Kind.LABELS:
        above = layout.neighbour(above, -1)
    if above is None or layout.kind(above) not in (Kind.HEAD, Kind.AMOUNT):
        return False
    other = _owner(layout, above)
    if other is None or any(other.figure(kind) for kind in kinds) or not other.title:
        return False
    other.figures += head.figures
    other.labels.add(head.labels)
    layout.set(number, Kind.AMOUNT)
    layout.heads[number] = other
    return True


def _owner(layout: Layout, number: int) -> Head | None:
    return layout.heads.get(number)


def _title_above(layout: Layout, number: int, head: Head, known: set[str]) -> bool:
    """Text above, over the status lines between: ``title / 拡充 ▶課 / amount``."""
    above = layout.neighbour(number, -1)
    between: list[int] = []
    while above is not None and layout.kind(above) is Kind.LABELS:
        between.append(above)
        above = layout.neighbour(above, -1)
    if above is None or layout.kind(above) is not Kind.TEXT:
        return False
    run = _run_above(layout, above)
    chosen = _choose(layout, run, known)
    if not chosen:
        return False
    settle_title(layout, head, chosen, number)
    for labelled in between:
        labels = layout.labels.pop(labelled)
        head.labels.add(labels)
        if labels.statuses:
            head.label_lines["status"] = labelled
        if labels.departments:
            head.label_lines["department"] = labelled
        layout.set(labelled, Kind.TITLE)
        head.other_lines.append(labelled)
    return True


def _run_above(layout: Layout, number: int) -> list[int]:
    """Up to three lines of text that end at ``number``, none of them the end of a sentence."""
    run: list[int] = []
    while len(run) < _TITLE_LINES and layout.kind(number) is Kind.TEXT:
        text = layout.line(number).text.strip()
        if not is_title(text) and not is_title("其" + text):  # ``ークの強化`` after a line end
            break
        if not re.search(r"[^\W\d_]", text):  # ``38,000`` above ``36,510`` is no title
            break
        run.insert(0, number)
        number -= 1
    return run


def _choose(layout: Layout, run: list[int], known: set[str]) -> list[int]:
    """How many of the lines are the title: what the contents list knows, else all that fit."""
    if not run:
        return []
    for size in range(len(run), 0, -1):
        if match_key(join_title(layout, run[-size:])) not in known:
            continue
        if size == 1 < len(run) and not _ends_before(layout, run[-2], known):
            break  # the second halves of two titles may be alike
        return run[-size:]
    chosen = run[-1:]
    for number in reversed(run[:-1]):
        text = layout.line(number).text.strip()
        wrapped = len(text) >= _WRAPPED_CHARACTERS and not patterns.LIST_ITEM.match(
            layout.line(chosen[0]).text
        )
        own_marks = layout.line(number).text.lstrip()[:1] in layout.profile.bullets
        if not wrapped or text[-1:] in "。」)":
            break
        chosen.insert(0, number)
        if own_marks:
            break
    return chosen if is_title(join_title(layout, chosen)) else run[-1:]


def _ends_before(layout: Layout, number: int, known: set[str]) -> bool:
    """Whether the line above a known title is something else: known itself, or with a page."""
    text = layout.line(number).text.rstrip()
    return text[-1:].isdigit() or match_key(join_title(layout, [number])) in known


def _extend_upwards(layout: Layout, head: Head, known: set[str]) -> None:
    """The title began on the line above: ``…少年自然の家の`` / ``解体 40,000千円``."""
    number = head.line.number
    titles = [number]
    joined = head.title
    for above in range(number - 1, number - _TITLE_LINES, -1):
        if layout.kind(above) is not Kind.TEXT:
            break
        found = title_only(layout.line(above), layout.profile)
        text = found.title if found else layout.line(above).raw.strip()
        if text[-1:] in patterns.SENTENCE_ENDS:
            break
        joined = join_wrapped(text, joined)
        titles.insert(0, above)
        if match_key(joined) in known:
            _take_upper(layout, head, titles, joined)
            return
    head.title_lines = [number]
    above = number - 1
    if match_key(head.title) in known:
        return
    if head.leading.number or head.leading.bullet or layout.kind(above) is not Kind.TEXT:
        return
    found = title_only(layout.line(above), layout.profile)
    if found is None or not _looks_cut(layout, above, found):
        return
    _take_upper(layout, head, [above, number], join_wrapped(found.title, head.title))


def _looks_cut(layout: Layout, number: int, found: Head) -> bool:
    """Without a list to ask: the upper line opens with a mark, or stops in mid-phrase."""
    text = layout.line(number).text.rstrip()
    if layout.kind(number - 1) is Kind.TEXT:
        above = layout.line(number - 1).text.rstrip()
        if above[-1:] not in patterns.SENTENCE_ENDS:
            return False
    marked = bool(found.leading.bullet and found.leading.bullet != "・") or bool(
        found.leading.number
    )
    return marked or bool(re.search(r"[のとやにをへで・、(「及び]$", text))


def _take_upper(layout: Layout, head: Head, titles: list[int], joined: str) -> None:
    first = title_only(layout.line(titles[0]), layout.profile)
    if first is not None:
        if head.leading.number is None:
            head.leading = first.leading
        head.labels.statuses[:0] = first.labels.statuses
        if first.labels.statuses:
            head.label_lines["status"] = titles[0]
    head.title, head.title_lines = joined, titles
    for number in titles[:-1]:
        layout.set(number, Kind.TITLE)


def _orphan(layout: Layout, number: int) -> None:
    text = layout.line(number).raw.strip()
    layout.heads.pop(number)
    layout.set(number, Kind.TEXT)
    layout.problem(
        number,
        "amount_without_title",
        f"{number}行目の金額「{text[:40]}」がどの事業のものか分かりません。事業名の行を確かめてください。",
        Severity.ERROR,
    )
