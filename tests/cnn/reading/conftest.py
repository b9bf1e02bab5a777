from __future__ import annotations

import pytest

import cnn
from cnn.models.model import Model


@pytest.fixture(scope="package")
def model() -> Model:
    return cnn.load_model()
