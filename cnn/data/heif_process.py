"""The program that decodes one HEIC or AVIF file, from standard input to standard output.

It is started by `cnn.data.heif` with the longest side that is wanted, seconds of CPU time and
bytes of memory. It answers with a line of JSON: mode, size and the size of the whole picture,
after which the pixels come; or the fault.
"""

from __future__ import annotations

import io
import json
import sys
import warnings
from typing import Any

from PIL import AvifImagePlugin, ExifTags, Image, ImageOps

_PLAIN = ("L", "LA", "RGB", "RGBA")
_ON_THEIR_SIDE = (5, 6, 7, 8)  # orientations
_ROWS = 64  # that are written at a time


def main() -> None:
    """Decode what comes, within the limits that the arguments give."""
    longest, seconds, memory = map(int, sys.argv[1:4])
    warnings.simplefilter("ignore")  # about metadata; the size is limited below
    data = sys.stdin.buffer.read()
    _load_decoders()
    _limit(seconds, memory)
    try:
        image = Image.open(io.BytesIO(data), formats=("AVIF", "HEIF"))
    except MemoryError:
        return _fail("too_much", "opening takes too much memory")
    except Exception as error:
        return _fail("unknown", str(error))
    try:
        image.load()
        plain = _made_plain(image)
    except MemoryError:
        return _fail("too_much", "unpacking takes too much memory")
    except Exception as error:
        limited = "Security limit exceeded" in str(error)
        return _fail("too_much" if limited else "damaged", str(error))
    _answer_with(plain, longest)


def _load_decoders() -> None:
    # One thread, whose time counts.
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    try:
        import pillow_heif
    except ImportError:
        return  # AVIF is read without it
    pillow_heif.register_heif_opener(
        thumbnails=False, depth_images=False, aux_images=False, decode_threads=1
    )


def _limit(seconds: int, memory: int) -> None:
    try:
        import resource
    except ImportError:
        return  # Windows: whoever started this waits for a time only
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _made_plain(image: Image.Image) -> Image.Image:
    if image.mode in _PLAIN:
        return image
    if image.mode.startswith("I"):  # greys of 16 bits
        return image.convert("I").point(lambda grey: grey * (1 / 256)).convert("L")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _answer_with(image: Image.Image, longest: int) -> None:
    """Answer with a picture: reduced if it may be, and turned as its EXIF data say."""
    orientation = image.getexif().get(ExifTags.Base.Orientation, 1)
    whole = image.size[::-1] if orientation in _ON_THEIR_SIDE else image.size
    times = min(image.size) // longest if longest else 1
    if times >= 2:
        image = image.reduce(max(n for n in (2, 4, 8) if n <= times))
    if orientation != 1:
        image = ImageOps.exif_transpose(image)
    _answer({"mode": image.mode, "size": image.size, "whole": whole})
    for top in range(0, image.height, _ROWS):
        bottom = min(image.height, top + _ROWS)
        sys.stdout.buffer.write(image.crop((0, top, image.width, bottom)).tobytes())


def _fail(fault: str, words: str) -> None:
    _answer({"fault": fault, "words": words})


def _answer(told: dict[str, Any]) -> None:
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n")


if __name__ == "__main__":
    main()
