"""Files of made pictures, which say that they are made."""

from __future__ import annotations

import csv
import io
import os
import struct
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter
from PIL.PngImagePlugin import PngInfo

from cnn.data.idx import encode_idx
from cnn.data.pictures import MODES
from cnn.data.tracing import svg_path, trace_ink
from cnn.files import atomic_file

__all__ = ["KINDS", "MADE", "encode_line", "encode_made", "encode_png", "is_made", "save_made"]

#: What the text chunk "Source" of a made PNG says, and the column of a table.
MADE = "made"

_COLUMNS = 10
_BLUR = 0.7  # pixels
_LARGER, _GAP, _FAINT = 4, 2, 32  # a line's scale, pixels beside a digit, levels that are no ink
_MOST_ON_A_SHEET = 10_000
_ABOUT = "Made by the generator {}; nobody wrote or photographed it."
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_SAID = b"Source\0" + MADE.encode()
_DATE = (1980, 1, 1, 0, 0, 0)  # the same pictures give the same file

Pictures = NDArray[np.uint8]


def encode_png(picture: Pictures, maker: str) -> bytes:
    """Return a made picture (C, H, W) as a PNG file with text chunks that say so.

    Parameters
    ----------
    picture : ndarray of uint8, (C, H, W)
        Grey or RGB.
    maker : str
        The name of the generator.
    """
    return _as_file(_as_image(picture), maker)


def encode_line(pictures: Pictures, maker: str) -> bytes:
    """Return made digits as a line of writing: a PNG of black ink on a transparent ground.

    Each takes the room of its ink; the digits are enlarged four times.

    Parameters
    ----------
    pictures : ndarray of uint8, (N, 1, H, W)
        Light ink on black; at least one.
    maker : str
        The name of the generator.
    """
    ink = Image.fromarray(_join(pictures), "L")
    ink = ink.resize((ink.width * _LARGER, ink.height * _LARGER), Image.Resampling.BICUBIC)
    line = Image.new("RGBA", ink.size)
    line.putalpha(ink)
    return _as_file(line, maker)


def is_made(content: bytes) -> bool:
    """Say whether a file is a PNG whose text says that its picture is made.

    Parameters
    ----------
    content : bytes
        Any file, damaged ones as well.
    """
    place = len(_SIGNATURE)
    if not content.startswith(_SIGNATURE):
        return False
    while place + 8 <= len(content):
        length, kind = struct.unpack_from(">I4s", content, place)
        if kind == b"IDAT":  # ours say it before
            return False
        if kind == b"tEXt" and content[place + 8 : place + 8 + length] == _SAID:
            return True
        place += length + 12  # its length, kind and checksum
    return False


def _join(pictures: Pictures) -> NDArray[np.uint8]:
    """Return digits (N, 1, H, W) side by side (H, W'), each in the room of its ink."""
    parts = []
    for picture in pictures[:, 0]:
        inked = np.flatnonzero((picture > _FAINT).any(axis=0))
        left, right = (inked[0], inked[-1] + 1) if len(inked) else (0, picture.shape[1])
        parts.append(np.pad(picture[:, left:right], ((0, 0), (_GAP, _GAP))))
    return np.concatenate(parts, axis=1)


def _as_file(image: Image.Image, maker: str) -> bytes:
    text = PngInfo()
    text.add_text("Source", MADE)
    text.add_text("Description", _ABOUT.format(maker))
    text.add_text("Software", "DigitNet")
    file = io.BytesIO()
    image.save(file, "PNG", pnginfo=text)
    return file.getvalue()


def save_made(
    path: str | os.PathLike[str],
    pictures: Pictures,
    labels: NDArray[np.int64],
    classes: Sequence[str],
    *,
    maker: str,
) -> None:
    """Write made pictures to a file, atomically; the end of its name says which kind.

    .png, .npz or .zip; see `encode_made`.

    Parameters
    ----------
    path : path
        Replaced if it exists.
    pictures, labels, classes, maker
        As for `encode_made`.

    Raises
    ------
    ValueError
        If the name ends in something else, or there are too many pictures for a sheet.
    OSError
        If the file cannot be written.
    """
    path = Path(path)
    kind = path.suffix.lower().removeprefix(".")
    if kind not in _SUFFIXES:
        raise ValueError(f"{path}: the name of a file of made pictures ends in .png, .npz or .zip")
    if kind == "png" and len(pictures) > _MOST_ON_A_SHEET:
        raise ValueError(
            f"{path}: a sheet holds at most {_MOST_ON_A_SHEET:,} pictures, not {len(pictures):,}; "
            "choose a name that ends in .npz or .zip"
        )
    with atomic_file(path) as file:
        _WRITERS[kind](file, pictures, labels, classes, maker)


