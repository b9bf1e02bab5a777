"""Queries for the gallery, which never reveal whose a picture is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.services.pictures.labels import check_label
from app.storage.database import Database, chunks
from app.storage.models import Holding, Labelling, Picture
from cnn.data.made import MADE

__all__ = ["Cursor", "Filter", "Gallery", "Page", "PictureView"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Filter:
    """A choice of pictures: by label or digit ("0" to "9", "none"), and by holder.

    Raises UnknownLabel for another label.
    """

    shown: str | None = None
    holder: UUID | None = None

    def __post_init__(self) -> None:
        if self.shown is not None:
            check_label(self.shown)


@dataclass(frozen=True)
class Cursor:
    """A position in the order of the pictures, after or before which a page lies."""

    moment: datetime
    picture_id: UUID

    def __str__(self) -> str:
        return f"{(self.moment - _EPOCH) // timedelta(microseconds=1)}.{self.picture_id}"

    @classmethod
    def parse(cls, text: str) -> Cursor:
        """Read what `str` gave; raises ValueError for anything else."""
        number, _, name = text.partition(".")
        try:
            moment = _EPOCH + timedelta(microseconds=int(number))
        except OverflowError as error:
            raise ValueError(f"{text!r} is no place in the gallery") from error
        return cls(moment, UUID(name))


@dataclass(frozen=True)
class PictureView:
    """What a viewer sees of a picture, with whether they hold it and their own label."""

    id: UUID
    #: Of its file's bytes, in hexadecimal.
    sha256: str
    #: The network's answer; None if it refused the picture.
    digit: int | None
    confidence: float | None
    label: str | None
    created_at: datetime
    mine: bool
    model: str
    #: How it came, or "made" if a generator made it.
    source: str
    probabilities: tuple[float, ...] | None
    pixels: bytes | None
    own_label: str | None = None
    #: Who wrote the digit, where that is known.
    writer: str | None = None

    @property
    def network(self) -> str:
        """The network's answer as a label: "none" if it refused the picture."""
        return "none" if self.digit is None else str(self.digit)

    @property
    def shown(self) -> str:
        """A person's label where there is one, else the network's answer."""
        return self.network if self.label is None else self.label

    @property
    def confidence_in_shown(self) -> float | None:
        """The network's probability of the digit that is shown; None where it is unknown."""
        if self.shown == self.network:
            return self.confidence
        if self.shown == "none" or self.probabilities is None:
            return None
        return self.probabilities[int(self.shown)]


@dataclass(frozen=True)
class Page:
    """A page of the gallery, and the cursors of its neighbours."""

    pictures: tuple[PictureView, ...]
    older: Cursor | None
    newer: Cursor | None = None


