"""Raw rows of the database, and which of them are invalid.

SQLite stores whatever is written into a column by hand. So rows are first read as they are,
then judged by what a backup can hold and another database would accept.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ColumnElement,
    Integer,
    SmallInteger,
    String,
    Table,
    Uuid,
    delete,
    inspect,
    literal_column,
    null,
    select,
    type_coerce,
)
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.types import NullType

from app.services.maintenance.archive import UNREADABLE, column_kind, encode_row, encode_value
from app.storage.database import Base
from app.storage.models import Picture

__all__ = ["Row", "read_ids", "read_rows", "stored_columns", "take_out"]

_SHOWN = 40  # characters of what is wrong


@dataclass(frozen=True)
class Row:
    """A row: its readable values by columns, and what is wrong with it."""

    table: Table
    #: Its table and key, for people.
    name: str
    #: Its rowid in SQLite.
    place: int | None
    raw: dict[str, Any]
    values: dict[str, Any]
    fault: str | None

    def line(self) -> bytes:
        """Return it as a line of a backup."""
        columns = [column for column in stored_columns(self.table) if column.name in self.values]
        kinds = [column_kind(column) for column in columns]
        return encode_row([self.values[column.name] for column in columns], kinds)

    def dump(self) -> str:
        """Return all raw values as JSON."""
        return json.dumps({"table": self.table.name, "row": self.raw}, default=_as_base64)


def stored_columns(table: Table) -> list[Column[Any]]:
    """Return a table's columns except computed ones."""
    return [column for column in table.columns if column.computed is None]


def read_rows(session: Session, table: Table, place: int | None = None) -> Iterator[Row]:
    """Yield a table's rows, or SQLite's row of one rowid, valid or not.

    Columns that an older database lacks are left out, as is a table.
    """
    connection = session.connection()
    if not inspect(connection).has_table(table.name):
        return
    there = {column["name"] for column in inspect(connection).get_columns(table.name)}
    columns = [column for column in stored_columns(table) if column.name in there]
    readers = [_checked(column, _reader(column, session)) for column in columns]
    rules = _rules(table) if len(columns) == len(stored_columns(table)) else []
    sqlite = connection.dialect.name == "sqlite"
    number: ColumnElement[Any] = literal_column("rowid") if sqlite else null()
    chosen = select(number, *rules, *(_raw(c) if sqlite else c for c in columns))
    chosen = chosen.select_from(table).order_by(*table.primary_key)
    if place is not None:
        chosen = chosen.where(number == place)
    with _any_text(session):
        found = session.execute(chosen.execution_options(yield_per=500))
        for own, *cells in found:
            kept, values = cells[: len(rules)], cells[len(rules) :]
            yield _judge(table, own, columns, readers, values, all(k in (None, 1) for k in kept))


def read_ids(session: Session, column: InstrumentedAttribute[UUID] = Picture.id) -> set[UUID]:
    """Return the valid ids in a column."""
    sqlite = session.get_bind().dialect.name == "sqlite"
    if not sqlite:
        return set(session.scalars(select(column)))
    ids = set[UUID]()
    with _any_text(session):
        for raw in session.scalars(select(_raw(column))):
            with suppress(*UNREADABLE):
                ids.add(UUID(hex=raw))
    return ids


def take_out(session: Session, table: Table, place: int) -> list[Row]:
    """Delete SQLite's row of a rowid, if it is still invalid, and the rows that refer to it.

    Returns the deleted rows, those that refer to others first.
    """
    row = next(iter(list(read_rows(session, table, place))), None)
    return [] if row is None or row.fault is None else list(_take(session, row))


def _take(session: Session, row: Row) -> Iterator[Row]:
    rowid: ColumnElement[int] = literal_column("rowid")
    for other in Base.metadata.sorted_tables:
        for key in other.foreign_keys:
            if key.column.table is row.table and not key.parent.nullable:
                own = select(key.column).where(rowid == row.place).scalar_subquery()
                needing = select(rowid).select_from(other).where(key.parent == own)
                for place in session.scalars(needing).all():
                    for found in list(read_rows(session, other, place)):
                        yield from _take(session, found)
    session.execute(delete(row.table).where(rowid == row.place))
    yield row


def _judge(
    table: Table,
    place: int | None,
    columns: list[Column[Any]],
    readers: list[Callable[[Any], Any]],
    cells: list[Any],
    allowed: bool,
) -> Row:
    values, fault = {}, None
    for column, read, cell in zip(columns, readers, cells, strict=True):
        try:
            values[column.name] = read(cell)
        except UNREADABLE:
            fault = fault or f"its {column.name} is {_short(cell)}"
    raw = {column.name: cell for column, cell in zip(columns, cells, strict=True)}
    if not allowed:
        fault = fault or "a rule of its table does not allow it"
    keys = (str(values.get(key.name) or raw[key.name])[:_SHOWN] for key in table.primary_key)
    name = f"{table.name} {'/'.join(keys)}".encode(errors="replace").decode()
    return Row(table, name, place, raw, values, fault)


def _reader(column: Column[Any], session: Session) -> Callable[[Any], Any]:
    """Return a converter of raw values of a column, which raises one of UNREADABLE."""
    dialect = session.connection().dialect
    if dialect.name != "sqlite":
        return _same
    own = column.type.dialect_impl(dialect)
    convert: Callable[[Any], Any] = own.result_processor(dialect, None) or _same
    back: Callable[[Any], Any] = own.bind_processor(dialect) or _same
    # The database compares raw values: another spelling is another value.
    exact = isinstance(column.type, Uuid | Boolean)

    def read(raw: Any) -> Any:
        value = convert(raw)
        if exact and back(value) != raw:
            raise ValueError(f"{raw!r} is not as the program writes it")
        return value

    return read


def _same(value: Any) -> Any:
    return value


def _checked(column: Column[Any], read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return a converter that raises one of UNREADABLE for what the column must not hold."""
    kind = column_kind(column)
    longest = column.type.length if isinstance(column.type, String) else None
    bits = 15 if isinstance(column.type, SmallInteger) else 31
    bound = 1 << bits if isinstance(column.type, Integer) else None

    def check(raw: Any) -> Any:
        if raw is None:
            if not column.nullable:
                raise ValueError("it is missing")
            return None
        value = read(raw)
        encode_value(value, kind)
        if longest is not None and len(value) > longest:
            raise ValueError("it is too long")
        if bound is not None and not -bound <= value < bound:
            raise ValueError("it is too large")
        return value

    return check


def _rules(table: Table) -> list[ColumnElement[Any]]:
    checks = [each for each in table.constraints if isinstance(each, CheckConstraint)]
    return [literal_column(f"({check.sqltext})") for check in checks]


def _raw(column: Any) -> ColumnElement[Any]:
    return type_coerce(column, NullType())


@contextmanager
def _any_text(session: Session) -> Iterator[None]:
    """Read texts that are not UTF-8 as well, at which SQLite's driver would fail."""
    driver: Any = session.connection().connection.driver_connection
    if session.get_bind().dialect.name != "sqlite":
        yield
        return
    before = driver.text_factory
    driver.text_factory = lambda text: text.decode(errors="surrogateescape")
    try:
        yield
    finally:
        driver.text_factory = before


def _short(cell: Any) -> str:
    told = repr(cell)
    return told if len(told) <= _SHOWN else f"{told[:_SHOWN]}…"


def _as_base64(cell: Any) -> Any:
    return {"base64": base64.b64encode(cell).decode()} if isinstance(cell, bytes) else str(cell)
