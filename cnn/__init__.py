"""DigitNet's deep-learning library: convolutional networks in NumPy.

>>> import cnn
>>> model = cnn.load_model()
>>> probabilities = model.predict(x)   # x: (N, 1, 28, 28), white on black, 0..1
>>> cnn.read(model, "picture.png").text
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from cnn import data, layers
from cnn.explanation.explain import explain
from cnn.models import zoo
from cnn.models.graph import Graph
from cnn.models.model import Model
from cnn.models.model_file import load_model, save_model
from cnn.models.sequential import Sequential
from cnn.reading.reader import read

if TYPE_CHECKING:
    from cnn.training import losses, optimisers
    from cnn.training.trainer import Trainer

__all__ = [
    "Graph",
    "Model",
    "Sequential",
    "Trainer",
    "data",
    "explain",
    "layers",
    "load_model",
    "losses",
    "optimisers",
    "read",
    "save_model",
    "zoo",
]

# Whoever only predicts does not load what training needs.
_ON_DEMAND = {
    "Trainer": ("cnn.training.trainer", "Trainer"),
    "losses": ("cnn.training.losses", None),
    "optimisers": ("cnn.training.optimisers", None),
}


def __getattr__(name: str) -> Any:
    if name not in _ON_DEMAND:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _ON_DEMAND[name]
    found = importlib.import_module(module)
    return found if attribute is None else getattr(found, attribute)


def __dir__() -> list[str]:
    return sorted({*globals(), *_ON_DEMAND})
