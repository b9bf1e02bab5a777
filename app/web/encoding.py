"""Pictures, arrays and digits as JSON can hold them."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from app.sentences import describe_because
from app.web.language import current_language
from cnn.reading.reader import LeftOut, ReadDigit

__all__ = [
    "describe_digit",
    "describe_left_out",
    "encode_data_url",
    "encode_ink",
    "encode_input",
    "encode_numbers",
    "encode_view",
]

Array = npt.NDArray[Any]

_QUALITY = 60  # of WebP's 100, for small views of writing on paper


def encode_data_url(image: Array) -> str:
    """Return a data URL of a uint8 picture, (H, W) or (H, W, 3), as PNG."""
    return _data_url(Image.fromarray(image), "PNG")


def encode_view(image: Array, *, longest: int) -> str:
    """Return a data URL of a uint8 picture, (H, W) or (H, W, 3), to be looked at.

    WebP: without loss, it takes three quarters of a PNG's bytes. What is wider or higher than
    `longest` pixels is reduced, and takes a quarter.
    """
    picture = Image.fromarray(image)
    if max(picture.size) <= longest:
        return _data_url(picture, "WebP", lossless=True)
    picture.thumbnail((longest, longest), Image.Resampling.BOX)
    return _data_url(picture, "WebP", quality=_QUALITY)


def _data_url(picture: Image.Image, kind: str, **options: int) -> str:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return f"data:image/{kind.lower()};base64,{base64.b64encode(file.getvalue()).decode()}"


def encode_input(pixels: Array) -> str:
    """Return a data URL of a network's input, uint8 (1, H, W) or (3, H, W)."""
    return encode_data_url(pixels[0] if len(pixels) == 1 else np.moveaxis(pixels, 0, -1))


def encode_ink(pixels: str) -> str:
    """Return a data URL of a digit as ink on paper.

    `pixels` are uint8 (28, 28), white ink on black, row by row, in base64.
    """
    levels = np.frombuffer(base64.b64decode(pixels), np.uint8).reshape(28, 28)
    return encode_data_url(255 - levels)


def encode_numbers(array: Array) -> dict[str, Any]:
    """Return an array's shape and its numbers, float32, little-endian, row by row, in base64."""
    data = np.ascontiguousarray(array, "<f4").tobytes()
    return {"shape": list(array.shape), "data": base64.b64encode(data).decode()}


def describe_digit(digit: ReadDigit, *, with_picture: bool) -> dict[str, Any]:
    """Return a digit that was read, as the API gives it, with the picture that the network saw."""
    described: dict[str, Any] = {
        "digit": digit.digit,
        "confidence": digit.confidence,
        "probabilities": digit.probabilities,
        "alternatives": digit.alternatives,
        "because": describe_because(digit.because, current_language()),
        "box": digit.box,
    }
    if with_picture:
        described["normalised"] = encode_data_url(np.rint(digit.pixels * 255).astype(np.uint8))
    return described


def describe_left_out(left_out: Sequence[LeftOut]) -> list[dict[str, Any]]:
    """Return what was seen and not read, as the API gives it."""
    return [{"box": one.box, "why": one.why} for one in left_out]
