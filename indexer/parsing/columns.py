"""Which column of a table holds what? Read from its header, never from its position.

Header cells are folded, joined over header rows (``予算額`` over ``本年度 前年度 増減``) and looked
up in the profile. A unit in the header (``予算額（千円）``) is the unit of its column. A column
nobody knows (``国庫支出金``) stays a column: it takes its cells and is named in a note.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from indexer import eras
from indexer.parsing import patterns
from indexer.parsing.cells import Shape
from indexer.parsing.characters import BREAK, fold_line
from indexer.parsing.profile import Profile, header_words

MONEY = ("amount", "previous", "change")
_CONTAINS = ("executed", "aside", "forecast", "rate", "change", "previous")
_HEADER_CHARACTERS = 60
_YEAR = re.compile(
    r"(?:令和|平成|[rh])(?:\d{1,2}|元)(?:年度|年)?(?:\(20\d\d(?:年度|年)?\))?|20\d\d(?:年度|年)|\d{1,2}年度|^20\d\d"
)
_NOT_MONEY = re.compile(r"点|理由|内容|説明|状況|主な|との")
_UNIT_IN_BRACKETS = re.compile(r"[(\[〔](?:単位 *:? *)?(?P<unit>[兆億万千百十]{0,2}円)[)\]〕]")
_LEVEL = re.compile(r"(?:大|中|小|細|細々)?事業(?:名|名称)?")
_NOT_EXECUTED = re.compile(r"見込|率|%|割合|比|差|残|増減|理由|状況|予算現額")
_USED = (*MONEY, "forecast", "executed", "started", "ended", "rate", "page", "account", "goal",
         "status", "department", "section", "kan", "number", "title", "description")  # fmt: skip


@dataclass(slots=True)
class Column:
    """One column: its role, the unit its header prints, and the year of an amount column."""

    role: str
    unit: str | None = None
    year: int | None = None
    label: str = ""
    """The year as printed, for a forecast column."""
    name: str = ""
    """The header cell as printed."""
    is_stated: bool = False
    """The manifest says what it holds."""


@dataclass(slots=True)
class Header:
    """The columns of one table and the lines its header stands on."""

    columns: list[Column]
    lines: list[int] = field(default_factory=list)
    shape: Shape = field(default_factory=lambda: Shape("\t"))
    is_resumed: bool = False
    """The rows go on below a line of text, under the header printed above it."""

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles in printed order: what makes two headers the same."""
        return tuple(column.role for column in self.columns)

    @property
    def unit(self) -> str | None:
        """The one unit the header prints, for the columns that print none."""
        units = {column.unit for column in self.columns if column.unit}
        return units.pop() if len(units) == 1 else None

    @property
    def latest_year(self) -> int | None:
        """The year of the column read as this year's."""
        return next((c.year for c in self.columns if c.role == "amount" and c.year), None)

    def index(self, role: str) -> int | None:
        """The first column of that role."""
        return next((i for i, column in enumerate(self.columns) if column.role == role), None)

    def indexes(self, role: str) -> list[int]:
        """All columns of that role."""
        return [i for i, column in enumerate(self.columns) if column.role == role]

    @property
    def title_columns(self) -> tuple[int, ...]:
        """Where names stand, the coarsest first: 大事業名 中事業名 小事業名, or one header over
        columns without their own, in which names are set back by their level."""
        first = self.index("title")
        if first is None:
            return ()
        found = [first]
        for index in range(first + 1, len(self.columns)):
            column = self.columns[index]
            is_level = column.role == "title" and _is_level(column, self.columns[found[-1]])
            if not is_level and (column.name.strip() or column.role != "other"):
                break
            found.append(index)
        return tuple(found)

    @property
    def unused(self) -> list[str]:
        """Names of the columns whose cells no field of a programme takes."""
        seen: set[str] = set()
        names = []
        for column in self.columns:
            name = re.sub(r"\s", "", column.name)
            again = column.role in MONEY and column.role in seen
            seen.add(column.role)
            if name and (again or column.role not in _USED):
                names.append(name)
        return names


def _is_level(column: Column, before: Column) -> bool:
    names = [re.sub(r"\s", "", fold_line(one.name)) for one in (before, column)]
    return names[0] != names[1] and all(_LEVEL.fullmatch(name) or not name for name in names)


