"""A folder of python -m cnn retrain: what it asks for, what comes of it, and why that cannot be."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cnn.errors import ModelFileError
from cnn.files import write_atomically
from cnn.models.model import Model
from cnn.models.model_file import load_model, save_model
from cnn.training.callbacks import Callback, Checkpoint
from cnn.training.progress_log import ProgressLog
from cnn.training.run import Run

__all__ = ["Refused", "RunFolder", "check_rate", "check_types", "check_whole_numbers"]

_CANDIDATE, _CHECKPOINT, _GATE = "candidate.dnm", "checkpoint.dnm", "gate.json"


class Refused(Exception):
    """The run cannot be done; the code and its values are the last line of the error output."""

    def __init__(self, message: str, code: str, **values: str | int) -> None:
        super().__init__(message)
        self.code = code
        self.values = values


class RunFolder:
    """A run's folder.

    Parameters
    ----------
    path : Path
        Has settings.json and what that names.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.log = ProgressLog(path / "progress.jsonl")

    def read_settings(self) -> dict[str, Any]:
        """Return what settings.json says. Raises Refused if it is no object."""
        with self.reading_settings():
            given = json.loads((self.path / "settings.json").read_text(encoding="utf-8"))
            if not isinstance(given, dict):
                raise ValueError("an object is expected")
        return given

    @contextmanager
    def reading_settings(self) -> Iterator[None]:
        """Refuse what raises an error of a type or a value within the block."""
        try:
            yield
        except (OSError, ValueError, TypeError, AttributeError) as error:
            path = self.path / "settings.json"
            raise Refused(
                f"{path} does not say what to do: {error}", "retrain_settings", problem=str(error)
            ) from error

    def load_model(
        self, name: str, *, normalisation: str, classes: tuple[str, ...]
    ) -> tuple[Model, Path]:
        """Load one of its models, and return its file as well. Raises Refused."""
        path = self.path / name
        try:
            model = load_model(path)
        except ModelFileError as error:
            raise Refused(str(error), "retrain_model", name=name) from error
        if model.normalisation != normalisation or model.classes != classes:
            raise Refused(
                f"{name} is of other pictures: its classes are {', '.join(model.classes)}, not "
                f"{', '.join(classes)}",
                "retrain_model",
                name=name,
            )
        return model, path

    @contextmanager
    def training(self) -> Iterator[Mapping[str, Any]]:
        """Give what a recipe takes to be followed and to go on; refuse what ends it."""
        checkpoint = self.path / _CHECKPOINT
        self.log.say("phase", phase="training")
        try:
            yield {
                "callbacks": (self.log, Checkpoint(checkpoint), _Calibrating(self.log)),
                "resume": checkpoint if checkpoint.exists() else None,
            }
        except FloatingPointError as error:
            raise Refused(str(error), "retrain_diverged") from error
        except ModelFileError as error:
            raise Refused(
                f"{error}; remove it, and the run begins anew", "retrain_checkpoint"
            ) from error
        self.log.say("phase", phase="comparing")

    def save_candidate(self, model: Model) -> Path:
        """Save the model that came of it, and return its file."""
        path = self.path / _CANDIDATE
        save_model(model, path)
        return path

    def finish(self, gate: Mapping[str, Any]) -> None:
        """Save the comparison, with which the run ends."""
        write_atomically(self.path / _GATE, json.dumps(gate).encode())
        self.log.say("end")


class _Calibrating(Callback):
    """Says when the network is trained, and what is left is its calibration."""

    def __init__(self, log: ProgressLog) -> None:
        self._log = log

    def on_fit_end(self, run: Run) -> None:
        """Say it."""
        self._log.say("phase", phase="calibrating")


def check_types(settings: object, types: Sequence[tuple[str, Any, str]]) -> None:
    """Raise ValueError for a setting that is not of its type, which the third says in words."""
    for field, kinds, what in types:
        if not isinstance(getattr(settings, field), kinds):
            raise ValueError(f"{field} must be {what}")


def check_whole_numbers(settings: object, numbers: Sequence[tuple[str, int, int, bool]]) -> None:
    """Raise ValueError for a setting that is not from the least to the most it may be.

    The last says whether it may be None.
    """
    for field, least, most, optional in numbers:
        value = getattr(settings, field)
        if not (type(value) is int and least <= value <= most) and (
            value is not None or not optional
        ):
            raise ValueError(f"{field} must be a whole number from {least} to {most}")


def check_rate(rate: object) -> None:
    """Raise ValueError for a learning rate that cannot be; None stands for the default."""
    if rate is not None and not (isinstance(rate, int | float) and 0 < rate <= 1):
        raise ValueError("rate must be above 0 and at most 1")
