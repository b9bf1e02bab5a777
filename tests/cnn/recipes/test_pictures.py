"""The recipe for pictures as a whole: what it chooses, and that rare classes are learnt too."""

from __future__ import annotations

import numpy as np
import pytest

from cnn.data import Dataset
from cnn.data.augment_pictures import PictureAugment
from cnn.recipes.pictures import PictureRecipe, choose_recipe, train_pictures


def colours(counts: tuple[int, ...], seed: int = 0) -> Dataset:
    """Return noisy pictures of 16×16, so many of each of three colours."""
    rng = np.random.default_rng(seed)
    labels = np.repeat(np.arange(len(counts)), counts)
    means = np.array([[180, 90, 90], [90, 180, 90], [90, 90, 180]])[labels]
    noise = rng.normal(0, 60, (len(labels), 3, 16, 16))
    images = (means[:, :, None, None] + noise).clip(0, 255).astype(np.uint8)
    return Dataset(images, labels, ("red", "green", "blue")[: len(counts)])


@pytest.mark.parametrize(
    ("count", "classes", "expected"),
    [
        (10, 2, ("sigmoid", 300, 32)),
        (500, 2, ("sigmoid", 300, 32)),
        (1500, 2, ("sigmoid", 100, 32)),
        (2000, 2, ("sigmoid", 40, 64)),
        (8000, 3, ("softmax", 40, 64)),
        (50_000, 10, ("softmax", 20, 128)),
    ],
)
def test_the_size_of_the_data_decides(
    count: int, classes: int, expected: tuple[str, int, int]
) -> None:
    recipe = choose_recipe(count, classes)
    assert (recipe.head, recipe.epochs, recipe.batch_size) == expected


@pytest.mark.parametrize(("counts", "head"), [((200, 8), "sigmoid"), ((200, 8, 100), "softmax")])
def test_a_rare_class_is_learnt_too(counts: tuple[int, ...], head: str) -> None:
    recipe = PictureRecipe(
        architecture="textbook", head=head, epochs=4, batch_size=20, augment=PictureAugment()
    )
    train, held_out = colours(counts), colours((30,) * len(counts), seed=1)
    model, history = train_pictures(recipe, train, held_out)
    answers = model.predict(held_out.images).argmax(axis=1)
    assert np.mean(answers[held_out.labels == 1] == 1) > 0.8
    assert len(history["val_accuracy"]) == 4
    assert model.classes == train.classes
