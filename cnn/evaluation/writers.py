"""Whether a generator's digits resemble the writer of the digit that they were made like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.models.generator import Generator
from cnn.synthesis.strokes import STYLES, write_mnist

__all__ = ["Likeness", "WriterDistance", "WriterSamples", "draw_writers", "measure_likeness"]

Array = npt.NDArray[Any]

_SIDE = 14  # of a picture whose pixels are compared
_AXES = 40  # along which writers differ most
_RIDGE = 0.1  # of the mean variance within a writer, which is added to each
_OTHERS = 20  # writers with whom each is compared


@dataclass(frozen=True)
class WriterSamples:
    """Digits of made writers.

    Attributes
    ----------
    pictures : ndarray of uint8, (W, 10, S, 28, 28)
        S of each digit by each of W writers, as MNIST's.
    forms : ndarray of str, (W, 10)
        The allograph of each digit that a writer writes.
    """

    pictures: Array
    forms: Array


def draw_writers(count: int, each: int, *, seed: int) -> WriterSamples:
    """Draw writers of the style `world` of `cnn.synthesis.strokes`, and let them write.

    Parameters
    ----------
    count, each : int
        How many writers, and how often each writes every digit.
    seed : int
        Another seed, other writers.
    """
    written = write_mnist(
        count * 10 * each, (STYLES["world"],), rng=np.random.default_rng(seed), each=10 * each
    )
    # (N, 28, 28) -> (W, S, 10, 28, 28) -> (W, 10, S, 28, 28)
    pictures = written.images.reshape(count, each, 10, 28, 28).swapaxes(1, 2)
    return WriterSamples(pictures, written.allographs.reshape(count, each, 10)[:, 0])


class WriterDistance:
    """How far the handwriting of two digits of a class is apart.

    Euclidean, of smoothed pictures of 14×14 along the 40 linear discriminants (those directions
    in which the variance between writers is largest, by that within one) of digits of one class.

    Parameters
    ----------
    samples : WriterSamples
        What it is learned from: two writers at least, and two pictures of each digit.

    References
    ----------
    Fisher, "The use of multiple measurements in taxonomic problems", 1936; as a distance of
    pictures: Belhumeur et al., "Eigenfaces vs. Fisherfaces", 1997.
    """

    def __init__(self, samples: WriterSamples) -> None:
        pictures = samples.pictures
        if pictures.shape[0] < 2 or pictures.shape[2] < 2:
            raise ValueError(
                "a distance of writers is learned from two writers and two pictures of each digit "
                f"or more, got {pictures.shape[0]} and {pictures.shape[2]}"
            )
        rows = _smooth(pictures).astype(np.float64)
        means = rows.mean(axis=2, keepdims=True)
        size = rows.shape[-1]
        within = _scatter((rows - means).reshape(-1, size))
        between = _scatter((means - means.mean(axis=0)).reshape(-1, size))
        ridge = _RIDGE * np.trace(within) / size
        whiten = np.linalg.inv(np.linalg.cholesky(within + ridge * np.eye(size)))
        _, directions = np.linalg.eigh(whiten @ between @ whiten.T)
        self._axes = (directions[:, -_AXES:].T @ whiten).astype(np.float32)

    def place(self, pictures: Array) -> Array:
        """Return points whose Euclidean distance is that of writers, float32 (..., 40).

        Parameters
        ----------
        pictures : ndarray of uint8, (..., 28, 28)
        """
        placed: Array = _smooth(pictures) @ self._axes.T
        return placed


@dataclass(frozen=True)
class Likeness:
    """How often a digit is nearer to the writer whom it should resemble than to another.

    Nearer to a writer: by the mean `WriterDistance` to their own digits of that class, without
    the one that was the model.

    Attributes
    ----------
    own : float
        Share for digits made like one of the writer's.
    same_form : float
        The same, compared only with writers whose allograph is the same.
    turned : float
        Share for digits made in the hand of one of another class.
    real : float
        Share for the model itself: what the distance can tell at best.
    comparisons : int
        Pairs of writers and digits of `own`.
    """

    own: float
    same_form: float
    turned: float
    real: float
    comparisons: int


def measure_likeness(
    generator: Generator, distance: WriterDistance, samples: WriterSamples, *, seed: int = 0
) -> Likeness:
    """Measure whether digits made like one of a writer's resemble this writer.

    Parameters
    ----------
    generator : Generator
        Of digits, with an encoder.
    distance : WriterDistance
        Learned from other writers than those of `samples`.
    samples : WriterSamples
        The first picture of each digit is the model. Each writer is compared with the next 20.
    seed : int
        Source of the chance in what is made.

    Raises
    ------
    ValueError
        If the generator has no encoder, or there are not writers or digits enough.
    """
    writers, _, each = samples.pictures.shape[:3]
    if writers <= _OTHERS or each < 2:
        raise ValueError(
            f"expected more than {_OTHERS} writers and 2 pictures of each digit or more, got "
            f"{writers} and {each}"
        )
    rng = np.random.default_rng(seed)
    models = samples.pictures[:, :, 0].reshape(-1, 1, 28, 28)
    labels = np.tile(np.arange(10), writers)
    codes = generator.encode(models, labels)
    places = distance.place(samples.pictures[:, :, 1:])

    def compare(pictures: Array) -> Array:
        return _nearer(distance.place(pictures).reshape(writers, 10, -1), places)

    def make(turn: int) -> Array:
        varied = generator.vary(codes, len(codes), rng=rng)
        made = generator.make(varied, (labels + turn) % 10).reshape(writers, 10, 28, 28)
        return np.roll(made, turn, axis=1)  # each digit in its own place

    own = compare(make(0))
    shifts = range(1, _OTHERS + 1)
    same = np.stack([samples.forms == np.roll(samples.forms, -shift, 0) for shift in shifts])
    turned = [compare(make(turn)).mean() for turn in range(1, 10)]
    return Likeness(
        own=float(own.mean()),
        same_form=float(own[same].mean()),
        turned=float(np.mean(turned)),
        real=float(compare(models).mean()),
        comparisons=own.size,
    )


def _nearer(points: Array, places: Array) -> Array:
    """Return whether (W, 10, D) are nearer to their writer's (W, 10, S, D) than to the others'.

    The result is bool (others, W, 10).
    """

    def mean_distance(references: Array) -> Array:
        distances: Array = np.linalg.norm(points[:, :, None] - references, axis=-1).mean(axis=-1)
        return distances

    own = mean_distance(places)
    others = [mean_distance(np.roll(places, -shift, axis=0)) for shift in range(1, _OTHERS + 1)]
    return np.stack([own < other for other in others])


def _smooth(pictures: Array) -> Array:
    """Return smoothed and halved pictures as rows, float32 (..., 196)."""
    rows = pictures.astype(np.float32) / np.float32(255)
    for axis in (-2, -1):
        rows = _smooth_along(rows, axis)
    leading = pictures.shape[:-2]
    halves = rows.reshape(*leading, _SIDE, 2, _SIDE, 2).mean(axis=(-3, -1))
    flat: Array = halves.reshape(*leading, -1)
    return flat


def _smooth_along(rows: Array, axis: int) -> Array:
    """Smooth pictures along an axis with the binomial filter of five; nothing lies around them."""
    widths = [(0, 0)] * rows.ndim
    widths[axis] = (2, 2)
    padded = np.pad(rows, widths)
    total = np.zeros_like(rows)
    for start, weight in enumerate((1, 4, 6, 4, 1)):
        part = np.take(padded, np.arange(start, start + rows.shape[axis]), axis=axis)
        total += part * np.float32(weight / 16)
    return total


def _scatter(rows: Array) -> Array:
    scatter: Array = rows.T @ rows / len(rows)
    return scatter
