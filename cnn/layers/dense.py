"""Fully connected layer, and what turns pictures to vectors and back."""

from __future__ import annotations

from math import prod

import numpy as np
import numpy.typing as npt

from cnn.layers.base import Array, Cache, Layer, Shape, pair
from cnn.layers.initialisers import INITIALISERS, check_initialiser

__all__ = ["Dense", "Flatten", "Unflatten"]


class Dense(Layer):
    """Connect every input with every output: y = x · weight + bias.

    Parameters
    ----------
    units : int
        How many outputs.
    bias : bool
        Whether a bias is added.
    initialiser : {"he", "xavier", "standard"}
        How the weights start.

    Notes
    -----
    Parameters are `weight` (D, units) and `bias` (units,).
    """

    def __init__(self, units: int, *, bias: bool = True, initialiser: str = "he") -> None:
        super().__init__()
        self.units = pair(units, "units")[0]
        self.bias = bias
        self.initialiser = check_initialiser(initialiser)

    def build(self, input_shape: Shape, *, rng: np.random.Generator, dtype: npt.DTypeLike) -> Shape:
        """Make `weight` and `bias`; see `Layer.build`."""
        super().build(input_shape, rng=rng, dtype=dtype)
        shape = (input_shape[0], self.units)
        self.params = {"weight": INITIALISERS[self.initialiser](rng, shape).astype(dtype)}
        if self.bias:
            self.params["bias"] = np.zeros(self.units, dtype)
        return self.output_shape

    def infer_shape(self, input_shape: Shape) -> Shape:
        """Return (units,)."""
        if len(input_shape) != 1:
            raise ValueError(
                f"Dense needs flat vectors of shape (D,), got {input_shape}: put Flatten before it"
            )
        return (self.units,)

    def forward(
        self, x: Array, *, training: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """Map (N, D) to (N, units); see `Layer.forward`."""
        y = x @ self.params["weight"]
        if self.bias:
            y += self.params["bias"]
        return y, x

    def backward(self, dy: Array, cache: Cache) -> tuple[Array, dict[str, Array]]:
        """Return the gradients; see `Layer.backward`."""
        return dy @ self.params["weight"].T, self.parameter_gradients(dy, cache)

    def parameter_gradients(self, dy: Array, cache: Cache) -> dict[str, Array]:
        """Return the gradients of `weight` and `bias`."""
        grads: dict[str, Array] = {"weight": cache.T @ dy}
        if self.bias:
            grads["bias"] = dy.sum(axis=0)
        return grads


class Flatten(Layer):
    """Lay the numbers of a picture in one row: (N, H, W, C) to (N, H·W·C)."""

    def infer_shape(self, input_shape: Shape) -> Shape:
        """Return (H·W·C,)."""
        return (prod(input_shape),)

    def forward(
        self, x: Array, *, training: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """Reshape; see `Layer.forward`."""
        return x.reshape(len(x), -1), x.shape

    def backward(self, dy: Array, cache: Cache) -> tuple[Array, dict[str, Array]]:
        """Shape the gradient back; see `Layer.backward`."""
        return dy.reshape(cache), {}


class Unflatten(Layer):
    """Make pictures of vectors, as `Flatten` would lay them in a row: (N, H·W·C) to (N, H, W, C).

    Parameters
    ----------
    shape : (int, int, int)
        Shape of one picture, in the order in which networks give theirs: (C, H, W).
    """

    def __init__(self, shape: tuple[int, int, int]) -> None:
        super().__init__()
        sizes = tuple(shape)
        if len(sizes) != 3 or not all(isinstance(size, int) and size >= 1 for size in sizes):
            raise ValueError(f"shape must be three whole numbers from 1 up, got {shape!r}")
        self.shape = sizes

    def infer_shape(self, input_shape: Shape) -> Shape:
        """Return (H, W, C)."""
        channels, height, width = self.shape
        if input_shape != (channels * height * width,):
            raise ValueError(
                f"a picture of {self.shape} has {prod(self.shape)} numbers, got {input_shape}"
            )
        return height, width, channels

    def forward(
        self, x: Array, *, training: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """Map (N, D) to (N, H, W, C); see `Layer.forward`."""
        return x.reshape(len(x), *self.output_shape), None

    def backward(self, dy: Array, cache: Cache) -> tuple[Array, dict[str, Array]]:
        """Return the gradient in the shape of the input; see `Layer.backward`."""
        return dy.reshape(len(dy), -1), {}
