"""The rule for storing pictures: those in which exactly one digit was found."""

from __future__ import annotations

from uuid import UUID

from app.services.pictures.images import ImageStore, NewPicture
from app.services.recogniser import Recognised
from app.services.room import WorkRoom

__all__ = ["Keeping"]


class Keeping:
    """Stores pictures that people sent, for the site and the native clients."""

    def __init__(self, images: ImageStore, room: WorkRoom) -> None:
        self._images = images
        self._room = room

    def keep(
        self, user_id: UUID, picture: bytes, result: Recognised, *, source: str
    ) -> UUID | None:
        """Store a picture and return its id, or None if it does not show exactly one digit.

        Raises BusyError, PersonGone, StorageError.
        """
        only = result.reading.only
        if only is None:
            return None
        with self._room.open_for(picture):
            new = NewPicture.from_reading(picture, only, model=result.model, source=source)
        return self._images.keep(user_id, new)
