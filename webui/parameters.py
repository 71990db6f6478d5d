"""What does this address ask for? Query string → search request, with one table of parameters.

The table drives the reader, the OpenAPI description and the page for people, so that the three
never differ. A value that cannot be read raises :class:`ParameterError` with a Japanese sentence
that names the parameter, the value and the way out; nothing is widened silently.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from indexer import settings
from indexer.errors import UsageError
from indexer.library import Fold, SearchRequest, Sort, read_yen
from webui.language import Language, language

Pairs = Sequence[tuple[str, str]]

FACETS: tuple[str, ...] = (
    "section",
    "status",
    "department",
    "policy_goal",
    "fiscal_year",
    "publisher",
    "account",
)
"""The facets shown beside a result, in this order."""

FILTERS: tuple[str, ...] = (*FACETS, "role", "document")
"""Everything a search can be narrowed to. May repeat: OR inside one, AND across."""

AMOUNTS: tuple[str, ...] = ("min_amount", "max_amount", "min_change", "max_change")

FILTER_VALUES_MAXIMUM = 50
TEXT_CHARACTERS_MAXIMUM = 4_000
"""What is read of one value at all; the search itself says what it leaves out beyond its limit."""


class ParameterError(UsageError):
    """One parameter with a value that does not fit.

    ``name`` is the parameter, ``problem`` names the sentence among the words of the pages
    (``[problem]``), ``values`` fill it in; ``status`` is the HTTP status of the answer.
    """

    def __init__(self, name: str, problem: str, status: int = 400, **values: object) -> None:
        self.name = name
        self.status = status
        self._problem = problem
        self._values = {key: _short(str(value)) for key, value in values.items()}
        super().__init__(self.said_in(language("ja")))

    def said_in(self, say: Language) -> str:
        """The sentence in a language."""
        sentence: str = getattr(say.words.problem, self._problem)
        return sentence.format(name=self.name, **self._values)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of the search, as documented for people and programs."""

    name: str
    meaning: str
    example: str
    repeats: bool = False
    integer: bool = False
    required: bool = False
    low: int = 1
    high: int = 1
    """What an integer may be."""
    choices: tuple[str, ...] = ()
    """What a text may be, when it is one of a few."""
    pattern: str = ""
    """What is certainly understood; more may be."""


PAGE_MAXIMUM = settings.DEEPEST_HIT // settings.PAGE_SIZE
"""Of the usual size; of larger pages there are fewer."""
AMOUNT_PATTERN = r"^([\s\u001c-\u001f\u0085]*|[-−]?(0|[1-9][0-9]{0,11})(円|千円|万円|億円)?)$"

SEARCH_PARAMETERS: tuple[Parameter, ...] = (
    Parameter("q", '探す言葉。「"ことばの並び"」、-除く語、OR、金額や年度も書けます', "生成AI"),
    Parameter("section", "部局", "政策経営部", repeats=True),
    Parameter("status", "区分", "新規", repeats=True),
    Parameter("department", "担当課", "総務課", repeats=True),
    Parameter("policy_goal", "目標", "基本構想の実現に向けて", repeats=True),
    Parameter("fiscal_year", "会計年度（西暦）", "2025", repeats=True),
    Parameter("publisher", "発行者", "千代田区", repeats=True),
    Parameter("account", "会計", "一般会計", repeats=True),
    Parameter("role", "事業の位置（standalone, parent, child, member）", "parent", repeats=True),
    Parameter("document", "予算書のID", "", repeats=True),
    Parameter(
        "min_amount",
        "予算額の下限。円、または「1億円」のような書き方",
        "1000万円",
        pattern=AMOUNT_PATTERN,
    ),
    Parameter("max_amount", "予算額の上限", "1億円", pattern=AMOUNT_PATTERN),
    Parameter("min_change", "前年度との差の下限", "-1000000", pattern=AMOUNT_PATTERN),
    Parameter("max_change", "前年度との差の上限", "1億円", pattern=AMOUNT_PATTERN),
    Parameter(
        "sort",
        "並べ方：relevance, amount, change, change_ratio, title",
        "amount",
        choices=("", *Sort),
    ),
    Parameter("order", "asc で並びを逆にします", "asc", choices=("", "asc", "desc")),
    Parameter("literal", "1 で、言葉を書いたとおりに探します", "1"),
    Parameter("near", "0 で、近い事業を並べません", "0"),
    Parameter(
        "fold",
        "none で、同じ事業も年度ごとに1件ずつ並べます。省略すると、複数の年度があって年度を"
        "指定しないとき、年度をまとめて1件にします（programs）",
        "none",
        choices=("", *Fold),
    ),
    Parameter(
        "page",
        "何ページ目か（1から）",
        "1",
        integer=True,
        high=PAGE_MAXIMUM,
    ),
    Parameter(
        "limit",
        "1ページの件数（1から100）",
        "20",
        integer=True,
        high=settings.PAGE_SIZE_MAXIMUM,
    ),
)

FACET_VALUES_SHOWN = 200
"""An index of many books has thousands of departments: megabytes that few ask for."""

