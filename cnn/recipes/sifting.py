"""The recipe by which two witnesses of a digit count together: what is measured, and its context.

Logistic regressions on what is read, rightly or wrongly, on made pages; `cnn.reading.sifting`
has what they gave.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
from PIL import Image

from cnn.data.dataset import Dataset
from cnn.models.model import Model
from cnn.models.network import Network
from cnn.reading.context import with_context
from cnn.reading.reader import read_normalised
from cnn.reading.sifting import odds_by_itself, share_of
from cnn.synthesis.pages import KINDS, NO_DIGITS, PageScene, compose_pages
from cnn.synthesis.pages.scene import Box
from cnn.vision.closer_look import map_closely
from cnn.vision.normalise import normalise, normalise_guided

__all__ = ["Fit", "Seen", "fit", "fit_sifting", "look_at_pages"]

Array = npt.NDArray[Any]
_Row: TypeAlias = tuple[tuple[float, float], bool, bool]  # of `Seen`

_ALIKE = 0.5  # intersection over union with a digit of the page: what was read is that digit
_APART = 0.1  # below: it is none; between the two it is a part of one, or two, and not asked
_STEPS = 30
_MORE = 4  # pages of the kinds below for one of every kind
_SEED = 1_000_000  # of pages: far from those that networks learned from
_THREADS = 2
_BATCH = 16

# Where lines, signs, letters and drawings are most often beside digits.
_AMONG_OTHERS = (
    "date",
    "fraction",
    "brackets",
    "currency and percent",
    "column sum",
    "sum",
    "letters beside",
    "list",
    "words around",
    "handwritten words around",
    "printed words around",
    "number in a sentence",
    "drawing or blots beside",
    "labelled field",
    "ring",
    "box round each",
    "underlined",
    "meter",
    "wire rings",
    "spiral notebook",
    "fine pen beside marks",
    "anything",
)


class Seen(NamedTuple):
    """What was read beside other digits, N times.

    Attributes
    ----------
    odds : ndarray of float, (N, 2)
        Log-odds that it is a digit, by itself and in its context.
    is_one, is_digit : ndarray of bool, (N,)
        Whether it was read as a 1; whether there is a digit.
    """

    odds: Array
    is_one: Array
    is_digit: Array


@dataclass(frozen=True)
class Fit:
    """How the two count together, for 1s or for the rest.

    Attributes
    ----------
    digits, others : int
        Of how many digits, and of how many other things, it is.
    constant, by_itself, in_context : float
        The weights.
    """

    digits: int
    others: int
    constant: float
    by_itself: float
    in_context: float


def fit_sifting(model: Model, data: Dataset, *, each: int) -> tuple[Fit, Fit]:
    """Fit the weights for 1s, and for the rest.

    Parameters
    ----------
    model : Model
        A model for digits with a page and a context network.
    data : Dataset
        Pictures of digits, (N, 1, 28, 28), of the training set, that no network learned from.
    each : int
        Pages of every kind that has digits; of those with most else beside them there are four
        times as many, besides.

    Raises
    ------
    ValueError
        If the model has no page network or no context network.
    """
    kinds = [kind for kind in KINDS if kind != NO_DIGITS]
    plain = look_at_pages(model, data, kinds, each=each, seed=_SEED)
    rich = look_at_pages(model, data, _AMONG_OTHERS, each=_MORE * each, seed=_SEED + 1)
    seen = Seen(*(np.concatenate(arrays) for arrays in zip(plain, rich, strict=True)))
    return fit(seen, ones=True), fit(seen, ones=False)


def look_at_pages(
    model: Model, data: Dataset, kinds: Sequence[str], *, each: int, seed: int = 0
) -> Seen:
    """Read pages by rules and by maps, and weigh all that is taken for digits.

    Parameters
    ----------
    model, data : Model, Dataset
        As for `fit_sifting`, which says what is raised, too.
    kinds : sequence of str
        Names of `cnn.synthesis.pages.KINDS`.
    each : int
        Pages of every kind.
    seed : int
        Seed of the pages.
    """
    if model.page is None or model.context is None:
        raise ValueError(f"the model {model.name!r} has no page network or no context network")
    look = partial(_look_at, model, model.page, model.context)
    scenes = compose_pages(data, kinds=kinds, each=each, seed=seed, part="training")
    rows: list[_Row] = []
    with ThreadPoolExecutor(_THREADS) as pool:
        # A few at a time: pages take a lot of memory.
        while batch := list(islice(scenes, _BATCH)):
            rows += chain.from_iterable(pool.map(look, batch))
    odds, is_one, is_digit = zip(*rows, strict=True)
    return Seen(np.array(odds), np.array(is_one), np.array(is_digit))


def fit(seen: Seen, *, ones: bool) -> Fit:
    """Fit the weights for 1s, or for the rest."""
    chosen = seen.is_one == ones
    is_digit = seen.is_digit[chosen]
    weights = _regress(seen.odds[chosen], is_digit).tolist()
    return Fit(int(is_digit.sum()), int((~is_digit).sum()), *weights)


def _look_at(model: Model, network: Network, context: Network, scene: PageScene) -> list[_Row]:
    found = normalise(Image.fromarray(scene.picture), stages=False)
    page = map_closely(network, found.picture)
    guided = normalise_guided(found, page)
    rules = replace(model, page=None)
    rows = []
    for reading in read_normalised(rules, [one for one in (found, guided) if one is not None]):
        digits = with_context(context, reading).digits
        for digit in digits:
            odds = odds_by_itself(digit, digits, share_of(digit, page, found.size))
            overlap = max((_overlap(digit.box, one.box) for one in scene.digits), default=0.0)
            if digit.in_context is not None and not _APART <= overlap <= _ALIKE:
                rows.append(((odds, digit.in_context), digit.digit == 1, overlap > _ALIKE))
    return rows


def _overlap(first: Box, second: Box) -> float:
    """Return the intersection of two boxes over their union."""
    shared = 1
    for at in (0, 1):
        begin = max(first[at], second[at])
        end = min(first[at] + first[at + 2], second[at] + second[at + 2])
        shared *= max(0, end - begin)
    return shared / (first[2] * first[3] + second[2] * second[3] - shared)


def _regress(inputs: Array, is_digit: Array) -> Array:
    """Return a constant and weights, by iteratively reweighted least squares."""
    used = np.concatenate([np.ones((len(inputs), 1)), inputs], axis=1)
    ridge = np.diag([0.0] + [1.0] * inputs.shape[1])
    weights = np.zeros(used.shape[1])
    for _ in range(_STEPS):
        said = 1 / (1 + np.exp(-used @ weights))
        slope = (used * (said * (1 - said))[:, None]).T @ used + ridge
        weights += np.linalg.solve(slope, used.T @ (is_digit - said) - ridge @ weights)
    return weights
