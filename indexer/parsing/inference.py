"""What does no manifest state, and what does the text say about it?

Publisher, fiscal year, title and units may be inferred; each is then named in
``Document.inferred`` and noted as a problem of severity ``note``. What the text does not say
stays empty, as a stated problem: nothing is guessed.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources

from indexer import eras
from indexer.model import Publisher
from indexer.parsing import patterns
from indexer.parsing.characters import fold_line
from indexer.parsing.headings import SECTION_ENDINGS, account_name
from indexer.parsing.lines import Line, read_lines
from indexer.sources.document import SourceDocument
from indexer.sources.municipality import check_digit

_FRONT_LINES = 40
_MENTIONS_ENOUGH = 2
_SECTION_CHARACTERS = 20
_CELLS_OF_TABLES = 3
"""Tabs in a row of a table: 国県支出金 in its header is nobody's name."""


@dataclass(slots=True)
class Facts:
    """What is known of the book; ``inferred`` names what the text had to tell."""

    title: str = ""
    publisher: Publisher | None = None
    fiscal_year: int | None = None
    amount_unit: str | None = None
    forecast_unit: str | None = None
    account: str | None = None
    section: str | None = None
    """What the name of a sheet says, for rows that say none."""
    inferred: list[str] = field(default_factory=list)
    reasons: dict[str, str] = field(default_factory=dict)
    """Inferred field → what in the text says so, for the note."""

    def infer_year(self, year: int, line: int) -> None:
        """The header of a table names this year's column, and nothing else says the year."""
        self.fiscal_year = year
        self.inferred.append("fiscal_year")
        self.reasons["fiscal_year"] = f"{line}行目の表の見出し"


def establish_facts(source: SourceDocument, lines: Sequence[Line]) -> Facts:
    """Manifest first, then the text."""
    entry = source.manifest
    facts = Facts()
    if entry is not None:
        facts.title = entry.title or ""
        facts.fiscal_year = entry.fiscal_year
        facts.amount_unit, facts.forecast_unit = entry.amount_unit, entry.forecast_unit
        facts.account = entry.account
        if entry.publisher:
            facts.publisher = Publisher(entry.publisher, entry.publisher_code)
    if source.sheet:
        _read_sheet_name(facts, source)
    front = read_lines(source.front)
    for name, find in (("fiscal_year", _fiscal_year), ("publisher", _publisher)):
        if getattr(facts, name) is None:
            _infer(facts, name, *find(lines))
        if getattr(facts, name) is None:
            _infer(facts, name, find(front)[0], "ほかのシートの表題")
    if not facts.title:
        _infer(facts, "title", *_title(source, lines))
    return facts


def _read_sheet_name(facts: Facts, source: SourceDocument) -> None:
    """A workbook may have a sheet for each year, bureau or account, and name them so."""
    name = source.sheet or ""
    years = {found.year for found in eras.find_fiscal_years(name)}
    if len(years) == 1 and facts.fiscal_year not in years:
        _infer(facts, "fiscal_year", years.pop(), f"シートの名前「{name}」")
    folded = fold_line(name).strip()
    account = account_name(folded)
    if account and facts.account is None:
        facts.account = account
    elif folded.endswith(SECTION_ENDINGS) and len(folded) <= _SECTION_CHARACTERS:
        facts.section = re.sub(r"^[\d\s.・_-]+", "", folded)
    if facts.title and "#" in source.path:
        facts.title = f"{facts.title}（{name}）"


def _infer(facts: Facts, name: str, value: object, reason: str) -> None:
    if value is None:
        return
    setattr(facts, name, value)
    facts.inferred.append(name)
    facts.reasons[name] = reason


def _fiscal_year(lines: Sequence[Line]) -> tuple[int | None, str]:
    """Title lines first, then the year before the first forecast, then the year most named."""
    for line in lines[:_FRONT_LINES]:
        if len(line.text) > 120 or "。" in line.text:
            continue
        years = [
            found
            for found in eras.find_fiscal_years(line.text)
            if "見込" not in line.text[found.end : found.end + 6]
        ]
        if years and (patterns.BOOK_TITLE.search(line.text) or _only_year(line.text)):
            return max(
                found.year for found in years
            ), f"{line.number}行目「{line.raw.strip()[:30]}」"
    forecasts = _forecast_years(lines)
    if forecasts:
        year = min(forecasts) - 1
        return year, f"見込額の年度（{eras.short_fiscal_year_label(min(forecasts))}から）"
    mentions = Counter(found.year for line in lines for found in _mentioned(line.text[:2000]))
    if not mentions:
        return None, ""
    year, count = mentions.most_common(1)[0]
    if count < _MENTIONS_ENOUGH:
        return None, ""
    return year, f"本文に{eras.fiscal_year_label(year)}が{count}回あること"


