"""Figures that are no digit: drawn by a pen, each another one, the same from the same seed."""

from __future__ import annotations

import numpy as np
import pytest

import cnn
from cnn.synthesis.figures import curl, misdrawn


@pytest.mark.parametrize("draw", [curl, misdrawn])
def test_a_figure_is_dark_ink_on_light_paper_and_depends_on_its_seed(draw):
    first, second, again = (draw(np.random.default_rng(seed)) for seed in (1, 2, 1))
    assert first.mode == "L"
    ink = np.asarray(first) < 128
    assert 0.01 < ink.mean() < 0.4
    assert not ink[[0, -1]].any()
    assert np.array_equal(first, again)
    assert not np.array_equal(first, second)


@pytest.mark.parametrize("draw", [curl, misdrawn])
def test_hardly_a_figure_is_read_as_a_clear_digit(draw):
    rng = np.random.default_rng(0)
    model = cnn.load_model()
    sure = [cnn.read(model, draw(rng)).text for _ in range(60)]
    assert np.mean([text == "" for text in sure]) >= 0.6
