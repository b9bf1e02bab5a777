"""What every network has in common, however its layers are joined."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.layers import Layer, Merge
from cnn.layers.functional import channels_first, channels_last

__all__ = ["Network", "shape_channels_first", "shape_channels_last"]

Array = npt.NDArray[Any]

# Examples go through uncompiled layers so many at a time, to bound the memory.
_MICRO_BATCH = 16


def shape_channels_first(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return the shape of a picture, (H, W, C), as (C, H, W); that of a vector as it is."""
    return (shape[-1], *shape[:-1])


def shape_channels_last(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return the shape of a picture, (C, H, W), as (H, W, C); that of a vector as it is."""
    return (*shape[1:], shape[0])


class Network(ABC):
    """Layers with names, and what can be done with all of them together.

    Whoever calls a network hands in and gets pictures "channels first", (N, C, H, W), as
    data sets and other libraries have them. Its layers work on (N, H, W, C).

    Parameters
    ----------
    input_shape : tuple of int
        Shape of one input: (C, H, W), or (D,) for flat vectors.
    dtype : dtype
        Of parameters and computation: float32, or float64 for gradient checks.

    Attributes
    ----------
    output_shape : tuple of int
        Shape of one output: (C, H, W) or (D,).

    Raises
    ------
    ValueError
        If `input_shape` has another number of axes.
    """

    output_shape: tuple[int, ...]

    def __init__(self, *, input_shape: tuple[int, ...], dtype: npt.DTypeLike) -> None:
        if len(input_shape) not in (1, 3):
            raise ValueError(f"input_shape must be (C, H, W) or (D,), got {input_shape}")
        self.input_shape = tuple(input_shape)
        self.dtype: np.dtype[Any] = np.dtype(dtype)

    def __call__(self, x: Array) -> Array:
        """Return the network's answers; see `predict`."""
        return self.predict(x)

    def predict(self, x: Array) -> Array:
        """Return the network's answers.

        Any number of threads may call it at once. In float32 the layers are
        compiled at the first call (see `cnn.engine.inference.plan`), and their parameters are
        read-only from then on, until the network is trained, loaded or `thaw`ed.

        Parameters
        ----------
        x : ndarray of float or uint8, (N, C, H, W) or (N, D)
            The inputs; uint8 is divided by 255. For the digit model: (N, 1, 28, 28), from 0
            (black, paper) to 1 (white, ink).

        Returns
        -------
        ndarray, (N, *output_shape)
            For a network that ends in softmax: probabilities, (N, classes).

        Raises
        ------
        ValueError
            If shape or type are others.
        """
        x = self.prepare(x)
        if self.dtype == np.float32:
            return channels_first(self._predict_compiled(x))
        y = np.empty((len(x), *self.output_shape), self.dtype)
        for start in range(0, len(x), _MICRO_BATCH):
            part = slice(start, start + _MICRO_BATCH)
            y[part] = channels_first(self._forward(x[part])[0])
        return y

    def forward(
        self,
        x: Array,
        *,
        training: bool = False,
        rng: np.random.Generator | None = None,
        depth: int | None = None,
    ) -> tuple[Array, list[Any]]:
        """Run the layers and keep what `parameter_gradients` and `input_gradient` need.

        Parameters
        ----------
        x : ndarray of float or uint8, (N, C, H, W) or (N, D)
            The inputs; uint8 is divided by 255.
        training : bool
            Whether the layers behave as in training.
        rng : numpy.random.Generator, optional
            For layers that draw random numbers in training.
        depth : int, optional
            Stop after so many layers; below 0, so many before the end.

        Returns
        -------
        y : ndarray, (N, C, H, W) or (N, D)
            Output of the last layer that ran.
        caches : list
            One for each layer that ran.

        Raises
        ------
        ValueError
            If shape or type of `x` are others.
        """
        y, caches = self._forward(self.prepare(x), training=training, rng=rng, depth=depth)
        return channels_first(y), caches

    def parameter_gradients(self, dy: Array, caches: list[Any]) -> dict[str, Array]:
        """Return the gradients of `parameters`, by name.

        Parameters
        ----------
        dy : ndarray
            Gradient of the loss with respect to what `forward` returned, in its shape.
        caches : list
            What it returned beside it.
        """
        return self._backward(channels_last(dy), caches, to_input=False)[1]

    def input_gradient(self, dy: Array, caches: list[Any]) -> Array:
        """Return the gradient with respect to the inputs, (N, C, H, W) or (N, D).

        Parameters are those of `parameter_gradients`.
        """
        return channels_first(self._backward(channels_last(dy), caches, to_input=True)[0])

    def prepare(self, x: Array) -> Array:
        """Return inputs as the first layer wants them.

        Parameters
        ----------
        x : ndarray of float or uint8, (N, C, H, W) or (N, D)
            The inputs; uint8 is divided by 255.

        Returns
        -------
        ndarray, (N, H, W, C) or (N, D)
            Of the network's own dtype.

        Raises
        ------
        ValueError
            If shape or type are others.
        """
        if x.shape[1:] != self.input_shape or not (x.dtype.kind == "f" or x.dtype == np.uint8):
            expected = ", ".join(map(str, self.input_shape))
            raise ValueError(
                f"expected floating-point numbers or uint8 of shape (N, {expected}), "
                f"got {x.dtype} {x.shape}"
            )
        return channels_last(self.to_floats(x))

    def to_floats(self, x: Array) -> Array:
        """Return numbers in the network's own dtype, uint8 divided by 255."""
        if x.dtype == np.uint8:
            return np.divide(x, 255, dtype=self.dtype)
        return x.astype(self.dtype, copy=False)

    def parameters(self) -> dict[str, Array]:
        """Return what training changes, named "layer.parameter": the arrays themselves."""
        return {
            f"{name}.{key}": array
            for name, layer in self.named_layers()
            for key, array in layer.params.items()
        }

    def state_dict(self) -> dict[str, Array]:
        """Return copies of all parameters and buffers, named "layer.name"."""
        return {name: array.copy() for name, _, _, array in self._state()}

    def load_state_dict(self, state: Mapping[str, Array]) -> None:
        """Take over parameters and buffers.

        Raises
        ------
        ValueError
            If a name is missing or too many, or a shape differs; nothing is changed then.
        """
        mine = list(self._state())
        wrong = {name for name, *_ in mine} ^ set(state)
        if wrong:
            raise ValueError(f"state does not fit the network: {', '.join(sorted(wrong))}")
        for name, _, _, array in mine:
            if state[name].shape != array.shape:
                raise ValueError(f"{name} must have shape {array.shape}, got {state[name].shape}")
        self._discard_plan()
        for name, store, key, _ in mine:
            store[key] = np.array(state[name], self.dtype)

    def thaw(self) -> None:
        """Let parameters be changed again, after `predict` has made them read-only."""
        if self._discard_plan():
            self._set_writeable(True)

    def summary(self) -> str:
        """Describe the layers, their output shapes and numbers of parameters, as a table."""
        rows = [("layer", "output", "parameters")]
        for title, node in self._nodes():
            count = sum(array.size for array in node.params.values())
            shape = shape_channels_first(node.output_shape)
            rows.append((title, " × ".join(map(str, shape)), f"{count:,}"))
        widths = [max(len(row[column]) for row in rows) for column in range(3)]
        lines = [
            f"{name:<{widths[0]}}  {shape:<{widths[1]}}  {count:>{widths[2]}}".rstrip()
            for name, shape, count in rows
        ]
        total = sum(array.size for array in self.parameters().values())
        taken = " × ".join(map(str, self.input_shape))
        return "\n".join([*lines, f"input {taken}, {total:,} parameters"])

    @property
    @abstractmethod
    def last(self) -> Layer | Merge | None:
        """What gives the output; None in a network without any layer."""

    @abstractmethod
    def named_layers(self) -> Iterator[tuple[str, Layer]]:
        """Yield the layers with their names, in the order in which they run."""

    @abstractmethod
    def pair_caches(self, caches: list[Any]) -> Iterator[tuple[Layer, Any]]:
        """Yield the layers that ran in `forward`, each with its cache, for `Layer.absorb`."""

    @abstractmethod
    def _forward(
        self,
        x: Array,
        *,
        training: bool = False,
        rng: np.random.Generator | None = None,
        depth: int | None = None,
    ) -> tuple[Array, list[Any]]:
        """Do what `forward` says, with `prepare`d inputs and outputs (N, H, W, C)."""

    @abstractmethod
    def _backward(
        self, dy: Array, caches: list[Any], *, to_input: bool
    ) -> tuple[Array, dict[str, Array]]:
        """Return the gradients of the input, if it is asked for, and of the parameters."""

    @abstractmethod
    def _predict_compiled(self, x: Array) -> Array:
        """Return the outputs, (N, H, W, C) or (N, D), for prepared float32 pictures."""

    @abstractmethod
    def _discard_plan(self) -> bool:
        """Forget what was compiled, and say whether there was anything."""

    @abstractmethod
    def _nodes(self) -> Iterator[tuple[str, Layer | Merge]]:
        """Yield what `summary` has a row for, each with the row's title."""

    def _set_writeable(self, writeable: bool) -> None:
        for _, _, _, array in self._state():
            array.flags.writeable = writeable

    def _state(self) -> Iterator[tuple[str, dict[str, Array], str, Array]]:
        for name, layer in self.named_layers():
            for store in (layer.params, layer.buffers):
                for key, array in store.items():
                    yield f"{name}.{key}", store, key, array
