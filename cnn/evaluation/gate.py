"""The gate, which decides whether one model may take another's place.

Both answer the same pictures, of which neither has learned. What decides is the difference of
their answers, picture by picture (McNemar's test, with Edwards' correction for small numbers):
pictures that both read right, or both wrong, say nothing about which is better.

References
----------
Q. McNemar, "Note on the sampling error of the difference between correlated proportions or
percentages", Psychometrika 12, 1947.
A. L. Edwards, "Note on the correction for continuity in testing the significance of the
difference between correlated proportions", Psychometrika 13, 1948.
"""

from __future__ import annotations

import base64
import io
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from PIL import Image

from cnn.data.dataset import Dataset, as_floats
from cnn.evaluation.robustness import spread
from cnn.models.model import Model
from cnn.reading.reader import Reading, read_all_pixels, read_normalised
from cnn.synthesis.corruptions import CORRUPTIONS
from cnn.vision.normalise import Normalised, normalise

__all__ = [
    "FIRST",
    "Comparison",
    "Decision",
    "Pictures",
    "compare",
    "compare_classes",
    "corrupted",
    "judge",
    "pixels",
]

Array = npt.NDArray[Any]
Decision = Literal["better", "as_good", "worse"]
#: What is decided of a model that there is nothing to compare with.
FIRST = "first"

_DIGITS = tuple("0123456789")

#: The loss that one in twenty comparisons of equally good models would exceed by chance, in
#: standard deviations of the difference.
_CHANCE = 1.645
#: What may be lost of MNIST's held-out pictures: 2 of 5,000.
_MNIST_MARGIN = 0.0005
_MOST_SHOWN = 200
_THUMBNAIL = 48  # pixels
_TOGETHER = 200
_TIMED = 30


@dataclass(frozen=True, eq=False)
class Pictures:
    """A set of pictures that models are compared on.

    Attributes
    ----------
    name : str
        Of digits "mnist", "corruptions", "load_digits" or "people"; of others "held_out" or "test".
    inputs : uint8 array (N, 28, 28) or (N, C, H, W), or tuple of PIL.Image.Image or bytes
        Inputs of the network, digits as white ink on black; or pictures as a person sends them.
    labels : int64 array (N,)
        The classes that they show.
    shown : uint8 array (N, 28, 28) or (N, C, H, W)
        What a person is shown of each.
    allowance : float
        The share that a candidate may lose; None for what chance explains.
    classes : tuple of str
        The names of the classes.
    """

    name: str
    inputs: npt.NDArray[np.uint8] | tuple[Image.Image | bytes, ...] = field(repr=False)
    labels: npt.NDArray[np.int64] = field(repr=False)
    shown: npt.NDArray[np.uint8] = field(repr=False)
    allowance: float | None = None
    classes: tuple[str, ...] = _DIGITS


@dataclass(frozen=True, eq=False)
class Comparison:
    """Two models' answers to a set of pictures.

    Attributes
    ----------
    pictures : Pictures
        The set.
    candidate, in_service : int64 array (N,)
        The class that each model names; -1 where it refuses, or sees several digits.
    """

    pictures: Pictures
    candidate: npt.NDArray[np.int64] = field(repr=False)
    in_service: npt.NDArray[np.int64] = field(repr=False)

    @property
    def lost(self) -> int:
        """Number of pictures that only the model in service reads right."""
        labels = self.pictures.labels
        return int(np.sum((self.in_service == labels) & (self.candidate != labels)))

    @property
    def gained(self) -> int:
        """Number of pictures that only the candidate reads right."""
        labels = self.pictures.labels
        return int(np.sum((self.candidate == labels) & (self.in_service != labels)))

    @property
    def margin(self) -> float:
        """The share of the pictures by which the candidate may be worse."""
        allowance = self.pictures.allowance
        return self._chance if allowance is None else allowance

    @property
    def decision(self) -> Decision:
        """Whether the candidate is worse by more than the margin, or better by more than chance."""
        difference = (self.gained - self.lost) / len(self.candidate)
        if difference < -self.margin:
            return "worse"
        return "better" if difference > self._chance else "as_good"

    @property
    def _chance(self) -> float:
        """The share that one in twenty comparisons of equals exceeds; 1 picture at least."""
        changed = self.lost + self.gained
        return (1 + _CHANCE * float(np.sqrt(changed))) / len(self.candidate)


