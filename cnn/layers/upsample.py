"""Upsampling: each pixel becomes several."""

from __future__ import annotations

import numpy as np

from cnn.layers.base import Array, Cache, Layer, Shape, pair

__all__ = ["Upsample2D"]


class Upsample2D(Layer):
    """Repeat rows and columns, so that each pixel becomes a block (nearest neighbour).

    Parameters
    ----------
    factor : int or (int, int)
        How many times the rows and the columns.
    """

    def __init__(self, factor: int | tuple[int, int] = 2) -> None:
        super().__init__()
        self.factor = pair(factor, "factor")

    def infer_shape(self, input_shape: Shape) -> Shape:
        """Return (H · factor, W · factor, C)."""
        if len(input_shape) != 3:
            raise ValueError(f"Upsample2D needs pictures of shape (H, W, C), got {input_shape}")
        return input_shape[0] * self.factor[0], input_shape[1] * self.factor[1], input_shape[2]

    def forward(
        self, x: Array, *, training: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """Map (N, H, W, C) to (N, H', W', C); see `Layer.forward`."""
        (n, h, w, c), (down, across) = x.shape, self.factor
        y = np.empty((n, h, down, w, across, c), x.dtype)
        y[...] = x[:, :, None, :, None]
        return y.reshape(n, h * down, w * across, c), None

    def backward(self, dy: Array, cache: Cache) -> tuple[Array, dict[str, Array]]:
        """Return the gradient of the input, with no parameters; see `Layer.backward`."""
        (down, across), (height, width, _) = self.factor, self.input_shape
        blocks = dy.reshape(len(dy), height, down, width, across, -1)
        dx = blocks[:, :, 0, :, 0].copy()
        for row, column in np.ndindex(down, across):
            if row or column:
                dx += blocks[:, :, row, :, column]
        return dx, {}
