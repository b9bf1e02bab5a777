"""Everything between a picture and its answer."""

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
        From the picture to 28×28.
    pixels : ndarray of float32, (28, 28)
        What the network saw; all 0 where nothing was found.
    blocks : tuple of Block
        The network's steps.
    maps : tuple of ndarray
        Output of each block for this picture, of the block's shape.
    scores, probabilities : ndarray of float32, (classes,)
        What went into the last softmax, and what came out.
    refusal : Refusal or None
        Why the picture would be refused; the network is shown all the same.
    model : Model
        What read the picture.
    found : Normalised
        The picture made ready.
    index : int
        Which of its digits is explained.
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
        """What is read in the whole picture, with digits that touch cut apart."""
        return read_normalised(self.model, [self.found])[0]

    @property
    def is_joined(self) -> bool:
        """Whether several digits that touch are explained as if they were one."""
        return self.index in self.reading.joined

    @cached_property
    def evidence(self) -> tuple[Evidence, Evidence]:
        """What spoke for the likeliest digit, and for the next."""
        first, second = np.argsort(-self.scores)[:2]
        return gather_evidence(self.model.network, self.pixels, (int(first), int(second)))

    def maps_of(self, index: int) -> Array:
        """Return the output of a block by its index, (H, W, C) or (D,); 0 is the picture."""
        return self.maps[index - 1] if index else self.pixels[:, :, None]
