"""python -m cnn retrain: train a model of other classes than digits on pictures in folders."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cnn.cli.run_folder import (
    Refused,
    RunFolder,
    check_rate,
    check_types,
    check_whole_numbers,
)
from cnn.data.augment_pictures import PictureAugment
from cnn.data.dataset import Dataset
from cnn.data.folder import LeftOut
from cnn.errors import NoReadablePicture
from cnn.evaluation.figures import measure
from cnn.evaluation.gate import Comparison, compare_classes, judge
from cnn.models.model import Model
from cnn.recipes.folders import PictureParts, describe_training, read_parts
from cnn.recipes.pictures import choose_recipe, train_pictures

__all__ = ["run"]

_NAMED = 5  # files that are left out

#: Settings, their types, and how to say them.
_TYPES = (
    ("pictures", str, "a folder's name"),
    ("classes", list, "a list of names"),
    ("files", str | None, "a file's name or null"),
    ("in_service", str | None, "a file's name or null"),
    ("augment", str | None, "changes such as zoom=0.2,flip, or null"),
    ("name", str, "a name"),
)
#: Settings, the least and the most that they may be, and whether null stands for the default.
_WHOLE_NUMBERS = (
    ("size", 8, 512, False),
    ("channels", 1, 3, False),
    ("epochs", 1, 1000, True),
    ("workers", 1, 64, False),
    ("seed", 0, 2**63, False),
)


@dataclass(frozen=True)
class _Settings:
    """What settings.json says."""

    #: What the folders 0, 1, … of each part stand for.
    classes: list[str]
    pictures: str = "pictures"
    #: A list of JSON of how the files 0, 1, … are called.
    files: str | None = None
    in_service: str | None = None
    size: int = 64
    channels: int = 3
    epochs: int | None = None
    rate: float | None = None
    augment: str | None = None
    seed: int = 0
    name: str = "pictures"
    workers: int = 2


def run(folder: RunFolder, given: dict[str, Any]) -> None:
    """Train, measure and compare. Raises Refused if that cannot be done."""
    with folder.reading_settings():
        settings = _Settings(**given)
        _check(settings)
        augment = None if settings.augment is None else PictureAugment.parse(settings.augment)
    folder.log.say("phase", phase="loading")
    other = _load(folder, settings)
    parts = _read(folder.path, settings, (settings.channels, settings.size, settings.size))
    _tell_left_out(folder, settings, parts.left_out)
    recipe = choose_recipe(
        len(parts.train),
        len(settings.classes),
        epochs=settings.epochs,
        peak=settings.rate,
        augment=augment,
        workers=settings.workers,
    )
    with folder.training() as how:
        model, history = train_pictures(
            recipe, parts.train, parts.held_out, seed=settings.seed, **how
        )
    figures = measure(model, parts.measured)
    metadata = describe_training(parts, figures, history, name=settings.name, seed=settings.seed)
    model = replace(model, metadata=metadata)
    candidate = folder.save_candidate(model)
    compared = [_compare(folder, settings, model, other[0], parts)] if other else []
    gate = judge(compared, (model, candidate), other)
    card = {name: value for name, value in metadata.items() if name not in ("name", "history")}
    folder.finish(gate | {"card": {"classes": settings.classes, "count": figures["count"], **card}})


def _check(settings: _Settings) -> None:
    """Raise ValueError for settings of a wrong type or range."""
    check_types(settings, _TYPES)
    check_whole_numbers(settings, _WHOLE_NUMBERS)
    check_rate(settings.rate)
    if settings.channels == 2:
        raise ValueError("channels must be 1 or 3")
    if not all(isinstance(name, str) for name in settings.classes):
        raise ValueError("classes must be a list of names")


def _read(path: Path, settings: _Settings, shape: tuple[int, ...]) -> PictureParts:
    """Read the pictures as inputs of a shape (C, H, W), and call the classes by their names."""
    classes = tuple(settings.classes)
    channels, height, width = shape
    try:
        parts = read_parts(
            path / settings.pictures,
            size=(height, width),
            channels=channels,
            by_content=True,
            cache=path / f"decoded-{channels}-{height}-{width}",
        )
    except NoReadablePicture as error:
        name = dict(zip(map(str, range(len(classes))), classes, strict=True)).get(error.folder)
        raise Refused(str(error), "retrain_class_unreadable", name=name or error.folder) from error
    except ValueError as error:
        raise Refused(str(error), "retrain_pictures") from error
    if parts.train.classes != tuple(str(number) for number in range(len(classes))):
        raise Refused(
            f"the folders are {', '.join(parts.train.classes)}, for {len(classes)} classes",
            "retrain_pictures",
        )

    def named(data: Dataset) -> Dataset:
        return replace(data, classes=classes)

    return replace(
        parts,
        train=named(parts.train),
        held_out=named(parts.held_out),
        test=None if parts.test is None else named(parts.test),
    )


def _tell_left_out(folder: RunFolder, settings: _Settings, left_out: Sequence[LeftOut]) -> None:
    """Name the files that are no readable pictures, at least the first ones."""
    if not left_out:
        return
    names = [one.path.as_posix() for one in left_out[:_NAMED]]
    if settings.files is not None:
        called = json.loads((folder.path / settings.files).read_text(encoding="utf-8"))
        names = [called[int(one.path.name)] for one in left_out[:_NAMED]]
    values = {"count": len(left_out), "names": ", ".join(names)}
    folder.log.say("log", code="retrain_left_out", values=values)


def _load(folder: RunFolder, settings: _Settings) -> tuple[Model, Path] | None:
    """Return the model in service with its file, if there is one."""
    if settings.in_service is None:
        return None
    return folder.load_model(
        settings.in_service, normalisation="picture", classes=tuple(settings.classes)
    )


def _compare(
    folder: RunFolder, settings: _Settings, model: Model, other: Model, parts: PictureParts
) -> Comparison:
    same = parts.measured
    if other.input_shape != model.input_shape:
        same = _read(folder.path, settings, other.input_shape).measured
    name = "held_out" if parts.test is None else "test"
    return compare_classes(model, other, parts.measured, same, name=name)
