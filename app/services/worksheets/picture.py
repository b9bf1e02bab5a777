"""A marked page as a picture: ticks, crosses, and what is right beside."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from app.worksheets.marking import Mark
from app.worksheets.paper import Rectangle

__all__ = ["as_pdf", "draw_marks"]

#: Of ticks, of crosses and what is right, and of what a person still has to look at.
_COLOURS: dict[Mark, tuple[int, int, int]] = {
    "right": (28, 92, 192),
    "wrong": (190, 74, 0),
    "look": (105, 99, 90),
}
_SHAPES: dict[Mark, tuple[tuple[tuple[float, float], ...], ...]] = {
    "right": (((-2.2, 0.2), (-0.6, 2.0), (2.6, -2.4)),),
    "wrong": (((-1.9, -1.9), (1.9, 1.9)), ((-1.9, 1.9), (1.9, -1.9))),
}
_BESIDE, _HIGHER, _LOWER = 3.6, -2.6, 3.2  # millimetres from the middle of the last box's edge
_LINE, _HALO = 0.7, 0.8
_LETTER, _QUESTION = 4.4, 6.5  # millimetres: the heights of letters
_INDENT = 1.4  # from the last box to what is right
_WHITE = (255, 255, 255)
_QUALITY = 85


def draw_marks(
    page: bytes, scale: float, answers: Sequence[tuple[Sequence[Rectangle], tuple[Mark, str]]]
) -> bytes:
    """Draw the marks of a page's answers beside them.

    Parameters
    ----------
    page : bytes
        Its picture, straightened.
    scale : float
        Pixels of a millimetre in it.
    answers : sequence of (boxes, (mark, right answer))
        In millimetres from the page's top left.

    Returns
    -------
    bytes
        A JPEG file.
    """
    with Image.open(io.BytesIO(page)) as opened:
        picture = opened.convert("RGB")
    pen = ImageDraw.Draw(picture)
    for boxes, (mark, answer) in answers:
        left, top, width, height = boxes[-1]
        x, y = left + width + _BESIDE, top + height / 2
        if mark == "look":
            # At the corner: what was written beside the box stays to be seen.
            _write(pen, (x, top), "?", _QUESTION, "mm", _COLOURS[mark], scale)
            continue
        _draw_shape(pen, mark, x * scale, (y + _HIGHER) * scale, scale)
        if mark == "wrong":
            below = (left + width + _INDENT, y + _LOWER)
            _write(pen, below, answer, _LETTER, "lm", _COLOURS[mark], scale)
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=_QUALITY)
    return file.getvalue()


def _write(
    pen: ImageDraw.ImageDraw,
    place: tuple[float, float],
    text: str,
    height: float,
    anchor: str,
    colour: tuple[int, int, int],
    scale: float,
) -> None:
    font = ImageFont.load_default(height * scale)
    pixels = (place[0] * scale, place[1] * scale)
    halo = round(_HALO * scale / 2)
    pen.text(pixels, text, colour, font, anchor, stroke_width=halo, stroke_fill=_WHITE)


def _draw_shape(pen: ImageDraw.ImageDraw, mark: Mark, x: float, y: float, scale: float) -> None:
    for wide, colour in ((_LINE + _HALO, _WHITE), (_LINE, _COLOURS[mark])):
        for line in _SHAPES[mark]:
            points = [(x + dx * scale, y + dy * scale) for dx, dy in line]
            pen.line(points, colour, round(wide * scale), "curve")


def as_pdf(pictures: Iterable[bytes], size: tuple[float, float], title: str) -> bytes:
    """Return pictures as the pages of a PDF; their size is in millimetres."""
    width, height = (side * mm for side in size)
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(width, height), invariant=True)
    canvas.setTitle(title)
    for picture in pictures:
        canvas.drawImage(ImageReader(io.BytesIO(picture)), 0, 0, width, height)
        canvas.showPage()
    canvas.save()
    return file.getvalue()
