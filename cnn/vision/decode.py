"""Decoding of untrusted pictures, with bounded memory and time."""

from __future__ import annotations

import io
import os
import struct
import warnings
from pathlib import Path

from PIL import ExifTags, Image

from cnn.data.formats import FORMAT_NAMES, FORMATS
from cnn.data.greys import bands, has_deep_greys, reduce_greys
from cnn.data.heif import HeifDamaged, HeifError, HeifTooMuch, decode_heif, heif_memory, heif_pixels
from cnn.errors import PictureError
from cnn.vision.work_time import work_time

__all__ = [
    "DECODER_ERRORS",
    "MAX_BYTES",
    "MAX_PIXELS",
    "MAX_SCANNED",
    "MAX_SECONDS",
    "memory_needed",
    "open_picture",
]

#: Largest file, in bytes.
MAX_BYTES = 3_000_000
#: Largest picture, in pixels.
MAX_PIXELS = 16_000_000
#: Largest sum of the pixels of all scans of a JPEG.
MAX_SCANNED = 25 * MAX_PIXELS
#: Largest CPU time of the decoder, in seconds.
MAX_SECONDS = 1.2

_OF_JPEG = ("JPEG", "MPO")
_HEAD_SECONDS = 0.4  # CPU time for identifying the format
_BLOCK = 16_384  # bytes that a decoder may read at a time
_MOUTHFUL = 256  # bytes: what is less is hardly work
_STRIP_SIZES, _TILE_SIZES = 279, 325
_IN_ONE_PASS, _START_OF_SCAN = (0xC0, 0xC1), 0xDA  # markers of a JPEG that is not progressive

_GREY = ("1", "L", "I", "F", "I;16", "I;16L", "I;16B", "I;16N")
# Bytes of each pixel in Pillow's memory; four for other modes.
_PER_PIXEL = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16L": 2, "I;16B": 2, "I;16N": 2}
_WEBP_PER_PIXEL = 16  # libwebp's picture, the one before it, and two of Pillow's
_REDUCED = 1440  # pixels on the shorter side of a JPEG that is decoded at half its size
_COEFFICIENTS = 6  # bytes for a pixel of a JPEG that comes in scans

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

