"""A model: a network with its rejector, classes, kind of normalisation and metadata."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.layers import Sigmoid, Softmax
from cnn.models.network import Network
from cnn.models.novelty import NoveltyDetector, channel_statistics

__all__ = [
    "CONTEXT_CLASSES",
    "DIGITS_INPUT",
    "NORMALISATIONS",
    "OTHER_IN_CONTEXT",
    "PAGE_CLASSES",
    "ROW_CLASSES",
    "Model",
    "Rejector",
    "as_model",
]

Array = npt.NDArray[Any]

#: The input of every network whose pictures go through the normalisation of digits.
DIGITS_INPUT = (1, 28, 28)

#: How a picture becomes a network's input. "digits": each digit by itself, cut out and centred
#: as MNIST's are; "picture": the picture as a whole, upright, cropped square and scaled.
NORMALISATIONS = ("digits", "picture")

#: What a point of a page may be, in the order of the page network's answers.
PAGE_CLASSES = ("paper", "digit ink", "other ink", "no page")

#: What a column of a row may be the middle of, in the order of the row network's answers.
ROW_CLASSES = (*map(str, range(10)), "something else", "nothing")

#: What a piece of ink among others may be, in the order of the context network's answers.
CONTEXT_CLASSES = (*map(str, range(10)), "something else")
#: The place of the last of these.
OTHER_IN_CONTEXT = CONTEXT_CLASSES.index("something else")


@dataclass(frozen=True, eq=False)
class Rejector:
    """A second network, which estimates whether an input shows any of the classes.

    Attributes
    ----------
    network : Network
        Maps the model's input to (N, 1), the probability that it shows a class.
    threshold : float
        The `cnn.reading.rejector.likeness` below which an input is rejected.
    """

    network: Network
    threshold: float


@dataclass(frozen=True, eq=False)
class Model:
    """A classifier: a network and what belongs to it.

    Attributes
    ----------
    network : Network
        Ends in `Softmax`, one probability for each class, or in one `Sigmoid`, the
        probability of the second of two classes; for a picture, or for each of its pixels.
    rejector : Rejector or None
        Rejects inputs that show no class.
    novelty : NoveltyDetector or None
        Says which pictures as a whole show none of the classes.
    page : Network or None
        Finds digits on a page: maps (N, 3, S, S) to the probabilities of `PAGE_CLASSES`,
        (N, 4, S / 2, S / 2). It is no part of a model's file, see `load_model`.
    row : Network or None
        Reads rows of digits that touch: maps (N, 1, 32, 128) to the probabilities of
        `ROW_CLASSES` for every second column, (N, 12, 1, 64). No part of a model's file, either.
    context : Network or None
        Sees a piece of ink among those beside it: maps (N, 2, 32, 64) to the probabilities of
        `CONTEXT_CLASSES`, (N, 11). No part of a model's file, either.
    classes : tuple of str
        Their names, in the order of the outputs; by default "0", "1", ...
    normalisation : str or None
        One of `NORMALISATIONS`; None for a network whose inputs are no pictures. By default
        "digits" for one answer to an input of 1×28×28, "picture" for any other (C, H, W).
    metadata : mapping
        Values for JSON: name, data set, figures, time of training.

    Raises
    ------
    TypeError
        If `network` is something else, such as a model.
    ValueError
        If the parts do not fit together.
    """

    network: Network
    _: KW_ONLY
    rejector: Rejector | None = None
    novelty: NoveltyDetector | None = None
    page: Network | None = None
    row: Network | None = None
    context: Network | None = None
    classes: tuple[str, ...] = ()
    normalisation: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not isinstance(self.network, Network):
            raise TypeError(f"expected a network, got a {type(self.network).__name__}")
        count = _count_classes(self.network)
        classes = tuple(self.classes) or tuple(map(str, range(count)))
        if len(classes) != count or not all(isinstance(name, str) for name in classes):
            raise ValueError(f"expected the names of {count} classes, got {classes!r}")
        if len(set(classes)) != count:
            raise ValueError(f"every class must have a name of its own, got {classes!r}")
        object.__setattr__(self, "classes", classes)
        if self.normalisation is None and len(self.input_shape) == 3:
            whole = len(self.network.output_shape) == 1
            chosen = "digits" if self.input_shape == DIGITS_INPUT and whole else "picture"
            object.__setattr__(self, "normalisation", chosen)
        _check_normalisation(self.normalisation, self.network)
        _check_rejector(self.rejector, self.input_shape)
        _check_novelty(self.novelty, self.network)
        _check_page(self.page, self.normalisation)
        _check_row(self.row, self.normalisation)
        _check_context(self.context, self.normalisation)

    @property
    def name(self) -> str:
        """The model's name."""
        return str(self.metadata.get("name", "unnamed"))

    @property
    def input_shape(self) -> tuple[int, ...]:
        """Shape of one input: (C, H, W), or (D,) for flat vectors."""
        return self.network.input_shape

    def predict(self, x: Array) -> Array:
        """Return the probability of each class.

        Parameters
        ----------
        x : ndarray of float or uint8, (N, C, H, W) or (N, D)
            The inputs, from 0 to 1, or to 255. For the digit model: (N, 1, 28, 28), 0 is
            black (paper), 1 is white (ink).

        Returns
        -------
        ndarray of float32, (N, classes) or (N, classes, H, W)

        Raises
        ------
        ValueError
            If shape or type are others.
        """
        y = self.network.predict(x)
        return np.concatenate([1 - y, y], axis=1) if y.shape[1] < len(self.classes) else y

    def __call__(self, x: Array) -> Array:
        """Return the probability of each class, as `predict` does."""
        return self.predict(x)

    def summary(self) -> str:
        """Return a table of the layers, and the model's other parts."""
        lines = [
            self.network.summary(),
            f"classes: {', '.join(self.classes)}",
            f"normalisation: {self.normalisation}",
        ]
        if self.rejector is not None:
            lines.append(f"rejector: {sum(1 for _ in self.rejector.network.named_layers())} layers")
        return "\n".join([*lines, *(f"{key}: {value}" for key, value in self.metadata.items())])


