"""The code of a page: which worksheet, which page of it, whose. It holds no names."""

from __future__ import annotations

import re
from dataclasses import dataclass

import segno

__all__ = ["PageCode", "modules_of"]

# Capitals, digits and colons alone make the smallest code.
_FORM = re.compile(r"DN:([A-Z2-7]{10}):(\d{1,3}):(\d{1,3})")


@dataclass(frozen=True)
class PageCode:
    """What a page's code says.

    Attributes
    ----------
    sheet : str
        The worksheet's id, `Layout.sheet`.
    page : int
        The page of the worksheet, from 1.
    pupil : int
        The pupil's place in the list of names, from 1; 0 if it has none.
    """

    sheet: str
    page: int
    pupil: int = 0

    @property
    def text(self) -> str:
        """What is printed as a QR code."""
        return f"DN:{self.sheet}:{self.page}:{self.pupil}"

    @classmethod
    def parse(cls, text: str) -> PageCode | None:
        """Return what a QR code says; None if it is no worksheet's."""
        found = _FORM.fullmatch(text)
        return found and cls(found[1], int(found[2]), int(found[3]))


def modules_of(code: PageCode) -> list[list[bool]]:
    """Return the QR code's modules, row by row, True where it is black."""
    # Of version 2 up to three digits each of page and pupil have room, with a quarter lost.
    made = segno.make_qr(code.text, version=2, error="q", boost_error=False)
    return [[bool(module) for module in row] for row in made.matrix]
