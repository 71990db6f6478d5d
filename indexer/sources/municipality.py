"""Is this a local government code? (全国地方公共団体コード: five digits and a check digit)"""

from __future__ import annotations

_WEIGHTS = (6, 5, 4, 3, 2)


def check_digit(first_five: str) -> int:
    """The sixth digit of a code, by the ministry's rule (総務省, 検証番号): 13101 → 6."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, first_five, strict=True))
    return (11 - (total if total < 11 else total % 11)) % 10


def is_municipality_code(code: str) -> bool:
    """Whether ``code`` is six ASCII digits of which the last fits the first five."""
    if len(code) != 6 or not (code.isascii() and code.isdecimal()):
        return False
    return check_digit(code[:5]) == int(code[5])
