"""Errors of the database as codes."""

from __future__ import annotations

import sqlite3

import psycopg
from sqlalchemy.exc import DBAPIError, IntegrityError, TimeoutError

from app.errors import ErrorCode

__all__ = ["code_of"]

_SQLITE: dict[int, ErrorCode] = {
    sqlite3.SQLITE_BUSY: "database_locked",
    sqlite3.SQLITE_LOCKED: "database_locked",
    sqlite3.SQLITE_FULL: "database_full",
    sqlite3.SQLITE_CORRUPT: "database_damaged",
    sqlite3.SQLITE_NOTADB: "database_damaged",
    sqlite3.SQLITE_READONLY: "database_read_only",
    sqlite3.SQLITE_PERM: "database_read_only",
    sqlite3.SQLITE_CANTOPEN: "database_cannot_open",
    sqlite3.SQLITE_IOERR: "database_failing",
}

# https://www.postgresql.org/docs/current/errcodes-appendix.html, by their beginnings
_POSTGRESQL: dict[str, ErrorCode] = {
    "08": "database_unreachable",
    "28": "database_unreachable",
    "3D": "database_unreachable",
    "57P": "database_unreachable",
    "53300": "database_without_connections",
    "53100": "database_full",
    "40": "database_locked",
    "55P03": "database_locked",
    "25006": "database_read_only",
    "42501": "database_read_only",
    "XX001": "database_damaged",
    "XX002": "database_damaged",
    "42P01": "database_outdated",
}


def code_of(error: DBAPIError | TimeoutError) -> ErrorCode:
    """Return the code for an error of the database."""
    if isinstance(error, TimeoutError):
        return "database_busy"
    if isinstance(error, IntegrityError):
        return "database_row_gone"
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        # The low byte of an extended code is the code itself.
        code = getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        return _SQLITE.get(code, "database_unusable")
    if not isinstance(cause, psycopg.Error):
        return "database_unusable"
    state = cause.sqlstate
    if state is None:
        return "database_unreachable"  # the connection itself failed
    means = (code for start, code in _POSTGRESQL.items() if state.startswith(start))
    return next(means, "database_unusable")
