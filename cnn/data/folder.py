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
from cnn.data.folder_parts import class_order, list_folders, list_visible
from cnn.data.formats import FORMAT_NAMES, FORMATS
from cnn.data.heif import HeifError, decode_heif, heif_pixels
from cnn.data.pictures import MODES, fit_picture, stretch_picture
from cnn.errors import DataError, NoReadablePicture
from cnn.files import atomic_file

__all__ = [
    "FolderPictures",
    "LeftOut",
    "load_folder",
    "read_folder",
]

_SHOWN_FAULTS = 5
_MOST_PIXELS = 100_000_000  # of one picture: 400 MB in memory while it is read

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
    files : tuple of Path
        The file of each, within the folder of folders.
    left_out : tuple of LeftOut
        The other files.
    """

    data: Dataset
    files: tuple[Path, ...]
    left_out: tuple[LeftOut, ...]


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
    flat: bool = False,
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
    flat : bool
        Whether a folder without folders is taken, its files as one class with its name.
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
    files = _pictures_by_class(root, flat=flat)
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
            first = group[0].relative_to(root)
            reason = next(one.reason for one in found.left_out if one.path == first)
            raise NoReadablePicture(
                f"none of the files in {group[0].parent} is a readable picture ({first.name}: "
                f"{reason}): remove or replace them",
                folder=name,
            )
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


def _pictures_by_class(root: Path, *, flat: bool = False) -> dict[str, list[Path]]:
    folders = sorted(list_folders(root), key=lambda path: class_order(path.name))
    if flat and not folders:
        folders = [root]
    try:
        files = {
            path.name or "pictures": sorted(p for p in list_visible(path) if p.is_file())
            for path in folders
        }
    except OSError as error:
        raise DataError(f"cannot read the folder {root}: {error}") from error
    if not files:
        raise DataError(f"{root} holds no folders: expected one for each class, with its pictures")
    if folders == [root] and not any(files.values()):
        raise DataError(f"{root} holds no pictures: put some there")
    if empty := [name for name, group in files.items() if not group]:
        raise DataError(
            f"no pictures in {', '.join(empty)} of {root}: put some there, or remove the folder"
        )
    return files


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
    kept: list[Path] = []
    left_out: list[LeftOut] = []
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        each = tqdm(pool.map(read, paths), total=len(paths), desc=root.name, disable=not progress)
        for (path, label), found in zip(paths, each, strict=True):
            if isinstance(found, LeftOut):
                left_out.append(found)
                continue
            images[len(labels)] = found
            labels.append(label)
            kept.append(path.relative_to(root))
    data = Dataset(images[: len(labels)], np.array(labels, dtype=np.int64), tuple(files))
    return FolderPictures(data, tuple(kept), tuple(left_out))


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
            files = tuple(map(Path, kept["files"].tolist()))
            left_out = [LeftOut(Path(path), reason) for path, reason in kept["left_out"].tolist()]
    except (OSError, ValueError, KeyError, EOFError, zlib.error):
        return None  # no cache, or a damaged one: the files themselves are there
    return FolderPictures(data, files, tuple(left_out))


def _save_cache(cache: Path, state: str, found: FolderPictures) -> None:
    left_out = [(one.path.as_posix(), one.reason) for one in found.left_out]
    with atomic_file(cache) as file:
        np.savez(
            file,
            state=np.array(state),
            images=found.data.images,
            labels=found.data.labels,
            files=np.array([path.as_posix() for path in found.files], dtype=np.str_),
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
