"""Where does a programme's block begin and end, and what stands in it?

The recognised lines are read once from top to bottom. A head opens a block, or joins the heads
above it when nothing stood between, or is a child of the open block. A heading closes it. What the
block means (one programme, parent and children, a shared header) is settled in ``relations``.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from indexer.errors import SourceError
from indexer.model import LineRole, Severity
from indexer.parsing import patterns
from indexer.parsing.characters import join_wrapped, match_key
from indexer.parsing.families import (
    FAMILY_SIZE,
    following_heads,
    has_own_labels,
    head_lines,
    labels_come_first,
    sums_up,
    top_bullets,
)
from indexer.parsing.heads import Head, title_only
from indexer.parsing.labels import Labels, is_department
from indexer.parsing.layout import FoundHeading, Kind, Layout
from indexer.settings import BLOCKS_MAXIMUM

_SUBHEAD_CHARACTERS = 80
_DEPARTMENT_END = 40
"""How many characters at the end of a text may be its division."""
_LIST_BULLETS = ("・", "-", "•")
"""Bullets of lists: what they open under a programme is a part of it."""


@dataclass(slots=True)
class Event:
    """One thing that stands in a block: ``head``, ``sub``, ``labels``, ``text``, ``forecast``."""

    kind: str
    lines: list[int]
    head: Head | None = None
    labels: Labels | None = None
    number: str | None = None


@dataclass(slots=True)
class Context:
    """The headings in force at a block."""

    account: FoundHeading | None = None
    section: FoundHeading | None = None
    goal: FoundHeading | None = None
    department: Labels | None = None
    department_line: int = 0


@dataclass(slots=True)
class Block:
    """Heads and what belongs to them, in printed order."""

    context: Context
    events: list[Event] = field(default_factory=list)
    heads: list[Head] = field(default_factory=list)
    by_title: dict[str, Head] = field(default_factory=dict)
    in_run: bool = True
    """Nothing but heads so far."""
    has_subheads: bool = False
    closed: bool = False
    """Its forecast has been printed: what follows is not its text unless it must be."""

    def add(self, event: Event) -> None:
        """One more thing that stands in the block."""
        self.events.append(event)
        if event.kind != "head":
            self.in_run = False
            self.has_subheads = self.has_subheads or event.kind == "sub"
        elif event.head is not None:
            self.heads.append(event.head)
            self.by_title[match_key(event.head.title)] = event.head


class BlockReader:
    """Walks down the layout once and cuts it into blocks."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.blocks: list[Block] = []
        self.block: Block | None = None
        self.context = Context()
        self.waiting: list[tuple[int, Labels]] = []
        self.top_bullets = top_bullets(layout)
        self.labels_first = labels_come_first(layout)

    def read(self) -> list[Block]:
        """All blocks of the book; lines that belong to none are claimed here."""
        seen: set[int] = set()
        number = 1
        while number <= len(self.layout.lines):
            number += self._step(number, seen)
            if len(self.blocks) > BLOCKS_MAXIMUM:
                message = (
                    f"は事業が{BLOCKS_MAXIMUM:,}件を超えるので、章などに分けて置いてください。"
                )
                raise SourceError(self.layout.path, f"{self.layout.path} {message}")
        self._close()
        self._drop_waiting()
        return self.blocks

    def _step(self, number: int, seen: set[int]) -> int:
        kind = self.layout.kind(number)
        if kind is Kind.HEADING:
            self._heading(number)
        elif kind in (Kind.HEAD, Kind.AMOUNT):
            head = self.layout.heads[number]
            if id(head) not in seen:
                seen.add(id(head))
                self._head(head)
        elif kind is Kind.TITLE:
            titled = self._head_of_title(number)
            if titled is not None and id(titled) not in seen:
                seen.add(id(titled))
                self._head(titled)
        elif kind is Kind.LABELS:
            self._labels(number)
        elif kind is Kind.FORECAST:
            self._forecast(number)
        elif kind is Kind.TEXT:
            return self._text(number)
        elif kind is Kind.TABLE:
            self._close()
        elif kind in (Kind.FURNITURE, Kind.FRONT, Kind.NOTE, Kind.CONTENTS, Kind.TOTAL):
            if kind in (Kind.CONTENTS, Kind.TOTAL):
                self._close()
            if number in self.layout.headings:  # 5 政策経営部 2,826,344千円
                self._heading(number)
                return 1
            self.layout.claim(number, LineRole.STRUCTURE)
        return 1

    def _head_of_title(self, number: int) -> Head | None:
        for below in range(number, min(number + 80, len(self.layout.lines)) + 1):
            head = self.layout.heads.get(below)
            if head is not None and (number in head.title_lines or number in head.other_lines):
                return head
        for above in range(number, max(number - 80, 0), -1):
            head = self.layout.heads.get(above)
            if head is not None and number in head.title_lines:
                return head
        return None

    def _heading(self, number: int) -> None:
        self.layout.claim(number, LineRole.STRUCTURE)
        heading = self.layout.headings.get(number)
        if heading is None:  # second line of a wrapped goal
            return
        current: FoundHeading | None = getattr(self.context, heading.kind, None)
        repeated = current is not None and match_key(current.title) == match_key(heading.title)
        if (
            repeated
            and heading.kind == "section"
            and heading.number in (None, current.number if current else None)
        ):
            return  # a running head
        self._close()
        if heading.kind == "account":
            self.context = Context(heading, self.context.section, self.context.goal)
        elif heading.kind == "section":
            self.context = Context(self.context.account, heading)
            if heading.department:
                self.context.department = Labels(departments=[heading.department])
                self.context.department_line = number
        elif heading.kind == "goal":
            self.context = Context(self.context.account, self.context.section, heading)

    def _head(self, head: Head) -> None:
        block = self.block
        repeated = self._repeated(block, head) if block is not None else None
        if block is not None and repeated is not None:
            lines = head_lines(head)
            block.add(Event("sub", lines, repeated, number=head.leading.number))
            return
        if block is None or not (self._joins_run(block, head) or self._is_child(block, head)):
            self._close()
            block = self.block = Block(self.context)
            self.blocks.append(block)
        labels = Labels()
        for line, waiting in self.waiting:
            labels.add(waiting)
            head.label_lines.setdefault("status" if waiting.statuses else "department", line)
            if waiting.departments:
                head.label_lines["department"] = line
        labels.add(head.labels)
        head.labels = labels
        lines = head_lines(head) + [line for line, _ in self.waiting]
        self.waiting = []
        block.add(Event("head", sorted(set(lines)), head))

    def _repeated(self, block: Block, head: Head) -> Head | None:
        """The head whose title and amount are printed once more, over its own text."""
        if block.in_run:
            return None
        other = block.by_title.get(match_key(head.title))
        amount, theirs = head.figure("amount"), other.figure("amount") if other else None
        same = amount and theirs and amount.token.yen == theirs.token.yen
        return other if same else None

    def _joins_run(self, block: Block, head: Head) -> bool:
        """Heads directly under one another share what follows; a deeper one with a status of its
        own (``(1)移住支援金(新規) 1,200万円`` below ``◇…``) does not, unless the sum says so."""
        if not block.in_run or self.waiting:
            return False
        deeper = head.leading.level > block.heads[0].leading.level
        if deeper and head.labels.statuses and len(block.heads) == 1:
            return sums_up(block.heads[0], following_heads(self.layout, head))
        return True

    def _is_child(self, block: Block, head: Head) -> bool:
        """A deeper head under an open block with an amount, see the cases."""
        if self.waiting and not block.in_run:
            return False
        top = block.heads[0]
        if "part_of" in head.flags or self._goes_on_in_parts(block, head):
            return True
        deeper = head.leading.level > top.leading.level
        if top.leading.level and not deeper:
            return False
        bullet = head.leading.bullet
        own_bullet = bullet is not None and bullet not in (top.leading.bullet, *self.top_bullets)
        if not deeper and own_bullet and bullet not in _LIST_BULLETS:
            return sums_up(top, following_heads(self.layout, head))  # ◎甲 … ○乙 stand side by side
        if not deeper and not own_bullet:
            return False
        if deeper and head.leading.number not in ("1", "ア", "Ⅰ") and len(block.heads) == 1:
            return False  # numbering that runs on from elsewhere
        following = following_heads(self.layout, head)
        if sums_up(top, following):
            return True
        return not block.closed and not has_own_labels(self.layout, head)

    def _goes_on_in_parts(self, block: Block, head: Head) -> bool:
        """``内訳 設計費 …`` and the lines below it, which print no 内訳 of their own."""
        last, top = block.heads[-1], block.heads[0]
        adjacent = head.line.number == last.line.number + 1 and block.events[-1].head is last
        marked = head.leading.bullet or head.leading.number or head.labels
        if not adjacent or marked or "part_of" not in last.flags:
            return False
        if _indent(head) <= _indent(top):
            return False
        head.flags.append("part_of")
        return True

    def _labels(self, number: int) -> None:
        labels = self.layout.labels[number]
        below = self.layout.neighbour(number, 1)
        head_below = below is not None and self.layout.kind(below) in (
            Kind.HEAD,
            Kind.TITLE,
            Kind.LABELS,
        )
        has_text = self.block is not None and not self.block.in_run
        already = self.block is not None and self._block_has(self.block, labels)
        if head_below and (self.block is None or self.labels_first or (has_text and already)):
            if labels.departments and not labels.statuses:
                self._close()
                self.layout.claim(number, LineRole.STRUCTURE)
                self._orphan_labels(number, labels)
                return
            self.waiting.append((number, labels))
            return
        if self.block is None:
            self.layout.claim(number, LineRole.STRUCTURE)
            self._orphan_labels(number, labels)
            return
        self.block.add(Event("labels", [number], labels=labels))

    def _block_has(self, block: Block, labels: Labels) -> bool:
        printed = [event.labels for event in block.events[-FAMILY_SIZE:] if event.labels]
        printed += [head.labels for head in block.heads[-FAMILY_SIZE:]]
        return bool(labels.statuses and any(p.statuses for p in printed)) or bool(
            labels.departments and any(p.departments for p in printed)
        )

    def _orphan_labels(self, number: int, labels: Labels) -> None:
        if labels.departments and not labels.statuses:
            self.context = Context(
                self.context.account, self.context.section, self.context.goal, labels, number
            )
            return
        text = self.layout.line(number).raw.strip()
        self.layout.problem(
            number,
            "label_without_program",
            f"{number}行目の「{text[:40]}」がどの事業のものか分かりません。",
        )

    def _forecast(self, number: int) -> None:
        if self.block is None:
            self.layout.claim(number, LineRole.PROBLEM)
            text = self.layout.line(number).raw.strip()
            self.layout.problem(
                number,
                "forecast_without_program",
                f"{number}行目の見込額「{text[:40]}」がどの事業のものか分かりません。",
            )
            return
        self.block.add(Event("forecast", [number]))
        self.block.closed = True

    def _text(self, number: int) -> int:
        """A line of text: a member's subhead, body, or nobody's."""
        self._drop_waiting()
        if self.block is not None:
            sub = self._subhead(self.block, number)
            if sub is not None:
                self.block.add(sub)
                return len(sub.lines)
            if self._is_body(self.block, number):
                self.block.add(Event("text", [number]))
                self._department_at_end(self.block, number)
                return 1
        if patterns.NOTE_LINE.match(self.layout.line(number).text):
            self.layout.claim(number, LineRole.STRUCTURE)  # of no programme, kept in print
            return 1
        self._unclaimed(number)
        return 1

    def _department_at_end(self, block: Block, number: int) -> None:
        """``…預かります。<保育課>``: the division behind a text, where none was printed before."""
        line = self.layout.line(number)
        end = len(line.text.rstrip())
        match = patterns.DEPARTMENT_AT_END.search(line.text, max(0, end - _DEPARTMENT_END), end)
        if match is None or block.heads[-1].labels.departments:
            return
        printed = line.raw[slice(*match.span("bracket"))][1:-1].strip()
        labels = Labels(departments=[printed])
        if is_department(match["bracket"][1:-1].strip(), self.layout.profile) and not (
            self._block_has(block, labels)
        ):
            block.add(Event("labels", [number], labels=labels))

    def _is_body(self, block: Block, number: int) -> bool:
        if not block.closed:
            return True
        text = self.layout.line(number).text.strip()
        if block.has_subheads:
            return True
        ends = text.rstrip(")」』").endswith(tuple(patterns.SENTENCE_ENDS))
        above = self.layout.kind(number - 1) is Kind.TEXT
        return ends or bool(patterns.LIST_ITEM.match(text)) or above or len(text) > 40

    def _subhead(self, block: Block, number: int) -> Event | None:
        """``1 手続きの利便性向上`` over a member's own text, wrapped or not."""
        line = self.layout.line(number)
        if len(line.text) > _SUBHEAD_CHARACTERS:
            return None
        found = title_only(line, self.layout.profile)
        if found is None:
            return None
        titles = block.by_title
        candidates = [(found.title, [number])]
        if self.layout.kind(number + 1) is Kind.TEXT:
            below = self.layout.line(number + 1).raw.strip()
            candidates.append((join_wrapped(found.title, below), [number, number + 1]))
        for title, lines in candidates:
            key = match_key(title)
            head = titles.get(key) or titles.get(key.lstrip("0123456789"))
            if head is not None and (len(block.heads) > 1 or key == match_key(head.title)):
                printed = found.leading.number or _glued_number(key, head)
                return Event("sub", lines, head, number=printed)
        return None

    def _unclaimed(self, number: int) -> None:
        self.layout.claim(number, LineRole.PROBLEM)
        text = self.layout.line(number).raw.strip()
        self.layout.problem(
            number,
            "unclaimed_line",
            f"{number}行目「{text[:40]}」はどの事業の文か分からず、読み取れませんでした。",
            Severity.WARNING,
        )

    def _close(self) -> None:
        self.block = None

    def _drop_waiting(self) -> None:
        for number, labels in self.waiting:
            self.layout.claim(number, LineRole.STRUCTURE)
            self._orphan_labels(number, labels)
        self.waiting = []


def _indent(head: Head) -> int:
    return len(head.line.raw) - len(head.line.raw.lstrip())


def _glued_number(key: str, head: Head) -> str | None:
    own = match_key(head.title)
    return key.removesuffix(own) or None if key != own else None
