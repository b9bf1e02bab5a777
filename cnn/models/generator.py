"""A trained generator: what makes pictures of classes from codes, and codes from pictures."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field, replace
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.errors import ModelFileError
from cnn.layers import Sigmoid
from cnn.layers.functional import channels_last, one_hot
from cnn.models.container import Source, name_of, read_container, write_container
from cnn.models.description import describe_network
from cnn.models.model import DIGITS_INPUT, NORMALISATIONS
from cnn.models.network import Network
from cnn.models.stored import halve_arrays, network_arrays, restore_network
from cnn.models.whitening import Whitening, measure_whitening

__all__ = ["DIGIT_GENERATOR", "Generator", "load_generator", "save_generator"]

Array = npt.NDArray[Any]

#: The generator of digits that ships.
DIGIT_GENERATOR = Path(__file__).parents[1] / "weights" / "digit-generator-1.dnm"

_LIKENESS = 0.9  # how much of a varied code is that of the picture; the rest is chance

_BATCH = 1000  # pictures that are encoded at once

_WHITENING = ("whitening/means", "whitening/roots")
_KEYS = {"generator", "encoder", "classes", "normalisation", "metadata"}


@dataclass(frozen=True, eq=False)
class Generator:
    """A network that makes pictures, and what belongs to it.

    Attributes
    ----------
    network : Network
        Maps codes with one-hot rows of classes, (D + classes,), to pictures (C, H, W), 0 to 1.
    encoder : Network or None
        Maps pictures with one-hot rows, (C·H·W + classes,), to means and logarithms of variances
        of codes, (2D,); see `cnn.models.adversaries`.
    classes : tuple of str
        Their names.
    normalisation : str
        How a picture becomes the encoder's input: one of `cnn.models.model.NORMALISATIONS`.
    whitening : Whitening or None
        With it, codes are standard: those of real pictures are normally distributed in each class,
        with mean 0 and variance 1, and the same code is the same hand in every class. Without it
        they are those of the networks.
    metadata : mapping
        Values for JSON: name, data set, figures, time of training.

    Raises
    ------
    ValueError
        If the parts do not fit together.
    """

    network: Network
    _: KW_ONLY
    encoder: Network | None = None
    classes: tuple[str, ...]
    normalisation: str
    whitening: Whitening | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if type(self.network.last) is not Sigmoid or len(self.network.output_shape) != 3:
            raise ValueError(
                "a generator gives pictures (C, H, W) and ends in Sigmoid, not "
                f"{self.network.output_shape} and {self.network.last!r}"
            )
        named = all(isinstance(name, str) for name in self.classes)
        if not self.classes or not named or len(set(self.classes)) != len(self.classes):
            raise ValueError(f"every class must have a name of its own, got {self.classes!r}")
        if self.code < 1:
            raise ValueError(
                f"{len(self.classes)} classes leave no room for a code in an input of "
                f"{self.network.input_shape}"
            )
        if self.normalisation not in NORMALISATIONS or (
            self.normalisation == "digits" and self.shape != DIGITS_INPUT
        ):
            raise ValueError(f"{self.normalisation!r} is no normalisation for {self.shape}")
        if self.encoder is not None:
            given = (self.encoder.input_shape, self.encoder.output_shape)
            expected = ((prod(self.shape) + len(self.classes),), (2 * self.code,))
            if given != expected:
                raise ValueError(f"the encoder must map {expected}, not {given}")
        expected_means = (len(self.classes), self.code)
        if self.whitening is not None and self.whitening.means.shape != expected_means:
            raise ValueError(
                f"the whitening's means must be {expected_means}, not {self.whitening.means.shape}"
            )

    @property
    def name(self) -> str:
        """The generator's name."""
        return str(self.metadata.get("name", "unnamed"))

    @property
    def shape(self) -> tuple[int, int, int]:
        """Shape of a picture, (C, H, W)."""
        channels, height, width = self.network.output_shape
        return channels, height, width

    @property
    def code(self) -> int:
        """How many numbers a code has."""
        return self.network.input_shape[0] - len(self.classes)

    def draw(self, count: int, *, rng: np.random.Generator, spread: float = 1.0) -> Array:
        """Return codes at random, float32 (count, D).

        Parameters
        ----------
        count : int
            How many.
        rng : numpy.random.Generator
            Source of randomness.
        spread : float
            Standard deviation of the normal distribution from which the numbers come: 1 as in
            training, 0 for the most ordinary picture alone, more for unusual ones.
        """
        codes: Array = rng.standard_normal((count, self.code), np.float32) * np.float32(spread)
        return codes

    def vary(
        self, code: Array, count: int, *, rng: np.random.Generator, spread: float = 1.0
    ) -> Array:
        """Return codes of pictures like one, float32 (count, D).

        Parameters
        ----------
        code : ndarray of float, (D,) or (count, D)
            What the one looks like, or each; see `encode`.
        count, rng, spread
            As for `draw`: with a spread of 0 there is no chance in it.
        """
        chance = float(np.sqrt(1 - _LIKENESS**2))
        drawn = self.draw(count, rng=rng, spread=chance * spread)
        varied: Array = drawn + np.float32(_LIKENESS) * code.astype(np.float32)
        return varied

    def make(self, codes: Array, labels: Array) -> npt.NDArray[np.uint8]:
        """Make pictures.

        Parameters
        ----------
        codes : ndarray of float, (N, D)
            What each looks like; see `draw` and `encode`.
        labels : ndarray of int, (N,), or of float, (N, classes)
            Its class; or of each class how much, which for a path from one class to another goes
            from 1 to 0 and from 0 to 1.

        Returns
        -------
        ndarray of uint8, (N, C, H, W)

        Raises
        ------
        ValueError
            If the shapes do not fit, or there is no such class.
        """
        parts = self._parts(labels, len(codes))
        if self.whitening is not None:
            codes = self.whitening.colour(codes, parts)
        made = self.network.predict(_join(codes, parts))
        pictures: npt.NDArray[np.uint8] = np.rint(made * 255).astype(np.uint8)
        return pictures

    def encode(self, pictures: Array, labels: Array) -> Array:
        """Return the codes from which pictures like these are made.

        Parameters
        ----------
        pictures : ndarray of uint8 or float, (N, C, H, W)
            From 0 to 255, or to 1.
        labels : ndarray of int, (N,)
            Their classes.

        Returns
        -------
        ndarray of float32, (N, D)
            The means of the encoder's distributions, standard if there is a `whitening`.

        Raises
        ------
        ValueError
            If there is no encoder, the shapes do not fit, or there is no such class.
        """
        means, _ = self._encode(pictures, labels)
        return means if self.whitening is None else self.whitening.whiten(means, labels)

    def whitened(self, pictures: Array, labels: Array) -> Generator:
        """Return the generator with the `whitening` of pictures, such as it was trained on.

        Parameters and errors are those of `encode`.
        """
        starts = range(0, len(pictures), _BATCH)
        found = [self._encode(pictures[i : i + _BATCH], labels[i : i + _BATCH]) for i in starts]
        means, variances = (np.concatenate(some) for some in zip(*found, strict=True))
        whitening = measure_whitening(means, variances, labels, self.classes)
        return replace(self, whitening=whitening)

    def _encode(self, pictures: Array, labels: Array) -> tuple[Array, Array]:
        """Return means and variances of the encoder's distributions, (N, D) each."""
        if self.encoder is None:
            raise ValueError(
                f"the generator {self.name!r} has no encoder, and makes from noise alone"
            )
        if pictures.shape[1:] != self.shape:
            raise ValueError(f"expected pictures of {self.shape}, got {pictures.shape[1:]}")
        # (N, C, H, W) -> (N, H·W·C)
        flat = channels_last(self.encoder.to_floats(pictures)).reshape(len(pictures), -1)
        moments = self.encoder.predict(_join(flat, self._parts(labels, len(flat))))
        return moments[:, : self.code], np.exp(moments[:, self.code :])

    def _parts(self, labels: Array, count: int) -> Array:
        """Return of each class how much, (N, classes)."""
        chosen = np.asarray(labels)
        if chosen.ndim == 1:
            return one_hot(chosen, len(self.classes))
        if chosen.shape != (count, len(self.classes)):
            raise ValueError(
                f"expected parts of classes of {(count, len(self.classes))}, got {chosen.shape}"
            )
        return chosen.astype(np.float32, copy=False)


