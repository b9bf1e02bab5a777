"""What a made page is: its picture, and the truth of every pixel."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["DIGIT_INK", "NO_PAGE", "OTHER_INK", "PAPER", "PageDigit", "PageScene", "PageSign"]

Array = npt.NDArray[Any]
Box = tuple[int, int, int, int]

#: The values of `PageScene.truth`.
PAPER, DIGIT_INK, OTHER_INK, NO_PAGE = range(4)


@dataclass(frozen=True)
class PageDigit:
    """One digit on a page.

    Attributes
    ----------
    digit : int
        Which, 0 to 9.
    box : (int, int, int, int)
        Left, top, width and height in pixels of its ink in `PageScene.owners`. What another digit
        covers, and what lies beyond the picture's edge, is not in it.
    line : int
        Of `PageScene.text`, from 0.
    """

    digit: int
    box: Box
    line: int


@dataclass(frozen=True)
class PageSign:
    """Something beside the digits that a person would see as one thing, and not read as a digit.

    Attributes
    ----------
    what : str
        "point", "comma", "minus", "plus", "slash", "letter", "word", "tick", "box", "ring", "line"
        and other names.
    box : (int, int, int, int)
        Left, top, width and height in pixels of the ink that shows.
    """

    what: str
    box: Box


@dataclass(frozen=True, eq=False)
class PageScene:
    """A picture as a person might send it, with the truth of every pixel.

    Attributes
    ----------
    kind : str
        One of `cnn.synthesis.pages.KINDS`.
    picture : ndarray of uint8, (H, W, 3)
        RGB.
    truth : ndarray of uint8, (H, W)
        `PAPER`, `DIGIT_INK`, `OTHER_INK` (a printed line, a box, a letter, a sign, a drawing) or
        `NO_PAGE` (the table that the page lies on, the desktop around a window).
    owners : ndarray of int16, (H, W)
        0, or 1 + the place in `digits` of the digit whose ink a pixel is.
    digits : tuple of PageDigit
        In reading order.
    text : str
        The digits as a person would read them, with a line break for each line of writing; signs
        are left out, and without digits it is empty.
    signs : tuple of PageSign
        What else was written or printed as a thing of its own. Rules of the paper are not in it.
    """

    kind: str
    picture: Array = field(repr=False)
    truth: Array = field(repr=False)
    owners: Array = field(repr=False)
    digits: tuple[PageDigit, ...]
    text: str
    signs: tuple[PageSign, ...]

    def __post_init__(self) -> None:
        shape = self.picture.shape[:2]
        if self.picture.dtype != np.uint8 or self.picture.shape != (*shape, 3):
            raise ValueError(
                f"expected a picture, uint8 (H, W, 3), got {self.picture.dtype} "
                f"{self.picture.shape}"
            )
        for name, kind in (("truth", np.uint8), ("owners", np.int16)):
            array = getattr(self, name)
            if array.dtype != kind or array.shape != shape:
                raise ValueError(
                    f"expected {name}, {np.dtype(kind)} {shape}, got {array.dtype} {array.shape}"
                )
