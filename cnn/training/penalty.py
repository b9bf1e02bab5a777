"""The gradient penalty of a discriminator, without derivatives of derivatives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.layers.functional import one_hot
from cnn.training.plans import Passes

__all__ = ["gradient_penalty"]

Array = npt.NDArray[Any]

# How far pictures are moved along their gradient, all pixels together. A network of leaky ReLUs
# is linear between its kinks, so that this needs not be tiny, which rounding would punish.
_STEP = 0.1


def gradient_penalty(
    passes: Passes,
    pictures: Array,
    labels: Array,
    *,
    rng: np.random.Generator,
    step: float = _STEP,
) -> tuple[float, Mapping[str, Array]]:
    """Return half the mean squared slope of the scores of real pictures, and its gradient.

    The gradient of |s'|² / 2 by the weights, where s' is the slope of the score s by the picture,
    is the change of the score's gradient by the weights when the picture moves along s'. It
    is found by a central difference: two more passes, and no second derivatives.

    Parameters
    ----------
    passes : Passes
        Through the discriminator, compiled `to_input`.
    pictures : ndarray of float, (N, C, H, W)
        Real pictures.
    labels : ndarray of int, (N,)
        Their classes: the scores of these count.
    rng : numpy.random.Generator
        For the passes.
    step : float
        How far each picture is moved, forward and back.

    Returns
    -------
    penalty : float
        Mean over N.
    gradients : mapping of str to ndarray
        Of the penalty by each parameter; good until the next pass.

    References
    ----------
    Mescheder et al., "Which Training Methods for GANs do actually Converge?", 2018: R1.
    """
    scores = passes.forward(pictures, rng)
    chosen = one_hot(labels, scores.shape[1], scores.dtype)
    slope = passes.backward(chosen, parameters=False)
    if slope is None:
        raise ValueError("the passes give no gradient of the input: compile them to_input")
    axes = tuple(range(1, slope.ndim))
    length = np.sqrt(np.square(slope).sum(axis=axes))  # (N,)
    broad = length.reshape(-1, *[1] * len(axes))
    moved = slope * (step / np.maximum(broad, np.finfo(slope.dtype).tiny))
    passes.forward(np.concatenate([pictures + moved, pictures - moved]), rng)
    weights = chosen * (length / (2 * step * len(pictures)))[:, None].astype(chosen.dtype)
    passes.backward(np.concatenate([weights, -weights]))
    return float(np.square(length).mean() / 2), passes.gradients()
