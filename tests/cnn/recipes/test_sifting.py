"""The weights by which digits are told from what stands beside them: found again, and fitted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cnn.data import Dataset
from cnn.models.model_file import load_model
from cnn.recipes.sifting import Seen, fit, look_at_pages
from cnn.synthesis.strokes import STYLES, write_mnist


def written() -> Dataset:
    images = write_mnist(60, tuple(STYLES.values()), rng=np.random.default_rng(0))
    return Dataset(images.images[:, None], images.labels, tuple("0123456789"))


def test_weights_are_those_by_which_digits_were_drawn() -> None:
    rng = np.random.default_rng(0)
    odds = 3 * rng.normal(size=(8000, 2))
    is_one = np.arange(8000) % 2 == 0
    truth = np.where(is_one, 1.0 + odds @ [0.5, 1.0], -0.5 + odds @ [0.8, 0.2])
    seen = Seen(odds, is_one, rng.random(8000) < 1 / (1 + np.exp(-truth)))
    for ones, weights in ((True, (1.0, 0.5, 1.0)), (False, (-0.5, 0.8, 0.2))):
        fitted = fit(seen, ones=ones)
        assert fitted.digits + fitted.others == 4000
        assert fitted.digits == (seen.is_digit & (is_one == ones)).sum()
        found = (fitted.constant, fitted.by_itself, fitted.in_context)
        assert found == pytest.approx(weights, abs=0.15)


def test_pages_show_digits_and_what_was_taken_for_some() -> None:
    model = load_model()
    seen = look_at_pages(model, written(), ["fraction", "letters beside"], each=3)
    assert seen.odds.shape == (len(seen.is_one), 2)
    assert seen.is_digit.sum() > 5
    assert np.isfinite(seen.odds).all()
    with pytest.raises(ValueError, match="no page network"):
        look_at_pages(replace(model, page=None), written(), ["row"], each=1)
