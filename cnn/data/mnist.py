"""MNIST: 70,000 handwritten digits, 28 × 28, white on black.

References
----------
Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-based learning applied to document
recognition", Proceedings of the IEEE 86(11), 1998.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnn.data.dataset import Dataset
from cnn.data.home import Home, check_digest
from cnn.data.idx import decode_idx, read_unpacked

__all__ = ["FILES", "MIRRORS", "MnistFile", "load_mnist"]

MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "https://raw.githubusercontent.com/fgnt/mnist/master/",
)
_MOST_BYTES = 1 << 26
_CLASSES = tuple("0123456789")


@dataclass(frozen=True)
class MnistFile:
    """One of the four files.

    Parameters
    ----------
    name : str
        Its name on the mirrors, without ``.gz``.
    sha256 : str
        The digest of its unpacked bytes, in lower-case hexadecimal.
    """

    name: str
    sha256: str

    def locate(self, folder: Path) -> Path:
        """Return the file under one of its usual names, or where a download of it belongs."""
        packed, dotted = f"{self.name}.gz", self.name.replace("-idx", ".idx")
        for name in (packed, self.name, f"{dotted}.gz", dotted):
            if (folder / name).is_file():
                return folder / name
        return folder / packed


FILES = (
    MnistFile(
        "train-images-idx3-ubyte",
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    ),
    MnistFile(
        "train-labels-idx1-ubyte",
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    ),
    MnistFile(
        "t10k-images-idx3-ubyte",
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    ),
    MnistFile(
        "t10k-labels-idx1-ubyte",
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    ),
)


def load_mnist(
    folder: str | os.PathLike[str] | None = None,
    *,
    download: bool | None = None,
    progress: bool = True,
) -> tuple[Dataset, Dataset]:
    """Read MNIST from a folder, or download it once.

    Parameters
    ----------
    folder : path, optional
        The folder of the four files, gzipped or plain, named with ``-idx3-ubyte`` or
        ``.idx3-ubyte``. None is the folder ``mnist`` in the person's cache
        (`cnn.data.download.cache_root`).
    download : bool, optional
        Whether to fetch the files that are missing. By default they are fetched into the cache
        only: nothing is put into a folder that was named, unless this is True.
    progress : bool
        Whether to show a progress bar while downloading.

    Returns
    -------
    train, test : Dataset
        60,000 and 10,000 pictures (N, 1, 28, 28), uint8, white on black; classes "0" to "9".

    Raises
    ------
    DataError
        A file is missing, cannot be downloaded, or its unpacked bytes have another SHA-256
        than MNIST's.
    """
    home = Home.choose("mnist", folder, download)
    paths = {file: file.locate(home.path) for file in FILES}
    missing = [file for file, path in paths.items() if not path.is_file()]
    if missing:
        names = ", ".join(f"{file.name}[.gz]" for file in missing)
        home.fetch(
            {paths[file]: file.sha256 for file in missing},
            MIRRORS,
            missing=f"MNIST is not complete in {home.path}: {names} missing",
            gzipped=True,
            progress=progress,
        )
    train_images, train_labels, test_images, test_labels = (
        _read(path, sha256=file.sha256) for file, path in paths.items()
    )
    return _dataset(train_images, train_labels), _dataset(test_images, test_labels)


def _read(path: Path, *, sha256: str) -> NDArray[np.uint8]:
    data = read_unpacked(path, limit=_MOST_BYTES)
    check_digest(data, sha256, name=str(path), owner="MNIST")
    return decode_idx(data, name=str(path))


def _dataset(images: NDArray[np.uint8], labels: NDArray[np.uint8]) -> Dataset:
    # (N, 28, 28) -> (N, 1, 28, 28)
    return Dataset(images[:, np.newaxis], labels.astype(np.int64), _CLASSES)
