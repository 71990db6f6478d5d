"""Which words of a line are a status or a department?

A status is read only at a line's edge, in brackets, or as a word of its own: 新たな, 更新 and 刷新
in prose are none. A department is read after its mark (``▶総務課``), its label (``担当：総務課``),
in brackets that end like a division (``【総務課】``), or, where the caller says so, bare.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from indexer.parsing import patterns
from indexer.parsing.characters import fold_line
from indexer.parsing.profile import Profile

_KINDS = ("重点", "主要", "補正", "繰越")
"""Statuses that say how a programme is ranked or financed, not how it changes."""
BRACKET_INSIDE_MAXIMUM = 60
_DEPARTMENT_MAXIMUM = 60


@dataclass(slots=True)
class Labels:
    """Statuses and departments as printed, in order."""

    statuses: list[str] = field(default_factory=list)
    departments: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.statuses or self.departments)

    def add(self, other: Labels) -> None:
        """Take the other's labels in after one's own."""
        self.statuses += other.statuses
        self.departments += other.departments


@lru_cache(maxsize=16384)
def fold_status(raw: str, profile: Profile) -> str | None:
    """The word a printed status is counted under; ``None`` when it is no status."""
    text = fold_line(raw).strip()
    if text[:1] in patterns.CLOSING_OF and text[-1:] == patterns.CLOSING_OF[text[0]]:
        text = text[1:-1].strip()
    text = re.sub(r"\s+", "", text)
    known = profile.statuses.get(text) or profile.status_marks.get(text)
    if known or not text:
        return known
    if text[0] in profile.status_marks and text[1:] in profile.statuses:
        return profile.statuses[text[1:]]
    parts = [part for part in re.split(r"[・/、,()&+]|及び", text) if part]
    folded = [profile.statuses.get(part) for part in parts]
    if len(parts) < 2 or not all(folded):
        return None
    return foremost_status([word for word in folded if word])


def foremost_status(folded: list[str]) -> str | None:
    """Of several statuses the first that says what changes: 拡充 of ``重点・拡充``."""
    return next((word for word in folded if word not in _KINDS), folded[0] if folded else None)


def is_department(text: str, profile: Profile) -> bool:
    """Whether a name ends like a division (総務課) and holds no sentence."""
    text = text.strip()
    if not 2 <= len(text) <= _DEPARTMENT_MAXIMUM or re.search(r"[。?!:\d]{1}$|。", text):
        return False
    return any(text.endswith(ending) for ending in profile.department_endings)


def bracket_at(text: str, position: int) -> tuple[int, int] | None:
    """The inside of the bracket that opens at ``position``; ``None`` if it does not close soon."""
    closing = patterns.CLOSING_OF.get(text[position : position + 1])
    if closing is None:
        return None
    depth, opening = 0, text[position]
    for index in range(position, min(len(text), position + BRACKET_INSIDE_MAXIMUM)):
        if text[index] == opening:
            depth += 1
        elif text[index] == closing:
            depth -= 1
            if depth == 0:
                return position + 1, index
    return None


def read_bracketed(
    printed: str,
    text: str,
    position: int,
    profile: Profile,
    *,
    after_title: bool = True,
    after_amount: bool = False,
) -> tuple[Labels, int] | None:
    """A bracket that holds a status or a department, and where it ends."""
    inside = bracket_at(text, position)
    if inside is None:
        return None
    start, end = inside
    content = text[start:end].strip()
    if fold_status(content, profile):
        return Labels(statuses=[printed[position : end + 1]]), end + 1
    name, stripped = _without_label(content, profile)
    round_name = text[position] in "(<「『" and not stripped
    alone = after_amount or text.strip() == text[position : end + 1]  # 380万円（図書館）
    divisions = name.endswith(("課", "係", "室", "局", "部"))
    if round_name and not (after_title and (divisions or alone)):
        return None
    if name and (stripped or is_department(name, profile)):
        offset = printed.find(name[:1], start) if name else start
        raw = printed[start:end].strip() if not stripped else printed[offset:end].strip()
        return Labels(departments=[raw]), end + 1
    return None


def status_word(text: str, position: int, profile: Profile) -> int | None:
    """Where the bare status word that begins here ends: ``新規 ▶総務課``."""
    match = patterns.STATUS_WORD.match(text, position)
    if match and fold_status(match[0], profile):
        return match.end()
    return None


def read_labels(
    printed: str, text: str, profile: Profile, start: int = 0, *, bare_department: bool = False
) -> Labels | None:
    """The whole rest of a line as statuses and departments; ``None`` if anything else is there."""
    labels = Labels()
    if start == 0 and len(text) <= 8 and fold_status(text, profile):
        return Labels(statuses=[printed.strip()])  # 継 続
    position = _skip_separators(text, start)
    if position == start == 0 and (mark := patterns.CONVERSION_MARK.match(text)):
        position = mark.end()
    while position < len(text):
        following = _one_label(printed, text, position, profile, labels, bare_department)
        if following is None:
            return None
        position = _skip_separators(text, following)
    return labels if labels else None


def _one_label(
    printed: str, text: str, position: int, profile: Profile, labels: Labels, bare: bool
) -> int | None:
    if bracketed := read_bracketed(printed, text, position, profile):
        labels.add(bracketed[0])
        return bracketed[1]
    if text[position] in profile.department_marks:
        return _explicit_department(printed, text, position + 1, profile, labels)
    inside = bracket_at(text, position)
    if inside and _all_labels(printed, text, inside, profile, labels):
        return inside[1] + 1
    for label in profile.department_labels:
        if text.startswith(label, position):
            after = skip_space(text, position + len(label))
            if text[after : after + 1] in (":", "】", ")", "]") or after > position + len(label):
                after += text[after : after + 1] in (":", "】", ")", "]")
                return _explicit_department(printed, text, after, profile, labels)
    if match := patterns.STATUS_LABEL.match(text, position):
        return match.end()
    if word := status_word(text, position, profile):
        labels.statuses.append(printed[position:word])
        return word
    match = patterns.NAME_WORDS.match(text, position)
    if bare and match and is_department(match[0], profile):
        labels.departments.append(printed[position : match.end()])
        return match.end()
    if text[position] in profile.status_marks:
        labels.statuses.append(printed[position])
        return position + 1
    return None


def _all_labels(
    printed: str, text: str, inside: tuple[int, int], profile: Profile, labels: Labels
) -> bool:
    """A bracket with several: ``(新規 総務課)``, ``（担当：総務課）``."""
    start, end = inside
    found = read_labels(printed[:end], text[:end], profile, start)
    if found is None:
        return False
    labels.add(found)
    return True


def _explicit_department(
    printed: str, text: str, position: int, profile: Profile, labels: Labels
) -> int | None:
    """A department after its mark or label: everything up to the next mark, status or end."""
    start = skip_space(text, position)
    stops = "".join(profile.department_marks) + "【〔["
    end = start
    while end < len(text) and text[end] not in stops and end - start < _DEPARTMENT_MAXIMUM:
        if text[end] in " \t" and status_word(text, skip_space(text, end), profile):
            break
        if text[end] == "(" and read_bracketed(printed, text, end, profile):
            break
        end += 1
    name = printed[start:end].strip(" \t\u3000、,/")
    if not name or "。" in name:
        return None
    labels.departments.append(name)
    return end


def _without_label(content: str, profile: Profile) -> tuple[str, bool]:
    for label in profile.department_labels:
        if content.startswith(label):
            rest = content[len(label) :]
            if rest[:1] in (":", " "):
                return rest.lstrip(": "), True
    return content, False


def skip_space(text: str, position: int) -> int:
    while position < len(text) and text[position] in " \t":
        position += 1
    return position


def _skip_separators(text: str, position: int) -> int:
    while position < len(text) and text[position] in " \t/、,|・:":
        position += 1
    return position
