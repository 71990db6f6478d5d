"""``yosan ask``: what is the answer, and which printed lines carry it?"""

from __future__ import annotations

from pathlib import Path

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
from indexer.commands.layout import bold
from indexer.errors import ExitCode
from indexer.library import Answer, Evidence, Library, answer_to_json


@declare("ask")
@words_argument("question", metavar="質問", required=True)
@index_option
@json_option
def command(question: str, index: Path, as_json: bool) -> int:
    """予算についての質問に、根拠の行を付けて答える。

    例:
      yosan ask "ホームタウンちよだ応援事業の予算はいくらですか"
      yosan ask "新規事業の合計は？" --json

    答えられなければ、理由を示して終了コード 3 で終わります。
    """
    with Library.open(index, follow=False) as library:
        answer = library.ask(question)
        if as_json:
            print_json(answer_to_json(answer))
        else:
            _put_answer(answer, library)
    return ExitCode.NOTHING_FOUND if answer.status in ("abstained", "ambiguous") else ExitCode.DONE


def _put_answer(answer: Answer, library: Library) -> None:
    put(bold(answer.text))
    if answer.interpretation.ja:
        put(f"  読み取り: {answer.interpretation.ja}")
    columns = max((width(row.title) for row in answer.rows), default=0)
    for row in answer.rows:
        shown = row.value.display if row.value else ""
        put(f"  {pad(row.title, columns)}  {shown}")
    for line in dict.fromkeys(_evidence_line(item, library) for item in answer.evidence):
        put(line)
    for warning in answer.warnings:
        say(f"注意: {warning}")
    for alternative in answer.alternatives:
        say(f"・{alternative.question}")
    for suggestion in answer.abstention.suggestions if answer.abstention else ():
        say(f"・{suggestion}")


def _evidence_line(item: Evidence, library: Library) -> str:
    indexed = library.document(item.document_id)
    path = indexed.document.path if indexed else item.document_id
    page = f" {item.page}頁" if item.page is not None else ""
    return f"  根拠: {path}:{item.line}{page} │ {item.quote}"
