"""Which characters and ruled lines does a page draw, and where? The door to the PDF library.

Nothing is decided here about what belongs together; a character that the file cannot name, or that
is not shown (the text laid under a scanned picture), is handed on with a mark.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

from indexer.model import Box
from indexer.pages.page import Rule

_RULE_THICKNESS = 3.0
"""A filled rectangle thinner than this is a line somebody drew."""
_RULE_LENGTH = 6.0
_DARK = 200
"""A colour below this, of 255, is ink; lighter fills are backgrounds."""
_INVISIBLE = 3
_FORM_DEPTH = 8
_PATHS_MAXIMUM = 20_000


class PagesError(ValueError):
    """What is wrong with the file: one of ``encrypted``, ``broken``, ``pages``, ``characters``."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character where it is drawn."""

    character: str
    box: Box
    size: float
    is_unknown: bool
    """The file does not say which character the sign is."""
    is_hidden: bool
    """It is not drawn: text that a program read in a picture."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """All that a page draws."""

    number: int
    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    levels: tuple[Rule, ...]
    uprights: tuple[Rule, ...]
    has_picture: bool


def draw_pages(data: bytes, pages_maximum: int, characters_maximum: int) -> Iterator[Drawing]:
    """The pages of a PDF, one at a time. Raises :class:`PagesError`."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        code = pdfium.FPDF_GetLastError()
        locked = code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)
        raise PagesError("encrypted" if locked or "assword" in str(error) else "broken") from error
    with document:
        count = len(document)
        if count == 0:
            raise PagesError("broken")
        if count > pages_maximum:
            raise PagesError("pages")
        room = characters_maximum
        for index in range(count):
            drawing = _draw(document, index, room)
            room -= len(drawing.glyphs)
            yield drawing


def _draw(document: pypdfium2.PdfDocument, index: int, room: int) -> Drawing:
    try:
        page = document[index]
    except pypdfium2.PdfiumError:  # one page of a damaged file: the others may be whole
        return Drawing(index + 1, 0, 0, (), (), (), False)
    try:
        return _Drawer(page, index + 1).draw(room)
    finally:
        page.close()


