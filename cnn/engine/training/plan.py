"""A pass of training: forward through a network and back.

Each group of layers that `cnn.engine.fusion` finds becomes a step
(`cnn.engine.training.steps`, `cnn.engine.training.convolutions`). Those before the first dense
layer see each picture by itself. A few pictures at a time go through them, whose numbers then
stay in a core's cache from step to step; only batch normalisation has to wait for all pictures
before it goes on. Through the dense layers, whose weights are what is large, all go at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from cnn.engine.algorithm import Algorithm, choose_algorithm, choose_transposed_algorithm
from cnn.engine.fusion import Group, fuse
from cnn.engine.memory import Scratch, fitting
from cnn.engine.training.convolutions import (
    ConvolutionStep,
    PatchStep,
    StridedWinogradStep,
    WinogradStep,
)
from cnn.engine.training.normalisation import NormaliseStep, StatisticsStep
from cnn.engine.training.steps import (
    DenseStep,
    LayerStep,
    MicroBatch,
    Step,
)
from cnn.engine.training.transposed import (
    OverlapTransposedStep,
    StridedWinogradTransposedStep,
    WindowTransposedStep,
)
from cnn.engine.training.upsample import UpsampleStep
from cnn.engine.training.windows import WindowStep
from cnn.layers import BatchNorm, Conv2D, ConvTranspose2D, Dense, Layer, Upsample2D

__all__ = ["LossFunction", "Pass", "TrainingChain", "TrainingPlan"]

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
    statistics : list of (Layer, object)
        Layers, each with what its `update_statistics` takes.
    """

    loss: float
    outputs: Array
    grads: dict[str, Array]
    statistics: list[tuple[Layer, Any]]


class TrainingPlan:
    """Passes of training through a network, for one thread at a time.

    Parameters
    ----------
    layers : sequence of Layer
        Built, in order, of one dtype; their parameters may change between passes.
    loss : LossFunction
        What the gradients are of.
    dtype : dtype
        Of the layers. All but float32 is computed by the layers' own methods.
    """

    def __init__(self, layers: Sequence[Layer], loss: LossFunction, dtype: np.dtype[Any]) -> None:
        self._loss = loss
        self._chain = TrainingChain(layers, dtype, names=list(map(str, range(len(layers)))))

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
        outputs = self._chain.forward(x, rng)
        loss, dy = self._loss(outputs, targets)
        self._chain.backward(dy * dy.dtype.type(weight))
        return Pass(loss, outputs, self._chain.gradients(), self._chain.statistics())


