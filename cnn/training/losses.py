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
from cnn.layers.functional import channels_first, channels_last, log_softmax, one_hot, sigmoid

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
        outputs : ndarray of float, (N, D), or (N, D, H, W) for a loss that takes pixels
            The network's outputs, or logits if the loss `folds` an activation.
        targets : ndarray
            What the outputs should be; each loss says in which form.

        Returns
        -------
        loss : float
            Mean over N.
        gradient : ndarray of float, as `outputs`
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
    ignore_index : int, optional
        A target that counts nothing, such as 255 for a pixel whose class is not known.

    Notes
    -----
    Outputs are logits (N, D); targets are class numbers, int (N,), or probabilities
    (N, D), such as one-hot rows. Outputs for each pixel, (N, D, H, W), take targets
    (N, H, W) or (N, D, H, W), and the mean is over N, H and W, those that are ignored included.
    """

    folds = Softmax

    def __init__(
        self,
        *,
        label_smoothing: float = 0.0,
        class_weights: Array | None = None,
        ignore_index: int | None = None,
    ) -> None:
        if not 0 <= label_smoothing < 1:
            raise ValueError(f"label_smoothing must be from 0 to below 1, got {label_smoothing}")
        self.label_smoothing = label_smoothing
        self.class_weights = _check_weights(class_weights)
        self.ignore_index = ignore_index

    def __call__(self, outputs: Array, targets: Array) -> tuple[float, Array]:
        """Return the loss of logits (N, D) or (N, D, H, W) and its gradient; see `Loss`."""
        if outputs.ndim not in (2, 4):
            raise ValueError(
                f"expected scores of shape (N, D) or (N, D, H, W), got {outputs.shape}"
            )
        scores = channels_last(outputs).reshape(-1, outputs.shape[1])
        rows = self._rows(outputs, targets)
        logs = log_softmax(scores)
        gradient = np.exp(logs) * rows.sum(axis=1, keepdims=True) - rows
        gradient = (gradient / len(scores)).astype(outputs.dtype, copy=False)
        shape = channels_last(outputs).shape
        return float(-(rows * logs).sum() / len(scores)), channels_first(gradient.reshape(shape))

    def _rows(self, outputs: Array, targets: Array) -> Array:
        """Return the target probabilities of each row of scores, times what the row counts."""
        classes = outputs.shape[1]
        if targets.ndim == outputs.ndim:
            _same_shape(outputs, targets)
            if self.class_weights is not None or self.ignore_index is not None:
                raise ValueError(
                    f"class_weights and ignore_index need class numbers, got {targets.shape}"
                )
            return self._smooth(channels_last(targets).reshape(-1, classes))
        if targets.shape != outputs.shape[:1] + outputs.shape[2:]:
            raise ValueError(
                f"targets of shape {targets.shape} do not fit outputs of shape {outputs.shape}"
            )
        numbers = targets.reshape(-1)
        known = numbers != self.ignore_index
        numbers = np.where(known, numbers, numbers.dtype.type(0))
        rows = self._smooth(one_hot(numbers, classes, outputs.dtype))
        rows = _weighted(rows, numbers, self.class_weights)
        return rows if known.all() else rows * known[:, None]

    def _smooth(self, rows: Array) -> Array:
        share = self.label_smoothing
        return rows * (1 - share) + share / rows.shape[1] if share else rows


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
