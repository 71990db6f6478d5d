"""What does a spreadsheet show of a number? The figure as printed, by the cell's number format.

The value alone is not what people see: a format ``#,##0,`` shows 52,014,000 as 52,014 under a
header that says 千円, and who took the value would be wrong by a thousand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

_BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%",
    **dict.fromkeys((5, 6, 37, 38, 41, 42), "#,##0;-#,##0"),
    **dict.fromkeys((7, 8, 39, 40, 43, 44), "#,##0.00;-#,##0.00"),
}  # fmt: skip
"""Formats that files name by number only; those of dates are told by the reader of values."""
_DIGITS_KEPT = 10**15
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_DIGITS = re.compile(r"[0#?][0#?,]*(?:\.(?P<decimals>[0#?]*))?(?P<scale>,*)")


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """How figures of a cell are printed."""

    decimals: int
    is_grouped: bool
    scale: int
    """How many times the shown figure is divided by a thousand."""
    is_percent: bool
    minus: str
    unit: str = ""
    """A unit of money that the format prints behind the figure: ``#,##0"千円"``."""

    def show(self, value: float | int) -> str:
        """The figure as the sheet prints it; beyond its digits, as it is stored."""
        if not abs(value) < _DIGITS_KEPT:
            return show_plain(value)
        number = Decimal(_plain(abs(value))) / 1000**self.scale
        if self.is_percent:
            number *= 100
        rounded = number.quantize(Decimal(1).scaleb(-self.decimals), ROUND_HALF_UP)
        text = f"{rounded:,f}" if self.is_grouped else f"{rounded:f}"
        sign = self.minus if value < 0 and rounded else ""
        return f"{sign}{text}{'%' if self.is_percent else self.unit}"


def read_format(number: int, code: str | None) -> NumberFormat | None:
    """The format of that number or code; ``None`` where a figure stands as it is (標準)."""
    return _read(code if code is not None else _BUILT_IN.get(number, ""))


def show_plain(value: float | int) -> str:
    """A figure without a format: ``52014``, ``0.3``; never ``52014.0`` or ``5e-05``."""
    return ("-" if value < 0 else "") + _plain(abs(value))


def _plain(value: float | int) -> str:
    """Fifteen digits, which is what spreadsheets keep."""
    text = f"{Decimal(format(value, '.15g')):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@lru_cache(maxsize=1024)
def _read(code: str) -> NumberFormat | None:
    positive, *others = code.split(";")
    bare = _LITERAL.sub("", positive)
    digits = _DIGITS.search(bare)
    if digits is None or re.search(r"[eE][+-]|/|[ymdhsg]", bare):
        return None
    negative = others[0] if others else ""
    minus = next((mark for mark in "△▲" if mark in negative), "-")
    return NumberFormat(
        decimals=len(digits["decimals"] or ""),
        is_grouped="," in digits[0].rstrip(","),
        scale=_scale(digits),
        is_percent="%" in bare,
        minus=minus,
        unit=_unit_behind(positive),
    )


def _unit_behind(section: str) -> str:
    behind = re.sub(r'["\\]|_.|\*.|\[[^\]]*\]', "", section)
    match = re.search(r"[0#?,.]\s*([兆億万千百十]{0,2}円)\s*$", behind)
    return match[1] if match else ""


def _scale(digits: re.Match[str]) -> int:
    whole = digits[0]
    return len(whole) - len(whole.rstrip(","))
