"""How a network came to its answer, in pictures and numbers that are the network's own."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from cnn.errors import ChoiceError
from cnn.layers import BatchNorm, Conv2D, Dropout, Layer, Softmax
from cnn.network import Sequential
from cnn.plan import fold
from cnn.poster import draw_poster
from cnn.preprocess import Digit, Normalised, Refusal, Stage, normalise
from cnn.reading import Reading, read_normalised

__all__ = [
    "SWITCHES",
    "Block",
    "Evidence",
    "Explanation",
    "explain",
    "explain_pixels",
    "make_blocks",
    "sprite",
]

Array = npt.NDArray[Any]

#: Stages of the normalisation that can be left out, with what they do.
SWITCHES = {
    "ink": "Take the paper away",
    "cut out": "Cut out the digit",
    "centred": "Put it in the middle",
}

_PATCH = 4  # pixels: side of what occlusion covers
_STEP = 2  # pixels between two places that it covers


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


@dataclass(frozen=True)
class Evidence:
    """What spoke for a digit and against it, in each part of the picture.

    Attributes
    ----------
    digit : int
        The digit.
    occlusion : ndarray of float32, (28, 28)
        How much the digit's score falls when the ink around a pixel is covered:
        above 0 it spoke for the digit, below 0 against it (Zeiler & Fergus, 2014).
    gradient : ndarray of float32, (28, 28)
        How much the score would rise with more ink at a pixel (Simonyan et al., 2014).
    """

    digit: int
    occlusion: Array
    gradient: Array


@dataclass(frozen=True)
class Explanation:
    """Everything between a picture and its answer.

    Attributes
    ----------
    stages : tuple of Stage
        From the picture to 28×28.
    pixels : ndarray of float32, (28, 28)
        What the network saw; all 0 where nothing was found.
    blocks : tuple of Block
        The network's steps.
    maps : tuple of ndarray
        Output of each block for this picture, of the block's shape.
    scores, probabilities : ndarray of float32, (10,)
        What went into the last softmax, and what came out.
    refusal : Refusal or None
        Why the picture would be refused; the network is shown all the same.
    model : Sequential
        The network.
    found : Normalised
        The picture made ready.
    index : int
        Which of its digits is explained.
    """

    stages: tuple[Stage, ...]
    pixels: Array
    blocks: tuple[Block, ...]
    maps: tuple[Array, ...]
    scores: Array
    probabilities: Array
    refusal: Refusal | None
    model: Sequential
    found: Normalised
    index: int

    @cached_property
    def reading(self) -> Reading:
        """What is read in the whole picture, with digits that touch cut apart."""
        return read_normalised(self.model, [self.found])[0]

    @property
    def is_joined(self) -> bool:
        """Whether several digits that touch are explained as if they were one."""
        return self.index in self.reading.joined

    @cached_property
    def evidence(self) -> tuple[Evidence, Evidence]:
        """What spoke for the likeliest digit, and for the next."""
        first, second = np.argsort(-self.scores)[:2]
        return _gather_evidence(self.model, self.pixels, (int(first), int(second)))

    def as_picture(self) -> Image.Image:
        """Return stages, layers, evidence and probabilities as one picture, to show or save."""
        return draw_poster(self)

    def maps_of(self, index: int) -> Array:
        """Return the output of a block by its index, (H, W, C) or (D,); 0 is the picture."""
        return self.maps[index - 1] if index else self.pixels[:, :, None]


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


def explain(
    model: Sequential,
    picture: Image.Image | bytes | str | os.PathLike[str],
    *,
    digit: int = 0,
    without: Collection[str] = (),
) -> Explanation:
    """Explain how a network reads a digit in a picture.

    Parameters
    ----------
    model : Sequential
        Takes (N, 1, 28, 28), ends in softmax.
    picture : PIL.Image.Image, bytes or path
        See `cnn.preprocess.normalise`.
    digit : int
        Which digit of the picture, in reading order.
    without : collection of str
        Names in `SWITCHES`: stages of the normalisation that are left out, to see what
        they are good for.

    Raises
    ------
    PictureError
        If it is no picture that can be opened.
    ChoiceError
        If there are fewer digits, or there is no such stage.
    """
    unknown = set(without) - SWITCHES.keys()
    if unknown:
        raise ChoiceError(f"the stages that can be left out are {', '.join(SWITCHES)}")
    found = normalise(picture)
    if digit and not 0 <= digit < len(found.digits):
        raise ChoiceError(f"the picture has {len(found.digits)} digits, there is no {digit}")
    own = found.digits[digit] if found.digits else None
    if own is not None and without:
        own = replace(own, pixels=_leave_out(found, own, without))
    return _explain(model, found, own, digit)


def explain_pixels(model: Sequential, pixels: Array) -> Explanation:
    """Explain how a network reads pixels (28, 28) that are already as MNIST's are."""
    stages = (Stage("picture", np.rint(pixels * 255).astype(np.uint8)),)
    own = Digit((0, 0, 28, 28), 0, pixels.astype(np.float32), ())
    return _explain(model, Normalised((own,), stages, None, (28, 28)), own, 0)


def _explain(model: Sequential, found: Normalised, own: Digit | None, index: int) -> Explanation:
    if not isinstance(model.layers[-1], Softmax):
        raise ValueError(f"the network must end in Softmax, not in {model.layers[-1]!r}")
    pixels = np.zeros((28, 28), np.float32) if own is None else own.pixels
    blocks = make_blocks(model)
    maps = _run(blocks, pixels)
    return Explanation(
        (*found.stages, *(() if own is None else own.stages)),
        pixels,
        blocks,
        maps,
        maps[-2],
        maps[-1],
        found.refusal,
        model,
        found,
        index,
    )


