"""Walls: made, found by their code, changed and closed."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select, update

from app.errors import CodedError, PersonGone
from app.one_line import is_one_line
from app.storage.database import Database, utc_now
from app.storage.models import User, Wall

__all__ = [
    "LONGEST_TITLE",
    "MOST_PARTICIPANTS",
    "MOST_WALLS",
    "NoSuchWall",
    "WallError",
    "WallView",
    "Walls",
]

LONGEST_TITLE = 80
#: How many walls a person may have at a time, and how many may take part in one.
MOST_WALLS = 10
MOST_PARTICIPANTS = 60

# Without what is taken for something else when it is read aloud or from a wall.
_LETTERS = "ACDEFHJKLMNPQRTUVWXY34679"
_LENGTH = 6
_LIFE = timedelta(hours=24)
_KNOWN = 1.0  # seconds that a wall is not looked up again


class WallError(CodedError):
    """A wall cannot be made or changed so; nothing was done."""


class NoSuchWall(WallError):
    """The wall is not there, or was closed."""


@dataclass(frozen=True)
class WallView:
    """A wall; see `app.storage.models.Wall`."""

    id: UUID
    code: str
    owner_id: UUID
    title: str
    created_at: datetime
    expected: str | None
    is_paused: bool
    is_anonymous: bool
    collects: bool


class Walls:
    """The walls of a site. One that nobody closes is closed a day after it was made."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[UUID, tuple[float, WallView | None]] = {}

    def make(self, owner_id: UUID, title: str, *, collects: bool = False) -> WallView:
        """Make a wall. Raises WallError, PersonGone, StorageError."""
        title = title.strip()
        if not is_one_line(title, most=LONGEST_TITLE):
            raise WallError("wall_title", most=LONGEST_TITLE)
        now = self._clock()
        with self._database.writing() as session:
            session.execute(delete(Wall).where(Wall.created_at <= now - _LIFE))
            # Locked, so that several at once are counted one after the other.
            if session.scalar(select(User.id).where(User.id == owner_id).with_for_update()) is None:
                raise PersonGone("account_gone")
            own = select(func.count()).select_from(Wall).where(Wall.owner_id == owner_id)
            if (session.scalar(own) or 0) >= MOST_WALLS:
                raise WallError("wall_limit", most=MOST_WALLS)
            row = Wall(
                code="".join(secrets.choice(_LETTERS) for _ in range(_LENGTH)),
                owner_id=owner_id,
                title=title,
                created_at=now,
                is_paused=False,
                is_anonymous=False,
                collects=collects,
            )
            session.add(row)
            session.flush()
            return _view(row)

    def of(self, owner_id: UUID) -> list[WallView]:
        """Return a person's walls, newest first. Raises StorageError."""
        own = select(Wall).where(Wall.owner_id == owner_id, self._is_open())
        with self._database.reading() as session:
            return [_view(row) for row in session.scalars(own.order_by(Wall.created_at.desc()))]

    def find(self, code: str) -> WallView:
        """Return the wall of a code, however it is written. Raises NoSuchWall, StorageError."""
        plain = code.strip().upper().replace(" ", "").replace("-", "")
        if not set(plain) <= set(_LETTERS):
            raise NoSuchWall("wall_unknown")
        with self._database.reading() as session:
            row = session.scalar(select(Wall).where(Wall.code == plain, self._is_open()))
            if row is None:
                raise NoSuchWall("wall_unknown")
            return _view(row)

    def get(self, wall_id: UUID) -> WallView:
        """Return a wall as it was within the last second. Raises NoSuchWall, StorageError."""
        now = time.monotonic()
        with self._lock:
            until, wall = self._known.get(wall_id, (0.0, None))
        if until <= now:
            with self._database.reading() as session:
                row = session.scalar(select(Wall).where(Wall.id == wall_id, self._is_open()))
                wall = None if row is None else _view(row)
            with self._lock:
                self._known = {k: kept for k, kept in self._known.items() if kept[0] > now}
                self._known[wall_id] = now + _KNOWN, wall
        if wall is None:
            raise NoSuchWall("wall_closed")
        return wall

    def change(self, wall_id: UUID, changes: Mapping[str, str | bool | None]) -> None:
        """Change `expected` or switches of a wall, by name. Raises StorageError."""
        if changes:
            with self._database.writing() as session:
                session.execute(update(Wall).where(Wall.id == wall_id).values(**changes))
        self._forget(wall_id)

    def close(self, wall_id: UUID) -> None:
        """Close a wall: nobody sees it or takes part in it any more. Raises StorageError."""
        with self._database.writing() as session:
            session.execute(delete(Wall).where(Wall.id == wall_id))
        self._forget(wall_id)

    def _is_open(self) -> ColumnElement[bool]:
        return Wall.created_at > self._clock() - _LIFE

    def _forget(self, wall_id: UUID) -> None:
        with self._lock:
            self._known.pop(wall_id, None)


def _view(row: Wall) -> WallView:
    return WallView(
        id=row.id,
        code=row.code,
        owner_id=row.owner_id,
        title=row.title,
        created_at=row.created_at,
        expected=row.expected,
        is_paused=row.is_paused,
        is_anonymous=row.is_anonymous,
        collects=row.collects,
    )
