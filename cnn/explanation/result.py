"""The result of an explanation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.explanation.blocks import Block
from cnn.explanation.evidence import Evidence, class_scores, gather_evidence
from cnn.models.model import Model
from cnn.reading.classifier import Classified
from cnn.reading.reader import ReadDigit, Reading, read_pixels
from cnn.reading.rejector import likeness
from cnn.vision.normalise import Refusal, Stage

__all__ = ["DigitExplanation", "Explanation", "PictureExplanation"]

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Explanation:
    """Everything between a picture and its answer.

    Attributes
    ----------
    stages : tuple of Stage
        Stages of the normalisation, from the picture to the network's input.
    inputs : ndarray of float32, (C, H, W)
        The network's input, from 0 to 1.
    blocks : tuple of Block
        The network's blocks.
    maps : tuple of ndarray
        Output of each block for this picture, of the block's shape.
    model : Model
        The model.
    """

    stages: tuple[Stage, ...]
    inputs: Array
    blocks: tuple[Block, ...]
    maps: tuple[Array, ...]
    model: Model

    @property
    def scores(self) -> Array:
        """Score of each class, (classes,): see `class_scores`."""
        scores: Array = class_scores(self.maps[-2][None])[0]
        return scores

    @property
    def probabilities(self) -> Array:
        """Probability of each class, (classes,)."""
        last = self.maps[-1]
        return last if len(last) > 1 else np.concatenate([1 - last, last])

    @property
    def cover(self) -> Array | None:
        """The colour that covers a part, for the evidence."""
        return None

    @cached_property
    def evidence(self) -> tuple[Evidence, Evidence]:
        """The evidence for the two likeliest classes."""
        first, second = np.argsort(-self.scores)[:2]
        chosen = (int(first), int(second))
        return gather_evidence(self.model.network, self.inputs, chosen, cover=self.cover)

    def maps_of(self, index: int) -> Array:
        """Return the output of a block by its index, (H, W, C) or (D,); 0 is the input."""
        return self.maps[index - 1] if index else np.moveaxis(self.inputs, 0, -1)


@dataclass(frozen=True)
class DigitExplanation(Explanation):
    """An explanation of a digit.

    Attributes
    ----------
    reading : Reading
        The reader's answer for the whole picture.
    digit : ReadDigit or None
        What is explained: a digit of the reading, or, where that is a refusal, what looked
        most like one, if anything did.
    """

    reading: Reading
    digit: ReadDigit | None

    @property
    def pixels(self) -> Array:
        """The network's input, (28, 28); all 0 if no digit was found."""
        pixels: Array = self.inputs[0]
        return pixels

    @property
    def decided(self) -> ReadDigit | None:
        """The digit, if the writer's habits decided on it, and no stage was left out."""
        own = self.digit
        if own is None or own.because is None or not np.array_equal(self.pixels, own.pixels):
            return None
        return own

    @cached_property
    def refusal(self) -> Refusal | None:
        """Why there is no digit in the picture, or in `pixels` if stages were left out."""
        if self.digit is None or np.array_equal(self.pixels, self.digit.pixels):
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


@dataclass(frozen=True)
class PictureExplanation(Explanation):
    """An explanation of a picture as a whole.

    Attributes
    ----------
    found : Classified
        The answer.
    """

    found: Classified

    @property
    def cover(self) -> Array:
        """The picture's mean colour, (C,): what is covered by it says least."""
        colour: Array = self.inputs.mean(axis=(1, 2))
        return colour
