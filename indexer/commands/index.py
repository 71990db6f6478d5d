"""``yosan index``: which books go into the index, and what came of it?"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from indexer import settings
from indexer.commands.base import declare, index_option, json_option, print_json, put, say
from indexer.errors import ExitCode
from indexer.pipeline import (
    IndexReport,
    NothingReadableError,
    Progress,
    Refusal,
    Step,
    update_index,
)

_REFUSALS_SAID = 50
"""Refused files named on stderr, one line each; ``--json`` has all of them."""


@declare("index")
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
@click.option(
    "--full",
    is_flag=True,
    help="今の索引を使わず、指定した PATH だけから作り直す（それ以外の文書は索引から消えます）。",
)
@click.option(
    "--sentence-vectors/--no-sentence-vectors",
    default=True,
    help="文の意味の近さも調べられるようにする（既定）。しないと早く終わり、言葉だけで探します。",
)
@click.option(
    "--follow-links",
    is_flag=True,
    help="フォルダの外を指すリンクもたどる（ふだんはたどらず、名前を示します）。",
)
@index_option
@json_option
def command(
    paths: tuple[Path, ...],
    full: bool,
    sentence_vectors: bool,
    follow_links: bool,
    index: Path,
    as_json: bool,
) -> int:
    """予算書のファイルやフォルダを読み、索引を作る・更新する。

    PATH を省くと corpus フォルダを読みます。中身の変わった文書だけを解析します。
    ファイルがなくなった文書は索引から消えます。ファイルが残っている文書は、
    今回の PATH に含まれていなくても索引に残ります。

    例:
      yosan index
      yosan index 予算書/令和7年度.txt 予算書/令和6年度/
      yosan index --full corpus

    読めないファイルがあれば名前を示して残りを索引に入れ、終了コード 6 で終わります。
    """
    try:
        report = run_update(
            index,
            paths or (default_corpus(),),
            full=full,
            sentence_vectors=sentence_vectors,
            follow_links=follow_links,
        )
    except NothingReadableError as error:
        say_refused(error.refused)
        raise
    if as_json:
        print_json(report_to_json(report))
    else:
        _put_report(report, index)
    say_refused(report.refused)
    return ExitCode.PARTIAL if report.refused else ExitCode.DONE


def default_corpus() -> Path:
    """``corpus`` in the current folder, else the one that came with the installation."""
    if settings.DEFAULT_CORPUS.exists():
        return settings.DEFAULT_CORPUS
    bundled = settings.bundled_corpus()
    say(f"corpus フォルダがないので、付属の予算書（{bundled}）を読みます。")
    return bundled


def run_update(
    index: Path,
    paths: tuple[Path, ...],
    *,
    full: bool = False,
    sentence_vectors: bool = True,
    follow_links: bool = False,
) -> IndexReport:
    """Update with a progress bar on stderr when that is a terminal."""
    with _progress_bar() as progress:
        return update_index(
            index,
            paths,
            full=full,
            sentence_vectors=sentence_vectors,
            follow_links=follow_links,
            progress=progress,
        )


def report_to_json(report: IndexReport) -> dict[str, Any]:
    """The contract's keys; ``changed`` and ``removed`` are numbers, the ids stand beside them."""
    return {
        "generation": report.generation,
        "documents": report.documents,
        "programs": report.programs,
        "changed": len(report.changed),
        "removed": len(report.removed),
        "problems": report.problems,
        "seconds": round(report.seconds, 3),
        "analysed": report.analysed,
        "changed_ids": list(report.changed),
        "removed_ids": list(report.removed),
        "refused": [asdict(refusal) for refusal in report.refused],
    }


@contextmanager
def _progress_bar() -> Iterator[Progress | None]:
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.fields[what]}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        # A file called [/] is no markup.
        TextColumn(
            "{task.fields[of]} · {task.fields[programs]:,}事業 · {task.fields[path]}", markup=False
        ),
        TimeElapsedColumn(),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None, programs=0, path="", what="索引", of="ファイル")

        def show(step: Step) -> None:
            counts = (step.files_done, step.files)
            if step.sentences:
                counts = (step.sentences_done, step.sentences)
            bar.update(
                task,
                completed=counts[0],
                total=counts[1],
                what="文の意味" if step.sentences else "索引",
                of="文" if step.sentences else "ファイル",
                programs=step.programs,
                path=step.path,
            )

        yield show


def _put_report(report: IndexReport, index: Path) -> None:
    changed, removed = len(report.changed), len(report.removed)
    if changed or removed:
        put(
            f"索引 {index} を更新しました（第{report.generation}世代）。"
            f"解析 {changed:,}文書、削除 {removed:,}文書、{report.seconds:.1f}秒。"
        )
    else:
        put(f"変わった文書はありません（第{report.generation}世代のまま）。")
    put(f"全体で {report.documents:,}文書、{report.programs:,}事業。")
    for remark in report.remarks:
        say(remark)
    for document_id in report.removed:
        say(f"索引から消えた文書: {document_id}")
    if report.problems:
        put(f"読み取りで確かめたい点が {report.problems:,}件あります。yosan check で見られます。")


def say_refused(refused: tuple[Refusal, ...]) -> None:
    """Name the files that were not taken in, each with its reason, on stderr."""
    for refusal in refused[:_REFUSALS_SAID]:
        say(_sentence(refusal))
    if len(refused) > _REFUSALS_SAID:
        say(f"ほかに {len(refused) - _REFUSALS_SAID:,}件（--json ではすべて出ます）。")


def _sentence(refusal: Refusal) -> str:
    """The reason, with the place before it unless the sentence names the file itself."""
    if Path(refusal.path).name in refusal.message:
        return refusal.message
    return f"{refusal.path}: {refusal.message}"
