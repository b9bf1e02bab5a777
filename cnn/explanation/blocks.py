"""A network as the steps in which it is shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.engine.fusion import Group, fold, fuse
from cnn.layers import BatchNorm, Conv2D, Layer
from cnn.models.sequential import Sequential

__all__ = ["Block", "make_blocks", "run_blocks"]

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Block:
    """One step of the network, as it is shown.

    A convolution and the batch normalisation after it are one block, with the kernels
    and biases that do both at once; dropout, which does nothing here, is left out.

    Attributes
    ----------
    index : int
        Its place, from 1; 0 is the picture itself.
    kind : str
        The layer's name: "Conv2D", "ReLU", "MaxPool2D", "Dense", ...
    input_shape, shape : tuple of int
        Of one input and output, (H, W, C) or (D,).
    parameters : int
        How many numbers were learnt for it.
    layer : Layer
        What computes it.
    """

    index: int
    kind: str
    input_shape: tuple[int, ...]
    shape: tuple[int, ...]
    parameters: int
    layer: Layer


def make_blocks(network: Sequential) -> tuple[Block, ...]:
    """Return a network's steps, with batch normalisation folded into convolutions."""
    blocks: list[Block] = []
    for group in fuse(network.layers, training=False):
        for layer, count in _shown(group):
            blocks.append(
                Block(
                    len(blocks) + 1,
                    type(layer).__name__,
                    layer.input_shape,
                    layer.output_shape,
                    count,
                    layer,
                )
            )
    return tuple(blocks)


def run_blocks(blocks: Sequence[Block], pixels: Array) -> tuple[Array, ...]:
    """Return the output of each block for one picture (28, 28), of the block's shape."""
    y = pixels[None, :, :, None]
    maps = []
    for block in blocks:
        y, _ = block.layer.forward(y)
        maps.append(y[0])
    return tuple(maps)


def _shown(group: Group) -> Iterator[tuple[Layer, int]]:
    """Yield the layers of a group that are shown, and how many parameters each has."""
    counts = [sum(array.size for array in layer.params.values()) for layer in group.layers]
    if isinstance(group.layer, Conv2D) and group.norm is not None:
        yield _folded(group.layer, group.norm), counts[0] + counts[1]
        yield from zip(group.layers[2:], counts[2:], strict=True)
    else:
        yield from zip(group.layers, counts, strict=True)


def _folded(layer: Conv2D, norm: BatchNorm) -> Conv2D:
    """Return a convolution that does the normalisation after it as well."""
    one = Conv2D(layer.filters, layer.kernel_size, stride=layer.stride, padding=layer.padding)
    one.build(layer.input_shape, rng=np.random.default_rng(0), dtype=np.float32)
    one.params["weight"], one.params["bias"] = fold(layer, norm)
    return one
