"""In which language are the labels? Japanese, or English by ``?lang=en`` or Accept-Language.

Only the interface is translated; the texts of the books stay as printed. All words of the pages
stand in ``words/ja.toml`` and ``words/en.toml``, one table each with the same keys.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from importlib import resources
from types import SimpleNamespace
from typing import Any

from markupsafe import Markup

from indexer import eras, wording
from indexer.model import Money, MoneyState, Program

LANGUAGES = ("ja", "en")
UNDER = "未満"
"""The ending of a share too small to be written with one decimal."""


@dataclass(frozen=True, slots=True)
class Language:
    """The words of one language and how it says money, change and facet values."""

    code: str
    words: SimpleNamespace
    chosen: bool = False
    """Whether the address itself asked for it, so that links must keep it."""

    @property
    def book(self) -> Markup:
        """The ``lang`` attribute for text of the books, where it differs from the page's."""
        return Markup(' lang="ja"') if self.code != "ja" else Markup("")

    def unit(self, yen: int) -> str:
        """``40,500千円`` · ``¥40,500,000``."""
        return wording.in_unit(yen) if self.code == "ja" else yen_in_english(yen)

    def reading(self, yen: int) -> str:
        """``4,050万円`` · ``40.5 million yen``: how the amount is read aloud."""
        return wording.in_words(yen) if self.code == "ja" else reading_in_english(yen)

    def change(self, yen: int) -> str:
        """``+18,308千円`` · ``+¥18,308,000``."""
        if self.code == "ja":
            return wording.change_in_unit(yen)
        return f"+{yen_in_english(yen)}" if yen > 0 else yen_in_english(yen)

    def ratio(self, ratio: float | None) -> str:
        """``+54.3%``; empty without a previous amount."""
        return wording.ratio_in_words(ratio)

    def change_of(self, now: int, before: int) -> str:
        """``+54.3%`` of two sums, or the word for "nothing before"."""
        if not before:
            return str(self.words.change.no_previous) if now else ""
        return wording.ratio_in_words((now - before) / before)

    def money(self, money: Money) -> str:
        """A printed amount in the unit of its book, or why it has no number."""
        if self.code == "ja":
            return wording.money_in_words(money)
        if money.yen is not None:
            return yen_in_english(money.yen)
        if money.state is MoneyState.NONE and not money.raw:
            return str(self.words.state.not_printed)
        return str(getattr(self.words.state, str(money.state)))

    def direction(self, program: Program) -> str:
        """Which way the amount went: ``up``, ``down``, ``same``, ``new`` or ``unknown``."""
        change = program.change_yen
        if change is None:
            printed_dash = program.previous_amount.state is MoneyState.NONE
            is_new = printed_dash and bool(program.previous_amount.raw)
            return "new" if is_new and program.amount.yen else "unknown"
        return "up" if change > 0 else "down" if change < 0 else "same"

    def short(self, yen: int) -> str:
        """A rounded figure for inside a chart: ``19.7億円``. The table has the exact one."""
        if self.code == "ja":
            for size, name in ((10**12, "兆円"), (10**8, "億円")):
                if abs(yen) >= size:
                    return f"{yen / size:,.1f}{name}".replace("-", "−")
            return wording.in_words(round(yen, -4) if abs(yen) >= 10**6 else yen)
        for size, name in ((10**12, "tn"), (10**9, "bn"), (10**6, "m")):
            if abs(yen) >= size:
                return f"¥{yen / size:,.1f}{name}".replace("-", "−")
        return yen_in_english(yen)

    def field(self, name: str) -> str:
        """The label of a field that a printed line carries."""
        return str(getattr(self.words.field, name, name))

    def place(self, page: int | None, line: int | None) -> str:
        """Where something is printed: ``156頁 40行目``; a book without lines is named as such."""
        words = self.words
        printed = words.evidence.book if line is None else words.evidence.line.format(line)
        return str(printed if page is None else f"{words.evidence.page.format(page)} {printed}")

    def limit(self, yen: int) -> str:
        """An amount set as a limit, exactly: ``4,050万円`` · ``¥40,500,000``."""
        return wording.in_words(yen) if self.code == "ja" else yen_in_english(yen)

    def share(self, part: int, whole: int) -> str:
        """``1.4%`` of a whole; ``0.1%未満`` · ``under 0.1%`` rather than a rounded 0."""
        text = wording.share_in_words(part, whole)
        if self.code == "ja" or not text.endswith(UNDER):
            return text
        return f"{self.words.money.under} {text.removesuffix(UNDER)}"

    def bound(self, yen: int | None) -> str:
        """An amount as it is written back into a field: what is read is what is shown."""
        if yen is None:
            return ""
        return wording.in_words(yen) if self.code == "ja" else str(yen)

    def facet(self, name: str) -> str:
        """The label of a facet."""
        return str(getattr(self.words.facet, name, name))

    def facet_value(self, name: str, value: str | int) -> str:
        """A facet value for a reader: 2025 becomes ``令和7年度（2025）``."""
        if name == "fiscal_year" and str(value).isdecimal():
            return self.year(int(value))
        if name == "role":
            return str(getattr(self.words.role, str(value), value))
        return str(value)

    def year(self, year: int) -> str:
        """``令和7年度（2025）`` · ``FY2025 (令和7年度)``."""
        label = eras.fiscal_year_label(year)
        if not label.startswith(tuple(era.name for era in eras.ERAS)):
            return f"{year}年度" if self.code == "ja" else f"FY{year}"
        return f"{label}（{year}）" if self.code == "ja" else f"FY{year} ({label})"


