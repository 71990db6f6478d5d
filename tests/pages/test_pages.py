"""What is read of a page is what was drawn on it, in the order people read it."""

from __future__ import annotations

import zlib

import pytest

from indexer.errors import SourceError
from indexer.pages import reading, worker
from indexer.pages.book_lines import book_lines
from indexer.pages.page import LineKind
from indexer.pages.reading import read_pages
from tests.pages.books import Draw, Sheet, make_pdf


def texts(*pages: Draw, wide: bool = False) -> list[str]:
    """The printed lines of a book with these pages, blank ones left out."""
    lines = book_lines(read_pages("book.pdf", make_pdf(*pages, wide=wide))).texts
    return [line for line in lines if line]


def ruled(sheet: Sheet) -> None:
    xs, ys = [60, 220, 300, 380, 520], [90, 110, 145, 165, 185]
    sheet.grid(xs, ys)
    for x, word in zip(xs, ("事業名", "予算額", "前年度", "所管課"), strict=False):
        sheet.write(x + 4, 104, word)
    sheet.write(64, 123, "児童館の建て")
    sheet.write(64, 137, "替え")
    for y, amount, previous, owner in (
        (130, "12,345", "0", "子育て課"),
        (159, "30", "△5", "土木課"),
        (179, "700", "", "公園課"),
    ):
        sheet.write_right(296, y, amount)
        sheet.write_right(376, y, previous)
        sheet.write(384, y, owner)
    sheet.write(64, 159, "道路の補修")
    sheet.write(64, 179, "公園の整備")


def unruled(sheet: Sheet) -> None:
    for x, word in ((60, "事業名"), (250, "予算額"), (330, "前年度"), (400, "所管課")):
        sheet.write(x, 100, word)
    for y, name, amount, previous, owner in (
        (120, "児童館の建て替え", "12,345", "0", "子育て課"),
        (140, "道路の補修", "30", "", "土木課"),
        (160, "公園の整備", "700", "1,200", "公園課"),
        (180, "図書館の本", "5,000", "4,800", "図書館"),
    ):
        sheet.write(60, y, name)
        sheet.write_right(285, y, amount)
        sheet.write_right(365, y, previous)
        sheet.write(400, y, owner)


LEFT = (
    "区では、災害に強いまちづくりを進めるた",
    "め、道路を広げ、木造の住宅を建て替える",
    "ときに費用を補助します。また、公園には",
    "かまどになるベンチを置きます。",
)
RIGHT = (
    "子どもが安心して過ごせる場所をふやすた",
    "め、児童館を建て替え、放課後の教室を開",
    "きます。利用の時間も延ばして、働く親を",
    "支えます。",
)


def two_columns(sheet: Sheet) -> None:
    sheet.write(200, 60, "来年度の予算のあらまし", 14)
    for n in range(4):
        sheet.write(60, 100 + 18 * n, LEFT[n])
        sheet.write(320, 100 + 18 * n, RIGHT[n])


def facing(sheet: Sheet) -> None:
    sheet.write(60, 100, "総務費のあらまし")
    sheet.write(480, 100, "民生費のあらまし")
    sheet.write(200, 570, "- 12 -")
    sheet.write(620, 570, "- 13 -")


def double_bold(sheet: Sheet) -> None:
    for shift in (0, 0.4):
        sheet.write(60 + shift, 100, "防災意識の普及・啓発　44,069千円")


def test_ruled_table() -> None:
    """A name on two lines is one cell, a blank cell stays blank and nothing slips to the left."""
    assert texts(ruled) == [
        "事業名\t予算額\t前年度\t所管課",
        "児童館の建て⏎替え\t12,345\t0\t子育て課",
        "道路の補修\t30\t△5\t土木課",
        "公園の整備\t700\t\t公園課",
    ]


def test_table_without_rules() -> None:
    """Cells are placed by where they stand: the new programme has no figure of last year."""
    assert texts(unruled) == [
        "事業名\t予算額\t前年度\t所管課",
        "児童館の建て替え\t12,345\t0\t子育て課",
        "道路の補修\t30\t\t土木課",
        "公園の整備\t700\t1,200\t公園課",
        "図書館の本\t5,000\t4,800\t図書館",
    ]


def test_two_columns_one_after_the_other() -> None:
    """The title over both, the left column to its end, then the right one."""
    assert texts(two_columns) == ["来年度の予算のあらまし", *LEFT, *RIGHT]


def test_two_pages_on_one_sheet() -> None:
    """Each half is a page with the number it prints; both are on page 1 of the file."""
    pages = read_pages("book.pdf", make_pdf(facing, wide=True)).pages
    assert [(page.number, page.printed_number) for page in pages] == [(1, 12), (1, 13)]
    assert [page.lines[0].text for page in pages] == ["総務費のあらまし", "民生費のあらまし"]


def test_bold_by_printing_twice() -> None:
    assert texts(double_bold) == ["防災意識の普及・啓発　44,069千円"]


