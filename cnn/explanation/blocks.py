"""A network as the steps in which it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.engine.inference.plan import fold
from cnn.layers import BatchNorm, Conv2D, Dropout, Layer
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


def make_blocks(model: Sequential) -> tuple[Block, ...]:
    """Return a network's steps, with batch normalisation folded into convolutions."""
    blocks: list[Block] = []
    layers = [layer for layer in model.layers if not isinstance(layer, Dropout)]
    place = 0
    while place < len(layers):
        layer = layers[place]
        count = sum(array.size for array in layer.params.values())
        place += 1
        if isinstance(layer, Conv2D) and isinstance(_at(layers, place), BatchNorm):
            count += sum(array.size for array in layers[place].params.values())
            layer = _folded(layer, layers[place])
            place += 1
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


def _at(layers: Sequence[Layer], place: int) -> Layer | None:
    return layers[place] if place < len(layers) else None


def _folded(layer: Conv2D, norm: Layer) -> Conv2D:
    """Return a convolution that does the normalisation after it as well."""
    one = Conv2D(layer.filters, layer.kernel_size, stride=layer.stride, padding=layer.padding)
    one.build(layer.input_shape, rng=np.random.default_rng(0), dtype=np.float32)
    bias = layer.params.get("bias", np.zeros(layer.filters, np.float32))
    one.params["weight"], one.params["bias"] = fold(norm, layer.params["weight"], bias)
    return one
