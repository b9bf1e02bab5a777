"""Backup of database and pictures into one file, also of a running site."""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Set
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from sqlalchemy import Column
from sqlalchemy import Table as SqlTable
from sqlalchemy.orm import Session

from app.errors import MaintenanceError
from app.services.maintenance.archive import FORM, MANIFEST, Manifest, Table, column_kind
from app.services.maintenance.rows import Row, read_ids, read_rows, stored_columns
from app.storage.database import Base, Database, utc_now
from app.storage.files import PictureFiles
from app.storage.models import Picture
from app.storage.schema import head_revision, revision_of
from cnn.files import atomic_file

__all__ = ["Backup", "Progress", "Written"]

Progress = Callable[[int, int], None]  # pictures written, of how many


@dataclass(frozen=True)
class Written:
    """The result of a backup: its manifest, and sentences on what was left out."""

    manifest: Manifest
    size: int
    #: Rows that no database would accept.
    left_out: tuple[str, ...]
    #: References to missing rows, which are empty in the backup.
    emptied: tuple[str, ...]


@dataclass(frozen=True)
class _Snapshot:
    """All rows at one moment, on the disk; memory holds the pictures' ids and hashes."""

    rows: dict[SqlTable, IO[bytes]]
    pictures: dict[UUID, str]
    left_out: tuple[str, ...]
    emptied: tuple[str, ...]


class Backup:
    """Makes a backup, without blocking writers.

    The rows are read in one short snapshot; the files are copied after it. A picture that is
    deleted in between is left out, with the rows that refer to it; so are rows that a restore
    would refuse.
    """

    def __init__(self, database: Database, files: PictureFiles, program: str) -> None:
        self._database = database
        self._files = files
        self._program = program

    def write(self, target: Path, *, overwrite: bool, progress: Progress) -> Written:
        """Write a backup atomically.

        Raises StorageError or MaintenanceError, and then leaves everything as it was.
        """
        if target.exists() and not overwrite:
            raise MaintenanceError(f"{target} is there already; --overwrite replaces it.")
        with _whole_file(target, overwrite=overwrite) as file, ExitStack() as stack:
            snapshot = _snapshot(self._database, stack, target.parent)
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                lost = self._write_pictures(archive, snapshot.pictures, progress)
                gone = lost - self._present()
                tables = {
                    table.name: _write_table(archive, table, rows, gone)
                    for table, rows in snapshot.rows.items()
                }
                manifest = Manifest(
                    FORM,
                    self._program,
                    utc_now().isoformat(),
                    head_revision(),
                    tables,
                    len(snapshot.pictures) - len(lost),
                    sorted(map(str, lost - gone)),
                )
                archive.writestr(MANIFEST, manifest.dump())
            size = file.tell()
        return Written(manifest, size, snapshot.left_out, snapshot.emptied)

    def _write_pictures(
        self, archive: zipfile.ZipFile, pictures: dict[UUID, str], progress: Progress
    ) -> set[UUID]:
        """Write all intact files; return the ids of the others."""
        lost: set[UUID] = set()
        for number, (picture_id, sha256) in enumerate(pictures.items()):
            progress(number - len(lost), len(pictures))
            there = self._files.path(picture_id).exists()
            content = self._files.read(picture_id, sha256) if there else None
            if content is None:
                lost.add(picture_id)
            else:
                # PNG is packed already.
                archive.writestr(f"pictures/{picture_id}.png", content, zipfile.ZIP_STORED)
        progress(len(pictures) - len(lost), len(pictures))
        return lost

    def _present(self) -> set[UUID]:
        with self._database.inspecting() as session:
            return read_ids(session)


def _snapshot(database: Database, stack: ExitStack, folder: Path) -> _Snapshot:
    rows: dict[SqlTable, IO[bytes]] = {}
    sieve = _Sieve()
    with database.inspecting() as session:
        if revision_of(session) != head_revision():
            raise MaintenanceError("The database is not up to date: start the program once before.")
        for table in Base.metadata.sorted_tables:
            if not table.info.get("volatile"):
                file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 (the stack closes it)
                stack.enter_context(file)
                _dump(session, table, file, sieve)
                rows[table] = file
    pictures = {key: str(row) for key, row in sieve.known[Picture.__tablename__].items()}
    return _Snapshot(rows, pictures, tuple(sieve.left_out), tuple(sieve.emptied))


def _dump(session: Session, table: SqlTable, file: IO[bytes], sieve: _Sieve) -> None:
    for row in read_rows(session, table):
        kept = sieve.keep(row)
        if kept is not None:
            file.write(kept.line())
    file.seek(0)


_NAMED = {
    key.column.table.name for table in Base.metadata.tables.values() for key in table.foreign_keys
}


class _Sieve:
    """Filters rows that a restore would refuse; referenced tables come first."""

    def __init__(self) -> None:
        #: Of the tables that others name: the keys that are kept; of pictures with their hashes.
        self.known: defaultdict[str, dict[UUID, str | None]] = defaultdict(dict)
        self.left_out: list[str] = []
        self.emptied: list[str] = []

    def keep(self, row: Row) -> Row | None:
        """Return the part of a row that can be kept, noting what cannot."""
        fault = row.fault
        lost = [] if fault else self._naming_nothing(row)
        for column in lost:
            if not column.nullable:
                fault = f"its {column.name} names nothing"
        if fault is not None:
            self.left_out.append(f"{row.name}: {fault}; left out")
            return None
        for column in lost:
            self.emptied.append(f"{row.name}: its {column.name} names nothing; left empty")
        if row.table.name in _NAMED:
            self.known[row.table.name][row.values["id"]] = row.values.get("sha256")
        return replace(row, values=row.values | dict.fromkeys(column.name for column in lost))

    def _naming_nothing(self, row: Row) -> list[Column[Any]]:
        return [
            key.parent
            for key in row.table.foreign_keys
            if row.values[key.parent.name] is not None
            and row.values[key.parent.name] not in self.known[key.column.table.name]
        ]


def _write_table(
    archive: zipfile.ZipFile, table: SqlTable, rows: IO[bytes], gone: Set[UUID]
) -> Table:
    """Write a table's rows except those of deleted pictures."""
    columns = stored_columns(table)
    pictures = Base.metadata.tables[Picture.__tablename__].c.id
    naming = [
        place
        for place, column in enumerate(columns)
        if column is pictures or column.references(pictures)
    ]
    names = {str(picture_id) for picture_id in gone}
    count = 0
    with archive.open(f"tables/{table.name}.jsonl", "w", force_zip64=True) as entry:
        for line in rows:
            if names and naming:
                values = json.loads(line)
                if any(values[place] in names for place in naming):
                    continue
            entry.write(line)
            count += 1
    return Table({column.name: column_kind(column) for column in columns}, count)


@contextmanager
def _whole_file(target: Path, *, overwrite: bool) -> Iterator[IO[bytes]]:
    """Open a file that gets its name when it is whole and on the disk; raises MaintenanceError.

    Only its owner may read it: it holds the hashes of passwords.
    """
    try:
        with atomic_file(target, overwrite=overwrite, mode=0o600) as file:
            yield file
    except FileExistsError as error:
        raise MaintenanceError(
            f"{target} has appeared meanwhile; --overwrite replaces it."
        ) from error
    except OSError as error:
        raise MaintenanceError(f"{target} cannot be written: {error.strerror}.") from error