class TrainingChain:
    """Layers in a row, forward and backward, for one thread at a time.

    Parameters
    ----------
    layers : sequence of Layer
        Built, in order, of one dtype; their parameters may change between passes.
    dtype : dtype
        Of the layers. All but float32 is computed by the layers' own methods.
    names : sequence of str
        What the layers are called in `gradients`.
    first : bool
        Whether nothing trained comes before, so that no gradient of the input is needed.
    """

    def __init__(
        self,
        layers: Sequence[Layer],
        dtype: np.dtype[Any],
        *,
        names: Sequence[str],
        first: bool = True,
    ) -> None:
        self._first = first
        # The step of layer 0 computes no gradient of its input.
        start = 0 if first else 1
        self._names = dict(enumerate(names, start))
        if dtype == np.float32:
            steps = list(_make_steps(layers, Scratch(), start))
            dense = [isinstance(step, DenseStep) for step in steps]
            place = dense.index(True) if True in dense else len(steps)
        else:
            steps = [LayerStep(index, layer) for index, layer in enumerate(layers, start)]
            place = 0
        self._below: list[list[Step]] = [[]]
        for step in steps[:place]:
            self._below[-1].append(step)
            if isinstance(step, StatisticsStep):
                self._below.append([])
        self._above = steps[place:]
        self._steps = steps
        self._micro_batches: list[MicroBatch] = []
        self._whole = MicroBatch()
        self._size = fitting((layer.output_shape for layer in layers), _MICRO_BATCH)

    def forward(self, x: Array, rng: np.random.Generator) -> Array:
        """Begin a pass, and return the outputs; good until the next begins."""
        for step in self._steps:
            step.start()
        return self._forward(x, rng)

    def backward(self, dy: Array) -> Array | None:
        """Return the gradient of the input, good until the next pass; None if it is the first."""
        for step in reversed(self._above):
            dy = step.backward(dy, self._whole)
            step.finish_backward()
        if not self._below[0]:
            return None if self._first else dy
        return self._backward_below(dy)

    def gradients(self) -> dict[str, Array]:
        """Return the gradients of the parameters, named "layer.parameter", after `backward`."""
        return {
            f"{self._names[step.index]}.{name}": gradient
            for step in self._steps
            for name, gradient in step.grads.items()
        }

    def statistics(self) -> list[tuple[Layer, Any]]:
        """Return layers, each with what its `update_statistics` takes, after `backward`."""
        return [pair for step in self._steps for pair in step.statistics]

    def _forward(self, x: Array, rng: np.random.Generator) -> Array:
        parts = self._parts(x)
        self._micro_batches += [MicroBatch() for _ in parts[len(self._micro_batches) :]]
        for section in self._below:
            for place, batch in zip(range(len(parts)), self._micro_batches, strict=False):
                for step in section:
                    parts[place] = step.forward(parts[place], batch, rng)
            for step in section:
                step.finish_forward()
        y = parts[0] if len(parts) == 1 else np.concatenate(parts)
        for step in self._above:
            y = step.forward(y, self._whole, rng)
            step.finish_forward()
        return y

    def _backward_below(self, dy: Array) -> Array | None:
        """Go backward through the layers that see each picture by itself."""
        parts = self._parts(dy)
        for section in reversed(self._below[1:]):
            for place in reversed(range(len(parts))):
                self._backward_section(section, parts, place)
            for step in section:
                step.finish_backward()
        dx, end = None, len(dy)
        # The last part's numbers are the ones that are still in the cache.
        for place in reversed(range(len(parts))):
            self._backward_section(self._below[0], parts, place)
            part = parts[place]
            if not self._first:
                # The next part's gradient comes to lie where this one's is.
                dx = self._whole.get("dx", (len(dy), *part.shape[1:]), part.dtype.type)
                dx[end - len(part) : end] = part
                end -= len(part)
        for step in self._below[0]:
            step.finish_backward()
        return dx

    def _backward_section(self, section: Sequence[Step], parts: list[Array], place: int) -> None:
        for step in reversed(section):
            parts[place] = step.backward(parts[place], self._micro_batches[place])

    def _parts(self, x: Array) -> list[Array]:
        """Divide examples into what goes through at a time."""
        size = self._size if len(x) > 2 * self._size else len(x)
        return [x[start : start + size] for start in range(0, len(x), size)]


_CONVOLUTIONS: dict[Algorithm, type[ConvolutionStep]] = {
    Algorithm.WINDOWS: WindowStep,
    Algorithm.PATCHES: PatchStep,
    Algorithm.WINOGRAD: WinogradStep,
    Algorithm.STRIDED_WINOGRAD: StridedWinogradStep,
}


_TRANSPOSED: dict[Algorithm, type[ConvolutionStep]] = {
    Algorithm.WINDOWS: WindowTransposedStep,
    Algorithm.OVERLAP: OverlapTransposedStep,
    Algorithm.STRIDED_WINOGRAD: StridedWinogradTransposedStep,
}


def _make_convolution(group: Group, scratch: Scratch) -> Step:
    if isinstance(group.layer, ConvTranspose2D):
        return _TRANSPOSED[choose_transposed_algorithm(group.layer)](group, scratch)
    algorithm = choose_algorithm(cast(Conv2D, group.layer), training=True, first=not group.index)
    return _CONVOLUTIONS[algorithm](group, scratch)


def _make_steps(layers: Sequence[Layer], scratch: Scratch, start: int) -> Iterator[Step]:
    for group in fuse(layers, training=True, start=start):
        kind = type(group.layer)
        if kind in (Conv2D, ConvTranspose2D):
            yield _make_convolution(group, scratch)
        elif kind is Dense:
            yield DenseStep(group)
        elif kind is Upsample2D:
            yield UpsampleStep(group)
        elif kind is BatchNorm:
            statistics = StatisticsStep(group, scratch)
            yield statistics
            yield NormaliseStep(group, statistics, scratch)
        else:
            yield LayerStep(group.index, group.layer)
