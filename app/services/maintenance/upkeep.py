"""Preparation before the program serves: migrations, and a sweep of the picture files."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.errors import StartError, StorageError, UnusableStoreError
from app.services.maintenance.identity import Identity
from app.services.maintenance.rows import read_ids
from app.services.maintenance.sweep import Sweeper
from app.services.pictures.attention import add_missing
from app.storage.database import Database
from app.storage.models import Review
from app.storage.schema import migrate_to
from app.storage.secret_key import SecretKey

__all__ = ["Upkeep", "prepare_folder"]


class Upkeep:
    """Prepares an installation."""

    def __init__(
        self,
        folder: Path,
        database: Database,
        secret_key: SecretKey,
        identity: Identity,
        sweeper: Sweeper,
    ) -> None:
        self._folder = folder
        self._database = database
        self._secret_key = secret_key
        self._identity = identity
        self._sweeper = sweeper

    def prepare(self, *, serve: bool = True) -> None:
        """Migrate the database and sweep the picture files; raises StartError.

        If database and pictures do not belong together, nothing is written. With `serve`, a
        secret key is created as well.
        """
        with _explained():
            prepare_folder(self._folder)
            problem = self._identity.look().problem
            if problem is not None:
                raise StartError(problem)
            if serve:
                self._secret_key.get()  # created or refused before the first visit
            migrate_to(self._database)
            self._add_reviews()
            self._identity.settle()
            self._sweeper.sweep()

    def _add_reviews(self) -> None:
        """Add what is missing since an update, but for pictures whose ids cannot be read."""
        with self._database.reading() as session:
            lacking = read_ids(session) - read_ids(session, Review.picture_id)
        add_missing(self._database, lacking)


def prepare_folder(path: Path) -> None:
    """Make a folder, if need be, and check that it is writable; raises StartError."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            pass
    except OSError as error:
        raise StartError(
            f"cannot write in the folder {path}: {error.strerror}. "
            "Name another with DIGITNET_INSTANCE_PATH."
        ) from error


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except StorageError as error:
        cause = getattr(error.__cause__, "orig", None)
        reason = str(cause).strip().partition("\n")[0] if cause else ""
        raise UnusableStoreError(error, reason) from error
