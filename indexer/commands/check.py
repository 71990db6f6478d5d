"""``yosan check``: is the index sound, and do the figures of the books add up?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from indexer.commands.base import declare, index_option, json_option, print_json, put
from indexer.commands.layout import bold
from indexer.engine.interface import IndexedDocument
from indexer.errors import IndexDamagedError
from indexer.maintenance import IndexCheck, check_index
from indexer.model import Problem

_SEVERITIES = {"error": "読めない", "warning": "食い違い", "note": "推定"}


@declare("check")
@index_option
@json_option
def command(index: Path, as_json: bool) -> None:
    """索引のチェックサムを確かめ、予算書の数字が合うかの報告を出す。

    目次と事業、内訳と合計、読めなかった行を文書ごとに示します。

    例:
      yosan check
      yosan check --json

    索引が壊れているか別の版で作られていれば終了コード 4 です。
    """
    result = check_index(index)
    if as_json:
        print_json(_to_json(result))
    else:
        _put_report(result)
    if result.vectors_problem is not None:
        raise IndexDamagedError(result.vectors_problem)


def _to_json(result: IndexCheck) -> dict[str, Any]:
    return {
        "generation": result.verified.generation,
        "files": result.verified.files,
        "bytes": result.verified.bytes,
        "programs": result.verified.programs,
        "vectors_problem": result.vectors_problem,
        "documents": [_document_to_json(indexed) for indexed in result.documents],
    }


def _document_to_json(indexed: IndexedDocument) -> dict[str, Any]:
    document = indexed.document
    return {
        "id": document.id,
        "title": document.title,
        "path": document.path,
        "programs": len(indexed.program_ids),
        "inferred": list(document.inferred),
        "checks": [
            {
                "name": check.name,
                "expected": check.expected,
                "found": check.found,
                "ok": check.ok,
                "line": check.line,
            }
            for check in indexed.checks
        ],
        "problems": [
            {
                "path": problem.path,
                "line": problem.line,
                "kind": problem.kind,
                "severity": str(problem.severity),
                "message": problem.message,
            }
            for problem in indexed.problems
        ],
    }


def _put_report(result: IndexCheck) -> None:
    verified = result.verified
    state = "壊れていません" if result.vectors_problem is None else "言葉の検索では壊れていません"
    put(
        f"第{verified.generation}世代は{state}"
        f"（{verified.files:,}ファイル、{verified.bytes:,}バイト、"
        f"{verified.documents:,}文書、{verified.programs:,}事業）。"
    )
    for indexed in result.documents:
        put()
        _put_document(indexed)


def _put_document(indexed: IndexedDocument) -> None:
    agreed = sum(check.ok for check in indexed.checks)
    put(bold(f"{indexed.document.title}（{indexed.document.path}）"))
    put(f"  照合 {agreed:,} / {len(indexed.checks):,}件が一致、指摘 {len(indexed.problems):,}件")
    for check in indexed.checks:
        if not check.ok:
            where = f" {check.line}行目" if check.line else ""
            put(f"  ✗ {check.name}: 記載 {check.expected}、読み取り {check.found}{where}")
    for problem in indexed.problems:
        put(f"  {_place(problem)} [{_SEVERITIES[problem.severity]}] {problem.message}")


def _place(problem: Problem) -> str:
    return f"{problem.line:>5}行目" if problem.line is not None else "　　　文書"
