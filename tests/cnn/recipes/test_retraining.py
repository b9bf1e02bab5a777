"""Learning from collected digits: the mixture, and what the new model has of the old one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cnn.data import Dataset
from cnn.models.model_file import load_model
from cnn.recipes.retraining import FINE_TUNING, FROM_SCRATCH, join, mix, retrain

DIGITS = tuple("0123456789")


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def noise(count: int, seed: int = 0) -> Dataset:
    chance = np.random.default_rng(seed)
    images = chance.integers(0, 256, (count, 1, 28, 28), dtype=np.uint8)
    return Dataset(images, chance.integers(0, 10, count), DIGITS)


@pytest.mark.parametrize(
    ("collected", "repeats"), [(1, 8), (20, 8), (60, 6), (100, 3), (1000, 1), (0, 0)]
)
def test_few_digits_are_repeated_up_to_their_share(collected: int, repeats: int) -> None:
    recipe = replace(FINE_TUNING, mnist=1000)
    mixture = mix(recipe, noise(collected), noise(1200, 1), rng=rng())
    assert len(mixture) == 1000 + repeats * collected


def test_from_scratch_made_and_damaged_digits_are_learned_from_as_well() -> None:
    known = noise(500, 1)
    mixture = mix(replace(FROM_SCRATCH, mnist=300), noise(0), known, rng=rng())
    of_mnist = {image.tobytes() for image in known.images}
    assert sum(image.tobytes() in of_mnist for image in mixture.images) >= 300
    made = round(300 / 55_000 * 35_000)
    assert 300 + made < len(mixture) <= 2 * (300 + made)


def test_without_mnist_only_the_collected_digits_are_learned_from() -> None:
    mixture = mix(FINE_TUNING, noise(30), None, rng=rng())
    assert len(mixture) == 30
    with pytest.raises(ValueError, match="nothing to learn from"):
        mix(FINE_TUNING, noise(0), None, rng=rng())


def test_a_model_learns_keeps_its_rejector_and_leaves_its_base_as_it_was(
    sheet: tuple[np.ndarray, np.ndarray],
) -> None:
    images, labels = sheet
    # A writer whose 3s look like other people's 8s.
    odd = Dataset(images[labels == 8][:, None], np.full(4, 3), DIGITS)
    collected = join([odd] * 5)
    base = load_model()
    before = base.network.state_dict()
    recipe = replace(FINE_TUNING, epochs=5, batch_size=5, kept=0.2, peak=0.003)
    model, history = retrain(recipe, base, collected, odd, None)
    assert (base.predict(odd.images).argmax(axis=1) == 8).all()
    assert (model.predict(odd.images).argmax(axis=1) == 3).all()
    assert model.rejector is base.rejector
    assert len(history["val_accuracy"]) == 5
    for name, array in base.network.state_dict().items():
        np.testing.assert_array_equal(array, before[name])


def test_the_more_of_the_base_is_kept_the_nearer_the_model_stays() -> None:
    base, data = load_model(), noise(20)
    recipe = replace(FINE_TUNING, epochs=1)
    distances = []
    for kept in (0.0, 0.5, 1.0):
        model, _ = retrain(replace(recipe, kept=kept), base, data, data, None)
        before, after = base.network.state_dict(), model.network.state_dict()
        distances.append(sum(float(np.abs(after[name] - before[name]).sum()) for name in before))
    assert distances[0] > distances[1] > distances[2]
