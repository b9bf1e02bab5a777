"""Pictures sorted into folders, one folder for each class."""

from __future__ import annotations

import hashlib
import io
import os
import struct
import zlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError
from tqdm import tqdm

from cnn.data.dataset import Dataset
from cnn.data.formats import FORMAT_NAMES, FORMATS
from cnn.data.heif import HeifError, decode_heif, heif_pixels
from cnn.data.pictures import MODES, fit_picture, stretch_picture
from cnn.errors import DataError
from cnn.files import atomic_file

__all__ = ["FolderPictures", "LeftOut", "find_parts", "load_folder", "read_folder"]

_LEFT_BY_WINDOWS = ("thumbs.db", "desktop.ini")
_SHOWN_FAULTS = 5
_MOST_PIXELS = 100_000_000  # of one picture: 400 MB in memory while it is read

#: The part of the pictures that a folder holds, by its name in lower case.
_PART_OF = {
    **dict.fromkeys(("train", "training", "training_set"), "train"),
    **dict.fromkeys(("val", "valid", "validation", "validation_set"), "validation"),
    **dict.fromkeys(("test", "testing", "test_set"), "test"),
}

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


@dataclass(frozen=True)
class LeftOut:
    """A file that is no readable picture.

    Attributes
    ----------
    path : Path
        The file, within its folder of folders.
    reason : str
        What is wrong with it, in words for programmers.
    """

    path: Path
    reason: str


@dataclass(frozen=True)
class FolderPictures:
    """What was read from a folder.

    Attributes
    ----------
    data : Dataset
        The pictures that are readable.
    left_out : tuple of LeftOut
        The other files.
    """

    data: Dataset
    left_out: tuple[LeftOut, ...]


def find_parts(folder: str | os.PathLike[str]) -> dict[str, Path]:
    """Find the folders for training, validation and test in a folder.

    Parameters
    ----------
    folder : path
        A folder with `training_set` and `test_set`, with `train`, `val` and `test`, or the
        like, in any case; or else with a folder for each class.

    Returns
    -------
    dict of str to Path
        "train", and "validation" and "test" if they are there; the folder itself as "train" if
        it holds no such folders.

    Raises
    ------
    DataError
        It cannot be read, holds parts but none for training, or two for the same.
    """
    root = Path(folder)
    parts: dict[str, Path] = {}
    for path in _folders(root):
        part = _PART_OF.get(path.name.lower())
        if part is None:
            continue
        if part in parts:
            raise DataError(
                f"{root} holds both {parts[part].name} and {path.name}: keep one of them"
            )
        parts[part] = path
    if not parts:
        return {"train": root}
    if "train" not in parts:
        names = ", ".join(path.name for path in parts.values())
        raise DataError(f"{root} holds {names}, but no folder train or training_set beside it")
    return parts


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
    _check_shape(size, channels)
    root = Path(folder)
    files = _pictures_by_class(root)
    found = _read(root, files, size=size, channels=channels, crop=False, progress=progress)
    if found.left_out:
        raise DataError(_describe(found.left_out, root))
    return found.data


def read_folder(
    folder: str | os.PathLike[str],
    *,
    size: tuple[int, int],
    channels: int,
    classes: Sequence[str] | None = None,
    cache: str | os.PathLike[str] | None = None,
    progress: bool = False,
) -> FolderPictures:
    """Read a folder as `load_folder` does, but crop pictures, and leave out what is not readable.

    Parameters
    ----------
    folder : path
        The folder of folders.
    size, channels
        As for `load_folder`. What is too wide or too high for `size` is cut off.
    classes : sequence of str, optional
        The classes of a model; the folder may lack some, but has no others.
    cache : path, optional
        A file to keep the decoded pictures in; used again while the files are the same.
    progress : bool
        Whether to show a progress bar on the standard error stream.

    Raises
    ------
    DataError
        As for `load_folder`, or a class has no readable picture, two differ only in upper and
        lower case, or there is one that `classes` lacks.
    ValueError
        The size or the number of channels is impossible.
    """
    _check_shape(size, channels)
    root = Path(folder)
    files = _pictures_by_class(root)
    _check_names(root, list(files), classes)
    if classes is not None:
        files = {name: files.get(name, []) for name in classes}
    state = "" if cache is None else _state(root, files, size, channels)
    found = None if cache is None else _load_cache(Path(cache), state, tuple(files))
    if found is None:
        found = _read(root, files, size=size, channels=channels, crop=True, progress=progress)
        if cache is not None:
            _save_cache(Path(cache), state, found)
    counts = np.bincount(found.data.labels, minlength=len(files))
    for (name, group), count in zip(files.items(), counts, strict=True):
        if group and not count:
            raise DataError(f"none of the files in {name} of {root} is a readable picture")
    return found


def _check_shape(size: tuple[int, int], channels: int) -> None:
    if channels not in MODES or min(size) < 1:
        raise ValueError(f"expected 1 or 3 channels and a size >= 1, got {channels} and {size}")


