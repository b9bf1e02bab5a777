"""Applications and their databases, for as long as a test needs them."""

import os
import tempfile
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from uuid import uuid4

import pytest
from argon2 import PasswordHasher
from sqlalchemy import create_engine, make_url, text

from app import create_app
from app.storage.database import Database
from app.storage.schema import migrate_to
from app.web.extensions import db
from app.web.services import services_of
from tests.app.conformance import check_answers

TEST_DATABASE = "DIGITNET_TEST_DATABASE_URL"


#: Costs next to nothing, for tests that are not about what a password costs.
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@cache
def _migrated():
    """Return the content of a new SQLite database: to migrate each anew would take long."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "new.db"
        engine = create_engine(f"sqlite:///{path}")
        migrate_to(Database(engine))
        engine.dispose()
        return path.read_bytes()


@contextmanager
def open_applications():
    """Make applications that are ready to serve; their databases are closed at the end."""
    opened = []

    def open_one(settings, *, start=True, hasher=QUICK, **options):
        folder = settings.instance_path
        if start and settings.database_url is None and not folder.exists():
            folder.mkdir(parents=True)
            (folder / "digitnet.db").write_bytes(_migrated())
        app = create_app(settings, hasher=hasher, **options)
        app.testing = True
        check_answers(app)
        opened.append(app)
        if start:
            services_of(app).upkeep.prepare()
        return app

    yield open_one
    for app in opened:
        with app.app_context():
            db.engine.dispose()


@contextmanager
def new_database(kind):
    """Give None for SQLite in the instance folder, else the URL of a new PostgreSQL schema."""
    if kind == "sqlite":
        yield None
        return
    given = os.environ.get(TEST_DATABASE)
    if not given:
        pytest.skip(f"{TEST_DATABASE} names no PostgreSQL database")
    server = create_engine(given)
    schema = f"digitnet_test_{uuid4().hex}"
    with server.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    own = make_url(given).update_query_dict(
        # No test takes the power away: nothing is won by waiting for the disk.
        {"options": f"-csearch_path={schema} -csynchronous_commit=off"}
    )
    try:
        yield own.render_as_string(hide_password=False)
    finally:
        with server.begin() as connection:
            connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
        server.dispose()
