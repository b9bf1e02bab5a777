"""A poster of an explanation, as one image for a notebook or the wall."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from cnn.explanation.evidence import Evidence
from cnn.explanation.result import Explanation

__all__ = ["draw_poster", "signed_colours"]

Array = npt.NDArray[Any]

_WIDTH = 1400
_MARGIN = 40
_LONGEST_NAME = 24  # letters of a class's name
_STAGE = 150  # pixels: side of a stage's picture
_PAPER, _INK, _GREY, _ACCENT = "#faf7f0", "#1b1a17", "#66635c", "#1d5bbf"
_BLUE, _ORANGE = np.array([29, 91, 191]), np.array([194, 94, 20])


def draw_poster(found: Explanation) -> Image.Image:
    """Draw stages, maps of every layer, evidence and probabilities on one sheet."""
    bands = [
        _band("From the picture to {} x {}".format(*found.inputs.shape[1:]), _draw_stages(found)),
        *(
            _band(f"{block.index}  {block.kind}  {' x '.join(map(str, block.shape))}", strip)
            for block in found.blocks
            if (strip := _draw_maps(found.maps_of(block.index))) is not None
        ),
        _band("Why this answer: covering, and the gradient", _draw_evidence(found)),
        _band("Probabilities", _draw_bars(found.probabilities, found.model.classes)),
    ]
    sheet = Image.new("RGB", (_WIDTH, sum(band.height for band in bands) + _MARGIN), _PAPER)
    top = _MARGIN // 2
    for band in bands:
        sheet.paste(band, (_MARGIN, top))
        top += band.height
    return sheet


def signed_colours(values: Array) -> Array:
    """Map numbers to colours: blue above 0, white at 0, orange below.

    Parameters
    ----------
    values : ndarray of float, (H, W)
        The numbers, scaled by the largest magnitude.

    Returns
    -------
    ndarray of uint8, (H, W, 3)
    """
    share = values / max(float(np.abs(values).max()), 1e-9)
    colour = np.where(share[..., None] > 0, _BLUE, _ORANGE)
    mixed: Array = np.rint(255 + (colour - 255) * np.abs(share)[..., None])
    return mixed.astype(np.uint8)


def _band(title: str, content: Image.Image) -> Image.Image:
    band = Image.new("RGB", (_WIDTH - 2 * _MARGIN, content.height + 60), _PAPER)
    ImageDraw.Draw(band).text((0, 10), title, fill=_INK, font=ImageFont.load_default(size=20))
    band.paste(content, (0, 44))
    return band


def _row(pictures: list[tuple[str, Image.Image]]) -> Image.Image:
    """Set captioned pictures side by side."""
    height = max((picture.height for _, picture in pictures), default=0) + 26
    row = Image.new("RGB", (_WIDTH - 2 * _MARGIN, height), _PAPER)
    pen, left = ImageDraw.Draw(row), 0
    for caption, picture in pictures:
        row.paste(picture, (left, 0))
        font = ImageFont.load_default(size=14)
        pen.text((left, picture.height + 4), caption, fill=_GREY, font=font)
        left += picture.width + 12
    return row


def _draw_stages(found: Explanation) -> Image.Image:
    pictures = []
    for stage in found.stages:
        picture = Image.fromarray(stage.image).convert("RGB")
        scale = _STAGE / max(picture.size)
        size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
        how = Image.Resampling.NEAREST if scale > 1 else Image.Resampling.BOX
        pictures.append((stage.name, picture.resize(size, how)))
    return _row(pictures)


def _draw_maps(maps: Array) -> Image.Image | None:
    """Draw a layer's maps as a strip of squares; nothing for vectors."""
    if maps.ndim != 3:
        return None
    side, gap = 48, 4
    across = (_WIDTH - 2 * _MARGIN) // (side + gap)
    count = maps.shape[2]
    rows = -(-count // across)
    strip = Image.new("RGB", (_WIDTH - 2 * _MARGIN, rows * (side + gap)), _PAPER)
    low, high = float(maps.min()), float(maps.max())
    greys = np.rint((maps - low) / max(high - low, 1e-9) * 255).astype(np.uint8)
    for place in range(count):
        square = _enlarge(greys[:, :, place], side)
        strip.paste(square, (place % across * (side + gap), place // across * (side + gap)))
    return strip


def _draw_evidence(found: Explanation) -> Image.Image:
    def both(evidence: Evidence) -> list[tuple[str, Image.Image]]:
        kinds = (("covered", evidence.occlusion), ("gradient", evidence.gradient))
        return [
            (
                f"{found.model.classes[evidence.index]}: {name}",
                Image.fromarray(signed_colours(values)).resize(
                    (224, 224), Image.Resampling.NEAREST
                ),
            )
            for name, values in kinds
        ]

    return _row([picture for evidence in found.evidence for picture in both(evidence)])


def _enlarge(pixels: Array, side: int) -> Image.Image:
    return Image.fromarray(pixels).resize((side, side), Image.Resampling.NEAREST)


def _draw_bars(probabilities: Array, classes: Sequence[str]) -> Image.Image:
    bars = Image.new("RGB", (_WIDTH - 2 * _MARGIN, 26 * len(probabilities)), _PAPER)
    pen, font = ImageDraw.Draw(bars), ImageFont.load_default(size=16)
    best = int(probabilities.argmax())
    left = 10 + max(int(pen.textlength(name[:_LONGEST_NAME], font)) for name in classes)
    for index, (name, probability) in enumerate(zip(classes, probabilities, strict=True)):
        top, colour = 26 * index, _ACCENT if index == best else _GREY
        pen.text((0, top), name[:_LONGEST_NAME], fill=_INK, font=font)
        end = left + max(1, round(800 * float(probability)))
        pen.rectangle((left, top + 4, end, top + 18), colour)
        pen.text((left + 826, top), f"{probability:.1%}", fill=_INK, font=font)
    return bars
