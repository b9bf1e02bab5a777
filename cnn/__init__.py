"""DigitNet's deep-learning library: convolutional networks in NumPy.

>>> import cnn
>>> model = cnn.load_model()
>>> probabilities = model.predict(x)   # x: (N, 1, 28, 28), white on black, 0..1
"""

from cnn.explanation.explain import explain
from cnn.models import zoo
from cnn.models.model_file import load_model, save_model
from cnn.models.sequential import Sequential
from cnn.training.trainer import Trainer

__all__ = ["Sequential", "Trainer", "explain", "load_model", "save_model", "zoo"]
