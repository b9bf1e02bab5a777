"""Versions of the data set: which pictures belong to each, and as what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

import numpy as np
import numpy.typing as npt
from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from app.errors import PersonGone
from app.services.models.checks import is_name
from app.services.pictures.labels import LABELS
from app.services.versions.choice import EVERYTHING, Choice
from app.services.versions.errors import (
    NoSuchVersion,
    NotYourVersion,
    VersionError,
    VersionInUse,
    VersionTaken,
)
from app.services.versions.split import MANY, split
from app.storage.database import Database, chunks, insert_missing, utc_now
from app.storage.models import Job, Picture, TrainingRun, User, Version, VersionMember

__all__ = ["LONGEST_LICENCE", "Examples", "Member", "Use", "VersionView", "Versions"]

#: Characters.
LONGEST_LICENCE = 200

_SIDE = 28


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
    licence: str | None
    #: Whether made pictures were to be among them, and how many are.
    with_made: bool
    made: int
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
class Use:
    """The numbers of the runs that are to learn from a version, and of those with a model of it."""

    at_work: tuple[int, ...]
    models: tuple[int, ...]


class Versions:
    """Freezes, counts, lists and removes versions of the data set.

    `limit` is how many there may be of each person.
    """

    def __init__(self, database: Database, *, limit: int) -> None:
        self._database = database
        self.limit = limit

    def preview(self, choice: Choice = EVERYTHING) -> dict[str, int]:
        """Return how many pictures of each label a version would have."""
        counted = choice.select().with_only_columns(Picture.label, func.count()).order_by(None)
        with self._database.reading() as session:
            found = {
                label: count for label, count in session.execute(counted.group_by(Picture.label))
            }
        return {label: found.get(label, 0) for label in LABELS}

    def freeze(
        self, name: str, *, by: UUID, choice: Choice = EVERYTHING, licence: str | None = None
    ) -> VersionView:
        """Freeze the labelled pictures that there are under a name; whole, or not at all.

        Raises VersionError for a name or a licence that cannot be, for a choice without pictures,
        and for a person who has frozen as many as one may; VersionTaken, PersonGone, StorageError.
        """
        if not is_name(name):
            raise VersionError("version_name", name=name[:50])
        facts = {
            "id": uuid4(),
            "name": name,
            "created_at": utc_now(),
            "created_by": by,
            "writer": choice.writer,
            "since": None if choice.since is None else choice.since.isoformat(),
            "until": None if choice.until is None else choice.until.isoformat(),
            "made": choice.made,
            "licence": _clean_licence(licence),
        }
        with self._database.writing() as session:
            _check_name(session, name)
            # Held until the end, so that none is deleted between here and its row.
            columns = (Picture.id, Picture.label, Picture.writer, Picture.sha256)
            chosen = choice.select().with_only_columns(*columns)
            rows = session.execute(chosen.with_for_update(read=True, key_share=True)).all()
            if not rows:
                raise VersionError("version_empty")
            self._check_limit(session, by)
            if not insert_missing(session, Version, **facts, frozen=len(rows)):
                raise VersionTaken("version_taken", name=name)
            sides = split([(own, digest) for _, _, own, digest in rows], _writers_of_many(session))
            members = [
                {
                    "version_id": facts["id"],
                    "picture_id": picture_id,
                    "label": label,
                    "writer": own,
                    "held_out": held_out,
                }
                for (picture_id, label, own, _), held_out in zip(rows, sides, strict=True)
            ]
            session.execute(insert(VersionMember), members)
            return _view(session, session.get_one(Version, facts["id"]))

    def remove(self, name: str, *, by: UUID, is_admin: bool) -> None:
        """Remove a version: a person one of their own, an administrator any.

        Runs that learned from it keep their figures, and its name, which nobody can give again.
        Raises NoSuchVersion, NotYourVersion, VersionInUse, StorageError.
        """
        if not is_name(name):
            raise NoSuchVersion("version_unknown", name=name[:50])
        with self._database.writing() as session:
            # Who starts a run with it waits for this, or this for them.
            own = select(Version).where(Version.name == name).with_for_update()
            row = session.scalar(own)
            if row is None:
                raise NoSuchVersion("version_unknown", name=name[:50])
            if not is_admin and row.created_by != by:
                raise NotYourVersion("version_not_yours")
            use = _use_of(session, name)
            if use.at_work:
                raise VersionInUse("version_in_use", name=name, number=use.at_work[0])
            session.execute(delete(Version).where(Version.id == row.id))

    def use_of(self, name: str) -> Use:
        """Return which training runs a version is, or was, there for; the newest first."""
        with self._database.reading() as session:
            return _use_of(session, name)

    def names(self) -> set[str]:
        """Return the names of all versions."""
        with self._database.reading() as session:
            return set(session.scalars(select(Version.name)))

    def find(self, name: str) -> VersionView | None:
        """Return the version of a name."""
        if not is_name(name):
            return None
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

    def _check_limit(self, session: Session, person: UUID) -> None:
        """Raise VersionError if a person has frozen as many as one may; at once counts as well."""
        locked = select(User.id).where(User.id == person).with_for_update()
        if session.scalar(locked) is None:
            raise PersonGone("account_gone")
        theirs = select(func.count()).select_from(Version).where(Version.created_by == person)
        if (session.scalar(theirs) or 0) >= self.limit:
            raise VersionError("version_limit", count=self.limit)

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


def _clean_licence(given: str | None) -> str | None:
    """Return a licence without spaces around it; None for none. Raises VersionError."""
    licence = (given or "").strip()
    if len(licence) > LONGEST_LICENCE or not licence.isprintable():
        raise VersionError("version_licence", most=LONGEST_LICENCE)
    return licence or None


def _check_name(session: Session, name: str) -> None:
    """Raise VersionTaken for the name of a version, also of one that went into a model."""
    if session.scalar(select(Version.id).where(Version.name == name)) is not None:
        raise VersionTaken("version_taken", name=name)
    if (use := _use_of(session, name)).models:
        raise VersionTaken("version_name_used", name=name, number=use.models[0])


def _use_of(session: Session, name: str) -> Use:
    runs = (
        select(TrainingRun.number, TrainingRun.settings, TrainingRun.model, Job.state)
        .outerjoin(Job, Job.id == TrainingRun.job_id)
        .order_by(TrainingRun.number.desc())
    )
    at_work: list[int] = []
    models: list[int] = []
    for number, settings, model, state in session.execute(runs):
        if name not in settings["versions"]:
            continue
        if state in ("queued", "running"):
            at_work.append(number)
        elif model is not None:
            models.append(number)
    return Use(tuple(at_work), tuple(models))


def _writers_of_many(session: Session) -> set[str]:
    counted = (
        select(Picture.writer)
        .where(Picture.label.is_not(None), Picture.writer.is_not(None))
        .group_by(Picture.writer)
        .having(func.count() >= MANY)
    )
    return {writer for writer in session.scalars(counted) if writer is not None}


def _view(session: Session, row: Version) -> VersionView:
    kinds = (VersionMember.label, VersionMember.writer, VersionMember.held_out, Picture.made)
    counted = (
        select(*kinds, func.count())
        .join(Picture, Picture.id == VersionMember.picture_id)
        .where(VersionMember.version_id == row.id)
        .group_by(*kinds)
    )
    made = 0
    by_class, held_out, by_writer = Counter[str](), Counter[str](), Counter[str]()
    for label, writer, is_held_out, is_made, count in session.execute(counted):
        by_class[label] += count
        by_writer[writer or ""] += count
        made += count if is_made else 0
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
        row.licence,
        row.made,
        made,
        row.frozen,
        {label: by_class[label] for label in LABELS},
        {label: held_out[label] for label in LABELS},
        dict(by_writer.most_common()),
    )