def as_model(model: Model | Network) -> Model:
    """Return a model as it is, and a bare network as a model without a rejector."""
    return Model(model) if isinstance(model, Network) else model


def _count_classes(network: Network) -> int:
    if type(network.last) is Softmax:
        return network.output_shape[0]
    if type(network.last) is Sigmoid and network.output_shape[0] == 1:
        return 2
    raise ValueError(
        "the network's answers are no probabilities: a model ends in Softmax, or in one Sigmoid, "
        f"not in {network.last!r} of shape {network.output_shape}. If it was trained on scores, "
        "make new layers with a Softmax after them, and load its state_dict"
    )


def _check_normalisation(normalisation: str | None, network: Network) -> None:
    input_shape, output_shape = network.input_shape, network.output_shape
    if normalisation not in (None, *NORMALISATIONS):
        raise ValueError(
            f"normalisation must be one of {', '.join(NORMALISATIONS)}, got {normalisation!r}"
        )
    if normalisation == "digits" and input_shape != DIGITS_INPUT:
        raise ValueError(f"the normalisation of digits gives {DIGITS_INPUT}, not {input_shape}")
    if normalisation == "digits" and len(output_shape) != 1:
        raise ValueError(f"a digit has one answer, not one for each pixel: {output_shape}")
    if normalisation == "picture" and len(input_shape) != 3:
        raise ValueError(f"a picture has the shape (C, H, W), not {input_shape}")


def _check_rejector(rejector: Rejector | None, input_shape: tuple[int, ...]) -> None:
    if rejector is None:
        return
    network = rejector.network
    if network.input_shape != input_shape or network.output_shape != (1,):
        raise ValueError(
            f"the rejector must map {input_shape} to (1,), not {network.input_shape} to "
            f"{network.output_shape}"
        )


def _check_page(page: Network | None, normalisation: str | None) -> None:
    if page is None:
        return
    if normalisation != "digits":
        raise ValueError(f"only digits are looked for on pages, not {normalisation!r}")
    side = page.input_shape[-1]
    expected = (3, side, side), (len(PAGE_CLASSES), side // 2, side // 2)
    if (page.input_shape, page.output_shape) != expected:
        raise ValueError(
            f"a page's network maps (3, S, S) to ({len(PAGE_CLASSES)}, S / 2, S / 2), not "
            f"{page.input_shape} to {page.output_shape}"
        )


def _check_row(row: Network | None, normalisation: str | None) -> None:
    if row is None:
        return
    if normalisation != "digits":
        raise ValueError(f"only digits are looked for in rows, not {normalisation!r}")
    _, height, width = row.input_shape
    expected = (1, height, width), (len(ROW_CLASSES), 1, width // 2)
    if (row.input_shape, row.output_shape) != expected:
        raise ValueError(
            f"a row's network maps (1, H, W) to ({len(ROW_CLASSES)}, 1, W / 2), not "
            f"{row.input_shape} to {row.output_shape}"
        )


def _check_context(context: Network | None, normalisation: str | None) -> None:
    if context is None:
        return
    if normalisation != "digits":
        raise ValueError(f"only digits are looked at among others, not {normalisation!r}")
    if context.input_shape[:1] != (2,) or context.output_shape != (len(CONTEXT_CLASSES),):
        raise ValueError(
            f"a context's network maps (2, H, W) to {(len(CONTEXT_CLASSES),)}, not "
            f"{context.input_shape} to {context.output_shape}"
        )


def _check_novelty(novelty: NoveltyDetector | None, network: Network) -> None:
    if novelty is None:
        return
    with np.errstate(invalid="ignore", over="ignore"):  # parameters may be anything yet
        given = channel_statistics(
            network, np.zeros((1, *network.input_shape), np.uint8), novelty.depth
        )
    if given.shape[1:] != novelty.mean.shape:
        raise ValueError(
            f"the novelty detector expects features of {novelty.mean.shape}, and the network gives "
            f"{given.shape[1:]} after {novelty.depth} layers"
        )
