"""A network: layers, one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.engine.inference.plan import Plan, compile_plan
from cnn.layers import Layer
from cnn.layers.base import first_layer_gradients

__all__ = ["Sequential"]

Array = npt.NDArray[Any]

# Examples go through uncompiled layers so many at a time, to bound the memory.
_MICRO_BATCH = 16


class Sequential:
    """Layers that each take the output of the one before.

    The network takes pictures "channels first", (N, C, H, W), as data sets and other
    libraries give them, and turns them to (N, H, W, C) for its layers.

    Parameters
    ----------
    layers : sequence of Layer
        Not shared with another network.
    input_shape : tuple of int
        Shape of one input: (C, H, W), or (D,) for flat vectors.
    seed : int
        Where the initial weights come from; the same seed gives the same weights.
    dtype : dtype
        Of parameters and computation: float32, or float64 for gradient checks.

    Raises
    ------
    ValueError
        If a layer cannot take what the one before gives; the message names it.
    """

    def __init__(
        self,
        layers: Sequence[Layer],
        *,
        input_shape: tuple[int, ...],
        seed: int = 0,
        dtype: npt.DTypeLike = np.float32,
    ) -> None:
        if len(input_shape) not in (1, 3):
            raise ValueError(f"input_shape must be (C, H, W) or (D,), got {input_shape}")
        self.layers = list(layers)
        self.input_shape = tuple(input_shape)
        self.dtype: np.dtype[Any] = np.dtype(dtype)
        rng = np.random.default_rng(seed)
        shape = self.input_shape
        if len(shape) == 3:
            shape = (*shape[1:], shape[0])
        for index, layer in enumerate(self.layers):
            try:
                shape = layer.build(shape, rng=rng, dtype=self.dtype)
            except ValueError as error:
                raise ValueError(f"layer {index}, {layer!r}: {error}") from error
        self.output_shape = shape
        self._plan: Plan | None = None

    def predict(self, x: Array) -> Array:
        """Return the network's answers.

        Any number of threads may call it at once. The layers are compiled at the first
        call (see `cnn.engine.inference.plan`), and their parameters are read-only from then on,
        until the network is trained, loaded or `thaw`ed.

        Parameters
        ----------
        x : ndarray of float, (N, C, H, W) or (N, D)
            The inputs. For the digit model: (N, 1, 28, 28), from 0 (black, paper) to 1
            (white, ink).

        Returns
        -------
        ndarray, (N, *output_shape)
            For a network that ends in softmax: probabilities, (N, classes).

        Raises
        ------
        ValueError
            If shape or type are others.
        """
        if self.dtype == np.float32 and len(self.input_shape) == 3:
            return self._compiled().run(self.take(x))
        y = np.empty((len(x), *self.output_shape), self.dtype)
        for start in range(0, len(x), _MICRO_BATCH):
            part = slice(start, start + _MICRO_BATCH)
            y[part] = self.forward(x[part])[0]
        return y

    def thaw(self) -> None:
        """Let parameters be changed again, after `predict` has made them read-only."""
        if self._plan is not None:
            self._plan = None
            self._set_writeable(True)

    def _compiled(self) -> Plan:
        """Return the fast way through the network, as it is now."""
        plan = self._plan
        if plan is None or not plan.valid:
            # What the plan was made of must not change behind its back.
            self._set_writeable(False)
            plan = self._plan = compile_plan(self.layers)
        return plan

    def _set_writeable(self, writeable: bool) -> None:
        for _, _, _, array in self._state():
            array.flags.writeable = writeable

    def forward(
        self,
        x: Array,
        *,
        training: bool = False,
        rng: np.random.Generator | None = None,
        depth: int | None = None,
    ) -> tuple[Array, list[Any]]:
        """Run the layers and keep what `backward` needs.

        Parameters
        ----------
        x : ndarray of float, (N, C, H, W) or (N, D)
            The inputs.
        training : bool
            Whether the layers behave as in training.
        rng : numpy.random.Generator, optional
            For layers that draw random numbers in training.
        depth : int, optional
            Stop after so many layers.

        Returns
        -------
        y : ndarray
            Output of the last layer that ran.
        caches : list
            One for each layer.
        """
        y = self.take(x)
        caches = []
        for layer in self.layers[:depth]:
            y, cache = layer.forward(y, training=training, rng=rng)
            caches.append(cache)
        return y, caches

    def parameter_gradients(self, dy: Array, caches: list[Any]) -> dict[str, Array]:
        """Return the gradients of `parameters`, by name.

        Parameters
        ----------
        dy : ndarray
            Gradient of the loss with respect to what `forward` returned.
        caches : list
            What it returned beside it.
        """
        grads: dict[str, Array] = {}
        for index in range(len(caches) - 1, -1, -1):
            layer, cache = self.layers[index], caches[index]
            if index:
                dy, own = layer.backward(dy, cache)
            else:
                own = first_layer_gradients(layer, dy, cache)
            grads.update({f"{index}.{name}": gradient for name, gradient in own.items()})
        return grads

    def input_gradient(self, dy: Array, caches: list[Any]) -> Array:
        """Return the gradient with respect to the inputs, in their shape (N, C, H, W)."""
        for layer, cache in zip(self.layers[len(caches) - 1 :: -1], caches[::-1], strict=True):
            dy, _ = layer.backward(dy, cache)
        return dy.transpose(0, 3, 1, 2) if dy.ndim == 4 else dy

    def parameters(self) -> dict[str, Array]:
        """Return what training changes, named "layer.parameter": the arrays themselves."""
        return {
            f"{index}.{name}": array
            for index, layer in enumerate(self.layers)
            for name, array in layer.params.items()
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
        self._plan = None
        for name, store, key, _ in mine:
            store[key] = np.array(state[name], self.dtype)

    def summary(self) -> str:
        """Describe the layers, their output shapes and numbers of parameters, as a table."""
        rows = [("layer", "output", "parameters")]
        for index, layer in enumerate(self.layers):
            count = sum(array.size for array in layer.params.values())
            shape = " × ".join(map(str, layer.output_shape))
            rows.append((f"{index} {layer!r}", shape, f"{count:,}"))
        widths = [max(len(row[column]) for row in rows) for column in range(3)]
        lines = [
            f"{name:<{widths[0]}}  {shape:<{widths[1]}}  {count:>{widths[2]}}".rstrip()
            for name, shape, count in rows
        ]
        total = sum(array.size for array in self.parameters().values())
        shape = " × ".join(map(str, self.input_shape))
        return "\n".join([*lines, f"input {shape}, {total:,} parameters"])

    def take(self, x: Array) -> Array:
        """Return inputs as the first layer wants them.

        Parameters
        ----------
        x : ndarray of float, (N, C, H, W) or (N, D)
            The inputs.

        Returns
        -------
        ndarray, (N, H, W, C) or (N, D)
            Of the network's own dtype.

        Raises
        ------
        ValueError
            If shape or type are others.
        """
        if x.shape[1:] != self.input_shape or x.dtype.kind != "f":
            expected = ", ".join(map(str, self.input_shape))
            raise ValueError(
                f"expected floating-point numbers of shape (N, {expected}), got {x.dtype} {x.shape}"
            )
        x = x.astype(self.dtype, copy=False)
        return x.transpose(0, 2, 3, 1) if x.ndim == 4 else x

    def _state(self) -> Iterator[tuple[str, dict[str, Array], str, Array]]:
        for index, layer in enumerate(self.layers):
            for store in (layer.params, layer.buffers):
                for key, array in store.items():
                    yield f"{index}.{key}", store, key, array
