"""Model files, among them those that ship."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.errors import ModelFileError
from cnn.models.container import Source, name_of, read_container, write_container
from cnn.models.description import describe_network
from cnn.models.model import Model, Rejector, as_model
from cnn.models.network import Network
from cnn.models.novelty import NoveltyDetector
from cnn.models.stored import halve_arrays, network_arrays, part_of, restore_network

__all__ = [
    "CATS_DOGS_MODEL",
    "CONTEXT_MODEL",
    "DIGIT_MODEL",
    "PAGE_MODEL",
    "ROW_MODEL",
    "load_model",
    "save_model",
]

Array = npt.NDArray[Any]
Contents = dict[str, Any]
Arrays = dict[str, Array]

_WEIGHTS = Path(__file__).parents[1] / "weights"

#: The digit model that ships.
DIGIT_MODEL = _WEIGHTS / "digits-1.dnm"
#: The model that finds digits on pages.
PAGE_MODEL = _WEIGHTS / "page-1.dnm"
#: The model that reads rows of digits that touch.
ROW_MODEL = _WEIGHTS / "row-1.dnm"
#: The model that sees a digit among others.
CONTEXT_MODEL = _WEIGHTS / "context-1.dnm"
#: The model that ships as an example of other pictures.
CATS_DOGS_MODEL = _WEIGHTS / "cats-dogs-1.dnm"

_KEYS = {"network", "rejector", "classes", "normalisation", "metadata"}


def save_model(model: Model | Network, path: str | os.PathLike[str], *, half: bool = False) -> None:
    """Write a model to a file, atomically.

    Parameters
    ----------
    model : Model or Network
        A bare network is saved as a model without a rejector.
    path : path
        Replaced if it exists.
    half : bool
        Whether parameters are stored with half the precision, in half the room: three decimal
        digits of each.

    Raises
    ------
    ValueError
        If a bare network is no model: it must end in softmax or sigmoid; if a layer is of a
        type that files cannot name; if a parameter is not a finite number, or too large.
    """
    model = as_model(model)
    contents: Contents = {
        "network": describe_network(model.network),
        "rejector": None,
        "classes": list(model.classes),
        "normalisation": model.normalisation,
        "metadata": dict(model.metadata),
    }
    arrays = network_arrays("network", model.network)
    if model.rejector is not None:
        described = describe_network(model.rejector.network)
        contents["rejector"] = {**described, "threshold": model.rejector.threshold}
        arrays |= network_arrays("rejector", model.rejector.network)
    if model.novelty is not None:
        contents["novelty"] = {"depth": model.novelty.depth, "threshold": model.novelty.threshold}
        arrays |= {f"novelty/{name}": array for name, array in model.novelty.arrays().items()}
    if half:
        arrays = halve_arrays(arrays)
    write_container(path, kind="model", contents=contents, arrays=arrays)


def load_model(source: Source | None = None) -> Model:
    """Load a model, ready to predict.

    Parameters
    ----------
    source : path or bytes, optional
        A file that `save_model` wrote, or its content; without it, the digit model that ships.

    Returns
    -------
    Model
        For the digit model: `predict` takes (N, 1, 28, 28), white ink on black in 0..1,
        and gives (N, 10) probabilities. Every model of digits gets the networks `page`,
        `row` and `context` that ship.

    Raises
    ------
    ModelFileError
        If the file is missing, damaged, or its parts do not fit together.
    """
    model = _load(DIGIT_MODEL if source is None else source)
    if model.normalisation != "digits":
        return model
    return replace(
        model,
        page=_shared(PAGE_MODEL),
        row=_shared(ROW_MODEL),
        context=_shared(CONTEXT_MODEL),
    )


@cache
def _shared(path: Path) -> Network:
    """Return a network that all models share: predicting changes nothing."""
    return _load(path).network


def _load(source: Source) -> Model:
    contents, arrays = read_container(source, kind="model")
    try:
        if "layers" in contents:
            return _build_model(*_upgrade(contents, arrays))
        model = _build_model(contents, arrays)
        stated = (tuple(contents["classes"]), contents["normalisation"])
        if stated != (model.classes, model.normalisation):
            raise ValueError(f"its classes and normalisation are {stated}")
        return model
    except (AttributeError, KeyError, TypeError, ValueError, MemoryError) as error:
        raise ModelFileError(f"{name_of(source)} describes no model that works: {error}") from error


def _build_model(contents: Contents, arrays: Mapping[str, Array]) -> Model:
    if contents.keys() - {"novelty"} != _KEYS:
        wrong = ", ".join(sorted((contents.keys() - {"novelty"}) ^ _KEYS))
        raise ValueError(f"its parts are not those of a model: {wrong}")
    rejector, novelty = contents["rejector"], contents.get("novelty")
    parts = {"network": True, "rejector": rejector is not None, "novelty": novelty is not None}
    prefixes = tuple(f"{name}/" for name, there in parts.items() if there)
    if not isinstance(contents["classes"], list):
        raise ValueError(f"its classes are {contents['classes']!r}")
    if not isinstance(contents["metadata"], dict):
        raise ValueError(f"its metadata is {contents['metadata']!r}")
    others = [name for name in arrays if not name.startswith(prefixes)]
    if others:
        raise ValueError(f"it holds arrays that belong to none of its parts: {', '.join(others)}")
    return Model(
        restore_network("network", contents["network"], arrays),
        rejector=None if rejector is None else _build_rejector(rejector, arrays),
        novelty=None if novelty is None else _build_novelty(novelty, arrays),
        classes=tuple(contents["classes"]),
        normalisation=contents["normalisation"],
        metadata=contents["metadata"],
    )


def _build_rejector(contents: Contents, arrays: Mapping[str, Array]) -> Rejector:
    threshold = float(contents["threshold"])
    if not np.isfinite(threshold):
        raise ValueError(f"the rejector's threshold is {threshold}")
    return Rejector(restore_network("rejector", contents, arrays), threshold)


def _build_novelty(contents: Contents, arrays: Mapping[str, Array]) -> NoveltyDetector:
    depth, threshold = contents["depth"], float(contents["threshold"])
    own = part_of(arrays, "novelty")
    if not np.isfinite(threshold) or not all(np.isfinite(array).all() for array in own.values()):
        raise ValueError("a parameter of its novelty detector is not a finite number")
    return NoveltyDetector(depth, threshold, own["mean"], own["scale"], own["whitening"])


def _upgrade(contents: Contents, arrays: Mapping[str, Array]) -> tuple[Contents, Arrays]:
    """Convert the content of a file of the first format to the present one.

    There the network's description was outermost, classes had no names, and the rejector's
    threshold was in its metadata.
    """
    rejector = contents.get("rejector")
    if rejector is not None:
        rejector = {**rejector, "threshold": rejector["metadata"]["threshold"]}
    named = {
        name if name.startswith("rejector/") else f"network/{name}": array
        for name, array in arrays.items()
    }
    return {
        "network": {key: contents[key] for key in ("input_shape", "layers")},
        "rejector": rejector,
        "classes": [],
        "normalisation": None,
        "metadata": contents["metadata"],
    }, named
