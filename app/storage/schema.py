"""Which revision of its schema a database has, and which this version of the program wants."""

from __future__ import annotations

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy.orm import Session

from app.storage.database import migrate

__all__ = ["head_revision", "is_known", "revision_of"]


def head_revision() -> str:
    """Return the revision that this version of the program wants."""
    head = ScriptDirectory.from_config(migrate.get_config()).get_current_head()
    if head is None:
        raise RuntimeError("there are no migrations")
    return head


def is_known(revision: str) -> bool:
    """Say whether this version of the program can make a database of a revision."""
    try:
        ScriptDirectory.from_config(migrate.get_config()).get_revision(revision)
    except CommandError:
        return False
    return True


def revision_of(session: Session) -> str | None:
    """Return the revision of a database; None if it is empty."""
    return MigrationContext.configure(session.connection()).get_current_revision()
