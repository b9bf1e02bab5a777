"""HEIC and AVIF pictures, decoded in a process of their own.

Their decoders do all the work in one call, which cannot be interrupted, and a small file can
make them take any time and memory, whatever size it says it has. So a process of its own
decodes each, which the system ends when it takes more than was granted.
"""

from __future__ import annotations

import json
import logging
import struct
import subprocess
import sys
from pathlib import Path

from PIL import Image

__all__ = ["HeifDamaged", "HeifError", "HeifTooMuch", "decode_heif", "heif_memory", "heif_pixels"]

_log = logging.getLogger(__name__)

_PROGRAM = Path(__file__).with_name("heif_process.py")
# Brands of still pictures and of sequences of them, at the start of a file.
_BRANDS = frozenset(b"heic heix heim heis hevc hevx hevm hevs mif1 msf1 avif avis".split())
_SIZE_BOX = b"ispe"  # type, version and flags, width, height
_SECONDS = 2  # of CPU time, and one more for each 16 megapixels, which take half a second
_PATIENCE = 20.0  # seconds until an answer, on a machine that is busy
_START = 40_000_000  # bytes: what the process takes before it decodes
_PER_PIXEL = 16  # bytes: the decoder's planes, the picture, and its way here


class HeifError(Exception):
    """The file is no picture of these formats."""


class HeifDamaged(HeifError):
    """The file is cut off or damaged."""


class HeifTooMuch(HeifError):
    """The file takes more time or memory than a picture of its size."""


def heif_pixels(data: bytes) -> int | None:
    """Return how many pixels a HEIC or AVIF file says it has; None for other files.

    Raises HeifError if it does not say.
    """
    if data[4:8] != b"ftyp" or data[8:12] not in _BRANDS:
        return None
    # One for the picture, and one for each tile, thumbnail and depth map, which are smaller.
    most, place = 0, data.find(_SIZE_BOX)
    while place >= 0:
        if len(data) >= place + 16:
            width, height = struct.unpack_from(">II", data, place + 8)
            most = max(most, width * height)
        place = data.find(_SIZE_BOX, place + 4)
    if not most:
        raise HeifError("the file does not say how large its picture is")
    return most


def heif_memory(pixels: int) -> int:
    """Return the bytes of memory that decoding so many pixels takes at most."""
    return _START + _PER_PIXEL * pixels


def decode_heif(data: bytes, pixels: int, *, longest: int = 0) -> Image.Image:
    """Decode a HEIC or AVIF file of so many pixels.

    Parameters
    ----------
    data : bytes
        The file's contents.
    pixels : int
        As many as `heif_pixels` says.
    longest : int
        A picture larger than this on both sides is reduced to a half, a quarter or an eighth,
        but not below this. 0 for never.

    Returns
    -------
    PIL.Image.Image
        Of mode L, LA, RGB or RGBA, upright; its `info["size"]` is the size of the whole picture.

    Raises
    ------
    HeifDamaged, HeifTooMuch, HeifError
    """
    limits = (longest, _SECONDS + pixels // 16_000_000, heif_memory(pixels))
    command = [sys.executable, "-I", str(_PROGRAM), *map(str, limits)]
    try:
        done = subprocess.run(  # noqa: S603 (the program is this package's own)
            command, input=data, capture_output=True, timeout=_PATIENCE
        )
    except subprocess.TimeoutExpired as error:
        raise HeifTooMuch("the picture takes too long to unpack") from error
    head, _, content = done.stdout.partition(b"\n")
    try:
        told = json.loads(head)
    except ValueError:
        # It was ended by the system, or by a fault of the decoder.
        _log.warning("decoding ended with %s: %s", done.returncode, done.stderr[-500:].decode())
        raise HeifTooMuch("the picture takes too much to unpack") from None
    if "fault" in told:
        raise _FAULTS[told["fault"]](told["words"])
    image = Image.frombytes(told["mode"], tuple(told["size"]), content)
    image.info["size"] = tuple(told["whole"])
    return image


_FAULTS = {"unknown": HeifError, "damaged": HeifDamaged, "too_much": HeifTooMuch}
