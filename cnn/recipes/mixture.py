"""What a digit model learns from: MNIST, digits of strokes and of fonts, and all again, damaged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.data.dataset import Dataset
from cnn.synthesis.corruptions import CORRUPTIONS, Corruption
from cnn.synthesis.damage import DAMAGE
from cnn.synthesis.fonts import write_fonts
from cnn.synthesis.strokes import STYLES, Ranges, write_mnist
from cnn.vision.normalise import normalise

__all__ = ["KINDS", "Mixture", "damage_digits", "mix_digits"]

Array = npt.NDArray[Any]

# How often each kind occurs, beside 1: the more of a digit it hides, the more there is to learn.
_OFTEN = {
    "photograph": 0.5,
    "spatter": 2.0,
    "impulse noise": 2.0,
    "shot noise": 2.0,
    "outline": 2.0,
    "struck through": 3.0,
    "zigzag": 3.0,
}

#: Each corruption and damage, and its share of what is damaged.
KINDS: dict[Corruption, float] = {
    kind: _OFTEN.get(kind.name, 1.0) for kind in (*CORRUPTIONS, *DAMAGE)
}


@dataclass(frozen=True, kw_only=True)
class Mixture:
    """How much of what is mixed with MNIST's pictures.

    Parameters
    ----------
    strokes, fonts : float
        Digits of `cnn.synthesis.strokes` and of `cnn.synthesis.fonts` for each of MNIST's.
    damaged : float
        Share of all of them that is added once more, damaged; 0 to 1.
    """

    strokes: float
    fonts: float
    damaged: float


def mix_digits(
    mixture: Mixture,
    mnist: Dataset,
    *,
    ranges: Ranges | None = None,
    rng: np.random.Generator,
) -> Dataset:
    """Return MNIST's pictures and what is mixed with them.

    Parameters
    ----------
    mixture : Mixture
        How much of what.
    mnist : Dataset
        Digits, (N, 1, 28, 28), uint8.
    ranges : Ranges, optional
        What the made hands are drawn from, instead of their styles' ranges.
    rng : numpy.random.Generator
        Source of the made digits and of the damage.
    """
    images, labels = [mnist.images], [mnist.labels]
    strokes, fonts = (round(share * len(mnist)) for share in (mixture.strokes, mixture.fonts))
    if strokes:
        written = write_mnist(strokes, tuple(STYLES.values()), rng=rng, ranges=ranges)
        images.append(written.images[:, None])
        labels.append(written.labels)
    if fonts:
        drawn, digits = write_fonts(fonts, rng=rng)
        images.append(drawn[:, None])
        labels.append(digits)
    whole = Dataset(np.concatenate(images), np.concatenate(labels), mnist.classes)
    chosen = rng.permutation(len(whole))[: round(mixture.damaged * len(whole))]
    if not len(chosen):
        return whole
    damaged, places = damage_digits(whole.images[chosen], rng=rng)
    return Dataset(
        np.concatenate([whole.images, damaged]),
        np.concatenate([whole.labels, whole.labels[chosen[places]]]),
        mnist.classes,
    )


def damage_digits(images: Array, *, rng: np.random.Generator) -> tuple[Array, Array]:
    """Damage digits, each in one way, and normalise them as if they had been sent.

    Parameters
    ----------
    images : ndarray of uint8, (N, 1, 28, 28)
        Digits, as of MNIST.
    rng : numpy.random.Generator
        Source of the damage.

    Returns
    -------
    damaged : ndarray of uint8, (M, 1, 28, 28)
        Those in which the normalisation finds something; M is at most N.
    places : ndarray of int64, (M,)
        Which of the digits each was, ascending.
    """
    shares = np.array(list(KINDS.values()))
    kinds = rng.choice(len(KINDS), len(images), p=shares / shares.sum())
    found: dict[int, Array] = {}
    for number, kind in enumerate(KINDS):
        places = np.flatnonzero(kinds == number)
        sent = kind.apply(images[places, 0], seed=int(rng.integers(2**32))) if len(places) else None
        for place, picture in zip(places, sent.pictures if sent else (), strict=True):
            seen = normalise(picture, stages=False)
            if seen.digits:
                found[int(place)] = np.rint(seen.largest.pixels * 255).astype(np.uint8)
    order = sorted(found)
    damaged = np.array([found[place] for place in order], np.uint8).reshape(-1, 1, 28, 28)
    return damaged, np.array(order, np.int64)
