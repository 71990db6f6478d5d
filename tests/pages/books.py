"""PDF books whose truth is known: what a test draws on the page is what the page must give back."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path

from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from indexer.sources.document import ManifestEntry, SourceDocument, SourceFile
from indexer.sources.reading import read_documents

FONT = "HeiseiKakuGo-W5"
WIDTH, HEIGHT = A4
Draw = Callable[["Sheet"], None]


class Sheet:
    """A page to draw on, counted in points from its upper left corner."""

    def __init__(self, canvas: Canvas, height: float) -> None:
        self.canvas, self.height = canvas, height

    def write(self, x: float, y: float, text: str, size: float = 10) -> None:
        """Text that begins at ``x``."""
        self.canvas.setFont(FONT, size)
        self.canvas.drawString(x, self.height - y, text)

    def write_right(self, x: float, y: float, text: str, size: float = 10) -> None:
        """Text that ends at ``x``, as figures do."""
        self.canvas.setFont(FONT, size)
        self.canvas.drawRightString(x, self.height - y, text)

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """A thin line."""
        self.canvas.setLineWidth(0.5)
        self.canvas.line(x0, self.height - y0, x1, self.height - y1)

    def grid(self, xs: Sequence[float], ys: Sequence[float]) -> None:
        """All the rules of a table."""
        for x in xs:
            self.rule(x, ys[0], x, ys[-1])
        for y in ys:
            self.rule(xs[0], y, xs[-1], y)

    def picture(self) -> None:
        """Something grey that is no text."""
        from PIL import Image
        from reportlab.lib.utils import ImageReader

        image = ImageReader(Image.new("RGB", (20, 20), (120, 120, 120)))
        self.canvas.drawImage(image, 50, 100, 400, 600)


def make_pdf(*pages: Draw, wide: bool = False, password: str | None = None) -> bytes:
    """A PDF of these pages."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    size = landscape(A4) if wide else A4
    buffer = io.BytesIO()
    lock = StandardEncryption(password, canPrint=0) if password else None
    canvas = Canvas(buffer, pagesize=size, encrypt=lock, invariant=1)
    for draw in pages:
        draw(Sheet(canvas, size[1]))
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def make_spreads(*pairs: tuple[Draw, Draw]) -> bytes:
    """A PDF that shows two pages side by side on each of its own."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(2 * WIDTH, HEIGHT), invariant=1)
    for first, second in pairs:
        first(Sheet(canvas, HEIGHT))
        canvas.translate(WIDTH, 0)
        second(Sheet(canvas, HEIGHT))
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def as_source(
    folder: Path, data: bytes, name: str = "book.pdf", **stated: object
) -> SourceDocument:
    """The document that the file is for the parser."""
    path = folder / name
    path.write_bytes(data)
    entry = ManifestEntry(file=name, **stated) if stated else None  # type: ignore[arg-type]
    (document,) = read_documents(SourceFile(path, name, entry))
    return document
