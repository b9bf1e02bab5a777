"""Frames for those who watch: small JPEGs, and the answer drawn into one."""

from __future__ import annotations

import io

from PIL import ExifTags, Image, ImageDraw, ImageFont

from app.services.streams.stream import Mark, Seen
from cnn.vision.decode import open_picture

__all__ = ["draw_answer", "make_frame"]

_LONGEST = 480  # pixels
_ENOUGH = 64_000  # bytes of a JPEG that is kept as it came
_QUALITY = 80
_INK, _PAPER = (201, 60, 24), (255, 255, 255)
_LINE = 3  # pixels
_LETTERS = 22  # pixels, of an answer


def make_frame(picture: bytes, seen: Seen) -> tuple[bytes, Seen]:
    """Return a picture as a small upright JPEG, and what was seen where it is then.

    Raises PictureError.
    """
    if len(picture) <= _ENOUGH and _is_small_jpeg(picture):
        return picture, seen
    image = open_picture(picture, longest=_LONGEST)
    width, _ = image.info["size"]
    image.thumbnail((_LONGEST, _LONGEST))
    scale = image.width / width
    marks = tuple(
        Mark(tuple(round(length * scale) for length in mark.box), mark.text, mark.confidence)
        for mark in seen.marks
    )
    return _as_jpeg(_on_white(image)), Seen(seen.text, seen.confidence, marks)


def draw_answer(frame: bytes, seen: Seen) -> bytes:
    """Return a frame, as `make_frame` made it, with what was seen drawn in, as a JPEG."""
    with Image.open(io.BytesIO(frame)) as opened:
        image = opened.convert("RGB")
    draw = ImageDraw.Draw(image)
    for mark in seen.marks:
        left, top, width, height = mark.box
        margin = 2 * _LINE
        corners = (left - margin, top - margin, left + width + margin, top + height + margin)
        draw.rectangle(corners, outline=_INK, width=_LINE)
    if seen.text:
        sure = "" if seen.confidence is None else f"  {seen.confidence:.0%}"
        words, font = f"{seen.text}{sure}", ImageFont.load_default(_LETTERS)
        box = draw.textbbox((_LINE, _LINE), words, font=font)
        draw.rectangle((0, 0, box[2] + _LINE, box[3] + _LINE), fill=_INK)
        draw.text((_LINE, _LINE), words, fill=_PAPER, font=font)
    return _as_jpeg(image)


def _is_small_jpeg(picture: bytes) -> bool:
    """Say whether a picture that was read before is a JPEG, small and upright as it is."""
    if not picture.startswith(b"\xff\xd8\xff"):
        return False
    with Image.open(io.BytesIO(picture)) as image:
        upright = image.getexif().get(ExifTags.Base.Orientation, 1) == 1
        return upright and image.format == "JPEG" and max(image.size) <= _LONGEST


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode in ("LA", "RGBA"):
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image.convert("RGBA"))
    return image.convert("RGB")


def _as_jpeg(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=_QUALITY)
    return file.getvalue()
