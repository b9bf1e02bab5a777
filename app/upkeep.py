"""What is done once before the program serves: migrations, and a sweep of the store."""

from __future__ import annotations

import logging

from alembic import command
from alembic.util import CommandError
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from app.database import migrate
from app.errors import StartError, StorageError
from app.services import get_services

__all__ = ["prepare_store"]


def prepare_store(app: Flask) -> None:
    """Bring the database up to date and the store in order; raises StartError."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    with app.app_context():
        try:
            command.upgrade(migrate.get_config(), "head")
            get_services().images.sweep()
        except CommandError as error:
            raise StartError(f"the database is not one that this version knows: {error}") from error
        except (SQLAlchemyError, StorageError) as error:
            reason = str(error).splitlines()[0]
            raise StartError(f"the database cannot be used: {reason}") from error
