"""Neighbours: the training pictures that are most similar to one, to the network.

A file of them ships with the model: pictures of MNIST's training set in 16 greys, and the
features of each, the inputs of the last dense layer, in 256 steps.
"""

from __future__ import annotations

import io
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from cnn.data.dataset import Dataset, as_floats
from cnn.errors import ModelFileError
from cnn.explanation.blocks import in_row
from cnn.layers import Dense
from cnn.models.container import read_container, write_container
from cnn.models.model import Model
from cnn.models.sequential import Sequential

__all__ = ["NEIGHBOURS", "Neighbour", "Neighbours", "find_features", "save_neighbours"]

Array = npt.NDArray[Any]

#: The file that ships.
NEIGHBOURS = Path(__file__).parents[1] / "weights" / "neighbours-1.dnm"

_GREYS = 16
_ACROSS = 100  # pictures in each row of the sheet


@dataclass(frozen=True)
class Neighbour:
    """A training picture and its distance.

    Attributes
    ----------
    label : int
        The digit that it shows.
    distance : float
        Cosine distance of the features, 0 to 2.
    image : ndarray of uint8, (28, 28)
        The picture, white on black.
    """

    label: int
    distance: float
    image: Array


def find_features(network: Sequential, x: Array) -> Array:
    """Return the inputs of a network's last dense layer.

    Parameters
    ----------
    network : Sequential
        With a dense layer.
    x : ndarray of float, (N, C, H, W)
        The pictures.

    Returns
    -------
    ndarray of float32, (N, D)
    """
    depth = max(i for i, layer in enumerate(network.layers) if isinstance(layer, Dense))
    parts = [network.forward(x[i : i + 50], depth=depth)[0] for i in range(0, len(x), 50)]
    return np.concatenate(parts)


def save_neighbours(model: Model, data: Dataset, path: str | os.PathLike[str]) -> None:
    """Write the pictures of a data set, with their features, to a file."""
    features = find_features(in_row(model.network), as_floats(data.images))
    low, high = features.min(axis=0), features.max(axis=0)
    steps = np.rint((features - low) / np.maximum(high - low, 1e-9) * 255).astype(np.uint8)
    rows = -(-len(data) // _ACROSS)
    height, width = data.images.shape[2:]
    sheet = np.zeros((rows * _ACROSS, height, width), np.uint8)
    sheet[: len(data)] = np.rint(data.images[:, 0] / 255 * (_GREYS - 1)) * (255 // (_GREYS - 1))
    grid = sheet.reshape(rows, _ACROSS, height, width).transpose(0, 2, 1, 3)
    file = io.BytesIO()
    picture = Image.fromarray(grid.reshape(rows * height, _ACROSS * width))
    picture.quantize(_GREYS).save(file, "PNG", optimize=True)
    write_container(
        path,
        kind="neighbours",
        contents={"model": model.name, "count": len(data)},
        arrays={
            "sheet": np.frombuffer(file.getvalue(), np.uint8),
            "features": steps,
            "low": low.astype(np.float32),
            "high": high.astype(np.float32),
            "labels": data.labels.astype(np.uint8),
        },
    )


class Neighbours:
    """Finds the training pictures nearest to a picture by its features.

    Parameters
    ----------
    path : path, optional
        A file of `save_neighbours`; by default the one that ships.

    Raises
    ------
    ModelFileError
        If the file is missing or damaged.
    """

    def __init__(self, path: str | os.PathLike[str] | None = None) -> None:
        path = NEIGHBOURS if path is None else path
        contents, arrays = read_container(path, kind="neighbours")
        try:
            self.model_name = contents["model"]
            self._labels = arrays["labels"]
            features = arrays["features"] / np.float32(255)
            features = features * (arrays["high"] - arrays["low"]) + arrays["low"]
            self._directions = _directions(features)
            self._images = _cut(arrays["sheet"].tobytes(), contents["count"])
        except (KeyError, ValueError, OSError) as error:
            raise ModelFileError(f"{path} holds no neighbours: {error}") from error

    def __len__(self) -> int:
        return len(self._labels)

    def find(
        self, features: Array, *, count: int, other_than: int | None = None
    ) -> list[Neighbour]:
        """Return the nearest pictures, the nearest first.

        Parameters
        ----------
        features : ndarray of float, (D,)
            The picture's features, of `find_features`.
        count : int
            Number of pictures to return.
        other_than : int, optional
            A digit whose pictures are excluded.
        """
        distances = 1 - self._directions @ _directions(features[None])[0]
        if other_than is not None:
            distances = np.where(self._labels == other_than, np.inf, distances)
        nearest = np.argsort(distances)[:count]
        return [
            Neighbour(int(self._labels[i]), float(distances[i]), self._images[i]) for i in nearest
        ]


def _directions(features: Array) -> Array:
    length = np.linalg.norm(features, axis=1, keepdims=True)
    directions: Array = features / np.maximum(length, 1e-9)
    return directions


def _cut(png: bytes, count: int) -> Array:
    """Take the sheet of square pictures apart, (count, H, W)."""
    sheet = np.asarray(Image.open(io.BytesIO(png)).convert("L"))
    side = sheet.shape[1] // _ACROSS
    grid = sheet.reshape(-1, side, _ACROSS, side).transpose(0, 2, 1, 3)
    return grid.reshape(-1, side, side)[:count]
