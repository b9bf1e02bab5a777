"""Page maps: what a network for whole pages says of every point of a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from cnn.models.network import Network
from cnn.vision.letterbox import letterbox

__all__ = ["PageMap", "enlarge", "map_page"]

Array = npt.NDArray[Any]
Box = tuple[int, int, int, int]

_COLOURS = np.array([(255, 255, 255), (24, 24, 24), (88, 132, 222), (170, 140, 110)], np.float32)
_CLEAR = 0.3  # probability of digits' ink from which on it is looked for in what was read
_TINY = 1e-6


@dataclass(frozen=True, eq=False)
class PageMap:
    """The probabilities of what each point of a picture is.

    Attributes
    ----------
    paper, digit, other, outside : ndarray of float32, (H, W)
        That it is blank paper, the ink of a digit, other ink (lines, boxes, letters, signs), or no
        page at all.
    """

    paper: Array
    digit: Array
    other: Array
    outside: Array

    @property
    def points(self) -> Array:
        """All four, float32 (4, H, W)."""
        return np.stack([self.paper, self.digit, self.other, self.outside])

    def draw(self) -> Array:
        """Draw the map: paper white, digits black, other ink blue, no page brown; uint8 RGB."""
        parts = self.points.transpose(1, 2, 0)
        return (parts @ _COLOURS + np.float32(0.5)).clip(0, 255).astype(np.uint8)

    def agreement(self, boxes: list[Box], size: tuple[int, int]) -> tuple[float, float]:
        """Compare with where digits were read.

        Parameters
        ----------
        boxes : list of (int, int, int, int)
            Left, top, width and height of digits in a picture of that size.
        size : (int, int)
            Width and height of the picture.

        Returns
        -------
        recall : float
            Share of the digits' ink that lies in the boxes, 0 to 1.
        precision : float
            Share of what is no paper in the boxes that is digits' ink, 0 to 1.
        """
        covered = self._cover(boxes, size)
        clear = np.where(self.digit > _CLEAR, self.digit, 0)
        own = self.digit[covered].sum()
        strange = self.other[covered].sum() + self.outside[covered].sum()
        recall = clear[covered].sum() / max(clear.sum(), _TINY)
        return float(recall), float(own / max(own + strange, _TINY))

    def share_of_ink(self, boxes: list[Box], size: tuple[int, int]) -> float:
        """Return how much of all ink, a digit's or other, lies in boxes, 0 to 1.

        Parameters are those of `agreement`.
        """
        ink = self.digit + self.other
        return float(ink[self._cover(boxes, size)].sum() / max(ink.sum(), _TINY))

    def share_of_digit(self, box: Box, size: tuple[int, int], ink: Array) -> float:
        """Return how much of what is no paper at a piece of ink is a digit's ink, 0 to 1.

        Parameters
        ----------
        box : (int, int, int, int)
            Left, top, width and height of the piece in a picture of that size.
        size : (int, int)
            Width and height of the picture.
        ink : ndarray of uint8, (h, w)
            The piece, 255 for ink, with any number of pixels.
        """
        place = self._place(box, size)
        digit, *others = (part[place] for part in (self.digit, self.other, self.outside))
        small = np.asarray(
            Image.fromarray(ink).resize(digit.shape[::-1], Image.Resampling.BOX), np.float32
        )
        own = float((digit * small).sum())
        return own / max(own + sum(float((part * small).sum()) for part in others), _TINY)

    def _cover(self, boxes: list[Box], size: tuple[int, int]) -> Array:
        """Return where the map lies in boxes, bool (H, W)."""
        covered = np.zeros(self.digit.shape, bool)
        for box in boxes:
            covered[self._place(box, size)] = True
        return covered

    def _place(self, box: Box, size: tuple[int, int]) -> tuple[slice, slice]:
        """Return the rows and columns of the map where a box of a picture lies."""
        height, width = self.digit.shape
        across, down = width / size[0], height / size[1]
        left, top, wide, tall = box
        return (
            slice(int(top * down), int(np.ceil((top + tall) * down))),
            slice(int(left * across), int(np.ceil((left + wide) * across))),
        )


def enlarge(values: Array, size: tuple[int, int]) -> Array:
    """Return values (H, W) of a map at another size (width, height)."""
    return np.asarray(Image.fromarray(values).resize(size, Image.Resampling.BILINEAR))


def map_page(network: Network, picture: Image.Image) -> PageMap:
    """Ask a network what each point of a picture is.

    Parameters
    ----------
    network : Network
        As `cnn.models.model.Model.page`.
    picture : PIL.Image.Image
        Of mode L or RGB.
    """
    pixels, (left, top, width, height) = letterbox(picture, network.input_shape[-1])
    answers = network.predict(pixels[None])[0]
    rows, columns = slice(top // 2, (top + height) // 2), slice(left // 2, (left + width) // 2)
    return PageMap(*np.ascontiguousarray(answers[:, rows, columns]))
