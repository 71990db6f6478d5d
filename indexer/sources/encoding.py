"""Which characters are these bytes?

The order is fixed, so that the same file always reads the same: byte order mark, ISO-2022-JP by its
escape sequences, strict UTF-8, strict CP932, EUC-JP, UTF-16 without a mark. The text is not changed
in any other way: no NFKC, no trimming.
"""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UTF_32_MARKS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_JIS_ESCAPES = (b"\x1b$B", b"\x1b$@", b"\x1b(J")

# Tab, line ends, form feed and vertical tab are print; so is the ^Z that DOS ended files with.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f\x7f-\x84\x86-\x9f]")
_HALF_WIDTH_KATAKANA = re.compile(r"[\uff61-\uff9f]")
_CONTROL_SHARE_MAXIMUM = 0.002


class NotTextError(ValueError):
    """The bytes are no text in any encoding known here.

    ``line`` is set for a text that is UTF-8 but for a few broken bytes: where the first one is.
    """

    def __init__(self, line: int | None = None) -> None:
        super().__init__("not text")
        self.line = line


def decode(data: bytes) -> tuple[str, str]:
    """The text of ``data`` and the name of its encoding.

    Raises :class:`NotTextError` when no encoding fits, or what fits is full of control characters.
    """
    text, encoding = _decode(data)
    if len(_CONTROL.findall(text)) > len(text) * _CONTROL_SHARE_MAXIMUM:
        raise NotTextError
    return text, encoding


def _decode(data: bytes) -> tuple[str, str]:
    if data.startswith(_UTF_32_MARKS):
        return _require(data, "utf-32")
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _require(data[len(mark) :], encoding.removesuffix("-sig"))[0], encoding
    if any(escape in data for escape in _JIS_ESCAPES):
        return _require(data, "iso2022_jp")
    if b"\0" in data:
        return _decode_utf_16(data)
    utf_8 = _try(data, "utf-8")
    if utf_8 is not None:
        return utf_8, "utf-8"
    _refuse_damaged_utf_8(data)
    if (found := _decode_legacy(data)) is not None:
        return found
    return _decode_utf_16(data)


def _refuse_damaged_utf_8(data: bytes) -> None:
    """UTF-8 cut off or hit by a few bytes is named as such: as CP932 予算 could come out 莠育ｮ.

    In CP932 or EUC-JP text read as UTF-8 nearly every Japanese character comes out broken.
    """
    text = data.decode("utf-8", "replace")
    wide = sum(1 for c in text if c > "\x7f")
    if text.count("\ufffd") * 5 <= wide:
        try:
            data.decode("utf-8")
        except UnicodeDecodeError as error:
            before = data[: error.start].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
            raise NotTextError(before.count(b"\n") + 1) from error


def _decode_legacy(data: bytes) -> tuple[str, str] | None:
    """CP932, or EUC-JP where CP932 would read it as a run of half-width katakana.

    Most EUC-JP text is also "valid" CP932: 予算 (CD BD BB BB) would be ﾍｽｻｻ.
    """
    shift_jis = _try(data, "cp932")
    if shift_jis is not None and _half_width_share(shift_jis) < 0.4:
        return shift_jis, "cp932"
    euc = _try(data, "euc_jp")
    if euc is not None:
        return euc, "euc_jp"
    return (shift_jis, "cp932") if shift_jis is not None else None


def _decode_utf_16(data: bytes) -> tuple[str, str]:
    """UTF-16 without a mark: the byte order in which almost all is in use in Japan.

    Any even number of bytes is some UTF-16: ``ab`` is 扡. What is in use is what CP932 has, about
    a third of the kanji there are.
    """
    for encoding in ("utf-16-le", "utf-16-be"):
        text = _try(data, encoding)
        if text and len(text.encode("cp932", "ignore").decode("cp932")) >= len(text) * 0.9:
            return text, encoding
    raise NotTextError


def _half_width_share(text: str) -> float:
    wide = sum(1 for c in text if c > "\x7f")
    return len(_HALF_WIDTH_KATAKANA.findall(text)) / wide if wide else 0.0


def _require(data: bytes, encoding: str) -> tuple[str, str]:
    text = _try(data, encoding)
    if text is None:
        raise NotTextError
    return text, encoding


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeError:
        return None
