"""python -m cnn retrain: let a digit model learn from collected digits, and compare it."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from cnn.cli.run_folder import (
    Refused,
    RunFolder,
    check_rate,
    check_types,
    check_whole_numbers,
)
from cnn.data import Dataset, load_mnist
from cnn.data.augment import Augment
from cnn.errors import DataError
from cnn.evaluation.figures import measure
from cnn.evaluation.gate import Pictures, compare, corrupted, judge, pixels
from cnn.evaluation.robustness import spread
from cnn.evaluation.small_digits import load_small_digits
from cnn.models.model import Model
from cnn.recipes.retraining import (
    FINE_TUNING,
    FROM_SCRATCH,
    Retraining,
    join,
    retrain,
    split_mnist,
)

__all__ = ["run"]

_CLASSES = tuple("0123456789")
_WATCHED = 1000  # of MNIST's held-out pictures, during training
_MOST = 4_000_000  # collected digits
_UNREADABLE = (
    OSError,
    ValueError,
    TypeError,
    KeyError,
    EOFError,
    IndexError,
    zipfile.BadZipFile,
    zlib.error,
)


#: Settings, their types, and how to say them.
_TYPES = (
    ("base", str | None, "a file's name or null"),
    ("in_service", str, "a file's name"),
    ("examples", list | tuple, "a list of file names"),
    ("mnist", bool, "true or false"),
    ("mnist_folder", str | None, "a folder's name or null"),
    ("download", bool, "true or false"),
    ("augment", Mapping | None, "amounts by name, or null"),
    ("name", str, "a name"),
)
#: Settings, the least and the most that they may be, and whether null stands for the default.
_WHOLE_NUMBERS = (
    ("epochs", 1, 1000, True),
    ("workers", 1, 64, False),
    ("seed", 0, 2**63, False),
    ("mnist_most", 1, 60_000, True),
    ("compared", 1, 1_000_000, True),
)


@dataclass(frozen=True)
class _Settings:
    """What settings.json says."""

    base: str | None = None
    in_service: str = "in-service.dnm"
    examples: tuple[str, ...] = ()
    mnist: bool = True
    mnist_folder: str | None = None
    #: Whether MNIST may be fetched into the user's cache.
    download: bool = False
    mnist_most: int | None = None
    epochs: int | None = None
    rate: float | None = None
    augment: Mapping[str, float] | None = None
    seed: int = 0
    name: str = "digits-2"
    workers: int = 2
    #: Pictures of each set that the models are watched and compared on, at most.
    compared: int | None = None


def run(folder: RunFolder, given: dict[str, Any]) -> None:
    """Train, measure and compare. Raises Refused if that cannot be done."""
    with folder.reading_settings():
        settings = _Settings(**given)
        _check(settings)
    log = folder.log
    log.say("phase", phase="loading")
    in_service, file = _load(folder, settings.in_service)
    base = None if settings.base is None else _load(folder, settings.base)[0]
    collected, people = _read_examples(folder.path, settings.examples)
    _check_enough(settings, collected)
    mnist, unseen = _read_mnist(settings)
    recipe = _choose(settings, base)
    if base is None:
        log.say("log", code="retrain_trains_rejector", values={})
    else:
        log.say("log", code="retrain_keeps_rejector", values={"base": base.name})
    with folder.training() as how:
        model, history = retrain(
            recipe,
            base,
            collected,
            join([spread(unseen, min(_WATCHED, settings.compared or _WATCHED)), people]),
            mnist if settings.mnist else None,
            seed=settings.seed,
            **how,
        )
    examined = spread(unseen, settings.compared)
    metadata = _describe(settings, base, collected, people, history) | measure(model, examined)
    model = replace(model, metadata=metadata)
    candidate = folder.save_candidate(model)
    compared = [compare(model, in_service, one) for one in _sets(settings, unseen, people)]
    folder.finish(judge(compared, (model, candidate), (in_service, file)))


def _check(settings: _Settings) -> None:
    """Raise ValueError for settings of a wrong type or range."""
    check_types(settings, _TYPES)
    check_whole_numbers(settings, _WHOLE_NUMBERS)
    check_rate(settings.rate)
    if not all(isinstance(name, str) for name in settings.examples):
        raise ValueError("examples must be a list of file names")
    if settings.augment is not None:
        for name, amount in settings.augment.items():
            if not isinstance(amount, int | float) or not 0 <= amount <= 180:
                raise ValueError(f"augment.{name} must be a number from 0 to 180")
        Augment(**settings.augment)


def _check_enough(settings: _Settings, collected: Dataset) -> None:
    """Refuse a run that has nothing to learn from, or not every digit."""
    if settings.mnist:
        return
    if not len(collected):
        raise Refused(
            "there is nothing to learn from: collect digits, or mix in MNIST", "retrain_no_examples"
        )
    missing = sorted(set(_CLASSES) - {_CLASSES[label] for label in collected.labels})
    if settings.base is None and missing:
        digits = ", ".join(missing)
        raise Refused(
            f"a model from scratch must see every digit, and there is no {digits}: "
            "collect them, or mix in MNIST",
            "retrain_digits_missing",
            digits=digits,
        )


def _load(folder: RunFolder, name: str) -> tuple[Model, Path]:
    return folder.load_model(name, normalisation="digits", classes=_CLASSES)


def _read_examples(folder: Path, names: tuple[str, ...]) -> tuple[Dataset, Dataset]:
    """Return the collected digits to learn from, and those held out."""
    parts = [(np.zeros((0, 28, 28), np.uint8), np.zeros(0, np.int64), np.zeros(0, np.bool_))]
    for name in names:
        try:
            # numpy leaves a damaged file open that it has opened.
            with (folder / name).open("rb") as opened, np.load(opened, allow_pickle=False) as file:
                images, labels = file["images"], file["labels"]
                # Versions of the site's data set say it in words.
                is_version = "held_out" not in file.files
                held_out = file["split"] == "validation" if is_version else file["held_out"]
            if labels.dtype.kind not in "iu" or held_out.dtype != np.bool_:
                raise ValueError("labels must be whole numbers, and held_out bool")
            labels = labels.astype(np.int64)
            if len(held_out) != len(labels) or len(labels) > _MOST:
                raise ValueError(f"{len(labels)} labels, and {len(held_out)} of held_out")
            Dataset(images[:, None], labels, _CLASSES)
            if images.shape[1:] != (28, 28):
                raise ValueError(f"images must be (N, 28, 28), got {images.shape}")
        except _UNREADABLE as error:
            raise Refused(
                f"{name} holds no digits to learn from: {error}", "retrain_examples", name=name
            ) from error
        parts.append((images, labels, held_out))
    images, labels, held_out = (np.concatenate(each) for each in zip(*parts, strict=True))
    whole = Dataset(images[:, None], labels, _CLASSES)
    return whole.subset(~held_out), whole.subset(held_out)


def _read_mnist(settings: _Settings) -> tuple[Dataset, Dataset]:
    try:
        train, _ = load_mnist(
            settings.mnist_folder, download=None if settings.download else False, progress=False
        )
    except DataError as error:
        raise Refused(str(error), "retrain_mnist_missing", problem=str(error)) from error
    return split_mnist(train)


def _choose(settings: _Settings, base: Model | None) -> Retraining:
    recipe = FROM_SCRATCH if base is None else FINE_TUNING
    return replace(
        recipe,
        epochs=settings.epochs or recipe.epochs,
        peak=settings.rate or recipe.peak,
        mnist=settings.mnist_most or recipe.mnist,
        augment=recipe.augment if settings.augment is None else Augment(**settings.augment),
        workers=settings.workers,
    )


def _describe(
    settings: _Settings,
    base: Model | None,
    collected: Dataset,
    people: Dataset,
    history: dict[str, list[float]],
) -> dict[str, Any]:
    """Return the metadata of the model but for its figures: what its card shows, and its origin."""
    parts = [f"{len(collected):,} collected digits"] if len(collected) else []
    parts += ["MNIST"] if settings.mnist else []
    beginning = "" if base is None else f", going on from {base.name}"
    return {
        "name": settings.name,
        "base": None if base is None else base.name,
        "trained_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "trained_on": f"{' and '.join(parts)}{beginning}",
        "tested_on": "MNIST's held-out training pictures",
        "collected": len(collected),
        "collected_held_out": len(people),
        "mnist": settings.mnist,
        "epochs": len(history["loss"]),
        "seed": settings.seed,
        "history": history,
    }


def _sets(settings: _Settings, unseen: Dataset, people: Dataset) -> list[Pictures]:
    """Return what the models are compared on."""
    most = settings.compared
    sets = [
        pixels("mnist", spread(unseen, most)),
        corrupted(unseen, most=most),
        pixels("load_digits", spread(load_small_digits(), most)),
    ]
    return sets + ([pixels("people", spread(people, most))] if len(people) else [])
