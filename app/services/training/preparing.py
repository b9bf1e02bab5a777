"""What a run's folder has for the child that trains, before it is begun."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeAlias
from uuid import UUID

import numpy as np

from app.errors import ErrorCode, UnknownModel
from app.services.models import Models
from app.services.training.archive import open_archive
from app.services.training.fields import TrainingError
from app.services.training.files import RunFiles
from app.services.training.picture_settings import PictureSettings
from app.services.training.settings import RunSettings
from app.services.versions import Versions

__all__ = ["DigitPreparation", "PicturePreparation", "Preparation", "Prepared"]

_IN_SERVICE, _PICTURES, _NAMES = "in-service.dnm", "pictures", "names.json"
#: A trial: pictures of MNIST that are mixed in, and of each set that the models are compared on.
_QUICK_MNIST, _QUICK_COMPARED = 2000, 300


#: A line of a run's log: a code of app.errors, and its values.
Note: TypeAlias = tuple[ErrorCode, Mapping[str, str | int]]


@dataclass(frozen=True)
class Prepared:
    """What the child is asked to do, as `python -m cnn retrain` takes it.

    `base` is the version from which it goes on, `compared_with` the one in service; `notes` are
    lines for the run's log.
    """

    asked: dict[str, Any]
    base: str | None
    compared_with: str | None
    notes: Sequence[Note] = ()


class Preparation(Protocol):
    """Puts what the child needs into a new folder."""

    def prepare(
        self, run_id: UUID, settings: Any, folder: Path, check: Callable[[], None]
    ) -> Prepared:
        """Write the files, calling `check` often. Raises OSError, CodedError, what `check` does."""


class DigitPreparation:
    """Prepares runs of digit models: versions of the data set, and the model in service.

    Parameters
    ----------
    mnist_folder : Path or None
        The folder of MNIST's files; None: the user's cache, into which they are downloaded.
    """

    def __init__(self, versions: Versions, models: Models, *, mnist_folder: Path | None) -> None:
        self._versions = versions
        self._models = models
        self._mnist_folder = mnist_folder

    def prepare(
        self, run_id: UUID, settings: RunSettings, folder: Path, check: Callable[[], None]
    ) -> Prepared:
        """Write the files."""
        present = self._models.get(settings.model)
        (folder / _IN_SERVICE).write_bytes(present.content)
        for number, name in enumerate(settings.versions):
            check()
            found = self._versions.examples(name)
            np.savez(
                folder / f"{number}.npz",
                images=found.images,
                labels=found.labels,
                held_out=found.held_out,
            )
        version = present.model.name
        asked = self._ask(settings)
        return Prepared(asked, version if asked["base"] else None, version)

    def _ask(self, settings: RunSettings) -> dict[str, Any]:
        return {
            "base": _IN_SERVICE if settings.base == "in_service" else None,
            "examples": [f"{number}.npz" for number in range(len(settings.versions))],
            "mnist": settings.mnist,
            "mnist_folder": None if self._mnist_folder is None else str(self._mnist_folder),
            "download": True,
            "epochs": settings.all_epochs,
            "rate": settings.rate,
            "augment": None if settings.augment is None else dict(settings.augment),
            "mnist_most": _QUICK_MNIST if settings.quick else None,
            "compared": _QUICK_COMPARED if settings.quick else None,
        }


class PicturePreparation:
    """Prepares runs of other classes: pictures from an archive, and the model in service."""

    def __init__(self, models: Models, files: RunFiles) -> None:
        self._models = models
        self._files = files

    def prepare(
        self, run_id: UUID, settings: PictureSettings, folder: Path, check: Callable[[], None]
    ) -> Prepared:
        """Unpack the archive."""
        archive = self._files.archive(run_id)
        if not archive.exists():
            raise TrainingError("upload_gone")
        with open_archive(archive, name=settings.file) as found:
            unpacked = found.unpack(folder / _PICTURES, check)
        (folder / _NAMES).write_text(json.dumps(unpacked.names), encoding="utf-8")
        present = self._write_present(settings.model, folder)
        asked = {
            "task": "pictures",
            "pictures": _PICTURES,
            "classes": found.classes,
            "files": _NAMES,
            "in_service": None if present is None else _IN_SERVICE,
            "name": settings.model,
            "size": settings.size,
            "channels": settings.channels,
            "epochs": settings.epochs,
            "rate": settings.rate,
            "augment": settings.augment,
        }
        notes: list[Note] = []
        if present is None:
            notes.append(("run_first", {"name": settings.model}))
        if found.beside:
            notes.append(("run_files_beside", {"count": found.beside}))
        if unpacked.too_large:
            notes.append(("run_files_large", {"count": unpacked.too_large}))
        return Prepared(asked, None, present, notes)

    def _write_present(self, name: str, folder: Path) -> str | None:
        """Write the model in service under a name, and return its version; None if none is."""
        try:
            present = self._models.get(name)
        except UnknownModel:
            return None
        (folder / _IN_SERVICE).write_bytes(present.content)
        return present.model.name
