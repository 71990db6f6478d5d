"""Does this line open a programme: a title, its amounts, its marks?

A head is read from the right: the longest end of the line that is nothing but amounts, brackets,
labels and marks is its tail, the rest is the title. So ``区は40,500千円を交付します。`` is no head
(を交付します is left over) and ``1億円プロジェクト 5,000千円`` keeps its title whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from indexer.model import MoneyState
from indexer.parsing import patterns
from indexer.parsing.amounts import AmountToken, find_amounts, find_bare_numbers
from indexer.parsing.labels import Labels, is_department
from indexer.parsing.lines import Line
from indexer.parsing.marks import Leading, scan_leading, trim_trailing
from indexer.parsing.profile import Profile
from indexer.parsing.tails import Figure, Tail

# 内訳　設計費: the first of the parts of the programme above.
_PART_LIST = re.compile(r"内訳[\s:：　]+")
HEAD_CHARACTERS_MAXIMUM = 400
TITLE_CHARACTERS_MAXIMUM = 120


@dataclass(slots=True)
class Head:
    """A line read as the head of a programme; ``title`` is empty for a line of amounts only."""

    line: Line
    leading: Leading
    title: str
    figures: list[Figure] = field(default_factory=list)
    labels: Labels = field(default_factory=Labels)
    flags: list[str] = field(default_factory=list)
    has_label: bool = False
    """A word such as 予算額 stands before the figure."""
    loose: bool = False
    """Nothing separates title and figure, or no unit is printed: a head only with support."""
    title_lines: list[int] = field(default_factory=list)
    """Lines of the title when it is not on ``line`` alone."""
    other_lines: list[int] = field(default_factory=list)
    """Lines of status and department between title and amount."""
    label_lines: dict[str, int] = field(default_factory=dict)
    """``status`` and ``department`` → their line, when they stand on another one."""

    @property
    def first_title_line(self) -> int:
        """Where the title begins."""
        return self.title_lines[0] if self.title_lines else self.line.number

    def figure(self, kind: str) -> Figure | None:
        """The figure of that kind, if printed."""
        return next((figure for figure in self.figures if figure.kind == kind), None)

    @property
    def only_bracketed(self) -> bool:
        """``(33,706千円)`` on a line of its own: the second half of the head above."""
        return not self.title and all(figure.kind != "amount" for figure in self.figures)


def scan_head(line: Line, profile: Profile, unit: str | None) -> Head | None:
    """The line as a head; ``None`` when it is anything else. ``unit`` reads bare figures."""
    text = line.text
    if len(text) > HEAD_CHARACTERS_MAXIMUM:
        return None
    if not any(c.isdigit() or c in "-円" for c in text) and not _has_state_word(text):
        return None
    tokens = _tokens(line, unit)
    leading = scan_leading(line.raw, text, profile)
    tokens = _after_marks(leading, tokens)
    best: Head | None = None
    for start in _tail_starts(text, tokens, leading.end):
        tail = Tail(line, profile, tuple(tokens), start)
        if not tail.read():
            continue  # inside a bracket, or words that are no tail come after it
        candidate = _assemble(line, leading, start, tail, profile)
        if candidate is not None:
            best = candidate
    return best


def _tail_starts(text: str, tokens: list[AmountToken], first: int) -> list[int]:
    """Where a tail may begin, last first: at each figure, or at the bracket around it."""
    starts: set[int] = set()
    for token in tokens:
        starts.add(token.start)
        for at in range(token.start - 1, max(first - 1, token.start - 30), -1):
            if text[at] in patterns.OPENING:
                starts.add(at)
                break
    return sorted(starts, reverse=True)


def _after_marks(leading: Leading, tokens: list[AmountToken]) -> list[AmountToken]:
    """Figures behind the marks. Where one begins inside them (``**545**千円`` looks like the
    number 545) it is a figure and no mark."""
    for token in tokens:
        if token.start < leading.end < token.end:
            leading.number, leading.number_kind, leading.end = None, None, token.start
    return [token for token in tokens if token.start >= leading.end]


def _has_state_word(text: str) -> bool:
    return any(word in text for word in ("未定", "別掲", "検討中"))


def _tokens(line: Line, unit: str | None) -> list[AmountToken]:
    tokens = find_amounts(line.raw, line.text)
    bare: tuple[AmountToken, ...] = ()
    if unit:
        bare = find_bare_numbers(line.raw, line.text, unit, tokens)
    elif re.search(r"\d,\d{3}(?!\d)", line.text):
        unread = find_bare_numbers(line.raw, line.text, "円", tokens)
        bare = tuple(
            AmountToken(t.start, t.end, MoneyState.UNREADABLE, None, None)
            for t in unread
            if "," in line.text[t.start : t.end]
        )
    states = tuple(
        AmountToken(m.start(), m.end(), MoneyState.UNDETERMINED, None, None)
        for m in re.finditer(
            r"(?<=[\s(…:])(?:未定|検討中)(?=[\s()]|$)|^(?:未定|検討中)(?=[\s()]|$)", line.text
        )
    )
    return sorted((*tokens, *bare, *states), key=lambda token: token.start)


def _assemble(
    line: Line, leading: Leading, start: int, tail: Tail, profile: Profile
) -> Head | None:
    text = line.text
    if start < leading.end:
        return None
    end, label = _strip_label(text, leading.end, start, profile)
    separated = end < start or start == leading.end or text[start] in patterns.OPENING
    end, labels = trim_trailing(line.raw, text, leading.end, end, profile)
    end = _strip_leader(text, leading.end, end)
    is_supplement = "補正" in text[end:start]
    title = line.raw[leading.end : end].strip().strip("*").rstrip("|｜").strip()
    if title and not is_title(text[leading.end : end].strip()):
        return None
    all_labels = Labels()
    for part in (leading.labels, labels, tail.labels):
        all_labels.add(part)
    parted = _PART_LIST.match(title)
    if parted:
        title = title[parted.end() :]
    figures = _settle_kinds(tail.figures, label)
    kinds = {figure.kind for figure in figures}
    if kinds <= {"other"} or (title and kinds <= {"other", "previous", "change"} and label is None):
        return None
    flags = list(tail.flags)
    flags += _title_flags(text[:end], profile)
    if parted:
        flags.append("part_of")
    if is_supplement:
        flags.append("supplement")
    bare = all(not _has_unit(line.text, figure.token) for figure in figures)
    return Head(
        line,
        leading,
        title,
        figures,
        all_labels,
        flags,
        has_label=label is not None or tail.has_label,
        loose=bool(title) and ((not separated and not _ends_like_title(title)) or bare),
    )


def _has_unit(text: str, token: AmountToken) -> bool:
    return token.unit is not None and "円" in text[token.start : token.end]


def _title_flags(text: str, profile: Profile) -> list[str]:
    flags = []
    if any(word in text for word in profile.repeated_words):
        flags.append("repeated")
    stripped = text.lstrip(" \t・-*○※(")
    if stripped.startswith(("うち", "上記のうち", "内数")):
        flags.append("part_of")
    return flags


def _ends_like_title(title: str) -> bool:
    return not re.search(r"[てでをがにとはも約計]$", title)


def is_title(text: str) -> bool:
    """Whether words may be a title: no sentence, no dangling particle, not a page long."""
    if not text or len(text) > TITLE_CHARACTERS_MAXIMUM:
        return False
    if re.search(
        r"[。?!]|(?:です|ます|ました|円を|ため|から|より|つき|として|については)$", text
    ) and not (re.search(r"[?!]$", text) and "。" not in text):
        return False
    if text[0] in "、。,)）」』・ー":
        return False
    return bool(re.search(r"[^\W\d_]", text))


def _strip_leader(text: str, start: int, end: int) -> int:
    while end > start and (text[end - 1] in " \t…‥⋯:" or _is_leader_run(text, start, end)):
        end -= 1
    return end


def _is_leader_run(text: str, start: int, end: int) -> bool:
    """Dots and dashes are a leader only in a run: ``・・・``, ``---``; a title may end in ``-``."""
    character = text[end - 1]
    if character not in "・.･-_─ー":
        return False
    after = text[end : end + 1]
    run = text[max(start, end - 3) : end].replace(" ", "")
    minimum = 3 if character == "ー" else 2
    return after == character or (len(run) >= minimum and set(run[-minimum:]) == {character})


def _strip_label(text: str, start: int, end: int, profile: Profile) -> tuple[int, str | None]:
    """The word before the figure (``予算額：``) and a year before or after it."""
    kind: str | None = None
    while True:
        end = _strip_leader(text, start, end)
        found = profile.label_at_end.search(text, max(start, end - 12), end)
        label = found[0] if found else ""
        before = text[end - len(label) - 1] if end - len(label) > start else " "
        if label and (before in " \t:([【〔度)。・…" or kind):
            end -= len(label)
            kind = kind or profile.labels[label]
        else:
            year = patterns.YEAR_BEFORE_FIGURE.search(text[start:end])
            if year:
                end = start + year.start()
                kind = kind or "year:" + year[0]
                continue
            if end > start and text[end - 1] in "([【〔" and kind:
                end -= 1
                continue
            return end, kind
        while end > start and text[end - 1] in " \t【[(":
            end -= 1


def _settle_kinds(figures: list[Figure], label: str | None) -> list[Figure]:
    """Unlabelled figures by place: first this year's, then last year's, then the change."""
    settled: list[Figure] = []
    order = ["amount", "previous", "change"]
    for index, figure in enumerate(figures):
        kind = figure.kind
        if index == 0 and label and kind == "?":
            kind = label
        if kind.startswith("year:"):
            settled.append(replace(figure, kind=kind))
            continue
        if kind == "?":
            used = {item.kind for item in settled}
            signed = figure.token.is_signed and "amount" in used
            free = [name for name in order if name not in used]
            kind = "change" if signed and "change" in free else (free[0] if free else "other")
        settled.append(replace(figure, kind=kind))
    return settled


def title_only(line: Line, profile: Profile) -> Head | None:
    """A line of a title and its marks without any figure: ``■広報紙の発行【広報課】``."""
    text = line.text
    if len(text) > HEAD_CHARACTERS_MAXIMUM:
        return None
    leading = scan_leading(line.raw, text, profile)
    end, labels = trim_trailing(line.raw, text, leading.end, len(text.rstrip()), profile)
    title = line.raw[leading.end : end].strip().strip("*").strip()
    if not title or not is_title(text[leading.end : end].strip()):
        return None
    all_labels = Labels()
    all_labels.add(leading.labels)
    all_labels.add(labels)
    return Head(line, leading, title, [], all_labels, _title_flags(text[:end], profile))


__all__ = ["Figure", "Head", "is_department", "is_title", "scan_head", "title_only"]
