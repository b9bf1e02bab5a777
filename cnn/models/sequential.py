"""Sequential networks: layers one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.engine.inference.plan import Plan, compile_plan
from cnn.layers import Layer, Merge
from cnn.layers.base import first_layer_gradients
from cnn.models.network import (
    Network,
    check_new,
    shape_channels_first,
    shape_channels_last,
)

__all__ = ["Sequential"]

Array = npt.NDArray[Any]


class Sequential(Network):
    """A network of layers that each take the output of the one before.

    Parameters
    ----------
    layers : sequence of Layer
        New ones, not shared with another network.
    input_shape : tuple of int
        Shape of one input: (C, H, W), or (D,) for flat vectors.
    seed : int
        Where the initial weights come from; the same seed gives the same weights.
    dtype : dtype
        Of parameters and computation: float32, or float64 for gradient checks.

    Raises
    ------
    ValueError
        If a layer cannot take the output of the one before, or stands in another place or
        network; the message names it.
    """

    def __init__(
        self,
        layers: Sequence[Layer],
        *,
        input_shape: tuple[int, ...],
        seed: int = 0,
        dtype: npt.DTypeLike = np.float32,
    ) -> None:
        super().__init__(input_shape=input_shape, dtype=dtype)
        self.layers = list(layers)
        rng = np.random.default_rng(seed)
        shape = shape_channels_last(self.input_shape)
        for index, layer in enumerate(self.layers):
            try:
                check_new(layer)
                shape = layer.build(shape, rng=rng, dtype=self.dtype)
            except ValueError as error:
                raise ValueError(f"layer {index}, {layer!r}: {error}") from error
        self.output_shape = shape_channels_first(shape)
        self._plan: Plan | None = None

    @property
    def last(self) -> Layer | None:
        """The layer that gives the output, if there is any."""
        return self.layers[-1] if self.layers else None

    def named_layers(self) -> Iterator[tuple[str, Layer]]:
        """Yield the layers with their numbers from 0 as names."""
        for index, layer in enumerate(self.layers):
            yield str(index), layer

    def pair_caches(self, caches: list[Any]) -> Iterator[tuple[Layer, Any]]:
        """Yield the layers that ran, each with its cache."""
        yield from zip(self.layers, caches, strict=False)

    def _forward(
        self,
        x: Array,
        *,
        training: bool = False,
        rng: np.random.Generator | None = None,
        depth: int | None = None,
    ) -> tuple[Array, list[Any]]:
        caches = []
        for layer in self.layers[:depth]:
            x, cache = layer.forward(x, training=training, rng=rng)
            caches.append(cache)
        return x, caches

    def _backward(
        self, dy: Array, caches: list[Any], *, to_input: bool
    ) -> tuple[Array, dict[str, Array]]:
        grads: dict[str, Array] = {}
        for index in range(len(caches) - 1, -1, -1):
            layer, cache = self.layers[index], caches[index]
            if index or to_input:
                dy, own = layer.backward(dy, cache)
            else:
                own = first_layer_gradients(layer, dy, cache)
            grads.update({f"{index}.{name}": gradient for name, gradient in own.items()})
        return dy, grads

    def _predict_compiled(self, x: Array) -> Array:
        plan = self._plan
        if plan is None or not plan.valid:
            # The parameters that were compiled must not change unnoticed.
            self._set_writeable(False)
            plan = self._plan = compile_plan(self.layers)
        return plan.run(x)

    def _discard_plan(self) -> bool:
        had, self._plan = self._plan is not None, None
        return had

    def _nodes(self) -> Iterator[tuple[str, Layer | Merge]]:
        for name, layer in self.named_layers():
            yield f"{name} {layer!r}", layer
