"""``yosan ask``: what is the answer, and which printed lines carry it?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

from indexer import wording
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
from indexer.library import Answer, AnswerStatus, Evidence, Library, Passage, answer_to_json

_NO_ANSWER = (AnswerStatus.ABSTAINED, AnswerStatus.AMBIGUOUS, AnswerStatus.SHOWN)


@declare("ask")
@words_argument("question", metavar="質問", required=True)
@index_option
@json_option
def command(question: str, index: Path, as_json: bool) -> int:
    """予算についての質問に、根拠の行を付けて答える。

    例:
      yosan ask "ホームタウンちよだ応援事業の予算はいくらですか"
      yosan ask "新規事業の合計は？" --json

    答えられなければ、理由と、近い記載があればその行を示して終了コード 3 で終わります。
    """
    with Library.open(index, follow=False) as library:
        answer = library.ask(question)
        if as_json:
            print_json(answer_to_json(answer))
        else:
            _put_answer(answer, library)
    return ExitCode.NOTHING_FOUND if answer.status in _NO_ANSWER else ExitCode.DONE


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
    for line in _passage_lines(answer.passages, library):
        put(line)
    for notice in _notices(answer):
        say(f"注意: {notice}")
    for alternative in answer.alternatives:
        say(f"・{alternative.question}")
    for suggestion in answer.abstention.suggestions if answer.abstention else ():
        say(f"・{suggestion}")


def _notices(answer: Answer) -> Iterable[str]:
    """What is to be said besides the answer: its warnings, and why it is none unless it says so."""
    if answer.abstention is not None and answer.abstention.message_ja not in answer.text:
        yield answer.abstention.message_ja
    yield from answer.warnings


def _evidence_line(item: Evidence, library: Library) -> str:
    return f"  根拠: {_place(item, library)} │ {item.quote}"


def _passage_lines(passages: Sequence[Passage], library: Library) -> Iterable[str]:
    """The printed sentences by programme; the amount is said to be the programme's."""
    for _, spoken in groupby(passages, lambda passage: passage.program_id):
        quotes = list(spoken)
        amount = wording.money_in_words(quotes[0].amount)
        yield f"  近い記載: 「{quotes[0].title}」（この事業全体の予算額 {amount}）"
        for passage in quotes:
            yield f"    {_place(passage, library)} │ {passage.quote}"


def _place(item: Evidence | Passage, library: Library) -> str:
    """``book.md:40 156頁``; a book published as data has no lines."""
    indexed = library.document(item.document_id)
    path = indexed.document.path if indexed else item.document_id
    line = f":{item.line}" if item.line is not None else ""
    page = f" {item.page}頁" if item.page is not None else ""
    return f"{path}{line}{page}"