FACET_LIMIT = Parameter(
    "facet_limit",
    f"API だけ：絞り込みの値を項目ごとにいくつまで返すか（省略すると{FACET_VALUES_SHOWN}）",
    "20",
    integer=True,
    low=0,
    high=100_000,
)

_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
VISIBLE_PATTERN = r"[^\s\u0000-\u0020\u007f-\u00a0\u2000-\u200a\ufdd0-\ufdef\ufffe\uffff]"
"""What text must hold to be more than blanks and characters that no page may carry."""
YEN_MAXIMUM = 10**18
SHOWN_CHARACTERS = 60
"""How much of a value a sentence quotes."""
AMOUNT_CHARACTERS_MAXIMUM = 40


def clean(text: str) -> str:
    """The text without characters no page may carry (NUL, controls, surrogates)."""
    return _CONTROL.sub("", text[:TEXT_CHARACTERS_MAXIMUM])


def read_amount(name: str, text: str) -> int | None:
    """``1億円`` → 100000000 yen; empty → ``None``. Raises :class:`ParameterError` otherwise."""
    if not text.strip():
        return None
    is_plain = len(text) <= AMOUNT_CHARACTERS_MAXIMUM and not _CONTROL.search(text)
    yen = read_yen(text) if is_plain else None
    if yen is None or abs(yen) > YEN_MAXIMUM:
        raise ParameterError(name, "amount", value=clean(text))
    return yen


def read_integer(pairs: Pairs, name: str, low: int, high: int, default: int) -> int:
    """An integer within [low, high]; not given → ``default``. Raises :class:`ParameterError`."""
    if not any(key == name for key, _ in pairs):
        return default
    text = last(pairs, name)
    folded = unicodedata.normalize("NFKC", text).strip()
    if not re.fullmatch(r"[0-9]{1,9}", folded) or not low <= int(folded) <= high:
        raise ParameterError(name, "integer", value=text, low=low, high=high)
    return int(folded)


def read_search(pairs: Pairs) -> SearchRequest:
    """The search that a query string asks for. Raises :class:`ParameterError`."""
    limit = read_integer(pairs, "limit", 1, settings.PAGE_SIZE_MAXIMUM, settings.PAGE_SIZE)
    page = read_integer(pairs, "page", 1, PAGE_MAXIMUM, 1)
    deepest = settings.DEEPEST_HIT // limit
    if page > deepest:
        raise ParameterError("page", "too_deep", 404, value=page, limit=limit, deepest=deepest)
    amounts = {name: read_amount(name, _last_given(pairs, name)) for name in AMOUNTS}
    for low, high in (("min_amount", "max_amount"), ("min_change", "max_change")):
        lower, upper = amounts[low], amounts[high]
        if lower is not None and upper is not None and lower > upper:
            raise ParameterError(low, "bounds")
    return SearchRequest(
        text=last(pairs, "q").strip(),
        filters=read_filters(pairs),
        sort=_read_sort(last(pairs, "sort")),
        ascending=_read_order(last(pairs, "order")),
        offset=(page - 1) * limit,
        limit=limit,
        literal=last(pairs, "literal") == "1",
        near=last(pairs, "near") != "0",
        fold=_read_fold(last(pairs, "fold")),
        min_amount=amounts["min_amount"],
        max_amount=amounts["max_amount"],
        min_change=amounts["min_change"],
        max_change=amounts["max_change"],
    )


def read_filters(pairs: Pairs) -> dict[str, tuple[str, ...]]:
    """The values wanted of each filter, without repetition. Raises :class:`ParameterError`."""
    filters: dict[str, tuple[str, ...]] = {}
    for name in FILTERS:
        given = list(every(pairs, name))
        values = tuple(dict.fromkeys(value for value in given if value))
        if len(given) > FILTER_VALUES_MAXIMUM:
            raise ParameterError(name, "too_many", most=FILTER_VALUES_MAXIMUM)
        if values:
            filters[name] = values
    return filters


def last(pairs: Pairs, name: str) -> str:
    """The last value given for ``name``, cleaned; empty when there is none."""
    return clean(_last_given(pairs, name))


def _last_given(pairs: Pairs, name: str) -> str:
    return next((value for key, value in reversed(pairs) if key == name), "")


def every(pairs: Pairs, name: str) -> Iterable[str]:
    """All values given for ``name``, cleaned, in order."""
    return (clean(value).strip() for key, value in pairs if key == name)


def _read_sort(text: str) -> Sort:
    if not text:
        return Sort.RELEVANCE
    try:
        return Sort(text)
    except ValueError:
        raise ParameterError("sort", "sort", value=text, known=", ".join(Sort)) from None


def _read_fold(text: str) -> Fold:
    if not text:
        return Fold.PROGRAMS
    try:
        return Fold(text)
    except ValueError:
        raise ParameterError("fold", "fold", value=text, known=", ".join(Fold)) from None


def _read_order(text: str) -> bool:
    if text in ("", "desc", "asc"):
        return text == "asc"
    raise ParameterError("order", "order", value=text)


def _short(text: str) -> str:
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}…"
