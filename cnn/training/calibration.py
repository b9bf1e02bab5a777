"""Calibration by temperature: of answers with a confidence of 0.9, nine in ten are right."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.data.dataset import Dataset
from cnn.layers import Dense, Sigmoid, Softmax
from cnn.layers.functional import log_softmax
from cnn.models.network import Network
from cnn.models.sequential import Sequential

__all__ = ["calibrate", "fit_temperature"]

Array = npt.NDArray[Any]


def fit_temperature(logits: Array, labels: Array) -> float:
    """Find the softmax temperature that maximises the likelihood of the labels.

    Parameters
    ----------
    logits : ndarray of float, (N, D)
        Scores before the softmax, of examples that the network was not trained on.
    labels : ndarray of int, (N,)
        Their classes.

    Returns
    -------
    float
        The temperature, from 0.05 to 20, found by golden-section search over its logarithm.

    References
    ----------
    Guo et al., "On Calibration of Modern Neural Networks", 2017.
    """
    rows = np.arange(len(labels))
    scores = logits.astype(np.float64)

    def loss(log_temperature: float) -> float:
        return -float(log_softmax(scores / np.exp(log_temperature))[rows, labels].mean())

    low, high = np.log(0.05), np.log(20)
    ratio = (np.sqrt(5) - 1) / 2
    while high - low > 1e-4:
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        if loss(left) < loss(right):
            high = right
        else:
            low = left
    return float(np.exp((low + high) / 2))


def calibrate(network: Network, data: Dataset) -> None:
    """Divide a network's scores by the temperature that fits examples it was not trained on.

    Parameters
    ----------
    network : Network
        Changed in place: the `temperature` of its softmax, or the weights before its one
        sigmoid.
    data : Dataset
        The examples.

    Raises
    ------
    ValueError
        If the network does not end in `Softmax`, and is no `Sequential` that ends in `Dense`
        and one `Sigmoid`.
    """
    last = network.last
    dense = _before_sigmoid(network)
    if not isinstance(last, Softmax) and dense is None:
        raise ValueError(
            "only a network that ends in Softmax, or in Dense and one Sigmoid, is calibrated, "
            f"not in {last!r}"
        )
    logits = np.concatenate(
        [
            network.forward(data.images[start : start + 50], depth=-1)[0]
            for start in range(0, len(data), 50)
        ]
    )
    if isinstance(last, Softmax):
        last.temperature = fit_temperature(logits, data.labels)
    elif dense is not None:
        _divide(network, dense, logits, data.labels)


def _divide(network: Network, dense: Dense, logits: Array, labels: Array) -> None:
    """Divide the one score of a network, (N, 1), by its temperature."""
    both = np.concatenate([np.zeros_like(logits), logits], axis=1)
    temperature = np.float32(fit_temperature(both, labels))
    network.make_writeable()
    for array in dense.params.values():
        array /= temperature


def _before_sigmoid(network: Network) -> Dense | None:
    """Return the dense layer whose one score goes into a sigmoid at the end, if it is so."""
    layers = [layer for _, layer in network.named_layers()]
    if not isinstance(network, Sequential) or len(layers) < 2 or type(layers[-1]) is not Sigmoid:
        return None
    dense = layers[-2]
    return dense if isinstance(dense, Dense) and network.output_shape == (1,) else None
