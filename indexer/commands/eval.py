"""``yosan eval``: how many questions of a file are answered as they should be?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from indexer.commands.base import declare, index_option, json_option, print_json, put
from indexer.commands.columns import pad, width
from indexer.commands.layout import bold
from indexer.errors import ExitCode
from indexer.library import Library

if TYPE_CHECKING:
    from indexer.answers.evaluation import Report

_RATES = (
    ("正答率", "accuracy"),
    ("誤答率（答えたうち）", "wrong_answer_rate"),
    ("答えられないのに答えた", "answered_although_unanswerable"),
    ("答えられるのに断った", "refused_although_answerable"),
    ("断った割合", "refusal_rate"),
    ("断った理由の正しさ", "code_accuracy"),
)


@declare("eval")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@index_option
@json_option
def command(path: Path, index: Path, as_json: bool) -> int:
    """質問と期待する答えのファイルで、答えの正しさを測る。

    ファイルは一行に一つの JSON です。expect には答えの JSON の項目を書きます。

      {"question": "総務課の予算は", "group": "合計", "expect": {"number": 40500000}}

    例:
      yosan eval 質問.jsonl
      yosan eval 質問.jsonl --json

    期待どおりでない答えが一つでもあれば終了コード 1 です。
    """
    with Library.open(index, follow=False) as library:
        report = library.evaluate(path)
    if as_json:
        print_json(report.to_json())
    else:
        _put_report(report)
    return ExitCode.FAILURE if report.failures else ExitCode.DONE


def _put_report(report: Report) -> None:
    put(bold(f"{len(report.outcomes):,}問"))
    rates = [(label, getattr(report, name)) for label, name in _RATES]
    rates += [(f"正答率: {group}", share) for group, share in report.accuracy_by_group.items()]
    columns = max(width(label) for label, _ in rates)
    for label, share in rates:
        put(f"  {pad(label, columns)}  {share:>7.1%}")
    for outcome in report.failures:
        put()
        put(f"✗ {outcome.question.text}")
        put(f"  答え: {outcome.answer.text}")
        for difference in outcome.differences:
            put(f"  {difference}")