class _Drawer:
    """Follows one page; turns its coordinates to points from the upper left corner."""

    def __init__(self, page: pypdfium2.PdfPage, number: int) -> None:
        self.page, self.number = page, number
        self.rotation = page.get_rotation()
        self.left, self.bottom, self.right, self.top = page.get_bbox()
        self.width, self.height = page.get_size()
        self.levels: list[Rule] = []
        self.uprights: list[Rule] = []
        self.has_picture = False

    def draw(self, room: int) -> Drawing:
        text = self.page.get_textpage()
        try:
            count = text.count_chars()
            if count > room:
                raise PagesError("characters")
            glyphs = tuple(self._glyphs(text, count))
        finally:
            text.close()
        self._follow_paths()
        return Drawing(
            self.number,
            self.width,
            self.height,
            glyphs,
            tuple(self.levels),
            tuple(self.uprights),
            self.has_picture,
        )

    def _glyphs(self, text: pypdfium2.PdfTextPage, count: int) -> Iterator[Glyph]:
        rectangle = pdfium.FS_RECTF()
        for index in range(count):
            if pdfium.FPDFText_IsGenerated(text, index) == 1:
                continue
            code = pdfium.FPDFText_GetUnicode(text, index)
            if not pdfium.FPDFText_GetLooseCharBox(text, index, rectangle):
                continue
            box = self._box(rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)
            if not self._is_on_page(box):
                continue
            yield Glyph(
                chr(code) if 0 < code < 0x110000 else "\ufffd",
                box,
                pdfium.FPDFText_GetFontSize(text, index) or box.y1 - box.y0,
                code == 0 or pdfium.FPDFText_HasUnicodeMapError(text, index) == 1,
                self._is_hidden(text, index),
            )

    def _is_hidden(self, text: pypdfium2.PdfTextPage, index: int) -> bool:
        found = pdfium.FPDFText_GetTextObject(text, index)
        mode: int = pdfium.FPDFTextObj_GetTextRenderMode(found) if found else 0
        return bool(mode == _INVISIBLE)

    def _is_on_page(self, box: Box) -> bool:
        x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
        if not all(map(math.isfinite, (box.x0, box.y0, box.x1, box.y1))):
            return False
        return bool(0 <= x <= self.width and 0 <= y <= self.height)

    def _box(self, left: float, bottom: float, right: float, top: float) -> Box:
        corners = [self._place(left, bottom), self._place(right, top)]
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        return Box(*(round(value, 2) for value in (min(xs), min(ys), max(xs), max(ys))))

    def _place(self, x: float, y: float) -> tuple[float, float]:
        """A point of the file as a point of the page that is seen."""
        if self.rotation == 90:
            return y - self.bottom, x - self.left
        if self.rotation == 180:
            return self.right - x, y - self.bottom
        if self.rotation == 270:
            return self.top - y, self.right - x
        return x - self.left, self.top - y

    def _follow_paths(self) -> None:
        seen = 0
        for item in self.page.get_objects(max_depth=_FORM_DEPTH):
            if item.type == pdfium.FPDF_PAGEOBJ_IMAGE:
                self.has_picture = True
            if item.type not in (pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_SHADING):
                continue
            seen += 1
            if seen > _PATHS_MAXIMUM:  # a drawing, not a table
                self.has_picture = True
                self.levels, self.uprights = [], []
                return
            if item.type == pdfium.FPDF_PAGEOBJ_PATH and item.level == 0:
                self._take_path(item)

    def _take_path(self, item: pypdfium2.PdfObject) -> None:
        mode, stroke = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDFPath_GetDrawMode(item.raw, mode, stroke)
        is_filled = mode.value != 0 and _is_dark(item, pdfium.FPDFPageObj_GetFillColor)
        is_stroked = stroke.value != 0 and _is_dark(item, pdfium.FPDFPageObj_GetStrokeColor)
        if is_filled:
            box = self._box(*item.get_bounds())
            if min(box.x1 - box.x0, box.y1 - box.y0) <= _RULE_THICKNESS:
                self._take_line(box.x0, box.y0, box.x1, box.y1)
        if is_stroked:
            self._take_strokes(item)

    def _take_strokes(self, item: pypdfium2.PdfObject) -> None:
        """Every straight piece of the outline: of a line, of a rectangle, of many of them."""
        matrix = item.get_matrix()
        last = start = (0.0, 0.0)
        x, y = ctypes.c_float(), ctypes.c_float()
        for index in range(min(pdfium.FPDFPath_CountSegments(item.raw), _PATHS_MAXIMUM)):
            segment = pdfium.FPDFPath_GetPathSegment(item.raw, index)
            pdfium.FPDFPathSegment_GetPoint(segment, x, y)
            point = self._place(*matrix.on_point(x.value, y.value))
            kind = pdfium.FPDFPathSegment_GetType(segment)
            if kind == pdfium.FPDF_SEGMENT_MOVETO:
                start = point
            elif kind == pdfium.FPDF_SEGMENT_LINETO:
                self._take_line(*last, *point)
            last = point
            if pdfium.FPDFPathSegment_GetClose(segment):
                self._take_line(*last, *start)

    def _take_line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        width, height = abs(x1 - x0), abs(y1 - y0)
        if not all(map(math.isfinite, (x0, y0, x1, y1))) or max(width, height) < _RULE_LENGTH:
            return
        if height <= _RULE_THICKNESS and height < width:
            self.levels.append(Rule((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
        elif width <= _RULE_THICKNESS:
            self.uprights.append(Rule((x0 + x1) / 2, min(y0, y1), max(y0, y1)))


def _is_dark(item: pypdfium2.PdfObject, colour_of: object) -> bool:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not colour_of(item.raw, red, green, blue, alpha):  # type: ignore[operator]
        return True
    return alpha.value > 0 and min(red.value, green.value, blue.value) < _DARK
