"""Runs migrations on the engine that it is given: all of them, or none.

Servers that start at the same time wait for the first: SQLite's transaction, which is
begun as one that writes, keeps them out; for PostgreSQL there is a lock.

On SQLite foreign keys are off meanwhile, as only outside of a transaction they can be: a
table that is replaced would take with it whatever refers to its rows.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from sqlalchemy import Connection, func, select

from app.storage.database import Base

_LOCK = 0x4469676974  # any number that nothing else on this database locks


@contextmanager
def _without_foreign_keys(connection: Connection) -> Iterator[None]:
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection.cursor()
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys = ON")


engine = context.config.attributes["engine"]
with (
    engine.execution_options(writes=True).connect() as connection,
    _without_foreign_keys(connection),
):
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        context.run_migrations()
