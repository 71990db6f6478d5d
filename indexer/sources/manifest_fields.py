"""Which keys may a manifest entry have, and what may stand in each?

Every reader takes the TOML value and returns what :class:`ManifestEntry` holds, or raises
``ValueError`` with the end of a sentence that begins 「book.md」の key … .
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping

from indexer.eras import parse_fiscal_year
from indexer.sources.municipality import check_digit, is_municipality_code

AMOUNT_UNITS = ("円", "千円", "万円", "百万円", "億円", "十億円", "兆円")
_ID = re.compile(r"[\w][\w.\-]{0,99}")
_TYPE_NAMES = {bool: "真偽値", int: "数", float: "小数", list: "配列", dict: "表", str: "文字列"}


def _text(value: object) -> str:
    if not isinstance(value, str):
        kind = _TYPE_NAMES.get(type(value), "日付など")
        raise ValueError(f"は文字列で書くところが{kind}なので、引用符で囲んで書いてください。")
    if not value.strip():
        raise ValueError("が空なので、値を書くか、この行を消してください。")
    if any(unicodedata.category(c) in ("Cc", "Cs") for c in value):
        raise ValueError("に改行などの制御文字があるので、一行の文字列で書いてください。")
    return value.strip()


def _identifier(value: object) -> str:
    text = _text(value)
    if not _ID.fullmatch(text):
        raise ValueError(
            f"「{text}」は文書のアドレスになるので、文字・数字・「-」「_」「.」だけの"
            "100字以内で書いてください。"
        )
    return text


def _code(value: object) -> str:
    """A number is taken too, but 012033 (小樽市) can only be written as a string in TOML."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    text = unicodedata.normalize("NFKC", str(value) if is_number else _text(value))
    if re.fullmatch(r"[0-9]{5}", text):
        raise ValueError(
            f"「{text}」は5桁なので、検査数字までの6桁（{text}{check_digit(text)}）を"
            "引用符で囲んで書いてください。"
        )
    if not re.fullmatch(r"[0-9]{6}", text):
        raise ValueError(f"「{text}」は団体コードではないので、6桁の数字で書いてください。")
    if not is_municipality_code(text):
        raise ValueError(
            f"「{text}」は末尾の検査数字が合わない（{text[:5]} なら {check_digit(text[:5])}）"
            "ので、団体コードを確かめてください。"
        )
    return text


def _fiscal_year(value: object) -> int:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    year = parse_fiscal_year(str(value) if is_number else _text(value))
    if year is None:
        raise ValueError(
            f"「{value}」は年度として読めないので、2025 か「令和7年度」のように書いてください。"
        )
    return year


def _unit(value: object) -> str:
    text = unicodedata.normalize("NFKC", _text(value))
    if text not in AMOUNT_UNITS:
        raise ValueError(
            f"「{text}」は使えない単位なので、{'、'.join(AMOUNT_UNITS)}のどれかにしてください。"
        )
    return text


def _address(value: object) -> str:
    text = _text(value)
    if not re.fullmatch(r"https?://[^\s/]+\S*", text):
        raise ValueError(
            f"「{text}」はアドレスではないので、https:// から始まる形で書いてください。"
        )
    return text


COLUMN_ROLES = (
    "title", "amount", "previous", "change", "status", "department", "section", "account", "goal",
    "description", "number", "page",
)  # fmt: skip
"""What a manifest may say a column holds."""


def _names(value: object) -> tuple[str, ...]:
    """One name or a list of them."""
    return tuple(_text(item) for item in (value if isinstance(value, list) else [value]))


def _columns(value: object) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if not isinstance(value, dict) or not value:
        raise ValueError('は columns = { amount = "見出しの言葉" } のように書いてください。')
    for role in value:
        if role not in COLUMN_ROLES:
            raise ValueError(
                f"の「{role}」は使えないので、{'、'.join(COLUMN_ROLES)}のどれかに直してください。"
            )
    return tuple((role, _names(words)) for role, words in value.items())


FIELDS: Mapping[str, Callable[[object], object]] = {
    "id": _identifier,
    "title": _text,
    "publisher": _text,
    "publisher_code": _code,
    "fiscal_year": _fiscal_year,
    "account": _text,
    "amount_unit": _unit,
    "forecast_unit": _unit,
    "kind": _text,
    "licence": _text,
    "source_url": _address,
    "profile": _text,
    "sheet": _names,
    "columns": _columns,
}
"""Key → reader of its value. The keys are the fields of ``ManifestEntry`` but ``file``."""
