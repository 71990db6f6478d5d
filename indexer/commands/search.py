"""``yosan search``: which programmes match, how much are they, and why did they match?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from indexer import eras, wording
from indexer.commands.base import (
    declare,
    index_option,
    json_option,
    print_json,
    put,
    say,
    words_argument,
)
from indexer.commands.columns import pad, width
from indexer.commands.filters import filter_options, page_options, read_request
from indexer.commands.layout import amounts, bold, faint, mark, place
from indexer.errors import ExitCode
from indexer.library import FacetValue, Fold, Hit, InYear, Library, SearchResponse, search_to_json

_OVER_YEARS = "　（年度をまとめた件数。年度ごとには{:,}件、合計はその全年度の額）"
_FACETS_SHOWN = ("section", "status", "department", "fiscal_year", "publisher")
_FACET_VALUES_SHOWN = 5


@declare("search")
@words_argument("query", metavar="[言葉]...")
@filter_options
@page_options
@index_option
@json_option
def command(
    query: str,
    fold: str,
    limit: int,
    offset: int,
    index: Path,
    as_json: bool,
    **options: Any,
) -> int:
    """言葉で事業を探す。

    空白で区切ると「かつ」、OR で「または」、-語 で除外、"…" で語の並びのまま。
    金額（1億円以上）や年度（R7）も言葉の中に書けます。

    例:
      yosan search 生成AI
      yosan search ふるさと納税 --status 新規 --json
      yosan search "" --department 総務課 --min-amount 1千万円 --sort amount

    見つからなければ終了コード 3 です。
    """
    with Library.open(index, follow=False) as library:
        request = read_request(library, query, options, limit=limit, offset=offset, fold=Fold(fold))
        response = library.search(request)
    if as_json:
        print_json(search_to_json(response))
    for remark in response.remarks:
        say(remark)
    if not response.total:
        _say_next_steps(response)
        if not response.hits:
            return ExitCode.NOTHING_FOUND
    if not as_json:
        _put_response(response)
    return ExitCode.DONE


def _put_response(response: SearchResponse) -> None:
    request = response.request
    understood = "、".join(item.label for item in response.understood)
    if response.total:
        put(
            bold(f"{response.total:,}件　合計 {wording.in_words(response.total_yen)}")
            + (_OVER_YEARS.format(response.total_rows) if response.is_over_years else "")
            + (f"　（{understood} と解釈）" if understood else "")
        )
    is_near = False
    for number, hit in enumerate(response.hits, start=request.offset + 1):
        put()
        if not (hit.complete or is_near):
            is_near = True
            put(bold(f"近い事業　{response.near_total:,}件（件数・合計・書き出しには含みません）"))
            put()
        _put_hit(number, hit)
    if not response.hits:
        say(f"{request.offset + 1}件目から先はありません。--offset を小さくしてください。")
    put()
    for facet in _FACETS_SHOWN:
        _put_facet(facet, [value for value in response.facets.get(facet, ()) if value.count])
    if response.did_you_mean:
        say(f"もしかして: {'、'.join(response.did_you_mean)}")


def _put_hit(number: int, hit: Hit) -> None:
    program = hit.program
    title = next((s for s in hit.snippets if s.field == "title"), None)
    printed = mark(title.text, title.ranges) if title else program.title
    put(f"{number:>3}. {bold(printed)}" + (f"　[{program.status}]" if program.status else ""))
    put(f"     {amounts(program)}")
    put(f"     {place(program, hit.document)}")
    if len(hit.years) > 1:
        put(f"     {'、'.join(map(_in_year, hit.years))}")
    for snippet in hit.snippets:
        if snippet.field != "title":
            put(f"     {mark(' '.join(snippet.text.splitlines()), snippet.ranges)}")
    why = [
        f"{wording.MATCHES[reason.kind]}: {reason.typed} = {reason.matched}"
        for reason in hit.why
        if reason.typed != reason.matched
    ]
    put(faint(f"     {'　'.join((program.id, *why))}"))


def _in_year(year: InYear) -> str:
    label = "" if year.fiscal_year is None else eras.short_fiscal_year_label(year.fiscal_year)
    return f"{label} {wording.money_in_words(year.amount)}"


def _put_facet(facet: str, values: list[FacetValue]) -> None:
    if not values:
        return
    label = wording.FACETS[facet]
    shown = values[:_FACET_VALUES_SHOWN]
    columns = max(width(str(value.value)) for value in shown)
    for place_in_list, value in enumerate(shown):
        name = pad(label if place_in_list == 0 else "", 8)
        put(
            f"{name}  {pad(str(value.value), columns)}  {value.count:>6,}件"
            f"  {pad(wording.in_words(value.yen), 18, right=True)}"
        )
    if len(values) > len(shown):
        put(faint(f"{pad('', 8)}  ほか{len(values) - len(shown)}件"))


def _say_next_steps(response: SearchResponse) -> None:
    say("条件に合う事業は見つかりませんでした。")
    if response.did_you_mean:
        say(f"もしかして: {'、'.join(response.did_you_mean)}")
    for step in response.next_steps:
        say(f"・{step.message}")
    if not response.did_you_mean and not response.next_steps:
        say("・言葉を短くするか、絞り込みを外してください。")
