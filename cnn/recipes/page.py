"""The recipe of the page model, which says for every point of a picture what it is.

It learns from pages that `cnn.synthesis.pages` draws with the truth of every pixel.
`cnn.vision.page_map` asks it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from cnn.data.dataset import Dataset
from cnn.models.graph import Graph
from cnn.models.model import PAGE_CLASSES, Model
from cnn.models.zoo import page_segmenter
from cnn.recipes.hyperparameters import LessonRecipe, train_on_lessons
from cnn.synthesis.fonts import Part
from cnn.synthesis.pages import (
    DIGIT_INK,
    KINDS,
    NO_DIGITS,
    NO_PAGE,
    OTHER_INK,
    PAPER,
    WITH_WORDS,
    PageScene,
    compose_pages,
)
from cnn.synthesis.pages.writers import Source
from cnn.training.callbacks import Callback
from cnn.training.losses import CrossEntropy
from cnn.vision.letterbox import FILL, letterbox

__all__ = ["PAGE", "PageLessons", "PageRecipe", "make_lessons", "train_page"]

Array = npt.NDArray[Any]
Rng = np.random.Generator

_UNKNOWN = 255  # target of what lies outside of a picture
_LEAST_INK = 0.2  # of a point, from which on it is ink
_SMALLEST = 0.6  # of the input's side: the longer side of a picture that does not fill it
_CLOSER = 0.3  # share of lessons that are a part of a page, as `cnn.vision.closer_look` takes it
_WIDTHS = (4.0, 12.0)  # heights of a digit in it: side of a part
_PART = 40  # pages that a process makes at a time
_SOURCES: tuple[Source, ...] = ("data", "strokes", "fonts")


@dataclass(frozen=True, kw_only=True)
class PageRecipe(LessonRecipe):
    """Hyperparameters of the page model, beside those of `LessonRecipe`.

    Parameters
    ----------
    side : int
        Of the network's input.
    each, words, anything, nothing : int
        Pages of every kind; of those with words; of the kind "anything"; and without digits.
    held_out : int
        Pages of every kind to watch the training by, of other digits, hands and fonts.
    weights : mapping of int to float
        What a point of each class counts.
    """

    side: int = 256
    each: int = 80
    words: int = 500
    anything: int = 3500
    nothing: int = 1500
    held_out: int = 4
    epochs: int = 9
    batch_size: int = 16
    weights: Mapping[int, float] = field(
        default_factory=lambda: {PAPER: 0.5, DIGIT_INK: 2.0, OTHER_INK: 2.0, NO_PAGE: 1.0}
    )


#: The recipe of the page model that ships.
PAGE = PageRecipe()


@dataclass(frozen=True, eq=False)
class PageLessons:
    """Pages to learn from.

    Attributes
    ----------
    images : ndarray of uint8, (N, 3, side, side)
        RGB.
    targets : ndarray of uint8, (N, side / 2, side / 2)
        The class of each point, or 255 where there is no picture.
    """

    images: Array
    targets: Array


def make_lessons(
    data: Dataset,
    counts: Mapping[str, int],
    *,
    side: int,
    part: Part = "training",
    seed: int = 0,
) -> PageLessons:
    """Draw pages and bring them to the network's input.

    Parameters
    ----------
    data : Dataset
        Pictures of digits, (N, 1, 28, 28), beside which strokes and fonts are used.
    counts : mapping of str to int
        How many pages of each kind of `cnn.synthesis.pages.KINDS`.
    side : int
        Of the network's input.
    part : {"training", "test"}
        Which hands and fonts.
    seed : int
        Seed; the result does not depend on the number of processes.
    """
    tasks = [
        (kind, start, min(_PART, count - start))
        for kind, count in counts.items()
        for start in range(0, count, _PART)
    ]
    draw = partial(_draw, data, side, part, seed)
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        parts = list(pool.map(draw, tasks))
    images, targets = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    return PageLessons(images, targets)


def _draw(
    data: Dataset, side: int, part: Part, seed: int, task: tuple[str, int, int]
) -> tuple[Array, Array]:
    kind, start, count = task
    rng = np.random.default_rng([seed, start, *kind.encode()])
    scenes = compose_pages(
        data,
        kinds=[kind],
        each=count,
        seed=int(rng.integers(2**31)),
        sources=_SOURCES,
        part=part,
    )
    lessons = [_lesson(scene, side, rng) for scene in scenes]
    return np.stack([image for image, _ in lessons]), np.stack([goal for _, goal in lessons])


def _lesson(scene: PageScene, side: int, rng: Rng) -> tuple[Array, Array]:
    """Return a page, or a part of it, as the network's input, and its target.

    Half of them fill the input.
    """
    part = _choose_part(scene, rng) if rng.random() < _CLOSER else np.s_[:, :]
    picture, truth = scene.picture[part], scene.truth[part]
    longest = side if rng.random() < 0.5 else 2 * round(side / 2 * rng.uniform(_SMALLEST, 1))
    small, (left, top, width, height) = letterbox(Image.fromarray(picture), longest)
    image = np.full((3, side, side), FILL, np.uint8)
    down, across = (2 * int(rng.integers(0, (side - longest) // 2 + 1)) for _ in range(2))
    image[:, down : down + longest, across : across + longest] = small
    target = np.full((side // 2, side // 2), _UNKNOWN, np.uint8)
    row, column = (top + down) // 2, (left + across) // 2
    classes = _reduce(truth, (width // 2, height // 2))
    target[row : row + height // 2, column : column + width // 2] = classes
    return image, target


def _choose_part(scene: PageScene, rng: Rng) -> tuple[slice, slice]:
    """Return rows and columns of a square of a page, in which one of its digits is."""
    height, width = scene.truth.shape
    if scene.digits:
        chosen = scene.digits[int(rng.integers(len(scene.digits)))]
        left, top, across, down = chosen.box
        side = max(down, across / 2) * np.exp(rng.uniform(*np.log(_WIDTHS)))
    else:
        left, top, across, down = 0, 0, width, height
        side = max(height, width) * rng.uniform(0.5, 1.0)
    half = side / 2
    middle = rng.uniform(left, left + across), rng.uniform(top, top + down)
    x, y = (one + rng.uniform(-0.6, 0.6) * half for one in middle)
    rows = slice(max(0, round(y - half)), min(height, max(2, round(y + half))))
    columns = slice(max(0, round(x - half)), min(width, max(2, round(x + half))))
    return rows, columns


def _reduce(truth: Array, size: tuple[int, int]) -> Array:
    """Return the classes of a page's points at another size (width, height)."""
    filter_ = Image.Resampling.BOX if size[0] < truth.shape[1] else Image.Resampling.BILINEAR
    digit, other, outside = (
        np.asarray(Image.fromarray((truth == each).view(np.uint8) * 255).resize(size, filter_), int)
        for each in (DIGIT_INK, OTHER_INK, NO_PAGE)
    )
    ground = np.where(outside > 127, NO_PAGE, PAPER)
    ink = np.where(digit >= other, DIGIT_INK, OTHER_INK)
    classes: Array = np.where(digit + other >= 255 * _LEAST_INK, ink, ground).astype(np.uint8)
    return classes


