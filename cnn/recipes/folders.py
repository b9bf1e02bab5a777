"""From a folder of pictures for each class to what a model of them learns from, and its figures."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from cnn.data.dataset import Dataset
from cnn.data.folder import FolderPictures, LeftOut, read_folder
from cnn.data.folder_parts import find_parts
from cnn.errors import DataError

__all__ = ["PictureParts", "describe_training", "read_parts", "take_some"]

_LARGEST_CACHE = 2_000_000_000  # bytes of decoded pictures


@dataclass(frozen=True)
class PictureParts:
    """The pictures of a run.

    Attributes
    ----------
    train, held_out : Dataset
        Pictures to learn from, and others to watch and to calibrate by.
    test : Dataset or None
        Pictures that only measure, if there are any.
    left_out : tuple of LeftOut
        Files that are no readable pictures.
    """

    train: Dataset
    held_out: Dataset
    test: Dataset | None
    left_out: tuple[LeftOut, ...] = ()

    @property
    def measured(self) -> Dataset:
        """What a model is measured on: the test pictures, or else those held out."""
        return self.held_out if self.test is None else self.test

    @property
    def counts(self) -> str:
        """The training pictures of each class, in words."""
        counts = np.bincount(self.train.labels, minlength=len(self.train.classes))
        return ", ".join(
            f"{n:,} {name}" for name, n in zip(self.train.classes, counts, strict=True)
        )


def read_parts(
    folder: str | os.PathLike[str],
    *,
    size: tuple[int, int],
    channels: int,
    held_out: float = 0.1,
    limit: int | None = None,
    seed: int = 0,
    by_content: bool = False,
    cache: Path | None = None,
    progress: bool = False,
) -> PictureParts:
    """Read a folder with a folder for each class, or with parts that hold such folders.

    Parameters
    ----------
    folder : path
        As `cnn.data.find_parts` takes it.
    size : (int, int)
        Height and width of the pictures to return, in pixels.
    channels : {1, 3}
        Grey or RGB.
    held_out : float
        Share of the training pictures to hold out, if there is no part for validation.
    limit : int, optional
        Training pictures, at most.
    seed : int
        Decides which are held out.
    by_content : bool
        Whether each file decides that itself instead, by its SHA-256, but for one of each class
        at least on either side: so a picture is on the same side whatever else there is.
    cache : path, optional
        Decoded pictures are kept in files whose names begin so, up to 2 GB of each part.
    progress : bool
        Whether to show progress bars.

    Raises
    ------
    DataError
        As `read_folder` raises, or there is only one class.
    ValueError
        There are too few pictures to hold some out.
    """
    folders = find_parts(folder)

    def read(part: str, classes: Sequence[str] | None = None) -> FolderPictures:
        found = read_folder(
            folders[part],
            size=size,
            channels=channels,
            classes=classes,
            cache=_cache(cache, part, folders[part], channels * size[0] * size[1]),
            progress=progress,
        )
        left_out.extend(
            LeftOut(folders[part].name / one.path, one.reason) for one in found.left_out
        )
        return found

    left_out: list[LeftOut] = []
    found = read("train")
    train = found.data
    if len(train.classes) < 2:
        raise DataError(
            f"{folders['train']} holds one class, {train.classes[0]}: a model tells two or more "
            "apart, each in a folder of its own"
        )
    others = {
        part: read(part, train.classes).data for part in ("validation", "test") if part in folders
    }
    rest = take_some(train, limit)
    if "validation" in others:
        watched = others["validation"]
    elif by_content:
        paths = [folders["train"] / path for path in found.files]
        rest, watched = _split_by_content(train, paths, held_out)
    elif round(held_out * len(rest)) in (0, len(rest)):
        raise DataError(
            f"{len(rest)} pictures in {folders['train']} are too few to hold {held_out:g} of them "
            "back, to watch and calibrate by: add pictures, or choose another share"
        )
    else:
        rest, watched = rest.split(held_out, rng=np.random.default_rng(seed))
    return PictureParts(rest, watched, others.get("test"), tuple(left_out))


def _split_by_content(
    train: Dataset, files: Sequence[Path], share: float
) -> tuple[Dataset, Dataset]:
    """Divide pictures by the digests of their files, which are as if drawn at random.

    Raises ValueError if no class has two.
    """
    digests = np.array([_digest(path) for path in files], dtype=np.float64)
    mask = digests < share
    for label in range(len(train.classes)):
        own = np.flatnonzero(train.labels == label)
        if len(own) > 1:
            mask[own[digests[own].argmin()]] = True
            mask[own[digests[own].argmax()]] = False
    if not mask.any():
        raise ValueError("no class has two readable pictures, of which one could be held out")
    return train.subset(~mask), train.subset(mask)


def _digest(path: Path) -> float:
    """Return a number from 0 to 1 that a file's content alone decides."""
    return int(hashlib.sha256(path.read_bytes()).hexdigest()[:12], 16) / 16**12


def take_some(train: Dataset, limit: int | None) -> Dataset:
    """Return as many pictures as are asked for, each class in proportion."""
    if limit is None or limit >= len(train):
        return train
    return train.split(limit, rng=np.random.default_rng(1))[1]


def describe_training(
    parts: PictureParts,
    figures: Mapping[str, Any],
    history: Mapping[str, list[float]],
    *,
    name: str,
    seed: int,
) -> dict[str, Any]:
    """Return a model's metadata: what its card shows of it.

    Parameters
    ----------
    parts : PictureParts
        What it learned from.
    figures : mapping
        Of `cnn.evaluation.figures.measure`, on `parts.measured`.
    history : mapping of str to list of float
        The metrics of each epoch.
    name : str
        What it is called.
    seed : int
        The seed of its training.
    """
    return {
        "name": name,
        "trained_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "trained_on": f"{len(parts.train):,} pictures: {parts.counts}",
        "accuracy": figures["accuracy"],
        "expected_calibration_error": figures["expected_calibration_error"],
        "confusion_matrix": figures["confusion_matrix"],
        "none_of_these": figures["none_of_these"],
        "tested_on": "held-out pictures" if parts.test is None else "test pictures",
        "history": dict(history),
        "seed": seed,
    }


def _cache(beside: Path | None, part: str, folder: Path, each: int) -> Path | None:
    """Return where decoded pictures are kept; None if they are too many."""
    if beside is None:
        return None
    files = sum(1 for path in folder.rglob("*") if path.is_file())
    return None if files * each > _LARGEST_CACHE else Path(f"{beside}.{part}.npz")
