"""Evidence in a picture for and against an answer: occlusion and gradient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.engine.inference.plan import compile_plan
from cnn.models.network import Network
from cnn.models.sequential import Sequential

__all__ = ["Evidence", "class_scores", "gather_evidence"]

Array = npt.NDArray[Any]

_ACROSS = 7  # occluding patches as wide as this part of the input, which overlap by half


@dataclass(frozen=True)
class Evidence:
    """The evidence for and against a class, for each pixel.

    Attributes
    ----------
    index : int
        The class; of the digit model, the digit.
    occlusion : ndarray of float32, (H, W)
        Decrease of the class's score when what is around a pixel is covered: positive is
        evidence for the class, negative against it (Zeiler & Fergus, 2014).
    gradient : ndarray of float32, (H, W)
        Gradient of the score with respect to the pixel, summed over its channels
        (Simonyan et al., 2014).
    """

    index: int
    occlusion: Array
    gradient: Array


def class_scores(outputs: Array) -> Array:
    """Return a score for each class, (N, classes), from what goes into the last layer.

    Parameters
    ----------
    outputs : ndarray of float, (N, classes) or (N, 1)
        Inputs of softmax, or of one sigmoid: the log-odds of the second class, which are those of
        the first with the other sign.
    """
    return np.concatenate([-outputs, outputs], axis=1) if outputs.shape[1] == 1 else outputs


def gather_evidence(
    network: Network, pixels: Array, indices: tuple[int, int], *, cover: Array | None = None
) -> tuple[Evidence, Evidence]:
    """Return the evidence for two classes.

    Parameters
    ----------
    network : Network
        Ends in softmax or in one sigmoid.
    pixels : ndarray of float, (C, H, W)
        Its input.
    indices : (int, int)
        The classes.
    cover : ndarray of float, (C,), optional
        The colour that covers; by default black, and then what is black already is not covered.
    """
    outputs, caches = network.forward(pixels[None].astype(np.float32), depth=-1)
    falls = _occlude(network, pixels, class_scores(outputs)[0], cover)

    def one(index: int) -> Evidence:
        dy = np.zeros_like(outputs)
        if outputs.shape[1] == 1:
            dy[0, 0] = 1 if index == 1 else -1
        else:
            dy[0, index] = 1
        gradient = network.input_gradient(dy, caches)[0].sum(axis=0)
        return Evidence(index, falls[..., index], gradient)

    return one(indices[0]), one(indices[1])


def _occlude(network: Network, pixels: Array, scores: Array, cover: Array | None) -> Array:
    """Return how much each score falls, (H, W, classes), spread over what was covered."""
    _, height, width = pixels.shape
    colour = np.zeros(len(pixels)) if cover is None else cover
    # Covering changes nothing where that is what is there.
    places = [
        (rows, columns)
        for rows in _slices(height)
        for columns in _slices(width)
        if cover is not None or pixels[:, rows, columns].any()
    ]
    total = np.zeros((height, width, len(scores)), np.float32)
    if not places:
        return total
    covered = np.repeat(pixels[None].astype(np.float32), len(places), axis=0)
    for picture, (rows, columns) in zip(covered, places, strict=True):
        picture[:, rows, columns] = colour[:, None, None]
    falls = scores - _scores(network, covered)
    seen = np.zeros((height, width, 1), np.float32)
    for fall, (rows, columns) in zip(falls, places, strict=True):
        total[rows, columns] += fall
        seen[rows, columns] += 1
    return total / np.maximum(seen, 1)


def _slices(length: int) -> list[slice]:
    """Return where patches cover a side; each overlaps the one before by half, the last fits."""
    size = max(1, round(length / _ACROSS))
    last = length - size
    return [slice(at, at + size) for at in (*range(0, last, max(1, size // 2)), last)]


def _scores(network: Network, x: Array) -> Array:
    """Return the score of each class, (N, classes), for pictures (N, C, H, W)."""
    if isinstance(network, Sequential) and network.dtype == np.float32:
        # A plan for this once: it is many times faster than the layers' own `forward`.
        return class_scores(compile_plan(network.layers[:-1]).run(network.prepare(x)))
    parts = [network.forward(x[start : start + 16], depth=-1)[0] for start in range(0, len(x), 16)]
    return class_scores(np.concatenate(parts))
