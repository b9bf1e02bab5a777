"""Losses of networks that make pictures, with their gradients; all of logits, not of probabilities.

The reconstruction loss is `cnn.training.losses.BinaryCrossEntropy` of a picture's logits.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.layers.functional import one_hot
from cnn.training.losses import BinaryCrossEntropy

__all__ = ["adversarial_loss", "gaussian_divergence"]

Array = npt.NDArray[Any]

_CROSS_ENTROPY = BinaryCrossEntropy()


def adversarial_loss(scores: Array, labels: Array, *, real: bool) -> tuple[float, Array]:
    """Compare a discriminator's scores with what it should say of pictures.

    Of the scores for the classes, that of a picture's own class counts: the cross-entropy of its
    sigmoid with 1 for real, 0 for made pictures. A generator's loss is that of its pictures with
    `real`, which does not vanish where the discriminator is sure ("non-saturating").

    Parameters
    ----------
    scores : ndarray of float, (N, classes)
        Above 0 for a real picture of a class.
    labels : ndarray of int, (N,)
        The classes of the pictures.
    real : bool
        What the discriminator should say of all of them.

    Returns
    -------
    loss : float
        Mean over N.
    gradient : ndarray of float, (N, classes)
        Of the loss with respect to `scores`.

    Raises
    ------
    ValueError
        If the labels are not whole numbers below the number of classes, one for each row.

    References
    ----------
    Goodfellow et al., "Generative Adversarial Nets", 2014; Mescheder et al., "Which Training
    Methods for GANs do actually Converge?", 2018, who take a score for each class.
    """
    chosen = one_hot(labels, scores.shape[1], scores.dtype)
    if len(chosen) != len(scores):
        raise ValueError(f"got {len(scores)} rows of scores and {len(chosen)} labels")
    own = (scores * chosen).sum(axis=1, keepdims=True)
    loss, gradient = _CROSS_ENTROPY(own, np.full_like(own, real))
    return loss, gradient * chosen


def gaussian_divergence(moments: Array) -> tuple[float, Array]:
    """Return how far normal distributions are from the standard one, and the gradient.

    Parameters
    ----------
    moments : ndarray of float, (N, 2D)
        D means, then D logarithms of variances, as `cnn.layers.Reparametrise` takes them.

    Returns
    -------
    loss : float
        Kullback-Leibler divergence in nats: summed over D, mean over N.
    gradient : ndarray of float, (N, 2D)
        Of the loss with respect to `moments`.

    References
    ----------
    Kingma & Welling, "Auto-Encoding Variational Bayes", 2014, appendix B.
    """
    mean, logarithm = np.split(moments, 2, axis=1)
    variance = np.exp(logarithm)
    loss = 0.5 * float((variance + mean * mean - 1 - logarithm).sum()) / len(moments)
    gradient = np.concatenate([mean, (variance - 1) / 2], axis=1) / len(moments)
    return loss, gradient.astype(moments.dtype, copy=False)
