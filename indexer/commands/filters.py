"""Which programmes does this command line ask for? The options that search and export share."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click
from click.shell_completion import CompletionItem

from indexer import settings, wording
from indexer.commands.base import clean
from indexer.errors import UsageError, YosanError
from indexer.library import Fold, Library, SearchRequest, Sort, read_yen

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

FACETS = (
    "section",
    "status",
    "department",
    "publisher",
    "fiscal_year",
    "account",
    "policy_goal",
)
"""Facets with an option of their own; each may repeat."""
_EXAMPLES = {
    "section": "政策経営部",
    "status": "新規",
    "department": "総務課",
    "publisher": "千代田区",
    "fiscal_year": "2025、令和7年度、R7",
    "account": "一般会計",
    "policy_goal": "基本構想の実現に向けて",
}
_NEAREST = 5


def filter_options(function: Decorated) -> Decorated:
    """The facet filters, the amount bounds, the order and ``--literal``."""
    decorators = [
        *(_facet_option(facet) for facet in FACETS),
        _amount_option("--min-amount", "下限"),
        _amount_option("--max-amount", "上限"),
        click.option(
            "--sort",
            type=click.Choice([str(sort) for sort in Sort]),
            default=str(Sort.RELEVANCE),
            metavar="順序",
            help=f"並べ方: {'、'.join(Sort)}（既定: {Sort.RELEVANCE}）。金額と増減は大きい順。",
        ),
        click.option("--ascending", is_flag=True, help="並びを逆にする。"),
        click.option(
            "--literal", is_flag=True, help="言葉を書いたとおりに探す（年度や金額と解釈しない）。"
        ),
    ]
    for decorate in reversed(decorators):
        function = decorate(function)
    return function


def page_options(function: Decorated) -> Decorated:
    """``--fold``, and ``--limit`` and ``--offset`` within the bounds of the settings."""
    fold = click.option(
        "--fold",
        type=click.Choice([str(fold) for fold in Fold]),
        default=str(Fold.PROGRAMS),
        metavar="まとめ方",
        help="programs（既定）は、年度を指定しないとき、同じ事業の年度を1件にまとめる。"
        "none は年度ごとに1件ずつ並べる。",
    )
    limit = click.option(
        "--limit",
        type=click.IntRange(1, settings.PAGE_SIZE_MAXIMUM),
        default=settings.PAGE_SIZE,
        metavar="件数",
        help=f"一度に示す件数（1から{settings.PAGE_SIZE_MAXIMUM}、既定: {settings.PAGE_SIZE}）。",
    )
    offset = click.option(
        "--offset",
        type=click.IntRange(0, settings.DEEPEST_HIT),
        default=0,
        metavar="件数",
        help="飛ばす件数（既定: 0）。",
    )
    return fold(limit(offset(function)))


def _facet_option(facet: str) -> Callable[[Decorated], Decorated]:
    return click.option(
        f"--{facet.replace('_', '-')}",
        facet,
        multiple=True,
        metavar=wording.FACETS[facet],
        shell_complete=_complete_facet,
        help=f"{wording.FACETS[facet]}で絞る（例: {_EXAMPLES[facet]}）。繰り返すと「または」。",
    )


def _amount_option(name: str, bound: str) -> Callable[[Decorated], Decorated]:
    return click.option(
        name, metavar="金額", help=f"予算額の{bound}（例: 1億円、5,000万円、40500000）。"
    )


def read_request(
    library: Library,
    query: str | None,
    options: Mapping[str, Any],
    *,
    limit: int = settings.PAGE_SIZE,
    offset: int = 0,
    fold: Fold = Fold.NONE,
) -> SearchRequest:
    """The request that ``options`` (as click gives them) describe.

    Raises :class:`UsageError` for an amount that cannot be read, bounds the wrong way round, and
    for a filter value that no programme has, with the nearest ones that exist.
    """
    low = _read_amount("--min-amount", options["min_amount"])
    high = _read_amount("--max-amount", options["max_amount"])
    if low is not None and high is not None and low > high:
        raise UsageError("--min-amount が --max-amount より大きいので、逆にしてください。")
    filters = {
        facet: tuple(dict.fromkeys(_known_value(library, facet, clean(v)) for v in options[facet]))
        for facet in FACETS
        if options[facet]
    }
    return SearchRequest(
        text=query or "",
        filters=filters,
        min_amount=low,
        max_amount=high,
        sort=Sort(options["sort"]),
        ascending=options["ascending"],
        literal=options["literal"],
        limit=limit,
        offset=offset,
        fold=fold,
    )


def _read_amount(name: str, typed: str | None) -> int | None:
    if typed is None:
        return None
    yen = read_yen(clean(typed))
    if yen is None:
        raise UsageError(
            f"{name} の「{clean(typed)}」を金額として読めません。"
            "「1億円」「5,000万円」「40500000」のように書いてください。"
        )
    return yen


def _known_value(library: Library, facet: str, typed: str) -> str:
    values = [str(value) for value in library.values(facet)]
    wanted = _fiscal_year(typed) if facet == "fiscal_year" else typed
    if wanted in values:
        return wanted
    same = [value for value in values if _fold(value) == _fold(wanted)]
    if same:
        return same[0]
    raise UsageError(_unknown_value(facet, typed, values))


def _fiscal_year(typed: str) -> str:
    from indexer.eras import parse_fiscal_year

    year = parse_fiscal_year(typed)
    return typed if year is None else str(year)


def _unknown_value(facet: str, typed: str, values: list[str]) -> str:
    from rapidfuzz import fuzz, process

    label = wording.FACETS[facet]
    if not values:
        return f"この索引には{label}の分かる事業がないので、{label}では絞れません。"
    near = [value for value, *_ in process.extract(typed, values, scorer=fuzz.WRatio, limit=None)]
    listed = "、".join(f"「{value}」" for value in near[:_NEAREST])
    more = f" など{len(values)}件" if len(values) > _NEAREST else ""
    return f"{label}「{typed}」の事業は索引にありません。ある値は {listed}{more}です。"


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().replace(" ", "")


def _complete_facet(
    ctx: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """The values of the facet in the index that begin with what is typed; none without index."""
    index = ctx.params.get("index") or settings.DEFAULT_INDEX
    try:
        with Library.open(index, follow=False) as library:
            values = [str(value) for value in library.values(str(parameter.name))]
    except YosanError:
        return []
    return [CompletionItem(value) for value in values if value.startswith(incomplete)]
