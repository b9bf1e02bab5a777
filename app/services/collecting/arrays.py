"""Arrays in files, read in blocks of rows: NumPy's .npy, and MNIST's IDX, packed or not."""

from __future__ import annotations

import gzip
import math
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any, Protocol

import numpy as np
import numpy.typing as npt

from app.errors import UploadError
from app.services.collecting.zips import Budget
from cnn.vision.framing import SIDE

__all__ = ["MOST_ROWS", "ArrayFile", "open_idx", "open_npy", "pixel_rows", "read_labels"]

#: Pictures in one array.
MOST_ROWS = 100_000

_GZIP = b"\x1f\x8b"
_UNSIGNED_BYTE = 8
_LONGEST_HEADER = 10_000  # bytes of a .npy's header
_ROWS = 256  # read at a time
_DAMAGE = (OSError, EOFError, ValueError, TypeError, zlib.error, struct.error, SyntaxError)


class _Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


@dataclass(frozen=True)
class ArrayFile:
    """An array whose head is read, and whose rows follow."""

    name: str
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    file: _Readable
    budget: Budget

    def rows(self) -> Iterator[npt.NDArray[Any]]:
        """Yield the rows in blocks; raises UploadError if there are more or fewer than stated."""
        size = math.prod(self.shape[1:]) * self.dtype.itemsize
        left = self.shape[0]
        while left:
            count = min(left, _ROWS)
            with _damage_reported(self.name):
                data = _read(self.file, count * size)
            self.budget.spend(len(data))
            if len(data) != count * size:
                raise UploadError("array_damaged", name=self.name)
            yield np.frombuffer(data, self.dtype).reshape(count, *self.shape[1:])
            left -= count
        with _damage_reported(self.name):
            if self.file.read(1):
                raise UploadError("array_damaged", name=self.name)


@contextmanager
def open_idx(file: IO[bytes], *, name: str, budget: Budget) -> Iterator[ArrayFile]:
    """Open an IDX file of bytes, gzipped or not; raises UploadError."""
    packed = file.read(2) == _GZIP
    file.seek(0)
    with _damage_reported(name):
        content: _Readable = gzip.GzipFile(fileobj=file) if packed else file
        zeros, kind, axes = struct.unpack(">HBB", _read(content, 4))
        if zeros or kind != _UNSIGNED_BYTE or axes not in (1, 3):
            raise UploadError("array_damaged", name=name)
        shape = struct.unpack(f">{axes}I", _read(content, 4 * axes))
    yield _bounded(ArrayFile(name, shape, np.dtype(np.uint8), content, budget))


@contextmanager
def open_npy(file: IO[bytes], *, name: str, budget: Budget) -> Iterator[ArrayFile]:
    """Open a .npy file; raises UploadError for one that only pickle could read, too."""
    with _damage_reported(name):
        version = np.lib.format.read_magic(file)
        read = (
            np.lib.format.read_array_header_1_0
            if version == (1, 0)
            else np.lib.format.read_array_header_2_0
        )
        shape, fortran, dtype = read(file, max_header_size=_LONGEST_HEADER)
    if dtype.hasobject:
        raise UploadError("array_pickled", name=name)
    if fortran and len(shape) > 1:
        raise UploadError("array_order", name=name)
    yield _bounded(ArrayFile(name, shape, dtype, file, budget))


def pixel_rows(array: ArrayFile) -> Iterator[npt.NDArray[np.uint8]]:
    """Yield pictures of 28×28, white ink (255) on black (0); raises UploadError.

    Numbers of which none is above 1 mean 0 to 1, as in what `/predict` takes.
    """
    if array.shape[1:] not in ((SIDE, SIDE), (SIDE * SIDE,), (SIDE, SIDE, 1), (1, SIDE, SIDE)):
        raise UploadError("array_shape", name=array.name, shape=str(array.shape))
    if array.dtype.kind not in "uifb":
        raise UploadError("array_numbers", name=array.name)
    for block in array.rows():
        for picture in block.reshape(-1, SIDE, SIDE):
            yield _as_bytes(picture, array.name)


def read_labels(array: ArrayFile) -> list[str]:
    """Return an array of labels as text; raises UploadError."""
    if len(array.shape) != 1 or array.dtype.kind not in "uiU":
        raise UploadError("array_labels", name=array.name)
    return [str(value) for block in array.rows() for value in block.tolist()]


def _as_bytes(picture: npt.NDArray[Any], name: str) -> npt.NDArray[np.uint8]:
    if picture.dtype == np.uint8 and picture.max() > 1:
        return picture
    values = picture.astype(np.float64)
    if not np.isfinite(values).all() or values.min() < 0 or values.max() > 255:
        raise UploadError("array_numbers", name=name)
    scale = 255 if values.max() <= 1 else 1
    return np.rint(values * scale).astype(np.uint8)


def _bounded(array: ArrayFile) -> ArrayFile:
    if not array.shape or array.shape[0] > MOST_ROWS or array.dtype.itemsize > 1024:
        raise UploadError("array_too_large", name=array.name, most=MOST_ROWS)
    if math.prod(array.shape[1:]) > 4 * SIDE * SIDE:
        raise UploadError("array_shape", name=array.name, shape=str(array.shape))
    return array


def _read(file: _Readable, size: int) -> bytes:
    """Read so many bytes, or all that there are."""
    parts = []
    while size and (part := file.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


@contextmanager
def _damage_reported(name: str) -> Iterator[None]:
    try:
        yield
    except _DAMAGE as error:
        raise UploadError("array_damaged", name=name) from error
