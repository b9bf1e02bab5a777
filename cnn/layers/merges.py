"""Merges: operations on the outputs of several layers, for a `Graph`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise
from types import MappingProxyType

import numpy as np

from cnn.layers.base import Array, Shape

__all__ = ["Add", "Concatenate", "Merge"]


class Merge(ABC):
    """Makes one output of several inputs; without parameters or options.

    Attributes
    ----------
    input_shapes : tuple of tuple of int
        Shapes of one input each, without N: (H, W, C) or (D,); set by `build`.
    output_shape : tuple of int
        Shape of one output; set by `build`.
    params : mapping
        Always empty.
    """

    input_shapes: tuple[Shape, ...] = ()
    output_shape: Shape = ()
    params: Mapping[str, Array] = MappingProxyType({})

    def build(self, input_shapes: Sequence[Shape]) -> Shape:
        """Fix the shapes, and return that of one output.

        Raises
        ------
        ValueError
            If there are fewer than two inputs, or their shapes do not fit.
        """
        if len(input_shapes) < 2:
            raise ValueError(f"{type(self).__name__} needs two inputs at least")
        self.input_shapes = tuple(input_shapes)
        self.output_shape = self.infer_shape(self.input_shapes)
        return self.output_shape

    @abstractmethod
    def infer_shape(self, input_shapes: Sequence[Shape]) -> Shape:
        """Return the shape of one output for inputs of these shapes."""

    @abstractmethod
    def forward(self, inputs: Sequence[Array], *, out: Array | None = None) -> Array:
        """Merge the inputs.

        Parameters
        ----------
        inputs : sequence of ndarray, (N, *input_shape)
            At least two.
        out : ndarray, (N, *output_shape), optional
            Where the output goes; memory of its own if not given.

        Returns
        -------
        ndarray, (N, *output_shape)
        """

    @abstractmethod
    def backward(self, dy: Array) -> list[Array]:
        """Return the gradient of each input for that of the output; they may share memory."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class Add(Merge):
    """Sum inputs of equal shape (He et al., "Deep Residual Learning", 2016)."""

    def infer_shape(self, input_shapes: Sequence[Shape]) -> Shape:
        """Return the shape that all inputs have."""
        if len(set(input_shapes)) > 1:
            raise ValueError(f"Add needs inputs of one shape, got {_listed(input_shapes)}")
        return input_shapes[0]

    def forward(self, inputs: Sequence[Array], *, out: Array | None = None) -> Array:
        """Return the sum, (N, *output_shape); see `Merge.forward`."""
        first, second, *others = inputs
        total: Array = np.add(first, second, out=out)
        for more in others:
            total += more
        return total

    def backward(self, dy: Array) -> list[Array]:
        """Return the gradient of the sum for each input; see `Merge.backward`."""
        return [dy] * len(self.input_shapes)


class Concatenate(Merge):
    """Concatenate the channels of pictures, or the numbers of vectors.

    References
    ----------
    Ronneberger et al., "U-Net", 2015.
    """

    def infer_shape(self, input_shapes: Sequence[Shape]) -> Shape:
        """Return (H, W, sum of the C) or (sum of the D,)."""
        if len({shape[:-1] for shape in input_shapes}) > 1:
            raise ValueError(
                f"Concatenate needs inputs of one height and width, got {_listed(input_shapes)}"
            )
        return (*input_shapes[0][:-1], sum(shape[-1] for shape in input_shapes))

    def forward(self, inputs: Sequence[Array], *, out: Array | None = None) -> Array:
        """Return the concatenation, (N, *output_shape); see `Merge.forward`."""
        return np.concatenate(inputs, axis=-1, out=out)

    def backward(self, dy: Array) -> list[Array]:
        """Divide the gradient among the inputs; see `Merge.backward`."""
        ends = accumulate((shape[-1] for shape in self.input_shapes), initial=0)
        return [dy[..., start:end] for start, end in pairwise(ends)]


def _listed(shapes: Sequence[Shape]) -> str:
    return " and ".join(map(str, shapes))
