"""Restore of a backup into an empty installation."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import column, func, insert, inspect, select, table
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from app.errors import MaintenanceError, NoDatabaseError, StorageError
from app.services.maintenance.archive import Archive, ArchiveError, Manifest, sql_type
from app.services.maintenance.backup import Progress
from app.services.maintenance.identity import Identity
from app.storage.database import Base, Database
from app.storage.files import PictureFiles
from app.storage.models import Installation, Picture
from app.storage.schema import drop_tables, head_revision, is_known, migrate_to

__all__ = ["Restore"]

_CHUNK = 500
_STAGING = ".restoring-"


class Restore:
    """Validates a whole backup, then writes all of it or nothing."""

    def __init__(self, database: Database, files: PictureFiles, identity: Identity) -> None:
        self._database = database
        self._files = files
        self._identity = identity

    def run(self, source: Path, *, progress: Progress) -> Manifest:
        """Restore a backup and return its manifest.

        Raises ArchiveError for an invalid file, MaintenanceError if the installation is not
        empty, StorageError if it cannot be written; then it is unchanged.
        """
        with Archive(source) as archive:
            if not is_known(archive.manifest.revision):
                raise ArchiveError("a newer version of the program made this backup: install it")
            hashes = _check_rows(archive)
            self._refuse_what_is_in_use(archive)
            with _staging(self._files.folder, archive.size) as staging:
                self._unpack(archive, hashes, staging, progress)
                self._fill(archive, staging)
            migrate_to(self._database, head_revision())
            own = self._identity.look().database
            if own is not None:
                self._identity.write_note(own)
            self._identity.settle()
            return archive.manifest

    def _refuse_what_is_in_use(self, archive: Archive) -> None:
        if self._files.listed().keys() - archive.pictures:
            raise MaintenanceError(
                f"{self._files.folder} holds pictures: a backup is restored into an empty "
                "installation. Move the folder away, or name another with DIGITNET_INSTANCE_PATH."
            )
        with suppress(NoDatabaseError), self._database.inspecting() as session:
            _refuse_rows(session)

    def _unpack(
        self, archive: Archive, hashes: dict[UUID, str], staging: Path, progress: Progress
    ) -> None:
        for number, picture_id in enumerate(sorted(archive.pictures)):
            progress(number, len(archive.pictures))
            content = archive.picture(picture_id)
            if hashlib.sha256(content).hexdigest() != hashes[picture_id]:
                raise ArchiveError(f"the backup is damaged: picture {picture_id} has other bytes")
            with (staging / f"{picture_id}.png").open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        progress(len(archive.pictures), len(archive.pictures))

    def _fill(self, archive: Archive, staging: Path) -> None:
        """Insert all rows and move all files to their places, or do nothing."""
        moved: list[Path] = []
        self._drop_if_empty(archive)
        try:
            migrate_to(self._database, archive.manifest.revision)
            with self._database.writing() as session:
                _refuse_rows(session)
                _check_columns(session, archive.manifest)
                for name in archive.manifest.tables:
                    _insert(session, archive, name)
                for path in staging.iterdir():
                    moved.append(path.replace(self._files.folder / path.name))
        except BaseException:
            for path in moved:
                path.unlink(missing_ok=True)
            with suppress(MaintenanceError, StorageError):
                self._drop_if_empty(archive)
            raise

    def _drop_if_empty(self, archive: Archive) -> None:
        """Drop the tables; raises MaintenanceError if somebody has begun to use them."""
        self._refuse_what_is_in_use(archive)
        drop_tables(self._database)


@contextmanager
def _staging(folder: Path, size: int) -> Iterator[Path]:
    """Make a temporary folder on the disk of the pictures."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for left in folder.glob(f"{_STAGING}*"):
            shutil.rmtree(left)  # of a restore that was killed
        free = shutil.disk_usage(folder).free
        if free < size:
            raise MaintenanceError(
                f"The backup needs {size // 1_000_000 + 1:,} MB, and {folder} has "
                f"{free // 1_000_000:,} MB free."
            )
        with tempfile.TemporaryDirectory(dir=folder, prefix=_STAGING) as staging:
            yield Path(staging)
    except OSError as error:
        raise MaintenanceError(
            f"The backup cannot be unpacked into {folder}: {error.strerror}."
        ) from error


def _check_rows(archive: Archive) -> dict[UUID, str]:
    """Read every row, and return the hashes of the pictures that must be there."""
    hashes: dict[UUID, str] = {}
    if {Picture.__tablename__, Installation.__tablename__} - archive.manifest.tables.keys():
        raise ArchiveError("the backup lacks a table")
    for name in archive.manifest.tables:
        for row in archive.rows(name):
            if name == Picture.__tablename__:
                if type(row.get("id")) is not UUID or type(row.get("sha256")) is not str:
                    raise ArchiveError("the backup has a picture without an id or a hash")
                hashes[row["id"]] = row["sha256"]
    wanted = hashes.keys() - {UUID(name) for name in _ids(archive.manifest)}
    if wanted != archive.pictures:
        raise ArchiveError("the backup's pictures are not those that its rows name")
    return hashes


def _ids(manifest: Manifest) -> Iterator[str]:
    for name in manifest.without_file:
        try:
            UUID(name)
        except ValueError as error:
            raise ArchiveError(f"the backup's list is damaged: {name!r} is no id") from error
        yield name


def _refuse_rows(session: Session) -> None:
    """Raise MaintenanceError unless the database is empty; its own name does not count."""
    there = inspect(session.connection()).get_table_names()
    volatile = {name for name, known in Base.metadata.tables.items() if known.info.get("volatile")}
    for name in set(there) - volatile - {Installation.__tablename__, "alembic_version"}:
        if session.scalar(select(func.count()).select_from(table(name))):
            raise MaintenanceError(
                f"The database is not empty (table {name}): a backup is restored into an empty "
                "one. Name another with DIGITNET_INSTANCE_PATH or DIGITNET_DATABASE_URL."
            )


def _check_columns(session: Session, manifest: Manifest) -> None:
    looked = inspect(session.connection())
    for name, given in manifest.tables.items():
        known = {
            found["name"]
            for found in (looked.get_columns(name) if looked.has_table(name) else [])
            if "computed" not in found
        }
        if known != given.columns.keys():
            raise ArchiveError(f"the backup's table {name} is not of revision {manifest.revision}")


def _insert(session: Session, archive: Archive, name: str) -> None:
    kinds = archive.manifest.tables[name].columns
    target = table(name, *(column(own, sql_type(kind)) for own, kind in kinds.items()))
    rows: Iterator[dict[str, Any]] = archive.rows(name)
    while chunk := list(islice(rows, _CHUNK)):
        try:
            session.execute(insert(target), chunk)
        except (DataError, IntegrityError) as error:
            raise ArchiveError(f"the backup's table {name} has a row that cannot be") from error