def _join(rows: Array, parts: Array) -> Array:
    return np.concatenate([rows.astype(np.float32, copy=False), parts], axis=1)


def save_generator(
    generator: Generator, path: str | os.PathLike[str], *, half: bool = False
) -> None:
    """Write a generator to a file, atomically; parameters and errors are those of `save_model`."""
    contents: dict[str, Any] = {
        "generator": describe_network(generator.network),
        "encoder": None,
        "classes": list(generator.classes),
        "normalisation": generator.normalisation,
        "metadata": dict(generator.metadata),
    }
    arrays = network_arrays("generator", generator.network)
    if generator.encoder is not None:
        contents["encoder"] = describe_network(generator.encoder)
        arrays |= network_arrays("encoder", generator.encoder)
    if half:
        arrays = halve_arrays(arrays)
    if generator.whitening is not None:
        stored = (generator.whitening.means, generator.whitening.roots)
        arrays |= dict(zip(_WHITENING, stored, strict=True))
    write_container(path, kind="generator", contents=contents, arrays=arrays)


def load_generator(source: Source | None = None) -> Generator:
    """Load a generator, ready to make pictures.

    Parameters
    ----------
    source : path or bytes, optional
        A file that `save_generator` wrote, or its content; without it, the generator of digits
        that ships.

    Raises
    ------
    ModelFileError
        If the file is missing, damaged, holds something else, or its parts do not fit together.
    """
    source = DIGIT_GENERATOR if source is None else source
    contents, arrays = read_container(source, kind="generator")
    try:
        if contents.keys() != _KEYS:
            raise ValueError(f"its parts are {', '.join(sorted(contents))}")
        if not isinstance(contents["classes"], list) or not isinstance(contents["metadata"], dict):
            raise ValueError("its classes or metadata are not what they should be")
        described = contents["encoder"]
        prefixes = ("generator/",) if described is None else ("generator/", "encoder/")
        whitening = None
        if any(name in arrays for name in _WHITENING):
            whitening = Whitening(*(arrays.pop(name) for name in _WHITENING))
        if others := [name for name in arrays if not name.startswith(prefixes)]:
            raise ValueError(f"it holds arrays that belong to no network: {', '.join(others)}")
        return Generator(
            restore_network("generator", contents["generator"], arrays),
            encoder=None if described is None else restore_network("encoder", described, arrays),
            classes=tuple(contents["classes"]),
            normalisation=contents["normalisation"],
            whitening=whitening,
            metadata=contents["metadata"],
        )
    except (AttributeError, KeyError, TypeError, ValueError, MemoryError) as error:
        name = name_of(source)
        raise ModelFileError(f"{name} describes no generator that works: {error}") from error
