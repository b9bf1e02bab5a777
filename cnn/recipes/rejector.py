"""Training of the rejector: a small network that tells digits from non-digits.

Its examples are digits, augmented and corrupted, and garbage: noise, blots, scribbles, doodles,
letters, shapes, curls, signs and letters of a pen, and digits that are not whole, not alone or not
upright. Printed signs and photographs are never among them, so that they measure how it
generalises.
`cnn.reading.rejector` uses the network.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from cnn.data.augment import Augment
from cnn.data.dataset import Dataset, as_floats
from cnn.layers import (
    BatchNorm,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    Layer,
    MaxPool2D,
    ReLU,
    Sigmoid,
)
from cnn.models.model import Rejector
from cnn.models.network import Network
from cnn.models.sequential import Sequential
from cnn.reading.rejector import likeness
from cnn.recipes.mixture import damage_digits
from cnn.synthesis import figures, garbage
from cnn.synthesis.pages.signs import written_sign
from cnn.training.callbacks import Callback
from cnn.training.losses import BinaryCrossEntropy
from cnn.training.optimisers import AdamW
from cnn.training.schedules import OneCycle
from cnn.training.trainer import Trainer
from cnn.vision.framing import frame_digit
from cnn.vision.normalise import normalise

__all__ = [
    "make_garbage",
    "rearranged_digits",
    "rejector_network",
    "train_rejector",
]

Array = npt.NDArray[Any]
Kind = Callable[[np.random.Generator], Image.Image]

_TAUGHT = (
    garbage.noise,
    *2 * (garbage.scribble,),
    *2 * (garbage.letter,),
    *2 * (garbage.shape,),
)
_BY_CHANCE = (  # some of these are digits
    *4 * (garbage.doodle,),
    *2 * (garbage.blot,),
    *3 * (figures.curl,),
    *4 * (written_sign,),
    *3 * (figures.misdrawn,),
)
_AUGMENT = Augment(
    rotation=18, scale=0.1, shear=0.15, shift=1, elastic=0.5, thickness=1, coarse=0.2
)
_SIDE = 28
_SYMMETRIC = (0, 1, 2, 5, 8)  # or like another digit, when mirrored
_KNOWN = 30_000  # digits that garbage is compared with
_NEAR = 0.25  # share of digits that are farther from the others than garbage must be
_REFUSED = 0.01  # share of digits, half of them damaged, that may be rejected


def rejector_network(*, seed: int = 0) -> Sequential:
    """Build the untrained network: (N, 1, 28, 28) to (N, 1), the probability of a digit."""
    layers: list[Layer] = []
    for block, convolutions in enumerate(((32,), (64,), (64, 64))):
        if block:
            layers.append(MaxPool2D(2))
        for filters in convolutions:
            layers += [Conv2D(filters, 3, padding=1, bias=False), BatchNorm(), ReLU()]
    layers += [Flatten(), Dropout(0.3), Dense(64), ReLU()]
    layers += [Dense(1, initialiser="xavier"), Sigmoid()]
    return Sequential(layers, input_shape=(1, 28, 28), seed=seed)


def make_garbage(count: int, digits: Array, *, rng: np.random.Generator) -> Array:
    """Draw garbage and normalise it, as if somebody had sent it.

    What is drawn by chance may be a digit: it is left out if it is as near to one as digits
    are to each other.

    Parameters
    ----------
    count : int
        Number of pictures.
    digits : ndarray of uint8, (N, 1, 28, 28)
        At least two digits, as normalised.
    rng : numpy.random.Generator
        Source of the pictures.

    Returns
    -------
    ndarray of uint8, (count, 1, 28, 28)
    """
    known = _outlines(digits)
    some = rng.permutation(len(known))[:1000]
    nearest = np.partition(known[some] @ known.T, -2, axis=1)[:, -2]  # the last is itself
    most = np.quantile(nearest, _NEAR)
    by_chance = round(count * len(_BY_CHANCE) / len(_BY_CHANCE + _TAUGHT))
    chosen = _draw(_TAUGHT, count - by_chance, rng)
    while len(chosen) < count:
        drawn = _draw(_BY_CHANCE, min(1000, count - len(chosen)), rng)
        unlike = (_outlines(drawn) @ known.T).max(axis=1) < most
        chosen = np.concatenate([chosen, drawn[unlike]])
    return chosen


def _draw(kinds: Sequence[Kind], count: int, rng: np.random.Generator) -> Array:
    """Draw and normalise pictures, uint8 (count, 1, 28, 28)."""
    sheet = np.empty((count, 1, _SIDE, _SIDE), np.uint8)
    done = 0
    while done < count:
        found = normalise(kinds[int(rng.integers(len(kinds)))](rng), stages=False)
        if found.digits:
            sheet[done, 0] = np.rint(found.largest.pixels * 255)
            done += 1
    return sheet


def _outlines(pictures: Array) -> Array:
    """Return blurred pictures of half the size as vectors of length 1, (N, 196)."""
    framed = np.pad(as_floats(pictures)[:, 0], ((0, 0), (1, 1), (1, 1)))
    blurred = np.lib.stride_tricks.sliding_window_view(framed, (3, 3), axis=(1, 2)).mean((3, 4))
    half = blurred.reshape(len(pictures), _SIDE // 2, 2, _SIDE // 2, 2).mean(axis=(2, 4))
    vectors = half.reshape(len(pictures), -1)
    outlines: Array = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return outlines


def rearranged_digits(data: Dataset, count: int, *, rng: np.random.Generator) -> Array:
    """Combine and rearrange digits so that the result is no digit.

    One half is replaced by that of another digit, upside down; another digit lies across it or
    close beside it; or it is turned on its side, mirrored, or its quarters are permuted.

    Returns
    -------
    ndarray of uint8, (count, 1, 28, 28)
    """
    usable = np.nonzero(~np.isin(data.labels, _SYMMETRIC))[0]
    first, second = data.images[rng.choice(usable, (2, count))]
    beside, above, quarters = first.copy(), first.copy(), first.copy()
    beside[..., 14:] = second[:, :, ::-1, 14:]  # upside down, so that the halves do not fit
    above[:, :, 14:] = second[:, :, :13:-1]
    quarters[:, :, :14, :14], quarters[:, :, 14:, 14:] = (
        first[:, :, 14:, 14:],
        first[:, :, :14, :14],
    )
    lying = np.rot90(second, axes=(2, 3))
    ways = np.stack(
        [
            beside,
            above,
            np.maximum(first, lying),
            _pairs(first, second),
            lying,
            first[..., ::-1],
            quarters,
        ]
    )
    pictures: Array = ways[rng.integers(len(ways), size=count), np.arange(count)]
    return pictures


def _pairs(first: Array, second: Array) -> Array:
    """Push two digits together and normalise both as one."""
    pairs = np.empty_like(first)
    for place, (left, right) in enumerate(zip(first[:, 0], second[:, 0], strict=True)):
        end, start = np.flatnonzero(left.any(axis=0))[-1], np.flatnonzero(right.any(axis=0))[0]
        both = np.zeros((28, 56), np.uint8)
        both[:, :28] = left
        both[:, end - start : end - start + 28] |= right
        pairs[place, 0] = np.rint(frame_digit(both)[1] * 255)
    return pairs


def train_rejector(
    model: Network,
    data: Dataset,
    held_out: Dataset,
    *,
    pictures: int = 80_000,
    epochs: int = 8,
    seed: int = 0,
    callbacks: Sequence[Callback] = (),
) -> Rejector:
    """Train a rejector, and set its threshold by digits that it was not trained on.

    Parameters
    ----------
    model : Network
        The digit model, calibrated.
    data, held_out : Dataset
        Digits for the training, and digits for the threshold: in every form and damage that
        is to be taken for a digit.
    pictures : int
        Number of digits, at most; there is somewhat more garbage.
    epochs, seed : int
        Number of epochs, and seed of the training.
    callbacks : sequence of Callback
        Callbacks of the run.

    Returns
    -------
    Rejector
        Its threshold is the `likeness` that 1 % of the digits in `held_out` do not reach.
    """
    rng = np.random.default_rng(seed)
    digits = data.images[rng.permutation(len(data))[:pictures]]
    joined = rearranged_digits(data, len(digits) // 4, rng=rng)
    drawn = make_garbage(3 * len(digits) // 5, digits[:_KNOWN], rng=rng)
    # Damage must not tell digits from garbage.
    some = np.concatenate([joined[::2], drawn])
    damaged, _ = damage_digits(some[rng.permutation(len(some))[: len(digits) // 3]], rng=rng)
    nothing = np.concatenate([joined, drawn, damaged])
    x = np.concatenate([digits, nothing])
    y = np.concatenate([np.ones(len(digits)), np.zeros(len(nothing))])
    network = rejector_network(seed=seed)
    Trainer(
        network,
        loss=BinaryCrossEntropy(),
        optimiser=AdamW(),
        schedule=OneCycle(0.003),
        batch_size=64,
        workers=2,
        seed=seed,
        callbacks=callbacks,
    ).fit(x, y.astype(np.float32), epochs=epochs, augment=_AUGMENT)
    pixels = as_floats(held_out.images)
    known = np.sort(likeness(network, pixels[:, 0], model.predict(pixels).max(axis=1)))
    return Rejector(network, float(known[int(_REFUSED * len(known))]))
