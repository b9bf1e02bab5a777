"""The gate, which decides whether one model of digits may take another's place.

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

__all__ = ["Comparison", "Decision", "Pictures", "compare", "corrupted", "judge", "pixels"]

Array = npt.NDArray[Any]
Decision = Literal["better", "as_good", "worse"]

#: The loss that one in twenty comparisons of equally good models would exceed by chance, in
#: standard deviations of the difference.
_CHANCE = 1.645
#: What may be lost of MNIST's held-out pictures: 2 of 5,000.
_MNIST_MARGIN = 0.0005
_MOST_SHOWN = 200
_TOGETHER = 200
_TIMED = 30


@dataclass(frozen=True, eq=False)
class Pictures:
    """A set of digits that models are compared on.

    Attributes
    ----------
    name : str
        "mnist", "corruptions", "load_digits" or "people".
    inputs : uint8 array (N, 28, 28), or tuple of PIL.Image.Image or bytes
        Inputs of the network, white ink on black; or pictures as a person sends them.
    labels : int64 array (N,)
        The digits that they show.
    shown : uint8 array (N, 28, 28)
        What a person is shown of each.
    allowance : float
        The share that a candidate may lose; None for what chance explains.
    """

    name: str
    inputs: npt.NDArray[np.uint8] | tuple[Image.Image | bytes, ...] = field(repr=False)
    labels: npt.NDArray[np.int64] = field(repr=False)
    shown: npt.NDArray[np.uint8] = field(repr=False)
    allowance: float | None = None


@dataclass(frozen=True, eq=False)
class Comparison:
    """Two models' answers to a set of pictures.

    Attributes
    ----------
    pictures : Pictures
        The set.
    candidate, in_service : int64 array (N,)
        The digit that each model reads; -1 where it refuses, or sees several.
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


def corrupted(data: Dataset, *, each: int = 100, seed: int = 0) -> Pictures:
    """Return digits (N, 1, 28, 28) in every corruption of `cnn.synthesis` but none.

    Parameters
    ----------
    data : Dataset
        Digits, of which each corruption takes `each`, evenly spread.
    seed : int
        Seed of the corruptions.
    """
    data = spread(data, each)
    pictures: list[Image.Image | bytes] = []
    changes = [one for one in CORRUPTIONS if one.name != "clean"]
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


def judge(
    comparisons: Sequence[Comparison],
    candidate: tuple[Model, Path],
    in_service: tuple[Model, Path],
) -> dict[str, Any]:
    """Decide whether a candidate is better than the model in service, and say by which figures.

    It is worse if it is so on any set by more than that set's margin: 0.05 points of MNIST's
    held-out pictures, and of every other set what one in twenty comparisons of equals exceeds
    by chance. If it is not, it is better if it is so on some set by more than chance.

    Parameters
    ----------
    comparisons : sequence of Comparison
        One of each set, at least one.
    candidate, in_service : (Model, Path)
        The models and their files.

    Returns
    -------
    dict
        Values for JSON: "decision" ("better", "as_good" or "worse"), "reasons" (of each set that
        decided: accuracies and margin), "sets" (accuracy, by class as well), "changed" (at most
        200 pictures whose answer changed, those that got worse first), "changed_count", and of
        both models name, size in bytes and milliseconds for a digit.
    """
    decisions = [one.decision for one in comparisons]
    decision: Decision = "as_good"
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
        "in_service": _measure(*in_service),
    }


def _read(model: Model, found: list[Normalised] | npt.NDArray[np.float32]) -> list[Reading]:
    if isinstance(found, list):
        return read_normalised(model, found)
    return read_all_pixels(model, found)


def _answer(reading: Reading) -> int:
    return reading.digits[0].digit if len(reading.digits) == 1 else -1


def _name(answer: int) -> str:
    return str(answer) if answer >= 0 else "none"


def _changes(one: Comparison) -> list[dict[str, Any]]:
    labels = one.pictures.labels
    found = []
    for place in np.flatnonzero(one.candidate != one.in_service):
        label, before, after = (int(a[place]) for a in (labels, one.in_service, one.candidate))
        order = 0 if before == label else 1 if after == label else 2
        found.append(
            {
                "order": order,
                "set": one.pictures.name,
                "index": int(place),
                "label": str(label),
                "in_service": _name(before),
                "candidate": _name(after),
                "pixels": base64.b64encode(one.pictures.shown[place].tobytes()).decode(),
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
    labels = one.pictures.labels
    return {
        "name": one.pictures.name,
        "count": len(labels),
        "decision": one.decision,
        "margin": one.margin,
        "candidate": _by_class(one.candidate, labels),
        "in_service": _by_class(one.in_service, labels),
    }


def _by_class(answers: Array, labels: Array) -> dict[str, Any]:
    right = answers == labels
    classes = [
        {
            "label": str(label),
            "count": int(np.sum(labels == label)),
            "right": int(np.sum(right[labels == label])),
        }
        for label in range(10)
    ]
    return {"accuracy": float(np.mean(right)), "right": int(right.sum()), "classes": classes}


def _measure(model: Model, path: Path) -> dict[str, Any]:
    one = np.zeros((1, 1, 28, 28), np.float32)
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
