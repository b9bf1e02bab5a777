"""Contact sheets: many pictures side by side, each with a caption."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

__all__ = ["contact_sheet", "picture_sheet"]

_INK, _RULE, _EMPTY, _PAPER = "#1f2937", "#e5e7eb", "#f6f7f9", "#ffffff"
_ENLARGED, _GAP, _CAPTION_LINE = 4, 12, 17


def contact_sheet(
    images: NDArray[np.uint8], captions: Sequence[str], *, columns: int = 8
) -> Image.Image:
    """Lay out small images side by side, each pixel 4 wide, with a caption under each.

    Parameters
    ----------
    images : uint8 array (N, H, W), (N, 1, H, W) or (N, 3, H, W)
        Grey or RGB, 0 to 255.
    captions : sequence of N str
        A caption may have several lines; what is too wide ends in an ellipsis. Pillow's font
        has the Latin letters and common signs, but no arrows.
    columns : int
        How many images to a row.

    Returns
    -------
    PIL.Image.Image
        RGB.

    Raises
    ------
    ValueError
        There are no images, they are of another shape or type, or the captions are not N.
    """
    pixels = _as_rgb(images)
    if len(captions) != len(pixels) or not len(pixels) or columns < 1:
        raise ValueError(
            "expected at least one image, a caption for each, and a column, got "
            f"{len(pixels)} images, {len(captions)} captions and {columns} columns"
        )
    enlarged = [
        Image.fromarray(picture).resize(
            (_ENLARGED * picture.shape[1], _ENLARGED * picture.shape[0]), Image.Resampling.NEAREST
        )
        for picture in pixels
    ]
    return _lay_out(enlarged, captions, columns)


def picture_sheet(
    pictures: Sequence[NDArray[np.uint8]],
    captions: Sequence[str],
    *,
    columns: int = 8,
    side: int = 150,
) -> Image.Image:
    """Lay out pictures of any size side by side, the larger ones reduced, with captions.

    Parameters
    ----------
    pictures : sequence of uint8 array (H, W, 3)
        RGB, 0 to 255.
    captions : sequence of str
        One for each, as for `contact_sheet`.
    columns : int
        How many pictures to a row.
    side : int
        Pixels of the longer side of a picture that is reduced.

    Returns
    -------
    PIL.Image.Image
        RGB.

    Raises
    ------
    ValueError
        There are no pictures, or the captions are not as many.
    """
    if len(captions) != len(pictures) or not pictures or columns < 1:
        raise ValueError(
            "expected at least one picture, a caption for each, and a column, got "
            f"{len(pictures)} pictures, {len(captions)} captions and {columns} columns"
        )
    reduced = []
    for picture in pictures:
        frame = Image.new("RGB", (side, side), _EMPTY)
        image = Image.fromarray(picture)
        image.thumbnail((side, side), Image.Resampling.BOX)
        frame.paste(image, ((side - image.width) // 2, (side - image.height) // 2))
        reduced.append(frame)
    return _lay_out(reduced, captions, columns)


def _lay_out(pictures: Sequence[Image.Image], captions: Sequence[str], columns: int) -> Image.Image:
    """Lay out pictures of one size."""
    columns = min(columns, len(pictures))
    width, height = pictures[0].size
    lines = max(caption.count("\n") + 1 for caption in captions)
    pitch_x, pitch_y = width + _GAP, height + 6 + lines * _CAPTION_LINE + _GAP
    extent = (columns * pitch_x + _GAP, math.ceil(len(pictures) / columns) * pitch_y + _GAP)
    sheet = Image.new("RGB", extent, _PAPER)
    for index, (picture, caption) in enumerate(zip(pictures, captions, strict=True)):
        row, column = divmod(index, columns)
        _place(sheet, picture, caption, x=_GAP + column * pitch_x, y=_GAP + row * pitch_y)
    return sheet


def _place(sheet: Image.Image, picture: Image.Image, caption: str, *, x: int, y: int) -> None:
    width, height = picture.size
    draw = ImageDraw.Draw(sheet)
    draw.rectangle((x - 1, y - 1, x + width, y + height), outline=_RULE)
    sheet.paste(picture, (x, y))
    for number, text in enumerate(caption.split("\n")):
        where = (x + width / 2, y + height + 6 + number * _CAPTION_LINE)
        font = ImageFont.load_default(13)
        shown = text
        while shown and font.getlength(shown) > width:
            shown = shown.removesuffix("…")[:-1] + "…" if len(shown) > 1 else ""
        draw.text(where, shown, fill=_INK, font=font, anchor="ma")


def _as_rgb(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return (N, H, W, 3) from any of the shapes that `contact_sheet` takes."""
    stack = images[:, np.newaxis] if images.ndim == 3 else images
    if images.dtype != np.uint8 or stack.ndim != 4 or stack.shape[1] not in (1, 3):
        raise ValueError(
            "images must be uint8 (N, H, W), (N, 1, H, W) or (N, 3, H, W), "
            f"got {images.dtype} {images.shape}"
        )
    # (N, 1 or 3, H, W) -> (N, H, W, 3)
    return np.repeat(stack, 3 // stack.shape[1], axis=1).transpose(0, 2, 3, 1)
