"""What went wrong with the database is called by its name."""

import sqlite3

import psycopg
import pytest
from psycopg import errors
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError, TimeoutError

from app.storage.database_errors import code_of


def on_sqlite(code):
    error = sqlite3.OperationalError("of SQLite's own")
    error.sqlite_errorcode = code
    return OperationalError("SELECT 1", {}, error)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (sqlite3.SQLITE_FULL, "database_full"),
        (sqlite3.SQLITE_CORRUPT, "database_damaged"),
        (sqlite3.SQLITE_CORRUPT_INDEX, "database_damaged"),
        (sqlite3.SQLITE_NOTADB, "database_damaged"),
        (sqlite3.SQLITE_BUSY, "database_locked"),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, "database_locked"),
        (sqlite3.SQLITE_READONLY_DIRECTORY, "database_read_only"),
        (sqlite3.SQLITE_CANTOPEN, "database_cannot_open"),
        (sqlite3.SQLITE_IOERR_SHMSIZE, "database_failing"),
        (sqlite3.SQLITE_MISUSE, "database_unusable"),
    ],
)
def test_sqlite(number, code):
    assert code_of(on_sqlite(number)) == code


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (psycopg.OperationalError("connection refused"), "database_unreachable"),
        (errors.AdminShutdown(), "database_unreachable"),
        (errors.InvalidPassword(), "database_unreachable"),
        (errors.DiskFull(), "database_full"),
        (errors.DataCorrupted(), "database_damaged"),
        (errors.TooManyConnections(), "database_without_connections"),
        (errors.DeadlockDetected(), "database_locked"),
        (errors.ReadOnlySqlTransaction(), "database_read_only"),
        (errors.UndefinedTable(), "database_outdated"),
        (errors.SyntaxError(), "database_unusable"),
    ],
)
def test_postgresql(error, code):
    assert code_of(DatabaseError("SELECT 1", {}, error)) == code


def test_the_rest():
    assert code_of(TimeoutError("the pool")) == "database_busy"
    assert code_of(IntegrityError("INSERT", {}, Exception("key"))) == "database_row_gone"
    assert code_of(OperationalError("SELECT 1", {}, Exception("odd"))) == "database_unusable"
