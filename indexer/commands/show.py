"""``yosan show``: what does the book say of one programme, and on which lines?"""

from __future__ import annotations

from pathlib import Path

from indexer import wording
from indexer.commands.base import (
    declare,
    index_option,
    json_option,
    print_json,
    put,
    say,
    text_argument,
)
from indexer.commands.layout import bold, table
from indexer.contract import printed_line_numbers, program_to_json
from indexer.eras import fiscal_year_label
from indexer.errors import ExitCode
from indexer.library import IndexedDocument, Library, SearchRequest
from indexer.model import Program

_SUGGESTIONS = 5


@declare("show")
@text_argument("program_id", metavar="ID")
@index_option
@json_option
def command(program_id: str, index: Path, as_json: bool) -> int:
    """事業を一つ、金額と本文、印刷された行とともに見る。

    ID は yosan search の結果の最後の行に出ます。

    例:
      yosan show 事業のID
      yosan show 事業のID --json

    その ID の事業がなければ終了コード 3 です。
    """
    with Library.open(index, follow=False) as library:
        program = library.program(program_id)
        if program is None:
            _say_unknown(library, program_id)
            return ExitCode.NOTHING_FOUND
        indexed = library.document(program.document_id)
        assert indexed is not None, f"programme {program.id} without its document"
        if as_json:
            print_json(program_to_json(program, indexed.document, indexed.lines))
        else:
            _put_program(program, indexed, library)
    return ExitCode.DONE


def _say_unknown(library: Library, typed: str) -> None:
    say(f"ID「{typed}」の事業は索引にありません。")
    for hit in library.search(SearchRequest(text=typed, limit=_SUGGESTIONS)).hits:
        say(f"もしかして: {hit.program.id}（{hit.program.title}）")


def _put_program(program: Program, indexed: IndexedDocument, library: Library) -> None:
    put(bold(program.title))
    put(table(_facts(program, indexed, library)))
    if program.description:
        put()
        for paragraph in program.description:
            put(f"  {paragraph.text}")
    numbers = printed_line_numbers(program, indexed.lines)
    if numbers:
        put()
        put(f"印刷された行（{indexed.document.path}）")
        for number in numbers:
            put(f"{number:>5} │ {indexed.lines[number - 1]}")


def _facts(program: Program, indexed: IndexedDocument, library: Library) -> list[tuple[str, str]]:
    """Label and value of every fact there is, in reading order."""
    document = indexed.document
    publisher = document.publisher.name if document.publisher else None
    change = (
        f"{wording.change_in_words(program.change_yen)} "
        f"{wording.ratio_in_words(program.change_ratio)}".rstrip()
        if program.change_yen is not None
        else None
    )
    book = " ".join(
        part for part in (publisher, document.fiscal_year_label, document.title) if part
    )
    forecasts = "\n".join(
        f"{item.label} {wording.money_in_words(item.amount)}" for item in program.forecasts
    )
    executions = "\n".join(
        f"{_year(item.fiscal_year)} {wording.money_in_words(item.amount)}"
        for item in program.executions
    )
    facts = (
        ("予算書", book),
        (wording.FACETS["account"], program.account),
        (wording.FACETS["section"], _numbered(program.section_number, program.section)),
        (
            wording.FACETS["policy_goal"],
            _numbered(program.policy_goal_number, program.policy_goal),
        ),
        (wording.FACETS["status"], program.status),
        (wording.FACETS["department"], program.department),
        ("予算額", wording.money_in_words(program.amount)),
        ("前年度予算額", wording.money_in_words(program.previous_amount)),
        ("増減", change),
        ("見込額", forecasts),
        ("執行額", executions),
        ("事業開始年度", _year(program.started)),
        ("事業終了（予定）年度", _year(program.ended)),
        ("頁", str(program.page) if program.page is not None else None),
        (wording.FACETS["role"], wording.ROLES[program.role]),
        ("上位の事業", _titles(library, program.parent_id)),
        ("まとめ記載", _titles(library, program.group_id)),
        ("内訳", _titles(library, *program.child_ids)),
        ("注意", "\n".join(wording.FLAGS[flag] for flag in program.flags if flag in wording.FLAGS)),
        ("ID", program.id),
    )
    return [(label, value) for label, value in facts if value]


def _year(year: int | None) -> str | None:
    return f"{fiscal_year_label(year)}（{year}）" if year is not None else None


def _numbered(number: str | None, name: str | None) -> str | None:
    return f"{number} {name}" if number and name else name


def _titles(library: Library, *program_ids: str | None) -> str:
    wanted = [program_id for program_id in program_ids if program_id]
    return "\n".join(f"{item.title}（{item.id}）" for item in library.programs(wanted))