def read_header(
    rows: Sequence[Sequence[str]], profile: Profile, base: int | None
) -> list[Column] | None:
    """The columns, if the rows are a header: a title and an amount column at least."""
    if any(len(cell) > _HEADER_CHARACTERS or "。" in cell for row in rows for cell in row):
        return None
    columns = [_joined_column(above, below, profile, base) for above, below in _joined(rows)]
    if len(columns) < 2:
        return None
    _settle_weak(columns, profile)
    _settle_years(columns, base)
    _settle_executed(columns)
    _settle_stated(columns)
    _settle_title(columns)
    _settle_number(columns)
    roles = {column.role for column in columns}
    if "title" not in roles or not roles & {"amount", "previous"}:
        return None
    return columns


def header_roles(cells: Sequence[str], profile: Profile) -> dict[int, str]:
    """What each cell of one header row would be taken for, whether or not it makes a header."""
    columns = [_joined_column("", cell, profile, None) for cell in cells]
    return {index: column.role for index, column in enumerate(columns) if column.name.strip()}


def is_known(cell: str, profile: Profile) -> bool:
    """Whether a cell is a word of a header row."""
    return is_stated(cell, profile) or _column_facts(cell, profile)[0] != "other"


def is_stated(cell: str, profile: Profile) -> bool:
    """Whether the manifest says what a column of this header holds."""
    return bool(profile.stated_columns) and header_words(cell) in profile.stated_columns


def is_unit(cell: str) -> bool:
    """``（千円）``, ``（単位：千円）``: a cell that says the unit and nothing else."""
    return cell_unit(cell) is not None


def cell_unit(cell: str) -> str | None:
    """The unit such a cell says."""
    text = fold_line(cell)
    if match := patterns.UNIT_ALONE.match(text):
        return match["unit"]
    match = patterns.UNIT_DECLARATION.search(text)
    rest = text[: match.start()] + text[match.end() :] if match else text
    return match["unit"] if match and len(re.sub(r"[\s()〔〕\[\]、,%:]", "", rest)) <= 2 else None


def _joined(rows: Sequence[Sequence[str]]) -> Iterator[tuple[str, str]]:
    """Header rows as one: above and below; an upper cell spans the blank ones to its right."""
    width = max(len(row) for row in rows)
    upper = [""] * width
    for depth, row in enumerate(rows):
        cells = [row[i].strip() if i < len(row) else "" for i in range(width)]
        if depth == len(rows) - 1:
            yield from zip(_spread(upper, cells), cells, strict=True)
            return
        upper = [a + b for a, b in zip(_spread(upper, cells), cells, strict=True)]


