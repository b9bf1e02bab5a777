"""A model: a network with all that is needed to ask it, and to understand its answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.layers import Sigmoid, Softmax
from cnn.models.sequential import Sequential

__all__ = ["DIGITS_INPUT", "NORMALISATIONS", "Model", "Rejector", "as_model"]

Array = npt.NDArray[Any]

#: The input of every network whose pictures go through the normalisation of digits.
DIGITS_INPUT = (1, 28, 28)

#: How a picture becomes a network's input. "digits": each digit by itself, cut out and centred
#: as MNIST's are; "picture": the picture as a whole, upright, cropped square and scaled.
NORMALISATIONS = ("digits", "picture")


@dataclass(frozen=True, eq=False)
class Rejector:
    """A second network, which says whether a picture shows one of the classes at all.

    Attributes
    ----------
    network : Sequential
        The model's input to (N, 1): the probability that it shows one.
    threshold : float
        The `cnn.reading.rejector.likeness` below which a picture is refused.
    """

    network: Sequential
    threshold: float


@dataclass(frozen=True, eq=False)
class Model:
    """A network that tells classes apart, and what belongs to it.

    Attributes
    ----------
    network : Sequential
        Ends in `Softmax`, one probability for each class, or in one `Sigmoid`, the
        probability of the second of two classes.
    rejector : Rejector or None
        Asked whether a picture shows one of the classes at all.
    classes : tuple of str
        Their names, in the order of the outputs. Without them: "0", "1", ...
    normalisation : str or None
        One of `NORMALISATIONS`; None for a network whose inputs are no pictures. Without
        it: "digits" for an input of 1×28×28, "picture" for any other (C, H, W).
    metadata : mapping
        What is known of the model, as JSON can hold it: name, data set, figures, when.

    Raises
    ------
    ValueError
        If the parts do not fit one another.
    """

    network: Sequential
    _: KW_ONLY
    rejector: Rejector | None = None
    classes: tuple[str, ...] = ()
    normalisation: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        count = _count_classes(self.network)
        classes = tuple(self.classes) or tuple(map(str, range(count)))
        if len(classes) != count or not all(isinstance(name, str) for name in classes):
            raise ValueError(f"expected the names of {count} classes, got {classes!r}")
        if len(set(classes)) != count:
            raise ValueError(f"every class must have a name of its own, got {classes!r}")
        object.__setattr__(self, "classes", classes)
        if self.normalisation is None and len(self.input_shape) == 3:
            chosen = "digits" if self.input_shape == DIGITS_INPUT else "picture"
            object.__setattr__(self, "normalisation", chosen)
        _check_normalisation(self.normalisation, self.input_shape)
        _check_rejector(self.rejector, self.input_shape)

    @property
    def name(self) -> str:
        """What the model is called."""
        return str(self.metadata.get("name", "unnamed"))

    @property
    def input_shape(self) -> tuple[int, ...]:
        """Shape of one input: (C, H, W), or (D,) for flat vectors."""
        return self.network.input_shape

    def predict(self, x: Array) -> Array:
        """Return the probability of each class.

        Parameters
        ----------
        x : ndarray of float, (N, C, H, W) or (N, D)
            The inputs, from 0 to 1. For the digit model: (N, 1, 28, 28), 0 is black
            (paper), 1 is white (ink).

        Returns
        -------
        ndarray of float32, (N, classes)

        Raises
        ------
        ValueError
            If shape or type are others.
        """
        y = self.network.predict(x)
        return np.concatenate([1 - y, y], axis=1) if y.shape[1] < len(self.classes) else y

    def __call__(self, x: Array) -> Array:
        """Return what `predict` returns."""
        return self.predict(x)

    def summary(self) -> str:
        """Describe the network's layers and what belongs to it, as a table."""
        lines = [
            self.network.summary(),
            f"classes: {', '.join(self.classes)}",
            f"normalisation: {self.normalisation}",
        ]
        if self.rejector is not None:
            lines.append(f"rejector: {len(self.rejector.network.layers)} layers")
        return "\n".join([*lines, *(f"{key}: {value}" for key, value in self.metadata.items())])


def as_model(model: Model | Sequential) -> Model:
    """Return a model as it is, and a bare network as a model without a rejector."""
    return Model(model) if isinstance(model, Sequential) else model


def _count_classes(network: Sequential) -> int:
    last = network.layers[-1] if network.layers else None
    if type(last) is Softmax and len(network.output_shape) == 1:
        return network.output_shape[0]
    if type(last) is Sigmoid and network.output_shape == (1,):
        return 2
    raise ValueError(
        "its answers are no probabilities: a model ends in Softmax, or in one Sigmoid, "
        f"not in {last!r} of shape {network.output_shape}"
    )


def _check_normalisation(normalisation: str | None, input_shape: tuple[int, ...]) -> None:
    if normalisation not in (None, *NORMALISATIONS):
        raise ValueError(
            f"normalisation must be one of {', '.join(NORMALISATIONS)}, got {normalisation!r}"
        )
    if normalisation == "digits" and input_shape != DIGITS_INPUT:
        raise ValueError(f"the normalisation of digits gives {DIGITS_INPUT}, not {input_shape}")
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
