"""The database: short transactions, and the settings that make SQLite serve many threads."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, DateTime, Dialect, Engine, TypeDecorator, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, TimeoutError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import NullPool

from app.errors import NoDatabaseError, StorageError
from app.storage.database_errors import code_of

__all__ = ["Base", "Database", "UtcDateTime", "chunks", "insert_missing", "utc_now"]

_BUSY_SECONDS = 30
_LAST_SECONDS = 1
_CHUNK = 500  # values named in one statement

_Value = TypeVar("_Value")


class Base(DeclarativeBase):
    """Base of all tables."""


class UtcDateTime(TypeDecorator[datetime]):
    """A time in UTC, which SQLite alone would return without its time zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def utc_now() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(UTC)


class Database:
    """A database and the transactions on it, for any thread."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @property
    def source(self) -> str:
        """Its location: the file, or the URL without a password."""
        url = self.engine.url
        if url.get_backend_name() == "sqlite":
            return str(Path(url.database or "").absolute())
        # What follows the question mark may hold a password as well.
        return url.set(query={}).render_as_string(hide_password=True)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a transaction that only reads; raises StorageError if the database fails."""
        with _translated(), Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Open a transaction that writes: all of it is kept, or, after any error, nothing.

        Raises StorageError if the database fails.
        """
        engine = self.engine.execution_options(writes=True)
        with _translated(), Session(engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def inspecting(self) -> Iterator[Session]:
        """Open a snapshot that neither creates nor changes the database.

        Raises NoDatabaseError if there is none, StorageError if it fails.
        """
        engine = self.engine
        if engine.dialect.name == "sqlite":
            path = Path(self.source)
            _refuse_a_log_alone(path)
            if not path.is_file():
                raise NoDatabaseError("database_missing", path=str(path))
            as_it_is = engine.url.set(database=path.as_uri(), query={"mode": "ro", "uri": "true"})
            engine = create_engine(as_it_is, poolclass=NullPool)
        else:
            engine = engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        with _translated(), Session(engine, expire_on_commit=False) as session:
            yield session

    def close(self) -> None:
        """Close all connections; merge SQLite's write-ahead log first, if nobody else uses it."""
        engine = self.engine
        if engine.dialect.name == "sqlite":
            connection = engine.raw_connection()
            with suppress(sqlite3.Error), closing(connection):
                cursor = connection.cursor()
                cursor.execute(f"PRAGMA busy_timeout = {_LAST_SECONDS * 1000}")
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        engine.dispose()


def chunks(values: Sequence[_Value]) -> Iterator[Sequence[_Value]]:
    """Divide a list into parts whose values fit into one statement."""
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]


def insert_missing(session: Session, table: type[Base], /, **values: Any) -> bool:
    """Insert a row unless one with the same key is there, and say whether it was inserted."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = insert(table).values(**values).on_conflict_do_nothing()
    return session.execute(row.returning(*table.__table__.primary_key)).first() is not None


def _refuse_a_log_alone(path: Path) -> None:
    """Raise StorageError for a log without its database: creating a new one would delete it."""
    log = path.with_name(f"{path.name}-wal")
    if log.is_file() and log.stat().st_size and not (path.is_file() and path.stat().st_size):
        raise StorageError("log_without_database", path=str(path), log=str(log))


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (DBAPIError, TimeoutError) as error:
        raise StorageError(code_of(error)) from error


@event.listens_for(Engine, "connect")
def _on_connect(connection: Any, record: Any) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    # Transactions are begun below, by hand: the driver's own begin would be a deferred one.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout = {_BUSY_SECONDS * 1000}",
        "synchronous = FULL",
        "foreign_keys = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")
    _log_ahead(connection)


def _log_ahead(connection: sqlite3.Connection) -> None:
    """Switch to write-ahead logging; the busy timeout does not cover this."""
    latest = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_READONLY:
                return  # opened to be looked at only
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > latest:
                raise
        time.sleep(0.05)


@event.listens_for(Engine, "begin")
def _on_begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        # A transaction that reads first and writes later could not wait for another writer.
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