def _vary_colours(pictures: Array, rng: Rng) -> Array:
    """Change light, contrast and colours of pictures (N, 3, H, W), and invert some."""
    n = len(pictures)

    def each(low: float, high: float, channels: int = 1) -> Array:
        return rng.uniform(low, high, (n, channels, 1, 1)).astype(np.float32)

    inverted = rng.random(n) < 0.1
    pictures = np.where(inverted[:, None, None, None], 1 - pictures, pictures)
    grey = pictures.mean(axis=1, keepdims=True)
    colour = np.where(rng.random((n, 1, 1, 1)) < 0.3, 0, each(0.6, 1.2))
    pictures = grey + colour * (pictures - grey)
    varied: Array = (pictures - 0.5) * each(0.6, 1.15) * each(0.92, 1.08, 3) + 0.5
    varied += each(-0.12, 0.12)
    return np.clip(varied, 0, 1, out=varied)


def train_page(
    recipe: PageRecipe,
    data: Dataset,
    held_out: Dataset,
    *,
    seed: int = 0,
    callbacks: Sequence[Callback] = (),
    resume: str | os.PathLike[str] | None = None,
) -> tuple[Model, dict[str, float]]:
    """Train a page model.

    Parameters
    ----------
    recipe : PageRecipe
        The hyperparameters.
    data, held_out : Dataset
        Digits for the pages to learn from, and others for those to watch by.
    seed : int
        Seed of pages, initial weights, order and augmentation.
    callbacks : sequence of Callback
        Callbacks of the run.
    resume : path, optional
        A checkpoint to go on from.

    Returns
    -------
    model : Model
        Gives (N, 4, side / 2, side / 2), the probabilities of `PAGE_CLASSES`.
    overlaps : dict of str to float
        Of the points of each class in the held-out pages: intersection over union.
    """
    counts = {kind: recipe.each for kind in KINDS}
    counts |= dict.fromkeys(WITH_WORDS, recipe.words)
    counts |= {"anything": recipe.anything, NO_DIGITS: recipe.nothing}
    lessons = make_lessons(data, counts, side=recipe.side, seed=seed)
    watched = make_lessons(
        held_out,
        dict.fromkeys(KINDS, recipe.held_out),
        side=recipe.side,
        part="test",
        seed=seed + 1,
    )
    network = page_segmenter(side=recipe.side, classes=len(PAGE_CLASSES), seed=seed)
    train_on_lessons(
        network,
        CrossEntropy(
            class_weights=np.array([recipe.weights[one] for one in range(len(PAGE_CLASSES))]),
            ignore_index=_UNKNOWN,
        ),
        recipe,
        (lessons.images, lessons.targets),
        (watched.images, watched.targets),
        seed=seed,
        callbacks=callbacks,
        resume=resume,
        augment=_vary_colours,
    )
    model = Model(network, classes=PAGE_CLASSES)
    return model, _overlaps(network, watched)


def _overlaps(network: Graph, lessons: PageLessons) -> dict[str, float]:
    both = np.zeros(len(PAGE_CLASSES))
    either = np.zeros(len(PAGE_CLASSES))
    for start in range(0, len(lessons.images), 50):
        answers = network.predict(lessons.images[start : start + 50]).argmax(axis=1)
        goals = lessons.targets[start : start + 50]
        for place in range(len(PAGE_CLASSES)):
            said, true = (answers == place) & (goals != _UNKNOWN), goals == place
            both[place] += np.count_nonzero(said & true)
            either[place] += np.count_nonzero(said | true)
    return dict(zip(PAGE_CLASSES, (both / np.maximum(either, 1)).tolist(), strict=True))