def _spread(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    spread: list[str] = []
    spanning = ""
    for above, below in zip(upper, lower, strict=True):
        if above:
            spanning = above if below else ""
        spread.append(above or (spanning if below else ""))
        if not below:
            spanning = ""
    return spread


def _joined_column(above: str, below: str, profile: Profile, base: int | None) -> Column:
    role, unit, label = _column_facts(above + below, profile)
    if role == "other" and above and below:
        role = _column_facts(below, profile)[0]
    if is_unit(below) and above:
        role = _column_facts(above, profile)[0]
        unit = cell_unit(below)
    if unit is None and (inside := _UNIT_IN_BRACKETS.search(fold_line(above))):
        unit = inside["unit"]  # 予算額（千円） over 本年度
    label = _column_facts(below, profile)[2] or label
    stated = _stated_role(above, below, profile)
    year = None
    if label:
        text = re.sub(r"\s", "", label)
        year = eras.parse_fiscal_year(text, base) or eras.parse_fiscal_year(text, 2025)
    return Column(stated or role, unit, year, label, f"{above}{below}", stated is not None)


def _stated_role(above: str, below: str, profile: Profile) -> str | None:
    """What the manifest says: of the whole header, of its lower row, of its upper row."""
    if not profile.stated_columns:
        return None
    for words in map(header_words, (above + below, below, above)):
        bare = re.sub(r"[(\[〔][^()]*円[)\]〕]$", "", words)
        if role := profile.stated_columns.get(words) or profile.stated_columns.get(bare):
            return role
    return None


@lru_cache(maxsize=16384)
def _column_facts(cell: str, profile: Profile) -> tuple[str, str | None, str]:
    """Role, unit and year label of a header cell."""
    printed = re.sub(r"[\s*]", "", BREAK.sub("", cell))
    text = fold_line(printed).lower()
    unit_match = re.search(r"[(\[〔]?(?:単位:?)?([兆億万千百十]{0,2}円)[)\]〕]?$", text)
    unit = unit_match[1] if unit_match else None
    if unit_match:
        text = text[: unit_match.start()].rstrip("(:")
    if text.startswith(("うち", "(うち")):
        return "aside", unit, ""
    year = _YEAR.search(text)
    label = printed[year.start() : year.end()] if year else ""
    bare = text
    if year:
        rest = re.sub(r"\([^()]*\)", "", text[: year.start()] + text[year.end() :])
        bare = re.sub(r"^[a-c]$", "", rest.strip("の()"))
    role = _find_role(text, profile) or _find_role(bare, profile) or _split_span(bare, profile)
    if role in (None, "amount", "weak") and year is not None and bare in ("", "当初", "案", "年間"):
        role = "amount"
    return role or "other", unit, label


def _find_role(text: str, profile: Profile) -> str | None:
    """As printed, without its bracket or letter (``増減(A-B)``), without any sign, by its end."""
    forms = (
        text,
        re.sub(r"\([^()]*\)$|[a-c①-⑨]$", "", text),
        re.sub(r"[()\[\]〔〕【】・/、]", "", text),
    )
    found = next((role for form in forms if (role := _role(form, profile))), None)
    return found or _role_by_end(forms[1], profile)


def _role(text: str, profile: Profile) -> str | None:
    if not text:
        return None
    for role, words in profile.columns.items():
        if text in words:
            return role
        if role in _CONTAINS and any(word in text for word in words):
            if role in ("previous", "change") and _NOT_MONEY.search(text):
                continue
            if role == "executed" and _NOT_EXECUTED.search(text):
                continue
            return role
    return None


def _role_by_end(text: str, profile: Profile) -> str | None:
    for role, words in profile.column_endings.items():
        if text.endswith(words):
            return role
    return None


def _split_span(text: str, profile: Profile) -> str | None:
    """``予算額本年度`` of two header rows: the lower half decides, the upper confirms."""
    for word in sorted(profile.columns["amount"], key=len, reverse=True):
        if text.startswith(word) and len(text) > len(word):
            rest = text[len(word) :].strip("()")
            return _role(rest, profile)
    return None


def _settle_weak(columns: list[Column], profile: Profile) -> None:
    """``事業費`` or ``要求額`` is the amount only where no column says 予算額."""
    weak = [column for column in columns if column.role == "weak"]
    if not weak:
        return
    strong = any(column.role == "amount" for column in columns)

    def rank(column: Column) -> int:
        text = fold_line(column.name)
        return next((n for n, w in enumerate(profile.columns["weak"]) if w in text), len(text))

    best = min(map(rank, weak))
    for column in weak:
        column.role = "amount" if not strong and rank(column) == best else "aside"


def _settle_years(columns: list[Column], base: int | None) -> None:
    """Amount columns headed by years: this year's, last year's, later ones are forecasts."""
    dated = [c for c in columns if c.role == "amount" and c.year is not None]
    if not dated:
        return
    base = next((c.year for c in dated if c.is_stated), base)
    years = [c.year for c in dated if c.year is not None]
    plain = any(c.role == "amount" and c.year is None for c in columns)
    current = max(years)
    if base in years and base is not None:
        current = base
    elif plain:
        current = base if base is not None else current + 1
    for column in dated:
        assert column.year is not None
        if column.is_stated:
            continue
        if column.year == current - 1:
            column.role = "previous"
        elif column.year != current:
            column.role = "forecast" if column.year > current else "aside"


def _settle_stated(columns: list[Column]) -> None:
    """What the manifest names leaves no other column of its kind, but more text is welcome."""
    stated = {column.role for column in columns if column.is_stated} - {"description"}
    for column in columns:
        if column.role in stated and not column.is_stated:
            column.role = "aside"


def _settle_title(columns: list[Column]) -> None:
    """A table without a name column is named by 目, else by its explanation."""
    roles = [column.role for column in columns]
    if "title" in roles:
        return
    for substitute in ("moku", "description", "goal"):
        if substitute in roles:
            columns[roles.index(substitute)].role = "title"
            return


def _settle_executed(columns: list[Column]) -> None:
    """決算額 without a year of its own is nobody's: it stays in the print."""
    for column in columns:
        if column.role == "executed" and column.year is None:
            column.role = "aside"


def _settle_number(columns: list[Column]) -> None:
    """A code numbers the programmes where nothing else does."""
    roles = [column.role for column in columns]
    if "number" not in roles and "code" in roles:
        columns[roles.index("code")].role = "number"
