"""Loss functions with their gradients.

Each is called with the outputs of a network and the targets, and returns the loss,
averaged over the batch, and its gradient. A loss that `folds` an activation takes the
inputs of that activation (logits) instead of its outputs: the two together are simpler,
and exact where each alone would overflow.
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
        The activation that the loss contains: of a network that ends in it, the loss
        takes the inputs of that last layer.
    """

    folds: ClassVar[type[Layer] | None] = None

    @abstractmethod
    def __call__(self, outputs: Array, targets: Array) -> tuple[float, Array]:
        """Compute the loss of a batch.

        Parameters
        ----------
        outputs : ndarray of float, (N, D)
            The network's outputs, or logits if the loss `folds` an activation.
        targets : ndarray
            What the outputs should be; each loss says in which form.

        Returns
        -------
        loss : float
            Mean over N.
        gradient : ndarray of float, (N, D)
            Of the loss, with respect to `outputs`.

        Raises
        ------
        ValueError
            If the targets do not fit the outputs.
        """


class CrossEntropy(Loss):
    """Cross-entropy of the softmax of logits with the true classes.

    Parameters
    ----------
    label_smoothing : float
        Share of the target probability that is spread evenly over all classes, 0 to below 1
        (Szegedy et al., "Rethinking the Inception Architecture", 2016).
    class_weights : ndarray of float, (D,), optional
        What an example of each class counts; by default 1. Targets are class numbers then.

    Notes
    -----
    Outputs are logits (N, D); targets are class numbers, int (N,), or probabilities
    (N, D), such as one-hot rows.
    """

    folds = Softmax

    def __init__(self, *, label_smoothing: float = 0.0, class_weights: Array | None = None) -> None:
        if not 0 <= label_smoothing < 1:
            raise ValueError(f"label_smoothing must be from 0 to below 1, got {label_smoothing}")
        self.label_smoothing = label_smoothing
        self.class_weights = _check_weights(class_weights)

    def __call__(self, outputs: Array, targets: Array) -> tuple[float, Array]:
        """Return the loss of logits (N, D) and its gradient; see `Loss`."""
        if outputs.ndim != 2:
            raise ValueError(f"expected scores of shape (N, D), got {outputs.shape}")
        n, classes = outputs.shape
        rows = one_hot(targets, classes, outputs.dtype) if targets.ndim == 1 else targets
        _same_shape(outputs, rows)
        if self.label_smoothing:
            rows = rows * (1 - self.label_smoothing) + self.label_smoothing / classes
        rows = _weighted(rows, targets, self.class_weights)
        logs = log_softmax(outputs)
        gradient = np.exp(logs) * rows.sum(axis=1, keepdims=True) - rows
        return float(-(rows * logs).sum() / n), (gradient / n).astype(outputs.dtype, copy=False)


class BinaryCrossEntropy(Loss):
    """Cross-entropy of the sigmoid of logits with binary targets.

    Parameters
    ----------
    class_weights : ndarray of float, (2,), optional
        What an example of each of two classes counts, for targets (N,) of 0 and 1.

    Notes
    -----
    Outputs are logits (N, D); targets are probabilities from 0 to 1, (N, D), or (N,) for
    D = 1. Averaged over N and D.
    """

    folds = Sigmoid

    def __init__(self, *, class_weights: Array | None = None) -> None:
        self.class_weights = _check_weights(class_weights)

    def __call__(self, outputs: Array, targets: Array) -> tuple[float, Array]:
        """Return the loss of logits (N, D) and its gradient; see `Loss`."""
        column = targets.ndim == 1 and outputs.shape[1:] == (1,)
        goal = targets[:, None] if column else targets
        _same_shape(outputs, goal)
        loss = np.maximum(outputs, 0) - outputs * goal + np.log1p(np.exp(-np.abs(outputs)))
        loss = _weighted(loss, targets, self.class_weights)
        gradient = sigmoid(outputs) - goal
        gradient = _weighted(gradient, targets, self.class_weights) / outputs.size
        return float(loss.mean()), gradient.astype(outputs.dtype, copy=False)


class MeanSquaredError(Loss):
    """Mean of the squared differences over N and all outputs; targets have the outputs' shape."""

    def __call__(self, outputs: Array, targets: Array) -> tuple[float, Array]:
        """Return the loss of outputs of any shape and its gradient; see `Loss`."""
        _same_shape(outputs, targets)
        difference = (outputs - targets).astype(outputs.dtype, copy=False)
        return float(np.mean(difference * difference)), difference * (2 / difference.size)


def _check_weights(weights: Array | None) -> Array | None:
    if weights is None:
        return None
    weights = np.asarray(weights, np.float64)
    if weights.ndim != 1 or not (np.isfinite(weights) & (weights > 0)).all():
        raise ValueError(f"expected a positive weight for each class, got {weights}")
    return weights


def _weighted(rows: Array, targets: Array, weights: Array | None) -> Array:
    """Multiply the rows of examples, (N, D), by the weights of their classes, (N,)."""
    if weights is None:
        return rows
    if targets.ndim != 1:
        raise ValueError(f"weights of classes need class numbers (N,), got {targets.shape}")
    chosen: Array = rows * weights[targets.astype(np.intp)][:, None]
    return chosen


def _same_shape(outputs: Array, targets: Array) -> None:
    if outputs.shape != targets.shape:
        raise ValueError(
            f"targets of shape {targets.shape} do not fit outputs of shape {outputs.shape}"
        )
