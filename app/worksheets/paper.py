"""Paper: the sizes of a page, and where its corner marks and its code are printed.

All lengths are in millimetres, x to the right and y down, from the top left corner.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["MARKS", "MARK_MODULES", "PAPERS", "Paper", "Rectangle", "find_paper"]

#: Left, top, width, height.
Rectangle = tuple[float, float, float, float]

#: Modules on a side of a corner mark: a black frame of one, and 3 by 3 inside.
MARK_MODULES = 5

_MARK_SIDE = 9.0
_MARK_INSET = 10.0
_CODE_SIDE = 22.0
_CODE_TOP = 10.0
_NAME_TOP, _NAME_BOTTOM, _NAME_GAP, _NAME_EDGE = 12.0, 19.5, 5.0, 23.0

# Black modules are "#". However they are turned, any two differ in at least four modules, and so
# does each from itself turned: no misread module makes one mark of another.
_PATTERNS = (
    ("###", "...", "..."),
    ("..#", "##.", "..."),
    ("##.", "###", "..."),
    ("#.#", "#.#", ".#."),
)


@dataclass(frozen=True)
class Paper:
    """A size of paper.

    Attributes
    ----------
    name : str
        As people call it.
    width, height : float
        Upright.
    """

    name: str
    width: float
    height: float

    @property
    def marks(self) -> tuple[Rectangle, Rectangle, Rectangle, Rectangle]:
        """The corner marks: top left, top right, bottom right, bottom left."""
        right, bottom = (side - _MARK_INSET - _MARK_SIDE for side in (self.width, self.height))
        near = _MARK_INSET
        return (
            (near, near, _MARK_SIDE, _MARK_SIDE),
            (right, near, _MARK_SIDE, _MARK_SIDE),
            (right, bottom, _MARK_SIDE, _MARK_SIDE),
            (near, bottom, _MARK_SIDE, _MARK_SIDE),
        )

    @property
    def code(self) -> Rectangle:
        """The QR code, without the white around it."""
        return ((self.width - _CODE_SIDE) / 2, _CODE_TOP, _CODE_SIDE, _CODE_SIDE)

    @property
    def name_field(self) -> Rectangle:
        """Where a pupil's name is printed, or written: on the line at its foot, right of a word."""
        left = self.code[0] + _CODE_SIDE + _NAME_GAP
        width = self.width - _NAME_EDGE - left
        return (left, _NAME_TOP, width, _NAME_BOTTOM - _NAME_TOP)


PAPERS = {paper.name: paper for paper in (Paper("A4", 210.0, 297.0), Paper("Letter", 215.9, 279.4))}


def find_paper(width: float, height: float) -> Paper | None:
    """Return the paper of a size in millimetres, None if no worksheet is printed on such."""
    for paper in PAPERS.values():
        if abs(paper.width - width) < 0.5 and abs(paper.height - height) < 0.5:
            return paper
    return None


def _modules(rows: tuple[str, ...]) -> npt.NDArray[np.bool_]:
    inside = np.array([[module == "#" for module in row] for row in rows])
    return np.pad(inside, 1, constant_values=True)


#: The corner marks in the order of `Paper.marks`, bool (4, 5, 5): True is black.
MARKS: npt.NDArray[np.bool_] = np.stack([_modules(rows) for rows in _PATTERNS])
