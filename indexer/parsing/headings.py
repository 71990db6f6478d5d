"""Under which heading does the book go on: account, bureau, goal, department?

A heading stands alone on its line. A bureau with a number is a chapter (``5 政策経営部``); a bare
name is one only where no sentence runs into it.
"""

from __future__ import annotations

import re

from indexer.parsing import patterns
from indexer.parsing.characters import match_key
from indexer.parsing.labels import bracket_at, read_labels
from indexer.parsing.layout import FoundHeading, Kind, Layout
from indexer.parsing.lines import Line

SECTION_ENDINGS = ("部", "局", "委員会", "議会", "会計室", "庁", "省")
"""How the name of a bureau ends, in a table or as the name of a sheet."""

_SURE_ENDINGS = ("部", "局", "委員会", "議会", "本部", "会計室", "会計管理者")
_NUMBERED_ENDINGS = (*_SURE_ENDINGS, "庁", "省", "消防署", "病院", "管理者")
_NOT_SECTIONS = re.compile(
    r"(?<![区市町村県都府道])(?<=.)議会$|(?:一|全|内|外|上|下|幹|学|支|細|患|局|頭|腹|胸|大)部$|クラブ$|楽部$|の部$|協議会$|審議会$|検討会$|実行委員会$|運営委員会$|対策本部$|町会$|自治会$"
)


def find_headings(layout: Layout, known_titles: set[str]) -> None:
    """Accounts, sections and goals that name themselves, among the lines still unread."""
    for line in list(layout.text_lines()):
        if len(line.text) > 200:
            continue
        heading = _account(line) or _section(layout, line, known_titles) or _goal(line)
        if heading is not None and heading.kind == "section" and _is_label(layout, line):
            continue
        if heading is None and patterns.KOU_MOKU.match(line.text):
            layout.set(line.number, Kind.FRONT)
        if heading is not None:
            layout.headings[line.number] = heading
            layout.set(line.number, Kind.HEADING)


def _is_label(layout: Layout, line: Line) -> bool:
    """``【選挙管理委員会事務局】`` below an amount or a status is that programme's department."""
    if line.text.strip()[:1] not in ("【", "["):
        return False
    above = layout.neighbour(line.number, -1)
    if above is None:
        return False
    if layout.kind(above) in (Kind.HEAD, Kind.AMOUNT):
        return True
    upper = layout.line(above)
    printed = read_labels(upper.raw, upper.text, layout.profile)
    framed = upper.text.strip()[:1]
    if above < line.number - 1 and framed in patterns.OPENING and printed and printed.departments:
        # ［産業部］ after a blank line, under 【企画課】 of the block above
        return framed == line.text.strip()[:1]
    return len(upper.text) <= 20 and bool(printed)


def heading_of(layout: Layout, line: Line) -> FoundHeading | None:
    """The account, section or goal a line names, wherever it stands."""
    return _account(line) or _section(layout, line, set()) or _goal(line)


def strip_frame(text: str) -> tuple[str, bool]:
    """The words inside a bracket that frames the whole line; a bullet before it goes too."""
    text = text.strip()
    if mark := patterns.CONVERSION_MARK.match(text):
        text = text[mark.end() :].strip()
    text = text.strip("*").strip()
    bulleted = text.lstrip("■◆●○◇□▼▽★☆◎").strip()
    framed = bulleted != text
    inside = bracket_at(bulleted, 0)
    if inside and inside[1] == len(bulleted) - 1:
        return bulleted[1:-1].strip(), True
    if bulleted[:1] in patterns.OPENING and bulleted[-1:] in patterns.CLOSING and bulleted:
        return bulleted[1:-1].strip(), True  # 〔一般会計] : two kinds in one pair
    return bulleted, framed


def _account(line: Line) -> FoundHeading | None:
    inner, framed = strip_frame(line.text)
    match = patterns.ACCOUNT.match(inner)
    name = match["name"] if match else None
    if name is None and patterns.ACCOUNT_BARE.match(inner):
        name = inner
    if name is None or not (framed or patterns.ACCOUNT_BARE.match(name)):
        return None
    return FoundHeading("account", _printed(line, name), line.number)


