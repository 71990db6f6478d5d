"""How does a reader take a result away? CSV, JSON lines and a spreadsheet of every match."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterable, Iterator
from urllib.parse import quote

import xlsxwriter
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from indexer.exports import COLUMNS, CSV_ENCODING, csv_lines, jsonl_lines, one_line
from indexer.library import ExportItem
from webui.headers import IS_HEAD
from webui.pages.programs import find_program
from webui.parameters import last, read_search
from webui.rendering import library_of, pairs

SPREADSHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BATCH_LINES = 500
SPREADSHEET_ROWS_MAXIMUM = 100_000
"""A spreadsheet is built before it is sent; beyond this the CSV, which streams, is the way."""
CELL_CHARACTERS_MAXIMUM = 32_767
"""The limit of the xlsx format; longer text ends in … there, and is whole in CSV and JSONL."""

NAME_CHARACTERS_MAXIMUM = 80
"""Of a file's name: longer ones are more than some disks take."""
_NOT_IN_NAMES = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""Controls, what turns the direction of text (``csv.exe`` read as ``exe.csv``), line ends."""
_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def export_csv(request: Request) -> Response:
    """``/export.csv``: UTF-8 with a BOM (``?bom=0`` without), every match."""
    items = _items(request)
    return _csv(request, items, "yosan")


def export_jsonl(request: Request) -> Response:
    """``/export.jsonl``: one record a line, complete in itself."""
    chunks = (chunk.encode() for chunk in _batched(jsonl_lines(_items(request))))
    return _file(request, chunks, "application/x-ndjson", "yosan.jsonl")


def export_xlsx(request: Request) -> Response:
    """``/export.xlsx``: the same columns as the CSV, numbers as numbers, text as text."""
    items = _items(request)
    if IS_HEAD in request.scope:
        return _file(request, (), SPREADSHEET_TYPE, "yosan.xlsx")
    content = spreadsheet(items)
    return Response(content, media_type=SPREADSHEET_TYPE, headers=_attachment("yosan.xlsx"))


def program_csv(request: Request) -> Response:
    """``/programs/{id}/data.csv``: one programme."""
    program, indexed = find_program(library_of(request), request.path_params["id"])
    return _csv(request, [ExportItem(program, indexed.document, indexed.lines)], program.title)


def spreadsheet(items: Iterable[ExportItem]) -> bytes:
    """A workbook of one sheet. No text ever becomes a formula or a link."""
    buffer = io.BytesIO()
    # Row by row through a temporary file: a workbook of any size takes little memory.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": True}
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet = book.add_worksheet("事業")
        header = book.add_format({"bold": True, "bottom": 1})
        number = book.add_format({"num_format": "#,##0;[Red]-#,##0"})
        for column, (name, _) in enumerate(COLUMNS):
            sheet.write_string(0, column, name, header)
        row = 0
        for row, item in enumerate(items, 1):
            if row > SPREADSHEET_ROWS_MAXIMUM:
                notice = f"{SPREADSHEET_ROWS_MAXIMUM}件を超えるため、続きはCSVで保存してください。"
                sheet.write_string(row, 0, notice)
                break
            for column, (name, read) in enumerate(COLUMNS):
                value = read(item)
                if isinstance(value, str):
                    sheet.write_string(row, column, _cell_text(value))
                elif value is not None:
                    is_money = name.endswith("_yen")
                    sheet.write_number(row, column, value, number if is_money else None)
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, max(row, 1), len(COLUMNS) - 1)
        sheet.set_column(0, 0, 12)
        sheet.set_column(1, 1, 40)
    return buffer.getvalue()


def _cell_text(text: str) -> str:
    printable = one_line(_NO_XML.sub("", text))
    if len(printable) <= CELL_CHARACTERS_MAXIMUM:
        return printable
    return printable[: CELL_CHARACTERS_MAXIMUM - 1] + "…"


def _items(request: Request) -> Iterator[ExportItem]:
    """Every match of the search in the address; ``groups=1`` lists shared headers too."""
    asked = read_search(pairs(request))
    return library_of(request).export(asked, groups=last(pairs(request), "groups") == "1")


def _csv(request: Request, items: Iterable[ExportItem], name: str) -> Response:
    mark = b"" if last(pairs(request), "bom") == "0" else "".encode(CSV_ENCODING)

    def chunks() -> Iterator[bytes]:
        yield mark
        for chunk in _batched(csv_lines(items)):
            yield chunk.encode("utf-8", "replace")

    return _file(request, chunks(), "text/csv; charset=utf-8", f"{name}.csv")


def _file(request: Request, chunks: Iterable[bytes], media_type: str, name: str) -> Response:
    """The file as it is made; for a HEAD, which sends nothing of it, none is made."""
    sent = () if IS_HEAD in request.scope else chunks
    return StreamingResponse(iter(sent), media_type=media_type, headers=_attachment(name))


def _batched(lines: Iterator[str]) -> Iterator[str]:
    """Fewer, larger pieces: each piece costs a trip through the event loop."""
    waiting: list[str] = []
    for line in lines:
        waiting.append(line)
        if len(waiting) >= BATCH_LINES:
            yield "".join(waiting)
            waiting.clear()
    yield "".join(waiting)


def _attachment(name: str) -> dict[str, str]:
    """RFC 6266: a plain name for old readers and the real one in UTF-8."""
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", name)[-NAME_CHARACTERS_MAXIMUM:]
    seen = "".join(c for c in name if unicodedata.category(c) not in _NOT_IN_NAMES)
    stem, dot, suffix = seen.replace("/", "／").replace("\\", "＼").rpartition(".")
    whole = f"{stem[:NAME_CHARACTERS_MAXIMUM]}{dot}{suffix}"
    encoded = quote(whole, safe="", errors="replace")
    return {"Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}"}
