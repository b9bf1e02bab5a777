"""DigitNet's deep-learning library: convolutional networks in NumPy.

>>> import cnn
>>> model = cnn.load_model()
>>> probabilities = model.predict(x)   # x: (N, 1, 28, 28), white on black, 0..1
"""

from cnn import zoo
from cnn.explanation import explain
from cnn.model_file import load_model, save_model
from cnn.network import Sequential
from cnn.trainer import Trainer

__all__ = ["Sequential", "Trainer", "explain", "load_model", "save_model", "zoo"]
