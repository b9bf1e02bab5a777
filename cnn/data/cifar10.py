"""CIFAR-10, binary version: 60,000 colour photographs, 32 × 32, of ten kinds of things.

A ``.bin`` file is 10,000 records of one byte, the label, and 3,072 bytes, the red, the green
and the blue plane of 32 × 32, row by row. The version for Python is not read: it is a pickle.

References
----------
A. Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009.
https://www.cs.toronto.edu/~kriz/cifar.html gives the archive's MD5,
c32a1d4ab5d03f1284b67883e8d87530. The SHA-256 of the archive and of the six files are those
that the Ruby library torchvision checks; other public projects state the same for the archive
and for the test set.
"""

from __future__ import annotations

import os
import tarfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np

from cnn.data.dataset import Dataset
from cnn.data.home import Home, check_digest
from cnn.errors import DataError

__all__ = ["ARCHIVE", "ARCHIVE_SHA256", "BATCHES", "MIRRORS", "Batch", "load_cifar10"]

ARCHIVE = "cifar-10-binary.tar.gz"
ARCHIVE_SHA256 = "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd"
MIRRORS = (
    "https://www.cs.toronto.edu/~kriz/",
    "https://cave.cs.toronto.edu/kriz/",
)
_META = "batches.meta.txt"
_META_MOST_BYTES = 4096
_INNER_FOLDER = "cifar-10-batches-bin"
_SHAPE = (3, 32, 32)
_RECORD = 1 + 3 * 32 * 32
_CLASSES = 10


@dataclass(frozen=True)
class Batch:
    """One ``.bin`` file.

    Parameters
    ----------
    name : str
        Its file name.
    sha256 : str
        The digest of its bytes, in lower-case hexadecimal.
    records : int
        How many pictures it holds.
    """

    name: str
    sha256: str
    records: int = 10_000


# The last is the test set.
BATCHES = (
    Batch("data_batch_1.bin", "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5"),
    Batch("data_batch_2.bin", "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed"),
    Batch("data_batch_3.bin", "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67"),
    Batch("data_batch_4.bin", "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48"),
    Batch("data_batch_5.bin", "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add"),
    Batch("test_batch.bin", "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b"),
)


def load_cifar10(
    folder: str | os.PathLike[str] | None = None,
    *,
    download: bool | None = None,
    progress: bool = True,
) -> tuple[Dataset, Dataset]:
    """Read CIFAR-10 from its ``.bin`` files or straight from the archive, or download it once.

    Parameters
    ----------
    folder : path, optional
        A folder with the ``.bin`` files, or with ``cifar-10-batches-bin``, or with
        ``cifar-10-binary.tar.gz``; or that archive itself. None is the folder ``cifar10`` in
        the person's cache (`cnn.data.download.cache_root`).
    download : bool, optional
        Whether to fetch the archive (162 MiB) if there is nothing. By default it is fetched
        into the cache only: nothing is put into a folder that was named, unless this is True.
    progress : bool
        Whether to show a progress bar while downloading.

    Returns
    -------
    train, test : Dataset
        50,000 and 10,000 pictures (N, 3, 32, 32), uint8, RGB; ten classes, named as in
        ``batches.meta.txt``.

    Raises
    ------
    DataError
        A file is missing, damaged, or cannot be downloaded.
    """
    home = Home.choose("cifar10", folder, download)
    place = _locate(home.path)
    if place is None:
        place = home.path / ARCHIVE
        home.fetch(
            {place: ARCHIVE_SHA256},
            MIRRORS,
            missing=f"CIFAR-10 is not in {home.path}: neither .bin files nor {ARCHIVE}",
            progress=progress,
        )
    contents = _from_archive(place) if place.is_file() else _from_folder(place)
    classes = _class_names(contents.get(_META), place)
    batches = [_checked(batch, contents.get(batch.name), place) for batch in BATCHES]
    return _dataset(b"".join(batches[:-1]), classes), _dataset(batches[-1], classes)


def _locate(home: Path) -> Path | None:
    """Return the folder of the ``.bin`` files or the archive, whichever is there."""
    if home.is_file():
        return home
    for place in (home, home / _INNER_FOLDER):
        if any((place / batch.name).is_file() for batch in BATCHES):
            return place
    archive = home / ARCHIVE
    return archive if archive.is_file() else None


def _sizes() -> dict[str, int]:
    return {batch.name: batch.records * _RECORD for batch in BATCHES} | {_META: _META_MOST_BYTES}


def _from_folder(folder: Path) -> dict[str, bytes]:
    contents = {}
    for name, size in _sizes().items():
        try:
            with (folder / name).open("rb") as file:
                contents[name] = file.read(size + 1)
        except FileNotFoundError:
            continue
        except OSError as error:
            raise DataError(f"cannot read {folder / name}: {error}") from error
    return contents


def _from_archive(archive: Path) -> dict[str, bytes]:
    # The members are read in memory and matched by their last name alone: nothing is
    # extracted, so a path inside the archive can lead nowhere.
    contents = {}
    sizes = _sizes()
    try:
        with tarfile.open(archive, "r:gz") as tar:
            for member in tar:
                name = PurePosixPath(member.name).name
                file = tar.extractfile(member) if name in sizes and member.isreg() else None
                if file is not None:
                    contents[name] = file.read(sizes[name] + 1)
    except (tarfile.TarError, OSError, EOFError, zlib.error) as error:
        raise DataError(
            f"{archive} is damaged or no {ARCHIVE}: {error}. Delete it and run again."
        ) from error
    return contents


def _checked(batch: Batch, data: bytes | None, place: Path) -> bytes:
    if data is None:
        raise DataError(f"CIFAR-10 is not complete: {batch.name} is missing from {place}")
    check_digest(data, batch.sha256, name=f"{batch.name} in {place}", owner="CIFAR-10")
    return data


def _class_names(data: bytes | None, place: Path) -> tuple[str, ...]:
    if data is None:
        raise DataError(f"CIFAR-10 is not complete: {_META} is missing from {place}")
    names = tuple(data.decode("ascii", errors="replace").split())
    if len(set(names)) != _CLASSES:
        raise DataError(f"{_META} in {place} is damaged: {_CLASSES} names expected, got {names}")
    return names


def _dataset(data: bytes, classes: tuple[str, ...]) -> Dataset:
    # (N * 3073,) -> (N, 3073) -> (N, 3, 32, 32)
    records = np.frombuffer(data, dtype=np.uint8).reshape(-1, _RECORD)
    images = np.ascontiguousarray(records[:, 1:]).reshape(-1, *_SHAPE)
    return Dataset(images, records[:, 0].astype(np.int64), classes)
