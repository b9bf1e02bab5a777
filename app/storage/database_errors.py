"""Errors of the database as sentences that say what to do."""

from __future__ import annotations

import sqlite3

import psycopg
from sqlalchemy.exc import DBAPIError, IntegrityError, TimeoutError

__all__ = ["describe"]

_DAMAGED = (
    "The database is damaged. Nothing was changed; end the program and restore a backup "
    "into an empty instance folder: flask --app wsgi restore FILE."
)
_FULL = "The disk of the database is full. Nothing was changed; make room and try again."
_LOCKED = "Another program keeps the database locked. Nothing was changed; try again later."
_READ_ONLY = (
    "The database may only be read. Nothing was changed; "
    "let the program write to it and to its folder."
)
_UNKNOWN = "The database cannot be used just now. Nothing was changed; try again later."
_UNREACHABLE = (
    "The database server cannot be reached or refuses the log-in. "
    "Nothing was changed; try again later."
)

_SQLITE = {
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_PERM: _READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: (
        "The database file cannot be opened. Nothing was changed; "
        "look at its folder: whether it is there, may be written to, and is not full."
    ),
    sqlite3.SQLITE_IOERR: (
        "The disk of the database is full or failing. Nothing was changed; look at the disk."
    ),
}

# https://www.postgresql.org/docs/current/errcodes-appendix.html, by their beginnings
_POSTGRESQL = {
    "08": _UNREACHABLE,
    "28": _UNREACHABLE,
    "3D": _UNREACHABLE,
    "57P": _UNREACHABLE,
    "53300": _LOCKED.replace("keeps the database locked", "has taken all its connections"),
    "53100": _FULL,
    "40": _LOCKED,
    "55P03": _LOCKED,
    "25006": _READ_ONLY,
    "42501": _READ_ONLY,
    "XX001": _DAMAGED,
    "XX002": _DAMAGED,
    "42P01": "The database is not up to date. Nothing was changed; start the program once.",
}


def describe(error: DBAPIError | TimeoutError) -> str:
    """Return a sentence for an error of the database."""
    if isinstance(error, TimeoutError):
        return "The database is busy. Nothing was changed; try again later."
    if isinstance(error, IntegrityError):
        return "What this needs has gone meanwhile. Nothing was changed; try again."
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        # The low byte of an extended code is the code itself.
        code = getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        return _SQLITE.get(code, _UNKNOWN)
    if not isinstance(cause, psycopg.Error):
        return _UNKNOWN
    state = cause.sqlstate
    if state is None:
        return _UNREACHABLE  # the connection itself failed
    return next((words for code, words in _POSTGRESQL.items() if state.startswith(code)), _UNKNOWN)