def _check_names(root: Path, names: list[str], classes: Sequence[str] | None) -> None:
    folded: dict[str, str] = {}
    for name in names:
        other = folded.setdefault(name.casefold(), name)
        if other != name:
            raise DataError(
                f"{root} holds both {other} and {name}: if they are one class, put their pictures "
                "together; if not, give one of them another name"
            )
    if unknown := sorted(set(names) - set(names if classes is None else classes)):
        raise DataError(
            f"{root} holds {', '.join(unknown)}, but the classes are {', '.join(classes or ())}"
        )


def _pictures_by_class(root: Path) -> dict[str, list[Path]]:
    folders = sorted(_folders(root), key=_class_order)
    try:
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


def _folders(root: Path) -> list[Path]:
    try:
        return [path for path in _visible(root) if path.is_dir()]
    except OSError as error:
        raise DataError(f"cannot read the folder {root}: {error}") from error


def _visible(folder: Path) -> list[Path]:
    return [
        path
        for path in folder.iterdir()
        if not path.name.startswith(".") and path.name.lower() not in _LEFT_BY_WINDOWS
    ]


def _class_order(folder: Path) -> tuple[bool, int, str]:
    name = folder.name
    return (False, int(name), name) if name.isdecimal() else (True, 0, name)


def _read(
    root: Path,
    files: dict[str, list[Path]],
    *,
    size: tuple[int, int],
    channels: int,
    crop: bool,
    progress: bool,
) -> FolderPictures:
    """Read the files of each class, several at a time: decoders let go of the interpreter."""
    paths = [(path, label) for label, group in enumerate(files.values()) for path in group]
    bring = fit_picture if crop else stretch_picture

    def read(entry: tuple[Path, int]) -> NDArray[np.uint8] | LeftOut:
        try:
            with _open(entry[0]) as image:
                return bring(ImageOps.exif_transpose(image), size, channels)
        except UnidentifiedImageError:
            reason = f"none of the formats {FORMAT_NAMES}"
            return LeftOut(entry[0].relative_to(root), reason)
        except _UNREADABLE as error:
            return LeftOut(entry[0].relative_to(root), str(error))

    images = np.empty((len(paths), channels, *size), dtype=np.uint8)
    labels: list[int] = []
    left_out: list[LeftOut] = []
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        each = tqdm(pool.map(read, paths), total=len(paths), desc=root.name, disable=not progress)
        for (_, label), found in zip(paths, each, strict=True):
            if isinstance(found, LeftOut):
                left_out.append(found)
                continue
            images[len(labels)] = found
            labels.append(label)
    data = Dataset(images[: len(labels)], np.array(labels, dtype=np.int64), tuple(files))
    return FolderPictures(data, tuple(left_out))


def _open(path: Path) -> Image.Image:
    data = path.read_bytes()
    pixels = heif_pixels(data)
    if pixels is not None:
        return decode_heif(data, pixels)
    image = Image.open(io.BytesIO(data), formats=FORMATS)
    if image.width * image.height > _MOST_PIXELS:
        raise ValueError(f"it has {image.width} × {image.height} pixels, too many")
    return image


def _state(root: Path, files: dict[str, list[Path]], size: tuple[int, int], channels: int) -> str:
    """Return a digest that changes with the files' names, sizes and times, and with the shape."""
    digest = hashlib.sha256(repr((list(files), size, channels)).encode())
    for group in files.values():
        for path in group:
            stat = path.stat()
            entry = (str(path.relative_to(root)), stat.st_size, stat.st_mtime_ns)
            digest.update(repr(entry).encode())
    return digest.hexdigest()


def _load_cache(cache: Path, state: str, classes: tuple[str, ...]) -> FolderPictures | None:
    try:
        with np.load(cache, allow_pickle=False) as kept:
            if str(kept["state"]) != state:
                return None
            data = Dataset(kept["images"], kept["labels"], classes)
            left_out = [LeftOut(Path(path), reason) for path, reason in kept["left_out"].tolist()]
    except (OSError, ValueError, KeyError, EOFError, zlib.error):
        return None  # no cache, or a damaged one: the files themselves are there
    return FolderPictures(data, tuple(left_out))


def _save_cache(cache: Path, state: str, found: FolderPictures) -> None:
    left_out = [(one.path.as_posix(), one.reason) for one in found.left_out]
    with atomic_file(cache) as file:
        np.savez(
            file,
            state=np.array(state),
            images=found.data.images,
            labels=found.data.labels,
            left_out=np.array(left_out, dtype=np.str_).reshape(len(left_out), 2),
        )


def _describe(left_out: tuple[LeftOut, ...], root: Path) -> str:
    more = len(left_out) - _SHOWN_FAULTS
    lines = [f"  {one.path}: {one.reason}" for one in left_out[:_SHOWN_FAULTS]]
    lines += [f"  and {more} more"] if more > 0 else []
    which = "1 file in" if len(left_out) == 1 else f"{len(left_out)} files in"
    return (
        f"{which} {root} cannot be read as pictures:\n"
        + "\n".join(lines)
        + "\nRemove or replace them."
    )
