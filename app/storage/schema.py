"""The schema of a database: its revision, the newest one, and migrations."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.errors import StartError, StorageError
from app.storage.database import Database
from app.storage.database_errors import code_of

__all__ = ["MIGRATIONS", "drop_tables", "head_revision", "is_known", "migrate_to", "revision_of"]

#: The folder of the migrations.
MIGRATIONS = Path(__file__).parent / "migrations"


def head_revision() -> str:
    """Return the newest revision, which this version of the program needs."""
    head = _scripts().get_current_head()
    if head is None:
        raise RuntimeError("there are no migrations")
    return head


def is_known(revision: str) -> bool:
    """Say whether a revision is one of this version's migrations."""
    try:
        _scripts().get_revision(revision)
    except CommandError:
        return False
    return True


def revision_of(session: Session) -> str | None:
    """Return the revision of a database; None if it is empty."""
    return MigrationContext.configure(session.connection()).get_current_revision()


def migrate_to(database: Database, revision: str = "head") -> None:
    """Bring a database to a revision; raises StorageError, and StartError for a newer one."""
    _run(command.upgrade, database, revision)


def drop_tables(database: Database) -> None:
    """Undo all migrations, which leaves an empty database; raises as `migrate_to` does."""
    _run(command.downgrade, database, "base")


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(MIGRATIONS))


def _run(change: Callable[[Any, str], None], database: Database, revision: str) -> None:
    logging.getLogger("alembic").setLevel(logging.WARNING)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["engine"] = database.engine
    try:
        change(config, revision)
    except CommandError as error:
        raise StartError(f"the database is not one that this version knows: {error}") from error
    except DBAPIError as error:
        raise StorageError(code_of(error)) from error
    except (ValueError, TypeError) as error:
        raise StartError(
            f"a row of the database cannot be read ({error}). See which: flask --app wsgi check."
        ) from error
