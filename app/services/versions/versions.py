"""Versions of the data set: which pictures belong to each, and as what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import numpy as np
import numpy.typing as npt
from sqlalchemy import ColumnElement, Select, and_, func, insert, select
from sqlalchemy.orm import Session

from app.errors import CodedError
from app.services.collecting.label_table import clean_writer
from app.services.models.checks import is_name
from app.services.pictures.labels import LABELS
from app.services.versions.split import MANY, split
from app.storage.database import Database, chunks, insert_missing, utc_now
from app.storage.models import Picture, Version, VersionMember

__all__ = [
    "Choice",
    "Examples",
    "Member",
    "NoSuchVersion",
    "VersionError",
    "VersionTaken",
    "VersionView",
    "Versions",
]

_SIDE = 28


class VersionError(CodedError):
    """A version cannot be made so; nothing was changed."""


class NoSuchVersion(VersionError):
    """There is no version of this name."""


class VersionTaken(VersionError):
    """There is a version of this name already."""


@dataclass(frozen=True)
class VersionView:
    """A version: how it was chosen, and what is in it now.

    `frozen` is how many pictures it had; those that were withdrawn since are not in the counts.
    `by_class` has each label; `by_writer` the writers by number of pictures, the one who is not
    known as "". `held_out_by_class` are those of `by_class` that are held out.
    """

    id: UUID
    name: str
    created_at: datetime
    created_by: UUID | None
    writer: str | None
    since: str | None
    until: str | None
    frozen: int
    by_class: dict[str, int]
    held_out_by_class: dict[str, int]
    by_writer: dict[str, int]

    @property
    def count(self) -> int:
        """How many pictures it has."""
        return sum(self.by_class.values())

    @property
    def held_out(self) -> int:
        """How many of them are held out."""
        return sum(self.held_out_by_class.values())

    @property
    def withdrawn(self) -> int:
        """How many pictures were withdrawn since."""
        return self.frozen - self.count


@dataclass(frozen=True)
class Member:
    """A picture in a version: its label and writer as they were, and on which side it is."""

    picture_id: UUID
    label: str
    writer: str | None
    held_out: bool


@dataclass(frozen=True, eq=False)
class Examples:
    """The digits of a version, for training.

    `images` are uint8 (N, 28, 28), white ink on black; `labels` int64 (N,), 0 to 9; `held_out`
    bool (N,); `writers` and `ids` lists of N.
    """

    images: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.int64]
    held_out: npt.NDArray[np.bool_]
    writers: list[str | None]
    ids: list[str]


@dataclass(frozen=True)
class Choice:
    """Which labelled pictures: of a writer, and stored from one day to another."""

    writer: str | None = None
    since: date | None = None
    until: date | None = None


class Versions:
    """Freezes, counts and lists versions of the data set."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def preview(self, choice: Choice = Choice()) -> dict[str, int]:
        """Return how many pictures of each label a version would have."""
        counted = _chosen(choice).with_only_columns(Picture.label, func.count()).order_by(None)
        with self._database.reading() as session:
            found = {
                label: count for label, count in session.execute(counted.group_by(Picture.label))
            }
        return {label: found.get(label, 0) for label in LABELS}

    def freeze(
        self,
        name: str,
        *,
        by: UUID,
        writer: str | None = None,
        since: date | None = None,
        until: date | None = None,
    ) -> VersionView:
        """Freeze the labelled pictures that there are under a name; whole, or not at all.

        Raises VersionError for a name or days that cannot be, VersionTaken, StorageError.
        """
        if not is_name(name):
            raise VersionError("version_name", name=name[:50])
        if until == date.max:
            raise VersionError("version_day", day=str(until))
        if since is not None and until is not None and since > until:
            raise VersionError("version_days", since=str(since), until=str(until))
        choice = Choice(clean_writer(writer), since, until)
        columns = (Picture.id, Picture.label, Picture.writer, Picture.sha256)
        with self._database.writing() as session:
            version_id = uuid4()
            # Held until the end, so that none is deleted between here and its row.
            chosen = _chosen(choice).with_only_columns(*columns)
            rows = session.execute(chosen.with_for_update(read=True, key_share=True)).all()
            if not rows:
                raise VersionError("version_empty")
            facts = {
                "id": version_id,
                "name": name,
                "created_at": utc_now(),
                "created_by": by,
                "writer": choice.writer,
                "since": None if since is None else since.isoformat(),
                "until": None if until is None else until.isoformat(),
                "frozen": len(rows),
            }
            if not insert_missing(session, Version, **facts):
                raise VersionTaken("version_taken", name=name)
            sides = split([(own, digest) for _, _, own, digest in rows], _writers_of_many(session))
            members = [
                {
                    "version_id": version_id,
                    "picture_id": picture_id,
                    "label": label,
                    "writer": own,
                    "held_out": held_out,
                }
                for (picture_id, label, own, _), held_out in zip(rows, sides, strict=True)
            ]
            session.execute(insert(VersionMember), members)
            return _view(session, session.get_one(Version, version_id))

    def find(self, name: str) -> VersionView | None:
        """Return the version of a name."""
        with self._database.reading() as session:
            row = session.scalar(select(Version).where(Version.name == name))
            return None if row is None else _view(session, row)

    def all(self) -> list[VersionView]:
        """Return all versions, the newest first."""
        newest = select(Version).order_by(Version.created_at.desc(), Version.name)
        with self._database.reading() as session:
            return [_view(session, row) for row in session.scalars(newest).all()]

    def members(self, version_id: UUID) -> list[Member]:
        """Return what is in a version, in the order of the pictures' ids."""
        columns = (
            VersionMember.picture_id,
            VersionMember.label,
            VersionMember.writer,
            VersionMember.held_out,
        )
        chosen = select(*columns).where(VersionMember.version_id == version_id)
        with self._database.reading() as session:
            rows = session.execute(chosen.order_by(VersionMember.picture_id)).all()
        return [Member(*row) for row in rows]

    def examples(self, name: str) -> Examples:
        """Return the digits of a version; raises NoSuchVersion.

        Pictures that show no digit, or in which no digit was found, are not among them.
        """
        version = self.find(name)
        if version is None:
            raise NoSuchVersion("version_unknown", name=name[:50])
        members = [one for one in self.members(version.id) if one.label != "none"]
        found = list(self._with_pixels(members))
        images = np.frombuffer(b"".join(pixels for _, pixels in found), np.uint8)
        return Examples(
            images.reshape(-1, _SIDE, _SIDE),
            np.array([int(one.label) for one, _ in found], np.int64),
            np.array([one.held_out for one, _ in found], np.bool_),
            [one.writer for one, _ in found],
            [str(one.picture_id) for one, _ in found],
        )

    def _with_pixels(self, members: Sequence[Member]) -> Iterator[tuple[Member, bytes]]:
        for chunk in chunks(members):
            ids = [one.picture_id for one in chunk]
            chosen = select(Picture.id, Picture.pixels).where(Picture.id.in_(ids))
            with self._database.reading() as session:
                pixels = {picture_id: own for picture_id, own in session.execute(chosen)}
            for one in chunk:
                own = pixels.get(one.picture_id)
                if own is not None:
                    yield one, own


