"""The identity of an installation: database and folder of pictures carry the same name."""

from __future__ import annotations

from collections.abc import Set
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import delete, func, inspect, select
from sqlalchemy.orm import Session

from app.errors import NoDatabaseError, StartError
from app.services.maintenance.rows import read_ids
from app.storage.database import Database
from app.storage.files import NOTE, PictureFiles
from app.storage.models import Installation, Picture
from app.wording import counted

__all__ = ["MOST_MISSING", "Identity", "Pair"]

#: Share of missing files above which the folder itself is missing or another site's.
MOST_MISSING = 0.01

_WORDS = "DigitNet: these pictures belong to the database of this name. Leave the file here."
_LOCK = 0x4469676975  # any number that nothing else on this database locks

_REMEDY = (
    "Nothing was changed. DIGITNET_DATABASE_URL names the database and DIGITNET_INSTANCE_PATH the "
    "folder above the pictures: set them to a database and its own pictures, or restore a backup "
    "into an empty folder (flask --app wsgi restore FILE). If this database and these pictures "
    "are to be one site from now on: flask --app wsgi check --repair --adopt."
)
_LOST = (
    "Nothing was changed. Put the database back (or name it with DIGITNET_DATABASE_URL), or "
    "restore a backup: flask --app wsgi restore FILE (these pictures may stay). To begin anew, "
    "move the folder away."
)


@dataclass(frozen=True)
class Pair:
    """The names of database and folder, and the pictures of each."""

    database: UUID | None
    folder: UUID | None
    rows: Set[UUID]
    files: Set[UUID]
    path: Path
    #: Location of the database, without a password.
    source: str

    @property
    def is_database_lost(self) -> bool:
        """Whether there are pictures but no rows: joining the two would lose the pictures."""
        belong = self.database is not None and self.database == self.folder
        return bool(self.files) and not self.rows and not belong

    @property
    def problem(self) -> str | None:
        """Why the two do not belong together, and what to do; None if they do."""
        if self.is_database_lost:
            held = counted(len(self.files), "picture")
            return (
                f"There is no database at {self.source}, or it is empty, but {self.path} holds "
                f"{held}. {_LOST}"
            )
        if self.database is not None and self.folder is not None:
            if self.database == self.folder:
                return None
            return (
                f"The database at {self.source} and the pictures in {self.path} are of two "
                f"sites. {_REMEDY}"
            )
        missing = len(self.rows - self.files)
        if missing > MOST_MISSING * len(self.rows):
            of = f"of the database's {len(self.rows):,} pictures"
            lacking = counted(missing, f"{of} is not in", f"{of} are not in")
            return f"{lacking} {self.path}: is the folder in its place? {_REMEDY}"
        return None


class Identity:
    """The name in the database's one row and in the folder's note."""

    def __init__(self, database: Database, files: PictureFiles) -> None:
        self._database = database
        self._files = files

    def look(self) -> Pair:
        """Read both names without changing anything; raises StorageError.

        Another server may be creating both: it names the folder, then the database, then
        stores pictures. Reading in this order never sees a contradiction.
        """
        files = self._files.listed().keys()
        database, rows = None, set[UUID]()
        with suppress(NoDatabaseError), self._database.inspecting() as session:
            database, rows = _read(session)
        return self._pair(database, self.read_note(), rows, files)

    def settle(self, *, adopt: bool = False) -> None:
        """Give both the same name if they belong together, or if `adopt` says that they shall.

        Raises StartError with the reason if they do not or, even to `adopt`, if the database
        is lost; StorageError.
        """
        with self._database.writing() as session:
            if session.get_bind().dialect.name == "postgresql":
                session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
            database, rows = _read(session)
            files, note = self._files.listed().keys(), self.read_note()
            pair = self._pair(database, note, rows, files)
            if pair.problem is not None and (pair.is_database_lost or not adopt):
                raise StartError(pair.problem)
            own = database or note or uuid4()
            if note != own:
                self.write_note(own)
            if database is None:
                session.execute(delete(Installation))  # whose name cannot be read
                session.add(Installation(id=own))

    def _pair(
        self, database: UUID | None, note: UUID | None, rows: Set[UUID], files: Set[UUID]
    ) -> Pair:
        return Pair(database, note, rows, files, self._files.folder, self._database.source)

    def read_note(self) -> UUID | None:
        """Return the folder's name, or None if it has no readable one."""
        with suppress(OSError, ValueError, IndexError):
            text = (self._files.folder / NOTE).read_text("utf-8")
            return UUID(text.splitlines()[0].strip())
        return None

    def write_note(self, own: UUID) -> None:
        """Name the folder; raises StorageError."""
        self._files.write_note(NOTE, f"{own}\n{_WORDS}\n")


def _read(session: Session) -> tuple[UUID | None, set[UUID]]:
    tables = inspect(session.connection()).get_table_names()
    database, rows = None, set[UUID]()
    if Installation.__tablename__ in tables:
        database = next(iter(read_ids(session, Installation.id)), None)
    if Picture.__tablename__ in tables:
        rows = read_ids(session)
    return database, rows
