"""What somebody who reviews is shown of a picture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app.services.pictures.attention import SURE
from app.storage.models import Picture, Review

__all__ = ["ReviewView", "Twin", "view_reviews"]


@dataclass(frozen=True)
class Twin:
    """A picture that looks nearly the same, and its other label."""

    id: UUID
    label: str
    pixels: bytes | None


@dataclass(frozen=True)
class ReviewView:
    """A picture, what is known of it, and why somebody should look at it."""

    id: UUID
    label: str | None
    #: The network's answer; None if it refused the picture.
    digit: int | None
    confidence: float | None
    #: The network's input: 784 bytes, white ink on black; None if no digit was found.
    pixels: bytes | None
    #: Who wrote the digit, where that is known.
    writer: str | None
    twin: Twin | None

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it is shown: "differs" (from the network), "twin", "unsure", "unlabelled"."""
        network = "none" if self.digit is None else str(self.digit)
        found = {
            "differs": self.label is not None and self.label != network,
            "twin": self.twin is not None,
            "unsure": self.confidence is not None and self.confidence < SURE,
            "unlabelled": self.label is None,
        }
        return tuple(reason for reason, holds in found.items() if holds)


def view_reviews(session: Session, picture_ids: Sequence[UUID]) -> Iterator[ReviewView]:
    """Yield what is shown of pictures that are still there, in the order of their ids given."""
    twin = aliased(Picture)
    chosen = (
        select(Picture, twin)
        .join(Review, Review.picture_id == Picture.id)
        .outerjoin(twin, (twin.id == Review.twin_id) & (twin.label != Picture.label))
        .where(Picture.id.in_(picture_ids))
    )
    rows = {picture.id: (picture, other) for picture, other in session.execute(chosen)}
    for picture_id in picture_ids:
        if picture_id in rows:
            yield _view(*rows[picture_id])


def _view(picture: Picture, other: Picture | None) -> ReviewView:
    twin = None
    if other is not None and other.label is not None:
        twin = Twin(other.id, other.label, other.pixels)
    return ReviewView(
        picture.id,
        picture.label,
        picture.digit,
        picture.confidence,
        picture.pixels,
        picture.writer,
        twin,
    )
