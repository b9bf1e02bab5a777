"""Whether the database and the folder of pictures belong together: both carry one name."""

from __future__ import annotations

from collections.abc import Set
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import delete, func, inspect, select
from sqlalchemy.orm import Session

from app.database import inspecting, writing
from app.errors import NoDatabaseError, StartError
from app.models import Installation, Picture
from app.services.files import NOTE, PictureFiles
from app.services.rows import read_ids

__all__ = ["MOST_MISSING", "Identity", "Pair"]

#: Of the files: more means that the folder itself is not there, or is another's.
MOST_MISSING = 0.01

_WORDS = "DigitNet: these pictures belong to the database of this name. Leave the file here."
_LOCK = 0x4469676975  # any number that nothing else on this database locks

_REMEDY = (
    "Nothing was changed. Point DIGITNET_DATABASE_URL and DIGITNET_INSTANCE_PATH back to what "
    "belongs together, or restore a backup into an empty folder "
    "(flask --app wsgi restore FILE)"
)
_ADOPT = f"{_REMEDY}; if these two are right, join them: flask --app wsgi check --repair --adopt."


@dataclass(frozen=True)
class Pair:
    """What the database and the folder say of themselves, and which pictures each has."""

    database: UUID | None
    folder: UUID | None
    rows: Set[UUID]
    files: Set[UUID]
    path: Path

    @property
    def problem(self) -> str | None:
        """Why the two do not belong together, and what to do; None if they do."""
        if self.database is not None and self.folder is not None:
            if self.database == self.folder:
                return None
            return f"the database and the pictures in {self.path} are of two sites. {_ADOPT}"
        if not self.rows and self.files:
            return (
                f"the database is new or empty, but {self.path} holds {len(self.files):,} "
                f"pictures. {_ADOPT}"
            )
        missing = len(self.rows - self.files)
        if missing > MOST_MISSING * len(self.rows):
            return (
                f"{missing:,} of the database's {len(self.rows):,} pictures are not in "
                f"{self.path}: is the folder in its place? {_ADOPT}"
            )
        return None


class Identity:
    """The name in the database's one row and in the folder's note."""

    def __init__(self, files: PictureFiles) -> None:
        self._files = files

    def look(self) -> Pair:
        """Look at both without changing anything; raises StorageError.

        Another server may be making both at this moment: it names the folder, then the
        database, then stores pictures. Looked at in this order, what it makes never
        contradicts itself.
        """
        files = self._files.listed().keys()
        database, rows = None, set[UUID]()
        with suppress(NoDatabaseError), inspecting() as session:
            database, rows = _read(session)
        return Pair(database, self.read_note(), rows, files, self._files.folder)

    def settle(self, *, adopt: bool = False) -> None:
        """Give both the same name where they belong together, or are to from now on.

        Raises StartError with the reason if they do not, StorageError.
        """
        with writing() as session:
            if session.get_bind().dialect.name == "postgresql":
                session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
            database, rows = _read(session)
            files, note = self._files.listed().keys(), self.read_note()
            pair = Pair(database, note, rows, files, self._files.folder)
            if pair.problem is not None and not adopt:
                raise StartError(pair.problem)
            own = database or note or uuid4()
            if note != own:
                self.write_note(own)
            if database is None:
                session.execute(delete(Installation))  # whose name cannot be read
                session.add(Installation(id=own))

    def read_note(self) -> UUID | None:
        """Return the folder's name, or None if it has none that can be read."""
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
