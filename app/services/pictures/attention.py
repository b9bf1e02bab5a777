"""Which pictures need somebody's look, and how urgently: kept beside the pictures, in order.

The most urgent are those whose label and network disagree, the surer the network the sooner;
then those that look nearly like one with another label; then those of which the network is not
sure; then those without a label. What somebody has looked at is not urgent, until its label
changes. `refresh` follows every change of a label, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    String,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from app.storage.database import Database, chunks
from app.storage.models import Picture, Review

__all__ = ["SURE", "add_missing", "refresh", "refresh_urgency", "urgency"]

#: The network is sure of an answer from this confidence on.
SURE = 0.9

_ADDED = 5000  # rows in one transaction
_IS_KNOWN = exists().where(Review.picture_id == Picture.id)


def refresh(session: Session, picture_ids: Sequence[UUID]) -> None:
    """Bring the reviews of some pictures, which are locked, up to date with their labels."""
    _add(session, Picture.id.in_(picture_ids))
    present = _of_picture(Picture.label)
    changed = update(Review).where(
        Review.picture_id.in_(picture_ids), Review.label.is_distinct_from(present)
    )
    session.execute(
        changed.values(
            label=present,
            compared=_of_picture(Picture.label.is_(None)),
            twin_id=None,
            reviewed_at=None,
            reviewed_by=None,
            unsure=False,
            former=None,
        ).execution_options(synchronize_session=False)
    )
    refresh_urgency(session, picture_ids)


def refresh_urgency(session: Session, picture_ids: Sequence[UUID]) -> None:
    """Reckon the urgency of some pictures again."""
    values = {"urgency": _of_picture(urgency())}
    chosen = update(Review).where(Review.picture_id.in_(picture_ids)).values(values)
    session.execute(chosen.execution_options(synchronize_session=False))


def add_missing(database: Database, picture_ids: Collection[UUID]) -> None:
    """Add the reviews that pictures lack, as after an update from a version without them."""
    ids = sorted(picture_ids)
    for start in range(0, len(ids), _ADDED):
        with database.writing() as session:
            for some in chunks(ids[start : start + _ADDED]):
                _add(session, Picture.id.in_(some))
                refresh_urgency(session, some)


def urgency() -> ColumnElement[float | None]:
    """Return the urgency of a row of `Picture` beside one of `Review`; null for none."""
    network = func.coalesce(cast(Picture.digit, String(4)), "none")
    doubt = 1 - Picture.confidence
    twin = aliased(Picture)
    other = select(twin.label).where(twin.id == Review.twin_id)
    twin_label = other.correlate(Review).scalar_subquery()
    is_unsure = Picture.confidence < SURE
    return case(
        (Review.reviewed_at.is_not(None), null()),
        (Picture.label != network, 4 + func.coalesce(Picture.confidence, 0.0)),
        (twin_label != Picture.label, literal(3.0)),
        (Picture.label.is_not(None) & is_unsure, 2 + doubt),
        (Picture.label.is_not(None), null()),
        (or_(Picture.digit.is_(None), is_unsure), 1 + func.coalesce(doubt, 0.5)),
        else_=doubt,
    )


def _of_picture(value: ColumnElement[Any] | Any) -> ColumnElement[Any]:
    """Return a value of the picture of a row of `Review`."""
    chosen = select(value).select_from(Picture).where(Picture.id == Review.picture_id)
    return chosen.correlate(Review).scalar_subquery()


def _add(session: Session, condition: ColumnElement[bool]) -> None:
    lite = session.get_bind().dialect.name == "sqlite"
    insert = sqlite.insert if lite else postgresql.insert
    compared = Picture.label.is_(None)
    rows = select(Picture.id, Picture.label, literal(False), compared).where(condition)
    # PostgreSQL would have to wait for whoever changes a row that is there already.
    rows = rows.where(~_IS_KNOWN)
    names = ["picture_id", "label", "unsure", "compared"]
    session.execute(insert(Review).from_select(names, rows).on_conflict_do_nothing())
