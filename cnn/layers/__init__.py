"""The layers that a network is made of."""

from cnn.layers.activations import LeakyReLU, ReLU, Sigmoid, Softmax, Tanh
from cnn.layers.base import Layer
from cnn.layers.batchnorm import BatchNorm
from cnn.layers.conv import Conv2D
from cnn.layers.conv_transpose import ConvTranspose2D
from cnn.layers.dense import Dense, Flatten, Unflatten
from cnn.layers.dropout import Dropout
from cnn.layers.merges import Add, Concatenate, Merge
from cnn.layers.pooling import AveragePool2D, GlobalAveragePool2D, MaxPool2D, MinPool2D
from cnn.layers.reparametrise import Reparametrise
from cnn.layers.slice import Slice
from cnn.layers.upsample import Upsample2D

__all__ = [
    "LAYERS",
    "MERGES",
    "Add",
    "AveragePool2D",
    "BatchNorm",
    "Concatenate",
    "Conv2D",
    "ConvTranspose2D",
    "Dense",
    "Dropout",
    "Flatten",
    "GlobalAveragePool2D",
    "Layer",
    "LeakyReLU",
    "MaxPool2D",
    "Merge",
    "MinPool2D",
    "ReLU",
    "Reparametrise",
    "Sigmoid",
    "Slice",
    "Softmax",
    "Tanh",
    "Unflatten",
    "Upsample2D",
]

#: The layers that a model file may name.
LAYERS: dict[str, type[Layer]] = {
    kind.__name__: kind
    for kind in (
        AveragePool2D,
        BatchNorm,
        Conv2D,
        ConvTranspose2D,
        Dense,
        Dropout,
        Flatten,
        GlobalAveragePool2D,
        LeakyReLU,
        MaxPool2D,
        MinPool2D,
        ReLU,
        Reparametrise,
        Sigmoid,
        Slice,
        Softmax,
        Tanh,
        Unflatten,
        Upsample2D,
    )
}

#: The merges that a model file may name.
MERGES: dict[str, type[Merge]] = {kind.__name__: kind for kind in (Add, Concatenate)}
