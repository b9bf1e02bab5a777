"""ZIP archives that people send: hostile until read.

What would be unpacked is bounded before and while it is read, and names are only compared,
never used as paths.
"""

from __future__ import annotations

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from app.errors import UploadError

__all__ = ["MOST_ENTRIES", "MOST_UNPACKED", "Budget", "is_clutter", "open_zip", "read_entry"]

#: Files in one archive.
MOST_ENTRIES = 50_000
#: Bytes of all archives of an upload together.
MOST_UNPACKED = 2_000_000_000

_MOST_DIRECTORY = 16_000_000  # bytes of the list of files
_RATIO, _UNSUSPECTED = 200, 50_000_000  # unpacked to packed, beyond so many bytes
_END, _END_SIZE, _LONGEST_COMMENT = b"PK\x05\x06", 22, 65_535
_END_64, _LOCATOR_64 = b"PK\x06\x06", b"PK\x06\x07"
_ENTRY = b"PK\x01\x02"
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# What systems add to folders.
_CLUTTER = re.compile(r"(^|/)(__MACOSX/|\.(?!\.)|Thumbs\.db$|desktop\.ini$)")
_OUTSIDE = re.compile(r"^(?:/|\\|[A-Za-z]:)|(?:^|[/\\])\.\.(?:[/\\]|$)|\x00")
# What zipfile raises for damaged archives.
_DAMAGE = (
    zipfile.BadZipFile,
    EOFError,
    OSError,
    zlib.error,
    struct.error,
    ValueError,
    NotImplementedError,
    RuntimeError,
    OverflowError,
)


def is_clutter(name: str) -> bool:
    """Whether a file is one that systems add to folders."""
    return _CLUTTER.search(name) is not None


class Budget:
    """How much may still be unpacked of an upload."""

    def __init__(self, most: int = MOST_UNPACKED) -> None:
        self._left = most
        self._most = most

    def spend(self, size: int) -> None:
        """Count bytes; raises UploadError beyond the limit."""
        self._left -= size
        if self._left < 0:
            raise UploadError("archive_too_large", most=self._most // 1_000_000)


@contextmanager
def open_zip(file: IO[bytes], *, name: str) -> Iterator[zipfile.ZipFile]:
    """Open an archive whose list of files is sound; raises UploadError.

    Damage that is found later, within the block, is the same error.
    """
    try:
        _check_end(file, name)
        with zipfile.ZipFile(file) as archive:
            _check_entries(archive, name)
            yield archive
    except _DAMAGE as error:
        raise UploadError("archive_damaged", name=name) from error


def read_entry(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, *, most: int, budget: Budget
) -> bytes | None:
    """Return an entry's content; None if it has more than `most` bytes, whatever it states."""
    if entry.file_size > most:
        return None
    with archive.open(entry) as file:
        content = file.read(most + 1)
    budget.spend(len(content))
    return None if len(content) > most else content


def _check_end(file: IO[bytes], name: str) -> None:
    """Judge the list of files by its size before it is read: a million would take a gigabyte."""
    size = file.seek(0, 2)
    start = max(0, size - _END_SIZE - _LONGEST_COMMENT)
    file.seek(start)
    tail = file.read()
    found = tail.rfind(_END)
    if found < 0 or len(tail) - found < _END_SIZE:
        raise UploadError("archive_damaged", name=name)
    length, offset = struct.unpack_from("<II", tail, found + 12)
    locator = tail.rfind(_LOCATOR_64, 0, found)
    if locator >= 0:
        (where,) = struct.unpack_from("<Q", tail, locator + 8)
        file.seek(min(where, size))
        end = file.read(56)
        if not end.startswith(_END_64) or len(end) < 56:
            raise UploadError("archive_damaged", name=name)
        length, offset = struct.unpack_from("<QQ", end, 40)
    if length > _MOST_DIRECTORY:
        raise UploadError("archive_too_many", name=name, most=MOST_ENTRIES)
    file.seek(min(offset, size))
    if file.read(length).count(_ENTRY) > MOST_ENTRIES:
        raise UploadError("archive_too_many", name=name, most=MOST_ENTRIES)
    file.seek(0)


def _check_entries(archive: zipfile.ZipFile, name: str) -> None:
    seen: set[str] = set()
    unpacked = packed = 0
    for entry in archive.infolist():
        _check_entry(entry, name)
        if entry.filename in seen:
            raise UploadError("archive_names_twice", name=name, entry=entry.filename[-80:])
        seen.add(entry.filename)
        unpacked += entry.file_size
        packed += entry.compress_size
    if unpacked > MOST_UNPACKED:
        raise UploadError("archive_too_large", most=MOST_UNPACKED // 1_000_000)
    if unpacked > _UNSUSPECTED and unpacked > _RATIO * packed:
        raise UploadError("archive_bomb", name=name)


def _check_entry(entry: zipfile.ZipInfo, name: str) -> None:
    shown = entry.filename[-80:]
    if entry.flag_bits & _ENCRYPTED:
        raise UploadError("archive_encrypted", name=name)
    if _OUTSIDE.search(entry.orig_filename):
        raise UploadError("archive_outside", name=name, entry=shown)
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise UploadError("archive_link", name=name, entry=shown)
    if entry.compress_type not in _METHODS:
        raise UploadError("archive_method", name=name)