def pixels(name: str, data: Dataset) -> Pictures:
    """Return a set of digits that are (N, 1, 28, 28) already, as MNIST's are."""
    allowance = _MNIST_MARGIN if name == "mnist" else None
    return Pictures(name, data.images[:, 0], data.labels, data.images[:, 0], allowance)


def corrupted(
    data: Dataset, *, each: int = 100, most: int | None = None, seed: int = 0
) -> Pictures:
    """Return digits (N, 1, 28, 28) in every corruption of `cnn.synthesis` but none.

    Parameters
    ----------
    data : Dataset
        Digits, of which each corruption takes `each`, evenly spread.
    most : int, optional
        Pictures of all corruptions together, at most; but one of each.
    seed : int
        Seed of the corruptions.
    """
    changes = [one for one in CORRUPTIONS if one.name != "clean"]
    if most is not None:
        each = min(each, max(1, most // len(changes)))
    data = spread(data, each)
    pictures: list[Image.Image | bytes] = []
    for corruption in changes:
        pictures += corruption.apply(data.images[:, 0], seed=seed).pictures
    return Pictures(
        "corruptions",
        tuple(pictures),
        np.tile(data.labels, len(changes)),
        np.tile(data.images[:, 0], (len(changes), 1, 1)),
    )


def compare(candidate: Model, in_service: Model, pictures: Pictures) -> Comparison:
    """Let two models of digits read the same pictures."""
    answers: tuple[list[int], list[int]] = ([], [])
    for start in range(0, len(pictures.labels), _TOGETHER):
        part = pictures.inputs[start : start + _TOGETHER]
        # A picture is normalised once, and what is found of it does not outlive this round.
        found = [normalise(one) for one in part] if isinstance(part, tuple) else as_floats(part)
        for model, given in zip((candidate, in_service), answers, strict=True):
            given += [_answer(reading) for reading in _read(model, found)]
    first, second = (np.array(given, np.int64) for given in answers)
    return Comparison(pictures, first, second)


def compare_classes(
    candidate: Model, in_service: Model, data: Dataset, same: Dataset, *, name: str
) -> Comparison:
    """Let two models of the same classes say what pictures show, each of its own input's shape.

    Parameters
    ----------
    candidate, in_service : Model
        The models.
    data, same : Dataset
        The same pictures in the same order: the inputs of the one, and of the other.
    name : str
        What the set is called.
    """
    answers = [
        model.predict(one.images).argmax(axis=1).astype(np.int64)
        for model, one in ((candidate, data), (in_service, same))
    ]
    pictures = Pictures(name, data.images, data.labels, data.images, classes=data.classes)
    return Comparison(pictures, *answers)


def judge(
    comparisons: Sequence[Comparison],
    candidate: tuple[Model, Path],
    in_service: tuple[Model, Path] | None,
) -> dict[str, Any]:
    """Decide whether a candidate is better than the model in service, and say by which figures.

    It is worse if it is so on any set by more than that set's margin: 0.05 points of MNIST's
    held-out pictures, and of every other set what one in twenty comparisons of equals exceeds
    by chance. If it is not, it is better if it is so on some set by more than chance.

    Parameters
    ----------
    comparisons : sequence of Comparison
        One of each set; none if there is no other model.
    candidate, in_service : (Model, Path), the second or None
        The models and their files.

    Returns
    -------
    dict
        Values for JSON: "decision" ("better", "as_good", "worse", or `FIRST` without another
        model), "reasons" (of each set that decided: accuracies and margin), "sets" (accuracy, by
        class as well), "changed" (at most 200 pictures whose answer changed, those that got worse
        first), "changed_count", and of both models name, size in bytes and milliseconds for a
        picture; None for one that is not there.
    """
    decisions = [one.decision for one in comparisons]
    decision = "as_good" if in_service else FIRST
    for stronger in ("better", "worse"):
        if stronger in decisions:
            decision = stronger
    changed = [change for one in comparisons for change in _changes(one)]
    changed.sort(key=lambda change: change.pop("order"))
    return {
        "decision": decision,
        "reasons": [_reason(one) for one in comparisons if one.decision == decision],
        "sets": [_figures(one) for one in comparisons],
        "changed": changed[:_MOST_SHOWN],
        "changed_count": len(changed),
        "candidate": _measure(*candidate),
        "in_service": None if in_service is None else _measure(*in_service),
    }


def _read(model: Model, found: list[Normalised] | npt.NDArray[np.float32]) -> list[Reading]:
    if isinstance(found, list):
        return read_normalised(model, found)
    return read_all_pixels(model, found)


def _answer(reading: Reading) -> int:
    return reading.digits[0].digit if len(reading.digits) == 1 else -1


def _show(picture: npt.NDArray[np.uint8]) -> dict[str, str]:
    """Return what a person is shown of a picture: ink (28, 28) as its pixels, others as a file."""
    if picture.ndim == 2:
        return {"pixels": base64.b64encode(picture.tobytes()).decode()}
    # (C, H, W) -> (H, W) or (H, W, 3)
    image = Image.fromarray(np.moveaxis(picture, 0, -1).squeeze())
    image.thumbnail((_THUMBNAIL, _THUMBNAIL))
    file = io.BytesIO()
    image.save(file, "JPEG", quality=80)
    return {"picture": f"data:image/jpeg;base64,{base64.b64encode(file.getvalue()).decode()}"}


def _changes(one: Comparison) -> list[dict[str, Any]]:
    labels, classes = one.pictures.labels, one.pictures.classes
    named = (*classes, "none")  # of which the last is -1
    found = []
    for place in np.flatnonzero(one.candidate != one.in_service):
        label, before, after = (int(a[place]) for a in (labels, one.in_service, one.candidate))
        order = 0 if before == label else 1 if after == label else 2
        found.append(
            {
                "order": order,
                "set": one.pictures.name,
                "index": int(place),
                "label": classes[label],
                "in_service": named[before],
                "candidate": named[after],
                **_show(one.pictures.shown[place]),
            }
        )
    return found


def _reason(one: Comparison) -> dict[str, Any]:
    labels = one.pictures.labels
    return {
        "set": one.pictures.name,
        "candidate": float(np.mean(one.candidate == labels)),
        "in_service": float(np.mean(one.in_service == labels)),
        "margin": one.margin,
    }


def _figures(one: Comparison) -> dict[str, Any]:
    pictures = one.pictures
    return {
        "name": pictures.name,
        "count": len(pictures.labels),
        "decision": one.decision,
        "margin": one.margin,
        "candidate": _by_class(one.candidate, pictures),
        "in_service": _by_class(one.in_service, pictures),
    }


def _by_class(answers: Array, pictures: Pictures) -> dict[str, Any]:
    labels = pictures.labels
    right = answers == labels
    classes = [
        {
            "label": name,
            "count": int(np.sum(labels == label)),
            "right": int(np.sum(right[labels == label])),
        }
        for label, name in enumerate(pictures.classes)
    ]
    return {"accuracy": float(np.mean(right)), "right": int(right.sum()), "classes": classes}


def _measure(model: Model, path: Path) -> dict[str, Any]:
    one = np.zeros((1, *model.input_shape), np.float32)
    times = []
    for _ in range(_TIMED):
        begun = time.perf_counter()
        model.predict(one)
        times.append(time.perf_counter() - begun)
    return {
        "name": model.name,
        "size": path.stat().st_size,
        "milliseconds": round(float(np.median(times)) * 1000, 3),
    }
