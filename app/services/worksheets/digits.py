"""Digits of answers, kept as pictures with what a person says is written there."""

from __future__ import annotations

from uuid import UUID

from app.services.pictures.keeping import Keeping
from app.services.recogniser import Recogniser
from app.services.worksheets.pages import WorksheetPages

__all__ = ["AnswerDigits"]


class AnswerDigits:
    """Keeps the digits of answers among their owner's labelled pictures."""

    def __init__(self, pages: WorksheetPages, recogniser: Recogniser, keeping: Keeping) -> None:
        self._pages = pages
        self._recogniser = recogniser
        self._keeping = keeping

    def keep(
        self, owner_id: UUID, worksheet_id: UUID, page_id: UUID, place: int, written: str
    ) -> int:
        """Keep each digit of an answer, labelled as a person says; return how many were kept.

        Only where each has a box of its own, in which one digit is read or none. Kept again,
        it is the same picture, with the new label. Raises NoSuchWorksheet, BusyError,
        LabelLimit, StorageError.
        """
        pictures = self._pages.digit_pictures(owner_id, worksheet_id, page_id, place)
        if len(pictures) != len(written) or not (written.isascii() and written.isdigit()):
            return 0
        kept = [
            self._keeping.keep(
                owner_id, picture, self._recogniser.read(picture), source="upload", label=digit
            )
            for picture, digit in zip(pictures, written, strict=True)
        ]
        return sum(one is not None for one in kept)
