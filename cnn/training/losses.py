"""Loss functions: how wrong outputs are, and in which direction they should move.

Each is called with the outputs of a network and what they should have been, and
returns the loss, averaged over the batch, with its gradient. A loss that
`folds` an activation is computed on what goes into that activation, because the
two together are simpler and exact where each alone would overflow.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from cnn.layers import Layer, Sigmoid, Softmax
from cnn.layers.functional import log_softmax, one_hot, sigmoid

__all__ = ["BinaryCrossEntropy", "CrossEntropy", "Loss", "MeanSquaredError"]

Array = npt.NDArray[Any]


class Loss(ABC):
    """A measure of error with its gradient.

    Attributes
    ----------
    folds : type of Layer or None
        The activation that the loss contains: a network that ends in it is trained
        on what goes into it.
    """

    folds: ClassVar[type[Layer] | None] = None

    @abstractmethod
    def __call__(self, outputs: Array, targets: Array) -> tuple[float, Array]:
        """Return the mean loss over N, and its gradient in the shape of `outputs`."""


class CrossEntropy(Loss):
    """Cross-entropy of the softmax of scores against the right classes.

    Parameters
    ----------
    label_smoothing : float
        Share of the certainty that is spread evenly over all classes, 0 to below 1
        (Szegedy et al., "Rethinking the Inception Architecture", 2016).

    Notes
    -----
    Called with scores (N, D) and either class numbers (N,) or rows of
    probabilities (N, D), one-hot among them.
    """

    folds = Softmax

    def __init__(self, *, label_smoothing: float = 0.0) -> None:
        if not 0 <= label_smoothing < 1:
            raise ValueError(f"label_smoothing must be from 0 to below 1, got {label_smoothing}")
        self.label_smoothing = label_smoothing

    def __call__(self, outputs: Array, targets: Array) -> tuple[float, Array]:
        """See `Loss`."""
        n, classes = outputs.shape
        rows = one_hot(targets, classes, outputs.dtype) if targets.ndim == 1 else targets
        _same_shape(outputs, rows)
        if self.label_smoothing:
            rows = rows * (1 - self.label_smoothing) + self.label_smoothing / classes
        logs = log_softmax(outputs)
        gradient = np.exp(logs) * rows.sum(axis=1, keepdims=True) - rows
        return float(-(rows * logs).sum() / n), (gradient / n).astype(outputs.dtype, copy=False)


class BinaryCrossEntropy(Loss):
    """Cross-entropy of the sigmoid of scores against yes (1) or no (0).

    Called with scores (N, D) or (N, 1) and targets of that shape, or (N,) for D = 1,
    from 0 to 1. Averaged over N and D.
    """

    folds = Sigmoid

    def __call__(self, outputs: Array, targets: Array) -> tuple[float, Array]:
        """See `Loss`."""
        column = targets.ndim == 1 and outputs.shape[1:] == (1,)
        goal = targets[:, None] if column else targets
        _same_shape(outputs, goal)
        loss = np.maximum(outputs, 0) - outputs * goal + np.log1p(np.exp(-np.abs(outputs)))
        gradient = (sigmoid(outputs) - goal) / outputs.size
        return float(loss.mean()), gradient.astype(outputs.dtype, copy=False)


class MeanSquaredError(Loss):
    """Mean of the squared differences, over N and all outputs; targets of the same shape."""

    def __call__(self, outputs: Array, targets: Array) -> tuple[float, Array]:
        """See `Loss`."""
        _same_shape(outputs, targets)
        difference = (outputs - targets).astype(outputs.dtype, copy=False)
        return float(np.mean(difference * difference)), difference * (2 / difference.size)


def _same_shape(outputs: Array, targets: Array) -> None:
    if outputs.shape != targets.shape:
        raise ValueError(
            f"targets of shape {targets.shape} do not fit outputs of shape {outputs.shape}"
        )
