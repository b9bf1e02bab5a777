"""The rule for storing pictures: those of one digit, and those that a person labels."""

from __future__ import annotations

from uuid import UUID

from app.services.pictures.images import ImageStore, Kept, NewPicture
from app.services.recogniser import Recognised
from app.services.room import WorkRoom
from cnn.reading.reader import Reading

__all__ = ["Keeping"]


class Keeping:
    """Stores pictures that people sent, for the site and the native clients."""

    def __init__(self, images: ImageStore, room: WorkRoom) -> None:
        self._images = images
        self._room = room

    def keep(
        self,
        user_id: UUID,
        picture: bytes,
        result: Recognised,
        *,
        source: str,
        label: str | None = None,
        as_admin: bool = False,
    ) -> Kept | None:
        """Store a picture in which exactly one digit was read; with a label, a refused one too.

        None if it is not to be stored. Picture and label are stored together, or neither is.
        Raises BusyError, LabelLimit, PersonGone, StorageError, UnknownLabel.
        """
        reading = result.reading
        if reading.only is None and (label is None or not self.may_be_labelled(reading)):
            return None
        with self._room.open_for(picture):
            new = NewPicture.from_reading(picture, reading, model=result.model, source=source)
        return self._images.keep_labelled(user_id, new, label, as_admin=as_admin)

    @staticmethod
    def may_be_labelled(reading: Reading) -> bool:
        """Say whether a person may say what a picture shows.

        It has one digit, or was refused: then they may see a digit where none was read, but
        not on a blank page.
        """
        if reading.refusal is not None:
            return reading.refusal.code != "blank"
        return reading.only is not None
