"""What a digit model learns from beside MNIST."""

from __future__ import annotations

import numpy as np
import pytest

from cnn.data import Dataset
from cnn.recipes.mixture import KINDS, Mixture, damage_digits, mix_digits
from cnn.synthesis.corruptions import CORRUPTIONS
from cnn.synthesis.damage import DAMAGE

Sheet = tuple[np.ndarray, np.ndarray]


@pytest.fixture(scope="module")
def digits(sheet: Sheet) -> Dataset:
    images, labels = sheet
    return Dataset(images[:, None], labels.astype(np.int64), tuple("0123456789"))


def test_a_mixture_is_mnist_first_then_made_digits_then_all_of_them_damaged(
    digits: Dataset,
) -> None:
    mixture = Mixture(strokes=0.75, fonts=0.5, damaged=1.0)
    mixed = mix_digits(mixture, digits, rng=np.random.default_rng(0))
    whole = len(digits) + 50
    np.testing.assert_array_equal(mixed.images[: len(digits)], digits.images)
    np.testing.assert_array_equal(mixed.labels[: len(digits)], digits.labels)
    assert whole < len(mixed) <= 2 * whole
    # Of the damaged ones, as many are of each class as before, but for those that nobody sees.
    before = np.bincount(mixed.labels[:whole], minlength=10)
    after = np.bincount(mixed.labels[whole:], minlength=10)
    assert (after <= before).all()
    again = mix_digits(mixture, digits, rng=np.random.default_rng(0))
    np.testing.assert_array_equal(mixed.images, again.images)


def test_nothing_is_mixed_in_where_nothing_is_wanted(digits: Dataset) -> None:
    mixed = mix_digits(
        Mixture(strokes=0, fonts=0, damaged=0.0), digits, rng=np.random.default_rng(0)
    )
    np.testing.assert_array_equal(mixed.images, digits.images)


def test_every_kind_of_damage_is_learned_from() -> None:
    assert list(KINDS) == [*CORRUPTIONS, *DAMAGE]
    assert min(KINDS.values()) > 0


def test_what_is_damaged_is_still_the_digit_that_it_was(digits: Dataset) -> None:
    damaged, places = damage_digits(digits.images, rng=np.random.default_rng(3))
    assert damaged.dtype == np.uint8
    assert damaged.shape == (len(places), 1, 28, 28)
    assert len(places) >= 0.9 * len(digits)
    assert (np.diff(places) > 0).all()
    flat = digits.images.reshape(len(digits), -1).astype(float)
    near = np.array(
        [
            np.corrcoef(np.concatenate([one.reshape(1, -1), flat]))[0, 1:].argmax()
            for one in damaged.astype(float)
        ]
    )
    assert np.mean(near == places) > 0.7
