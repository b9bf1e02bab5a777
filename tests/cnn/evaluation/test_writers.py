"""Likeness to a writer: of copies, of the digits of others, and of the generator that ships."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pytest

from cnn.evaluation.writers import WriterDistance, WriterSamples, draw_writers, measure_likeness
from cnn.models.adversaries import dcgan
from cnn.models.generator import Generator, load_generator


@pytest.fixture(scope="module")
def distance() -> WriterDistance:
    return WriterDistance(draw_writers(20, 2, seed=1))


@pytest.fixture(scope="module")
def samples() -> WriterSamples:
    return draw_writers(21, 2, seed=2)


@dataclass
class Copier:
    """Makes the picture that was encoded, or one of somebody else's of its class."""

    moved: int

    def encode(self, pictures: Any, labels: Any) -> Any:
        return pictures.reshape(len(pictures), -1)

    def vary(self, codes: Any, count: int, *, rng: np.random.Generator) -> Any:
        return np.roll(codes.reshape(-1, 10, 784), self.moved, axis=0).reshape(count, 784)

    def make(self, codes: Any, labels: Any) -> Any:
        return codes.reshape(-1, 1, 28, 28)


@pytest.mark.parametrize(("moved", "least", "most"), [(0, 0.9, 1.0), (1, 0.3, 0.7)])
def test_copies_are_like_their_writer_and_those_of_others_are_not(
    moved: int, least: float, most: float, distance: WriterDistance, samples: WriterSamples
) -> None:
    found = measure_likeness(cast(Generator, Copier(moved)), distance, samples)
    assert least < found.own <= most
    assert found.real > 0.9
    assert found.comparisons == 21 * 10 * 20
    if not moved:
        assert found.own == found.real
        assert 0.8 < found.same_form <= 1
    # A digit of another class tells nothing about how its writer writes this one.
    assert found.turned < 0.75


def test_the_shipped_generator_keeps_a_writer(
    distance: WriterDistance, samples: WriterSamples
) -> None:
    found = measure_likeness(load_generator(), distance, samples)
    assert found.own > 0.75
    assert 0.5 < found.turned < found.own <= found.real


def test_writers_are_drawn_anew_by_each_seed() -> None:
    one, again, other = (draw_writers(3, 2, seed=seed) for seed in (1, 1, 2))
    assert one.pictures.shape == (3, 10, 2, 28, 28)
    assert one.forms.shape == (3, 10)
    assert all(form.startswith(f"{digit}-") for row in one.forms for digit, form in enumerate(row))
    assert np.array_equal(one.pictures, again.pictures)
    assert not np.array_equal(one.pictures, other.pictures)


def test_a_copy_is_at_no_distance_and_another_writer_far_off(
    distance: WriterDistance, samples: WriterSamples
) -> None:
    places = distance.place(samples.pictures)
    assert places.shape == (21, 10, 2, 40)
    again = distance.place(samples.pictures[0, 0, 0])
    np.testing.assert_allclose(again, places[0, 0, 0], rtol=1e-4, atol=1e-3)
    within = np.linalg.norm(places[:, :, 0] - places[:, :, 1], axis=-1).mean()
    between = np.linalg.norm(places[:-1, :, 0] - places[1:, :, 1], axis=-1).mean()
    assert 0 < 1.3 * within < between


def test_too_little_to_compare_is_refused(distance: WriterDistance, samples: WriterSamples) -> None:
    def some(writers: int, each: int) -> WriterSamples:
        return WriterSamples(samples.pictures[:writers, :, :each], samples.forms[:writers])

    shipped = load_generator()
    for writers, each in ((20, 2), (21, 1)):
        with pytest.raises(ValueError, match=rf"more than 20 writers.*got {writers} and {each}"):
            measure_likeness(shipped, distance, some(writers, each))
    for writers, each in ((1, 2), (2, 1)):
        with pytest.raises(ValueError, match="two writers and two pictures of each digit"):
            WriterDistance(some(writers, each))
    plain = Generator(
        dcgan().generator, classes=tuple("0123456789"), normalisation="digits", metadata={}
    )
    with pytest.raises(ValueError, match="has no encoder"):
        measure_likeness(plain, distance, samples)
