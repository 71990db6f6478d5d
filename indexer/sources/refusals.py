"""Why can this file not be read, said so that its owner knows what to do?

The sentences about files as a whole are here. Each names the file and the way out.
"""

from __future__ import annotations

from typing import IO

from indexer.errors import SourceError, reason_of
from indexer.regular_files import NOT_REGULAR
from indexer.sources.document import SourceFile
from indexer.sources.workbook_parts import BROKEN, PROTECTED

_AS_TEXT = "本文をテキスト（.txt や .md）にして置いてください。"
_AS_WORKBOOK = "表計算ソフトで「Excel ブック（xlsx）」として保存し直してください。"

# First bytes → what the file is, and the way out.
_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"{\\rtf", "ワープロの文書（RTF）", _AS_TEXT),
    (b"\x89PNG", "画像", "文字を起こしたテキスト（.txt や .md）にして置いてください。"),
    (b"\xff\xd8\xff", "画像", "文字を起こしたテキスト（.txt や .md）にして置いてください。"),
    (b"GIF8", "画像", "文字を起こしたテキスト（.txt や .md）にして置いてください。"),
    (b"II*\0", "画像", "文字を起こしたテキスト（.txt や .md）にして置いてください。"),
    (b"MM\0*", "画像", "文字を起こしたテキスト（.txt や .md）にして置いてください。"),
    (b"7z\xbc\xaf\x27\x1c", "圧縮ファイル", "展開してから置いてください。"),
    (b"Rar!\x1a\x07", "圧縮ファイル", "展開してから置いてください。"),
    (b"BZh", "圧縮ファイル", "展開してから置いてください。"),
    (b"\xfd7zXZ\0", "圧縮ファイル", "展開してから置いてください。"),
    (b"\x28\xb5\x2f\xfd", "圧縮ファイル", "展開してから置いてください。"),
)
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WORKBOOKS = (".xlsx", ".xlsm")
_SPREADSHEETS = (*_WORKBOOKS, ".xls", ".xlsb", ".ods")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def refuse(
    file: SourceFile, message: str, line: int | None = None, counter: str = "行目"
) -> SourceError:
    """An error about this file; ``message`` follows 「path」 (and the line, when there is one)."""
    place = f"「{file.shown_path}」の{line}{counter}" if line else f"「{file.shown_path}」"
    return SourceError(file.shown_path, f"{place}{message}", line)


def refuse_by_manifest(file: SourceFile) -> SourceError:
    """A file that its manifest keeps from being read."""
    return SourceError(file.shown_path, file.refusal or "", file.refusal_line)


def cannot_open(file: SourceFile, error: OSError) -> SourceError:
    """What the operating system said, in words."""
    said = reason_of(error)
    if said == NOT_REGULAR:
        return refuse(file, f"は{said}ので、本のファイルを指定してください。")
    return refuse(file, f"を開けない（{said}）ので、ファイルと権限を確かめてください。")


def rewritten(file: SourceFile) -> SourceError:
    return refuse(
        file, "は読んでいる間に書き換えられたので、書き終わってから、もう一度実行してください。"
    )


def not_text(file: SourceFile, line: int | None) -> SourceError:
    if line is not None:
        return refuse(
            file,
            "に UTF-8 として壊れた文字があるので、その行を直すか、もう一度入手してください。",
            line,
        )
    return refuse(
        file,
        "はテキストとして読めない（どの文字コードにも合わない）ので、"
        "UTF-8 のテキストで保存し直してください。",
    )


def too_big(file: SourceFile, limit: int) -> SourceError:
    size = f"{limit // (1024 * 1024):,}MB"
    return refuse(file, f"は{size}を超える大きさなので、章などに分けて置いてください。")


def unpacks_too_big(file: SourceFile, limit: int) -> SourceError:
    size = f"{limit // (1024 * 1024):,}MB"
    return refuse(file, f"は展開すると{size}を超えるので、中身を確かめ、分けて置いてください。")


def broken_archive(file: SourceFile) -> SourceError:
    return refuse(
        file, "は圧縮（gzip）が途中で切れているか壊れているので、もう一度入手してください。"
    )


def empty(file: SourceFile) -> SourceError:
    return refuse(file, "は空のファイルなので、中身を確かめて入手し直してください。")


def blank(file: SourceFile) -> SourceError:
    return refuse(file, "は空白だけで文字がないので、中身を確かめて入手し直してください。")


def long_line(file: SourceFile, line: int, limit: int) -> SourceError:
    return refuse(
        file, f"は{limit:,}字を超える長さなので、改行のあるテキストにして置いてください。", line
    )


def many_lines(file: SourceFile, limit: int) -> SourceError:
    return refuse(file, f"は{limit:,}行を超えるので、章などに分けて置いてください。")


def refuse_other_formats(file: SourceFile, stream: IO[bytes], head: bytes) -> None:
    """Raise for what is recognisably no text: office files, pictures, archives, HTML."""
    suffix = file.path.suffix.casefold()
    if head.startswith(_ZIP):
        raise _refuse_zip(file, head, suffix)
    if head.startswith(_OLD_OFFICE):
        if _ENCRYPTED in stream.read():
            raise refuse(file, PROTECTED)
        is_sheet = suffix in _SPREADSHEETS or "Workbook".encode("utf-16-le") in head
        raise _refuse_office(file, is_sheet)
    for magic, kind, way_out in _MAGIC:
        if head.startswith(magic):
            raise refuse(file, f"は{kind}でそのままでは読めないので、{way_out}")
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:16].lower()
    if start.startswith((b"<!doctype html", b"<html")):
        raise refuse(file, f"はHTMLで、HTMLはまだ読めないので、{_AS_TEXT}")
    if start.startswith(b"<?xml"):
        raise refuse(file, f"はXMLで、XMLはまだ読めないので、{_AS_TEXT}")


def _refuse_zip(file: SourceFile, head: bytes, suffix: str) -> SourceError:
    if suffix in _WORKBOOKS:
        return refuse(file, BROKEN)
    if suffix in _SPREADSHEETS or b"xl/" in head or b"opendocument.spreadsheet" in head:
        return _refuse_office(file, is_sheet=True)
    if b"word/" in head or b"opendocument.text" in head or suffix in (".docx", ".odt"):
        return _refuse_office(file, is_sheet=False)
    return refuse(file, "は圧縮ファイル（zip）なので、展開してから置いてください。")


def _refuse_office(file: SourceFile, is_sheet: bool) -> SourceError:
    if is_sheet:
        return refuse(file, f"は古い形式などの表計算ファイルで読めないので、{_AS_WORKBOOK}")
    return refuse(file, f"はワープロなどの文書ファイルでまだ読めないので、{_AS_TEXT}")
