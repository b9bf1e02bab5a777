"""What is done once before the program serves: migrations, and a sweep of the store."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.util import CommandError
from flask import Flask
from sqlalchemy.exc import DBAPIError

from app.errors import StartError, StorageError
from app.services import get_services
from app.storage.database import migrate
from app.storage.database_errors import describe

__all__ = ["drop_tables", "migrate_to", "prepare_folder", "prepare_store"]


def prepare_store(app: Flask, *, serve: bool = True) -> None:
    """Bring the database up to date and the store in order; raises StartError.

    Where database and pictures do not belong together, nothing is written. What is going
    to `serve` needs a secret key, too.
    """
    with app.app_context(), _explained():
        services = get_services()
        prepare_folder(Path(app.instance_path))
        problem = services.identity.look().problem
        if problem is not None:
            raise StartError(problem)
        if serve:
            _ = app.secret_key  # made, or found to be none, before the first visitor comes
        migrate_to("head")
        services.identity.settle()
        services.sweeper.sweep()


def prepare_folder(path: Path) -> None:
    """Make a folder that the program can write in; raises StartError."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            pass
    except OSError as error:
        raise StartError(
            f"cannot write in the folder {path}: {error.strerror}. "
            "Name another with DIGITNET_INSTANCE_PATH."
        ) from error


def migrate_to(revision: str) -> None:
    """Bring the database to a revision; raises StorageError, and StartError for a newer one."""
    _run(command.upgrade, revision)


def _run(change: Callable[[Any, str], None], revision: str) -> None:
    logging.getLogger("alembic").setLevel(logging.WARNING)
    try:
        change(migrate.get_config(), revision)
    except CommandError as error:
        raise StartError(f"the database is not one that this version knows: {error}") from error
    except DBAPIError as error:
        raise StorageError(describe(error)) from error
    except (ValueError, TypeError) as error:
        raise StartError(
            f"a row of the database cannot be read ({error}). See which: flask --app wsgi check."
        ) from error


def drop_tables() -> None:
    """Undo all migrations, which leaves an empty database; raises as `migrate_to` does."""
    _run(command.downgrade, "base")


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except StorageError as error:
        cause = getattr(error.__cause__, "orig", None)
        reason = str(cause).strip().partition("\n")[0] if cause else ""
        told = f"{error} ({reason})" if reason else str(error)
        raise StartError(f"the store cannot be used: {told}") from error
