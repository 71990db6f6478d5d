"""Which year is 令和7年度? The one place that converts between eras and western years.

A leaf: manifests, the parser, the search box and the answers all read years through it.
A fiscal year is known by the western year in which it begins: 令和7年度 is 2025.

An era year past the end of its era is a real thing and is converted by counting on: a book of
FY2018 prints 平成32年度 (it became 令和2年度), and 平成31年度 and 令和元年度 are both FY2019.
Such a year says ``beyond_end``. 令和31年度 (2049) is no mistake either: liabilities over thirty
years (債務負担行為) print it. An era's year 0 does not exist and is ``None``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
_KANJI_DIGITS = {digit: value for value, digit in enumerate("〇一二三四五六七八九")} | {"零": 0}
_WESTERN_FIRST, _WESTERN_LAST = 1868, 2199


@dataclass(frozen=True, slots=True)
class Era:
    """An era: its name, the letter officials write for it, its first and last year."""

    name: str
    letter: str
    first_year: int
    last_number: int | None
    """The highest year number the era reached; ``None`` while it lasts."""


ERAS = (
    Era("令和", "R", 2019, None),
    Era("平成", "H", 1989, 31),
    Era("昭和", "S", 1926, 64),
    Era("大正", "T", 1912, 15),
    Era("明治", "M", 1868, 45),
)
"""Newest first."""

_BY_SIGN = {sign: era for era in ERAS for sign in (era.name, era.letter)} | {
    "㋿": ERAS[0],
    "㍻": ERAS[1],
    "㍼": ERAS[2],
    "㍽": ERAS[3],
    "㍾": ERAS[4],
}


@dataclass(frozen=True, slots=True)
class Year:
    """A year found in a text, and how it was written. ``start``/``end`` are text offsets."""

    year: int
    start: int
    end: int
    era: str | None
    """``令和`` …; ``None`` for a western year."""
    is_fiscal: bool
    """年度 was written, or a letter form (R7) that officials use for fiscal years."""
    beyond_end: bool
    """The era ended before this year: 平成32年度."""


_NUMBER = r"[0-9０-９]{1,2}|元|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九]"
_WESTERN = r"[0-9０-９]{4}|[一二][〇零一二三四五六七八九]{3}"
_ERA_NAMES = "|".join(era.name for era in ERAS) + "|[㋿㍻㍼㍽㍾]"
_LETTERS = "RHSTMＲＨＳＴＭrhstmｒｈｓｔｍ"
_LETTERS_ALONE = "RHSＲＨＳrｒ"
"""Letters that need no 年 after them in running text: m2 is an area, t2 two tons."""
_SPACE = r"[ \t　]*"
_NOT_INSIDE_WORD = r"(?<![A-Za-zＡ-Ｚａ-ｚ0-9０-９.．,，])"
_NOT_BEFORE_NUMBER = r"(?![0-9０-９A-Za-zＡ-Ｚａ-ｚ]|[.．,，/／][0-9０-９])"

# 令和7年度, 令和 ７ 年度, 平成三十一年度, ㋿7年度, 令和元年. A date (令和7年4月) is no year.
_ERA_YEAR = (
    rf"(?P<era>{_ERA_NAMES}){_SPACE}(?P<number>{_NUMBER})"
    rf"(?:{_SPACE}[(（](?P<check>{_WESTERN})年?[)）])?"
    rf"(?P<era_suffix>{_SPACE}年{_SPACE}度|{_SPACE}年(?!{_SPACE}[0-9０-９一二三四五六七八九十]+{_SPACE}月))"
)
# R8, Ｒ8, R8年度: not the formula H2O, not a date (R7.4.1), not an area (m2).
_LETTER_YEAR = (
    rf"{_NOT_INSIDE_WORD}(?:"
    rf"(?P<letter>[{_LETTERS}])[.．]?(?P<letter_number>[0-9０-９]{{1,2}}|元)"
    rf"(?P<letter_suffix>{_SPACE}年{_SPACE}度|{_SPACE}年(?!{_SPACE}[0-9０-９]+{_SPACE}月))"
    rf"|(?P<alone>[{_LETTERS_ALONE}])[.．]?(?P<alone_number>[0-9０-９]{{1,2}}){_NOT_BEFORE_NUMBER}"
    rf"(?!{_SPACE}年))"
)
# 2025年度, ２０２５年, 2025(令和7)年度.
_WESTERN_YEAR = (
    rf"(?<![0-9０-９,，.．])(?P<western>{_WESTERN})"
    rf"(?:{_SPACE}[(（](?P<check_era>{_ERA_NAMES})(?P<check_number>{_NUMBER})年?[)）])?"
    rf"(?P<western_suffix>{_SPACE}年{_SPACE}度|{_SPACE}年(?!{_SPACE}[0-9０-９]+{_SPACE}月))"
)
_YEAR = re.compile(f"{_ERA_YEAR}|{_LETTER_YEAR}|{_WESTERN_YEAR}")
_BARE_WESTERN = re.compile(
    rf"(?P<western>{_WESTERN})(?:[Ff][Yy])?|[FfＦｆ][YyＹｙ]{_SPACE}(?P<fy>{_WESTERN})"
)
_BARE_ERA = re.compile(rf"(?P<era>{_ERA_NAMES}|[{_LETTERS}]){_SPACE}[.．]?(?P<number>{_NUMBER})")
_WITHOUT_ERA = re.compile(rf"(?P<number>{_NUMBER}){_SPACE}年{_SPACE}度")
_GLOSS = re.compile(r"(?P<outer>.+?)[ \t　]*[(（](?P<inner>[^()（）]+)[)）]")


def find_years(text: str) -> tuple[Year, ...]:
    """Every year written in ``text``, in order. A date (令和7年4月1日) is not one of them.

    A year whose two forms disagree (``令和7（2024）年度``) is left out: neither can be trusted.
    """
    found = (_year_of(match) for match in _YEAR.finditer(text))
    return tuple(year for year in found if year is not None)


def find_fiscal_years(text: str) -> tuple[Year, ...]:
    """The years of :func:`find_years` that are written as fiscal years (年度, R7)."""
    return tuple(year for year in find_years(text) if year.is_fiscal)


def parse_fiscal_year(text: str, near: int | None = None) -> int | None:
    """The western year of a text that is one year and nothing else; ``None`` for anything else.

    Reads ``令和7年度``, ``令和７年``, ``令和7``, ``R7``, ``Ｒ７年度``, ``平成31年度``,
    ``2025年度``, ``2025``, ``FY2025``, ``令和七年度``, ``令和7年度（2025年度）``.
    With ``near`` (the year of the document) also ``11年度``: a year without an era takes the era
    of its document.
    """
    text = text.strip()
    whole = _YEAR.fullmatch(text)
    if whole:
        year = _year_of(whole)
        return year.year if year else None
    bare = _BARE_WESTERN.fullmatch(text)
    if bare:
        return _western(bare["western"] or bare["fy"])
    bare = _BARE_ERA.fullmatch(text)
    if bare:
        return era_to_western(bare["era"], bare["number"])
    if near is not None and (match := _WITHOUT_ERA.fullmatch(text)):
        return _in_era_of(near, match["number"])
    return _parse_glossed(text)


def era_to_western(sign: str, number: str | int) -> int | None:
    """``("令和", "7")``, ``("R", 7)``, ``("平成", "元")`` → 2025, 2025, 1989; else ``None``."""
    era = _BY_SIGN.get(_fold_sign(sign))
    count = number if isinstance(number, int) else _count(number)
    if era is None or not 1 <= count <= 99:
        return None
    return era.first_year + count - 1


def fiscal_year_label(year: int) -> str:
    """2025 → ``令和7年度``; 2019 → ``令和元年度``; before the eras known here ``1800年度``."""
    return f"{era_year_label(year)}度"


def era_year_label(year: int) -> str:
    """2025 → ``令和7年``. The newest era that the year belongs to: 2019 is 令和元年."""
    era = era_of(year)
    if era is None:
        return f"{year}年"
    number = year - era.first_year + 1
    return f"{era.name}{'元' if number == 1 else number}年"


def short_fiscal_year_label(year: int) -> str:
    """2025 → ``R7``, as budget tables head their columns."""
    era = era_of(year)
    return f"{era.letter}{year - era.first_year + 1}" if era else str(year)


def era_of(year: int) -> Era | None:
    """The newest era that had begun by ``year``; ``None`` before 1868."""
    return next((era for era in ERAS if era.first_year <= year), None)


def _year_of(match: re.Match[str]) -> Year | None:
    groups = match.groupdict()
    sign = groups["era"] or groups["letter"] or groups["alone"]
    number = groups["number"] or groups["letter_number"] or groups["alone_number"]
    suffix = groups["era_suffix"] or groups["western_suffix"] or groups["letter_suffix"]
    if sign:
        year = era_to_western(sign, number)
        check = _western(groups["check"]) if groups["check"] else year
    else:
        year = _western(groups["western"])
        check_sign = groups["check_era"]
        check = era_to_western(check_sign, groups["check_number"]) if check_sign else year
    if year is None or check != year:
        return None
    era = _BY_SIGN[_fold_sign(sign)] if sign else None
    last = era.first_year + era.last_number - 1 if era and era.last_number else None
    return Year(
        year=year,
        start=match.start(),
        end=match.end(),
        era=era.name if era else None,
        is_fiscal=suffix is None or suffix.endswith("度"),
        beyond_end=last is not None and year > last,
    )


def _parse_glossed(text: str) -> int | None:
    """``令和7年度（2025年度）``: both forms must name the same year."""
    match = _GLOSS.fullmatch(text)
    if not match:
        return None
    outer, inner = parse_fiscal_year(match["outer"]), parse_fiscal_year(match["inner"])
    return outer if outer == inner else None


def _in_era_of(near: int, number: str) -> int | None:
    era = era_of(near)
    return era_to_western(era.name, number) if era else None


def _western(text: str) -> int | None:
    digits = "".join(str(_KANJI_DIGITS.get(c, c)) for c in text.translate(_DIGITS))
    year = int(digits)
    return year if _WESTERN_FIRST <= year <= _WESTERN_LAST else None


def _count(text: str) -> int:
    """``7``, ``７``, ``元``, ``三十一`` as a number; 0 for what is none of these."""
    if text == "元":
        return 1
    folded = text.translate(_DIGITS)
    if folded.isdecimal():
        return int(folded)
    if "十" not in folded:
        return _KANJI_DIGITS.get(folded, 0)
    tens, units = folded.split("十", 1)
    return _KANJI_DIGITS.get(tens, 1 if not tens else 0) * 10 + _KANJI_DIGITS.get(units, 0)


def _fold_sign(sign: str) -> str:
    if len(sign) != 1 or sign in _BY_SIGN:
        return sign
    return _LETTERS[_LETTERS.index(sign) % len(ERAS)] if sign in _LETTERS else sign
