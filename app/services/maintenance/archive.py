"""The format of backups: a ZIP of a manifest, a file for each table, and the pictures.

    backup.json             what is in it: form, revision of the schema, columns, counts
    tables/<name>.jsonl     a row a line: a JSON array of the columns' values
    pictures/<uuid>.png

Values are written alike for SQLite and PostgreSQL, so a backup of one restores into the
other.
"""

from __future__ import annotations

import base64
import json
import math
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    Integer,
    LargeBinary,
    String,
    Uuid,
)
from sqlalchemy.types import TypeEngine

from app.errors import DigitNetError
from app.storage.database import UtcDateTime

__all__ = [
    "UNREADABLE",
    "Archive",
    "ArchiveError",
    "Manifest",
    "Table",
    "column_kind",
    "encode_row",
    "encode_value",
    "sql_type",
]

FORM = 1
MANIFEST = "backup.json"

#: What reading or writing a value of another kind can raise.
UNREADABLE = (ValueError, TypeError, AttributeError, OverflowError, RecursionError)

_LONGEST_LINE = 1_000_000  # bytes of one row
_LONGEST_MANIFEST = 1_000_000
_LARGEST_PICTURE = 1_000_000


class ArchiveError(DigitNetError):
    """The file is no backup, or damaged."""


@dataclass(frozen=True)
class Table:
    """A table's columns, by name and kind in the order of the rows' values, and its rows."""

    columns: dict[str, str]
    rows: int


@dataclass(frozen=True)
class Manifest:
    """The manifest of a backup."""

    form: int
    program: str
    created: str
    revision: str
    tables: dict[str, Table]
    pictures: int
    #: Ids of pictures whose files were missing already.
    without_file: list[str]

    def dump(self) -> str:
        """Return it as JSON."""
        return json.dumps(asdict(self), indent=1)

    @classmethod
    def load(cls, content: bytes) -> Manifest:
        """Read it; raises ArchiveError."""
        try:
            given = json.loads(content)
            if given["form"] != FORM:
                raise ArchiveError(
                    f"the backup has form {given['form']!r}: a newer version of the program made it"
                )
            tables = {name: Table(**table) for name, table in given.pop("tables").items()}
            manifest = cls(**given, tables=tables)
            _check_kinds(manifest)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise ArchiveError(f"the backup's {MANIFEST} is damaged") from error
        return manifest


