"""Archives with a folder of pictures for each class."""

import io
import struct
import zipfile

import numpy as np
from PIL import Image

from tests.app.collecting import packed

__all__ = ["COLOURS", "colour", "colours", "lying", "zipped"]

COLOURS = {"blue": (40, 60, 200), "red": (200, 60, 40), "green": (40, 180, 60)}


def colour(name, seed):
    """Return a noisy picture of a colour as a file."""
    rng = np.random.default_rng(seed)
    pixels = np.array(COLOURS[name]) + rng.normal(0, 40, (24, 30, 3))
    file = io.BytesIO()
    Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(file, "PNG")
    return file.getvalue()


def colours(count, names=("blue", "red"), *, within="", seed=0):
    """Return so many pictures of each colour, in a folder for each."""
    return {
        f"{within}{name}/{number}.png": colour(name, seed + number)
        for name in names
        for number in range(count)
    }


def zipped(*arguments, **options):
    """Return an archive of `colours` to be read."""
    return io.BytesIO(packed(colours(*arguments, **options)))


def lying():
    """Return an archive of two classes, of which an entry unpacks to more than it states."""
    files = colours(4) | {"red/large": bytes(40_000_000)}
    archive = bytearray(packed(files, compression=zipfile.ZIP_DEFLATED))
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", archive, archive.rfind(mark) + at, 1000)
    return bytes(archive)