def _chosen(choice: Choice) -> Select[Any]:
    """Select the labelled pictures of a choice, in the order of their ids."""
    conditions: list[ColumnElement[bool]] = [Picture.label.is_not(None)]
    if choice.writer is not None:
        conditions.append(Picture.writer == choice.writer)
    if choice.since is not None:
        conditions.append(Picture.created_at >= _start_of(choice.since))
    if choice.until is not None:
        conditions.append(Picture.created_at < _start_of(choice.until + timedelta(days=1)))
    return select(Picture).where(and_(*conditions)).order_by(Picture.id)


def _writers_of_many(session: Session) -> set[str]:
    counted = (
        select(Picture.writer)
        .where(Picture.label.is_not(None), Picture.writer.is_not(None))
        .group_by(Picture.writer)
        .having(func.count() >= MANY)
    )
    return {writer for writer in session.scalars(counted) if writer is not None}


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _view(session: Session, row: Version) -> VersionView:
    counted = (
        select(VersionMember.label, VersionMember.writer, VersionMember.held_out, func.count())
        .where(VersionMember.version_id == row.id)
        .group_by(VersionMember.label, VersionMember.writer, VersionMember.held_out)
    )
    by_class, held_out, by_writer = Counter[str](), Counter[str](), Counter[str]()
    for label, writer, is_held_out, count in session.execute(counted):
        by_class[label] += count
        by_writer[writer or ""] += count
        if is_held_out:
            held_out[label] += count
    return VersionView(
        row.id,
        row.name,
        row.created_at,
        row.created_by,
        row.writer,
        row.since,
        row.until,
        row.frozen,
        {label: by_class[label] for label in LABELS},
        {label: held_out[label] for label in LABELS},
        dict(by_writer.most_common()),
    )
