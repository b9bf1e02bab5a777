"""Which labelled pictures a version takes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select

from app.services.collecting.label_table import clean_writer
from app.services.versions.errors import VersionError
from app.storage.models import Picture

__all__ = ["EVERYTHING", "Choice"]


@dataclass(frozen=True)
class Choice:
    """All labelled pictures, or those of a writer, or stored from one day to another.

    Pictures that a generator made are only among them if they are asked for.
    """

    writer: str | None = None
    since: date | None = None
    until: date | None = None
    made: bool = False

    @classmethod
    def read(
        cls,
        *,
        writer: str | None = None,
        since: str | None = None,
        until: str | None = None,
        made: bool = False,
    ) -> Choice:
        """Read a choice, with days such as 2026-11-30; raises VersionError, UploadError."""
        choice = cls(clean_writer(writer), _day(since), _day(until), made)
        if choice.until == date.max:
            raise VersionError("version_day", day=str(choice.until))
        if choice.since is not None and choice.until is not None and choice.since > choice.until:
            raise VersionError("version_days", since=str(choice.since), until=str(choice.until))
        return choice

    def select(self) -> Select[Any]:
        """Select the pictures, in the order of their ids."""
        conditions: list[ColumnElement[bool]] = [Picture.label.is_not(None)]
        if self.writer is not None:
            conditions.append(Picture.writer == self.writer)
        if self.since is not None:
            conditions.append(Picture.created_at >= _start_of(self.since))
        if self.until is not None:
            conditions.append(Picture.created_at < _start_of(self.until + timedelta(days=1)))
        if not self.made:
            conditions.append(~Picture.made)
        return select(Picture).where(and_(*conditions)).order_by(Picture.id)


#: All labelled pictures that people wrote.
EVERYTHING = Choice()


def _day(text: str | None) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise VersionError("version_day", day=text[:20]) from None


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
