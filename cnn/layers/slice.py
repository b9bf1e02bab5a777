"""Slices of vectors: for networks whose input has several parts."""

from __future__ import annotations

import numpy as np

from cnn.layers.base import Array, Cache, Layer, Shape

__all__ = ["Slice"]


class Slice(Layer):
    """Take neighbouring numbers of a vector: (N, D) to (N, stop - start).

    Parameters
    ----------
    start, stop : int
        The first number that is taken, from 0, and the first after it that is not.
    """

    def __init__(self, start: int, stop: int) -> None:
        super().__init__()
        if not (isinstance(start, int) and isinstance(stop, int) and 0 <= start < stop):
            raise ValueError(
                f"start and stop must be whole numbers, 0 <= start < stop, got {start!r} and "
                f"{stop!r}"
            )
        self.start = start
        self.stop = stop

    def infer_shape(self, input_shape: Shape) -> Shape:
        """Return (stop - start,)."""
        if len(input_shape) != 1 or input_shape[0] < self.stop:
            raise ValueError(
                f"a slice to {self.stop} needs vectors of at least so many numbers, got "
                f"{input_shape}"
            )
        return (self.stop - self.start,)

    def forward(
        self, x: Array, *, training: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """Map (N, D) to (N, stop - start); see `Layer.forward`."""
        return x[:, self.start : self.stop], None

    def backward(self, dy: Array, cache: Cache) -> tuple[Array, dict[str, Array]]:
        """Return the gradient of the input, 0 for what was not taken; see `Layer.backward`."""
        dx = np.zeros((len(dy), *self.input_shape), dy.dtype)
        dx[:, self.start : self.stop] = dy
        return dx, {}
