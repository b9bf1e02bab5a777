"""IDX files, the format of MNIST: a magic number, the sizes of the axes, then the bytes.

The first two bytes are zero, the third is the type of the elements (0x08: unsigned bytes), the
fourth the number of axes; the size of each axis follows as a big-endian 32-bit integer. Only
unsigned bytes are read and written here: every data set of pictures uses them.

References
----------
Y. LeCun, C. Cortes, C. J. C. Burges, "The MNIST database of handwritten digits", section "File
formats". http://yann.lecun.com/exdb/mnist/
"""

from __future__ import annotations

import gzip
import math
import os
import struct
import zlib
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from cnn.errors import DataError

__all__ = [
    "decode_idx",
    "encode_idx",
    "encode_idx_header",
    "read_idx",
    "read_unpacked",
    "write_idx",
]

_UNSIGNED_BYTE = 0x08
_MOST_AXES = 8
_MOST_BYTES = 1 << 32
_GZIP_MAGIC = b"\x1f\x8b"
_CHUNK = 1 << 20


def read_idx(path: str | os.PathLike[str]) -> NDArray[np.uint8]:
    """Read an IDX file, gzipped or plain, as its first bytes say.

    Parameters
    ----------
    path : path
        The file.

    Returns
    -------
    uint8 array
        Of the shape that the file states; 0 to 255.

    Raises
    ------
    DataError
        The file is missing or unreadable, is not an IDX file of unsigned bytes, or holds more
        or fewer bytes than it states.
    """
    return decode_idx(read_unpacked(path), name=str(path))


def read_unpacked(path: str | os.PathLike[str], *, limit: int = _MOST_BYTES) -> bytearray:
    """Read a whole file, unpacking it if it is a gzip file.

    Parameters
    ----------
    path : path
        The file.
    limit : int
        The most bytes, unpacked, to accept: a small gzip file can hold very many.

    Returns
    -------
    bytearray
        The unpacked bytes.

    Raises
    ------
    DataError
        The file is missing, unreadable, damaged, or larger than `limit` when unpacked.
    """
    try:
        with Path(path).open("rb") as file:
            packed = file.read(len(_GZIP_MAGIC)) == _GZIP_MAGIC
            file.seek(0)
            if not packed:
                return _read_all(file, limit=limit, name=str(path))
            with gzip.GzipFile(fileobj=file) as unpacked:
                return _read_all(unpacked, limit=limit, name=str(path))
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"cannot read {path}: {error}; check or replace the file") from error


def decode_idx(data: bytes | bytearray, *, name: str = "the file") -> NDArray[np.uint8]:
    """Turn the bytes of a plain IDX file into an array.

    Parameters
    ----------
    data : bytes or bytearray
        The whole file. The array shares a bytearray's memory and is then writable.
    name : str
        The name of the file in error messages.

    Returns
    -------
    uint8 array
        Of the shape that the file states; 0 to 255.

    Raises
    ------
    DataError
        It is not an IDX file of unsigned bytes, or has more or fewer bytes than it states.
    """
    shape = _read_header(data, name=name)
    start = 4 + 4 * len(shape)
    expected = math.prod(shape)
    if len(data) - start != expected:
        raise DataError(
            f"{name} is damaged: its header states the shape {shape}, {expected:,} bytes, "
            f"but {len(data) - start:,} follow; replace the file"
        )
    return np.frombuffer(data, dtype=np.uint8, offset=start).reshape(shape)


def encode_idx(array: NDArray[np.uint8]) -> bytes:
    """Turn an array into the bytes of a plain IDX file.

    Parameters
    ----------
    array : uint8 array, 1 to 8 axes
        0 to 255.

    Returns
    -------
    bytes
        The whole file.

    Raises
    ------
    ValueError
        The array is not of bytes, or has too many axes or elements.
    """
    if array.dtype != np.uint8:
        raise ValueError(f"expected a uint8 array, got {array.dtype} {array.shape}")
    return encode_idx_header(array.shape) + array.tobytes()


def encode_idx_header(shape: tuple[int, ...]) -> bytes:
    """Return what a plain IDX file of unsigned bytes begins with.

    Parameters
    ----------
    shape : tuple of int
        The sizes of its 1 to 8 axes; as many bytes as their product have to follow.

    Raises
    ------
    ValueError
        There are too many axes or elements.
    """
    if not 1 <= len(shape) <= _MOST_AXES or _too_big(shape):
        raise ValueError(
            f"expected 1 to {_MOST_AXES} axes and at most {_MOST_BYTES:,} bytes, got {shape}"
        )
    return struct.pack(f">HBB{len(shape)}I", 0, _UNSIGNED_BYTE, len(shape), *shape)


def write_idx(target: str | os.PathLike[str] | BinaryIO, array: NDArray[np.uint8]) -> None:
    """Write an array as an IDX file.

    Parameters
    ----------
    target : path or binary file
        A path that ends in ``.gz`` is compressed, always to the same bytes for the same array.
    array : uint8 array, 1 to 8 axes
        0 to 255.

    Raises
    ------
    ValueError
        The array is not of bytes, or has too many axes or elements.
    OSError
        The file cannot be written.
    """
    data = encode_idx(array)
    if not isinstance(target, (str, os.PathLike)):
        target.write(data)
        return
    path = Path(target)
    # The time is left out of the gzip header: equal data give equal files.
    path.write_bytes(gzip.compress(data, mtime=0) if path.suffix == ".gz" else data)


def _read_all(file: BinaryIO | gzip.GzipFile, *, limit: int, name: str) -> bytearray:
    data = bytearray()
    while chunk := file.read(_CHUNK):
        data += chunk
        if len(data) > limit:
            raise DataError(f"{name} holds more than {limit:,} bytes: this is not the right file")
    return data


def _read_header(data: bytes | bytearray, *, name: str) -> tuple[int, ...]:
    if len(data) < 4 or data[:2] != b"\0\0":
        raise DataError(f"{name} is not an IDX file: it begins with {bytes(data[:4]).hex()!r}")
    kind, axes = data[2], data[3]
    if kind != _UNSIGNED_BYTE:
        raise DataError(f"{name} holds elements of type 0x{kind:02x}; only 0x08, bytes, is read")
    if not 1 <= axes <= _MOST_AXES or len(data) < 4 + 4 * axes:
        raise DataError(f"{name} is damaged: a header of {axes} axes in {len(data):,} bytes")
    shape: tuple[int, ...] = struct.unpack_from(f">{axes}I", data, 4)
    if _too_big(shape):
        raise DataError(f"{name} is damaged or too large: its header states the shape {shape}")
    return shape


def _too_big(shape: tuple[int, ...]) -> bool:
    # An empty axis must not hide sizes that NumPy cannot multiply.
    return math.prod(max(size, 1) for size in shape) > _MOST_BYTES