@pytest.mark.parametrize(
    ("drawn", "read"),
    [
        # a name set wide keeps its spaces, a figure set wide has none
        ("総　務　費", "総　務　費"),
        ("52,014千円 (— 千円)", "52,014千円 (— 千円)"),
        ("ＤＸの推進 2025", "ＤＸの推進 2025"),
    ],
)
def test_text_is_what_is_printed(drawn: str, read: str) -> None:
    assert texts(lambda sheet: sheet.write(60, 100, drawn)) == [read]


def test_page_numbers_and_running_heads_are_set_apart() -> None:
    """The head that comes back is the page's; the sum of a 款 under it is not."""

    def page(number: int) -> Draw:
        def draw(sheet: Sheet) -> None:
            sheet.write(60, 40, "令和7年度 予算の説明")
            sheet.write(60, 80, f"{number}款　土木費　　　{number},000千円")
            sheet.write(
                60, 120, ("道路を直します。", "橋を架けます。", "川を掘ります。")[number - 1]
            )
            sheet.write(280, 800, f"－ {number + 154} －")

        return draw

    pages = read_pages("book.pdf", make_pdf(*map(page, (1, 2, 3)))).pages
    assert [p.printed_number for p in pages] == [155, 156, 157]
    kinds = [line.kind for line in pages[1].lines]
    assert kinds == [LineKind.HEAD, LineKind.TEXT, LineKind.TEXT, LineKind.NUMBER]


def test_a_bare_number_is_a_page_only_if_it_counts_on() -> None:
    """A figure alone in the last line of one page of three is no page number."""

    def page(foot: str) -> Draw:
        def draw(sheet: Sheet) -> None:
            sheet.write(60, 100, "道路を直します。")
            sheet.write(280, 800, foot)

        return draw

    pages = read_pages("book.pdf", make_pdf(*map(page, ("11", "500", "13", "14")))).pages
    assert [p.printed_number for p in pages] == [11, None, 13, 14]


def test_boxes_are_where_it_was_drawn() -> None:
    """Points from the upper left corner: the base line of the text lies at 100."""
    page = read_pages("book.pdf", make_pdf(lambda sheet: sheet.write(60, 100, "道路"))).pages[0]
    box = page.lines[0].box
    assert 59 < box.x0 < 61
    assert 79 < box.x1 < 81
    assert box.y0 < 97 < 100 < box.y1


def one_line(sheet: Sheet) -> None:
    sheet.write(60, 100, "防災意識の普及・啓発　52,014千円")


def scanned(sheet: Sheet) -> None:
    """A picture with the text of a reading program under it, which nobody sees."""
    sheet.picture()
    text = sheet.canvas.beginText(60, 700)
    text.setFont("HeiseiKakuGo-W5", 10)
    text.setTextRenderMode(3)
    text.textLine("防災意識の普及・啓発　262,フ73,622千円")
    sheet.canvas.drawText(text)


def garbled(sheet: Sheet) -> None:
    """Signs of a range that no standard names: the file has lost what they stand for."""
    sheet.write(60, 100, "㐂㐄㐅㐆㐇㐈㐉㐊㐋㐌㐍㐎㐏㐐㐑")


def unpacks_to(megabytes: int) -> bytes:
    """A small file whose page unpacks to more than the reading process may take."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * 10**6) for _ in range(megabytes)) + packer.flush()
    parts = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(packed), packed),
    )
    data = b"%PDF-1.4\n"
    for number, part in enumerate(parts, start=1):
        data += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    return data + b"trailer<</Size 5/Root 1 0 R>>\n%%EOF"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (make_pdf(one_line, password="x"), "パスワードを外して"),
        (make_pdf(one_line)[:-900], "途中で切れている"),
        (b"%PDF-1.7\n", "壊れている"),
        (make_pdf(Sheet.picture), "画像だけで文字のない"),
        (make_pdf(scanned), "読み違いを確かめられない"),
        (make_pdf(garbled), "文字の対応表がなく"),
        (make_pdf(lambda _: None), "文字のないPDF"),
        (unpacks_to(3_000), "異常が起きる"),
    ],
    ids=["encrypted", "cut", "header", "picture", "scan", "garbled", "blank", "bomb"],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(data: bytes, said: str) -> None:
    with pytest.raises(SourceError) as caught:
        read_pages("book.pdf", data)
    assert said in str(caught.value)
    assert str(caught.value).startswith("「book.pdf」は")
    assert str(caught.value).count("。") == 1


@pytest.mark.parametrize(
    ("limit", "value", "said"),
    [
        ("PDF_PAGES_MAXIMUM", "1", "ページを超える"),
        ("PDF_CHARACTERS_MAXIMUM", "10", "字を超える"),
    ],
)
def test_limits(monkeypatch: pytest.MonkeyPatch, limit: str, value: str, said: str) -> None:
    """More than the limit is refused before it is read."""
    monkeypatch.setattr(worker, limit, int(value))
    result = worker.read(make_pdf(one_line, one_line))
    monkeypatch.setattr(reading, "_run", lambda _: result)
    with pytest.raises(SourceError, match=said):
        read_pages("book.pdf", b"")


def test_a_process_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PDF_SECONDS_MAXIMUM", 0.01)
    with pytest.raises(SourceError, match="読み終わらない"):
        read_pages("book.pdf", make_pdf(one_line))
