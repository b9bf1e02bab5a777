"""Upsampling as a step of training."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import numpy.typing as npt

from cnn.engine.fusion import Group
from cnn.engine.memory import stored
from cnn.engine.training.steps import MicroBatch, Step
from cnn.layers import Upsample2D

__all__ = ["UpsampleStep"]

Array = npt.NDArray[Any]


class UpsampleStep(Step):
    """Nearest-neighbour upsampling into kept buffers."""

    def __init__(self, group: Group) -> None:
        super().__init__(group.index)
        self._layer = cast(Upsample2D, group.layer)

    def forward(self, x: Array, batch: MicroBatch, rng: np.random.Generator) -> Array:
        """Compute the step's output (n, ...), good until the next batch."""
        (n, h, w, c), (down, across) = x.shape, self._layer.factor
        y = batch.pictures((self, "y"), (n, h * down, w * across, c))
        blocks = stored(y).reshape(h, down, w, across, n, c)
        np.copyto(blocks, stored(x)[:, None, :, None])
        return y

    def backward(self, dy: Array, batch: MicroBatch) -> Array:
        """Add to `grads`, and return the input's gradient, good until the next call."""
        (down, across), shape = self._layer.factor, self._layer.input_shape
        dx = batch.pictures((self, "dx"), (len(dy), *shape))
        np.copyto(dx, dy[:, ::down, ::across])
        for row, column in np.ndindex(down, across):
            if row or column:
                np.add(dx, dy[:, row::down, column::across], out=dx)
        return dx
