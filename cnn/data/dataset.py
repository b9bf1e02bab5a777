"""Labelled pictures in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

__all__ = ["Dataset", "as_floats"]


@dataclass(frozen=True, eq=False)
class Dataset:
    """Pictures of one size, and the class that each belongs to.

    The axes are N pictures, C channels, H rows and W columns.

    Parameters
    ----------
    images : uint8 array (N, C, H, W)
        The pictures, 0 to 255. They stay bytes until `as_floats`: a quarter of the memory.
    labels : int64 array (N,)
        The class of each picture: an index into `classes`.
    classes : tuple of str
        The names of the classes.

    Raises
    ------
    ValueError
        The arrays are not of these types and shapes, or a label names no class.
    """

    images: NDArray[np.uint8] = field(repr=False)
    labels: NDArray[np.int64] = field(repr=False)
    classes: tuple[str, ...]

    def __post_init__(self) -> None:
        images, labels = self.images, self.labels
        if images.dtype != np.uint8 or images.ndim != 4:
            raise ValueError(
                f"images must be a uint8 array (N, C, H, W), got {images.dtype} {images.shape}"
            )
        if labels.dtype != np.int64 or labels.shape != images.shape[:1]:
            raise ValueError(
                f"labels must be an int64 array (N,) with N = {len(images)} as in images "
                f"{images.shape}, got {labels.dtype} {labels.shape}"
            )
        if len(labels) and not 0 <= labels.min() <= labels.max() < len(self.classes):
            raise ValueError(
                f"labels must be 0 to {len(self.classes) - 1} for {len(self.classes)} classes, "
                f"got {labels.min()} to {labels.max()}"
            )

    def __len__(self) -> int:
        return len(self.labels)

    def subset(self, indices: Sequence[int] | NDArray[np.intp] | NDArray[np.bool_]) -> Dataset:
        """Return some of the pictures, in the order asked for.

        Parameters
        ----------
        indices : sequence of int, int array (M,) or bool array (N,)
            Positions, which may repeat, or a mask over all the pictures.

        Returns
        -------
        Dataset
            Copies of those pictures, with the same classes.

        Raises
        ------
        IndexError
            A position lies outside the data set, or the mask has another length.
        """
        chosen = np.asarray(indices)
        if chosen.size == 0:
            chosen = chosen.astype(np.intp)
        return Dataset(self.images[chosen], self.labels[chosen], self.classes)

    def split(self, held_out: float, *, rng: np.random.Generator) -> tuple[Dataset, Dataset]:
        """Divide the pictures at random, each class in proportion.

        Parameters
        ----------
        held_out : int or float
            How many pictures to hold out: a count from 1 to N - 1 if it is an int, a fraction
            between 0 and 1 if it is a float.
        rng : numpy.random.Generator
            Decides which pictures; the same state gives the same split.

        Returns
        -------
        rest, held_out : Dataset
            Both in the original order. The parts of the classes are rounded by the method of
            largest remainders, so the count is exact.

        Raises
        ------
        ValueError
            One side would be empty.
        """
        total = len(self)
        count = held_out if isinstance(held_out, int) else round(held_out * total)
        if not 0 < count < total:
            raise ValueError(
                f"cannot hold out {held_out} of {total} pictures: "
                f"expected a count from 1 to {total - 1}, or a fraction that gives one"
            )
        members = [np.flatnonzero(self.labels == label) for label in range(len(self.classes))]
        quotas = _apportion(np.array([len(indices) for indices in members]), count)
        mask = np.zeros(total, dtype=np.bool_)
        for indices, quota in zip(members, quotas, strict=True):
            mask[rng.permutation(indices)[:quota]] = True
        return self.subset(~mask), self.subset(mask)


def as_floats(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return pictures as the numbers that a network reads.

    Parameters
    ----------
    images : uint8 array, any shape
        0 to 255.

    Returns
    -------
    float32 array, the same shape
        0 to 1.

    Raises
    ------
    ValueError
        The array is not of bytes; dividing floats again would go unnoticed.
    """
    if images.dtype != np.uint8:
        raise ValueError(f"images must be uint8, got {images.dtype} {images.shape}")
    return np.divide(images, 255, dtype=np.float32)


def _apportion(sizes: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Share `count` among groups in proportion to their sizes, exactly (largest remainders)."""
    quotas, remainders = np.divmod(sizes * count, sizes.sum())
    largest = np.argsort(-remainders, kind="stable")
    quotas[largest[: count - int(quotas.sum())]] += 1
    return quotas
