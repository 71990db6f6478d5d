"""Tables of national sheets as the state publishes them from 2024 on, with invented programmes."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

SHARED = (
    "シート種別", "事業年度", "予算事業ID", "事業名", "府省庁の建制順", "政策所管府省庁", "府省庁",
    "局・庁", "部", "課", "室", "班", "係",
)  # fmt: skip
Row = Mapping[str, str]

PROGRAMS: Sequence[Row] = (
    {"予算事業ID": "001001", "事業名": "架空データの整備", "政策所管府省庁": "架空庁",
     "府省庁": "架空庁", "局・庁": "長官官房", "課": "総務課"},
    {"予算事業ID": "001002", "事業名": "消防車の研究", "政策所管府省庁": "架空庁",
     "府省庁": "架空消防庁", "局・庁": "国民保護・防災部", "課": "防災課", "室": "応急対策室"},
    {"予算事業ID": "002001", "事業名": "橋の点検", "政策所管府省庁": "虚構省",
     "府省庁": "虚構省", "局・庁": "道路局", "課": "環境課"},
)  # fmt: skip

OUTLINES: Sequence[Row] = (
    {"予算事業ID": "001001", "事業の目的": "データを整える。\n誰もが使えるようにする。",
     "現状・課題": "ばらばらである。", "事業の概要": "様式をそろえる。",
     "事業開始年度": "2024", "終了予定なし": "TRUE", "主要経費": "その他"},
    # several rows of one sheet differ in 主要経費 only
    {"予算事業ID": "001001", "事業の目的": "データを整える。\n誰もが使えるようにする。",
     "現状・課題": "ばらばらである。", "事業の概要": "様式をそろえる。",
     "事業開始年度": "2024", "終了予定なし": "TRUE", "主要経費": "文教"},
    {"予算事業ID": "001002", "事業の目的": "車を研究する。", "事業の概要": "試作する。",
     "事業開始年度": "2019", "事業終了（予定）年度": "2026", "主要経費": "その他"},
    {"予算事業ID": "002001", "事業の目的": "橋を点検する。", "事業の概要": "見て回る。",
     "事業開始年度": "1998", "終了予定なし": "TRUE"},
)  # fmt: skip

BUDGETS: Sequence[Row] = (
    {"予算事業ID": "001001", "予算年度": "2024", "当初予算（合計）": "50617000.0",
     "計（歳出予算現額合計）": "50617000", "翌年度要求額（合計）": "60000000"},
    {"予算事業ID": "001001", "予算年度": "2024", "会計区分": "一般会計", "当初予算": "50617000"},
    {"予算事業ID": "001002", "予算年度": "2023", "当初予算（合計）": "3000000",
     "計（歳出予算現額合計）": "3000000", "執行額（合計）": "2900000", "執行率": "0.967"},
    {"予算事業ID": "001002", "予算年度": "2023", "会計区分": "一般会計", "当初予算": "2000000"},
    {"予算事業ID": "001002", "予算年度": "2023", "会計区分": "特別会計", "会計": "架空特別会計",
     "当初予算": "1000000"},
    {"予算事業ID": "001002", "予算年度": "2024", "当初予算（合計）": "4000000",
     "計（歳出予算現額合計）": "4000000", "翌年度要求額（合計）": "0"},
    {"予算事業ID": "002001", "予算年度": "2023", "当初予算（合計）": "0",
     "補正予算（合計）": "700", "計（歳出予算現額合計）": "700", "執行額（合計）": "0"},
    {"予算事業ID": "002001", "予算年度": "2024", "当初予算（合計）": "800"},
)  # fmt: skip

TABLES: Mapping[str, tuple[Sequence[str], Sequence[Row]]] = {
    "1-1_RS_2024_基本情報_組織情報": (
        ("作成責任者",), [{**program, "作成責任者": "架空 太郎"} for program in PROGRAMS]),
    "1-2_RS_2024_基本情報_事業概要等": (
        ("事業の目的", "現状・課題", "事業の概要", "事業開始年度", "開始年度不明",
         "事業終了（予定）年度", "終了予定なし", "主要経費"), OUTLINES),
    "1-3_RS_2024_基本情報_政策・施策": (
        ("政策", "施策", "法令名"),
        [{"予算事業ID": "001001", "政策": "情報", "施策": "データの活用", "法令名": ""}]),
    "2-1_RS_2024_予算・執行_サマリ": (
        ("予算年度", "当初予算（合計）", "補正予算（合計）", "前年度からの繰越し（合計）",
         "計（歳出予算現額合計）", "執行額（合計）", "執行率", "翌年度への繰越し(合計）",
         "翌年度要求額（合計）", "会計区分", "会計", "当初予算"), BUDGETS),
    "5-1_RS_2024_支出先_支出情報": (
        ("支出先名", "金額"), [{"予算事業ID": "001001", "支出先名": "架空商会", "金額": "1"}]),
}  # fmt: skip


def table(name: str, rows: Sequence[Row] | None = None) -> bytes:
    """One table: UTF-8 with a byte order mark, CRLF, quoted."""
    columns, known = TABLES[name]
    header = [*SHARED, *columns]
    if name.startswith("1-1"):
        header[header.index("政策所管府省庁")] = "所管府省庁"
    buffer = io.StringIO()
    writer = csv.DictWriter(
        buffer, header, restval="", extrasaction="ignore", quoting=csv.QUOTE_ALL
    )
    writer.writeheader()
    named = {program["予算事業ID"]: program for program in PROGRAMS}
    for row in known if rows is None else rows:
        whole = {
            "シート種別": "レビューシート",
            "事業年度": "2024",
            **named[row["予算事業ID"]],
            **row,
        }
        writer.writerow({**whole, "所管府省庁": whole["政策所管府省庁"]})
    return b"\xef\xbb\xbf" + buffer.getvalue().encode()


def zipped(*names: str) -> bytes:
    """The tables as members of one zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(f"{name}.csv", table(name))
    return buffer.getvalue()


def write_tables(
    folder: Path, names: Sequence[str] = tuple(TABLES), *, as_zip: bool = False
) -> None:
    """Each table a file of its own, or a zip of its own as they are loaded down."""
    for name in names:
        path = folder / f"{name}.{'zip' if as_zip else 'csv'}"
        path.write_bytes(zipped(name) if as_zip else table(name))
