"""The base of all networks, however their layers are connected."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.layers import Layer, Merge
from cnn.layers.functional import channels_first, channels_last

__all__ = ["Network", "check_new", "shape_channels_first", "shape_channels_last"]

Array = npt.NDArray[Any]

# Number of examples that go through uncompiled layers at a time, to bound the memory.
_MICRO_BATCH = 16


def shape_channels_first(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return a shape (H, W, C) as (C, H, W), and that of a vector as it is."""
    return (shape[-1], *shape[:-1])


def shape_channels_last(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return a shape (C, H, W) as (H, W, C), and that of a vector as it is."""
    return (*shape[1:], shape[0])


def check_new(operation: Layer | Merge) -> None:
    """Raise a ValueError for a layer or merge that has been built before.

    To build it once more would take its parameters from the place where it stands.
    """
    if operation.output_shape:
        raise ValueError(
            "it stands in another network, or in another place of this one; make a new one, "
            "and give the new network trained parameters by load_state_dict"
        )


class Network(ABC):
    """A network of named layers.

    Inputs and outputs are "channels first", (N, C, H, W), as in data sets and other
    libraries. The layers work on (N, H, W, C).

    Parameters
    ----------
    input_shape : tuple of int
        Shape of one input: (C, H, W), or (D,) for flat vectors.
    dtype : dtype
        Type of parameters and computation: float32, or float64 for gradient checks.

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
        """Return the network's outputs, as `predict` does."""
        return self.predict(x)

    def predict(self, x: Array) -> Array:
        """Return the network's outputs.

        Any number of threads may call it at once. In float32 the layers are
        compiled at the first call (see `cnn.engine.inference.plan`), and their parameters are
        read-only from then on, until the network is trained, loaded or made writeable by
        `make_writeable`. While it is trained, other threads predict with a copy: a `predict` in
        between makes the parameters read-only, and the training stops with a ValueError.

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
        """Return inputs in the layout and dtype of the layers.

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
        x = np.asarray(x)
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
        """Return the trained parameters, named "layer.parameter": the arrays themselves."""
        return {
            f"{name}.{key}": array
            for name, layer in self.named_layers()
            for key, array in layer.params.items()
        }

    def state_dict(self) -> dict[str, Array]:
        """Return copies of all parameters and buffers, named "layer.name"."""
        return {name: array.copy() for name, _, _, array in self._state()}

    def load_state_dict(self, state: Mapping[str, Array]) -> None:
        """Load parameters and buffers.

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

    def make_writeable(self) -> None:
        """Make parameters writeable again, after `predict` has made them read-only."""
        if self._discard_plan():
            self._set_writeable(True)

    def summary(self) -> str:
        """Return a table of the layers, their output shapes and numbers of parameters."""
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
        """The layer or merge of the output; None in a network without layers."""

    @abstractmethod
    def named_layers(self) -> Iterator[tuple[str, Layer]]:
        """Yield the layers with their names, in the order in which they run."""

    @abstractmethod
    def pair_caches(self, caches: list[Any]) -> Iterator[tuple[Layer, Any]]:
        """Yield layers that ran in `forward`, with what `Layer.update_statistics` takes."""

    @abstractmethod
    def _forward(
        self,
        x: Array,
        *,
        training: bool = False,
        rng: np.random.Generator | None = None,
        depth: int | None = None,
    ) -> tuple[Array, list[Any]]:
        """Run the layers on `prepare`d inputs; outputs are (N, H, W, C) or (N, D)."""

    @abstractmethod
    def _backward(
        self, dy: Array, caches: list[Any], *, to_input: bool
    ) -> tuple[Array, dict[str, Array]]:
        """Return the gradients of the input, if it is required, and of the parameters."""

    @abstractmethod
    def _predict_compiled(self, x: Array) -> Array:
        """Return the outputs, (N, H, W, C) or (N, D), for prepared float32 pictures."""

    @abstractmethod
    def _discard_plan(self) -> bool:
        """Discard the compiled plan, and say whether there was one."""

    @abstractmethod
    def _nodes(self) -> Iterator[tuple[str, Layer | Merge]]:
        """Yield the rows of `summary`: titles with layers and merges."""

    def _set_writeable(self, writeable: bool) -> None:
        for _, _, _, array in self._state():
            array.flags.writeable = writeable

    def _state(self) -> Iterator[tuple[str, dict[str, Array], str, Array]]:
        for name, layer in self.named_layers():
            for store in (layer.params, layer.buffers):
                for key, array in store.items():
                    yield f"{name}.{key}", store, key, array