def yen_in_english(yen: int) -> str:
    """``−¥9,000,000``."""
    return f"{'−' if yen < 0 else ''}¥{abs(yen):,}"


def reading_in_english(yen: int) -> str:
    """``40.5 million yen`` · ``about 2.826 billion yen``: in the largest fitting word, to three
    decimals. The exact figure always stands beside it."""
    for size, name in ((10**12, "trillion"), (10**9, "billion"), (10**6, "million")):
        if abs(yen) >= size:
            exact = Decimal(yen) / size
            shown = exact.quantize(Decimal("0.001"), ROUND_HALF_UP)
            about = "" if shown == exact else "about "
            digits = f"{shown:f}".rstrip("0").rstrip(".")
            return f"{about}{digits} {name} yen".replace("-", "−")
    return f"{yen:,} yen".replace("-", "−")


@cache
def language(code: str, chosen: bool = False) -> Language:
    """The language with this code, read once from its file."""
    text = resources.files("webui").joinpath(f"words/{code}.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    if code == "ja":
        table |= _shared_words()
    return Language(code, _namespace(table), chosen)


def _shared_words() -> dict[str, Any]:
    """The Japanese names that the terminal and the answers use, too."""
    return {
        "facet": wording.FACETS,
        "role": wording.ROLES,
        "match": wording.MATCHES,
        "flag": wording.FLAGS,
        "state": {str(state): words for state, words in wording.STATES.items()}
        | {"not_printed": wording.NOT_PRINTED_WORDS},
    }


def choose_language(asked: str, accepted: str) -> Language:
    """``?lang=`` wins; then Accept-Language; Japanese when neither names one of ours."""
    if asked in LANGUAGES:
        return language(asked, chosen=True)
    return language(_best_accepted(accepted))


def _best_accepted(header: str) -> str:
    """``en-GB,en;q=0.9,ja;q=0.8`` → ``en``. Anything unreadable → ``ja``."""
    best, best_weight = "ja", 0.0
    for item in header[:500].split(","):
        name, _, parameters = item.strip().partition(";")
        code = name.strip().lower().split("-")[0]
        weight = _weight(parameters)
        if code in LANGUAGES and weight > best_weight:
            best, best_weight = code, weight
    return best


def _weight(parameters: str) -> float:
    name, _, number = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return min(max(float(number), 0.0), 1.0)
    except ValueError:
        return 0.0


def _namespace(table: dict[str, Any]) -> SimpleNamespace:
    return SimpleNamespace(
        **{
            key: _namespace(value) if isinstance(value, dict) else value
            for key, value in table.items()
        }
    )
