"""Pictures sorted into folders, one folder for each class."""

from __future__ import annotations

import os
import struct
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps
from tqdm import tqdm

from cnn.data.dataset import Dataset
from cnn.data.formats import FORMATS
from cnn.data.greys import has_deep_greys, reduce_greys
from cnn.data.heif import HeifError, decode_heif, heif_pixels
from cnn.errors import DataError

__all__ = ["load_folder"]

_MODES = {1: "L", 3: "RGB"}
_LEFT_BY_WINDOWS = ("thumbs.db", "desktop.ini")
_SHOWN_FAULTS = 5

# What Pillow's readers raise on damaged files.
_UNREADABLE = (
    OSError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    SyntaxError,
    EOFError,
    OverflowError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
    HeifError,
)


def load_folder(
    folder: str | os.PathLike[str],
    *,
    size: tuple[int, int] = (28, 28),
    channels: int = 1,
    progress: bool = False,
) -> Dataset:
    """Read a folder that holds one folder of pictures for each class.

    PNG, JPEG, WebP, GIF, BMP, TIFF, HEIC and AVIF are read, the first frame of an animation. A
    photograph is turned as its EXIF data say, transparency is laid on white, greys of more than
    8 bits are spread over 0 to 255, and the picture is stretched to `size`; nothing is inverted,
    cropped or centred. Files beside the folders, folders within them, and hidden files are
    ignored.

    Parameters
    ----------
    folder : path
        The folder of folders. Their names are the names of the classes.
    size : (int, int)
        Height and width of the pictures to return, in pixels.
    channels : {1, 3}
        Grey or RGB.
    progress : bool
        Whether to show a progress bar on the standard error stream.

    Returns
    -------
    Dataset
        Pictures (N, channels, *size), uint8, by class and file name. Classes with numbers as
        names come first, in numeric order; the others are sorted as text.

    Raises
    ------
    DataError
        There is no such folder, it or one of its folders is empty, or files in them are not
        readable pictures: the message names the first few.
    ValueError
        The size or the number of channels is impossible.
    """
    if channels not in _MODES or min(size) < 1:
        raise ValueError(f"expected 1 or 3 channels and a size >= 1, got {channels} and {size}")
    root = Path(folder)
    files = _pictures_by_class(root)
    paths = [(path, label) for label, group in enumerate(files.values()) for path in group]
    images = np.empty((len(paths), channels, *size), dtype=np.uint8)
    faults = []
    for index, (path, _) in enumerate(tqdm(paths, desc=root.name, disable=not progress)):
        try:
            images[index] = _read_picture(path, size=size, channels=channels)
        except _UNREADABLE as error:
            faults.append(f"  {path.relative_to(root)}: {error}")
    if faults:
        raise DataError(_describe(faults, root))
    return Dataset(images, np.array([label for _, label in paths], dtype=np.int64), tuple(files))


def _pictures_by_class(root: Path) -> dict[str, list[Path]]:
    try:
        folders = sorted((path for path in _visible(root) if path.is_dir()), key=_class_order)
        files = {path.name: sorted(p for p in _visible(path) if p.is_file()) for path in folders}
    except OSError as error:
        raise DataError(f"cannot read the folder {root}: {error}") from error
    if not files:
        raise DataError(f"{root} holds no folders: expected one for each class, with its pictures")
    if empty := [name for name, group in files.items() if not group]:
        raise DataError(
            f"no pictures in {', '.join(empty)} of {root}: put some there, or remove the folder"
        )
    return files


def _visible(folder: Path) -> list[Path]:
    return [
        path
        for path in folder.iterdir()
        if not path.name.startswith(".") and path.name.lower() not in _LEFT_BY_WINDOWS
    ]


def _class_order(folder: Path) -> tuple[bool, int, str]:
    name = folder.name
    return (False, int(name), name) if name.isdecimal() else (True, 0, name)


def _read_picture(path: Path, *, size: tuple[int, int], channels: int) -> NDArray[np.uint8]:
    """Return one picture as an array (channels, *size)."""
    height, width = size
    with _open(path) as opened:
        image = _on_white(ImageOps.exif_transpose(opened)).convert(_MODES[channels])
    pixels = np.asarray(image.resize((width, height), Image.Resampling.LANCZOS))
    # (H, W) or (H, W, 3) -> (channels, H, W)
    return np.moveaxis(pixels.reshape(height, width, channels), -1, 0)


def _open(path: Path) -> Image.Image:
    data = path.read_bytes()
    pixels = heif_pixels(data)
    return Image.open(path, formats=FORMATS) if pixels is None else decode_heif(data, pixels)


def _on_white(image: Image.Image) -> Image.Image:
    if has_deep_greys(image):
        return reduce_greys(image)
    if not image.has_transparency_data:
        return image
    layer = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer)


def _describe(faults: list[str], root: Path) -> str:
    more = len(faults) - _SHOWN_FAULTS
    lines = faults[:_SHOWN_FAULTS] + ([f"  and {more} more"] if more > 0 else [])
    which = "1 file in" if len(faults) == 1 else f"{len(faults)} files in"
    return (
        f"{which} {root} cannot be read as pictures:\n"
        + "\n".join(lines)
        + "\nRemove or replace them."
    )
