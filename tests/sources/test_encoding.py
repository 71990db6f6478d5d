"""Are the characters read as their writer meant them, whatever the encoding?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.sources.encoding import NotTextError, decode

BOOK = "5 政策経営部\n防災意識の普及・啓発\n52,014千円 (33,706 千円)\n●災害対策・危機管理課\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        # what editors write today
        (BOOK.encode("utf-8"), "utf-8"),
        # Notepad of older Windows, and CSV UTF-8 of Excel
        (BOOK.encode("utf-8-sig"), "utf-8-sig"),
        # municipal open data
        (BOOK.encode("cp932"), "cp932"),
        # text conversions on older Unix; nearly all of it would also pass as CP932
        (BOOK.encode("euc_jp"), "euc_jp"),
        # "Unicode text" of Excel, with its mark
        (BOOK.encode("utf-16"), "utf-16-le"),
        (b"\xfe\xff" + BOOK.encode("utf-16-be"), "utf-16-be"),
        # UTF-16 without a mark
        (BOOK.encode("utf-16-le"), "utf-16-le"),
        (BOOK.encode("utf-16-be"), "utf-16-be"),
        # old mail
        (BOOK.encode("iso2022_jp"), "iso2022_jp"),
    ],
)
def test_encodings(data: bytes, encoding: str) -> None:
    assert decode(data) == (BOOK, encoding)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        # circled digits and ㈱ are CP932, not plain Shift_JIS
        ("①㈱テスト 1,000千円", "cp932"),
        # half-width katakana marks of ward lists stay what they are
        ("【ﾚﾍﾞﾙ】放課後児童クラブの運営 12,345千円", "cp932"),
        # nothing but ASCII
        ("title,amount\nA,1000", "utf-8"),
        # storage never folds: compatibility characters stay
        ("β´…①⽣﨑", "utf-8"),
        # other line separators are characters like any other
        ("a\u2028b\x0bc\x0cd", "utf-8"),
    ],
)
def test_text_is_kept_as_printed(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == (text, encoding)


@pytest.mark.parametrize(
    "data",
    [
        # an executable
        b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00\xb8",
        # bytes no encoding has
        bytes(range(256)),
        # ASCII sprinkled with NUL
        b"abc\0def\0\0ghi",
        # control characters without NUL
        b"\x01\x02\x03\x04\x05abc",
        # a mark that the rest does not keep
        b"\xef\xbb\xbf\xff\xfe\xfd",
    ],
)
def test_what_is_not_text_is_refused(data: bytes) -> None:
    with pytest.raises(NotTextError):
        decode(data)


@pytest.mark.parametrize(
    ("data", "line"),
    [
        # a download cut in the middle of its last character
        (BOOK.encode() + "予算".encode()[:-1], 5),
        # one byte lost in line 2, with Windows line ends
        (BOOK.replace("\n", "\r\n").encode().replace("啓".encode(), "啓".encode()[:2]), 2),
    ],
)
def test_damaged_utf_8_names_the_line_and_is_not_taken_for_another_encoding(
    data: bytes, line: int
) -> None:
    with pytest.raises(NotTextError) as caught:
        decode(data)
    assert caught.value.line == line


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1))
def test_utf_8_reads_back(text: str) -> None:
    if text.startswith("\ufeff"):
        return
    assert decode(text.encode()) == (text, "utf-8")


@given(st.binary(max_size=400))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    try:
        text, encoding = decode(data)
    except NotTextError:
        return
    assert isinstance(text, str)
    assert encoding
