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
from cnn.reading.reader import Reading, read_normalised
from cnn.vision.normalise import Normalised, Refusal, Stage

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
    refusal : Refusal or None
        Why the picture is refused; the network is explained all the same.
    model : Model
        The model.
    found : Normalised
        The normalised picture.
    index : int
        Number of the digit that is explained.
    """

    stages: tuple[Stage, ...]
    pixels: Array
    blocks: tuple[Block, ...]
    maps: tuple[Array, ...]
    scores: Array
    probabilities: Array
    refusal: Refusal | None
    model: Model
    found: Normalised
    index: int

    @cached_property
    def reading(self) -> Reading:
        """The reading of the whole picture, with touching digits split."""
        return read_normalised(self.model, [self.found])[0]

    @property
    def is_joined(self) -> bool:
        """Whether several digits that touch are explained as if they were one."""
        return self.index in self.reading.joined

    @cached_property
    def evidence(self) -> tuple[Evidence, Evidence]:
        """The evidence for the two likeliest digits."""
        first, second = np.argsort(-self.scores)[:2]
        return gather_evidence(self.model.network, self.pixels, (int(first), int(second)))

    def maps_of(self, index: int) -> Array:
        """Return the output of a block by its index, (H, W, C) or (D,); 0 is the input."""
        return self.maps[index - 1] if index else self.pixels[:, :, None]