def _mentioned(text: str) -> list[eras.Year]:
    """Years of a text; a header that sets two years side by side says nothing of the book's."""
    years = [found for found in eras.find_fiscal_years(text) if found.era]
    is_row = "\t" in text or "|" in text or text.count(",") > 1
    return [] if is_row and len({found.year for found in years}) > 1 else years


def _only_year(text: str) -> bool:
    return bool(re.fullmatch(r"[\s#*]*(?:令和|平成|R)\s*(?:\d{1,2}|元)\s*年度?\s*", text))


def _forecast_years(lines: Sequence[Line]) -> list[int]:
    years = []
    for line in lines:
        if "見込" not in line.text or "。" in line.text or len(line.text) > 200:
            continue
        for match in patterns.YEAR_LABEL.finditer(line.text):
            if "見込" not in line.text[max(0, match.start() - 8) : match.end() + 8]:
                continue
            year = eras.parse_fiscal_year(re.sub(r"\s", "", match["label"]))
            if year is not None:
                years.append(year)
    return years


def _publisher(lines: Sequence[Line]) -> tuple[Publisher | None, str]:
    """A name on a title page, else a municipality named often enough in the text."""
    codes = known_publishers()
    for line in lines[:_FRONT_LINES]:
        if len(line.text) > 60 or "。" in line.text or not _names_book(line.text):
            continue
        if line.text.count("\t") >= _CELLS_OF_TABLES:
            continue
        for name in sorted(codes, key=len, reverse=True):
            if name in line.text:
                return Publisher(name, codes[name]), f"{line.number}行目「{line.raw.strip()[:30]}」"
        if match := patterns.PUBLISHER.search(re.sub(r"^.*年度", "", line.text)):
            return Publisher(match["name"], codes.get(match["name"])), f"{line.number}行目"
    mentions: Counter[str] = Counter()
    for line in lines:
        if "区" in line.text or "市" in line.text or "県" in line.text:
            mentions.update(match for match in _name_pattern().findall(line.text[:5000]))
    if not mentions:
        return None, ""
    name, count = mentions.most_common(1)[0]
    rivals = [other for other, times in mentions.items() if times == count and other != name]
    if count < _MENTIONS_ENOUGH or rivals:
        return None, ""
    return Publisher(name, codes[name]), f"本文に「{name}」が{count}回あること"


def _names_book(text: str) -> bool:
    return bool(patterns.BOOK_TITLE.search(text)) or bool(
        patterns.PUBLISHER.fullmatch(re.sub(r"[\s#*]", "", text))
    )


@lru_cache(maxsize=1)
def _name_pattern() -> re.Pattern[str]:
    names = sorted(known_publishers(), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, names)))


@lru_cache(maxsize=1)
def known_publishers() -> dict[str, str]:
    """Name → 6-digit code of wards, prefectures and designated cities (``publishers.toml``)."""
    file = resources.files("indexer.parsing") / "publishers.toml"
    table = tomllib.loads(file.read_text(encoding="utf-8"))["codes"]
    return {name: code + str(check_digit(code)) for name, code in table.items()}


def _title(source: SourceDocument, lines: Sequence[Line]) -> tuple[str, str]:
    for line in lines[:_FRONT_LINES]:
        raw = line.raw.strip().rstrip(",")  # a title in a file of commas: 主要事業一覧,,,
        if source.sheet:
            raw, *beside = filter(None, raw.split("\t")) if raw else [""]
            if len(beside) > 1:
                continue
        text = fold_line(raw)
        if "。" in text or len(text) > 60 or patterns.PAGE_AT_END.search(text):
            continue
        is_row = text.count(",") > 1 or "\t" in text or "|" in text
        if patterns.BOOK_TITLE.search(text) and not is_row and "円" not in text:
            title = re.sub(r"^[\s#*]+|[\s*]+$", "", raw)
            return title, f"{line.number}行目"
    path, _, sheet = source.path.partition("#") if source.sheet else (source.path, "", "")
    name = re.sub(r"\.\w{1,5}$", "", re.split(r"[/\\#]", path)[-1])
    if sheet:
        return f"{name}（{sheet}）", "ファイル名とシートの名前"
    return name or source.document_key, "ファイル名"
