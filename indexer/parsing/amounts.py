"""Which amounts are printed here, and how many yen is each? The one amount tokeniser.

Every other part of the parser reads amounts through :func:`find_amounts` (with a unit, or a dash,
inside a line) and :func:`read_cell` (a whole table cell or forecast value). Yen are exact
integers: figures are scaled as fractions of integers, never as floats. What is printed but cannot
be read is ``unreadable`` and has no yen; nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from indexer.model import NOT_PRINTED, Money, MoneyState
from indexer.parsing import patterns
from indexer.parsing.characters import fold_line

_SCALES = {"千": 10**3, "百": 10**2, "十": 10}
_LARGE = {"兆": 10**12, "億": 10**8, "万": 10**4}
_KANJI = {digit: value for value, digit in enumerate("〇一二三四五六七八九")} | {"零": 0}
_FIGURE_CHARACTERS_MAXIMUM = 40
_MISPRINT_UNITS = ("円", "千円")
"""Below these there is nothing to print after a point: ``263.401千円`` is a lost comma."""


@dataclass(frozen=True, slots=True)
class AmountToken:
    """One amount inside a line; ``start``/``end`` are offsets into the line as printed."""

    start: int
    end: int
    state: MoneyState
    """``none`` stands for a dash until its place (previous, forecast) gives it a meaning."""
    yen: int | None
    unit: str | None
    is_signed: bool = False
    is_dash: bool = False
    is_approximate: bool = False

    def money(self, printed: str, line: int | None, dash: MoneyState = MoneyState.NONE) -> Money:
        """The token as it stands in the model, cut out of the printed line."""
        return Money(
            yen=self.yen,
            state=dash if self.is_dash else self.state,
            raw=printed[self.start : self.end],
            unit=self.unit,
            line=line,
        )


def unit_yen(unit: str) -> int:
    """Yen in one of the unit: ``千円`` → 1000, ``百万円`` → 1000000. Raises ``ValueError``."""
    if not re.fullmatch(r"[兆億万千百十]{0,2}円", unit):
        raise ValueError(f"not a unit of money: {unit!r}")
    factor = 1
    for scale in unit[:-1]:
        factor *= _SCALES.get(scale) or _LARGE[scale]
    return factor


def find_amounts(printed: str, folded: str | None = None) -> tuple[AmountToken, ...]:
    """Every amount of a line that carries its unit, and every dash standing for one.

    ``**40,000**千円`` is one amount, marks included; ``(— 千円)`` holds the dash ``— 千円``.
    """
    text = fold_line(printed) if folded is None else folded
    found: list[AmountToken] = []
    if "円" in text:
        found.extend(_with_unit(printed, text))
        found.extend(_broken(text, found))
    if "-" in text:
        found.extend(_dashes(text, found))
    return tuple(sorted(found, key=lambda token: token.start))


def find_bare_numbers(
    printed: str, folded: str, unit: str, taken: tuple[AmountToken, ...] = ()
) -> tuple[AmountToken, ...]:
    """Figures without a unit, read in the unit the header or the manifest declares."""
    found = []
    for match in patterns.BARE_NUMBER.finditer(folded):
        start, end = _with_marks(printed, match.start(), match.end())
        if any(token.start < end and start < token.end for token in taken):
            continue
        state, yen = _read_number(match["number"], unit)
        negative = _is_negative(match["sign"])
        found.append(
            AmountToken(
                start,
                end,
                state,
                -yen if negative and yen is not None else yen,
                unit,
                is_signed=bool(match["sign"]),
            )
        )
    return tuple(found)


def read_cell(
    printed: str,
    unit: str | None,
    line: int | None = None,
    *,
    dash: MoneyState = MoneyState.NONE,
    states: Mapping[str, MoneyState] | None = None,
) -> Money:
    """What a whole cell or value says. Blank, a dash and 0 are three different things.

    A figure without any unit is ``unreadable``: yen or thousands of yen would be a guess.
    """
    raw = printed.strip().strip("*").strip()
    if not raw:
        return NOT_PRINTED
    folded = fold_line(raw).strip()
    if state := (states or {}).get(folded.strip("()[] ")):
        return Money(None, state, raw, None, line)
    if re.fullmatch(r"\(?-{1,3}\)?(?: *[兆億万千百十]{0,2}円)?\)?", folded):
        return Money(None, dash, raw, unit, line)
    for token in find_amounts(raw, fold_line(raw)):
        if _covers(token, fold_line(raw)):
            return token.money(raw, line, dash)
    if unit:
        for token in find_bare_numbers(raw, fold_line(raw), unit):
            if _covers(token, fold_line(raw)):
                return token.money(raw, line, dash)
    return Money(None, MoneyState.UNREADABLE, raw, unit, line)


def read_typed(text: str) -> int | None:
    """The yen of an amount as people type it: ``1億円``, ``5千万``, ``40500000``, ``△900万円``,
    ``百万``; the unit may be left out, and a scale alone is one of it. ``None`` for no amount."""
    folded = fold_line(text).strip()
    if folded and "円" not in folded:
        folded += "円"
    return read_cell(patterns.SCALE_ALONE.sub("1", folded), "円").yen


def _covers(token: AmountToken, folded: str) -> bool:
    rest = folded[: token.start] + folded[token.end :]
    return not rest.strip(" ()[]〔〕*\t")


def _with_unit(printed: str, text: str) -> Iterator[AmountToken]:
    for match in patterns.AMOUNT.finditer(text):
        figure = match["figure"]
        start, end = match.start("figure"), match.end()
        sign = match["sign"] if _is_sign(printed, text, match) else None
        if sign:
            start = match.start()
        state, yen, unit = _read_figure(figure)
        if sign and yen and _is_negative(sign):
            yen = -yen
        before = patterns.QUALIFIER_BEFORE.search(text, max(0, start - 6), start)
        after = patterns.QUALIFIER_AFTER.match(text, end)
        if before:
            start = before.start()
        if after:
            end = after.end()
        start, end = _with_marks(printed, start, end)
        approximate = bool(before or after)
        yield AmountToken(start, end, state, yen, unit, bool(sign), False, approximate)


def _is_sign(printed: str, text: str, match: re.Match[str]) -> bool:
    """A hyphen inside a word (``2020-25億円``) or a bullet (``- 25億円``) is no sign."""
    sign = match["sign"]
    if not sign:
        return False
    start = match.start()
    if sign[0] in "△▲":
        return start == 0 or text[start - 1] not in "0123456789"
    before = text[start - 1] if start else " "
    if before not in " \t([〔（:/,、=":
        return False
    return len(sign) == 1 or printed[start] == "−"


@lru_cache(maxsize=16384)
def _read_figure(figure: str) -> tuple[MoneyState, int | None, str]:
    """The yen of ``14億5,574万8千``; the unit is that of the last part (``千円``)."""
    figure = patterns.SCALE_AFTER_LARGE.sub("1", figure)  # 3億千万 is 3億1千万
    parts = list(patterns.AMOUNT_PART.finditer(figure))
    unit = (parts[-1]["scale"] if parts else "") + "円"
    if not parts or len(figure) > _FIGURE_CHARACTERS_MAXIMUM:
        return MoneyState.UNREADABLE, None, unit
    if len(parts) == 1 and unit in _MISPRINT_UNITS and "." in parts[0]["number"]:
        return MoneyState.UNREADABLE, None, unit
    if len(parts) == 1 and parts[0]["number"].isdigit():
        small, large = _split_scale(parts[0]["scale"])
        plain = parts[0]["number"]
        if plain == "0" or plain[0] != "0":
            yen = int(plain) * small * large
            return (MoneyState.VALUE if yen else MoneyState.ZERO), yen, unit
    total = Fraction(0)
    section = Fraction(0)
    last_large = 10**16
    last_part = Fraction(10**17)
    for part in parts:
        number = _number(part["number"])
        if number is None:
            return MoneyState.UNREADABLE, None, unit
        small, large = _split_scale(part["scale"])
        value = number * small
        if value and value >= last_part:
            return MoneyState.UNREADABLE, None, unit
        section += value
        last_part = Fraction(small) if small > 1 else Fraction(0)
        if large == 1:
            continue
        if large >= last_large:
            return MoneyState.UNREADABLE, None, unit
        total += section * large
        section, last_large, last_part = Fraction(0), large, Fraction(large)
    total += section
    if total.denominator != 1:
        return MoneyState.UNREADABLE, None, unit
    yen = int(total)
    return (MoneyState.VALUE if yen else MoneyState.ZERO), yen, unit


def _split_scale(scale: str) -> tuple[int, int]:
    small, large = 1, 1
    for character in scale:
        if character in _SCALES and large == 1:
            small *= _SCALES[character]
        else:
            large *= _LARGE.get(character) or _SCALES[character]
    return small, large


def _number(text: str) -> Fraction | None:
    """``5,574``, ``3.3``, ``八百五十``, ``二・三``; ``None`` for ``97,23`` and ``数``."""
    text = text.replace(" ", "")
    if text[:1].isdigit():
        if not re.fullmatch(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?", text):
            return None
        if len(text) > 1 and text[0] == "0" and text[1] != ".":
            return None
        return Fraction(text.replace(",", ""))
    return _kanji_number(text)


def _kanji_number(text: str) -> Fraction | None:
    if "数" in text:
        return None
    whole, _, decimals = text.partition("・")
    value = _kanji_integer(whole)
    if value is None or not _:
        return None if value is None or _ else Fraction(value)
    if not decimals or any(digit not in _KANJI for digit in decimals):
        return None
    digits = "".join(str(_KANJI[digit]) for digit in decimals)
    return Fraction(f"{value}.{digits}")


def _kanji_integer(text: str) -> int | None:
    """``八百五十`` → 850, ``二五〇`` → 250."""
    if all(character in _KANJI for character in text):
        return int("".join(str(_KANJI[character]) for character in text)) if text else None
    total, digit = 0, None
    for character in text:
        if character in _KANJI:
            if digit is not None:
                return None
            digit = _KANJI[character]
        elif character in _SCALES:
            total += (1 if digit is None else digit) * _SCALES[character]
            digit = None
        else:
            return None
    return total + (digit or 0)


def _read_number(number: str, unit: str) -> tuple[MoneyState, int | None]:
    value = _number(number.rstrip(".,")) if len(number) <= _FIGURE_CHARACTERS_MAXIMUM else None
    if value is None or ("." in number and unit in _MISPRINT_UNITS):
        return MoneyState.UNREADABLE, None
    yen = value * unit_yen(unit)
    if yen.denominator != 1:
        return MoneyState.UNREADABLE, None
    return (MoneyState.VALUE if yen else MoneyState.ZERO), int(yen)


def _broken(text: str, found: list[AmountToken]) -> Iterator[AmountToken]:
    taken = list(found)
    for match in patterns.BROKEN_AMOUNT.finditer(text):
        start, end = match.span()
        overlapped = [token for token in taken if token.start < end and start < token.end]
        for token in overlapped:
            found.remove(token)
        yield AmountToken(start, end, MoneyState.UNREADABLE, None, None)


def _dashes(text: str, found: list[AmountToken]) -> Iterator[AmountToken]:
    taken = tuple(found)
    for match in patterns.DASH_AMOUNT.finditer(text):
        start, end = match.span()
        if not any(token.start < end and start < token.end for token in taken):
            yield AmountToken(start, end, MoneyState.NONE, None, match["unit"], False, True)


def _with_marks(printed: str, start: int, end: int) -> tuple[int, int]:
    """Marks of the conversion around the digits belong to the printed amount."""
    while start >= 2 and printed[start - 2 : start] == "**":
        start -= 2
    if printed[end : end + 2] == "**" and printed[start : start + 2] == "**":
        end += 2
    return start, end


def _is_negative(sign: str | None) -> bool:
    return bool(sign) and sign is not None and sign[0] in "△▲-"
