"""A pass of training: forward through a network and back.

Each group of layers that `cnn.engine.fusion` finds becomes a step
(`cnn.engine.training.steps`, `cnn.engine.training.convolutions`). Those of pictures, before dense
layers and after them, see each by itself. A few pictures at a time go through them, whose numbers
then stay in a core's cache from step to step; only batch normalisation has to wait for all
pictures before it goes on. Through the dense layers, whose weights are what is large, all go at
once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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

__all__ = ["TrainingChain"]

Array = npt.NDArray[Any]

_MICRO_BATCH = 8  # pictures: more would not fit a core's cache, but twice as many at once do


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
        self._steps: list[Step]
        self._stages: list[_Whole | _InParts]
        if dtype == np.float32:
            self._steps = list(_make_steps(layers, Scratch(), start))
            size = fitting((layer.output_shape for layer in layers), _MICRO_BATCH)
            shapes = {index: layer.input_shape for index, layer in enumerate(layers, start)}
            self._stages = list(_make_stages(self._steps, shapes, size))
        else:
            self._steps = [LayerStep(index, layer) for index, layer in enumerate(layers, start)]
            self._stages = [_Whole(self._steps)]

    def forward(self, x: Array, rng: np.random.Generator) -> Array:
        """Begin a pass, and return the outputs; good until the next begins."""
        for step in self._steps:
            step.start()
        for stage in self._stages:
            x = stage.forward(x, rng)
        return x

    def backward(self, dy: Array, *, parameters: bool = True) -> Array | None:
        """Return the gradient of the input, good until the next pass; None if it is the first.

        Without `parameters`, `gradients` has nothing to say afterwards.
        """
        for step in self._steps:
            step.parameters = parameters
        for place in reversed(range(len(self._stages))):
            dy = self._stages[place].backward(dy, to_input=place > 0 or not self._first)
        return None if self._first else dy

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


class _Whole:
    """Steps through which all examples go at once."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self._steps = steps
        self._batch = MicroBatch()

    def forward(self, x: Array, rng: np.random.Generator) -> Array:
        """Return the outputs, good until the next pass."""
        for step in self._steps:
            x = step.forward(x, self._batch, rng)
            step.finish_forward()
        return x

    def backward(self, dy: Array, *, to_input: bool) -> Array:
        """Return the gradient of the input, if it is wanted: else anything."""
        for step in reversed(self._steps):
            dy = step.backward(dy, self._batch)
            step.finish_backward()
        return dy


class _InParts:
    """Steps that see each picture by itself, and through which a few go at a time.

    What has to wait for all pictures, the statistics of a batch normalisation, ends a section.
    """

    def __init__(self, steps: Sequence[Step], size: int) -> None:
        self._sections: list[list[Step]] = [[]]
        for step in steps:
            self._sections[-1].append(step)
            if isinstance(step, StatisticsStep):
                self._sections.append([])
        self._size = size
        self._micro_batches: list[MicroBatch] = []
        self._scratch = Scratch()

    def forward(self, x: Array, rng: np.random.Generator) -> Array:
        """Return the outputs, good until the next pass."""
        parts = self._parts(x)
        self._micro_batches += [MicroBatch() for _ in parts[len(self._micro_batches) :]]
        for section in self._sections:
            for place, batch in zip(range(len(parts)), self._micro_batches, strict=False):
                for step in section:
                    parts[place] = step.forward(parts[place], batch, rng)
            for step in section:
                step.finish_forward()
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def backward(self, dy: Array, *, to_input: bool) -> Array:
        """Return the gradient of the input, if it is wanted: else anything."""
        parts = self._parts(dy)
        for section in reversed(self._sections[1:]):
            for place in reversed(range(len(parts))):
                self._go_back(section, parts, place)
            for step in section:
                step.finish_backward()
        whole, end = dy, len(dy)
        # The last part's numbers are the ones that are still in the cache.
        for place in reversed(range(len(parts))):
            self._go_back(self._sections[0], parts, place)
            part = parts[place]
            if to_input:
                # The next part's gradient comes to lie where this one's is.
                whole = self._scratch.get("dx", (len(dy), *part.shape[1:]), part.dtype.type)
                whole[end - len(part) : end] = part
                end -= len(part)
        for step in self._sections[0]:
            step.finish_backward()
        return whole

    def _go_back(self, section: Sequence[Step], parts: list[Array], place: int) -> None:
        for step in reversed(section):
            parts[place] = step.backward(parts[place], self._micro_batches[place])

    def _parts(self, x: Array) -> list[Array]:
        """Divide examples into what goes through at a time."""
        size = self._size if len(x) > 2 * self._size else len(x)
        return [x[start : start + size] for start in range(0, len(x), size)]


def _make_stages(
    steps: Sequence[Step], shapes: dict[int, tuple[int, ...]], size: int
) -> Iterator[_Whole | _InParts]:
    """Divide steps: from a dense layer on all go at once, until there are pictures again."""
    row: list[Step] = []
    whole = False
    for step in steps:
        now = isinstance(step, DenseStep) or (whole and len(shapes[step.index]) == 1)
        if row and now != whole:
            yield _Whole(row) if whole else _InParts(row, size)
            row = []
        row.append(step)
        whole = now
    if row:
        yield _Whole(row) if whole else _InParts(row, size)


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
