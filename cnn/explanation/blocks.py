"""Blocks: the layers of a network as an explanation shows them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.engine.fusion import Group, fold, fuse
from cnn.errors import ChoiceError
from cnn.layers import BatchNorm, Conv2D, Layer
from cnn.layers.functional import channels_last
from cnn.models.network import Network
from cnn.models.sequential import Sequential

__all__ = ["Block", "in_row", "make_blocks", "run_blocks"]

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Block:
    """A layer of the network, as it is shown.

    A convolution and the batch normalisation after it are one block, with kernels and biases
    that do both; dropout, which does nothing in prediction, is left out.

    Attributes
    ----------
    index : int
        Its number, from 1; 0 is the input.
    kind : str
        The layer's name: "Conv2D", "ReLU", "MaxPool2D", "Dense", ...
    input_shape, shape : tuple of int
        Shapes of one input and one output, (H, W, C) or (D,).
    parameters : int
        Number of trained parameters.
    layer : Layer
        The layer that computes it.
    """

    index: int
    kind: str
    input_shape: tuple[int, ...]
    shape: tuple[int, ...]
    parameters: int
    layer: Layer


def in_row(network: Network) -> Sequential:
    """Return a network as one whose layers can be shown one after the other.

    Raises
    ------
    ChoiceError
        If it is none.
    """
    if not isinstance(network, Sequential):
        message = f"only layers in a row can be explained, not a {type(network).__name__}"
        raise ChoiceError(message, reason="not_in_a_row")
    return network


def make_blocks(network: Sequential) -> tuple[Block, ...]:
    """Return a network's blocks, with batch normalisation folded into convolutions."""
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
    """Return the output of each block for one input (C, H, W), of the block's shape."""
    y = channels_last(pixels[None])
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
    """Return a convolution with the normalisation after it folded in."""
    one = Conv2D(layer.filters, layer.kernel_size, stride=layer.stride, padding=layer.padding)
    one.build(layer.input_shape, rng=np.random.default_rng(0), dtype=np.float32)
    one.params["weight"], one.params["bias"] = fold(layer, norm)
    return one
