"""What went wrong with the database is called by its name."""

import sqlite3

import psycopg
import pytest
from psycopg import errors
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError, TimeoutError

from app.storage.database_errors import describe


def on_sqlite(code):
    error = sqlite3.OperationalError("of SQLite's own")
    error.sqlite_errorcode = code
    return OperationalError("SELECT 1", {}, error)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (sqlite3.SQLITE_FULL, "is full"),
        (sqlite3.SQLITE_CORRUPT, "is damaged"),
        (sqlite3.SQLITE_CORRUPT_INDEX, "is damaged"),
        (sqlite3.SQLITE_NOTADB, "is damaged"),
        (sqlite3.SQLITE_BUSY, "keeps the database locked"),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, "keeps the database locked"),
        (sqlite3.SQLITE_READONLY_DIRECTORY, "may only be read"),
        (sqlite3.SQLITE_CANTOPEN, "cannot be opened"),
        (sqlite3.SQLITE_IOERR_SHMSIZE, "full or failing"),
        (sqlite3.SQLITE_MISUSE, "cannot be used just now"),
    ],
)
def test_sqlite(code, words):
    told = describe(on_sqlite(code))
    assert words in told
    assert "Nothing was changed" in told


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (psycopg.OperationalError("connection refused"), "cannot be reached"),
        (errors.AdminShutdown(), "cannot be reached"),
        (errors.InvalidPassword(), "refuses the log-in"),
        (errors.DiskFull(), "is full"),
        (errors.DataCorrupted(), "is damaged"),
        (errors.TooManyConnections(), "taken all its connections"),
        (errors.DeadlockDetected(), "locked"),
        (errors.ReadOnlySqlTransaction(), "may only be read"),
        (errors.UndefinedTable(), "not up to date"),
        (errors.SyntaxError(), "cannot be used just now"),
    ],
)
def test_postgresql(error, words):
    assert words in describe(DatabaseError("SELECT 1", {}, error))


def test_the_rest():
    assert "busy" in describe(TimeoutError("the pool"))
    assert "gone meanwhile" in describe(IntegrityError("INSERT", {}, Exception("key")))
    assert "just now" in describe(OperationalError("SELECT 1", {}, Exception("odd")))