class Gallery:
    """Finds pictures, newest first, with keyset pagination."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(
        self,
        chosen: Filter,
        *,
        viewer: UUID,
        after: Cursor | None = None,
        before: Cursor | None = None,
        size: int = 48,
    ) -> Page:
        """Return up to `size` pictures: those after `after`, or those before `before`.

        Without either, and where before `before` there is no more than a page, the newest.
        """
        moment, _ = _order(chosen)
        columns = (moment, _held_by(viewer), _said_by(viewer))
        with self._database.reading() as session:
            if before is not None:
                newer = _newer(chosen, before).add_columns(*columns).limit(size + 1)
                rows = session.execute(newer).all()
                if len(rows) > size:
                    return _page(rows[size - 1 :: -1], older=True, newer=True)
            older = _older(chosen, after).add_columns(*columns).limit(size + 1)
            rows = session.execute(older).all()
            page = _page(rows[:size], older=len(rows) > size, newer=after is not None)
            if page.newer is None or session.execute(_newer(chosen, page.newer).limit(1)).first():
                return page
            return replace(page, newer=None)

    def count(self, chosen: Filter) -> int:
        """Return how many pictures there are."""
        found = _filtered(chosen).with_only_columns(func.count(Picture.id))
        with self._database.reading() as session:
            return session.scalar(found) or 0

    def find(self, picture_id: UUID, *, viewer: UUID) -> PictureView | None:
        """Return one picture."""
        with self._database.reading() as session:
            found = select(Picture, _held_by(viewer), _said_by(viewer))
            row = session.execute(found.where(Picture.id == picture_id)).first()
        return None if row is None else _view(*row)

    def ids(self, chosen: Filter) -> list[UUID]:
        """Return the ids of all pictures, newest first."""
        moment, key = _order(chosen)
        found = _filtered(chosen).with_only_columns(Picture.id)
        with self._database.reading() as session:
            return list(session.scalars(found.order_by(moment.desc(), key.desc())))

    def newest(self, digit: int | None, limit: int) -> list[UUID]:
        """Return the ids of the newest pictures of a digit, or of any digit."""
        wanted = Picture.shown != "none" if digit is None else Picture.shown == str(digit)
        found = select(Picture.id).where(wanted)
        found = found.order_by(Picture.created_at.desc(), Picture.id.desc())
        with self._database.reading() as session:
            return list(session.scalars(found.limit(limit)))

    def each(self, ids: list[UUID]) -> Iterator[PictureView]:
        """Yield the pictures of these ids that are still there, a few in memory at a time."""
        for chunk in chunks(ids):
            with self._database.reading() as session:
                rows = session.scalars(select(Picture).where(Picture.id.in_(chunk)))
                found = {picture.id: _view(picture, mine=False) for picture in rows}
            yield from (found[picture_id] for picture_id in chunk if picture_id in found)


def _filtered(chosen: Filter) -> Select[Picture]:
    found = select(Picture)
    if chosen.holder is not None:
        held = Holding.picture_id == Picture.id
        found = found.join(Holding, held).where(Holding.user_id == chosen.holder)
    if chosen.shown is not None:
        found = found.where(Picture.shown == chosen.shown)
    return found


def _order(
    chosen: Filter,
) -> tuple[InstrumentedAttribute[datetime], InstrumentedAttribute[UUID]]:
    if chosen.holder is not None:
        return Holding.created_at, Holding.picture_id
    return Picture.created_at, Picture.id


def _older(chosen: Filter, cursor: Cursor | None) -> Select[Picture]:
    """Select what comes after a cursor, the newest first."""
    (moment, key), found = _order(chosen), _filtered(chosen)
    if cursor is not None:
        beside = and_(moment == cursor.moment, key < cursor.picture_id)
        found = found.where(or_(moment < cursor.moment, beside), moment <= cursor.moment)
    return found.order_by(moment.desc(), key.desc())


def _newer(chosen: Filter, cursor: Cursor) -> Select[Picture]:
    """Select what comes before a cursor, the oldest first."""
    (moment, key), found = _order(chosen), _filtered(chosen)
    beside = and_(moment == cursor.moment, key > cursor.picture_id)
    found = found.where(or_(moment > cursor.moment, beside), moment >= cursor.moment)
    return found.order_by(moment, key)


def _page(rows: Sequence[Any], *, older: bool, newer: bool) -> Page:
    """Make a page of its rows, with the cursors of the neighbours that it has."""
    pictures = tuple(_view(picture, mine, own) for picture, _, mine, own in rows)
    if not rows:
        return Page(pictures, None)
    first, last = (Cursor(row[1], row[0].id) for row in (rows[0], rows[-1]))
    return Page(pictures, last if older else None, first if newer else None)


def _held_by(viewer: UUID) -> ColumnElement[bool]:
    holding = aliased(Holding)  # the filter may look at another one
    return exists().where(holding.picture_id == Picture.id, holding.user_id == viewer)


def _said_by(viewer: UUID) -> ScalarSelect[str]:
    own = select(Labelling.label).where(
        Labelling.picture_id == Picture.id, Labelling.user_id == viewer
    )
    return own.scalar_subquery()


def _view(picture: Picture, mine: bool, own_label: str | None = None) -> PictureView:
    known = picture.probabilities
    return PictureView(
        picture.id,
        picture.sha256,
        picture.digit,
        picture.confidence,
        picture.label,
        picture.created_at,
        mine,
        picture.model,
        MADE if picture.made else picture.source,
        None if known is None else tuple(known),
        picture.pixels,
        own_label,
        picture.writer,
    )
