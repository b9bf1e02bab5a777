"""Explanation of a page map: what the page network says of each point, and what it saw before."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from cnn.errors import ChoiceError
from cnn.layers import Conv2D, MaxPool2D, Upsample2D
from cnn.models.graph import Graph
from cnn.models.model import Model
from cnn.vision.letterbox import letterbox
from cnn.vision.normalise import normalise

__all__ = ["Level", "PageExplanation", "explain_page"]

Array = npt.NDArray[Any]
Box = tuple[int, int, int, int]


@dataclass(frozen=True, eq=False)
class Level:
    """What the page network hands on from one size to the next.

    Attributes
    ----------
    channels : int
        Number of its maps.
    strongest : ndarray of float32, (H, W)
        Of these, the map whose numbers differ most, where the picture is.
    """

    channels: int
    strongest: Array


@dataclass(frozen=True, eq=False)
class PageExplanation:
    """A page map, and how it comes about.

    Attributes
    ----------
    pixels : ndarray of uint8, (2 H, 2 W, 3)
        The picture as the page network is given it, RGB.
    probabilities : ndarray of float32, (4, H, W)
        That each point is one of `cnn.models.model.PAGE_CLASSES`; their sum is 1.
    levels : tuple of Level
        In the order in which they are computed: each size on the way down, then on the way up.
        Empty if the page network is no graph.
    """

    pixels: Array
    probabilities: Array
    levels: tuple[Level, ...]


def explain_page(
    model: Model, source: Image.Image | bytes | str | os.PathLike[str]
) -> PageExplanation:
    """Explain what a model's page network says of a picture as a whole, asked by its reader or not.

    Parameters
    ----------
    model : Model
        A model for digits with a page network.
    source : PIL.Image.Image, bytes or path
        The picture, as for `cnn.vision.normalise.normalise`.

    Raises
    ------
    PictureError
        If it is no picture that can be opened.
    ChoiceError
        If the model has no page network.
    """
    network = model.page
    if network is None:
        message = f"the model {model.name!r} has no network that looks at whole pages"
        raise ChoiceError(message, reason="no_page_network")
    picture = normalise(source, stages=False).picture
    pixels, box = letterbox(picture, network.input_shape[-1])
    if isinstance(network, Graph):
        names = _levels(network)
        outputs = network.outputs_of([*names, network.nodes[-1].name], pixels[None])
        answers = outputs.pop(network.nodes[-1].name)[0]
    else:
        outputs, answers = {}, network.predict(pixels[None])[0]
    side = pixels.shape[-1]
    return PageExplanation(
        _cut(pixels, box, side).transpose(1, 2, 0),
        _cut(answers, box, side),
        tuple(_level(_cut(maps[0], box, side)) for maps in outputs.values()),
    )


def _levels(network: Graph) -> list[str]:
    """Return the nodes whose outputs are brought to another size, or to the scores of classes."""
    last = [node for node in network.nodes if isinstance(node.operation, Conv2D)][-1]
    return [
        node.inputs[0]
        for node in network.nodes
        if isinstance(node.operation, (MaxPool2D, Upsample2D)) or node is last
    ]


def _level(maps: Array) -> Level:
    return Level(len(maps), maps[int(maps.var(axis=(1, 2)).argmax())])


def _cut(maps: Array, box: Box, side: int) -> Array:
    """Cut a picture's box in a square of `side` out of maps of a smaller one, (C, h, w)."""
    left, top, width, height = box
    scale = maps.shape[-1] / side
    rows = slice(int(top * scale), int(np.ceil((top + height) * scale)))
    columns = slice(int(left * scale), int(np.ceil((left + width) * scale)))
    return maps[:, rows, columns]
