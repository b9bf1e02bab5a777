"""Pictures that look nearly the same but have different labels: one of the two is likely wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

import numpy as np
from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session, aliased

from app.services.pictures.attention import refresh_urgency
from app.services.reviewing.bands import NEARLY_EQUAL, bands_of, distance
from app.storage.database import Database, chunks
from app.storage.models import Picture, Review

__all__ = ["Twins"]

_CHUNK = 500  # pictures in one transaction
_CANDIDATES = 5000  # pairs that are looked at for such a chunk and band
_BANDS = (Review.band_0, Review.band_1, Review.band_2, Review.band_3)


class Twins:
    """Compares labelled pictures with all others, each once after its label has changed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def compare(self, most: int = _CHUNK) -> int:
        """Compare at most so many pictures that were not compared yet; return how many it were.

        Raises StorageError.
        """
        waiting = select(Review.picture_id).where(~Review.compared).order_by(Review.picture_id)
        with self._database.reading() as session:
            ids = session.scalars(waiting.limit(most)).all()
            if not ids:
                return 0
            bands = _read_bands(session, ids)
        for some in chunks(ids):
            self._compare(some, bands)
        return len(ids)

    def _compare(self, ids: Sequence[UUID], bands: dict[UUID, list[int]]) -> None:
        """Store the bands of some pictures, and whom they resemble."""
        with self._database.writing() as session:
            mine = _lock(session, ids, ~Review.compared)
            _write_bands(session, {one: bands[one] for one in mine if one in bands})
            pairs = dict(_twins(session, sorted(mine)))
            theirs = _lock(session, [*pairs.values()])
            _note(session, {one: other for one, other in pairs.items() if other in theirs})
            done = update(Review).where(Review.picture_id.in_(mine)).values(compared=True)
            session.execute(done.execution_options(synchronize_session=False))
            refresh_urgency(session, sorted(mine | theirs))


def _lock(session: Session, ids: Sequence[UUID], *conditions: ColumnElement[bool]) -> set[UUID]:
    """Lock pictures and their reviews, but those that others have; return which are locked.

    So nobody waits for anybody: whoever labels one at this moment has it compared later.
    """
    chosen = select(Review.picture_id).join(Picture, Picture.id == Review.picture_id)
    chosen = chosen.where(Review.picture_id.in_(ids), *conditions)
    return set(session.scalars(chosen.with_for_update(skip_locked=True)))


def _read_bands(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[int]]:
    """Return the bands of pictures whose pixels are known."""
    known: list[tuple[UUID, bytes]] = []
    for some in chunks(ids):
        chosen = select(Picture.id, Picture.pixels).where(Picture.id.in_(some))
        known += [(own, pixels) for own, pixels in session.execute(chosen) if pixels is not None]
    if not known:
        return {}
    pixels = np.frombuffer(b"".join(own for _, own in known), np.uint8).reshape(len(known), -1)
    return {own: row.tolist() for (own, _), row in zip(known, bands_of(pixels), strict=True)}


def _write_bands(session: Session, bands: dict[UUID, list[int]]) -> None:
    names = [column.key for column in _BANDS]
    rows = [
        {"picture_id": own, **dict(zip(names, values, strict=True))}
        for own, values in sorted(bands.items())
    ]
    if rows:
        session.execute(update(Review), rows)


def _twins(session: Session, ids: Sequence[UUID]) -> Iterator[tuple[UUID, UUID]]:
    """Yield a picture and one that looks nearly the same but has another label."""
    pairs = sorted(_candidates(session, ids))
    pixels: dict[UUID, bytes] = {}
    for some in chunks(sorted({own for pair in pairs for own in pair})):
        chosen = select(Picture.id, Picture.pixels).where(Picture.id.in_(some))
        pixels |= {own: found for own, found in session.execute(chosen) if found is not None}
    for one, other in pairs:
        known = one in pixels and other in pixels
        if known and distance(pixels[one], pixels[other]) < NEARLY_EQUAL:
            yield one, other


def _candidates(session: Session, ids: Sequence[UUID]) -> set[tuple[UUID, UUID]]:
    other = aliased(Review)
    found: set[tuple[UUID, UUID]] = set()
    for band in _BANDS:
        equal = getattr(other, band.key) == band
        pairs = select(Review.picture_id, other.picture_id).join(other, equal)
        # A label that has just changed is compared by its own turn.
        pairs = pairs.where(Review.picture_id.in_(ids), other.label != Review.label)
        rows = session.execute(pairs.limit(_CANDIDATES))
        found.update((one, another) for one, another in rows)
    return found


def _note(session: Session, pairs: dict[UUID, UUID]) -> None:
    """Note pairs whose first picture was just compared.

    What somebody has looked at is looked at again for a twin that is new, not for one whose label
    is what somebody has just decided.
    """
    if not pairs:
        return
    involved = {*pairs, *pairs.values()}
    rows = {
        one.picture_id: one
        for one in session.scalars(select(Review).where(Review.picture_id.in_(involved)))
    }
    for one, other in pairs.items():
        first, second = rows[one], rows[other]
        if first.reviewed_at is None:
            first.twin_id = other
            second.reviewed_at = second.reviewed_by = second.former = None
            second.unsure = False
        if second.reviewed_at is None:
            second.twin_id = one
    session.flush()
