"""Drafts: where digits and signs lie, before there is a page to write them on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

__all__ = ["INKED", "Draft", "Ink", "Item", "tight"]

Array = npt.NDArray[Any]
#: What something is drawn with: the writer's pen, a second one, or a printer.
Ink = Literal["pen", "second", "print"]
#: Level above which a pixel is ink.
INKED = 60


@dataclass(frozen=True, eq=False)
class Item:
    """Something drawn.

    Attributes
    ----------
    what : str
        "digit", or the name of a sign.
    cover : ndarray of uint8, (h, w)
        The ink, 255 where it is solid.
    left, top : int
        Its place, which may be negative.
    ink : {"pen", "second", "print"}
        What it is drawn with.
    digit : int
        Which digit; -1 for a sign.
    line : int
        The line of the text that a digit belongs to.
    """

    what: str
    cover: Array = field(repr=False)
    left: int
    top: int
    ink: Ink = "pen"
    digit: int = -1
    line: int = 0

    @property
    def right(self) -> int:
        """The first column beyond it."""
        return self.left + int(self.cover.shape[1])

    @property
    def foot(self) -> int:
        """The first row below it."""
        return self.top + int(self.cover.shape[0])


@dataclass
class Draft:
    """Items at places in an endless plane.

    Attributes
    ----------
    height : int
        Of a common digit, in pixels.
    items : list of Item
        In the order of drawing; digits among them in reading order.
    """

    height: int
    items: list[Item] = field(default_factory=list)

    @property
    def digits(self) -> list[Item]:
        """The digits, in reading order."""
        return [item for item in self.items if item.digit >= 0]

    @property
    def text(self) -> str:
        """The digits with a break between lines."""
        lines: dict[int, str] = {}
        for item in self.digits:
            lines[item.line] = lines.get(item.line, "") + str(item.digit)
        return "\n".join(lines[number] for number in sorted(lines))

    def add(self, *items: Item) -> None:
        """Add items on top of the others."""
        self.items.extend(items)

    def line_boxes(self) -> list[tuple[int, int, int, int]]:
        """Return left, top, right and foot of the digits of each line."""
        lines = sorted({item.line for item in self.digits})
        return [bounds(item for item in self.digits if item.line == line) for line in lines]

    def bounds(self, *, digits_only: bool = False) -> tuple[int, int, int, int]:
        """Return left, top, right and foot of all items, or of the digits."""
        return bounds(self.digits if digits_only else self.items)

    def move(self, right: int, down: int) -> None:
        """Move all items."""
        self.items = [
            replace(item, left=item.left + right, top=item.top + down) for item in self.items
        ]


def bounds(items: Iterable[Item]) -> tuple[int, int, int, int]:
    """Return left, top, right and foot of items; of none, four times 0."""
    items = list(items)
    if not items:
        return 0, 0, 0, 0
    return (
        min(item.left for item in items),
        min(item.top for item in items),
        max(item.right for item in items),
        max(item.foot for item in items),
    )


def tight(cover: Array) -> Array:
    """Cut away the empty rows and columns around ink; of no ink, leave one pixel."""
    rows, columns = (np.flatnonzero((cover > INKED).any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return cover[:1, :1]
    part: Array = cover[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return part
