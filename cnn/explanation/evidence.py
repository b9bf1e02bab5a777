"""Evidence in a picture for and against an answer: occlusion and gradient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.models.network import Network

__all__ = ["Evidence", "gather_evidence"]

Array = npt.NDArray[Any]


_PATCH = 4  # pixels: side of the occluding square
_STEP = 2  # pixels: step between its positions


@dataclass(frozen=True)
class Evidence:
    """The evidence for and against a digit, for each pixel.

    Attributes
    ----------
    digit : int
        The digit.
    occlusion : ndarray of float32, (28, 28)
        Decrease of the digit's score when the ink around a pixel is covered: positive is
        evidence for the digit, negative against it (Zeiler & Fergus, 2014).
    gradient : ndarray of float32, (28, 28)
        Gradient of the score with respect to the ink (Simonyan et al., 2014).
    """

    digit: int
    occlusion: Array
    gradient: Array


def gather_evidence(
    network: Network, pixels: Array, digits: tuple[int, int]
) -> tuple[Evidence, Evidence]:
    """Return the evidence for two digits."""
    scores, caches = network.forward(pixels[None, None].astype(np.float32), depth=-1)
    falls = _occlude(network, pixels, scores[0])

    def one(digit: int) -> Evidence:
        dy = np.zeros_like(scores)
        dy[0, digit] = 1
        gradient = network.input_gradient(dy, caches)[0, 0]
        return Evidence(digit, falls[..., digit], gradient)

    return one(digits[0]), one(digits[1])


def _occlude(network: Network, pixels: Array, scores: Array) -> Array:
    """Return how much each score falls, (H, W, classes), spread over what was covered."""
    height, width = pixels.shape
    # Covering changes nothing where there is no ink.
    corners = [
        (row, column)
        for row in range(0, height - _PATCH + 1, _STEP)
        for column in range(0, width - _PATCH + 1, _STEP)
        if pixels[row : row + _PATCH, column : column + _PATCH].any()
    ]
    total = np.zeros((height, width, len(scores)), np.float32)
    if not corners:
        return total
    covered = np.repeat(pixels[None].astype(np.float32), len(corners), axis=0)
    for picture, (row, column) in zip(covered, corners, strict=True):
        picture[row : row + _PATCH, column : column + _PATCH] = 0
    falls = scores - _scores(network, covered[:, None])
    seen = np.zeros((height, width, 1), np.float32)
    for fall, (row, column) in zip(falls, corners, strict=True):
        total[row : row + _PATCH, column : column + _PATCH] += fall
        seen[row : row + _PATCH, column : column + _PATCH] += 1
    return total / np.maximum(seen, 1)


def _scores(network: Network, x: Array) -> Array:
    """Return what goes into the softmax at the end, (N, classes), for pictures (N, 1, H, W)."""
    parts = [network.forward(x[start : start + 16], depth=-1)[0] for start in range(0, len(x), 16)]
    return np.concatenate(parts)
