"""Opening pictures that strangers send."""

from __future__ import annotations

import io
import os
import struct
import warnings
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from cnn.errors import PictureError

__all__ = ["FORMATS", "MAX_BYTES", "MAX_PIXELS", "open_picture"]

#: The formats that are read.
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
#: Largest file, in bytes.
MAX_BYTES = 3_000_000
#: Largest picture, in pixels.
MAX_PIXELS = 16_000_000

_FORMAT_NAMES = "PNG, JPEG, WebP, GIF, BMP or TIFF"

# What Pillow's decoders are known to raise on damaged files; they promise no less.
_DECODER_ERRORS = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
)


def open_picture(source: bytes | str | os.PathLike[str], *, longest: int = 0) -> Image.Image:
    """Decode a picture and turn it upright.

    Parameters
    ----------
    source : bytes or path
        The file's contents, or where it is.
    longest : int
        A JPEG larger than this on both sides may be decoded at a fraction of its size,
        not below this, which is several times faster. 0: never.

    Returns
    -------
    PIL.Image.Image
        Of mode L, LA, RGB or RGBA, turned as its EXIF data say; its `info["size"]` is
        (width, height) of the whole picture, upright. The first frame of several.

    Raises
    ------
    PictureError
        With code "too_large", "not_a_picture" or "truncated".
    """
    data = source if isinstance(source, bytes) else _read(source)
    if len(data) > MAX_BYTES:
        raise PictureError(
            f"The file has {len(data):,} bytes; at most {MAX_BYTES:,} are read. "
            "Make the picture smaller and try again.",
            code="too_large",
        )
    with warnings.catch_warnings():
        # Harmless oddities of metadata; how large a picture may be is decided below.
        warnings.simplefilter("ignore")
        image = _identify(data)
        size = image.size
        try:
            if image.format == "JPEG" and longest:
                image.draft(None, (longest, longest))
            image.load()
            upright = _plain(ImageOps.exif_transpose(image))
            swapped = image.getexif().get(0x0112) in (5, 6, 7, 8)
        except _DECODER_ERRORS as error:
            raise PictureError(
                "The picture is cut off or damaged. Save it again and try once more.",
                code="truncated",
            ) from error
    upright.info["size"] = size[::-1] if swapped else size
    return upright


def _read(path: str | os.PathLike[str]) -> bytes:
    try:
        with Path(path).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise PictureError(f"{path}: {error.strerror}", code="not_a_picture") from error


def _identify(data: bytes) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise _too_many_pixels() from error
    except _DECODER_ERRORS as error:
        raise PictureError(
            f"This is not a picture that can be read here. Send a {_FORMAT_NAMES} file.",
            code="not_a_picture",
        ) from error
    if image.width * image.height > MAX_PIXELS:
        raise _too_many_pixels()
    return image


def _too_many_pixels() -> PictureError:
    return PictureError(
        f"The picture has more than {MAX_PIXELS // 1_000_000} megapixels. "
        "Make it smaller and try again.",
        code="too_large",
    )


def _plain(image: Image.Image) -> Image.Image:
    """Bring any mode to L, LA, RGB or RGBA."""
    if "transparency" in image.info or image.mode in ("PA", "La", "RGBa"):
        return image.convert("RGBA")
    if image.mode in ("L", "LA", "RGB", "RGBA"):
        return image
    if image.mode.startswith(("I", "F")):
        # 16-bit and floating-point greys: Pillow would clip, not scale, them.
        numbers = np.asarray(image, np.float64)
        low, high = numbers.min(), numbers.max()
        scale = 255 / (high - low) if np.isfinite(high - low) and high > low else 0.0
        return Image.fromarray(np.nan_to_num((numbers - low) * scale).astype(np.uint8))
    return image.convert("L" if image.mode == "1" else "RGB")
