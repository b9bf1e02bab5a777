"""What the tests of training share: a maker of trainers."""

from __future__ import annotations

from typing import Any

import pytest

from cnn import Trainer
from cnn.models.graph import Graph
from cnn.models.sequential import Sequential
from cnn.training.optimisers import Adam
from tests.cnn.training.runs import MakeTrainer, network


@pytest.fixture(params=[Sequential, Graph])
def trainer(request: pytest.FixtureRequest) -> MakeTrainer:
    """Return a maker of trainers of a new network, a row of layers or a graph."""

    def make(**options: Any) -> Trainer:
        options = {"optimiser": Adam(0.01), "batch_size": 16, "workers": 2, **options}
        return Trainer(network(request.param), **options)

    return make