def _leave_out(found: Normalised, own: Digit, without: Collection[str]) -> Array:
    """Return what the network would see, (28, 28), if some stages were left out."""
    stages = {stage.name: stage.image for stage in (*found.stages, *own.stages)}
    if "cut out" in without:
        whole = stages["grey" if "ink" in without else "ink"]
        return _shrink(whole, (28, 28))
    scaled = stages["scaled"] / np.float32(255)
    if "ink" in without:
        grey = stages["grey"]
        left, top, width, height = own.box
        down, across = grey.shape[0] / found.size[1], grey.shape[1] / found.size[0]
        rows = slice(int(top * down), ceil((top + height) * down))
        columns = slice(int(left * across), ceil((left + width) * across))
        scaled = _shrink(grey[rows, columns], scaled.shape)
    pixels = np.zeros((28, 28), np.float32)
    height, width = scaled.shape
    # In the corner, or where the centre of mass has put it.
    inked = [np.flatnonzero(own.pixels.any(axis=1 - axis)) for axis in (0, 1)]
    top, left = (0, 0) if "centred" in without else (int(inked[0][0]), int(inked[1][0]))
    place = pixels[top : top + height, left : left + width]
    place[...] = scaled[: place.shape[0], : place.shape[1]]
    return pixels


def _shrink(grey: Array, shape: tuple[int, ...]) -> Array:
    size = (shape[1], shape[0])
    small = np.asarray(Image.fromarray(grey).resize(size, Image.Resampling.BOX))
    return small / np.float32(255)


def _run(blocks: Sequence[Block], pixels: Array) -> tuple[Array, ...]:
    y = pixels[None, :, :, None]
    maps = []
    for block in blocks:
        y, _ = block.layer.forward(y)
        maps.append(y[0])
    return tuple(maps)


def sprite(maps: Array) -> tuple[Array, int]:
    """Lay the maps of a layer side by side in one picture.

    Parameters
    ----------
    maps : ndarray of float, (H, W, C) or (D,)
        What a layer gave for one picture.

    Returns
    -------
    sheet : ndarray of uint8, (rows · H, columns · W)
        The maps in reading order; the layer's smallest number is 0, its largest 255.
    columns : int
        How many maps stand side by side; a vector is one row of pixels.
    """
    if maps.ndim == 1:
        maps = maps[None, :, None]
    height, width, count = maps.shape
    columns = min(count, 8)
    rows = -(-count // columns)
    low, high = float(maps.min()), float(maps.max())
    scaled = (maps - low) / max(high - low, 1e-9) * 255
    sheet = np.zeros((rows * columns, height, width), np.uint8)
    sheet[:count] = np.rint(scaled).astype(np.uint8).transpose(2, 0, 1)
    grid = sheet.reshape(rows, columns, height, width).transpose(0, 2, 1, 3)
    return grid.reshape(rows * height, columns * width), columns


def _gather_evidence(
    model: Sequential, pixels: Array, digits: tuple[int, int]
) -> tuple[Evidence, Evidence]:
    """Return what spoke for each of two digits."""
    scores, caches = model.forward(pixels[None, None].astype(np.float32), depth=-1)
    falls = _occlude(model, pixels, scores[0])

    def one(digit: int) -> Evidence:
        dy = np.zeros_like(scores)
        dy[0, digit] = 1
        gradient = model.input_gradient(dy, caches)[0, 0]
        return Evidence(digit, falls[..., digit], gradient)

    return one(digits[0]), one(digits[1])


def _occlude(model: Sequential, pixels: Array, scores: Array) -> Array:
    """Return how much each score falls, (28, 28, 10), spread over what was covered."""
    places = range(0, 28 - _PATCH + 1, _STEP)
    # Where there is no ink, covering changes nothing.
    corners = [
        (row, column)
        for row in places
        for column in places
        if pixels[row : row + _PATCH, column : column + _PATCH].any()
    ]
    total = np.zeros((28, 28, len(scores)), np.float32)
    if not corners:
        return total
    covered = np.repeat(pixels[None].astype(np.float32), len(corners), axis=0)
    for picture, (row, column) in zip(covered, corners, strict=True):
        picture[row : row + _PATCH, column : column + _PATCH] = 0
    falls = scores - _scores(model, covered[:, None])
    seen = np.zeros((28, 28, 1), np.float32)
    for fall, (row, column) in zip(falls, corners, strict=True):
        total[row : row + _PATCH, column : column + _PATCH] += fall
        seen[row : row + _PATCH, column : column + _PATCH] += 1
    return total / np.maximum(seen, 1)


def _scores(model: Sequential, x: Array) -> Array:
    """Return what goes into the softmax at the end, (N, 10), for pictures (N, 1, 28, 28)."""
    parts = [model.forward(x[start : start + 16], depth=-1)[0] for start in range(0, len(x), 16)]
    return np.concatenate(parts)


def _at(layers: Sequence[Layer], place: int) -> Layer | None:
    return layers[place] if place < len(layers) else None


def _folded(layer: Conv2D, norm: Layer) -> Conv2D:
    """Return a convolution that does the normalisation after it as well."""
    one = Conv2D(layer.filters, layer.kernel_size, stride=layer.stride, padding=layer.padding)
    one.build(layer.input_shape, rng=np.random.default_rng(0), dtype=np.float32)
    bias = layer.params.get("bias", np.zeros(layer.filters, np.float32))
    one.params["weight"], one.params["bias"] = fold(norm, layer.params["weight"], bias)
    return one