def account_name(text: str) -> str | None:
    """The account a cell or heading names: ``<一般会計>`` → ``一般会計``."""
    found = _account(Line(1, text, text))
    return found.title if found else None


def _section(layout: Layout, line: Line, known_titles: set[str]) -> FoundHeading | None:
    text = line.text.strip()
    page = None
    if layout.kind(line.number) is Kind.TEXT and (split := split_page(text)):
        text, page = split
    inner, framed = strip_frame(text)
    if inner[:1] in layout.profile.department_marks:
        return None
    if (both := patterns.KAN_KOU.match(inner)) is not None:
        inner = both["kan"]
    inner = patterns.HEADING_COUNT.sub("", inner) or inner
    if kan := patterns.KAN.match(inner):
        number = kan["number"] or kan["after"]
        return FoundHeading("section", _printed(line, kan["name"]), line.number, number, 0, page)
    department = None
    if pair := patterns.SECTION_AND_DIVISION.match(inner):
        inner, department = pair["section"], pair["division"]
    match = patterns.SECTION.match(inner)
    if match is None or match_key(match["name"]) in known_titles:
        return None
    name = match["name"]
    groups = ("chapter", "plain", "round", "roman", "kanji")
    number = next((match[group] for group in groups if match[group]), None)
    if name.endswith(("課", "室")) and not name.endswith("会計室"):
        return _division(layout, line, name, number, page)
    endings = _NUMBERED_ENDINGS if number else _SURE_ENDINGS
    if not name.endswith(endings) or _NOT_SECTIONS.search(name):
        return None
    if number is None and not framed and _runs_into(layout, line):
        return None
    printed = _printed(line, name)
    return FoundHeading("section", printed, line.number, number, 0, page, department)


def _division(
    layout: Layout, line: Line, name: str, number: str | None, page: int | None
) -> FoundHeading | None:
    """``5 総務課`` as a chapter: only where a contents list or the book's beginning follows it."""
    if number is None:
        return None
    first_head = next(iter(layout.heads), 0)
    below = layout.neighbour(line.number, 1)
    before_contents = below is not None and layout.kind(below) is Kind.CONTENTS
    if not before_contents and line.number > first_head:
        return None
    return FoundHeading("section", _printed(line, name), line.number, number, 0, page)


def _goal(line: Line) -> FoundHeading | None:
    inner, _ = strip_frame(line.text)
    page = None
    if split := split_page(inner):
        inner, page = split
    match = patterns.GOAL.match(inner)
    if match is None or len(inner) > 120 or re.search(r"。.", inner):
        return None
    name = match["name"].strip(" 」』】》>")
    return FoundHeading("goal", _printed(line, name), line.number, match["number"], 0, page)


def split_page(text: str) -> tuple[str, int] | None:
    """``5 政策経営部……………155`` → its words and its page; ``None`` without a leader."""
    match = patterns.PAGE_AT_END.search(text)
    if match is None:
        return None
    head = text[: match.start()]
    words = head.rstrip(patterns.LEADER_CHARACTERS + " \t")
    leader = head[len(words) :]
    if not words or not is_leader(leader):
        return None
    return words, int(match["page"] or match["bracketed"])


def is_leader(text: str) -> bool:
    """Whether the signs between title and page lead the eye: ``……``, ``・・・``, ``----``, TAB."""
    if "\t" in text or any(sign in text for sign in "…‥⋯"):
        return True
    signs = text.replace(" ", "")
    return len(signs) >= 2 and len(set(signs)) == 1 and (signs[0] != "ー" or len(signs) >= 3)


def _runs_into(layout: Layout, line: Line) -> bool:
    """Whether a sentence of the line above goes on here (a wrapped line that ends in 部)."""
    if line.number < 2 or layout.kind(line.number - 1) is not Kind.TEXT:
        return False
    above = layout.line(line.number - 1).text.rstrip()
    return len(above) >= 12 and above[-1:] not in patterns.SENTENCE_ENDS


def _printed(line: Line, folded: str) -> str:
    """The words as printed, cut out of the line by their place in the folded one."""
    at = line.text.rfind(folded)
    return line.raw[at : at + len(folded)].strip() if at >= 0 else folded
