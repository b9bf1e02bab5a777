"""The result of an explanation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.explanation.blocks import Block
from cnn.explanation.evidence import Evidence, gather_evidence
from cnn.models.model import Model
from cnn.reading.reader import ReadDigit, Reading, read_pixels
from cnn.reading.rejector import likeness
from cnn.vision.normalise import Refusal, Stage

__all__ = ["Explanation"]

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Explanation:
    """Everything between a picture and its answer.

    Attributes
    ----------
    stages : tuple of Stage
        Stages of the normalisation, from the picture to 28×28.
    pixels : ndarray of float32, (28, 28)
        The network's input; all 0 if no digit was found.
    blocks : tuple of Block
        The network's blocks.
    maps : tuple of ndarray
        Output of each block for this picture, of the block's shape.
    scores, probabilities : ndarray of float32, (classes,)
        Inputs and outputs of the last softmax.
    reading : Reading
        The reader's answer for the whole picture.
    digit : ReadDigit or None
        What is explained: a digit of the reading, or, where that is a refusal, what looked
        most like one, if anything did.
    model : Model
        The model.
    """

    stages: tuple[Stage, ...]
    pixels: Array
    blocks: tuple[Block, ...]
    maps: tuple[Array, ...]
    scores: Array
    probabilities: Array
    reading: Reading
    digit: ReadDigit | None
    model: Model

    @cached_property
    def refusal(self) -> Refusal | None:
        """Why there is no digit in the picture, or in `pixels` if stages were left out."""
        if self.digit is None or self.pixels is self.digit.pixels:
            return self.reading.refusal
        return read_pixels(self.model, self.pixels).refusal

    @cached_property
    def likeness(self) -> float | None:
        """How much `pixels` look like a digit to the rejector, see `likeness`; None without one."""
        rejector = self.model.rejector
        if rejector is None:
            return None
        confidence = self.probabilities.max(keepdims=True)
        return float(likeness(rejector.network, self.pixels[None], confidence)[0])

    @cached_property
    def evidence(self) -> tuple[Evidence, Evidence]:
        """The evidence for the two likeliest digits."""
        first, second = np.argsort(-self.scores)[:2]
        return gather_evidence(self.model.network, self.pixels, (int(first), int(second)))

    def maps_of(self, index: int) -> Array:
        """Return the output of a block by its index, (H, W, C) or (D,); 0 is the input."""
        return self.maps[index - 1] if index else self.pixels[:, :, None]
