"""What every layer has in common.

Axis letters, used throughout the package: N pictures, H rows, W columns,
C channels, F filters (the channels of an output), K rows or columns of a kernel
or window, D features of a flat vector.

Inside the network a batch is (N, H, W, C), "channels last": a convolution's
window is then K runs of K·C neighbouring numbers, and copying long runs is what
makes convolution by matrix product fast.
"""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["Array", "Cache", "Layer", "Shape", "first_layer_gradients", "pair"]

Array = npt.NDArray[Any]
Shape = tuple[int, ...]
Cache = Any


class Layer(ABC):
    """One step of a network, with its parameters and no memory of any call.

    A layer is made with its options, then `build` gives it its parameters once
    the shape of its input is known. `forward` hands back, beside the output,
    whatever `backward` will need; nothing of a call stays in the layer, so one
    layer serves many threads.

    Attributes
    ----------
    params : dict of str to ndarray
        What training changes.
    buffers : dict of str to ndarray
        What belongs to the layer but is not trained by gradients.
    input_shape, output_shape : tuple of int
        Shapes of one picture, without N; set by `build`.
    """

    input_shape: Shape = ()
    output_shape: Shape = ()

    def __init__(self) -> None:
        self.params: dict[str, Array] = {}
        self.buffers: dict[str, Array] = {}

    def build(self, input_shape: Shape, *, rng: np.random.Generator, dtype: npt.DTypeLike) -> Shape:
        """Fix the shapes and make the parameters.

        Parameters
        ----------
        input_shape : tuple of int
            Shape of one input, without N: (H, W, C) or (D,).
        rng : numpy.random.Generator
            Where the initial weights come from.
        dtype : dtype
            Type of parameters and buffers: float32, or float64 for gradient checks.

        Returns
        -------
        tuple of int
            Shape of one output, without N.

        Raises
        ------
        ValueError
            If the layer cannot take such an input.
        """
        self.input_shape = input_shape
        self.output_shape = self.infer_shape(input_shape)
        return self.output_shape

    def infer_shape(self, input_shape: Shape) -> Shape:
        """Return the shape of one output for one input of `input_shape`."""
        return input_shape

    @abstractmethod
    def forward(
        self, x: Array, *, training: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """Compute the layer's output.

        Parameters
        ----------
        x : ndarray, (N, *input_shape)
            The batch.
        training : bool
            Whether the layer behaves as in training (dropout, batch normalisation).
        rng : numpy.random.Generator, optional
            Needed by layers that draw random numbers in training.

        Returns
        -------
        y : ndarray, (N, *output_shape)
        cache : object
            What `backward` needs, opaque to the caller.
        """

    @abstractmethod
    def backward(self, dy: Array, cache: Cache) -> tuple[Array, dict[str, Array]]:
        """Propagate a gradient from the output to the input.

        Parameters
        ----------
        dy : ndarray, (N, *output_shape)
            Gradient of the loss with respect to the output.
        cache : object
            What `forward` returned with that output.

        Returns
        -------
        dx : ndarray, (N, *input_shape)
            Gradient with respect to the input.
        grads : dict of str to ndarray
            Gradient for each of `params`, same names and shapes.
        """

    def parameter_gradients(self, dy: Array, cache: Cache) -> dict[str, Array]:
        """Return the gradients for `params` alone: all that a first layer is asked for."""
        return self.backward(dy, cache)[1]

    def update_statistics(self, cache: Cache) -> None:
        """Fold what a training pass has seen into `buffers`.

        Called by the trainer, once for each training pass and never during one.
        """
        return None

    def config(self) -> dict[str, Any]:
        """Return the options that the layer was made with, as JSON can hold them."""
        names = inspect.signature(type(self).__init__).parameters
        return {name: getattr(self, name) for name in names if name != "self"}

    def state(self) -> Mapping[str, Array]:
        """Return parameters and buffers by name."""
        return {**self.params, **self.buffers}

    def __repr__(self) -> str:
        options = ", ".join(f"{name}={value!r}" for name, value in self.config().items())
        return f"{type(self).__name__}({options})"


def first_layer_gradients(layer: Layer, dy: Array, cache: Cache) -> dict[str, Array]:
    """Return the gradients of the parameters of a network's first layer.

    `Layer.parameter_gradients` is asked for them, unless the layer is of a subclass that has
    a `backward` of its own but inherits the other method: then they are what `backward` says.
    """
    for kind in type(layer).__mro__:
        if "parameter_gradients" in vars(kind):
            break
        if "backward" in vars(kind):
            return layer.backward(dy, cache)[1]
    return layer.parameter_gradients(dy, cache)


def pair(value: int | tuple[int, int] | list[int], name: str, *, least: int = 1) -> tuple[int, int]:
    """Return `value` as (rows, columns), a single number meaning both.

    Raises
    ------
    ValueError
        If it is neither a number nor two, or one is below `least`.
    """
    both = tuple(value) if isinstance(value, (tuple, list)) else (value, value)
    if len(both) != 2 or not all(isinstance(v, int) and v >= least for v in both):
        raise ValueError(f"{name} must be one or two whole numbers from {least} up, got {value!r}")
    return both[0], both[1]