#: Known exceptions of Pillow's decoders for damaged files; none are documented.
DECODER_ERRORS = (
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


def open_picture(
    source: bytes | str | os.PathLike[str],
    *,
    longest: int = 0,
    most_bytes: int = MAX_BYTES,
    most_pixels: int = MAX_PIXELS,
    without_colours: bool = False,
) -> Image.Image:
    """Decode a picture and turn it upright.

    The work is bounded in pixels, in the scans of a JPEG, and in this thread's CPU time.

    Parameters
    ----------
    source : bytes or path
        The file's contents, or where it is.
    longest : int
        A JPEG, HEIC or AVIF larger than this on both sides may be decoded at a fraction of its
        size, but not below this, which is several times faster. 0 for never.
    most_bytes : int
        Largest file.
    most_pixels : int
        Largest JPEG that comes in one scan, and can be reduced while it is decoded; anything else
        has at most `MAX_PIXELS`.
    without_colours : bool
        Whether the colours of a JPEG are left in the file: it is of mode L then, which takes a
        quarter of the memory. Other formats may have colours all the same.

    Returns
    -------
    PIL.Image.Image
        Of mode L, LA, RGB or RGBA, upright according to EXIF; its `info["size"]` is
        (width, height) of the whole picture, upright. The first frame, if there are several.

    Raises
    ------
    PictureError
        With code "too_large", "not_a_picture" or "truncated".
    """
    data = source if isinstance(source, bytes) else _read(source, most_bytes)
    _check_size(data, most_bytes)
    pixels = _pixels_of_heif(data)
    if pixels is not None:
        return _open_heif(data, pixels, longest)
    with warnings.catch_warnings():
        # Ignore warnings about metadata; the size is checked below.
        warnings.simplefilter("ignore")
        file = _Watched(data)
        image = _identify(data, file, most_pixels)
        size = image.size
        file.allow(MAX_SECONDS * max(1.0, image.width * image.height / MAX_PIXELS))
        try:
            if image.format in _OF_JPEG and (longest or without_colours):
                mode = "L" if without_colours else None
                image.draft(mode, (longest, longest) if longest else None)
            image.load()
            orientation = image.getexif().get(ExifTags.Base.Orientation, 1)
            upright = _plain(image)
        except PictureError:
            raise
        except DECODER_ERRORS as error:
            raise _damaged() from error
    turn = _TURNS.get(orientation)
    if turn is not None:
        upright = upright.transpose(turn)
    upright.info["size"] = size[::-1] if orientation in (5, 6, 7, 8) else size
    return upright


def memory_needed(data: bytes) -> int:
    """Estimate the bytes of memory for opening a picture, without opening it.

    Raises PictureError if it is no picture, or too large.
    """
    _check_size(data, MAX_BYTES)
    pixels = _pixels_of_heif(data)
    if pixels is not None:
        return heif_memory(pixels)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        image = _identify(data, _Watched(data))
    stored, plain = _PER_PIXEL.get(image.mode, 4), 1 if image.mode in _GREY else 4
    each = stored + plain
    if image.format == "WEBP":
        each = _WEBP_PER_PIXEL
    elif image.format == "TIFF":
        # A strip is unpacked besides the picture, and may be all of it.
        each += -(-stored // _parts(image, len(data)))
    elif image.format in _OF_JPEG:
        # Reduced while it is decoded, if both sides are large.
        each = each // 4 if min(image.size) >= _REDUCED else each
        each += _COEFFICIENTS if "progressive" in image.info else 0
    return each * image.width * image.height


def _read(path: str | os.PathLike[str], most: int) -> bytes:
    try:
        with Path(path).open("rb") as file:
            return file.read(most + 1)
    except OSError as error:
        raise PictureError(
            f"{path}: {error.strerror}",
            code="not_a_picture",
            reason="cannot_open",
            path=str(path),
            problem=error.strerror or str(error),
        ) from error


class _Watched(io.BytesIO):
    """A file in memory that raises PictureError when its reader has used up its time.

    The CPU time of this thread's work counts, so that pictures may take longer on a busy machine.
    """

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self._calls = 0
        self.allow(_HEAD_SECONDS)

    def allow(self, seconds: float) -> None:
        """Allow reading for some seconds of CPU time from now."""
        self._end = work_time() + seconds

    def read(self, size: int | None = -1, /) -> bytes:
        self._count(size is None or not 0 <= size < _MOUTHFUL)
        return super().read(size)

    def seek(self, position: int, whence: int = 0, /) -> int:
        self._count(False)
        return super().seek(position, whence)

    def check(self) -> None:
        """Raise PictureError if the time is used up."""
        if work_time() > self._end:
            raise _too_much_work()

    def _count(self, much: bool) -> None:
        # Checking at every byte would be slow for decoders that read byte by byte.
        self._calls += 1
        if much or self._calls % 64 == 0:
            self.check()


def _pixels_of_heif(data: bytes) -> int | None:
    """Return how many pixels a HEIC or AVIF file says it has, None for another file."""
    try:
        pixels = heif_pixels(data)
    except HeifError as error:
        raise _unknown_format() from error
    if pixels is not None and pixels > MAX_PIXELS:
        raise _too_many_pixels(MAX_PIXELS)
    return pixels


def _open_heif(data: bytes, pixels: int, longest: int) -> Image.Image:
    try:
        return decode_heif(data, pixels, longest=longest)
    except HeifDamaged as error:
        raise _damaged() from error
    except HeifTooMuch as error:
        raise _too_much_work() from error
    except HeifError as error:
        raise _unknown_format() from error


def _check_size(data: bytes, most: int) -> None:
    if len(data) > most:
        raise PictureError(
            f"the file has {len(data)} bytes; at most {most} are read",
            code="too_large",
            reason="too_many_bytes",
            size=len(data),
            most=most,
        )


def _identify(data: bytes, file: _Watched, most_pixels: int = MAX_PIXELS) -> Image.Image:
    try:
        image = Image.open(file, formats=FORMATS)
        file.check()
    except Image.DecompressionBombError as error:
        raise _too_many_pixels(MAX_PIXELS) from error
    except PictureError:
        raise
    except DECODER_ERRORS as error:
        # Of this format alone, a file that is cut off cannot even be identified.
        is_webp = data[:4] == b"RIFF" and data[8:12] == b"WEBP"
        raise (_damaged() if is_webp else _unknown_format()) from error
    in_one_scan = image.format in _OF_JPEG and _is_in_one_scan(data)
    most = most_pixels if in_one_scan else MAX_PIXELS
    if image.width * image.height > most:
        raise _too_many_pixels(most)
    if _scans(image, data) * image.width * image.height > MAX_SCANNED:
        raise _too_much_work()
    # The decoding of a single block cannot be interrupted.
    image.decodermaxblock = _BLOCK
    return image


def _is_in_one_scan(data: bytes) -> bool:
    """Say whether a JPEG's first scan has all that it shows, so that it is decoded as it comes.

    Of any other, the decoder keeps all coefficients. The markers are those of ITU-T T.81, annex B.
    """
    place, components = 2, -1
    while data[place : place + 1] == b"\xff" and len(data) > place + 9:
        marker = data[place + 1]
        if marker in _IN_ONE_PASS:
            components = data[place + 9]
        elif marker == _START_OF_SCAN:
            return data[place + 4] == components
        place += 2 + int.from_bytes(data[place + 2 : place + 4], "big")
    return False


def _scans(image: Image.Image, data: bytes) -> int:
    """Return an upper bound on a picture's number of scans."""
    in_tiff = image.format == "TIFF" and image.info.get("compression") in ("jpeg", "tiff_jpeg")
    if image.format not in _OF_JPEG and not in_tiff:
        return 1
    # Compressed data never contain these two bytes, but a profile or a thumbnail may: honest
    # files have about ten scans, and far more are allowed.
    scans = data.count(b"\xff\xda")
    return scans if not in_tiff else scans // max(1, _parts(image, len(data))) + 1


def _parts(image: Image.Image, size: int) -> int:
    """Return the number of strips or tiles of a TIFF, each with scans of its own."""
    tags = image.tag_v2  # type: ignore[attr-defined]
    counts = tags.get(_STRIP_SIZES, tags.get(_TILE_SIZES))
    # Several strips may share the same data, whose scans count for each.
    apart = isinstance(counts, tuple) and sum(counts) <= size
    return len(counts) if apart else 1


def _unknown_format() -> PictureError:
    return PictureError(
        f"expected a file of one of the formats {FORMAT_NAMES}",
        code="not_a_picture",
        reason="unknown_format",
        formats=FORMAT_NAMES,
    )


def _damaged() -> PictureError:
    return PictureError("the picture is cut off or damaged", code="truncated", reason="damaged")


def _too_many_pixels(most: int) -> PictureError:
    return PictureError(
        f"the picture has more than {most} pixels",
        code="too_large",
        reason="too_many_pixels",
        most=most // 1_000_000,
    )


def _too_much_work() -> PictureError:
    return PictureError(
        "the picture takes too long to unpack", code="too_large", reason="too_much_work"
    )


def _plain(image: Image.Image) -> Image.Image:
    """Convert any mode to L, LA, RGB or RGBA, in bands, with memory for one copy."""
    if "transparency" in image.info or image.mode in ("PA", "La", "RGBa"):
        mode = "RGBA"
    elif image.mode in ("L", "LA", "RGB", "RGBA"):
        return image
    else:
        mode = "L" if image.mode in _GREY else "RGB"
    if has_deep_greys(image) and mode == "L":
        return reduce_greys(image)
    plain = Image.new(mode, image.size)
    for top, band in bands(image):
        plain.paste(band.convert(mode), (0, top))
    return plain
