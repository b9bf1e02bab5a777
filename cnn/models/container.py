"""The file format of models, generators, checkpoints and neighbours: a JSON header, then arrays.

    bytes 0-7    magic, b"DIGITNET"
    bytes 8-39   SHA-256 of all that follows
    bytes 40-43  length of the header, unsigned, little-endian
    then         the header, JSON in UTF-8: kind, version, the arrays' names, types
                 and shapes, and the contents
    then         the arrays' numbers, little-endian, row by row, in that order

Nothing in it can be executed, unlike a pickle. A file that does not match its header to
the byte is refused.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from math import prod
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from cnn.errors import ModelFileError
from cnn.files import write_atomically

__all__ = ["Source", "encode_container", "kind_of", "name_of", "read_container", "write_container"]

Array = npt.NDArray[Any]
#: A file's path, or its content.
Source: TypeAlias = str | os.PathLike[str] | bytes

_MAGIC = b"DIGITNET"
_USES = {
    "model": "which reads pictures and makes none, as the command predict does",
    "generator": "which makes pictures and reads none, as the command generate does",
}
_VERSION = 1
_HEADER_LIMIT = 4 << 20
_DTYPES = {"float16": "<f2", "float32": "<f4", "float64": "<f8", "int64": "<i8", "uint8": "|u1"}


def write_container(
    path: str | os.PathLike[str],
    *,
    kind: str,
    contents: Mapping[str, Any],
    arrays: Mapping[str, Array],
) -> None:
    """Write arrays with a header, atomically.

    Parameters
    ----------
    path : path
        Replaced if it exists.
    kind, contents, arrays
        As for `encode_container`.

    Raises
    ------
    ValueError
        If an array has another type.
    """
    write_atomically(path, encode_container(kind=kind, contents=contents, arrays=arrays))


def encode_container(
    *, kind: str, contents: Mapping[str, Any], arrays: Mapping[str, Array]
) -> bytes:
    """Return the content of a file with arrays and a header.

    Parameters
    ----------
    kind : str
        What the file holds: "model", "generator", "checkpoint" or "neighbours".
    contents : mapping
        Anything that JSON can hold.
    arrays : mapping of str to ndarray
        Of the types float16, float32, float64, int64, uint8.

    Raises
    ------
    ValueError
        If an array has another type.
    """
    for name, array in arrays.items():
        if array.dtype.name not in _DTYPES:
            raise ValueError(f"{name}: arrays of type {array.dtype} cannot be stored")
    data = b"".join(
        np.ascontiguousarray(array).astype(_DTYPES[array.dtype.name], copy=False).tobytes()
        for array in arrays.values()
    )
    header = {
        "kind": kind,
        "version": _VERSION,
        "arrays": [[name, a.dtype.name, list(a.shape)] for name, a in arrays.items()],
        "contents": contents,
    }
    text = json.dumps(header, ensure_ascii=False, allow_nan=False).encode()
    body = len(text).to_bytes(4, "little") + text + data
    return _MAGIC + hashlib.sha256(body).digest() + body


def read_container(source: Source, *, kind: str) -> tuple[dict[str, Any], dict[str, Array]]:
    """Read what `write_container` wrote.

    Parameters
    ----------
    source : path or bytes
        The file, or its content.
    kind : str
        What it must hold; see `encode_container`.

    Returns
    -------
    contents : dict
        What was written as `contents`.
    arrays : dict of str to ndarray
        The arrays, with the types that they had.

    Raises
    ------
    ModelFileError
        If the file is missing, of another kind, damaged, or longer or shorter than
        its header says.
    """
    try:
        raw = source if isinstance(source, bytes) else Path(source).read_bytes()
    except OSError as error:
        raise ModelFileError(f"cannot read {name_of(source)}: {error.strerror}") from error
    try:
        return _parse(raw, kind)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        name, held = name_of(source), kind_of(raw)
        if held != kind and held in _USES:
            raise ModelFileError(f"{name} is no {kind}: it is a {held}, {_USES[held]}") from error
        raise ModelFileError(f"{name} is not a {kind} file, or is damaged: {error}") from error


def name_of(source: Source) -> str:
    """Return what messages call a file."""
    return "the file" if isinstance(source, bytes) else os.fspath(source)


def kind_of(raw: bytes) -> str | None:
    """Return what a file holds, as its header says: see `encode_container`.

    Parameters
    ----------
    raw : bytes
        The whole content of any file; None is returned if it does not begin as one of these.
    """
    try:
        kind = json.loads(raw[44 : _header_end(raw)])["kind"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return kind if isinstance(kind, str) else None


def _header_end(raw: bytes) -> int:
    length = int.from_bytes(raw[40:44], "little")
    if raw[:8] != _MAGIC or length > _HEADER_LIMIT or len(raw) < 44 + length:
        raise ValueError("it does not begin as one")
    return 44 + length


def _parse(raw: bytes, kind: str) -> tuple[dict[str, Any], dict[str, Array]]:
    end = _header_end(raw)
    if hashlib.sha256(memoryview(raw)[40:]).digest() != raw[8:40]:
        raise ValueError("its checksum does not match")
    header = json.loads(raw[44:end])
    if header["kind"] != kind or header["version"] != _VERSION:
        raise ValueError(f"it is a {header['kind']} of version {header['version']}")
    data = memoryview(raw)[end:]
    arrays: dict[str, Array] = {}
    start = 0
    for name, dtype, shape in header["arrays"]:
        if not all(isinstance(size, int) and size >= 0 for size in shape):
            raise ValueError(f"array {name} has the shape {shape}")
        end = start + prod(shape) * np.dtype(_DTYPES[dtype]).itemsize
        values = np.frombuffer(data[start:end], _DTYPES[dtype]).reshape(shape)
        arrays[name] = values.astype(dtype)
        start = end
    if start != len(data):
        raise ValueError(f"it holds {len(data)} bytes of arrays instead of {start}")
    return header["contents"], arrays
