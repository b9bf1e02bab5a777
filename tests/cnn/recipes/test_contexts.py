"""The recipe of the context model: a short training."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from cnn.data import Dataset
from cnn.models.model import CONTEXT_CLASSES
from cnn.models.model_file import load_model, save_model
from cnn.recipes.contexts import ContextRecipe, train_context
from cnn.synthesis.strokes import STYLES, write_mnist
from cnn.training.callbacks import Checkpoint


def test_a_short_training_gives_a_model_that_can_be_saved(tmp_path: Path) -> None:
    written = write_mnist(100, tuple(STYLES.values()), rng=np.random.default_rng(0))
    data = Dataset(written.images[:, None], written.labels, tuple("0123456789"))
    checkpoint = tmp_path / "checkpoint"
    recipe = ContextRecipe(drafts=20, held_out=5, epochs=1, batch_size=20)
    model, right = train_context(recipe, data, data, callbacks=[Checkpoint(checkpoint)])
    assert checkpoint.exists()
    assert model.classes == CONTEXT_CLASSES
    assert 0 <= right <= 1
    save_model(model, tmp_path / "context.dnm", half=True)
    answers = load_model(tmp_path / "context.dnm").predict(np.zeros((1, 2, 32, 64), np.uint8))
    assert answers.shape == (1, 11)
    np.testing.assert_allclose(answers.sum(axis=1), 1, rtol=1e-5)
