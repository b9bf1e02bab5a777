"""Writing: many digits by many writers, the same for the same seed."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

from cnn.synthesis.strokes import RANGES, STYLES, find_style, write, write_mnist


def test_digits_are_written_in_turn_by_writers_in_turn() -> None:
    found = write_mnist(45, rng=np.random.default_rng(0))
    assert found.images.shape == (45, 28, 28)
    assert found.images.dtype == np.uint8
    assert found.labels.tolist() == [number % 10 for number in range(45)]
    assert found.writers.tolist() == [number // 10 for number in range(45)]
    assert all(
        int(name[0]) == label for name, label in zip(found.allographs, found.labels, strict=True)
    )


def test_a_writer_keeps_to_their_forms() -> None:
    found = write_mnist(120, rng=np.random.default_rng(1), digits=(1, 7), each=12)
    for writer in range(10):
        own = set(found.allographs[found.writers == writer].tolist())
        assert len(own) == 2
    assert len(set(found.allographs.tolist())) > 5


def test_writers_belong_to_the_styles_in_turn() -> None:
    styles = [find_style("american"), find_style("central-european")]
    found = write_mnist(40, styles, rng=np.random.default_rng(0), digits=[7], each=1)
    assert set(found.allographs[::2].tolist()) == {"7-plain"}
    assert set(found.allographs[1::2].tolist()) == {"7-crossed", "7-drop-crossed"}


def test_the_same_seed_gives_the_same_digits_and_another_others() -> None:
    first, again, other = (write_mnist(30, rng=np.random.default_rng(seed)) for seed in (4, 4, 5))
    assert np.array_equal(first.images, again.images)
    assert first.allographs.tolist() == again.allographs.tolist()
    assert not np.array_equal(first.images, other.images)


def test_a_longer_run_begins_like_a_shorter_one() -> None:
    shorter = write_mnist(13, rng=np.random.default_rng(0))
    longer = write_mnist(25, rng=np.random.default_rng(0))
    assert np.array_equal(shorter.images, longer.images[:13])


def test_other_ranges_make_other_hands() -> None:
    def lines(ranges: str) -> list[float]:
        rng = np.random.default_rng(0)
        digits = islice(write(rng=rng, ranges=RANGES[ranges], each=1), 60)
        return [float(line.widths.max()) for digit in digits for line in digit.trace]

    assert max(lines("training")) <= RANGES["training"].pen[1]
    assert max(lines("validation")) > RANGES["training"].pen[1]


def test_what_is_impossible_is_said() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="expected at least 1 digit, got 0"):
        write_mnist(0, rng=rng)
    with pytest.raises(ValueError, match="expected at least one style, got none"):
        write([], rng=rng)
    with pytest.raises(ValueError, match=r"expected digits from 0 to 9, got \[3, 10\]"):
        write(rng=rng, digits=[3, 10])
    with pytest.raises(ValueError, match=r"expected digits from 0 to 9, got \[\]"):
        write(rng=rng, digits=[])
    with pytest.raises(ValueError, match="at least 1 digit of each writer, got 0"):
        write([STYLES["world"]], rng=rng, each=0)