def encode_made(
    kind: str,
    pictures: Pictures,
    labels: NDArray[np.int64],
    classes: Sequence[str],
    *,
    maker: str,
) -> bytes:
    """Return the file of a kind with made pictures, which says that they are made.

    "png": a sheet of all pictures, ten to a row. "npz": `images` of uint8 (N, H, W), or
    (N, H, W, 3) in colour, `labels` (N,), `classes`, `source` (N,), and `generator`. "zip": a
    folder of PNG files for each class, and labels.csv. "idx": a ZIP of two files in MNIST's format,
    and a text that says what they are. "svg": a line of writing whose outlines are traced, to be
    enlarged.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    pictures : ndarray of uint8, (N, C, H, W)
        At least one; "idx" and "svg" take grey ones alone.
    labels : ndarray of int64, (N,)
        The class of each: an index into `classes`.
    classes : sequence of str
        Their names.
    maker : str
        The name of the generator.
    """
    file = io.BytesIO()
    _WRITERS[kind](file, pictures, labels, classes, maker)
    return file.getvalue()


def _write_sheet(
    file: IO[bytes],
    pictures: Pictures,
    labels: NDArray[np.int64],
    classes: Sequence[str],
    maker: str,
) -> None:
    count, channels, height, width = pictures.shape
    columns = min(_COLUMNS, count)
    rows = -(-count // columns)
    cells = np.zeros((rows * columns, channels, height, width), np.uint8)
    cells[:count] = pictures
    # (rows, columns, C, H, W) -> (C, rows, H, columns, W)
    sheet = cells.reshape(rows, columns, channels, height, width).transpose(2, 0, 3, 1, 4)
    file.write(encode_png(sheet.reshape(channels, rows * height, columns * width), maker))


def _write_arrays(
    file: IO[bytes],
    pictures: Pictures,
    labels: NDArray[np.int64],
    classes: Sequence[str],
    maker: str,
) -> None:
    images = pictures[:, 0] if pictures.shape[1] == 1 else pictures.transpose(0, 2, 3, 1)
    np.savez_compressed(
        file,
        images=images,
        labels=labels,
        classes=np.array(classes, np.str_),
        source=np.full(len(labels), MADE),
        generator=np.array(maker),
    )


def _write_zip(
    file: IO[bytes],
    pictures: Pictures,
    labels: NDArray[np.int64],
    classes: Sequence[str],
    maker: str,
) -> None:
    table = io.StringIO()
    rows = csv.writer(table)
    rows.writerow(["file", "label", "source", "generator"])
    with zipfile.ZipFile(file, "w") as archive:  # PNG files do not get smaller
        for number, (picture, label) in enumerate(zip(pictures, labels, strict=True)):
            name = f"{classes[label]}/{number:06}.png"
            rows.writerow([name, classes[label], MADE, maker])
            archive.writestr(zipfile.ZipInfo(name, _DATE), encode_png(picture, maker))
        archive.writestr(zipfile.ZipInfo("labels.csv", _DATE), table.getvalue())


def _write_idx(
    file: IO[bytes],
    pictures: Pictures,
    labels: NDArray[np.int64],
    classes: Sequence[str],
    maker: str,
) -> None:
    files = {
        "made-images-idx3-ubyte": encode_idx(pictures[:, 0]),
        "made-labels-idx1-ubyte": encode_idx(labels.astype(np.uint8)),
        "README.txt": (_ABOUT.format(maker) + "\n").encode(),
    }
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _DATE), content, zipfile.ZIP_DEFLATED)


def _write_svg(
    file: IO[bytes],
    pictures: Pictures,
    labels: NDArray[np.int64],
    classes: Sequence[str],
    maker: str,
) -> None:
    # Smoothed, so that outlines do not follow each pixel.
    smooth = Image.fromarray(_join(pictures), "L").filter(ImageFilter.GaussianBlur(_BLUR))
    ink = np.asarray(smooth)
    height, width = ink.shape
    shown = " ".join(classes[label] for label in labels)
    file.write(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width * _LARGER}" height="{height * _LARGER}"><title>{escape(shown)}</title>'
        f"<desc>{escape(_ABOUT.format(maker))}</desc>"
        f'<path fill-rule="evenodd" d="{svg_path(trace_ink(ink))}"/></svg>\n'.encode()
    )


_Writer = Callable[[IO[bytes], Pictures, NDArray[np.int64], Sequence[str], str], None]
_WRITERS: dict[str, _Writer] = {
    "png": _write_sheet,
    "npz": _write_arrays,
    "zip": _write_zip,
    "idx": _write_idx,
    "svg": _write_svg,
}
_SUFFIXES = ("png", "npz", "zip")
#: The kinds of files of made pictures.
KINDS = tuple(_WRITERS)


def _as_image(picture: Pictures) -> Image.Image:
    channels = len(picture)
    pixels = picture[0] if channels == 1 else np.ascontiguousarray(picture.transpose(1, 2, 0))
    return Image.fromarray(pixels, MODES[channels])