class Archive:
    """Reads a backup, validating everything."""

    def __init__(self, file: Path) -> None:
        """Open it; raises ArchiveError."""
        self._file = file
        with _damage_told(file):
            self._zip = zipfile.ZipFile(file)
            if MANIFEST not in self._zip.namelist():
                raise ValueError("there is none")
            self._entries = self._check_entries(self._zip.infolist())
            self.manifest = Manifest.load(self._read(MANIFEST, _LONGEST_MANIFEST))
        self.pictures = {
            UUID(name.removeprefix("pictures/").removesuffix(".png"))
            for name in self._entries
            if name.startswith("pictures/")
        }
        tables = {f"tables/{name}.jsonl" for name in self.manifest.tables}
        pictures = {f"pictures/{picture_id}.png" for picture_id in self.pictures}
        if {MANIFEST} | tables | pictures != self._entries.keys():
            raise ArchiveError("the backup does not hold what its list says, or holds more")
        if len(pictures) != self.manifest.pictures:
            raise ArchiveError("the backup does not hold as many pictures as it says")

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    @property
    def size(self) -> int:
        """Bytes of all that is in it, unpacked."""
        return sum(entry.file_size for entry in self._entries.values())

    def picture(self, picture_id: UUID) -> bytes:
        """Return a picture's bytes; raises ArchiveError."""
        return self._read(f"pictures/{picture_id}.png", _LARGEST_PICTURE)

    def rows(self, name: str) -> Iterator[dict[str, Any]]:
        """Yield a table's rows, by columns; raises ArchiveError for what cannot be one."""
        table = self.manifest.tables[name]
        readers = [(column, _KINDS[kind].read) for column, kind in table.columns.items()]
        count = 0
        with _damage_told(self._file, name), self._zip.open(f"tables/{name}.jsonl") as file:
            for line in _lines(file):
                values = json.loads(line)
                if not isinstance(values, list) or len(values) != len(readers):
                    raise ValueError("a row has other columns")
                yield {
                    column: None if value is None else read(value)
                    for (column, read), value in zip(readers, values, strict=True)
                }
                count += 1
        if count != table.rows:
            raise ArchiveError(
                f"the backup's table {name} has {count} rows instead of {table.rows}"
            )

    def _check_entries(self, entries: Sequence[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
        found: dict[str, zipfile.ZipInfo] = {}
        for entry in entries:
            plain = entry.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
            if entry.filename in found or entry.flag_bits & 1 or not plain:
                raise ValueError(f"{entry.filename!r} is not as this program writes it")
            # No name from the archive is used as a path, only ids that were parsed from them.
            if entry.filename.startswith("pictures/"):
                name = entry.filename.removeprefix("pictures/").removesuffix(".png")
                if entry.filename != f"pictures/{UUID(name)}.png":
                    raise ValueError(f"{entry.filename!r} names no picture")
            found[entry.filename] = entry
        return found

    def _read(self, name: str, most: int) -> bytes:
        with _damage_told(self._file, name), self._zip.open(name) as file:
            content = file.read(most + 1)
            if len(content) > most:
                raise ValueError("it is too large")
            return content


def column_kind(column: Column[Any]) -> str:
    """Return the kind of a column's values; raises TypeError for an unsupported type."""
    for name, kind in _KINDS.items():
        if isinstance(column.type, kind.types):
            return name
    raise TypeError(f"no backup knows how to write {column} of type {column.type!r}")


def sql_type(kind: str) -> TypeEngine[Any]:
    """Return a type by which values of a kind are stored."""
    return _KINDS[kind].types[0]()


def encode_row(values: Sequence[Any], kinds: Sequence[str]) -> bytes:
    """Return a row as a line."""
    written = [
        None if value is None else encode_value(value, kind)
        for value, kind in zip(values, kinds, strict=True)
    ]
    return json.dumps(written, allow_nan=False, separators=(",", ":")).encode() + b"\n"


def encode_value(value: Any, kind: str) -> Any:
    """Return a value for JSON; raises one of UNREADABLE if a restore would refuse it."""
    written = _KINDS[kind].write(value)
    _KINDS[kind].read(written)
    return written


@dataclass(frozen=True)
class _Kind:
    types: tuple[type[TypeEngine[Any]], ...]
    write: Callable[[Any], Any]
    read: Callable[[Any], Any]


def _same(value: Any) -> Any:
    return value


def _expect(*types: type) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if type(value) not in types:
            raise ValueError(f"{value!r} is not of the kind that was said")
        return value

    return read


def _read_integer(value: Any) -> int:
    if type(value) is not int or not -(2**63) <= value < 2**63:
        raise ValueError(f"{value!r} is no whole number that can be stored")
    return value


def _read_number(value: Any) -> float:
    if type(value) not in (int, float) or not math.isfinite(value):
        raise ValueError(f"{value!r} is no number")
    return float(value)


def _read_moment(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError(f"{value!r} is in no time zone")
    return moment


def _read_text(value: Any) -> str:
    if type(value) is not str or "\0" in value:
        raise ValueError("a text is none")
    value.encode()  # raises ValueError for half a surrogate pair
    return value


def _read_bytes(value: Any) -> bytes:
    if len(value) > _LONGEST_LINE // 2:
        raise ValueError("it is too long")
    return base64.b64decode(value, validate=True)


def _read_json(value: Any) -> Any:
    if len(json.dumps(value, allow_nan=False)) > _LONGEST_LINE // 2:
        raise ValueError("it is too long")
    return value


_KINDS = {
    "uuid": _Kind((Uuid,), str, UUID),
    "moment": _Kind((UtcDateTime,), datetime.isoformat, _read_moment),
    "bytes": _Kind(
        (LargeBinary,),
        lambda value: base64.b64encode(value).decode(),
        _read_bytes,
    ),
    "json": _Kind((JSON,), _same, _read_json),
    "boolean": _Kind((Boolean,), _same, _expect(bool)),
    "number": _Kind((Float,), _same, _read_number),
    "integer": _Kind((Integer,), _same, _read_integer),
    "text": _Kind((String,), _same, _read_text),
}


def _check_kinds(manifest: Manifest) -> None:
    texts = (manifest.program, manifest.created, manifest.revision, *manifest.without_file)
    if not all(isinstance(text, str) for text in texts):
        raise ValueError("a text is none")
    for name, table in manifest.tables.items():
        if not re.fullmatch("[a-z_]+", name) or type(table.rows) is not int:
            raise ValueError(f"{name!r} is no table")
        if not table.columns or not set(table.columns.values()) <= _KINDS.keys():
            raise ValueError(f"{name!r} has columns of an unknown kind")


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    while line := file.readline(_LONGEST_LINE):
        if not line.endswith(b"\n"):
            raise ValueError("a row is too long or not whole")
        yield line


@contextmanager
def _damage_told(file: Path, entry: str = MANIFEST) -> Iterator[None]:
    """Turn everything that reading a damaged ZIP can raise into ArchiveError."""
    try:
        yield
    except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
        raise ArchiveError(f"{file} cannot be read: {error.strerror}") from error
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        EOFError,
        KeyError,
        NotImplementedError,
        OSError,
        RuntimeError,
        TypeError,
        ValueError,
    ) as error:
        raise ArchiveError(
            f"{file} is no backup, or a damaged one ({entry}: {error}). "
            "A backup is what flask --app wsgi backup FILE has written"
        ) from error
