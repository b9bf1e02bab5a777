"""Applications and their databases, for as long as a test needs them."""

import os
from contextlib import contextmanager
from uuid import uuid4

import pytest
from argon2 import PasswordHasher
from sqlalchemy import create_engine, make_url, text

from app import create_app
from app.web.extensions import db
from app.web.services import services_of

TEST_DATABASE = "DIGITNET_TEST_DATABASE_URL"


#: Costs next to nothing, for tests that are not about what a password costs.
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@contextmanager
def open_applications():
    """Make applications that are ready to serve; their databases are closed at the end."""
    opened = []

    def open_one(settings, *, start=True, hasher=QUICK):
        app = create_app(settings, hasher=hasher)
        app.testing = True
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
    own = make_url(given).update_query_dict({"options": f"-csearch_path={schema}"})
    try:
        yield own.render_as_string(hide_password=False)
    finally:
        with server.begin() as connection:
            connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
        server.dispose()
