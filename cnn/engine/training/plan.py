"""A pass of training: forward through a network and back.

The layers are joined to stages (`cnn.engine.training.steps`,
`cnn.engine.training.convolutions`). Those up to the first dense layer see each picture by
itself. They take a few pictures at a time, whose numbers then stay in a core's cache from stage
to stage; only batch normalisation has to wait for all pictures before it goes on. The dense
layers after them, whose weights are what is large, take all at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.engine.inference.plan import joined
from cnn.engine.memory import Scratch
from cnn.engine.patches import Patches
from cnn.engine.training.convolutions import PatchStage, TileStage
from cnn.engine.training.steps import Apply, DenseStage, LayerStage, Measure, Slot, Stage
from cnn.engine.winograd import Winograd
from cnn.layers import BatchNorm, Conv2D, Dense, Layer, ReLU

__all__ = ["Pass", "TrainingPlan"]

Array = npt.NDArray[Any]
#: Takes outputs and targets, returns the mean loss and its gradient by the outputs.
LossFunction = Callable[[Array, Array], tuple[float, Array]]

_MICRO_BATCH = 8  # pictures: more would not fit a core's cache, but twice as many at once do


@dataclass(frozen=True)
class Pass:
    """What a pass found.

    Attributes
    ----------
    loss : float
        Mean over the examples.
    outputs : ndarray, (N, ...)
        Of the last layer that ran; good until the plan runs again.
    grads : dict of str to ndarray
        Gradient for each parameter, named "layer.parameter", times the pass's weight;
        good until the plan runs again.
    seen : list of (Layer, object)
        Layers, each with what its `absorb` is to be told.
    """

    loss: float
    outputs: Array
    grads: dict[str, Array]
    seen: list[tuple[Layer, Any]]


class TrainingPlan:
    """A network's way through training, for one thread at a time.

    Parameters
    ----------
    layers : sequence of Layer
        Built, in order, of one dtype; their parameters may change between passes.
    loss : LossFunction
        What the gradients are of.
    dtype : dtype
        Of the layers. All but float32 takes the layers' own way.
    """

    def __init__(self, layers: Sequence[Layer], loss: LossFunction, dtype: np.dtype[Any]) -> None:
        self._loss = loss
        if dtype == np.float32:
            stages = list(_make_stages(layers, Scratch()))
            dense = [isinstance(stage, DenseStage) for stage in stages]
            first = dense.index(True) if True in dense else len(stages)
        else:
            stages = [LayerStage(index, layer) for index, layer in enumerate(layers)]
            first = 0
        self._below: list[list[Stage]] = [[]]
        for stage in stages[:first]:
            self._below[-1].append(stage)
            if isinstance(stage, Measure):
                self._below.append([])
        self._above = stages[first:]
        self._slots: list[Slot] = []
        self._whole = Slot()

    def run(
        self, x: Array, targets: Array, *, rng: np.random.Generator, weight: float = 1.0
    ) -> Pass:
        """Compute outputs, loss and gradients.

        Parameters
        ----------
        x : ndarray of float, (N, H, W, C) or (N, D)
            The examples, as the first layer takes them.
        targets : ndarray, (N, ...)
            What the loss expects.
        rng : numpy.random.Generator
            For layers that draw random numbers.
        weight : float
            What the gradients are multiplied by.
        """
        stages = [stage for section in (*self._below, self._above) for stage in section]
        for stage in stages:
            stage.start()
        outputs = self._forward(x, rng)
        loss, dy = self._loss(outputs, targets)
        self._backward(dy * dy.dtype.type(weight))
        grads = {
            f"{stage.index}.{name}": gradient
            for stage in stages
            for name, gradient in stage.grads.items()
        }
        return Pass(loss, outputs, grads, [each for stage in stages for each in stage.seen])

    def _forward(self, x: Array, rng: np.random.Generator) -> Array:
        parts = _parts(x)
        self._slots += [Slot() for _ in parts[len(self._slots) :]]
        for section in self._below:
            for place, slot in zip(range(len(parts)), self._slots, strict=False):
                for stage in section:
                    parts[place] = stage.forward(parts[place], slot, rng)
            for stage in section:
                stage.settle()
        y = parts[0] if len(parts) == 1 else np.concatenate(parts)
        for stage in self._above:
            y = stage.forward(y, self._whole, rng)
            stage.settle()
        return y

    def _backward(self, dy: Array) -> None:
        for stage in reversed(self._above):
            dy = stage.backward(dy, self._whole)
            stage.settle_back()
        parts = _parts(dy)
        for section in reversed(self._below):
            # The last part's numbers are the ones that are still in the cache.
            for place in reversed(range(len(parts))):
                for stage in reversed(section):
                    parts[place] = stage.backward(parts[place], self._slots[place])
            for stage in section:
                stage.settle_back()


def _parts(x: Array) -> list[Array]:
    """Divide examples into what is taken at a time."""
    size = _MICRO_BATCH if len(x) > 2 * _MICRO_BATCH else len(x)
    return [x[start : start + size] for start in range(0, len(x), size)]


def _make_stages(layers: Sequence[Layer], scratch: Scratch) -> Iterator[Stage]:
    """Join layers to stages; what no stage knows is taken as it is."""
    place = 0
    while place < len(layers):
        layer, index = layers[place], place
        place += 1
        relu = place < len(layers) and isinstance(layers[place], ReLU)
        if isinstance(layer, Conv2D) and (kind := _kind(index, layer)):
            relu, pooled, taken = joined(layer, layers[place : place + 2])
            yield kind(index, layer, pooled=pooled, relu=relu, scratch=scratch)
            place += taken
        elif isinstance(layer, Dense):
            yield DenseStage(index, layer, relu)
            place += relu
        elif isinstance(layer, BatchNorm):
            measure = Measure(index, layer, scratch)
            yield measure
            yield Apply(measure, relu, scratch)
            place += relu
        else:
            yield LayerStage(index, layer)


def _kind(index: int, layer: Conv2D) -> type[PatchStage | TileStage] | None:
    """Return the stage that does a convolution, if there is one."""
    if Winograd.fits(layer):
        return TileStage
    return PatchStage if Patches.fits(layer) and index == 0 else None
